"""Days on which something shall take place, from how often it does."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from yiting.alliances.models import JointKind
from yiting.alliances.queries.problems import Slot


class Every(StrEnum):
    """How often an alliance meets."""

    NEVER = ""
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


def regular_days(first: date, last: date, every: Every) -> list[date]:
    """The days from the first to the last, both included; a month too short for the day takes its own last one."""
    if every == Every.NEVER:
        return []
    if every == Every.MONTH:
        months = range((last.year - first.year) * 12 + last.month - first.month + 1)
        days = [_in_month(first, later) for later in months]
    else:
        step = timedelta(days=7 if every == Every.WEEK else 14)
        days = [first + step * number for number in range((last - first).days // step.days + 1)]
    return [day for day in days if first <= day <= last]


def slots_for(days: Sequence[date], kinds: Sequence[JointKind]) -> list[Slot]:
    """Give the days the kinds in turn."""
    return [Slot(day, kinds[at % len(kinds)] if kinds else None) for at, day in enumerate(sorted(days))]


def _in_month(first: date, later: int) -> date:
    years, month = divmod(first.month - 1 + later, 12)
    year = first.year + years
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
