"""The pages of alliances: what they say, who gets them, that they ask a fixed number of questions, and bad input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import recurring_ical_events
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from tests.factories.alliances import (
    AT,
    EVERYWHERE,
    contact,
    make_alliance,
    make_kinds,
    make_plan,
    make_unit,
    manager_at,
    month_slots,
    turns_of,
)
from yiting.activities.models import Activity
from yiting.activities.services import activity_cancel, sign_up
from yiting.alliances.errors import JointAlready
from yiting.alliances.models import Absence, Alliance, Membership, Turn, TurnPlan, TurnSwap
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
from yiting.people.models import Account
from yiting.places import clock

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def it_is_january(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks the one clock."""
    monkeypatch.setattr(clock, "in_step", lambda _at: AT)


def browser(account: Account | None = None) -> Client:
    """A browser in which somebody is signed in, or nobody."""
    client = Client(headers={"accept-language": "en"})
    if account is not None:
        client.force_login(account, backend=BACKEND)
    return client


def text_of(address: str, client: Client | None = None, status: int = 200) -> str:
    response = (client or browser()).get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()


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


def addresses(alliance: Alliance) -> list[str]:
    """Every address of the workbench of an alliance."""
    turn = turns_of(alliance)[0]
    one = [alliance.slug]
    acts = ["manage", "plan", "adopt", "discard", "absence", "members", "join", "figure", "kind", "change"]
    found = [reverse(f"alliances:{name}", args=one) for name in acts]
    of_turn = ["turn", "swap", "skip", "step_in", "hold", "announce"]
    found += [reverse(f"alliances:{name}", args=[*one, turn.key]) for name in of_turn]
    member = alliance.memberships.order_by("number")[0].pk
    found += [reverse(f"alliances:{name}", args=[*one, member]) for name in ("fill", "leave", "weigh")]
    return found


def test_the_workbench_is_for_those_who_manage_and_for_members() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance)
    outsider, stranger = contact(make_unit()), contact(make_unit())
    for address in addresses(alliance):
        assert browser().post(address).status_code in (302, 405)
        assert "login" in browser().get(address)["Location"]
        assert browser(outsider).get(address).status_code in (302, 404), address
        assert browser(stranger).post(address).status_code in (404, 405), address
    assert Turn.objects.filter(state="planned").count() == 12


def test_a_member_gets_the_turns_and_not_the_members() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance)
    own = alliance.memberships.get(number=1)
    assert own.organisation is not None
    client = browser(contact(own.organisation))
    said = text_of("/alliances/bench/zhi-suan/", client)
    assert "Plan a period" not in said
    assert "Say who is away" in said
    text_of("/alliances/bench/zhi-suan/members/", client, status=404)
    assert "智算未来" in text_of("/alliances/bench/", client)
    assert "No alliance of yours" in text_of("/alliances/bench/", browser(contact(make_unit())))


def manager(alliance: Alliance) -> Client:
    return browser(manager_at(alliance.place))


def test_a_period_is_planned_looked_at_and_adopted() -> None:
    alliance = make_alliance(3, slug="zhi-suan")
    kinds = make_kinds(alliance)
    client = manager(alliance)
    said = {"since_on": "2027-02-01", "until_on": "2027-12-31", "every": "month", "days": "2027-05-04\n2027-10-01"}
    answer = client.post("/alliances/bench/zhi-suan/plan/", said | {"kinds": [kind.pk for kind in kinds]})
    assert answer.status_code == 302
    page = text_of("/alliances/bench/zhi-suan/", client)
    assert "Adopt it" in page
    assert not turns_of(alliance)
    client.post("/alliances/bench/zhi-suan/plan/adopt/")
    assert len(turns_of(alliance)) == 12
    assert {turn.joint_kind_id for turn in turns_of(alliance)} == {kind.pk for kind in kinds}
    client.post("/alliances/bench/zhi-suan/plan/", {"since_on": "2027-02-01", "until_on": "2027-12-31"})
    client.post("/alliances/bench/zhi-suan/plan/discard/")
    assert TurnPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"since_on": "2027-02-30", "until_on": "2027-12-31"}, 422),
        ({"since_on": "2027-03-01", "until_on": "2027-02-01"}, 400),
        ({"since_on": "2027-03-01", "until_on": "2027-04-01", "days": "soon"}, 422),
        ({"since_on": "2027-03-01", "until_on": "2027-04-01", "days": "0001-01-01"}, 422),
        ({"since_on": "2027-03-01", "until_on": "2027-04-01", "every": "hour"}, 422),
        ({"since_on": "2027-03-01", "until_on": "2027-04-01", "kinds": "7"}, 422),
        ({"since_on": "2027-03-01", "until_on": "2100-12-31", "every": "week"}, 400),
        ({"since_on": "2026-01-01", "until_on": "2027-04-01", "every": "week"}, 400),
        ({"since_on": "2027-03-01", "until_on": "2027-04-01"}, 400),
    ],
)
def test_a_period_that_cannot_be_planned_comes_back_with_the_reason(said: dict[str, str], status: int) -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    answer = manager(alliance).post("/alliances/bench/zhi-suan/plan/", said)
    assert answer.status_code == status
    assert 'class="error"' in answer.content.decode()
    assert not TurnPlan.objects.exists()


def test_clashing_wishes_are_named_on_the_page() -> None:
    alliance = make_alliance(1, slug="zhi-suan")
    member = alliance.memberships.get()
    absence_add(by=EVERYWHERE, membership=member, from_on=date(2027, 3, 1), to_on=date(2027, 3, 31), at=AT)
    said = {"since_on": "2027-03-01", "until_on": "2027-03-31", "days": "2027-03-05"}
    answer = manager(alliance).post("/alliances/bench/zhi-suan/plan/", said)
    assert answer.status_code == 409
    assert member.organisation is not None
    assert f"{member.organisation.name} is away" in answer.content.decode()


def test_an_absence_names_the_turns_that_have_no_host_until_it_is_planned_again() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance)
    client = manager(alliance)
    turn = turns_of(alliance)[3]
    day = str(turn.day)
    said = {"membership": turn.membership_id, "from_on": day, "to_on": day, "reason": "停电"}
    assert client.post("/alliances/bench/zhi-suan/absence/", said).status_code == 302
    page = text_of("/alliances/bench/zhi-suan/", client)
    assert "Plan the period again" in page
    assert "停电" in page
    bad = client.post("/alliances/bench/zhi-suan/absence/", said | {"to_on": "2027-01-01"})
    assert bad.status_code == 400
    client.post(reverse("alliances:absence_remove", args=["zhi-suan", Absence.objects.get().pk]))
    assert "Plan the period again" not in text_of("/alliances/bench/zhi-suan/", client)


def test_a_swap_is_asked_and_answered_on_the_pages() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    make_plan(alliance)
    mine = turns_of(alliance)[0]
    theirs = next(turn for turn in turns_of(alliance) if turn.membership != mine.membership)
    asker, answerer = (browser(contact(t.membership.organisation)) for t in (mine, theirs))  # type: ignore[arg-type]
    address = reverse("alliances:swap", args=["zhi-suan", mine.key])
    assert asker.post(address, {"other": theirs.key}).status_code == 302
    assert asker.post(address, {"other": "nothing"}).status_code == 422
    assert "to swap" in text_of("/alliances/bench/zhi-suan/", answerer)
    swap = TurnSwap.objects.get()
    answer = reverse("alliances:swap_answer", args=["zhi-suan", swap.pk])
    assert asker.post(answer, {"agrees": "1"}).status_code == 404
    assert answerer.post(answer, {"agrees": "1"}).status_code == 302
    assert answerer.post(answer, {"agrees": "1"}).status_code == 409
    assert Turn.objects.get(pk=mine.pk).membership == theirs.membership


def test_a_turn_is_skipped_taken_on_announced_and_held_on_the_pages() -> None:
    alliance = make_alliance(2, slug="zhi-suan")
    kinds = make_kinds(alliance)
    make_plan(alliance, [Slot(date(2027, 1, 4)), Slot(date(2027, 3, 5))])
    today, later = turns_of(alliance)
    client = manager(alliance)
    other = next(member for member in alliance.memberships.all() if member != later.membership)
    client.post(reverse("alliances:skip", args=["zhi-suan", later.key]), {"reason": "停电"})
    assert "Step in" in text_of(reverse("alliances:turn", args=["zhi-suan", later.key]), client)
    client.post(reverse("alliances:step_in", args=["zhi-suan", later.key]), {"membership": other.pk})
    assert Turn.objects.get(pk=later.pk).membership == other
    said = {"title": "参观", "joint_kind": kinds[0].pk, "place": alliance.place_id, "on": "2027-03-05"}
    announce = reverse("alliances:announce", args=["zhi-suan", later.key])
    assert client.post(announce, said | {"begins": "9", "ends": "11:00"}).status_code == 422
    assert client.post(announce, said | {"begins": "11:00", "ends": "09:00"}).status_code == 400
    assert client.post(announce, said | {"begins": "09:00", "ends": "11:00"}).status_code == 302
    activity = Activity.objects.get()
    assert activity.starts_at == datetime(2027, 3, 5, 1, 0, tzinfo=UTC)
    assert activity.hosts.get().organisation == other.organisation
    assert client.post(announce, said | {"begins": "09:00", "ends": "11:00"}).status_code == 409
    client.post(reverse("alliances:hold", args=["zhi-suan", today.key]))
    assert Turn.objects.get(pk=today.pk).state == Turn.State.HELD


def test_members_are_kept_on_the_pages() -> None:
    alliance = make_alliance(slug="zhi-suan")
    client = manager(alliance)
    unit = make_unit("晶澳", alliance.place)
    join = reverse("alliances:join", args=["zhi-suan"])
    assert client.post(join, {}).status_code == 302
    assert client.post(join, {"organisation": make_unit(place=alliance.place).pk}).status_code == 302
    assert client.post(join, {"organisation": "10000"}).status_code == 422
    place = alliance.memberships.get(number=1)
    assert (
        client.post(reverse("alliances:fill", args=["zhi-suan", place.pk]), {"organisation": unit.pk}).status_code
        == 302
    )
    again = client.post(reverse("alliances:fill", args=["zhi-suan", place.pk]), {"organisation": unit.pk})
    assert again.status_code == 409
    leave = reverse("alliances:leave", args=["zhi-suan", place.pk])
    assert client.post(leave, {"left_on": ""}).status_code == 422
    assert client.post(leave, {"left_on": "2027-06-30"}).status_code == 302
    weigh = reverse("alliances:weigh", args=["zhi-suan", place.pk])
    assert client.post(weigh, {"weight": "0"}).status_code == 422
    assert client.post(weigh, {"weight": "3", "owed": "-1"}).status_code == 302
    figure = {"what": "党员", "amount": "129", "source": "党群版"}
    assert client.post(reverse("alliances:figure", args=["zhi-suan"]), figure).status_code == 302
    assert client.post(reverse("alliances:figure", args=["zhi-suan"]), figure).status_code == 409
    change = {"turns": "season", "by_weight": "on", "rule_name": "党建轮值"}
    assert client.post(reverse("alliances:change", args=["zhi-suan"]), change).status_code == 302
    member = Membership.objects.get(pk=place.pk)
    assert (member.organisation, member.left_on, member.weight, member.owed) == (unit, date(2027, 6, 30), 3, -1)
    said = text_of("/alliances/bench/zhi-suan/members/", client)
    assert "党员 129" in said
    assert "晶澳" in said
    assert Alliance.objects.get().rule_name == "党建轮值"


def test_an_alliance_is_founded_on_the_pages_by_those_who_may() -> None:
    place = make_alliance().place
    client = browser(manager_at(place))
    said = {"name": "绒耀世界", "slug": "rong-yao", "place": place.pk, "turns": "season"}
    assert client.post(reverse("alliances:found"), said | {"slug": "bench"}).status_code == 400
    answer = client.post(reverse("alliances:found"), said)
    assert urlsplit(answer["Location"]).path == "/alliances/bench/rong-yao/members/"
    text_of(reverse("alliances:found"), browser(contact(make_unit())), status=404)


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
