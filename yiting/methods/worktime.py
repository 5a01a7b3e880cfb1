"""The fair clock: deadlines and waiting times in working days that stop while somebody named is waited for.

Working time is the office hours of working days. The day on which a clock starts does not count; a
deadline of n days is the close of the n-th working day after it. A pause takes exactly the office time
that it covers, and that much is added at the end. All sums are done in the wall-clock time of the place,
so that a day is a day wherever the zone changes its offset.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from typing import Protocol

import chinese_calendar

_HOLIDAYS = frozenset(chinese_calendar.holidays)
_MAKE_UP_DAYS = frozenset(chinese_calendar.workdays)
_FIRST_YEAR = min(_HOLIDAYS).year
_LAST_YEAR = max(_HOLIDAYS).year
_SATURDAY = 5
_LONGEST_REST = 366
_FOREVER = datetime.max  # noqa: DTZ901 (wall-clock time of the place, which has no zone)


class YearUnknown(LookupError):
    """The calendar holds no data for the year of this day."""


class NoWorkingDays(ValueError):
    """The calendar gave no working day for more than a year, so that no deadline can be counted."""


class Calendar(Protocol):
    """Tells working days from days of rest."""

    def is_workday(self, day: date, /) -> bool:
        """Whether offices work on this day; raises `YearUnknown` when the calendar cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class ChineseCalendar:
    """The public holidays of China with their make-up working days, as the State Council publishes them."""

    def is_workday(self, day: date, /) -> bool:
        """Whether offices work on this day; the years without a published list raise `YearUnknown`."""
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise YearUnknown(day.year)
        return day in _MAKE_UP_DAYS or (day.weekday() < _SATURDAY and day not in _HOLIDAYS)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When an office opens and closes, on the clock of its place."""

    opens: time = time(9)
    closes: time = time(18)

    def __post_init__(self) -> None:
        """Refuse hours that hold no time."""
        if self.opens >= self.closes:
            raise ValueError("an office must open before it closes")

    @property
    def length(self) -> timedelta:
        """The working time of one day."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stands still; without an end it still stands."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse times without a zone and pauses that run backwards."""
        _require_aware(self.start)
        if self.end is not None:
            _require_aware(self.end)
            if self.end < self.start:
                raise ValueError("a pause cannot end before it starts")


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due; `at` is None while the clock stands still, with `left` working days to go.

    `assumed` says that a day without published holidays was taken as Monday to Friday.
    """

    at: datetime | None
    assumed: bool
    left: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long something has waited: counted working days, those paused, and plain calendar days."""

    working_days: Fraction
    paused_days: Fraction
    calendar_days: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of wall-clock time."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Day:
    """The office hours of one working day, and whether it was counted on without published holidays."""

    hours: _Span
    assumed: bool


OFFICE_HOURS = OfficeHours()


def due_at(
    started: datetime,
    days: int,
    calendar: Calendar,
    zone: tzinfo,
    *,
    pauses: Sequence[Pause] = (),
    hours: OfficeHours = OFFICE_HOURS,
) -> Due:
    """Say when `days` working days after `started` are over, the clock standing still in every pause.

    A pause that has no end and begins before the deadline leaves the deadline open.
    """
    if days < 1:
        raise ValueError("a deadline needs at least one working day")
    stops = _merge(pauses, zone)
    remaining = hours.length * days
    assumed = False
    working_days = _working_days_after(_wall(started, zone).date(), calendar, hours)
    while True:
        day = next(working_days)
        assumed = assumed or day.assumed
        for free in _subtract(day.hours, stops):
            if remaining <= free.end - free.start:
                at = (free.start + remaining).replace(tzinfo=zone)
                return Due(at=at.astimezone(UTC), assumed=assumed)
            remaining -= free.end - free.start
        if stops and stops[-1].end == _FOREVER and stops[-1].start <= day.hours.end:
            return Due(at=None, assumed=assumed, left=_in_days(remaining, hours))


def waited(
    started: datetime,
    until: datetime,
    calendar: Calendar,
    zone: tzinfo,
    pauses: Sequence[Pause] = (),
    *,
    hours: OfficeHours = OFFICE_HOURS,
) -> Elapsed:
    """Count the time from `started` to `until` by the rules of `due_at`; nothing when `until` is earlier."""
    stops = _merge(pauses, zone)
    first, last = _wall(started, zone), _wall(until, zone)
    counted = paused = timedelta()
    assumed = False
    day = first.date() + timedelta(days=1)
    while day <= last.date():
        works, guessed = _works(day, calendar)
        assumed = assumed or guessed
        office = _office_span(day, hours)
        if works and office.start < last:
            seen = _Span(office.start, min(office.end, last))
            free = sum((part.end - part.start for part in _subtract(seen, stops)), timedelta())
            counted += free
            paused += seen.end - seen.start - free
        day += timedelta(days=1)
    return Elapsed(
        working_days=_in_days(counted, hours),
        paused_days=_in_days(paused, hours),
        calendar_days=max(0, (last.date() - first.date()).days),
        assumed=assumed,
    )


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be counted")


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    _require_aware(moment)
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _in_days(duration: timedelta, hours: OfficeHours) -> Fraction:
    microsecond = timedelta(microseconds=1)
    return Fraction(duration // microsecond, hours.length // microsecond)


def _works(day: date, calendar: Calendar) -> tuple[bool, bool]:
    """Whether offices work on this day, and whether that is an assumption."""
    try:
        return calendar.is_workday(day), False
    except YearUnknown:
        return day.weekday() < _SATURDAY, True


def _office_span(day: date, hours: OfficeHours) -> _Span:
    return _Span(datetime.combine(day, hours.opens), datetime.combine(day, hours.closes))


def _working_days_after(day: date, calendar: Calendar, hours: OfficeHours) -> Iterator[_Day]:
    rested = 0
    assumed = False
    while rested <= _LONGEST_REST:
        day += timedelta(days=1)
        works, guessed = _works(day, calendar)
        assumed = assumed or guessed
        rested = 0 if works else rested + 1
        if works:
            yield _Day(_office_span(day, hours), assumed)
    raise NoWorkingDays("the calendar has no working day in more than a year")


def _merge(pauses: Sequence[Pause], zone: tzinfo) -> tuple[_Span, ...]:
    """The pauses on the wall clock, in order, overlapping and touching ones united."""
    spans = sorted(
        (_wall(pause.start, zone), _FOREVER if pause.end is None else _wall(pause.end, zone)) for pause in pauses
    )
    merged: list[_Span] = []
    for start, end in spans:
        if merged and start <= merged[-1].end:
            merged[-1] = _Span(merged[-1].start, max(merged[-1].end, end))
        elif start < end:
            merged.append(_Span(start, end))
    return tuple(merged)


def _subtract(span: _Span, stops: Sequence[_Span]) -> Iterator[_Span]:
    """What remains of a span outside the stops, which are in order and apart."""
    start = span.start
    for stop in stops:
        if stop.end <= start:
            continue
        if stop.start >= span.end:
            break
        if stop.start > start:
            yield _Span(start, stop.start)
        start = stop.end
    if start < span.end:
        yield _Span(start, span.end)
