"""Reading a moment as offices write it."""

import datetime as dt
import re
import unicodedata
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from .errors import StrOrPromise, brief, said

EARLIEST_YEAR: Final = 1990
"""No message is older; a date before it is a slip or an empty cell that a program filled in."""

_LONGEST: Final = 64
_EXCEL_DAY_ZERO: Final = dt.date(1899, 12, 30)
_LAST_EXCEL_DAY: Final = 2_958_465
_WEEKDAY: Final = re.compile(r"\(?(?:星期|礼拜|周)[一二三四五六日天]\)?")
_TIME: Final = r"""
    (?:[\sT]*(?P<half>上午|下午|中午|晚上|凌晨|早上|[ap]\.?m\.?)?\s*
    (?P<hour>\d{1,2})\s*[:时点h]\s*
    (?:(?P<minute>\d{1,2})\s*(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,]\d+)?\s*秒?)?)?)?
    \s*(?P<half_after>[ap]\.?m\.?)?)?
    \s*(?P<offset>Z|[+-]\d{2}:?\d{2})?
"""
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)\s*[日号]?" + _TIME,
    re.VERBOSE | re.I,
)
_YEAR_LAST: Final = re.compile(
    r"(?P<one>\d{1,2})\s*[-/.]\s*(?P<two>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})(?!\d)" + _TIME, re.VERBOSE | re.I
)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_COMPACT: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class NotAMoment(Exception):
    """A cell that cannot be taken as a date, with the reason for the one who sent it."""

    def __init__(self, reason: StrOrPromise) -> None:
        super().__init__()
        self.reason = reason


def moment_read(value: str, *, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The moment that a cell names, in this zone; NotAMoment when unreadable, too old or yet to come."""
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", value[: _LONGEST + 1])).strip()
    if len(text) > _LONGEST:
        raise NotAMoment(_unreadable(value))
    try:
        moment = _number_read(text, zone) if _NUMBER.fullmatch(text) else _written_read(text, zone)
        if moment.year < EARLIEST_YEAR:
            raise NotAMoment(
                said(
                    _("'%(value)s' was read as %(read)s, which is before %(year)s. Please correct the date."),
                    value=brief(value),
                    read=moment.date().isoformat(),
                    year=EARLIEST_YEAR,
                )
            )
        moment = moment.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise NotAMoment(_unreadable(value)) from error
    if moment > now:
        raise NotAMoment(
            said(
                _("'%(value)s' was read as %(read)s, which is still to come. Please correct the date."),
                value=brief(value),
                read=moment.strftime("%Y-%m-%d %H:%M"),
            )
        )
    return moment


def _unreadable(value: str) -> StrOrPromise:
    return said(
        _("'%(value)s' is not a date that can be read. Please write it like 2019-02-28 11:25."),
        value=brief(value),
    )


def _number_read(text: str, zone: ZoneInfo) -> dt.datetime:
    compact = _COMPACT.get(len(text))
    if compact is not None and text.isdigit() and text[:2] in ("18", "19", "20", "21"):
        return dt.datetime.strptime(text, compact).replace(tzinfo=zone)
    number = float(text)
    if len(text) in (10, 13) and text.isdigit():
        # Seconds, or thousandths, since 1970, as programs export them.
        return dt.datetime.fromtimestamp(number / (1 if len(text) == 10 else 1000), tz=zone)
    if number > _LAST_EXCEL_DAY or (len(text) <= 4 and text.isdigit()):
        # A bare '2019' is a year and no day.
        raise ValueError(text)
    # Spreadsheets count days by the wall clock; half a second more undoes the rounding of their fractions.
    day_zero = dt.datetime.combine(_EXCEL_DAY_ZERO, dt.time(), tzinfo=zone)
    return (day_zero + dt.timedelta(days=number, milliseconds=500)).replace(microsecond=0)


def _written_read(text: str, zone: ZoneInfo) -> dt.datetime:
    match = _YEAR_FIRST.fullmatch(text)
    if match is not None:
        return _assembled(match, int(match["month"]), int(match["day"]), zone)
    match = _YEAR_LAST.fullmatch(text)
    if match is not None:
        one, two = int(match["one"]), int(match["two"])
        if one != two and one <= 12 and two <= 12:
            raise NotAMoment(
                said(
                    _("'%(value)s' can mean two dates: day or month first? Please write it like 2019-02-28."),
                    value=brief(text),
                )
            )
        return _assembled(match, *((two, one) if one > 12 else (one, two)), zone)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _assembled(match: re.Match[str], month: int, day: int, zone: ZoneInfo) -> dt.datetime:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = (match["half"] or match["half_after"] or "").lower().replace(".", "")
    if (half in ("下午", "晚上", "pm") and 1 <= hour < 12) or (half == "中午" and 1 <= hour <= 2):
        hour += 12
    elif half in ("上午", "凌晨", "am") and hour == 12:
        hour = 0
    offset = match["offset"]
    place = zone if offset is None else dt.datetime.strptime(offset.upper(), "%z").tzinfo
    if (hour, minute, second) == (24, 0, 0):
        # The office's midnight belongs to the day that ends.
        return dt.datetime(int(match["year"]), month, day, tzinfo=place) + dt.timedelta(days=1)
    return dt.datetime(int(match["year"]), month, day, hour, minute, second, tzinfo=place)
