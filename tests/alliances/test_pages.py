"""The pages of alliances: what they say, who gets them, that they ask a fixed number of questions, and bad input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import recurring_ical_events
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from tests.factories.alliances import (
    AT,
    EVERYWHERE,
    browser,
    make_alliance,
    make_kinds,
    make_plan,
    make_unit,
    month_slots,
    text_of,
    turns_of,
)
from yiting.activities.models import Activity
from yiting.activities.services import activity_cancel, sign_up
from yiting.alliances.errors import JointAlready
from yiting.alliances.models import Alliance, Turn
from yiting.alliances.queries.alliances import get_alliance, get_alliance_page, list_alliances
from yiting.alliances.queries.turns import get_turns_page
from yiting.alliances.services import (
    Slot,
    absence_add,
    joint_activity_add,
    member_join,
    member_leave,
    reported_add,
    turn_hold,
    turn_make_activity,
    turn_skip,
    turn_step_in,
)
from yiting.places import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def it_is_january(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks the one clock."""
    monkeypatch.setattr(clock, "in_step", lambda _at: AT)


def announced(turn: Turn, title: str = "政治理论联学会", *, hour: int = 1) -> Activity:
    """What is announced for a turn, at nine in the morning of its day."""
    start = datetime(turn.day.year, turn.day.month, turn.day.day, hour, 0, tzinfo=UTC)
    return turn_make_activity(
        by=EVERYWHERE,
        turn=turn,
        title=title,
        place=turn.alliance.place,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        joint_kind=turn.alliance.joint_kinds.first() or make_kinds(turn.alliance)[0],
        at=AT,
    )


def test_all_alliances_with_their_figures_as_reported() -> None:
    lead = make_unit("高新技术产业园管理办公室")
    alliance = make_alliance(1, places=6, slug="zhi-suan", lead=lead, field="大数据、5G")
    reported_add(by=EVERYWHERE, alliance=alliance, what="党员", amount=129, source="党群版", said_when="2024", at=AT)
    said = text_of(reverse("alliances:board"))
    for words in (
        "智算未来",
        "大数据、5G",
        "led by 高新技术产业园管理办公室",
        "1 member by name",
        "6 places to be filled",
    ):
        assert words in said
    assert "党员 129 (党群版)" in said
    assert 'href="/alliances/zhi-suan/"' in said


def test_without_alliances_the_page_says_so() -> None:
    assert "No alliance yet" in text_of(reverse("alliances:board"))


def test_the_page_of_an_alliance_says_what_is_not_said_and_whose_turn_it_is() -> None:
    alliance = make_alliance(2, places=1, slug="zhi-suan")
    kinds = make_kinds(alliance)
    make_plan(alliance, month_slots(kinds=kinds))
    said = text_of("/alliances/zhi-suan/")
    first, second = turns_of(alliance)[:2]
    assert "lead unit: not said" in said
    assert "to be filled" in said
    assert all(kind.name in said for kind in kinds)
    page = get_alliance_page(get_alliance("zhi-suan"), at=AT)
    assert page.turns.now is not None
    assert page.turns.following is not None
    assert (page.turns.now.key, page.turns.following.key) == (first.key, second.key)
    assert page.turns.now.host in said


def test_by_the_season_it_is_the_turn_of_a_quarter() -> None:
    alliance = make_alliance(places=3, slug="rong-yao", turns="season")
    make_plan(alliance)
    page = get_turns_page(get_alliance("rong-yao"), at=AT)
    assert page.now is not None
    assert page.following is not None
    assert (page.now.season, page.following.season) == ("2027-Q1", "2027-Q2")


def test_who_of_the_members_comes_stands_beside_the_activity() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_kinds(alliance)
    make_plan(alliance)
    activity = announced(turns_of(alliance)[0])
    host = turns_of(alliance)[0].membership
    coming = alliance.memberships.exclude(pk=host.pk).get().organisation
    sign_up(by=EVERYWHERE, activity=activity, organisation=coming, at=AT)
    said = text_of("/alliances/zhi-suan/")
    assert "政治理论联学会" in said
    assert coming is not None
    assert f"1 unit signed up: {coming.name}" in said


@pytest.mark.parametrize("address", ["", "turns/", "turns.json", "feed.ics", "review/", "review.xlsx"])
def test_an_alliance_that_is_not_there_is_not_there(address: str) -> None:
    text_of(f"/alliances/nowhere/{address}", status=404)


def test_the_years_turns_as_picture_and_table() -> None:
    alliance = make_alliance(5, slug="zhi-suan")
    make_plan(alliance)
    absence_add(
        by=EVERYWHERE,
        membership=alliance.memberships.get(number=1),
        from_on=date(2027, 3, 20),
        to_on=date(2027, 4, 2),
        reason="住院",
        at=AT,
    )
    said = text_of("/alliances/zhi-suan/turns/")
    assert "Each hosts 2 or 3 times." in said
    assert "is proven" in said
    assert said.count('<g class="turn planned">') == 12
    assert said.count('<rect class="away"') == 1
    assert all(f'id="{turn.key}"' in said for turn in turns_of(alliance))
    assert "住院" not in said


def test_accounts_stand_in_the_order_of_the_members_and_say_what_is_owed() -> None:
    alliance = make_alliance(3, slug="zhi-suan")
    make_plan(alliance, month_slots(months=(2, 3, 4)))
    turn = turns_of(alliance)[0]
    other = next(t.membership for t in turns_of(alliance) if t.membership != turn.membership)
    turn_skip(by=EVERYWHERE, turn=turn, at=AT)
    turn_step_in(by=EVERYWHERE, turn=turn, membership=other, at=AT)
    page = get_turns_page(get_alliance("zhi-suan"), at=AT)
    assert [one.number for one in page.accounts] == [1, 2, 3]
    account = next(one for one in page.accounts if one.number == turn.membership.number)
    assert (account.to_come, account.share, account.owes, account.skipped) == (0, 1, 1, (turn.day,))
    assert sum(one.to_come for one in page.accounts) == sum(one.share for one in page.accounts) == 3
    assert "steps in for" in text_of("/alliances/zhi-suan/turns/")


def test_one_member_and_none() -> None:
    make_plan(make_alliance(1, slug="alone"))
    make_alliance(slug="empty")
    assert "One member hosts everything: 12 turns." in text_of("/alliances/alone/turns/")
    assert "No turn is planned" in text_of("/alliances/empty/turns/")
    assert "nobody hosts" in text_of("/alliances/empty/")
    text_of("/alliances/empty/turns.json", status=404)


@pytest.mark.parametrize("year", ["", "x", "99999", "-1", "1900", "２０２７"])
def test_a_year_that_is_none_shows_the_nearest(year: str) -> None:
    make_plan(make_alliance(2, slug="zhi-suan"))
    assert "Turns of 2027" in text_of(f"/alliances/zhi-suan/turns/?year={year}")


def test_the_feed_is_read_by_an_independent_reader() -> None:
    alliance = make_alliance(4, slug="zhi-suan")
    make_kinds(alliance)
    make_plan(alliance)
    turns = turns_of(alliance)
    activity = announced(turns[0], "反诈宣传")
    turn_skip(by=EVERYWHERE, turn=turns[1], at=AT)
    response = browser().get("/alliances/zhi-suan/feed.ics")
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    events = recurring_ical_events.of(calendar).between(date(2027, 1, 1), date(2028, 1, 1))
    assert len(events) == 12
    assert len({str(event["UID"]) for event in events}) == 12
    by_day = {event["DTSTART"].dt: event for event in events if not isinstance(event["DTSTART"].dt, datetime)}
    assert turns[0].day not in by_day, "what is announced stands there as its activity"
    assert any(str(event["SUMMARY"]) == activity.title for event in events)
    assert [str(event["STATUS"]) for event in by_day.values()].count("CANCELLED") == 1
    assert str(by_day[turns[1].day]["STATUS"]) == "CANCELLED"
    assert int(by_day[turns[1].day]["SEQUENCE"]) == 1
    assert int(by_day[turns[2].day]["SEQUENCE"]) == 0


def test_a_calendar_that_asks_again_is_told_when_nothing_changed() -> None:
    alliance = make_alliance(3, slug="zhi-suan")
    make_plan(alliance)
    first = browser().get("/alliances/zhi-suan/feed.ics")
    again = browser().get("/alliances/zhi-suan/feed.ics", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    turn_skip(by=EVERYWHERE, turn=turns_of(alliance)[0], at=AT + timedelta(hours=1))
    later = browser().get("/alliances/zhi-suan/feed.ics", headers={"if-none-match": first["ETag"]})
    assert later.status_code == 200


def test_an_activity_moved_to_another_day_takes_its_turn_along() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_kinds(alliance)
    make_plan(alliance)
    turn = turns_of(alliance)[0]
    activity = announced(turn)
    # half past midnight in the place is the day before in UTC
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=datetime(2027, 1, 19, 16, 30, tzinfo=UTC), ends_at=datetime(2027, 1, 19, 18, 0, tzinfo=UTC)
    )
    row = next(row for row in get_turns_page(get_alliance("zhi-suan"), at=AT).turns if row.key == turn.key)
    assert row.day == date(2027, 1, 20)


def test_what_was_called_off_can_be_announced_anew() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_kinds(alliance)
    make_plan(alliance)
    turn = turns_of(alliance)[0]
    activity_cancel(by=EVERYWHERE, activity=announced(turn), reason="下雨", at=AT)
    again = announced(Turn.objects.get(pk=turn.pk), "再来一次")
    assert Turn.objects.get(pk=turn.pk).activity == again
    said = text_of("/alliances/zhi-suan/")
    assert "Cancelled" in said
    assert "再来一次" in said


def queries_of(alliance: Alliance) -> dict[str, int]:
    """How many questions each public page asks."""
    counts = {}
    for name in ("board", "alliance", "turns", "review", "feed"):
        address = reverse(f"alliances:{name}", args=[] if name == "board" else [alliance.slug])
        with CaptureQueriesContext(connection) as captured:
            assert browser().get(address).status_code == 200
        counts[name] = len([q for q in captured.captured_queries if "cache" not in q["sql"]])
    return counts


def grown(number: int) -> Alliance:
    """An alliance with so many members, turns, activities and absences."""
    alliance = make_alliance(number, slug=f"of-{number}")
    make_kinds(alliance)
    make_plan(alliance, [Slot(date(2027, 2, 1) + timedelta(days=at)) for at in range(number)])
    for turn in turns_of(alliance):
        announced(turn)
        member = turn.membership
        absence_add(by=EVERYWHERE, membership=member, from_on=date(2027, 9, 1), to_on=date(2027, 9, 2), at=AT)
    return alliance


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    few = queries_of(grown(3))
    many = queries_of(grown(30))
    assert few == many
    assert few["board"] <= 6
    with CaptureQueriesContext(connection) as captured:
        list_alliances(at=AT)
    assert len(captured) == 3


def test_a_former_member_stands_apart() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    member_leave(by=EVERYWHERE, membership=alliance.memberships.get(number=1), left_on=date(2026, 12, 31), at=AT)
    page = get_alliance_page(get_alliance("zhi-suan"), at=AT)
    assert ([u.number for u in page.units], [u.number for u in page.former]) == ([2], [1])
    assert "Who was a member" in text_of("/alliances/zhi-suan/")


def test_a_joint_activity_that_was_planned_elsewhere_is_joined_once() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_kinds(alliance)
    make_plan(alliance)
    activity = announced(turns_of(alliance)[0])
    with pytest.raises(JointAlready):
        joint_activity_add(by=EVERYWHERE, alliance=alliance, activity=activity, at=AT)


def test_names_are_words_and_never_markup() -> None:
    alliance = make_alliance(slug="zhi-suan", name="<script>x</script>")
    make_plan(make_alliance(places=1, slug="other"))
    assert "<script>x" not in text_of("/alliances/zhi-suan/")
    unit = make_unit("<b>&</b>")
    member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, at=AT)
    make_plan(alliance)
    said = text_of("/alliances/zhi-suan/turns/")
    assert "<b>&</b>" not in said
    assert "&lt;b&gt;&amp;" in said


def test_a_turn_marked_held_is_drawn_as_held() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance, [Slot(date(2027, 1, 4)), Slot(date(2027, 3, 5))])
    turn_hold(by=EVERYWHERE, turn=turns_of(alliance)[0], at=AT)
    assert text_of("/alliances/zhi-suan/turns/").count('<g class="turn held">') == 1
