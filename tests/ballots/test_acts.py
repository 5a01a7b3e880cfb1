"""What is done to a round by its forms: every act of the workbench, what it says, and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories.ballots import (
    CHECKED,
    CLOSED,
    EVERYWHERE,
    FIRST,
    LATER,
    OPENED,
    VOTING,
    cast,
    make_deputy,
    make_resident,
    make_round,
)
from tests.factories.projects import make_need
from tests.factories.town import Town
from yiting.ballots.models import Candidate, KindLimit, Objection, Observer, Override, Paper, RollEntry, Round, Rule
from yiting.ballots.services import objection_raise, papers_print, round_count, round_finish, voting_close
from yiting.people.models import Account
from yiting.projects.models import Project

pytestmark = pytest.mark.django_db
State = Round.State
FORM = {
    "title": "2027年民生实事项目",
    "year": "2027",
    "budget": "50000",
    "who": "residents",
    "kind": "approval",
    "rule": "equal_shares",
    "satisfaction": "cost",
    "completion": "add1",
    "threshold": "half_of_all",
    "ties": "cheaper",
    "longer_list": "on",
    "smallest_group": "10",
    **{
        name: (FIRST + timedelta(days=later)).isoformat()
        for name, later in {
            "collect_until_on": 2,
            "check_until_on": 7,
            "publish_on": 8,
            "opens_on": 10,
            "closes_on": 19,
            "objections_until_on": 25,
        }.items()
    },
}


@pytest.fixture(autouse=True)
def _without_a_pace() -> None:
    cache.clear()


@pytest.fixture
def at(settings: Any) -> Any:
    """Set the clock."""

    def go(moment: datetime) -> None:
        settings.CLOCK_BEHIND = timezone.now() - moment

    return go


@pytest.fixture
def worker(town: Town) -> Client:
    return town.browser("street", town.office)


def send(client: Client, url: str, status: int = 302, *, prefix: str = "", **sent: Any) -> str:
    """Fill in a form; gives what the page that comes of it says."""
    fields = {f"{prefix}-{name}" if prefix else name: value for name, value in sent.items()}
    answer = client.post(f"/ballots/{url}", fields, headers={"accept-language": "en"})
    assert answer.status_code == status, answer.content.decode()[:3000]
    if status == 302:
        answer = client.get(answer.headers["Location"], headers={"accept-language": "en"})
    return unescape(answer.content.decode())


def counted(town: Town) -> Round:
    round = make_round(place=town.street, rule=Rule.GREEDY)
    for marks in ([1, 2], [1, 2], [1], [3], [3, 4], [4]):
        cast(round, marks, make_resident(town.estate))
    voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
    round_count(by=EVERYWHERE, round=round, at=CLOSED)
    return Round.objects.select_related("place").get()


class TestMakingTheList:
    """From the opening to the public list."""

    def test_a_round_is_opened_and_changed(self, town: Town, worker: Client, at: Any) -> None:
        at(OPENED)
        said = send(worker, "bench/new/", **FORM, place=town.street.pk)
        round = Round.objects.get()
        assert "The round is open and public" in said
        assert (round.budget_fen, round.closes_on) == (5_000_000, FIRST + timedelta(days=19))
        more = {**FORM, "budget": "60,000", "place": town.street.pk, "reason": "区里追加了钱"}
        assert "Changed." in send(worker, f"bench/{round.code}/change/", prefix="change", **more)
        round.refresh_from_db()
        assert round.budget_fen == 6_000_000

    def test_what_does_not_fit_comes_back_as_it_was_filled_in(self, town: Town, worker: Client, at: Any) -> None:
        at(OPENED)
        said = send(worker, "bench/new/", 422, **{**FORM, "budget": "很多"}, place=town.street.pk)
        assert 'value="很多"' in said
        said = send(worker, "bench/new/", 400, **{**FORM, "rule": "majority"}, place=town.street.pk)
        assert "cannot count ballots of the kind" in said
        assert not Round.objects.exists()

    def test_candidates_are_added_limited_changed_checked_and_withdrawn(
        self, town: Town, worker: Client, at: Any
    ) -> None:
        at(OPENED)
        need = make_need(town.estate, public=True)
        round = make_round(State.COLLECTING, place=town.street, costs=())
        add = f"bench/{round.code}/add/?need={need.code}"
        said = send(worker, add, prefix="add", title="修路", place=town.estate.pk, cost="30000", category="道路")
        assert "It stands on the list" in said
        assert Candidate.objects.get().need == need
        send(worker, f"bench/{round.code}/add/", prefix="add", title="补路灯", place=town.street.pk, cost="25000")
        said = send(worker, f"bench/{round.code}/limit/", prefix="limit", category="道路", most="1", most_cost="")
        assert "Of the kind “道路” at most 1." in said
        assert send(worker, f"bench/{round.code}/limit/", 422, prefix="limit", category="绿地", most="1")
        assert "The limit is gone" in send(worker, f"bench/{round.code}/lift/", category="道路")
        assert not KindLimit.objects.exists()
        one = f"bench/{round.code}/candidates/2"
        more = {"title": "换路灯", "place": town.street.pk, "cost": "26000"}
        assert "has to be checked again" in send(worker, f"{one}/change/", prefix="change", **more)
        at(CHECKED)
        assert "are being checked" in send(worker, f"bench/{round.code}/step/check/", prefix="check", reason="收齐了")
        assert "Noted in public" in send(
            worker, f"{one}/check/", prefix="check", feasible="yes", reason="能做", cost=""
        )
        assert "page among the projects" in send(worker, f"{one}/project/")
        assert Project.objects.get().title == "换路灯"
        assert "Withdrawn in public" in send(worker, f"{one}/withdraw/", prefix="withdraw", reason="已经修好")
        assert worker.post(f"/ballots/bench/{round.code}/step/nothing/").status_code == 404

    def test_looking_at_an_act_leads_back(self, town: Town, worker: Client) -> None:
        round = make_round(State.COLLECTING, place=town.street)
        for path in ("change/", "limit/", "lift/", "count/", "observer/", "step/check/"):
            answer = worker.get(f"/ballots/bench/{round.code}/{path}")
            assert answer.headers["Location"] == f"/ballots/bench/{round.code}/"


class TestTheDays:
    """The counter, paper, and closing."""

    def test_the_counter_gives_a_code_to_residents_and_to_deputies(self, town: Town, worker: Client, at: Any) -> None:
        at(VOTING)
        round = make_round(place=town.street)
        counter = f"bench/{round.code}/counter/"
        said = send(worker, counter, 200, prefix="who", building=town.building.pk, phone="13900000001")
        assert "it is shown only now" in said
        assert "the telephone number" in send(worker, counter, 400, prefix="who", building=town.building.pk)
        assert send(worker, counter, 422, prefix="who", building="0")
        deputy = make_deputy(town.street, town.office)
        other = make_round(place=town.street, who="deputies", kind="yes_no")
        said = send(worker, f"bench/{other.code}/counter/", 200, prefix="who", account=deputy.account_id)
        assert "it is shown only now" in said

    def test_paper_is_handed_out_found_entered_and_spoiled(self, town: Town, worker: Client, at: Any) -> None:
        at(VOTING)
        round = make_round(place=town.street)
        desk = f"bench/{round.code}/papers"
        said = send(worker, f"{desk}/hand-out/", prefix="who", building=town.building.pk, phone="13900000001")
        assert "Let them draw one of the papers themselves" in said
        assert RollEntry.objects.get().way == "paper"
        first, second = papers_print(by=EVERYWHERE, round=round, number=2, at=VOTING)
        assert first.serial in send(worker, f"{desk}/find/", prefix="find", serial=first.serial.lower())
        assert send(worker, f"{desk}/find/", 404, prefix="find", serial="ZZZZ")
        assert send(worker, f"{desk}/find/", 422, prefix="find", serial="")
        assert "Entered once" in send(worker, f"{desk}/{first.serial}/", c1="on")
        colleague = town.browser("street", town.office)
        assert "The readings differ" in send(colleague, f"{desk}/{first.serial}/", c2="on")
        assert send(colleague, f"{desk}/{first.serial}/", c1="on")
        assert Paper.objects.get(pk=first.pk).state == "counted"
        assert send(colleague, f"{desk}/{first.serial}/", 409, c1="on")
        assert send(worker, f"{desk}/{second.serial}/spoil/", 422, prefix="spoil", reason="")
        said = send(worker, f"{desk}/{second.serial}/spoil/", prefix="spoil", reason="什么也没勾")
        assert "Entered once" in said
        said = send(colleague, f"{desk}/{second.serial}/", c1="on")
        assert "One reader holds that it cannot be counted: 什么也没勾" in said
        said = send(colleague, f"{desk}/{second.serial}/spoil/", prefix="spoil", reason="空白")
        assert "Two people hold that it cannot be counted" in said

    def test_an_observer_is_appointed_and_the_round_closed_and_counted(
        self, town: Town, worker: Client, at: Any
    ) -> None:
        at(VOTING)
        round = make_round(place=town.street)
        cast(round, [1], make_resident(town.estate))
        own = Account.objects.get(roles__kind="street")
        said = send(worker, f"bench/{round.code}/observer/", 400, prefix="observer", account=own.pk)
        assert "cannot observe its round" in said
        who = Account.objects.get(pk=make_deputy(town.street, town.office).account_id)
        assert "Appointed." in send(worker, f"bench/{round.code}/observer/", prefix="observer", account=who.pk)
        assert Observer.objects.get().account == who
        early = send(worker, f"bench/{round.code}/step/close/", 409, prefix="close", reason="提前")
        assert "2026-07-20" in early
        at(CLOSED)
        assert "Voting is over" in send(worker, f"bench/{round.code}/step/close/", prefix="close", reason="到期")
        observer = Client(headers={"accept-language": "en"})
        observer.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Open the ballots" in observer.get(f"/ballots/{round.code}/").content.decode()
        assert len(observer.post(f"/ballots/{round.code}/openings/").json()["ballots"]) == 1
        assert "Open the ballots" not in worker.get(f"/ballots/{round.code}/").content.decode()
        assert "Counted." in send(worker, f"bench/{round.code}/count/")
        assert "stands" in send(worker, f"bench/{round.code}/count/", 409)


class TestTheResult:
    """Objections, decisions otherwise, and the end."""

    def test_an_objection_is_raised_and_answered(self, town: Town, worker: Client, at: Any) -> None:
        round = counted(town)
        at(CLOSED)
        client = Client()
        account = Account.objects.get(pk=make_resident(town.estate).account_id)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Your objection is public" in send(client, f"{round.code}/objections/", text="第三项算错了")
        assert send(client, f"{round.code}/objections/", 422, text="")
        assert send(Client(), f"{round.code}/objections/", 403, text="不服")
        answer = f"bench/{round.code}/objections/1/"
        assert "Answered in public" in send(worker, answer, prefix="o1", answer="重新算过，没有错")
        assert Objection.objects.get().answer == "重新算过，没有错"

    def test_a_decision_otherwise_is_noted_and_taken_back(self, town: Town, worker: Client, at: Any) -> None:
        round = counted(town)
        at(CLOSED)
        one = f"bench/{round.code}/candidates/4"
        more = {"reason": "资金另有安排", "legal_basis": "《地方组织法》第十一条"}
        assert "Noted in public" in send(worker, f"{one}/override/", prefix="override", **more)
        assert not Override.objects.get().takes_in
        said = send(worker, f"{one}/take-back/", prefix="take_back", reason="代表大会没有同意")
        assert "The rule stands again" in said
        assert not Override.objects.exists()
        assert send(worker, f"{one}/take-back/", 422, prefix="take_back", reason="")

    def test_a_winner_opens_as_a_project(self, town: Town, worker: Client, at: Any) -> None:
        round = counted(town)
        objection_raise(by=EVERYWHERE, round=round, text="请再数一遍", at=CLOSED)
        at(LATER)
        assert "1 objection" in send(worker, f"bench/{round.code}/step/finish/", 409, prefix="finish", reason="期满")
        at(CLOSED)
        send(worker, f"bench/{round.code}/objections/1/", prefix="o1", answer="数过了")
        round_finish(by=EVERYWHERE, round=round, reason="公示期满", at=LATER)
        at(LATER)
        assert "page among the projects" in send(worker, f"bench/{round.code}/candidates/1/project/")
        assert Project.objects.get().budget_fen == 3_000_000
        assert send(worker, f"bench/{round.code}/candidates/2/project/", 409)
