"""How soon somebody should look at a message, from plain words in it, with each word named.

This orders an inbox; it decides nothing. A sign does not count where it is denied (没有漏气, 防止坍塌) or the
talk is of a drill; danger that is only feared (一旦起火) makes a message one to look at soon, not at once.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from yiting.methods.texts.normalise import normalise

Level = Literal["normal", "soon", "urgent"]

_MOST_CHARACTERS: Final = 6_000
_MOST_REASONS: Final = 5
_LONG_WAIT_DAYS: Final = 30

# Danger to life, now.
_URGENT: Final = (
    "(?:燃气|煤气|天然气|管道|液化气)[^,。;!?]{0,6}(?:泄漏|泄露|漏气)|漏气|煤气味|燃气味|煤气中毒|一氧化碳中毒",
    "着火|起火(?!点)|失火|火灾(?![隐防应扑安报风危])|爆炸(?!性)|冒烟",
    "(?:坍塌|垮塌|塌方|倒塌)(?:了|事故|压|砸|伤|,|。|!|$)|正在塌|快要?塌|随时[^,。;!?]{0,6}(?:坍塌|倒塌|垮塌|塌)",
    (
        "(?:小孩|孩子|儿童|婴儿|学生|老人|老太太|老大爷|孕妇|残疾人)[^,。;!?]{0,8}"
        "(?:受伤|摔伤|烫伤|触电|溺水|骨折|昏迷|晕倒|被困|失踪|走失|坠)"
    ),
    "触电|漏电|电线[^,。;!?]{0,4}(?:掉|断|垂)|高空坠物|坠楼|溺水|有人被困|困在电梯|被困电梯|电梯[^,。;!?]{0,4}(?:坠落|困人)",
    "食物中毒|集体中毒|生命危险|危在旦夕|奄奄一息|命悬一线|救命(?![钱药恩])|轻生|自杀|不想活|砍人|持刀|家暴|虐待",
    "井盖[^,。;!?]{0,4}(?:缺失|丢失|不见|没了|被偷)|跌入井|掉进(?:井|下水道)",
)
# Daily life stands still, or harm is near.
_SOON: Final = (
    "停水|断水|没有?水(?:用|喝)|没水|停电|断电|没有?电(?:用)?(?=[,。!?]|$)|停气|断气|停暖|不供暖|没有?暖气|暖气不热|不热",
    "积水|内涝|污水(?:倒灌|横流|外溢)|倒灌|管道爆裂|爆管|水管爆",
    "电梯[^,。;!?]{0,6}(?:故障|坏了|停运|下坠|停了)|消防通道[^,。;!?]{0,6}(?:堵|占)|消防[^,。;!?]{0,4}隐患|飞线充电",
    "受伤|摔倒|摔伤|骨折|住院|昏倒|晕倒|殴打|被打|打伤|咬伤",
    "危房|墙[体面]?(?:开裂|脱落|掉落)|外墙[^,。;!?]{0,4}脱落|(?:严重|重大)[^,。;!?]{0,4}安全隐患|随时[^,。;!?]{0,6}(?:危险|掉|砸|倒)",
    "断粮|没有?饭吃|无家可归|交不起|看不起病|等钱救命|透析|化疗|重病",
    "拖欠[^,。;!?]{0,6}(?:工资|薪资)|欠薪|血汗钱",
    "急需|十万火急|紧急|刻不容缓|迫在眉睫|尽快处理|急!",
)
_DENIED: Final = re.compile(
    "(?:没有?|未|无|并非|不是|不会|避免|防止?|防范|预防|杜绝|以防|以前|曾经|禁止|抗|消除)[^,。;!?]{0,4}$"
)
# Feared, not there: worth looking at soon, not at once.
_FEARED: Final = re.compile(
    "(?:如果|万一|假如|假设|要是|一旦|若|倘若|担心|怕|容易|极易|易|可能|也许|会|引发|引起|导致|造成|潜在|存在|有)[^,。;!?]{0,6}$"
)
_AFTER: Final = re.compile(r"^[^,。;!?]{0,3}(?:演练|演习|知识|宣传|培训|讲座|预案|险|应急预案)")
_NOT_URGENT: Final = re.compile(r"不急|不着急|不紧急|不要紧|没什么急事|有空(?:再|时)|方便的?时候")
_WAITED: Final = re.compile(
    r"(?<![0-9])([0-9]{1,4})个?多?(天|日|周|星期|个?月|年)(?:多|来|时间)?(?:了|过去|没|无人|未|都没|还没|仍|不见|得不到)"
)
_DAYS: Final = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "个月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon to look, and the words that say so (as the message has them, in normalised writing)."""

    level: Level
    because: tuple[str, ...]


_URGENT_SIGN: Final = re.compile("|".join(_URGENT))
_SOON_SIGN: Final = re.compile("|".join(_SOON))


def urgency(text: str) -> Urgency:
    """Tell from the words of `text` whether somebody should look at once, soon, or in its turn."""
    plain = normalise(text[:_MOST_CHARACTERS])
    urgent, feared = _signs(_URGENT_SIGN, plain)
    if urgent:
        return Urgency("urgent", urgent[:_MOST_REASONS])
    calm = _NOT_URGENT.search(plain)
    soon, soon_feared = _signs(_SOON_SIGN, plain)
    reasons = tuple(dict.fromkeys(soon + feared + soon_feared + _long_waits(plain)))
    if reasons and not calm:
        return Urgency("soon", reasons[:_MOST_REASONS])
    return Urgency("normal", (calm.group(),) if calm else ())


def _signs(sign: re.Pattern[str], plain: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that show `sign`, those said as a fact and those as a fear; what is denied is left out."""
    facts: dict[str, None] = {}
    fears: dict[str, None] = {}
    for match in sign.finditer(plain):
        before, after = (
            plain[max(0, match.start() - 10) : match.start()],
            plain[match.end() : match.end() + 8],
        )
        if not _DENIED.search(before) and not _AFTER.search(after):
            (fears if _FEARED.search(before) else facts)[match.group().strip(",。;!? ")] = None
    return tuple(facts), tuple(fears)


def _long_waits(plain: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            found.group() for found in _WAITED.finditer(plain) if int(found[1]) * _DAYS[found[2]] >= _LONG_WAIT_DAYS
        )
    )
