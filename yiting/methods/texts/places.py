"""Place names found by their form (A5区, 仁和家园, 劳动东路, 3栋), and whether two sets of them clash.

Names have ranks, from the province down to the building. Two messages clash when at some rank both name
places and none of the one agrees with one of the other. A broader place never clashes with a narrower one.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final, Literal, get_args

from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.wordcounts import WORD_COUNTS
from yiting.methods.texts.words import cut, is_function_word

Rank = Literal["province", "city", "district", "town", "village", "road", "institution", "site", "building"]
Named = Mapping[Rank, frozenset[str]]

RANKS: Final[tuple[Rank, ...]] = get_args(Rank)
"""Ranks of places, the broadest first."""

# Around one estate people name the street in front or behind, the village it was or the community it is.
_AROUND_A_SITE: Final[frozenset[Rank]] = frozenset(("road", "village", "town"))
_MOST_CHARACTERS: Final = 20_000
_LONGEST_CORE: Final = {
    "district": 4,
    "city": 4,
    "province": 3,
    "town": 6,
    "village": 5,
    "road": 6,
    "institution": 8,
    "site": 8,
    "building": 4,
}
_LONGEST_COMPANY: Final = 14

# Each ending with what may not stand right before it, and right after it, for the whole to be a name.
_ENDINGS: Final[tuple[tuple[Rank, str, str, str], ...]] = (
    ("province", "省|自治区", "节外全本我各该", "城里内委政级厅会直份下市吃钱事心电得"),
    (
        "city",
        "市|盟",
        "城都超夜上股楼菜门本我全该各集花早闹县区联加大",
        "场民政委长内里容级直局值中属面价盟友",
    ),
    (
        "district",
        "区|县|旗",
        "小社地郊市校景园片辖厂库山灾学院矿老新发民业活置户宅护本我全该各政治能范税禁战湖林牧专国红街外两几个楼村夜",
        "城委政长级里道志内域间别分划块位舰下帜袍",
    ),
    ("town", "街道办事处|街道|苏木|镇|乡", "城村小全我本该各家老下返回故同个社属地", "静痛压定村亲下愁音土"),
    (
        "village",
        "社区|居委会|村委会|村|嘎查",
        "农乡全本我该各政然中同邻进小外山每个入",
        "民庄里镇官医口容务规级",
    ),
    (
        "road",
        "大道|路|街|巷",
        "道马公铁线电网出一走跑修后思半水速主辅小土泥绕拦堵断问带便套条沿顺迷门回临上逛行业吃食该本多在",
        "灯面过途程费虎公交道坊头边区舞子战况牌基障政人",
    ),
    (
        "institution",
        (
            "幼儿园|学院|大学|学校|中学|小学|附中|附小|中专|技校|卫生院|卫生室|医院|有限公司|公司|集团|银行|酒店|宾馆|超市|"
            "商场|市场|火车站|汽车站|高铁站|地铁站|车站|机场"
        ),
        "政官本该我",
        "生医管",
    ),
    (
        "site",
        (
            "小区|花园|家园|公园|庄园|工业园|产业园|科技园|广场|大厦|商厦|公馆|公寓|豪庭|华庭|名邸|官邸|府邸|山庄|别墅|水库|"
            "苑|城|府|园"
        ),
        "政学官县全省进京老旧满明个本该我",
        "市管区乡镇际建郊里内外中东西南北投轨关步铁隍墙堡规林长艺方丁地谷校改",
    ),
)
_CODED: Final = re.compile(r"(?<![a-z0-9])(?:[a-z][0-9]{1,2}(?:县市|区市|市|区|县)|[a-z]市)(?!场)")
_BUILDING: Final = re.compile(r"(?<![a-z0-9])(?:[a-z]?[0-9]{1,3}|[a-z])(?:栋|幢|号楼|号栋|座)")
# Where one of these letters stands an ending may begin; they are looked for first, since that is cheap.
_BEGIN: Final = "".join(sorted({ending[0] for _, endings, _, _ in _ENDINGS for ending in endings.split("|")}))
_MAY_END: Final = re.compile(f"[{_BEGIN}]")
_ENDING: Final = re.compile(
    f"(?=[{_BEGIN}])(?:"
    + "|".join(
        f"(?P<{rank}>(?<![{before}])(?:{endings})(?![{after}]))" for rank, endings, before, after in reversed(_ENDINGS)
    )
    + ")"
)
_CLAUSE: Final = re.compile(r"[^\s,。;:!?、()\[\]{}<>《》“”\"'‘’「」【】~…|‹›/\\]+")
_PLAIN_ENDING: Final = re.compile("(?:小区|社区|楼盘|项目|住宅区|街道办事处|街道|镇|乡|苏木)$")

_BREAKS: Final = frozenset(
    "的了在是以于到从把被给让请将我你他她们这那该本每此其对向由跟就也都又没不有要说个住离距去至往住问位处为因"
)
_BREAKING_WORDS_TEXT: Final = """
    门口 对面 对门 楼下 楼上 隔壁 周围 门前 屋后 东侧 南侧 西侧 北侧 东边 南边 西边 北边 沿线 路口 路段
    中间 靠近 邻近
    紧邻 毗邻 包括 造成 经过 前往 来到 到达 进入 走进 占用 破坏 使得 距离 来自 就读于 就读 住在 家住 居住 购买
"""
_BREAKING_WORDS: Final = frozenset(_BREAKING_WORDS_TEXT.split())
_JOINS: Final = frozenset("和与及同跟或")
_LEADING: Final = frozenset("原但而像由经并且见叫约系已至因如按任找过占走等时每次旁靠")
# After these endings any everyday word may stand (进入小区, 新建医院): a name needs a word of its own there.
_WARY_ENDINGS_TEXT: Final = """
    省 市 区 县 旗 村 社区 小区 医院 学校 公司 有限公司 集团 市场 超市 银行 酒店 宾馆 中学 小学 大学
    学院 幼儿园 公园 车站 机场 水库 城 园 府 街 大道 路 广场 村委会 居委会
"""
_WARY_ENDINGS: Final = frozenset(_WARY_ENDINGS_TEXT.split())
_EVERYDAY: Final = 30
_NAME_WORDS_TEXT: Final = """
    新城 东城 西城 幸福 阳光 和平 胜利 团结 光明 解放 人民 友谊 和谐 东风 中山 实验 外国语 师范 理工
    农业 财经 经济
    科技 艺术 体育 交通 工业 建设 劳动 新华 红旗 长江 黄河 滨河 滨江 湖滨 火车 先锋 文明 文艺 时代 国际
    商业 步行 春天 未来 世纪 花园 湖南 湖北 广东 广西 海南 河南 河北 山东 山西 江苏 江西 浙江 福建 安徽
    四川 贵州 云南 陕西 甘肃 青海 辽宁 吉林 黑龙江 北京 上海 天津 重庆 内蒙古 宁夏 新疆 西藏 深圳 广州
    长沙 武汉 南京 杭州 成都 西安 株洲 湘潭 岳阳 常德 朝阳 东城 西城 高新 中心 第一 第二 第三 湖畔 山水
    家园 绿地 恒大 万科 保利 碧桂 工商 招商 邮政 儿童 妇幼 中医 口腔 眼科
"""
_NAME_WORDS: Final = frozenset(_NAME_WORDS_TEXT.split())
_COMMON_CORES_TEXT: Final = """
    民办 公办 公立 私立 普惠 普惠性 配套 附近 周边 周围 住宅 商业 居民 居住 老旧 高档 大型 小型 安置
    安置房 拆迁 电梯 封闭 开放 新建 整个 全体 物业 物业管理 开发 开发商 房地产 置业 保险 建筑 装修 施工
    劳务 派遣 培训 国有 有限 责任 有限责任 股份 集团 国家 地方 人民 教育 职业 技术 高等 义务 农贸 人才
    孩子 小孩 学生 家长 老师 业主 住户 村民 群众 市民 乡镇 城镇 农村 城市 县级 市级 省级 区级 社区 小区
    街道 公司 学校 医院 企业 单位 中国 我国 全国 全省 全市 全县 重点 普通 中心 当地 本地 外地 附属 相关
    有关 各个 很多 许多 一些 几个 其他 其它 多个 部分 所有 主要 现代 劳动力 房产 家具 食品 装饰 运营
    电信 移动 联通 铁路 公交 汽车 出租 出租车 网约车 一个 两个 这个 那个 一家 两家 这家 我们 你们 他们
    自己 大家 目前 现在 整改 投诉 举报 反映 建议 希望 请求 咨询 关于 临街 沿街 职业技术 科技职业技术
    高等职业 主城 老城 县城 中心城 步行 美食 小吃
    十字 断头 必经之 人行 非机动车 机动车 乡村 道路 马路 无 新 老 大 小 总 分 子
    母 原 各 某 同 上 下 前 后 东 西 南 北 中
"""
_COMMON_CORES: Final = frozenset(_COMMON_CORES_TEXT.split())


def place_names(text: str, known: Set[str] = frozenset()) -> frozenset[str]:
    """Return the place names in `text`, found by their form or in `known`; in normalised writing.

    Form alone cannot tell every name: one that is a common word with a common ending (安置小区) is left out
    unless it is in `known`.
    """
    return frozenset(name for name, _ in names_with_ranks(text, known))


def names_with_ranks(text: str, known: Set[str] = frozenset()) -> frozenset[tuple[str, Rank]]:
    """Return the place names in `text`, each with its rank."""
    return names_in_plain(normalise(text[:_MOST_CHARACTERS]), known)


def names_in_plain(plain: str, known: Set[str] = frozenset()) -> frozenset[tuple[str, Rank]]:
    """Return the place names, with ranks, in a text that is normalised already."""
    plain = plain[:_MOST_CHARACTERS]
    found: set[tuple[str, Rank]] = {(name.group(), _coded_rank(name.group())) for name in _CODED.finditer(plain)}
    found |= {(name.group(), "building") for name in _BUILDING.finditer(plain)}
    for clause in _CLAUSE.finditer(_CODED.sub("|", plain)):
        for piece in clause.group().split("|"):
            found.update(_names_in_clause(piece))
    found |= {(name, rank_of(name)) for name in map(normalise, known) if len(name) > 1 and name in plain}
    return frozenset(found)


def rank_of(name: str) -> Rank:
    """Return the rank that the ending of `name` tells; a name without a telling ending is a site."""
    plain = normalise(name)
    if _CODED.fullmatch(plain):
        return _coded_rank(plain)
    if _BUILDING.fullmatch(plain):
        return "building"
    for rank, endings, _, _ in _ENDINGS[::-1]:
        if re.search(f"(?:{endings})$", plain):
            return rank
    return "site"


def places_clash(a: Set[str], b: Set[str]) -> bool:
    """Do the names `a` and `b` (of `place_names`) belong to different places?

    They do when at one rank both have names and none agrees: A5区 and A7县, 仁和家园 and 恒大华府. Names
    agree when they are equal, or one holds the other: 万科魅力之城小区 and 魅力之城.
    """
    ranked_a, ranked_b = (by_rank((name, rank_of(name)) for name in names) for names in (a, b))
    return ranks_clash(ranked_a, ranked_b)


def by_rank(names: Iterable[tuple[str, Rank]]) -> Named:
    """Sort names with ranks into bare names (魅力之城小区 is 魅力之城) of each rank that has any."""
    found: dict[Rank, set[str]] = {}
    for name, rank in names:
        found.setdefault(rank, set()).add(_bare(name))
    return {rank: frozenset(bare) for rank, bare in found.items()}


def ranks_clash(a: Named, b: Named, ranks: Sequence[Rank] = RANKS) -> bool:
    """Is there one of `ranks` at which both have names and none agrees?"""
    return any(
        not any_agree(a[rank], b[rank])
        for rank in ranks
        if rank in a and rank in b and not (rank in _AROUND_A_SITE and any_agree(*_sites(a, b)))
    )


def any_agree(a: Set[str], b: Set[str]) -> bool:
    """Does a bare name of `a` agree with one of `b`: are they the same, or does one hold the other?"""
    # Codes (a5区) agree only when they are the same; every other bare name has two characters at least.
    return not a.isdisjoint(b) or any(one in other or other in one for one in a for other in b)


def _sites(a: Named, b: Named) -> tuple[frozenset[str], frozenset[str]]:
    return a.get("site", frozenset()), b.get("site", frozenset())


def _bare(name: str) -> str:
    bare = _PLAIN_ENDING.sub("", name)
    return bare if len(bare) > 1 else name


def _coded_rank(name: str) -> Rank:
    return "city" if len(name) == 2 else "district"


@functools.lru_cache(maxsize=1 << 15)
def _names_in_clause(clause: str) -> tuple[tuple[str, Rank], ...]:
    """The names in a clause; people write the same clauses again and again."""
    return tuple(_find_names(clause)) if _MAY_END.search(clause) else ()


def _find_names(clause: str) -> Iterator[tuple[str, Rank]]:
    taken = 0
    before: tuple[str, Rank] | None = None
    for found in _ENDING.finditer(clause):
        rank: Rank = found.lastgroup  # type: ignore[assignment]  # every branch of the pattern is named by a rank
        ending = found.group()
        if before is not None and found.start() == taken and rank in ("site", "institution", "village"):
            # 魅力之城 + 小区, 劳动东路 + 小学: the ending goes on from the name before it.
            before = (before[0] + ending, rank)
        else:
            longest = _LONGEST_COMPANY if "公司" in ending else _LONGEST_CORE[rank]
            core = _core(clause[taken : found.start()], longest, wary=ending in _WARY_ENDINGS)
            if core is None:
                continue
            before = (core + ending, rank)
        taken = found.end()
        yield before


def _core(before: str, longest: int, *, wary: bool) -> str | None:
    """Return the part of `before` that names what the ending is of, or None when it is nobody's name."""
    pieces: list[str] = []
    for piece in reversed(cut(before[-longest - 4 :])):
        joined_to_name = piece in _JOINS and len(pieces) == 0 and len(before) > 1
        if (is_break(piece) and not joined_to_name) or sum(map(len, pieces)) + len(piece) > longest:
            break
        pieces.insert(0, piece)
    while pieces and (pieces[0] in _JOINS or (pieces[0] in _LEADING and len(pieces) > 1)):
        del pieces[0]
    core = "".join(pieces)
    common = all(piece in _COMMON_CORES for piece in pieces) or (wary and _is_talk(pieces))
    return None if len(core) < 2 or core.isdigit() or common else core


def _is_talk(pieces: Sequence[str]) -> bool:
    """Are `pieces` words of everyday talk (进入, 公布冻结), so that 小区 or 银行 after them is no name?"""
    if any(piece in _NAME_WORDS for piece in pieces):
        return False
    known = all(piece in WORD_COUNTS for piece in pieces)
    return WORD_COUNTS.get(pieces[-1], 0) >= _EVERYDAY or (known and len(pieces) > 1)


def is_break(piece: str) -> bool:
    """Does a name stop at this word?"""
    return piece in _BREAKS or piece in _BREAKING_WORDS or (len(piece) > 1 and is_function_word(piece))
