"""Counting by the published rule, withdrawals that make a count stale, objections, decisions otherwise, the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories.ballots import (
    BUDGET,
    CLOSED,
    EVERYWHERE,
    LATER,
    VOTING,
    cast,
    make_deputy,
    make_resident,
    make_round,
)
from tests.factories.places import make_estate
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.electing import count, published_order
from yiting.ballots.export import ballots_file
from yiting.ballots.models import Allocation, Candidate, Kind, Objection, Round, Rule
from yiting.ballots.queries.built import get_built
from yiting.ballots.queries.results import get_result_page
from yiting.ballots.services import (
    candidate_withdraw,
    objection_answer,
    objection_raise,
    override_take_back,
    round_count,
    round_finish,
    voting_close,
    winner_override,
)
from yiting.ballots.services.counting import filled
from yiting.ledger.queries import list_entries
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.django_db
State = Round.State
# What each of some voters wants of the four candidates (3, 2, 2.5 and 1.5 of 5).
WISHES = ([1, 2], [1, 2], [1], [3], [3, 4], [4])


def make_counted(town: Town, wishes=WISHES, **more: Any) -> Round:
    """A counted round in which these people voted."""
    round = make_round(place=town.street, **more)
    for marks in wishes:
        cast(round, marks, make_resident(town.estate))
    voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
    round_count(by=EVERYWHERE, round=round, at=CLOSED)
    return Round.objects.select_related("place").get(pk=round.pk)


def told(round: Round, kind: str) -> list[dict[str, Any]]:
    return [dict(row.facts) for row in list_entries("ballots.round", [round.pk], public_only=True) if row.kind == kind]


class TestCounting:
    """The rule that was published, and nothing else."""

    def test_the_most_votes_first(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        counted = Allocation.objects.get()
        # 1 has three votes; 2, 3 and 4 have two each, and the cheaper comes first: 4, and then nothing fits
        assert (counted.winners, counted.cost_fen) == ([1, 4], 4_500_000)
        assert round.state == State.OBJECTING
        (facts,) = told(round, "ballots.result.counted")
        assert facts == {"turn": 1, "winners": [1, 4], "cost_fen": 4_500_000, "left_out": []}

    def test_ties_go_by_the_published_order(self, town: Town) -> None:
        make_counted(town, rule=Rule.GREEDY, ties="listed")
        counted = Allocation.objects.get()
        assert counted.winners == [1, 2]
        assert counted.ties[-1]["chosen"] == 2

    def test_a_drawn_order_can_be_drawn_again(self, town: Town) -> None:
        wishes = ([1, 2, 3, 4],) * 3
        round = make_counted(town, wishes=wishes, rule=Rule.GREEDY, ties="drawn")
        counted = Allocation.objects.get()
        listed = list(Candidate.objects.filter(round=round))
        assert list(count(round, listed, filled(round), ()).winners) == counted.winners
        orders = set()
        for seal in ("a", "b", "c", "d", "e", "f"):
            round.root = seal * 64
            orders.add(tuple(one.number for one in published_order(round, listed)))
        assert len(orders) > 1, "another seal draws another lot"

    @pytest.mark.parametrize(
        "more",
        [
            {"rule": rule, "satisfaction": measure}
            for rule in (Rule.GREEDY, Rule.GREEDY_COST, Rule.EQUAL_SHARES, Rule.PHRAGMEN, Rule.MAX_WELFARE)
            for measure in ("cost", "cardinality")
        ]
        + [{"completion": one} for one in ("none", "add1", "add1_exhaustive", "greedy")]
        + [{"satisfaction": "covered"}],
    )
    def test_every_rule_stays_within_the_money_and_is_explained(self, town: Town, more) -> None:
        round = make_counted(town, **more)
        page = get_result_page(round)
        assert 0 < page.counted.cost_fen <= BUDGET
        assert page.counted.cost_fen == sum(row.candidate.cost_fen or 0 for row in page.winners)
        assert {row.candidate.number for row in page.losses} | set(page.counted.winners) == {1, 2, 3, 4}
        assert len(page.others) >= 6
        assert all(row.name for row in page.others)
        assert page.others_picture.startswith("<svg")
        assert page.money.over == BUDGET - page.counted.cost_fen

    @pytest.mark.parametrize(
        ("kind", "marks"),
        [
            (Kind.UP_TO, {1: 1, 4: 1}),
            (Kind.POINTS, {1: 3, 4: 2}),
            (Kind.RANKING, {4: 1, 1: 2}),
            (Kind.KNAPSACK, {1: 1, 4: 1}),
        ],
    )
    @pytest.mark.parametrize("rule", [Rule.GREEDY_COST, Rule.EQUAL_SHARES, Rule.MAX_WELFARE])
    def test_every_kind_of_ballot_is_counted(self, town: Town, kind: str, marks, rule: str) -> None:
        make_counted(town, wishes=(marks,) * 3, kind=kind, most=5, rule=rule)
        assert set(Allocation.objects.get().winners) == {1, 4}

    def test_an_empty_box_builds_nothing_and_says_so(self, town: Town) -> None:
        round = make_counted(town, wishes=())
        page = get_result_page(round)
        assert (page.counted.winners, page.money.given) == ([], 0)

    def test_sums_that_are_no_whole_yuan_are_counted_in_fen(self, town: Town) -> None:
        make_counted(town, wishes=([1], [2]), budget_fen=500, costs=(301, 150, 499), rule=Rule.GREEDY)
        assert Allocation.objects.get().cost_fen == 451

    def test_of_alternatives_one_is_built(self, town: Town) -> None:
        either = {2: {"alternatives": "扶手"}, 4: {"alternatives": "扶手"}}
        make_counted(town, wishes=([2, 4],) * 3, candidates=either)
        assert len({2, 4} & set(Allocation.objects.get().winners)) == 1

    def test_estates_are_told_of_where_enough_voted(self, town: Town) -> None:
        round = make_round(place=town.street, smallest_group=5)
        large = make_estate("大小区", town.here, households=300)
        for marks, estate in (([1], large), ([1], large), ([3], large), ([3], large), ([3], large)):
            cast(round, marks, make_resident(estate))
        for _each in range(5):
            cast(round, [3], make_resident())
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        page = get_result_page(Round.objects.get())
        assert {row["group"]: row["voters"] for row in page.groups} == {
            "天骄社区 大小区": 5,
            "Elsewhere in the place": 5,
        }
        paid = {(row.candidate.number, row.group): row.voters for row in page.payments}
        assert paid[(3, "天骄社区 大小区")] == 3
        assert all("天骄社区 大小区" in drawn for drawn in (page.groups_picture, page.payments_picture))

    def test_it_is_counted_when_it_is_closed_and_once(self, town: Town) -> None:
        with pytest.raises(errors.StepNotPossible):
            round_count(by=EVERYWHERE, round=make_round(), at=CLOSED)
        round = make_counted(town)
        with pytest.raises(errors.CountStands):
            round_count(by=EVERYWHERE, round=round, at=CLOSED)
        with pytest.raises(errors.RoundMissing):
            round_count(by=town.actor("worker", town.ours), round=round, at=CLOSED)

    def test_before_it_is_counted_there_is_no_result(self, town: Town) -> None:
        with pytest.raises(errors.NotCountedYet):
            get_result_page(make_round(State.COUNTING))


class TestDeputies:
    """A majority with its threshold."""

    def vote(self, town: Town, threshold: str, *, present: int = 5) -> Round:
        """Of six deputies five come: 1 gets all, 2 gets four, 3 gets three, 4 gets two."""
        deputies = [make_deputy(town.street, town.office) for _each in range(6)]
        round = make_round(place=town.street, who="deputies", kind=Kind.YES_NO, threshold=threshold, budget_fen=10**7)
        for number, deputy in enumerate(deputies[:present]):
            cast(round, {1: 1, 2: 1 if number else -1, 3: 1 if number > 1 else 0, 4: 1 if number > 2 else -1}, deputy)
        voting_close(by=EVERYWHERE, round=round, reason="表决结束", at=CLOSED)
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        return Round.objects.get()

    @pytest.fixture(autouse=True)
    def _all_fits(self, monkeypatch) -> None:
        monkeypatch.setattr("yiting.ballots.services.rounds.cost_of_all", lambda listed, limits: 10**9)

    @pytest.mark.parametrize(
        ("threshold", "winners", "needed"),
        [("half_of_all", [1, 2], 4), ("half_of_cast", [1, 2, 3], 3), ("two_thirds_of_all", [1], 5)],
    )
    def test_each_threshold(self, town: Town, threshold: str, winners, needed: int) -> None:
        page = get_result_page(self.vote(town, threshold))
        assert (page.counted.winners, page.counted.explanation["needed"]) == (winners, needed)
        assert [(row["for"], row["against"], row["abstain"]) for row in page.said] == [
            (5, 0, 0),
            (4, 1, 0),
            (3, 0, 2),
            (2, 3, 0),
        ]
        assert page.others_picture == ""

    def test_a_deputy_entered_after_opening_counts_in_the_majority_and_in_the_file(self, town: Town) -> None:
        make_deputy(town.street, town.office)
        round = make_round(place=town.street, who="deputies", kind=Kind.YES_NO)
        assert round.electorate == 1
        for _each in range(4):
            cast(round, {1: 1}, make_deputy(town.street, town.office))
        voting_close(by=EVERYWHERE, round=round, reason="表决结束", at=CLOSED)
        counted = round_count(by=EVERYWHERE, round=round, at=CLOSED)
        assert (counted.explanation["base"], counted.explanation["needed"]) == (4, 3)
        assert "needed,3" in ballots_file(Round.objects.select_related("place").get()).text.splitlines()


class TestAWithdrawal:
    """What is withdrawn is left out; a count from before does not stand."""

    def test_the_file_of_ballots_leaves_it_out_at_once(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        assert "新建议事亭" in ballots_file(round).text
        candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="场地没谈成", at=CLOSED)
        assert "新建议事亭" not in ballots_file(round).text

    def test_the_count_leaves_it_out_and_the_ballots_count_for_the_others(self, town: Town) -> None:
        round = make_round(place=town.street, rule=Rule.GREEDY)
        for marks in WISHES:
            cast(round, marks, make_resident(town.estate))
        candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="另有资金", at=VOTING)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        counted = round_count(by=EVERYWHERE, round=round, at=CLOSED)
        assert (counted.winners, counted.left_out) == ([4, 2], [1])
        assert counted.explanation["voters"] == len(WISHES)

    def test_after_the_count_it_is_counted_again_and_both_are_seen(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="土地不批", at=CLOSED)
        for refused in (
            lambda: round_finish(by=EVERYWHERE, round=round, reason="无异议", at=LATER),
            lambda: winner_override(
                by=EVERYWHERE, round=round, number=2, takes_in=True, reason="好", legal_basis="法", at=CLOSED
            ),
        ):
            with pytest.raises(errors.CountStale):
                refused()
        again = round_count(by=EVERYWHERE, round=round, at=CLOSED)
        assert (again.turn, again.winners, again.left_out) == (2, [4, 2], [1])
        page = get_result_page(round)
        assert [one.winners for one in page.earlier] == [[1, 4]]
        assert [one.number for one in page.withdrawn] == [1]


class TestObjections:
    """By residents, in their days, answered in public."""

    def test_a_resident_objects_and_is_answered(self, town: Town) -> None:
        round, resident = make_counted(town), make_resident(town.estate)
        objection_raise(by=resident, round=round, text="扶手应该先装", at=CLOSED)
        done = objection_answer(by=EVERYWHERE, round=round, number=1, answer="按公布的规则计票", at=CLOSED)
        assert (done.text, done.answer, done.answered_role) == ("扶手应该先装", "按公布的规则计票", "system:tests")
        notice = Notice.objects.get(person_id=resident.person_id, channel="inbox")
        assert notice.body == "按公布的规则计票"
        assert [facts["number"] for facts in told(round, "ballots.objection.raised")] == [1]

    def test_only_who_lives_there_and_only_in_the_days(self, town: Town) -> None:
        round = make_counted(town)
        with pytest.raises(errors.NotAllowed):
            objection_raise(by=RESIDENT, round=round, text="不同意", at=CLOSED)
        after = datetime(2026, 7, 27, 4, 0, tzinfo=UTC)
        with pytest.raises(errors.ObjectionsOver, match="2026-07-26"):
            objection_raise(by=make_resident(town.estate), round=round, text="不同意", at=after)
        with pytest.raises(errors.ObjectionsOver):
            objection_raise(by=make_resident(town.estate), round=make_round(place=town.street), text="不", at=VOTING)

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [(" ", errors.ReasonMissing), ("长" * 401, errors.WordsTooLong), ("打13812345678", errors.PersonalInside)],
    )
    def test_words_that_cannot_be_public_are_refused(self, town: Town, text: str, refusal) -> None:
        round = make_counted(town)
        with pytest.raises(refusal):
            objection_raise(by=make_resident(town.estate), round=round, text=text, at=CLOSED)
        assert not Objection.objects.exists()

    def test_staff_note_what_came_on_paper(self, town: Town) -> None:
        round = make_counted(town)
        noted = objection_raise(by=town.actor("street", town.office), round=round, text="纸面异议", at=CLOSED)
        assert noted.person is None

    def test_only_who_runs_the_round_answers(self, town: Town) -> None:
        round = make_counted(town)
        objection_raise(by=make_resident(town.estate), round=round, text="不同意", at=CLOSED)
        with pytest.raises(errors.RoundMissing):
            objection_answer(by=town.actor("worker", town.ours), round=round, number=1, answer="好", at=CLOSED)
        with pytest.raises(errors.ObjectionMissing):
            objection_answer(by=EVERYWHERE, round=round, number=9, answer="好", at=CLOSED)


class TestADecisionOtherwise:
    """Only with a public reason and a named law; both results stay visible."""

    def override(self, round: Round, number: int, takes_in: bool, **more: Any) -> None:
        base = {"reason": "资金另有安排", "legal_basis": "《地方组织法》第十一条"}
        winner_override(by=EVERYWHERE, round=round, number=number, takes_in=takes_in, at=CLOSED, **(base | more))

    def test_both_results_are_seen(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        self.override(round, 4, False)
        self.override(round, 2, True)
        page = get_result_page(round)
        assert [(row.candidate.number, row.by_rule, row.built) for row in page.winners] == [
            (1, True, True),
            (4, True, False),
            (2, False, True),
        ]
        assert page.counted.winners == [1, 4]
        assert page.overridden
        assert [facts["legal_basis"] for facts in told(round, "ballots.winner.overridden")] == [
            "《地方组织法》第十一条"
        ] * 2

    @pytest.mark.parametrize(
        ("more", "refusal"),
        [({"reason": ""}, errors.ReasonMissing), ({"legal_basis": " "}, errors.LegalBasisMissing)],
    )
    def test_without_reason_or_law_it_is_refused(self, town: Town, more, refusal) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        with pytest.raises(refusal):
            self.override(round, 4, False, **more)

    def test_what_makes_no_sense_is_refused(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        for number, takes_in, words in (
            (4, True, "built already"),
            (3, False, "not built anyway"),
            (2, True, r"cost 65000 yuan, and there are 50000"),
        ):
            with pytest.raises(errors.OverrideUnfit, match=words):
                self.override(round, number, takes_in)
        self.override(round, 4, False)
        with pytest.raises(errors.OverrideUnfit, match="decided about"):
            self.override(round, 4, True)

    def test_it_is_taken_back_and_the_ledger_keeps_both(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        self.override(round, 4, False)
        self.override(round, 2, True)
        with pytest.raises(errors.OverrideUnfit, match=r"cost 65000 yuan, and there are 50000"):
            override_take_back(by=EVERYWHERE, round=round, number=4, reason="代表大会没有同意", at=CLOSED)
        for number in (2, 4):
            override_take_back(by=EVERYWHERE, round=round, number=number, reason="代表大会没有同意", at=CLOSED)
        page = get_result_page(round)
        assert [(row.candidate.number, row.built) for row in page.winners] == [(1, True), (4, True)]
        assert len(told(round, "ballots.winner.overridden")) == 2
        assert [facts["number"] for facts in told(round, "ballots.override.taken_back")] == [2, 4]
        with pytest.raises(errors.OverrideUnfit, match="Nothing was decided"):
            override_take_back(by=EVERYWHERE, round=round, number=4, reason="再来一次", at=CLOSED)

    def test_an_alternative_of_what_is_built_is_not_taken_in(self, town: Town) -> None:
        both = {number: {"alternatives": "公园"} for number in (1, 2)}
        round = make_counted(town, rule=Rule.GREEDY, candidates=both)
        self.override(round, 4, False)
        with pytest.raises(errors.OverrideUnfit, match="Only one of “公园” can be built"):
            self.override(round, 2, True)

    def test_what_was_taken_in_and_withdrawn_is_not_built(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        self.override(round, 4, False)
        self.override(round, 2, True)
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="场地没谈成", at=CLOSED)
        for act in (
            lambda: self.override(round, 3, True),
            lambda: override_take_back(by=EVERYWHERE, round=round, number=4, reason="好", at=CLOSED),
        ):
            with pytest.raises(errors.CountStale):
                act()
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        assert get_built(round.pk) == (1,)
        with pytest.raises(errors.OverrideUnfit, match="cannot be built"):
            self.override(round, 2, True)

    def test_a_new_count_beside_an_old_decision_may_cost_too_much(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        self.override(round, 1, False)
        self.override(round, 3, True)
        candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="场地没谈成", at=CLOSED)
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        with pytest.raises(errors.OverrideUnfit, match=r"together would cost 60000 yuan, and there are 50000"):
            round_finish(by=EVERYWHERE, round=round, reason="公示期满", at=LATER)

    @pytest.mark.parametrize("number", [1, 9])
    def test_nothing_is_decided_before_the_count(self, town: Town, number: int) -> None:
        round = make_round(State.COUNTING, place=town.street)
        with pytest.raises(errors.NotCountedYet):
            self.override(round, number, True)

    def test_once_it_is_final_nothing_is_decided_or_answered(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        objection_raise(by=EVERYWHERE, round=round, text="请再数一遍", at=CLOSED)
        objection_answer(by=EVERYWHERE, round=round, number=1, answer="数过了", at=CLOSED)
        round_finish(by=EVERYWHERE, round=round, reason="公示期满", at=LATER)
        with pytest.raises(errors.NotCountedYet):
            winner_override(
                by=EVERYWHERE, round=round, number=4, takes_in=False, reason="好", legal_basis="法", at=LATER
            )
        with pytest.raises(errors.NotCountedYet):
            override_take_back(by=EVERYWHERE, round=round, number=4, reason="好", at=LATER)
        with pytest.raises(errors.ObjectionsOver):
            objection_answer(by=EVERYWHERE, round=round, number=1, answer="又数了", at=LATER)
        with pytest.raises(errors.StepNotPossible):
            candidate_withdraw(by=EVERYWHERE, round=round, number=4, reason="不做了", at=LATER)

    def test_whom_it_is_not_decides_nothing(self, town: Town) -> None:
        round = make_counted(town)
        for kind in ("deputy", "worker"):
            with pytest.raises(errors.RoundMissing):
                winner_override(
                    by=town.actor(kind, town.ours),
                    round=round,
                    number=1,
                    takes_in=True,
                    reason="好",
                    legal_basis="法",
                    at=CLOSED,
                )


class TestTheEnd:
    """Final once its days are over and each objection has its answer."""

    def test_it_waits_for_the_days_and_the_answers(self, town: Town) -> None:
        round = make_counted(town, rule=Rule.GREEDY)
        objection_raise(by=make_resident(town.estate), round=round, text="不同意", at=CLOSED)
        with pytest.raises(errors.TooEarly, match="2026-07-26"):
            round_finish(by=EVERYWHERE, round=round, reason="无异议", at=CLOSED + timedelta(days=5))
        with pytest.raises(errors.ObjectionsOpen, match="1 objection"):
            round_finish(by=EVERYWHERE, round=round, reason="无异议", at=LATER)
        objection_answer(by=EVERYWHERE, round=round, number=1, answer="按规则", at=LATER)
        held = round_finish(by=EVERYWHERE, round=round, reason="异议已答复", at=LATER)
        assert held.state == State.FINAL
        (facts,) = told(round, "ballots.round.final")
        assert (facts["winners"], facts["by_rule"]) == ([1, 4], [1, 4])

    def test_it_is_counted_first(self, town: Town) -> None:
        with pytest.raises(errors.StepNotPossible):
            round_finish(by=EVERYWHERE, round=make_round(State.COUNTING), reason="好", at=LATER)
