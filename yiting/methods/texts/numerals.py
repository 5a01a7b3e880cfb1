"""Chinese numerals to digits where they are quantities: 一百二十户 is 120户, 统一 and 一起 stay words.

A run of numeral characters is a quantity when it

- is a well-formed number of two or more characters with 十 百 千 万 亿 in it (一百二十, 三十, 十五), or
- is a row of four or more digits (二〇一九, 一三八…), or of two or more before 年, or
- is one number before a measure word (三楼, 十分钟, 两个月) or after 第 or 百分之, or
- has a fraction before a measure that takes one (三点五公里; 三点五十分 is a time of day), or
- is written as on a cheque (壹佰贰拾元).

Everything else stays as it was written: 五一路, 万科, 十分, 千万别, 三一重工 are names and words, not counts.
"""

import re
from typing import Final

_DIGITS: Final = {char: value for value, chars in enumerate(("零〇", *"一二三四五六七八九")) for char in chars} | {
    "两": 2
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000}
_BIG_UNITS: Final = {"万": 10_000, "亿": 100_000_000}

_MEASURES: Final = (
    "个月|个小时|个半月|个星期|个工作日|小时|分钟|秒钟|公里|千米|平方|平米|立方|万元|"
    "年|月|日|天|周|楼|层|栋|幢|座|号|期|组|班|级|岁|元|块|角|户|人|名|次|倍|米|吨|斤|度|亩|路公交|线|单元|室|条|项"
)
_NUMERAL: Final = "零〇一二两三四五六七八九十百千万亿"
_DIGIT_ROW: Final = "零〇一二三四五六七八九"
_LONGEST_RUN: Final = 24

_CHEQUE: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FRACTIONAL: Final = "公里|千米|平方|平米|立方|米|[万亿]|元|吨|斤|倍|度|亩|个百分点|小时|岁|折|%"

# A day from dawn to dusk, a lifetime, and the like are ways of speaking, not counts.
_IDIOMS: Final = (
    "一天到晚|一年四季|一年到头|一天一天|一日三餐|一人一|一次次|一天天|一年年|三天两头|一级棒|"
    "一条龙|一层层|一户一|[几数][十百千万亿]+|[廿卅][一二三四五六七八九]?|"
    "万一|千万(?=[不别要])|十分(?=[^之钟])|十分$|十万火急|一线城市|二线城市|一线|二线|五一|六一|八一|一号店|十一(?=黄金周|假期|长假)"
)
_QUANTITY: Final = re.compile(
    f"(?=[第百几数廿卅壹贰叁肆伍陆柒捌玖拾{_NUMERAL}])(?:(?P<keep>{_IDIOMS})"
    f"|百分之(?P<percent>[{_NUMERAL}]{{1,{_LONGEST_RUN}}})(?:点(?P<of_percent>[{_DIGIT_ROW}]{{1,6}}))?"
    f"|(?P<whole>[{_NUMERAL}]{{1,{_LONGEST_RUN}}})点(?P<part>[{_DIGIT_ROW}]{{1,6}})(?={_FRACTIONAL})"
    f"|(?P<cheque>[壹贰叁肆伍陆柒捌玖][壹贰叁肆伍陆柒捌玖零拾佰仟万亿]{{1,{_LONGEST_RUN}}})(?=元|圆|块|整)"
    f"|(?P<ordinal>第)?(?P<run>[{_NUMERAL}]{{1,{_LONGEST_RUN}}})(?P<measure>(?={_MEASURES}))?)"
)


def quantities_to_digits(text: str) -> str:
    """Write the Chinese numerals of `text` that are quantities as digits, by the rule of this module."""
    return _QUANTITY.sub(_as_digits, text)


def _as_digits(found: re.Match[str]) -> str:
    whole = found.group()
    if found["keep"]:
        return whole
    if found["percent"]:
        percent = _decimal(found["percent"], found["of_percent"])
        return whole if percent is None else f"{percent}%"
    if found["whole"]:
        return _decimal(found["whole"], found["part"]) or whole
    if found["cheque"]:
        return _decimal(found["cheque"].translate(_CHEQUE), None) or whole
    run: str = found["run"]
    is_row = all(char in _DIGITS and char != "两" for char in run)
    if is_row and len(run) > 1:
        before_year = found.string.startswith("年", found.end())
        if len(run) >= 4 or before_year:
            return (found["ordinal"] or "") + "".join(str(_DIGITS[char]) for char in run)
        return whole
    counted = found["measure"] is not None or found["ordinal"] is not None
    if not counted and (len(run) < 2 or run[0] not in "一二两三四五六七八九十"):
        return whole
    number = _number(run)
    return whole if number is None else f"{found['ordinal'] or ''}{number}"


def _decimal(run: str, fraction: str | None) -> str | None:
    """Write `run` as a number, with the digits of `fraction` after a point; None when it is no number."""
    number = _number(run)
    if number is None:
        return None
    return f"{number}.{''.join(str(_DIGITS[char]) for char in fraction)}" if fraction else str(number)


def _number(run: str) -> int | None:
    """Read `run` as a number, or None when it is not one as anybody would write it."""
    total = section = 0
    digit: int | None = None
    last_unit, last_big = 10_000, 10**12
    if run[0] in "百千万亿":
        return None
    for char in run:
        if char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        elif char in _UNITS:
            unit = _UNITS[char]
            if unit >= last_unit or digit == 0:
                return None
            section += (1 if digit is None else digit) * unit
            last_unit, digit = unit, None
        else:
            big = _BIG_UNITS[char]
            section += digit or 0
            if big >= last_big or section == 0:
                return None
            total += section * big
            section, digit, last_unit, last_big = 0, None, 10_000, big
    return total + section + _last_digit(run, digit)


def _last_digit(run: str, digit: int | None) -> int:
    """What a closing digit counts: 一万五 is 15,000, 三百五 is 350, but 十五 is 15 and 一万零五 is 10,005."""
    unit = _UNITS.get(run[-2:-1]) or _BIG_UNITS.get(run[-2:-1]) or 1
    return (digit or 0) * max(1, unit // 10)
