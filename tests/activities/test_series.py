"""Repeat rules and series: what is read and refused, one changed alone, this and the following, clocks that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity, make_plan, make_series, rows_of
from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from tests.factories.town import Town
from yiting.activities.errors import (
    ActivitiesRefused,
    NotAllowed,
    RuleStartsElsewhere,
    RuleTooLong,
    RuleUnreadable,
    RuleWithoutEnd,
    SeriesMissing,
    ZoneUnknown,
)
from yiting.activities.models import Activity, Series
from yiting.activities.repeating import read_rule, with_count
from yiting.activities.services import (
    activity_cancel,
    activity_change,
    activity_report,
    plan_of,
    series_cancel,
    series_change,
    series_plan,
    sign_up,
)
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.usefixtures("english")

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


@pytest.mark.parametrize(
    ("rule", "kept", "number"),
    [
        ("FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=3", 3),
        ("rrule:freq=daily;until=20260711", "FREQ=DAILY;COUNT=3", 3),
        ("FREQ=DAILY;UNTIL=20260711T070000Z", "FREQ=DAILY;COUNT=3", 3),
        ("FREQ=DAILY;UNTIL=20260711T065959Z", "FREQ=DAILY;COUNT=2", 2),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SA;COUNT=5", "FREQ=WEEKLY;COUNT=5;INTERVAL=2;BYDAY=TH,SA", 5),
        ("FREQ=MONTHLY;BYDAY=2TH;UNTIL=20261231", "FREQ=MONTHLY;COUNT=6;BYDAY=2TH", 6),
        ("FREQ=MONTHLY;BYMONTHDAY=-23;COUNT=2", "FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-23", 2),
        ("FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=9;COUNT=2", "FREQ=YEARLY;COUNT=2;BYMONTHDAY=9;BYMONTH=7", 2),
        ("FREQ=DAILY;COUNT=100", "FREQ=DAILY;COUNT=100", 100),
    ],
)
def test_a_rule_is_kept_with_its_count(rule: str, kept: str, number: int) -> None:
    text, starts = read_rule(rule, starts_at=STARTS, zone=SHANGHAI)
    assert (text, len(starts), starts[0].at) == (kept, number, STARTS)
    # what was kept reads as the same
    assert read_rule(text, starts_at=STARTS, zone=SHANGHAI) == (text, starts)
    assert len(read_rule(with_count(rule, 1), starts_at=STARTS, zone=SHANGHAI)[1]) == 1


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        ("", RuleUnreadable),
        ("每周三", RuleUnreadable),
        ("FREQ=SECONDLY;COUNT=2", RuleUnreadable),
        ("FREQ=HOURLY;COUNT=2", RuleUnreadable),
        ("FREQ=WEEKLY;COUNT=0", RuleUnreadable),
        ("FREQ=WEEKLY;COUNT=-1", RuleUnreadable),
        ("FREQ=WEEKLY;COUNT=2;COUNT=3", RuleUnreadable),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20260801", RuleUnreadable),
        ("FREQ=WEEKLY;UNTIL=20261301", RuleUnreadable),
        ("FREQ=WEEKLY;UNTIL=tomorrow", RuleUnreadable),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=2", RuleUnreadable),
        ("FREQ=WEEKLY;BYDAY=2TH;COUNT=2", RuleUnreadable),
        ("FREQ=WEEKLY;BYHOUR=3;COUNT=2", RuleUnreadable),
        ("FREQ=WEEKLY;WKST=XX;COUNT=2", RuleUnreadable),
        ("FREQ=MONTHLY;BYMONTHDAY=x;COUNT=2", RuleUnreadable),
        ("FREQ=MONTHLY;BYMONTH=9999;BYMONTHDAY=9;COUNT=2", RuleStartsElsewhere),
        ("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=" + ",".join(["9"] * 100), RuleUnreadable),
        ("FREQ=WEEKLY", RuleWithoutEnd),
        ("FREQ=DAILY;COUNT=101", RuleTooLong),
        ("FREQ=DAILY;UNTIL=20270709", RuleTooLong),
        ("FREQ=WEEKLY;UNTIL=20300709", RuleTooLong),
        ("FREQ=YEARLY;COUNT=4", RuleTooLong),
        ("FREQ=WEEKLY;INTERVAL=401;COUNT=2", RuleTooLong),
        ("FREQ=WEEKLY;BYDAY=FR;COUNT=2", RuleStartsElsewhere),
        ("FREQ=MONTHLY;BYMONTHDAY=10;COUNT=2", RuleStartsElsewhere),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=2", RuleStartsElsewhere),
        ("FREQ=WEEKLY;UNTIL=20260101", RuleStartsElsewhere),
    ],
)
def test_an_odd_rule_is_refused(rule: str, refusal: type[ActivitiesRefused]) -> None:
    with pytest.raises(refusal) as refused:
        read_rule(rule, starts_at=STARTS, zone=SHANGHAI)
    assert str(refused.value)


def test_an_unknown_zone_is_refused_and_a_leap_day_has_a_second_year() -> None:
    for zone in ("Asia/Nowhere", "../etc/passwd", ""):
        with pytest.raises(ZoneUnknown):
            read_rule("FREQ=DAILY;COUNT=2", starts_at=STARTS, zone=zone)
    leap = datetime(2028, 2, 29, 2, tzinfo=UTC)
    assert len(read_rule("FREQ=MONTHLY;COUNT=20", starts_at=leap, zone=SHANGHAI)[1]) == 20


@pytest.mark.django_db
def test_a_series_keeps_its_hours_on_the_wall_when_the_clocks_change() -> None:
    place = make_estate()
    place.zone = BERLIN
    place.save()
    first = datetime(2026, 10, 18, 19, 0, tzinfo=ZoneInfo(BERLIN))
    series, rows = make_series(place, starts_at=first, rule="FREQ=WEEKLY;COUNT=2", sign_up_until=first)
    assert [row.starts_at.astimezone(ZoneInfo(BERLIN)).hour for row in rows] == [19, 19]
    assert [row.starts_at.hour for row in rows] == [17, 18]
    assert [row.sign_up_until for row in rows] == [row.starts_at for row in rows]
    assert (series.zone, series.rule) == (BERLIN, "FREQ=WEEKLY;COUNT=2")


@pytest.mark.django_db
def test_one_is_changed_or_cancelled_alone(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours)
    later = STARTS + timedelta(days=8, hours=12)  # into the next day
    activity_change(
        by=town.actor("worker", town.ours),
        activity=rows[1],
        plan=replace(plan_of(rows[1]), starts_at=later, ends_at=later + timedelta(hours=1)),
        at=AT,
    )
    activity_cancel(by=EVERYWHERE, activity=rows[2], reason="雨", at=AT)
    moved, gone = rows_of(series)[1:3]
    assert (moved.starts_at, moved.series_start_at) == (later, STARTS + timedelta(days=7))
    assert (gone.state, [row.sequence for row in rows_of(series)]) == ("cancelled", [0, 1, 1, 0])


@pytest.mark.django_db
def test_this_and_the_following_become_a_series_of_their_own(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours, sign_up_for="persons")
    sign_up(by=RESIDENT, activity=rows[3], person=PersonFactory(phone="13800000001"), at=AT)
    activity_cancel(by=EVERYWHERE, activity=rows[3], reason="雨", at=AT)
    Notice.objects.all().delete()
    start = rows[2].starts_at + timedelta(days=1, hours=2)
    plan = replace(plan_of(rows[2]), starts_at=start, ends_at=start + timedelta(hours=1), title="新名字")
    later = series_change(by=town.actor("worker", town.ours), activity=rows[2], plan=plan, seen=0, at=AT)
    series.refresh_from_db()
    assert (series.rule, later.rule, later.pk == series.pk) == ("FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;COUNT=2", False)
    assert [row.pk for row in rows_of(later)] == [rows[2].pk, rows[3].pk]
    assert [row.starts_at for row in rows_of(later)] == [start, start + timedelta(days=7)]
    assert [row.series_start_at for row in rows_of(later)] == [start, start + timedelta(days=7)]
    assert [(row.title, row.state) for row in rows_of(later)] == [("新名字", "planned"), ("新名字", "cancelled")]
    assert [row.title for row in rows_of(series)] == ["反诈宣讲"] * 2
    # those of a cancelled one are not told once more
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_from_the_first_on_it_is_the_same_series(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours)
    start = rows[0].starts_at + timedelta(days=7)
    plan = replace(plan_of(rows[0]), starts_at=start, ends_at=start + timedelta(hours=1))
    again = series_change(by=EVERYWHERE, activity=rows[0], plan=plan, at=AT)
    assert (again.pk, again.starts_at, Series.objects.count()) == (series.pk, start, 1)
    assert [row.starts_at for row in rows_of(again)] == [start + timedelta(days=7 * n) for n in range(4)]


@pytest.mark.django_db
def test_a_rule_with_weekdays_is_not_moved_to_another(town: Town) -> None:
    _series, rows = make_series(town.estate, lead=town.ours, rule="FREQ=WEEKLY;BYDAY=TH;COUNT=3")
    start = rows[1].starts_at + timedelta(days=1)
    plan = replace(plan_of(rows[1]), starts_at=start, ends_at=start + timedelta(hours=1))
    with pytest.raises(RuleStartsElsewhere):
        series_change(by=EVERYWHERE, activity=rows[1], plan=plan, at=AT)
    assert [row.sequence for row in Activity.objects.all()] == [0, 0, 0]


@pytest.mark.django_db
def test_cancelling_the_following_leaves_what_was_held(town: Town) -> None:
    series, rows = make_series(town.estate, lead=town.ours)
    activity_report(by=EVERYWHERE, activity=rows[0], report="好", at=STARTS + timedelta(hours=3))
    series_cancel(by=town.actor("worker", town.ours), activity=rows[0], reason="经费用完", at=AT)
    assert [row.state for row in rows_of(series)] == ["held", "cancelled", "cancelled", "cancelled"]


@pytest.mark.django_db
def test_who_may_and_what_is_no_series(town: Town) -> None:
    _series, rows = make_series(town.estate, lead=town.ours)
    other = town.actor("worker", town.theirs)
    with pytest.raises(NotAllowed):
        series_plan(by=other, plan=make_plan(town.estate, lead=town.ours), rule="FREQ=DAILY;COUNT=2", at=AT)
    with pytest.raises(NotAllowed):
        series_change(by=other, activity=rows[1], plan=plan_of(rows[1]), at=AT)
    with pytest.raises(NotAllowed):
        series_cancel(by=other, activity=rows[1], reason="不办", at=AT)
    alone = make_activity(town.estate)
    with pytest.raises(SeriesMissing):
        series_change(by=EVERYWHERE, activity=alone, plan=plan_of(alone), at=AT)
    with pytest.raises(SeriesMissing):
        series_cancel(by=EVERYWHERE, activity=alone, reason="不办", at=AT)
