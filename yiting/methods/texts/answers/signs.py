"""The words by which a reply shows each of the five parts of an answer."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

from yiting.methods.texts.answers.reading import Reading

Part = Literal["who", "found", "done", "when", "call"]

PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""The parts of an answer, in the order in which one is written."""

_MOST_WORDS: Final = 3

_WE: Final = re.compile(
    "我们?(?:局|镇|乡|街道|办|委|中心|单位|院|校|公司|司|园|支队|大队|中队|站|所|处|厅|村|社区|部|队|馆|会|行|台|科|股)"
)
_OFFICE_END: Final = re.compile(
    "(?:管委会|居委会|村委会|指挥部|人民政府|[镇乡市县区]政府|办公室|办事处|检察院|法院|督查室|分局|支队"
    "|大队|中队|党委|派出所|供电所|卫生院|图书馆|(?:国土|工商|司法|财政|监管|车管|医保|交管|规划|管理|路灯|房管|环卫)所"
    "|(?:服务|管理|征收|保障|医保|拆迁|登记|保险|指挥|投诉)中心"
    "|(?:街道|信访|网信|拆迁|政府|棚改|督查|扶贫|城管|安监|法制)办|(?:管理|监督|督查|工作|安监|监测)站|管理处"
    "|(?:工商|公安|环保|交警|交通|教育|税务|国土|规划|城管|住建|房产|消防|公路|水利|民政|卫生|农业|管理)部门|集团|社区|街道"
    "|(?<![便布格结])局|(?<=[改建教卫发工健商])委|(?<=纪)委)(?![长部所面里内外势限])"
)
_BEFORE_END: Final = re.compile("[\u4e00-\u9fffa-z0-9]{1,14}$")
_LONGEST_NAME: Final = 14
_DISTRICT: Final = re.compile("[a-z0-9\u4e00-\u9fff]{1,4}[市县区乡镇](?=调查|核实|办理|处理|核处)")
_CITED: Final = re.compile("根据|按照|依据|依照|文件|《")
_NO_NAME: Final = re.compile("^(?:相关|有关|各|该|上级|当地|主管|职能|其他|请|向|到|由|经|和|与|及|、)+")

_FOUND: Final = re.compile(
    "经(?![济常营开理费办纪贸过])[^,]{0,24}?(?:调查|核实|核查|了解|查勘|勘查|查证|查看|检查|核对|查询|审核|查)"
    "|[据经](?:查|了解|悉|统计)|(?:不|基本)?属实|查实|发现|调查结果|原因[是为有]?|由于|因(?![此而为素])|鉴于"
    "|根据|按照|依据|依照|规定|政策|目前|现已|已于|已经|属于|不属|不存在|位于|不是|并非|尚未|暂无|没有|必须|统一|标准|现状|正在"
)
_FACT: Final = re.compile("[\u4e00-\u9fff]{2,}(?:是|为|有|由|可以?|不|已|未|无|须|需|凭|应|须)[^,]{2,}")
_PROMISE: Final = re.compile(
    "将(?![近要])|下一步|要求|责令|督促|加强|加大|进一步|继续|确保|建议|请|依法|今后|严格|批评|整改|效果|希望"
)

# Words of doing that stand in names and rules as well (维修资金, 施工现场): they count beside a word of time or will.
_DEEDS: Final = (
    "整改|整治|约谈|立案|查处|处罚|处理|罚款|拆除|取缔|关停|停工|清理|清运|清扫|清除|修复|维修|修缮|抢修|更换|安装|增加|增设|增派|增开"
    "|加强|加大|加快|完善|优化|调整|改造|批评|问责|退还|退款|发放|拨付|补发|完成|开工|施工|建设|建成|投入|上报|报送|报批|申请|解决|落实|办理"
    "|巡查|排查|关注|研究|论证|下达|下发|委托|出台|启动|列入|纳入|安排|部署|组织|召开|协调|协商|规划|编制|调查|检查|推进|硬化|开通|公示|答复|告知"
    "|接收|承诺|跟进|监控|监管|指导|批准|审批|通报|教育|整顿|暂停|开放|改进|争取"
)
_DONE: Final = re.compile(
    f"(?:已经?|现已|正在?|将|拟|会(?!议)|再|立即|迅速|尽快|逐步|逐年|计划|预计|力争|争取|确保|尽力|积极|抓紧|继续|持续|进一步|多次|及时|全面"
    f"|开始|进行(?=了)|派.{{1,8}})(?:于|对|由|把|在|与|向|以)?[^,]{{0,12}}?(?:{_DEEDS})|(?:{_DEEDS})[^,]{{0,2}}(?:了|到位|完毕|中(?=[,。]|$))"
    "|下一步|责令|督促|责成|要求(?=(?:该|其|各|企业|施工|业主|物业|学校|公司|建设|开发|责任|当事|项目|相关|医|校|园|执法|门|骧|园方|整改|立即|限期|在))"
    "|组织.{1,16}(?:开展|进行|召开|对)|加强|加大|下达|通过建设|协商|增加作业"
)
_WHY_NOT: Final = re.compile(
    "无法|不能|不予|不宜|不符合?|不具备|不属于|不在.{0,8}范围|[没无]有?.{0,6}依据|未达到|暂不|难以|超出|不支持"
    "|(?:通过|走|依法|申请|提起|向).{0,10}(?:司法|法律|诉讼|仲裁|行政复议|法院)"
)
_FINISHED: Final = re.compile(
    "已.{0,8}(?:完成|修复|到位|完毕|解决|拆除|清理|处理完|整改|更换|安装|办结|发放|退还|恢复|关停|取缔)|(?:整改|处理|清理|修复)(?:完毕|完成|到位)"
)

_MOMENT: Final = re.compile(
    "(?:20[0-9]{2})年(?:[0-9]{1,2}月(?:[0-9]{1,2}日|底|初|中旬|上旬|下旬|份)?|底|末|初|内|前|春|秋|[上下]半年|第?[一二三四1-4]季度)?"
    "|[0-9]{1,2}月(?:[0-9]{1,2}日|底|初|中旬|上旬|下旬|份)?|20[0-9]{2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}"
    "|今年|明年|年底|年内|年前|月底|本月|下月|本周|下周|[上下]半年|季度|近期|近日|当天|当日|当场|次日|春节前|开学前"
    "|[0-9一二两三几]+(?:-[0-9]+)?个?(?:工作日|天|日|周|星期|月|小时|年)(?:之?内|以内|左右)|工期"
)
_YEARS: Final = re.compile("(?<![0-9])20[0-9]{2}(?=年)")
_ANY_YEAR: Final = 9999
_SHORT_CLAUSE: Final = 12
_RULE: Final = re.compile("文件|通知|办法|方案|规定|政策|标准|参保|缴费|条例|意见|年度|修订|出生|来信|留言|反映|补贴")
_QUOTED: Final = re.compile(r"《[^》]{1,60}》?|\([^)]{1,60}\)|\[[^\]]{1,40}\]|〔[^〕]{1,12}〕|【[^】]{1,40}】")
_DEED: Final = re.compile(
    "将|拟|计划|预计|确保|争取|力争|完成|启动|开工|建设|施工|实施|安排|组织|召开|前往|赶赴|到现场|现场|调查|检查|执法|整改|整治|清理|维修"
    "|责令|要求|下达|下发|处理|办理|调整|发放|拨付|审批|报送|报批|约谈|面谈|巡查|公示|停业|开放|评审|进行|推进|投入|硬化|改造|解决|反馈|再次|协商|暂停"
)

_CALL: Final = re.compile(
    "‹phone›|(?<![0-9])0[0-9]{2,3}[-—–][0-9]{3,8}(?:-[0-9]{6,8})?(?![0-9])"
    "|(?<![0-9])[2-8][0-9]{6,7}(?![0-9万元.户人])|(?<![0-9])(?:1231[0-9]|12345|12333|12358|12369|12388|12366|12348|1000[016]|95598)(?![0-9])"
    "|联系电话|联系人|联系方式|咨询电话|监督电话|举报电话|投诉电话|服务电话|热线|致电|拨打|来电"
    "|(?:请|可|建议|欢迎).{0,16}?(?:到|向|去|前往|至|与|找|和|登录|关注).{2,30}?"
    "(?:咨询|反映|联系|办理|申请|查询|协商|投诉|举报|登记|报名|了解|核实|报案|提交|申报|求助)"
    "|[0-9一二三四五六七八九十]楼.{0,8}窗口|登录[^,]{2,20}(?:平台|网站|官网)"
)


def parts_of(reading: Reading, plain: str) -> dict[Part, tuple[str, ...]]:
    """The words that show each part, none where the reply does not say it; `plain` is the whole reply."""
    clauses = [clause for sentence in reading.said for clause in sentence]
    return {
        "who": _first(_offices(reading)),
        "found": _first(_findings(clauses)),
        "done": _first(_all(_DONE, clauses, _WHY_NOT)),
        "when": _first(_moments(reading, max(map(int, _YEARS.findall(plain)), default=0))),
        "call": _first(found.group() for found in _CALL.finditer(plain)),
    }


def is_finished(reading: Reading) -> bool:
    """Does the reply say that the thing is done?"""
    return _FINISHED.search(reading.body) is not None


def gives_reason_against(reading: Reading) -> bool:
    """Does the reply say why something is not done?"""
    return _WHY_NOT.search(reading.body) is not None


def _offices(reading: Reading) -> Iterator[str]:
    said = (clause for sentence in reading.said for clause in sentence)
    for clause in (*said, *reading.passed_on, *reading.courtesy):
        yield from (found.group() for found in _WE.finditer(clause))
        if not _CITED.search(clause):
            yield from _named_offices(clause)
    for clause in reading.passed_on:
        yield from (found.group() for found in _DISTRICT.finditer(clause))


def _named_offices(clause: str) -> Iterator[str]:
    taken = 0
    for end in _OFFICE_END.finditer(clause):
        before = _BEFORE_END.search(clause[max(taken, end.start() - _LONGEST_NAME) : end.start()])
        taken = end.end()
        name = _NO_NAME.sub("", before.group() + end.group()) if before else ""
        if len(name) > 2:
            yield name


def _findings(clauses: Iterable[str]) -> Iterator[str]:
    for clause in clauses:
        if (len(clause) >= 8 and (found := _FOUND.search(clause))) or (
            (found := _FACT.search(clause)) and not _PROMISE.search(clause)
        ):
            yield found.group()


def _moments(reading: Reading, latest: int) -> Iterator[str]:
    """Days and terms that belong to a deed; what was in an earlier year than `latest` is history."""
    for sentence in reading.said:
        bare = [_QUOTED.sub("", clause) for clause in sentence]
        year = _ANY_YEAR
        for at, clause in enumerate(bare):
            # 今年夏天, or 9月2日, before a comma: the deed comes after it.
            near = clause if len(clause) > _SHORT_CLAUSE else ",".join(bare[at:])
            telling = _DEED.search(near) and not _RULE.search(near)
            for moment in _MOMENT.findall(clause):
                year = int(moment[:4]) if moment[:4].isdigit() else year
                if telling and year >= latest:
                    yield moment


def _all(first: re.Pattern[str], clauses: Iterable[str], second: re.Pattern[str]) -> Iterator[str]:
    for clause in clauses:
        yield from (found.group() for found in first.finditer(clause))
        yield from (found.group() for found in second.finditer(clause))


def _first(words: Iterable[str]) -> tuple[str, ...]:
    """The first few different ones."""
    chosen: dict[str, None] = {}
    for word in words:
        chosen[word] = None
        if len(chosen) == _MOST_WORDS:
            break
    return tuple(chosen)
