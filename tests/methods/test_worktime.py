"""The fair clock: known dates, and the laws that every deadline keeps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.methods.worktime import (
    ChineseCalendar,
    NoWorkingDays,
    OfficeHours,
    Pause,
    YearUnknown,
    due_at,
    waited,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = ChineseCalendar()


@dataclass(frozen=True)
class NeverWorking:
    """A calendar in which nobody ever works."""

    def is_workday(self, day: date, /) -> bool:
        return False


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def deadline(started: str, days: int, *pauses: Pause) -> datetime:
    due = due_at(local(started), days, CHINA, SHANGHAI, pauses=pauses)
    assert due.at is not None
    return due.at


moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 (the zone is given beside it)
    max_value=datetime(2025, 10, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
day_counts = st.integers(min_value=1, max_value=40)
lengths = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


@st.composite
def pauses_near(draw: st.DrawFn, started: datetime) -> Pause:
    start = started + draw(st.timedeltas(min_value=timedelta(days=-10), max_value=timedelta(days=70)))
    return Pause(start, start + draw(lengths))


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, int, list[Pause]]:
    started = draw(moments)
    return started, draw(day_counts), draw(st.lists(pauses_near(started), max_size=4))


@pytest.mark.parametrize(
    ("started", "days", "expected"),
    [
        # National Day 2024: rest from 1 to 7 October, work on Sunday 29 September and Saturday 12 October.
        ("2024-09-30T10:00", 1, "2024-10-08T18:00"),
        ("2024-09-27T10:00", 5, "2024-10-10T18:00"),
        ("2024-09-28T08:00", 1, "2024-09-29T18:00"),
        ("2024-10-11T23:59", 1, "2024-10-12T18:00"),
        ("2024-10-03T12:00", 1, "2024-10-08T18:00"),
        # Spring Festival 2024: rest from 10 to 17 February, work on Sundays 4 and 18 February.
        ("2024-02-02T09:00", 3, "2024-02-06T18:00"),
        ("2024-02-08T09:00", 2, "2024-02-18T18:00"),
        ("2024-02-09T17:59", 2, "2024-02-19T18:00"),
    ],
)
def test_a_deadline_knows_the_holidays_and_the_make_up_days(started: str, days: int, expected: str) -> None:
    due = due_at(local(started), days, CHINA, SHANGHAI)
    assert due.at == local(expected)
    assert due.at is not None
    assert due.at.tzinfo is UTC
    assert not due.assumed


def test_the_start_day_is_the_day_of_the_place_not_of_utc() -> None:
    # Monday 23:30 in Shanghai is Monday 15:30 in UTC; Tuesday 00:30 is still Monday in UTC.
    assert deadline("2024-06-17T23:30", 1) == local("2024-06-18T18:00")
    assert deadline("2024-06-18T00:30", 1) == local("2024-06-19T18:00")


def test_office_hours_are_a_parameter() -> None:
    due = due_at(local("2024-06-17T10:00"), 2, CHINA, SHANGHAI, hours=OfficeHours(time(8, 30), time(17, 30)))
    assert due.at == local("2024-06-19T17:30")
    with pytest.raises(ValueError, match="open before"):
        OfficeHours(time(18), time(9))


def test_a_year_without_published_holidays_counts_monday_to_friday_and_says_so() -> None:
    due = due_at(local("2098-12-30T10:00"), 3, CHINA, SHANGHAI)
    assert due.assumed
    assert due.at == local("2099-01-02T18:00")  # Wednesday, Thursday, Friday
    assert waited(local("2098-12-30T10:00"), local("2099-01-02T18:00"), CHINA, SHANGHAI).assumed
    with pytest.raises(YearUnknown):
        CHINA.is_workday(date(2003, 12, 31))


def test_a_pause_carries_the_remaining_time_over_exactly() -> None:
    three_hours = Pause(local("2024-06-18T10:00"), local("2024-06-18T13:00"))
    assert deadline("2024-06-17T10:00", 2, three_hours) == local("2024-06-20T12:00")
    over_night = Pause(local("2024-06-18T17:00"), local("2024-06-19T09:30"))
    assert deadline("2024-06-17T10:00", 2, over_night) == local("2024-06-20T10:30")
    a_week = Pause(local("2024-06-17T11:00"), local("2024-06-25T11:00"))
    assert deadline("2024-06-17T10:00", 2, a_week) == local("2024-06-27T11:00")


def test_nights_weekends_and_holidays_are_no_office_time_to_pause() -> None:
    weekend = Pause(local("2024-06-21T18:00"), local("2024-06-24T09:00"))
    assert deadline("2024-06-20T10:00", 3, weekend) == deadline("2024-06-20T10:00", 3)


def test_overlapping_pauses_count_once() -> None:
    first = Pause(local("2024-06-18T10:00"), local("2024-06-18T14:00"))
    second = Pause(local("2024-06-18T12:00"), local("2024-06-18T16:00"))
    whole = Pause(local("2024-06-18T10:00"), local("2024-06-18T16:00"))
    assert deadline("2024-06-17T10:00", 2, second, first) == deadline("2024-06-17T10:00", 2, whole)


def test_an_open_pause_stops_the_clock_and_tells_what_is_left() -> None:
    due = due_at(local("2024-06-17T10:00"), 3, CHINA, SHANGHAI, pauses=[Pause(local("2024-06-19T13:30"))])
    assert due.at is None
    assert due.left == Fraction(3, 2)
    before = due_at(local("2024-06-17T10:00"), 3, CHINA, SHANGHAI, pauses=[Pause(local("2024-06-01T00:00"))])
    assert before.at is None
    assert before.left == 3


def test_an_open_pause_after_the_deadline_comes_too_late() -> None:
    passed = local("2024-06-19T18:00")
    assert deadline("2024-06-17T10:00", 2, Pause(passed)) == passed
    assert deadline("2024-06-17T10:00", 2, Pause(passed + timedelta(days=40))) == passed


def test_waiting_counts_working_paused_and_calendar_days() -> None:
    pause = Pause(local("2024-06-18T09:00"), local("2024-06-18T13:30"))
    elapsed = waited(local("2024-06-14T08:00"), local("2024-06-19T13:30"), CHINA, SHANGHAI, [pause])
    assert elapsed.working_days == Fraction(2)  # Monday, half of Tuesday, half of Wednesday
    assert elapsed.paused_days == Fraction(1, 2)
    assert elapsed.calendar_days == 5
    assert not elapsed.assumed


def test_waiting_before_the_start_is_nothing() -> None:
    elapsed = waited(local("2024-06-20T08:00"), local("2024-06-14T08:00"), CHINA, SHANGHAI)
    assert (elapsed.working_days, elapsed.paused_days, elapsed.calendar_days) == (0, 0, 0)


def test_bad_input_is_refused() -> None:
    start = local("2024-06-17T10:00")
    with pytest.raises(ValueError, match="at least one"):
        due_at(start, 0, CHINA, SHANGHAI)
    with pytest.raises(ValueError, match="zone"):
        due_at(datetime(2024, 6, 17), 1, CHINA, SHANGHAI)  # noqa: DTZ001 (the fault under test)
    with pytest.raises(ValueError, match="zone"):
        Pause(datetime(2024, 6, 17))  # noqa: DTZ001 (the fault under test)
    with pytest.raises(ValueError, match="before it starts"):
        Pause(start, start - timedelta(seconds=1))
    with pytest.raises(NoWorkingDays):
        due_at(start, 1, NeverWorking(), SHANGHAI)


@given(case=cases(), data=st.data())
def test_adding_a_pause_never_makes_the_deadline_earlier(
    case: tuple[datetime, int, list[Pause]], data: st.DataObject
) -> None:
    started, days, pauses = case
    more = data.draw(pauses_near(started))
    without = due_at(started, days, CHINA, SHANGHAI, pauses=pauses).at
    with_it = due_at(started, days, CHINA, SHANGHAI, pauses=[*pauses, more]).at
    assert without is not None
    assert with_it is not None
    assert with_it >= without


@given(case=cases(), gap=lengths, length=lengths)
def test_a_pause_outside_does_nothing(
    case: tuple[datetime, int, list[Pause]], gap: timedelta, length: timedelta
) -> None:
    started, days, pauses = case
    due = due_at(started, days, CHINA, SHANGHAI, pauses=pauses)
    assert due.at is not None
    before = Pause(started - gap - length, started - gap)
    after = Pause(due.at + gap, due.at + gap + length)
    assert due_at(started, days, CHINA, SHANGHAI, pauses=[before, *pauses, after]) == due
    assert due_at(started, days, CHINA, SHANGHAI, pauses=[*pauses, Pause(due.at + gap)]) == due


@given(case=cases(), data=st.data(), share=st.fractions(min_value=0, max_value=1))
def test_splitting_a_pause_changes_nothing(
    case: tuple[datetime, int, list[Pause]], data: st.DataObject, share: Fraction
) -> None:
    started, days, pauses = case
    whole = data.draw(pauses_near(started))
    assert whole.end is not None
    middle = whole.start + (whole.end - whole.start) * float(share)
    halves = [Pause(middle, whole.end), Pause(whole.start, middle)]
    assert due_at(started, days, CHINA, SHANGHAI, pauses=[*halves, *pauses]) == due_at(
        started, days, CHINA, SHANGHAI, pauses=[*pauses, whole]
    )


@given(case=cases())
def test_more_days_are_due_later(case: tuple[datetime, int, list[Pause]]) -> None:
    started, days, pauses = case
    sooner = due_at(started, days, CHINA, SHANGHAI, pauses=pauses).at
    later = due_at(started, days + 1, CHINA, SHANGHAI, pauses=pauses).at
    assert sooner is not None
    assert later is not None
    assert sooner < later


@given(case=cases())
def test_waiting_until_the_deadline_takes_exactly_the_days_given(
    case: tuple[datetime, int, list[Pause]],
) -> None:
    started, days, pauses = case
    at = due_at(started, days, CHINA, SHANGHAI, pauses=pauses).at
    assert at is not None
    elapsed = waited(started, at, CHINA, SHANGHAI, pauses)
    assert elapsed.working_days == days
    assert elapsed.calendar_days >= elapsed.working_days + elapsed.paused_days


@given(case=cases(), stop=st.integers(min_value=1, max_value=20))
def test_what_is_left_in_a_stopped_clock_is_what_was_not_yet_waited(
    case: tuple[datetime, int, list[Pause]], stop: int
) -> None:
    started, days, pauses = case
    stopped = started + timedelta(days=stop)
    due = due_at(started, days, CHINA, SHANGHAI, pauses=[*pauses, Pause(stopped)])
    if due.at is None:
        assert due.left + waited(started, stopped, CHINA, SHANGHAI, pauses).working_days == days
    else:
        assert due.at <= stopped
