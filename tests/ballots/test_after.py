"""After the vote: projects with their money, next year's ballot beside last year's results, the daily round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.ballots import (
    CLOSED,
    EVERYWHERE,
    LATER,
    OPENED,
    PUBLISHED,
    VOTING,
    cast,
    make_resident,
    make_round,
)
from tests.factories.meetings import make_resolution
from tests.factories.projects import make_need, make_project
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Ballot, Candidate, Paper, Round, Rule, VotingPass
from yiting.ballots.queries.results import get_result_page
from yiting.ballots.queries.rounds import get_round_page
from yiting.ballots.services import (
    candidate_open_project,
    candidate_withdraw,
    papers_print,
    round_count,
    round_finish,
    voter_admit,
    voting_close,
    winner_open,
)
from yiting.ballots.tasks import ballots_round
from yiting.projects.models import Evaluation, Stage
from yiting.projects.services import (
    project_choose,
    project_deliver,
    project_plan,
    project_start,
    visit_record,
)

pytestmark = pytest.mark.django_db
State = Round.State


def make_final(town: Town, **more) -> Round:
    """A final round in which 1 and 4 won."""
    round = make_round(place=town.street, rule=Rule.GREEDY, **more)
    for marks in ([1], [1, 4], [1, 4], [2]):
        cast(round, marks, make_resident(town.estate))
    voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
    assert round_count(by=EVERYWHERE, round=round, at=CLOSED).winners == [1, 4]
    round_finish(by=EVERYWHERE, round=round, reason="无异议", at=LATER)
    return Round.objects.select_related("place").get(pk=round.pk)


class TestWinners:
    """They open among the projects, with the money that they won."""

    def test_what_was_written_becomes_a_need_and_a_project(self, town: Town) -> None:
        round = make_final(town)
        project = winner_open(by=EVERYWHERE, round=round, number=4, at=LATER)
        assert (project.stage, project.budget_fen, project.year) == (Stage.CHOSEN, 1_500_000, 2027)
        assert project.serves.count() == 1
        assert winner_open(by=EVERYWHERE, round=round, number=4, at=LATER).pk == project.pk

    def test_from_a_need(self, town: Town) -> None:
        need = make_need(town.estate)
        round = make_final(town, candidates={1: {"need": need, "place": town.estate}})
        project = winner_open(by=EVERYWHERE, round=round, number=1, at=LATER)
        assert project.serves.get().need == need
        assert project.place == town.estate

    def test_from_a_resolution(self, town: Town) -> None:
        resolution = make_resolution(place=town.here)
        round = make_final(town, candidates={1: {"resolution": resolution, "place": town.here}})
        project = winner_open(by=EVERYWHERE, round=round, number=1, at=LATER)
        assert project.resolution == resolution

    def test_a_project_that_was_a_candidate_already_is_chosen(self, town: Town) -> None:
        known = make_project(place=town.estate)
        round = make_final(town, candidates={1: {"need": known.serves.get().need, "place": town.estate}})
        project = winner_open(by=EVERYWHERE, round=round, number=1, at=LATER)
        assert (project.pk, project.stage, project.budget_fen) == (known.pk, Stage.CHOSEN, 3_000_000)

    def test_no_loser_and_nothing_before_the_end(self, town: Town) -> None:
        with pytest.raises(errors.NotAWinner, match="楼道装扶手"):
            winner_open(by=EVERYWHERE, round=make_final(town), number=2, at=LATER)
        with pytest.raises(errors.NotCountedYet):
            winner_open(by=EVERYWHERE, round=make_round(), number=1, at=VOTING)

    def test_unspent_money_and_overruns_come_from_projects(self, town: Town) -> None:
        round = make_final(town)
        for number, spent in ((1, 2_400_000), (4, 1_600_000)):
            project = winner_open(by=EVERYWHERE, round=round, number=number, at=LATER)
            project_plan(by=EVERYWHERE, project=project, spent_fen=spent, at=LATER)
        money = get_result_page(round).money
        assert (money.given, money.over) == (4_500_000, 500_000)
        assert (money.spent, money.unspent, money.overrun) == (4_000_000, 600_000, 100_000)


class TestVisits:
    """A candidate is opened among the projects so that visits can be recorded there."""

    def test_a_visit_stands_on_the_ballot(self, town: Town) -> None:
        round = make_round(State.COLLECTING, place=town.street)
        project = candidate_open_project(by=EVERYWHERE, round=round, number=1, at=OPENED)
        assert project.stage == Stage.CANDIDATE
        assert candidate_open_project(by=EVERYWHERE, round=round, number=1, at=OPENED).pk == project.pk
        visit_record(by=EVERYWHERE, project=project, findings="地方够大", with_deputies=True, at=OPENED)
        page = get_round_page(round.code, at=OPENED)
        assert [one.findings for one in page.candidates[0].visits] == ["地方够大"]

    def test_not_once_the_list_is_public(self, town: Town) -> None:
        with pytest.raises(errors.StepNotPossible):
            candidate_open_project(by=EVERYWHERE, round=make_round(), number=1, at=VOTING)
        round = make_round(State.COLLECTING, place=town.street)
        candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="撤回", at=OPENED)
        with pytest.raises(errors.StepNotPossible):
            candidate_open_project(by=EVERYWHERE, round=round, number=1, at=OPENED)


def test_last_years_projects_stand_beside_this_years_ballot(town: Town) -> None:
    before = make_final(town)
    project = winner_open(by=EVERYWHERE, round=before, number=1, at=LATER)
    project = project_start(by=EVERYWHERE, project=project, at=LATER)
    project = project_deliver(by=EVERYWHERE, project=project, when="年底", at=LATER)
    voter = make_resident(town.estate)
    Evaluation.objects.create(project=project, person_id=voter.person_id, basis="lives", verdict="not", at=LATER)
    round = make_round(State.PUBLISHED, place=town.street, year=2028)
    (card,) = get_round_page(round.code, at=PUBLISHED).last_year
    assert (card.title, card.not_solved, card.budget_fen) == ("新建议事亭", 1, 3_000_000)
    assert get_round_page(before.code, at=LATER).last_year == ()


class TestTheDailyRound:
    """Voting opens and closes on its day; boxes are shuffled."""

    def test_it_opens_shuffles_and_closes(self, town: Town) -> None:
        round = make_round(State.PUBLISHED, place=town.street)
        assert ballots_round(at=datetime(2026, 7, 10, 15, 0, tzinfo=UTC))["opened"] == 0
        assert ballots_round(at=datetime(2026, 7, 10, 16, 0, tzinfo=UTC))["opened"] == 1
        cast(round, [1], make_resident(town.estate))
        before = Ballot.objects.get().pk
        assert ballots_round(at=VOTING) == {"opened": 0, "closed": 0, "shuffled": 1}
        voter_admit(by=EVERYWHERE, round=round, building=town.building, phone="13900000001", at=VOTING)
        assert ballots_round(at=VOTING + timedelta(hours=1))["shuffled"] == 0
        assert VotingPass.objects.count() == 1, "a code of today outlives the round of the hour"
        assert Ballot.objects.get().pk != before
        assert ballots_round(at=CLOSED) == {"opened": 0, "closed": 1, "shuffled": 0}
        assert ballots_round(at=CLOSED) == {"opened": 0, "closed": 0, "shuffled": 0}
        assert Round.objects.get().ballot_count == 1

    def test_a_round_with_paper_is_closed_by_hand(self, town: Town) -> None:
        round = make_round(place=town.street)
        papers_print(by=EVERYWHERE, round=round, number=2, at=VOTING)
        assert ballots_round(at=CLOSED)["closed"] == 0
        assert Round.objects.get().state == State.VOTING
        assert Paper.objects.count() == 2

    def test_a_clock_set_back_turns_nothing(self, town: Town) -> None:
        make_round(place=town.street)
        assert ballots_round(at=PUBLISHED) == {"opened": 0, "closed": 0, "shuffled": 0}


def test_the_candidates_project_may_be_chosen_elsewhere_first(town: Town) -> None:
    known = make_project(place=town.estate)
    round = make_final(town, candidates={1: {"need": known.serves.get().need, "place": town.estate}})
    project_choose(by=EVERYWHERE, project=known, at=LATER)
    project = winner_open(by=EVERYWHERE, round=round, number=1, at=LATER)
    assert project.stage == Stage.CHOSEN
    assert Candidate.objects.get(round=round, number=1).project == known


def test_a_need_with_a_project_of_its_own_is_no_candidate(town: Town) -> None:
    known = make_project(place=town.estate)
    need = known.serves.get().need
    project_choose(by=EVERYWHERE, project=known, at=OPENED)
    with pytest.raises(errors.AlreadyProject, match=known.title):
        make_round(State.COLLECTING, place=town.street, candidates={1: {"need": need, "place": town.estate}})


def test_a_project_chosen_for_its_need_meanwhile_is_not_taken_for_the_winner(town: Town) -> None:
    need = make_need(town.estate)
    round = make_final(town, candidates={1: {"need": need, "place": town.estate}})
    other = make_project(place=town.estate)
    other.serves.update(need=need)
    project_choose(by=EVERYWHERE, project=other, at=LATER)
    with pytest.raises(errors.AlreadyProject):
        winner_open(by=EVERYWHERE, round=round, number=1, at=LATER)
