"""The workbench of alliances: who gets it, what can be done there, and what is refused with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.alliances import (
    AT,
    EVERYWHERE,
    browser,
    contact,
    make_alliance,
    make_kinds,
    make_plan,
    make_unit,
    manager_at,
    text_of,
    turns_of,
)
from yiting.activities.models import Activity
from yiting.alliances.models import Absence, Alliance, Membership, Turn, TurnPlan, TurnSwap
from yiting.alliances.queries.slots import Every, regular_days
from yiting.alliances.services import (
    Slot,
    absence_add,
)
from yiting.places import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def it_is_january(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks the one clock."""
    monkeypatch.setattr(clock, "in_step", lambda _at: AT)


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


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("", []),
        ("week", ["2027-01-31", "2027-02-07", "2027-02-14"]),
        ("fortnight", ["2027-01-31", "2027-02-14"]),
        ("month", ["2027-01-31"]),
    ],
)
def test_how_often_gives_the_days(every: str, days: list[str]) -> None:
    found = regular_days(date(2027, 1, 31), date(2027, 2, 20), Every(every))
    assert [str(day) for day in found] == days


def test_a_month_too_short_takes_its_last_day() -> None:
    found = regular_days(date(2027, 12, 31), date(2028, 3, 31), Every.MONTH)
    assert [str(day) for day in found] == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


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


def test_a_place_to_be_filled_hosts_and_announces_once_it_is_filled() -> None:
    alliance = make_alliance(places=1, slug="zhi-suan")
    kinds = make_kinds(alliance)
    make_plan(alliance)
    turn = turns_of(alliance)[0]
    client = manager(alliance)
    said = text_of(reverse("alliances:turn", args=["zhi-suan", turn.key]), client)
    assert "Once it is known which organisation this is" in said
    assert "Announce what takes place" not in said
    filled = {"title": "参观", "joint_kind": kinds[0].pk, "place": alliance.place_id, "on": "2027-03-05"}
    answer = client.post(
        reverse("alliances:announce", args=["zhi-suan", turn.key]), filled | {"begins": "09:00", "ends": "11:00"}
    )
    assert answer.status_code == 409
    assert not Activity.objects.exists()


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
