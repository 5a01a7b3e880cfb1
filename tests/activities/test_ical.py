"""Calendars: read by `icalendar`, unfolded by `recurring_ical_events`, compared with the rows; fetched over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar, Event

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity, make_series, rows_of
from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from tests.factories.town import Town
from yiting.activities import ical
from yiting.activities.models import Activity
from yiting.activities.services import (
    activity_cancel,
    activity_change,
    feed_link_renew,
    feed_link_revoke,
    plan_of,
    series_change,
    sign_up,
)
from yiting.people.actors import RESIDENT
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
BASE = "https://yiting.example"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def in_english_at_the_time(monkeypatch):
    cache.clear()
    monkeypatch.setattr(ical, "now", lambda: AT)
    with translation.override("en"):
        yield


def written(*, whole_series: bool = True) -> bytes:
    return ical.calendar_of(
        ical.with_all(Activity.objects.all()), name="天骄社区", base=BASE, whole_series=whole_series
    )


def events(data: bytes) -> list[Any]:
    return Calendar.from_ical(data).walk("VEVENT")


def unfolded(data: bytes, zone: str = "Asia/Shanghai") -> list[tuple[Any, Any, str, str]]:
    """What a calendar shows: start, end, title, status of each day."""
    found = recurring_ical_events.of(Calendar.from_ical(data)).between(date(2024, 1, 1), date(2029, 1, 1))
    shown = [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"]), str(e["STATUS"])) for e in found]
    return sorted(shown, key=lambda one: str(one[0]))


def rows_shown() -> list[tuple[Any, Any, str, str]]:
    """The same out of the table."""
    shown = []
    for row in Activity.objects.select_related("place"):
        zone = ZoneInfo(row.place.zone)
        start, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        status = "CANCELLED" if row.state == "cancelled" else "CONFIRMED"
        whole = row.whole_days
        shown.append((start.date() if whole else start, end.date() if whole else end, row.title, status))
    return sorted(shown, key=lambda one: str(one[0]))


def test_one_activity_says_all_that_a_calendar_can_hold(town: Town) -> None:
    Place.objects.filter(pk=town.estate.pk).update(latitude="39.817300", longitude="110.001200")
    activity = make_activity(
        town.estate,
        lead=town.ours,
        co_hosts=[town.office],
        title="普法；宣传，进小区",
        about="带上问题\n来问",
        where="议事亭",
    )
    data = written()
    (event,) = events(data)
    assert str(event["UID"]) == f"{activity.uid}@activities.yiting"
    assert event["DTSTART"].dt == activity.starts_at
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == AT
    assert (str(event["LOCATION"]), event["GEO"].to_ical()) == ("仁和家园 议事亭", "39.8173;110.0012")
    assert str(event["DESCRIPTION"]) == "带上问题\n来问\nHeld by 天骄社区居委会、天骄街道办事处"
    assert str(event["URL"]) == f"{BASE}/activities/{activity.code}/"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    calendar = Calendar.from_ical(data)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert str(calendar["X-PUBLISHED-TTL"]) == "PT1H"
    assert calendar.errors == []


def test_lines_end_and_fold_as_they_must() -> None:
    make_activity(title="很长的题目" * 20, about="说明" * 300)
    data = written()
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert str(events(data)[0]["SUMMARY"]) == "很长的题目" * 20


def test_the_same_activities_give_the_same_bytes() -> None:
    make_series()
    make_activity()
    assert written() == written()


def test_a_series_is_one_master_and_unfolds_to_its_rows() -> None:
    series, rows = make_series(rule="FREQ=WEEKLY;BYDAY=TH,SA;COUNT=6")
    data = written()
    (master,) = events(data)
    assert str(master["UID"]) == f"{series.uid}@series.yiting"
    assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=6;BYDAY=TH,SA"
    assert unfolded(data) == rows_shown()
    assert len(rows) == 6


def test_one_moved_across_midnight_one_renamed_and_one_cancelled() -> None:
    series, rows = make_series(rule="FREQ=WEEKLY;COUNT=5")
    late = rows[1].starts_at + timedelta(hours=15)  # 06:00 of the next day in Shanghai
    across = rows[1].starts_at + timedelta(hours=7, minutes=30)  # 22:30, until 01:00
    activity_change(by=EVERYWHERE, activity=rows[0], plan=replace(plan_of(rows[0]), title="第一次"), at=AT)
    activity_change(
        by=EVERYWHERE, activity=rows[1], plan=replace(plan_of(rows[1]), starts_at=across, ends_at=late), at=AT
    )
    activity_cancel(by=EVERYWHERE, activity=rows[2], reason="台风", at=AT + timedelta(hours=1))
    data = written()
    assert unfolded(data) == rows_shown()
    by_day = {e["RECURRENCE-ID"].dt: e for e in events(data) if "RECURRENCE-ID" in e}
    assert rows[2].series_start_at in by_day
    gone = by_day[rows[2].series_start_at]
    assert (str(gone["STATUS"]), gone["SEQUENCE"]) == ("CANCELLED", 1)
    assert gone["LAST-MODIFIED"].dt == AT + timedelta(hours=1)
    assert "台风" in str(gone["DESCRIPTION"])
    assert {str(e["UID"]) for e in events(data)} == {f"{series.uid}@series.yiting"}
    (master,) = [e for e in events(data) if "RRULE" in e]
    assert (master["SEQUENCE"], str(master["STATUS"])) == (1, "CONFIRMED")


def test_the_clocks_change_in_another_zone() -> None:
    place = make_estate()
    place.zone = "Europe/Berlin"
    place.save()
    first = datetime(2027, 3, 14, 1, 30, tzinfo=BERLIN)
    _series, rows = make_series(place, starts_at=first, rule="FREQ=WEEKLY;COUNT=5")
    # moved from before the change of clocks on 28 March to after it
    moved = datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)
    plan = replace(plan_of(rows[1]), starts_at=moved, ends_at=moved + timedelta(hours=1))
    activity_change(by=EVERYWHERE, activity=rows[1], plan=plan, at=AT)
    data = written()
    assert unfolded(data) == rows_shown()
    assert [one[0].utcoffset() for one in unfolded(data)] == [timedelta(hours=1)] * 2 + [timedelta(hours=2)] * 3
    (zone,) = Calendar.from_ical(data).walk("VTIMEZONE")
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_an_hour_that_the_clocks_leave_out_still_finds_its_row() -> None:
    place = make_estate()
    place.zone = "Europe/Berlin"
    place.save()
    first = datetime(2027, 3, 21, 2, 30, tzinfo=BERLIN)
    _series, rows = make_series(place, starts_at=first, rule="FREQ=WEEKLY;COUNT=3")
    activity_cancel(by=EVERYWHERE, activity=rows[1], reason="少一个小时", at=AT)
    shown = unfolded(written())
    assert [one[3] for one in shown] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]


def test_whole_days_are_dates_also_in_a_series() -> None:
    day = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
    make_activity(starts_at=day, ends_at=day + timedelta(days=9), whole_days=True, when="五月中旬")
    _series, rows = make_series(
        starts_at=day, ends_at=day + timedelta(hours=1), whole_days=True, rule="FREQ=MONTHLY;COUNT=3"
    )
    activity_cancel(by=EVERYWHERE, activity=rows[1], reason="改期", at=AT)
    data = written()
    assert unfolded(data) == rows_shown()
    assert {type(one[0]) for one in unfolded(data)} == {date}
    assert "五月中旬" in str(next(e for e in events(data) if "RRULE" not in e)["DESCRIPTION"])


def test_days_that_are_not_in_the_list_are_left_out_of_the_rule() -> None:
    _series, rows = make_series()
    Activity.objects.filter(pk=rows[1].pk).delete()
    data = written()
    assert unfolded(data) == rows_shown()
    assert len(unfolded(data)) == 3
    assert [e["EXDATE"].dts[0].dt for e in events(data)] == [rows[1].series_start_at]


def test_a_series_that_parted_shows_both_parts() -> None:
    series, rows = make_series()
    start = rows[2].starts_at + timedelta(hours=2)
    later = series_change(
        by=EVERYWHERE,
        activity=rows[2],
        plan=replace(plan_of(rows[2]), starts_at=start, ends_at=start + timedelta(hours=1)),
        at=AT,
    )
    data = written()
    assert unfolded(data) == rows_shown()
    assert {str(e["UID"]) for e in events(data)} == {f"{one.uid}@series.yiting" for one in (series, later)}
    # all of them cancelled: still there, and shown as such
    for row in rows_of(later):
        activity_cancel(by=EVERYWHERE, activity=row, reason="停", at=AT)
    assert unfolded(written()) == rows_shown()


def test_alone_each_day_stands_for_itself() -> None:
    _series, rows = make_series()
    data = written(whole_series=False)
    assert unfolded(data) == rows_shown()
    assert {str(e["UID"]) for e in events(data)} == {f"{row.uid}@activities.yiting" for row in rows}


def test_what_another_module_adds_is_in_it_and_in_the_tag(town: Town) -> None:
    make_activity(town.estate, lead=town.ours)
    turn = Event()
    turn.add("uid", "turn-1@alliances.yiting")
    turn.add("dtstart", date(2026, 9, 1))
    request = RequestFactory().get("/calendar.ics")
    request.session = {}
    plain, more = (
        ical.feed_answer(request, Activity.objects.all(), name="联盟", file_name="a.ics", also=also)
        for also in ((), (turn,))
    )
    assert [len(events(one.content)) for one in (plain, more)] == [1, 2]
    assert plain["ETag"] != more["ETag"]
    assert "Last-Modified" not in more


def test_nothing_is_a_calendar_too() -> None:
    assert events(ical.calendar_of([], name="空", base=BASE)) == []


def fetch(address: str, **headers: str):
    return Client(headers={"accept-language": "en", **headers}).get(address)


def test_feeds_of_a_place_an_organisation_and_a_kind(town: Town) -> None:
    make_activity(town.estate, lead=town.ours, title="里头的")
    make_activity(town.there, lead=town.theirs, co_hosts=[town.ours], title="外头的", kind="legal")
    make_activity(town.estate, lead=town.ours, title="不列出", listed=False)
    for name, args, titles in (
        ("feed_place", [town.here.pk], {"里头的"}),
        ("feed_place", [town.street.pk], {"里头的", "外头的"}),
        ("feed_host", [town.ours.pk], {"里头的", "外头的"}),
        ("feed_host", [town.office.pk], set()),
        ("feed_kind", ["legal"], {"外头的"}),
    ):
        answer = fetch(reverse(f"activities:{name}", args=args))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert {str(e["SUMMARY"]) for e in events(answer.content)} == titles
    for name, args in (("feed_place", [10**9]), ("feed_host", [10**9]), ("feed_kind", ["none"]), ("ics", ["XXXXXXXX"])):
        assert fetch(reverse(f"activities:{name}", args=args)).status_code == 404


def test_a_calendar_that_has_it_is_told_so_with_few_queries(town: Town) -> None:
    for _n in range(3):
        make_activity(town.estate, lead=town.ours)
    address = reverse("activities:feed_place", args=[town.here.pk])
    first = fetch(address)
    assert (first["Cache-Control"], first["Last-Modified"]) == (
        "private, max-age=900",
        "Wed, 01 Jul 2026 08:00:00 GMT",
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = fetch(address, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert len(asked) <= 2
    assert fetch(address, **{"if-modified-since": first["Last-Modified"]}).status_code == 304
    activity = Activity.objects.earliest("pk")
    activity_cancel(by=EVERYWHERE, activity=activity, reason="雨", at=AT + timedelta(minutes=1))
    changed = fetch(address, **{"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert sorted(str(e["STATUS"]) for e in events(changed.content)) == ["CANCELLED", "CONFIRMED", "CONFIRMED"]


def test_a_feed_takes_as_many_queries_for_30_as_for_3(town: Town) -> None:
    address = reverse("activities:feed_place", args=[town.here.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert fetch(address).status_code == 200
        return len(asked)

    for _n in range(3):
        make_activity(town.estate, lead=town.ours)
    few = queries()
    for _n in range(24):
        make_activity(town.estate, lead=town.theirs)
    make_series(town.estate, rule="FREQ=DAILY;COUNT=3")
    assert queries() == few


def test_a_calendar_that_asks_beyond_reason_waits(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(ical, "MOST_FETCHES", 3)
    address = reverse("activities:feed_place", args=[town.here.pk])
    answers = [fetch(address) for _n in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "600"
    assert fetch(reverse("activities:feed_host", args=[town.ours.pk])).status_code == 200


def test_what_is_long_over_leaves_the_feed_unless_its_series_goes_on(town: Town, monkeypatch) -> None:
    make_activity(town.estate, lead=town.ours, starts_at=STARTS - timedelta(days=800), title="早就过了")
    make_series(town.estate, lead=town.ours, starts_at=STARTS - timedelta(days=500), rule="FREQ=MONTHLY;COUNT=20")
    answer = fetch(reverse("activities:feed_place", args=[town.here.pk]))
    assert len(unfolded(answer.content)) == 20
    assert {one[2] for one in unfolded(answer.content)} == {"反诈宣讲"}


def test_a_person_has_a_secret_calendar(town: Town) -> None:
    person = PersonFactory()
    _series, rows = make_series(town.estate, lead=town.ours, sign_up_for="persons")
    make_activity(town.estate, lead=town.ours)
    sign_up(by=RESIDENT, activity=rows[2], person=person, at=AT)
    token = feed_link_renew(by=RESIDENT, person=person, at=AT)
    address = reverse("activities:feed_person", args=[token])
    answer = fetch(address)
    (event,) = events(answer.content)
    assert (event["DTSTART"].dt, answer["Referrer-Policy"]) == (rows[2].starts_at, "no-referrer")
    feed_link_revoke(by=RESIDENT, person=person)
    assert fetch(address).status_code == 404
    assert fetch(reverse("activities:feed_person", args=["x" * 3_000])).status_code == 404


def test_one_activity_is_added_to_a_calendar(town: Town) -> None:
    activity = make_activity(town.estate, lead=town.ours)
    answer = fetch(reverse("activities:ics", args=[activity.code]))
    assert len(events(answer.content)) == 1
    assert f"activity-{activity.code}.ics" in answer["Content-Disposition"]
