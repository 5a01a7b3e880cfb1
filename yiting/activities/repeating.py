"""Repeat rules (RFC 5545): read, bounded and expanded. Pure.

A rule is kept with the number of its days and never with a last moment: a count means the same in every zone and
in every calendar.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from yiting.activities.errors import (
    RuleStartsElsewhere,
    RuleTooLong,
    RuleUnreadable,
    RuleWithoutEnd,
    ZoneUnknown,
)

MOST = 100
YEARS = 2
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST")
RULE_LIMIT = 200
WIDEST_INTERVAL = 400
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a series: as the clock on the wall shows it, and as it is stored."""

    local: datetime
    at: datetime


def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its name; raises ZoneUnknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(zone=name[:60]) from error


def read_rule(rule: str, *, starts_at: datetime, zone: str) -> tuple[str, list[Start]]:
    """Return the rule with its count, and every start; the first of them is `starts_at`.

    Raises RuleUnreadable, RuleWithoutEnd, RuleTooLong, RuleStartsElsewhere or ZoneUnknown.
    """
    parts = _parts(rule)
    where = zone_of(zone)
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise RuleWithoutEnd
    local = starts_at.astimezone(where).replace(tzinfo=None)
    if not _may_fall_on(parts, local, rule):
        raise RuleStartsElsewhere
    until = parts.pop("UNTIL", None)
    last = _last(until, rule, where) if until is not None else None
    count = _whole(parts.pop("COUNT"), rule) if "COUNT" in parts else None
    starts = _expanded(parts, rule, local=local, last=last, count=count)
    if not starts or starts[0] != local:
        raise RuleStartsElsewhere
    kept = _written(parts, len(starts))
    if len(kept) > RULE_LIMIT:
        raise RuleUnreadable(rule=rule[:RULE_LIMIT])
    return kept, [Start(one, one.replace(tzinfo=where).astimezone(UTC)) for one in starts]


def with_count(rule: str, count: int) -> str:
    """The same rule for another number of days."""
    parts = _parts(rule)
    parts.pop("UNTIL", None)
    parts.pop("COUNT", None)
    return _written(parts, count)


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    text = rule.strip().upper().removeprefix("RRULE:").strip(";")
    for part in text.split(";"):
        name, _equals, value = part.partition("=")
        if name not in PARTS or name in parts or not value:
            raise RuleUnreadable(rule=rule[:RULE_LIMIT])
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES or {"COUNT", "UNTIL"} <= parts.keys():
        raise RuleUnreadable(rule=rule[:RULE_LIMIT])
    if _whole(parts.get("INTERVAL", "1"), rule) > WIDEST_INTERVAL:
        raise RuleTooLong(limit=MOST, years=YEARS)
    return parts


def _whole(text: str, rule: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0):
        raise RuleUnreadable(rule=rule[:RULE_LIMIT])
    return int(text)


def _may_fall_on(parts: dict[str, str], local: datetime, rule: str) -> bool:
    """Whether the first day has the month, the day and the weekday of the rule; so no rule is tried for ages."""
    if "BYMONTH" in parts and local.month not in {_whole(one, rule) for one in parts["BYMONTH"].split(",")}:
        return False
    if "BYMONTHDAY" in parts:
        from_end = local.day - calendar.monthrange(local.year, local.month)[1] - 1
        said = {
            _whole(one.lstrip("+-"), rule) * (-1 if one[:1] == "-" else 1) for one in parts["BYMONTHDAY"].split(",")
        }
        if not said & {local.day, from_end}:
            return False
    if "BYDAY" in parts:
        days = [_DAY.fullmatch(one) for one in parts["BYDAY"].split(",")]
        weekly = parts["FREQ"] in ("DAILY", "WEEKLY")
        if not all(day is not None and not (weekly and day[1]) for day in days):
            raise RuleUnreadable(rule=rule[:RULE_LIMIT])
        return WEEKDAYS[local.weekday()] in {day[2] for day in days if day is not None}
    return True


def _last(text: str, rule: str, zone: ZoneInfo) -> datetime:
    """The last moment of a rule, on the wall clock: a day counts to its end, a moment is in UTC."""
    for shape in ("%Y%m%dT%H%M%SZ", "%Y%m%d"):
        try:
            read = datetime.strptime(text, shape)  # noqa: DTZ007  a day has no zone; a moment gets UTC just below
        except ValueError:
            continue
        if shape.endswith("Z"):
            return read.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return read + timedelta(days=1, microseconds=-1)
    raise RuleUnreadable(rule=rule[:RULE_LIMIT])


def _expanded(
    parts: dict[str, str], rule: str, *, local: datetime, last: datetime | None, count: int | None
) -> list[datetime]:
    end = local.replace(year=local.year + YEARS) if (local.month, local.day) != (2, 29) else local + timedelta(days=731)
    if (count or 0) > MOST:
        raise RuleTooLong(limit=MOST, years=YEARS)
    try:
        # dateutil is given the end, so that a rule which never falls on any day ends as well
        days = rrulestr(
            ";".join(f"{name}={value}" for name, value in parts.items()) + f";UNTIL={end:%Y%m%dT%H%M%S}", dtstart=local
        )
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise RuleUnreadable(rule=rule[:RULE_LIMIT]) from error
    starts: list[datetime] = []
    for day in days:
        if last is not None and day > last:
            return starts
        starts.append(day)
        if len(starts) == count:
            return starts
        if len(starts) > MOST:
            break
    if len(starts) > MOST or count is not None or (last is not None and last > end):
        raise RuleTooLong(limit=MOST, years=YEARS)
    return starts


def _written(parts: dict[str, str], count: int) -> str:
    ordered = [f"{name}={parts[name]}" for name in PARTS if name in parts]
    return ";".join([*ordered[:1], f"COUNT={count}", *ordered[1:]])
