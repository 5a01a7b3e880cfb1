"""From needs, resolutions and projects to the rounds in which they stand, and onto the list of one."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.ballots import CLOSED, EVERYWHERE, OPENED, cast, make_resident, make_round
from tests.factories.meetings import make_resolution
from tests.factories.projects import make_need, make_project
from tests.factories.town import Town
from yiting.ballots.models import Round, Rule
from yiting.ballots.queries.sources import list_standings
from yiting.ballots.services import candidate_withdraw, round_call_off, round_count, voting_close
from yiting.needs.models import Need

pytestmark = pytest.mark.django_db
State = Round.State


@pytest.fixture(autouse=True)
def _on_a_day_of_collecting(settings: Any) -> None:
    settings.CLOCK_BEHIND = timezone.now() - OPENED


def text_of(client: Client, url: str, *, htmx: bool = False) -> str:
    answer = client.get(url, headers={"accept-language": "en", **({"hx-request": "true"} if htmx else {})})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


class TestWhereItStands:
    """What is said of a need, a resolution and a project."""

    def test_its_way_from_the_list_to_the_result(self, town: Town) -> None:
        need, other = make_need(town.estate, public=True), make_need(town.estate)
        by_number = {1: {"need": need}, 2: {"need": other}}
        round = make_round(State.COLLECTING, place=town.street, candidates=by_number)
        assert [one.said for one in list_standings(need=need)] == ["Candidates are collected"]
        open_ = make_round(place=town.street, candidates=by_number, rule=Rule.GREEDY)
        for _each in range(2):
            cast(open_, [1], make_resident(town.estate))
        voting_close(by=EVERYWHERE, round=open_, reason="投票结束", at=CLOSED)
        round_count(by=EVERYWHERE, round=open_, at=CLOSED)
        assert [(one.said, one.counted) for one in list_standings(need=need)] == [
            ("Chosen", True),
            ("Candidates are collected", False),
        ]
        assert list_standings(need=other)[0].said == "Not chosen"
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="已经修好", at=CLOSED)
        assert list_standings(need=other)[1].said == "Withdrawn"
        round_call_off(by=EVERYWHERE, round=round, reason="今年不办", at=CLOSED)
        assert list_standings(need=need)[1].said == "Called off"

    def test_a_merged_need_leads_to_where_the_other_stands(self, town: Town) -> None:
        need = make_need(town.estate, public=True)
        round = make_round(State.COLLECTING, place=town.street, candidates={1: {"need": need}})
        merged = make_need(town.estate, public=True)
        Need.objects.filter(pk=merged.pk).update(root=need)
        merged.refresh_from_db()
        assert [one.round for one in list_standings(need=merged)] == [round]

    def test_it_costs_the_same_in_one_round_and_in_many(self, town: Town) -> None:
        need = make_need(town.estate, public=True)
        costs = []
        for number in (1, 4):
            for _each in range(number):
                make_round(State.COUNTING, place=town.street, candidates={1: {"need": need}})
            for round in Round.objects.filter(state=State.COUNTING).select_related("place"):
                round_count(by=EVERYWHERE, round=round, at=CLOSED)
            with CaptureQueriesContext(connection) as captured:
                assert list_standings(need=need)
            costs.append(len(captured))
        assert costs == [3, 3]

    def test_the_pages_say_it_and_other_pages_take_it_in(self, town: Town) -> None:
        need, resolution, project = (
            make_need(town.estate, public=True),
            make_resolution(place=town.here),
            make_project(place=town.estate),
        )
        sources: dict[int, Any] = {
            1: {"need": need},
            2: {"resolution": resolution},
            3: {"need": project.serves.get().need},
        }
        round = make_round(State.COLLECTING, place=town.street, candidates=sources)
        for url in (f"need/{need.code}", f"resolution/{resolution.code}", f"project/{project.code}"):
            assert round.title in text_of(Client(), f"/ballots/{url}/")
            assert "<html" not in text_of(Client(), f"/ballots/{url}/", htmx=True)
        alone = make_need(town.estate, public=True)
        assert "It is on no list to vote on." in text_of(Client(), f"/ballots/need/{alone.code}/")
        assert not text_of(Client(), f"/ballots/need/{alone.code}/", htmx=True).strip()

    def test_a_need_that_is_not_public_is_not_told_of(self, town: Town) -> None:
        need = make_need(town.estate, public=True)
        make_round(State.COLLECTING, place=town.street, candidates={1: {"need": need}})
        Need.objects.filter(pk=need.pk).update(is_public=False)
        assert Client().get(f"/ballots/need/{need.code}/").status_code == 404
        assert need.code in Need.objects.values_list("code", flat=True)


class TestOntoAList:
    """A worker puts a need or a resolution on the list of a round that takes candidates."""

    def test_the_only_list_opens_at_once_and_several_are_offered(self, town: Town) -> None:
        need, worker = make_need(town.estate, public=True), town.browser("street", town.office)
        address = f"/ballots/bench/propose/?need={need.code}"
        assert "No round of yours takes candidates" in text_of(worker, address)
        first = make_round(State.COLLECTING, place=town.street, costs=())
        answer = worker.get(address)
        assert answer.headers["Location"] == f"/ballots/bench/{first.code}/add/?need={need.code}"
        second = make_round(State.COLLECTING, place=town.street, costs=(), title="明年的项目")
        make_round(State.PUBLISHED, place=town.street, title="已经公布")
        page = text_of(worker, address)
        assert all(f"/ballots/bench/{one.code}/add/?need={need.code}" in page for one in (first, second))
        assert "已经公布</a></h3><p" not in page.split("On the list of which round?")[1].split("</ul>")[0]

    def test_what_lies_elsewhere_is_not_there(self, town: Town) -> None:
        make_round(State.COLLECTING, place=town.street, costs=())
        worker = town.browser("street", town.office)
        for query in ("", "?need=ZZZZ", "?resolution=ZZZZ"):
            assert "no such need or resolution" in text_of(worker, f"/ballots/bench/propose/{query}")
