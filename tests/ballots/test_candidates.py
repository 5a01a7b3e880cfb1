"""Candidates: where they come from, who checks them, and how one is withdrawn before and while people vote."""

from __future__ import annotations

import pytest

from tests.factories.ballots import CHECKED, EVERYWHERE, OPENED, VOTING, cast, make_resident, make_round
from tests.factories.meetings import make_resolution
from tests.factories.people import OrganisationFactory
from tests.factories.projects import make_need, make_project
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Ballot, Candidate, Round
from yiting.ballots.queries.rounds import list_candidates
from yiting.ballots.services import (
    CandidatePlan,
    candidate_add,
    candidate_change,
    candidate_check,
    candidate_withdraw,
)
from yiting.ledger.queries import list_entries
from yiting.notices.models import Notice
from yiting.projects.services import visit_record

pytestmark = pytest.mark.django_db
State = Candidate.State


def plan(round: Round, **more) -> CandidatePlan:
    return CandidatePlan(**{"title": "口袋公园", "place": round.place, "cost_fen": 800_000, **more})


class TestWhereTheyComeFrom:
    """A need, a resolution, a project that is a candidate already, or a sentence."""

    def test_written(self) -> None:
        round = make_round(Round.State.COLLECTING, costs=(1, 2))
        made = candidate_add(by=EVERYWHERE, round=round, plan=plan(round), at=OPENED)
        assert (made.number, made.state, made.need, made.project) == (3, State.PROPOSED, None, None)
        assert list_entries("ballots.round", [round.pk])[-1].facts["title"] == "口袋公园"

    def test_from_a_need_once(self, town: Town) -> None:
        round = make_round(Round.State.COLLECTING, place=town.street, costs=())
        need = make_need(town.estate)
        made = candidate_add(by=EVERYWHERE, round=round, plan=plan(round, need=need), at=OPENED)
        assert made.need == need
        with pytest.raises(errors.CandidateKnown, match=r"No. 1"):
            candidate_add(by=EVERYWHERE, round=round, plan=plan(round, need=need), at=OPENED)

    def test_a_need_that_is_a_project_brings_its_visits(self, town: Town) -> None:
        project = make_project(place=town.estate)
        visit_record(
            by=EVERYWHERE,
            project=project,
            organisations=[town.office],
            deputies=3,
            findings="没有遮阳的地方",
            at=OPENED,
        )
        round = make_round(Round.State.COLLECTING, place=town.street, costs=())
        need = project.serves.get().need
        made = candidate_add(by=EVERYWHERE, round=round, plan=plan(round, need=need), at=OPENED)
        assert made.project == project
        (row,) = list_candidates(round)
        assert [(one.findings, one.organisations, one.with_deputies) for one in row.visits] == [
            ("没有遮阳的地方", ("天骄街道办事处",), True)
        ]

    def test_from_a_resolution_once(self, town: Town) -> None:
        resolution = make_resolution(place=town.here)
        round = make_round(Round.State.COLLECTING, place=town.street, costs=())
        made = candidate_add(by=EVERYWHERE, round=round, plan=plan(round, resolution=resolution), at=OPENED)
        assert made.resolution == resolution
        with pytest.raises(errors.CandidateKnown):
            candidate_add(by=EVERYWHERE, round=round, plan=plan(round, resolution=resolution), at=OPENED)

    def test_from_elsewhere_it_is_refused(self, town: Town) -> None:
        round = make_round(Round.State.COLLECTING, place=town.here, costs=())
        for more in ({"place": town.there}, {"need": make_need(town.there)}):
            with pytest.raises(errors.CandidateElsewhere, match=r"万正社区"):
                candidate_add(by=EVERYWHERE, round=round, plan=plan(round, **more), at=OPENED)

    @pytest.mark.parametrize("cost", [0, -1, 10**14 + 1])
    def test_a_cost_that_cannot_be_is_refused(self, cost: int) -> None:
        round = make_round(Round.State.COLLECTING, costs=())
        with pytest.raises(errors.NumberUnfit):
            candidate_add(by=EVERYWHERE, round=round, plan=plan(round, cost_fen=cost), at=OPENED)

    def test_none_comes_once_the_list_is_public(self) -> None:
        round = make_round(Round.State.PUBLISHED)
        with pytest.raises(errors.SettledAlready):
            candidate_add(by=EVERYWHERE, round=round, plan=plan(round), at=VOTING)
        with pytest.raises(errors.SettledAlready):
            candidate_change(by=EVERYWHERE, round=round, number=1, plan=plan(round), at=VOTING)
        with pytest.raises(errors.SettledAlready):
            candidate_check(by=EVERYWHERE, round=round, number=1, feasible=False, reason="不行", at=VOTING)


class TestTheCheck:
    """The competent department answers in public."""

    def test_the_department_says_yes_with_its_reason(self, town: Town) -> None:
        office = OrganisationFactory(name="区住建局", kind="department", place=town.street.parent)
        round = make_round(Round.State.COLLECTING, place=town.here, costs=())
        candidate_add(by=EVERYWHERE, round=round, plan=plan(round, department=office, cost_fen=None), at=OPENED)
        by = town.actor("worker", office)
        done = candidate_check(
            by=by, round=round, number=1, feasible=True, reason="地方够", cost_fen=700_000, at=CHECKED
        )
        assert (done.state, done.cost_fen, done.check_reason) == (State.FEASIBLE, 700_000, "地方够")
        assert done.checked_role == "worker@区住建局"

    def test_another_department_is_told_of_nothing(self, town: Town) -> None:
        other = OrganisationFactory(name="康巴什区住建局", kind="department", place=town.there)
        round = make_round(Round.State.COLLECTING, place=town.here)
        with pytest.raises(errors.CandidateMissing):
            candidate_check(
                by=town.actor("worker", other), round=round, number=1, feasible=True, reason="好", at=CHECKED
            )

    def test_no_needs_a_reason_too_and_yes_needs_a_cost(self) -> None:
        round = make_round(Round.State.COLLECTING, costs=())
        candidate_add(by=EVERYWHERE, round=round, plan=plan(round, cost_fen=None), at=OPENED)
        with pytest.raises(errors.CostMissing):
            candidate_check(by=EVERYWHERE, round=round, number=1, feasible=True, reason="可以", at=CHECKED)
        with pytest.raises(errors.ReasonMissing):
            candidate_check(by=EVERYWHERE, round=round, number=1, feasible=False, reason="", at=CHECKED)
        done = candidate_check(by=EVERYWHERE, round=round, number=1, feasible=False, reason="地下有燃气管", at=CHECKED)
        assert done.state == State.UNFEASIBLE

    def test_what_is_changed_is_checked_again(self) -> None:
        round = make_round(Round.State.CHECKING)
        done = candidate_change(by=EVERYWHERE, round=round, number=2, plan=plan(round), at=CHECKED)
        assert (done.state, done.check_reason, done.title) == (State.PROPOSED, "", "口袋公园")

    def test_an_unknown_number_is_said(self) -> None:
        round = make_round(Round.State.COLLECTING)
        with pytest.raises(errors.CandidateMissing, match=r"No. 9"):
            candidate_check(by=EVERYWHERE, round=round, number=9, feasible=True, reason="好", at=CHECKED)


class TestWithdrawing:
    """With a public reason; whoever has voted keeps their ballot and is told."""

    def test_while_people_vote(self, town: Town) -> None:
        round = make_round(place=town.street)
        voter = make_resident(town.estate)
        cast(round, [1, 2], voter)
        before = Ballot.objects.get()
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="管线要先迁", at=VOTING)
        after = Ballot.objects.get()
        assert (after.marks, after.leaf) == (before.marks, before.leaf) == ([[1, 1], [2, 1]], before.leaf)
        notice = Notice.objects.get(person_id=voter.person_id, channel="inbox")
        assert "管线要先迁" in notice.body
        told = list_entries("ballots.round", [round.pk], public_only=True)[-1]
        assert (told.kind, told.facts["reason"]) == ("ballots.candidate.withdrawn", "管线要先迁")

    def test_nobody_votes_for_it_any_more(self, town: Town) -> None:
        round = make_round(place=town.street)
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="管线要先迁", at=VOTING)
        voter = make_resident(town.estate)
        with pytest.raises(errors.CandidateWithdrawn, match=r"楼道装扶手.*管线要先迁"):
            cast(round, [1, 2], voter)
        cast(round, [1], voter)
        assert Ballot.objects.count() == 1

    def test_it_is_done_once_and_with_a_reason(self) -> None:
        round = make_round()
        with pytest.raises(errors.ReasonMissing):
            candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason=" ", at=VOTING)
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="管线要先迁", at=VOTING)
        with pytest.raises(errors.WithdrawnAlready):
            candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="再撤", at=VOTING)

    def test_what_is_withdrawn_is_not_changed_or_checked(self) -> None:
        round = make_round(Round.State.CHECKING)
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="管线要先迁", at=CHECKED)
        with pytest.raises(errors.WithdrawnAlready):
            candidate_change(by=EVERYWHERE, round=round, number=2, plan=plan(round), at=CHECKED)
        with pytest.raises(errors.WithdrawnAlready):
            candidate_check(by=EVERYWHERE, round=round, number=2, feasible=True, reason="好", at=CHECKED)
