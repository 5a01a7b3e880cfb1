"""A round from its opening to the public list: the plan, the calendar, who may, and what the ledger is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from tests.factories.ballots import (
    BUDGET,
    CHECKED,
    CLOSED,
    EVERYWHERE,
    FIRST,
    OPENED,
    PUBLISHED,
    VOTING,
    make_plan,
    make_round,
)
from tests.factories.people import AccountFactory
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Kind, RefusedAttempts, Round, Rule
from yiting.ballots.services import (
    candidate_check,
    candidate_withdraw,
    observer_appoint,
    round_call_off,
    round_change,
    round_check,
    round_collect_again,
    round_open,
    round_publish,
    voting_close,
    voting_open,
)
from yiting.ballots.states import TRANSITIONS
from yiting.ledger.queries import list_entries
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.django_db
State = Round.State


def told(round: Round) -> list[str]:
    return [row.kind for row in list_entries("ballots.round", [round.pk])]


def test_its_rule_and_its_money_are_public_from_the_first_day() -> None:
    round = round_open(by=EVERYWHERE, plan=make_plan(), at=OPENED)
    (entry,) = list_entries("ballots.round", [round.pk], public_only=True)
    assert (round.state, entry.kind) == (State.COLLECTING, "ballots.round.opened")
    assert (entry.facts["budget_fen"], entry.facts["rule"], entry.facts["ties"]) == (BUDGET, "equal_shares", "cheaper")
    assert entry.facts["closes_on"] == "2026-07-20"


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"title": " "}, errors.TitleMissing),
        ({"title": "题" * 121}, errors.TitleMissing),
        ({"title": "打13812345678报名"}, errors.PersonalInside),
        ({"about": "说" * 4_001}, errors.WordsTooLong),
        ({"budget_fen": 0}, errors.BudgetUnfit),
        ({"opens_on": FIRST + timedelta(days=20)}, errors.DaysUnfit),
        ({"who": "deputies", "by_household": True}, errors.VotersUnfit),
        ({"who": "members"}, errors.VotersUnfit),
        ({"kind": Kind.UP_TO}, errors.NumberUnfit),
        ({"kind": Kind.POINTS, "most": 1_001}, errors.NumberUnfit),
        ({"smallest_group": 4}, errors.NumberUnfit),
        ({"rule": Rule.MAJORITY}, errors.RuleUnfit),
        ({"kind": Kind.YES_NO}, errors.RuleUnfit),
    ],
)
def test_a_plan_that_cannot_be_is_refused(more, refusal) -> None:
    with pytest.raises(refusal) as refused:
        round_open(by=EVERYWHERE, plan=make_plan(**more), at=OPENED)
    assert str(refused.value)
    assert not Round.objects.exists()


def test_days_in_the_wrong_order_are_named() -> None:
    with pytest.raises(errors.DaysUnfit, match=r"Voting until.*Voting from"):
        round_open(by=EVERYWHERE, plan=make_plan(closes_on=FIRST + timedelta(days=9)), at=OPENED)


def test_it_goes_its_way_step_by_step(town: Town) -> None:
    round = make_round(State.COUNTING, place=town.street, by=town.actor("street", town.office))
    assert round.state == State.COUNTING
    kinds = told(round)
    assert [one for one in kinds if "candidate" not in one] == [
        "ballots.round.opened",
        "ballots.round.checking",
        "ballots.round.published",
        "ballots.voting.opened",
        "ballots.voting.closed",
    ]


@pytest.mark.parametrize("kind", ["worker", "deputy", "alliance"])
def test_whom_it_is_not_does_nothing(town: Town, kind: str) -> None:
    by = town.actor(kind, town.ours if kind == "worker" else town.office)
    with pytest.raises(errors.RoundMissing):
        round_open(by=by, plan=make_plan(town.street), at=OPENED)
    round = make_round(State.COLLECTING, place=town.street)
    for act in (round_check, round_collect_again, round_publish, voting_open, voting_close, round_call_off):
        with pytest.raises(errors.RoundMissing):
            act(by=by, round=round, reason="好", at=CLOSED)
        with pytest.raises(errors.RoundMissing):
            act(by=RESIDENT, round=round, reason="好", at=CLOSED)
    with pytest.raises(errors.RoundMissing):
        round_change(by=by, round=round, plan=make_plan(town.street), reason="好", at=CHECKED)
    with pytest.raises(errors.RoundMissing):
        observer_appoint(by=by, round=round, account=AccountFactory(), at=CHECKED)


def test_a_step_needs_its_reason() -> None:
    round = make_round(State.COLLECTING)
    with pytest.raises(errors.ReasonMissing):
        round_check(by=EVERYWHERE, round=round, reason="  ", at=CHECKED)
    with pytest.raises(errors.WordsTooLong):
        round_check(by=EVERYWHERE, round=round, reason="因" * 401, at=CHECKED)
    assert Round.objects.get().state == State.COLLECTING


@pytest.mark.parametrize("state", [State.COLLECTING, State.CHECKING, State.PUBLISHED, State.VOTING, State.COUNTING])
def test_only_the_declared_ways_are_open(state: str) -> None:
    round = make_round(state)
    acts = {
        State.CHECKING: round_check,
        State.COLLECTING: round_collect_again,
        State.PUBLISHED: round_publish,
        State.VOTING: voting_open,
        State.COUNTING: voting_close,
    }
    for target, act in acts.items():
        if target not in TRANSITIONS[state]:
            with pytest.raises(errors.StepNotPossible):
                act(by=EVERYWHERE, round=round, reason="好", at=CLOSED)
    assert Round.objects.get().state == state


def test_it_may_go_back_to_collecting_and_be_called_off() -> None:
    round = make_round(State.CHECKING)
    round_collect_again(by=EVERYWHERE, round=round, reason="名单太短", at=CHECKED)
    round_check(by=EVERYWHERE, round=round, reason="够了", at=CHECKED)
    off = round_call_off(by=EVERYWHERE, round=round, reason="资金没有到位", at=CHECKED)
    assert (off.state, off.reason) == (State.CALLED_OFF, "资金没有到位")
    assert TRANSITIONS[State.CALLED_OFF] == frozenset()


def test_no_step_comes_before_its_public_day() -> None:
    round = make_round(State.CHECKING)
    with pytest.raises(errors.TooEarly, match=r"2026-07-09"):
        round_publish(by=EVERYWHERE, round=round, reason="早一点", at=CHECKED)
    round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)
    with pytest.raises(errors.TooEarly, match=r"2026-07-11"):
        voting_open(by=EVERYWHERE, round=round, reason="早一点", at=PUBLISHED)
    voting_open(by=EVERYWHERE, round=round, reason="开始", at=VOTING)
    with pytest.raises(errors.TooEarly, match=r"2026-07-20"):
        voting_close(by=EVERYWHERE, round=round, reason="早一点", at=VOTING)


class TestTheList:
    """What may be made public."""

    def test_it_must_be_longer_than_what_can_be_built(self) -> None:
        round = make_round(State.CHECKING, costs=(2_000_000, 3_000_000))
        with pytest.raises(errors.ListTooShort, match=r"2 candidates.*50000 yuan.*50000"):
            round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)
        assert Round.objects.get().state == State.CHECKING

    def test_an_office_may_leave_that_rule_out(self) -> None:
        round = make_round(State.CHECKING, costs=(2_000_000, 3_000_000), longer_list=False)
        assert round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED).state == State.PUBLISHED

    def test_of_alternatives_only_the_dearest_counts(self) -> None:
        either = {1: {"alternatives": "议事亭"}, 2: {"alternatives": "议事亭"}}
        round = make_round(State.CHECKING, costs=(3_000_000, 2_500_000, 1_900_000), candidates=either)
        with pytest.raises(errors.ListTooShort, match=r"49000"):
            round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)

    def test_everything_on_it_was_checked(self) -> None:
        round = make_round(State.COLLECTING)
        round_check(by=EVERYWHERE, round=round, reason="征集结束", at=CHECKED)
        candidate_check(by=EVERYWHERE, round=round, number=1, feasible=True, reason="可以", at=CHECKED)
        with pytest.raises(errors.ChecksOpen, match=r"楼道装扶手、电动车充电棚、口袋公园长椅"):
            round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)

    def test_there_are_two_to_choose_from(self) -> None:
        round = make_round(State.CHECKING, costs=(2_000_000, 4_000_000))
        candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="另有资金", at=CHECKED)
        with pytest.raises(errors.NothingToChoose):
            round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)

    def test_nothing_on_it_costs_more_than_there_is(self) -> None:
        round = make_round(State.CHECKING, costs=(2_000_000, BUDGET + 1))
        with pytest.raises(errors.DearerThanBudget, match=r"楼道装扶手"):
            round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)


class TestAChange:
    """What may still be changed, and when."""

    def test_before_the_list_is_public_everything_may_be(self) -> None:
        round = make_round(State.CHECKING)
        plan = make_plan(round.place, budget_fen=9_000_000, kind=Kind.KNAPSACK, rule=Rule.GREEDY)
        held = round_change(by=EVERYWHERE, round=round, plan=plan, reason="区里增加了资金", at=CHECKED)
        assert (held.budget_fen, held.kind, held.rule) == (9_000_000, Kind.KNAPSACK, Rule.GREEDY)
        assert list_entries("ballots.round", [round.pk])[-1].facts["reason"] == "区里增加了资金"

    def test_afterwards_only_days_to_come_are_put_off(self) -> None:
        round = make_round(State.VOTING)
        later = make_plan(round.place, closes_on=FIRST + timedelta(days=22))
        held = round_change(by=EVERYWHERE, round=round, plan=later, reason="下雨", at=VOTING)
        assert held.closes_on == FIRST + timedelta(days=22)
        for plan in (
            make_plan(round.place),
            make_plan(round.place, budget_fen=BUDGET + 1, closes_on=FIRST + timedelta(days=22)),
            make_plan(round.place, opens_on=FIRST + timedelta(days=11), closes_on=FIRST + timedelta(days=22)),
        ):
            with pytest.raises(errors.SettledAlready):
                round_change(by=EVERYWHERE, round=round, plan=plan, reason="不行", at=VOTING)

    def test_a_round_with_candidates_stays_in_its_place(self, town: Town) -> None:
        round = make_round(State.COLLECTING, place=town.street)
        with pytest.raises(errors.SettledAlready):
            round_change(by=EVERYWHERE, round=round, plan=make_plan(town.here), reason="搬", at=CHECKED)


def test_a_clock_set_back_is_refused_and_counted() -> None:
    round = make_round(State.CHECKING)
    with pytest.raises(errors.ClockSetBack, match=r"2026-07-01 12:00:00.*2026-07-05 12:00:00"):
        round_publish(by=EVERYWHERE, round=round, reason="公布", at=OPENED)
    assert Round.objects.get().state == State.CHECKING
    counted = RefusedAttempts.objects.get()
    assert (counted.why, counted.number, counted.on.isoformat()) == ("clock", 1, "2026-07-01")


def test_a_refusal_undoes_the_whole_act() -> None:
    round = make_round(State.CHECKING, costs=(2_000_000, 3_000_000))
    before = told(round)
    with transaction.atomic(), pytest.raises(errors.ListTooShort):
        round_publish(by=EVERYWHERE, round=round, reason="公布", at=PUBLISHED)
    assert told(round) == before


def test_an_observer_is_appointed_once() -> None:
    round, account = make_round(State.COLLECTING), AccountFactory()
    for _time in range(2):
        observer_appoint(by=EVERYWHERE, round=round, account=account, at=CHECKED)
    assert told(round).count("ballots.observer.appointed") == 1
    assert round.observers.get().account == account


def test_whoever_waited_for_the_lock_is_not_told_of_a_clock_set_back() -> None:
    round = make_round(State.COLLECTING)
    later = OPENED + timedelta(seconds=30)
    round_check(by=EVERYWHERE, round=round, reason="收齐了", at=later)
    round_collect_again(by=EVERYWHERE, round=round, reason="再收几天", at=OPENED)
    assert Round.objects.get().changed_at == later


def test_residents_do_not_vote_for_and_against() -> None:
    with pytest.raises(errors.MajorityUnfit):
        round_open(by=EVERYWHERE, plan=make_plan(kind="yes_no", rule="majority"), at=OPENED)


def test_a_round_whose_opening_was_missed_is_put_off() -> None:
    round = make_round(State.PUBLISHED)
    with pytest.raises(errors.NotOpen):
        voting_open(by=EVERYWHERE, round=round, reason="晚了", at=CLOSED)
    days = {"opens_on": 22, "closes_on": 29, "objections_until_on": 30}
    later = make_plan(round.place, **{name: FIRST + timedelta(days=day) for name, day in days.items()}, about="改期")
    round_change(by=EVERYWHERE, round=round, plan=later, reason="没有按时开始", at=CLOSED)
    assert Round.objects.get().closes_on == FIRST + timedelta(days=29)
    assert Round.objects.get().about == "改期"
