"""What holds of every rule: as a slow one in fractions has it, within the budget and the limits, and fair as proven."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.allocations import (
    Cast,
    Election,
    Limit,
    Outcome,
    Project,
    compared,
    cost_replaced,
    elect,
    election_of,
    explained,
    supporters_added,
)
from yiting.methods.allocations.board import board_of
from yiting.methods.allocations.electing import is_exhaustive, shares_bought
from yiting.methods.allocations.results import Completion, Rule, Satisfaction
from yiting.methods.allocations.shares import equal_shares

few = settings(max_examples=60, deadline=None, derandomize=True)
RULES: tuple[Rule, ...] = ("greedy", "equal-shares", "phragmen", "max-welfare")
COMPLETIONS: tuple[Completion, ...] = ("none", "add1", "add1-exhaustive", "greedy")


@st.composite
def elections(draw: st.DrawFn, *, with_points: bool = False, most_projects: int = 6, most_cost: int = 8) -> Election:
    """Small ones with many ties."""
    number = draw(st.integers(1, most_projects))
    costs = draw(st.lists(st.integers(1, most_cost), min_size=number, max_size=number))
    projects = [Project(f"p{at}", cost) for at, cost in enumerate(costs)]
    ballot = st.lists(st.sampled_from([one.id for one in projects]), unique=True, max_size=number)
    casts = []
    for choices in draw(st.lists(ballot, min_size=1, max_size=7)):
        points = tuple(draw(st.integers(0, 3)) for _ in choices) if with_points else ()
        casts.append(Cast(tuple(choices), points, draw(st.sampled_from("甲乙")), draw(st.integers(1, 3))))
    budget = Fraction(draw(st.integers(1, 30)), draw(st.sampled_from((1, 1, 3))))
    return election_of(projects, casts, budget=budget, kind="cumulative" if with_points else "approval")


def people_of(election: Election) -> list[dict[int, int]]:
    """Each voter's points, one by one."""
    people = []
    for row, weight in enumerate(election.weights.tolist()):
        inside = slice(int(election.starts[row]), int(election.starts[row + 1]))
        ballot = dict(zip(election.columns[inside].tolist(), election.points[inside].tolist(), strict=True))
        people += [ballot] * weight
    return people


def utilities(election: Election, satisfaction: Satisfaction) -> list[dict[int, Fraction]]:
    """What each voter gains from each project he named."""
    costs = [Fraction(one.cost) for one in election.projects]
    gains = [
        {
            at: {"cost": costs[at], "cardinality": Fraction(1), "score": Fraction(points)}[satisfaction]
            for at, points in ballot.items()
        }
        for ballot in people_of(election)
    ]
    return [{at: gain for at, gain in person.items() if gain} for person in gains]


def slow_shares(election: Election, satisfaction: Satisfaction, share: Fraction) -> list[str]:
    """Equal Shares by its definition, person by person."""
    gains = utilities(election, satisfaction)
    money = [share] * len(gains)
    waiting = {at for at in range(len(election.projects)) if any(at in person for person in gains)}
    chosen: list[str] = []
    while True:
        rates = {}
        for at in waiting:
            backers = [number for number, person in enumerate(gains) if at in person]
            cost = Fraction(election.projects[at].cost)
            if sum(money[number] for number in backers) < cost:
                continue
            backers.sort(key=lambda number: money[number] / gains[number][at])
            for first, number in enumerate(backers):
                rate = cost / sum(gains[other][at] for other in backers[first:])
                if rate * gains[number][at] <= money[number]:
                    rates[at] = rate
                    break
                cost -= money[number]
        if not rates:
            return chosen
        best = min(rates, key=lambda at: (rates[at], election.projects[at].id))
        for number, person in enumerate(gains):
            if best in person:
                money[number] -= min(money[number], rates[best] * person[best])
        waiting.remove(best)
        chosen.append(election.projects[best].id)


def slow_phragmen(election: Election) -> list[str]:
    """Phragmén's rule by its definition, person by person."""
    people = people_of(election)
    load = [Fraction(0)] * len(people)
    waiting = {at for at, one in enumerate(election.projects) if one.cost <= election.budget}
    left = election.budget
    chosen: list[str] = []
    while waiting:
        moments: dict[int, Fraction | float] = {}
        for at in waiting:
            backers = [load[number] for number, ballot in enumerate(people) if at in ballot]
            moments[at] = (sum(backers) + election.projects[at].cost) / Fraction(len(backers)) if backers else 1e30
        first = min(moments.values())
        tied = [at for at in waiting if moments[at] == first]
        if any(election.projects[at].cost > left for at in tied):
            break
        best = min(tied, key=lambda at: election.projects[at].id)
        for number, ballot in enumerate(people):
            if best in ballot:
                load[number] = Fraction(first)
        waiting.remove(best)
        left -= Fraction(election.projects[best].cost)
        chosen.append(election.projects[best].id)
    return chosen


def sets_within(election: Election) -> Iterator[tuple[int, ...]]:
    """Every set of projects that the budget can pay."""
    for size in range(len(election.projects) + 1):
        for some in itertools.combinations(range(len(election.projects)), size):
            if sum(Fraction(election.projects[at].cost) for at in some) <= election.budget:
                yield some


@few
@given(election=elections(), satisfaction=st.sampled_from(("cost", "cardinality")))
def test_equal_shares_is_as_defined(election: Election, satisfaction: Satisfaction) -> None:
    found = elect(election, rule="equal-shares", satisfaction=satisfaction)
    assert list(found.winners) == slow_shares(election, satisfaction, election.budget / election.voters)


@few
@given(election=elections(with_points=True))
def test_equal_shares_by_points_is_as_defined(election: Election) -> None:
    found = elect(election, rule="equal-shares")
    assert list(found.winners) == slow_shares(election, "score", election.budget / election.voters)


@few
@given(election=elections(), satisfaction=st.sampled_from(("cost", "cardinality")))
def test_the_last_round_of_add_one_is_a_run_within_the_budget(election: Election, satisfaction: Satisfaction) -> None:
    found = elect(election, rule="equal-shares", satisfaction=satisfaction, completion="add1")
    share = election.budget / election.voters + found.added
    assert list(found.winners) == slow_shares(election, satisfaction, share)
    next_winners = slow_shares(election, satisfaction, share + 1)
    costs = {one.id: Fraction(one.cost) for one in election.projects}
    named = {election.projects[at].id for at in set(election.columns.tolist())}
    assert sum(costs[name] for name in next_winners) > election.budget or set(found.winners) == named


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    election=elections(most_cost=40),
    satisfaction=st.sampled_from(("cost", "cardinality")),
    completion=st.sampled_from(("add1", "add1-exhaustive")),
)
def test_add_one_leaves_out_no_step(election: Election, satisfaction: Satisfaction, completion: Completion) -> None:
    """Looking ahead comes to the same as raising the shares one by one."""
    board = board_of(election, satisfaction, tuple(one.id for one in election.projects))
    found = shares_bought(board, completion)
    for added in range(found.added + 1):
        run = equal_shares(board, board.budget / election.voters + added * board.unit)
        assert sum(board.costs[at] for at in run.chosen) <= board.budget
        supported = [at for at, score in enumerate(board.scores) if score]
        is_over = all(at in run.chosen or not board.room.lets(at, run.chosen) for at in supported)
        is_over |= completion == "add1-exhaustive" and is_exhaustive(board, run.chosen, supported)
        assert is_over <= (added == found.added)
        assert run.chosen == found.run.chosen or added < found.added


@few
@given(election=elections())
def test_phragmen_is_as_defined(election: Election) -> None:
    assert list(elect(election, rule="phragmen").winners) == slow_phragmen(election)


@few
@given(election=elections(), satisfaction=st.sampled_from(("cost", "cardinality")))
def test_greatest_welfare_is_the_best_of_all_sets(election: Election, satisfaction: Satisfaction) -> None:
    gains = utilities(election, satisfaction)

    def worth(some: tuple[int, ...]) -> Fraction:
        return sum((person.get(at, Fraction(0)) for person in gains for at in some), Fraction(0))

    voted = {at for person in gains for at in person}
    sets = [some for some in sets_within(election) if set(some) <= voted]
    best = max(sets, key=lambda some: (worth(some), *(at in some for at in range(len(election.projects)))))
    found = elect(election, rule="max-welfare", satisfaction=satisfaction)
    assert sorted(found.winners) == [election.projects[at].id for at in best]


@few
@given(election=elections(), rule=st.sampled_from(RULES), completion=st.sampled_from(COMPLETIONS))
def test_what_is_promised_to_be_exhaustive_is(election: Election, rule: Rule, completion: Completion) -> None:
    completion = completion if rule == "equal-shares" else "none"
    found = elect(election, rule=rule, completion=completion)
    assert found.cost == sum(Fraction(one.cost) for one in election.projects if one.id in found.winners)
    assert found.cost <= election.budget
    if rule == "greedy" or completion == "greedy":
        left = election.budget - found.cost
        assert not [one for one in election.projects if one.id not in found.winners and one.cost <= left]


@few
@given(election=elections(most_cost=3))
def test_equal_shares_gives_groups_what_they_could_demand_up_to_one(election: Election) -> None:
    """EJR up to one project, for satisfaction by number, by trying every group and every set of projects."""
    people = people_of(election)
    found = elect(election, rule="equal-shares", satisfaction="cardinality")
    won = {at for at, one in enumerate(election.projects) if one.id in found.winners}
    for some in sets_within(election):
        cost = sum(Fraction(election.projects[at].cost) for at in some)
        group = [person for person in people if set(some) <= set(person)]
        # all who want these projects could demand them with their part of the money
        if not some or len(group) * election.budget < cost * len(people):
            continue
        # one project more for the best off must be more than these are, so he has as many without it
        assert max(len(won & set(person)) for person in group) >= len(some)


@few
@given(election=elections(), satisfaction=st.sampled_from(("cost", "cardinality")))
def test_winners_of_equal_shares_are_paid_for_by_their_supporters(
    election: Election, satisfaction: Satisfaction
) -> None:
    found = elect(election, rule="equal-shares", satisfaction=satisfaction, completion="add1")
    told = explained(election, found, losers=0)
    costs = {one.id: Fraction(one.cost) for one in election.projects}
    votes = dict(zip(costs, election.votes, strict=True))
    for name in found.winners:
        mine = [payment for payment in told.payments if payment.project_id == name]
        assert sum(payment.amount for payment in mine) == costs[name]
        assert sum(payment.voters for payment in mine) == votes[name]
        assert all(payment.amount >= 0 for payment in mine)
    for at, group in enumerate(election.groups):
        people = int(election.weights[election.group_of == at].sum())
        paid = sum(payment.amount for payment in told.payments if payment.group == group)
        assert paid <= people * (election.budget / election.voters + found.added)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(election=elections(most_projects=4), rule=st.sampled_from(RULES), completion=st.sampled_from(COMPLETIONS))
def test_what_is_said_of_losers_is_true(election: Election, rule: Rule, completion: Completion) -> None:
    outcome = elect(election, rule=rule, completion=completion if rule == "equal-shares" else "none")

    def wins(other: Election, name: str) -> bool:
        again = elect(other, rule=rule, satisfaction=outcome.satisfaction, completion=outcome.completion)
        return name in again.winners

    told = explained(election, outcome, losers=9)
    assert {loss.project_id for loss in told.losses} == {one.id for one in election.projects} - set(outcome.winners)
    costs = {one.id: Fraction(one.cost) for one in election.projects}
    for loss in told.losses:
        name = loss.project_id
        if loss.more_votes is None:
            assert not wins(supporters_added(election, name, election.voters), name)
        else:
            assert wins(supporters_added(election, name, loss.more_votes), name)
            assert loss.more_votes == 1 or not wins(supporters_added(election, name, loss.more_votes - 1), name)
        if loss.lower_cost is not None:
            unit = Fraction(1, election.budget.denominator)
            assert 0 < loss.lower_cost < costs[name]
            assert wins(cost_replaced(election, name, loss.lower_cost), name)
            dearer = loss.lower_cost + unit
            assert dearer == costs[name] or not wins(cost_replaced(election, name, dearer), name)


@few
@given(election=elections(), rule=st.sampled_from(RULES), chance=st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_their_merging_change_nothing(
    election: Election, rule: Rule, chance: st.DataObject
) -> None:
    casts = [Cast(tuple(election.projects[at].id for at in ballot)) for ballot in people_of(election)]
    chance.shuffle(casts)  # type: ignore[attr-defined]
    mixed = election_of(election.projects, casts, budget=election.budget)
    one, other = elect(election, rule=rule), elect(mixed, rule=rule)
    assert (one.winners, one.ties) == (other.winners, other.ties)


@few
@given(election=elections(), rule=st.sampled_from(RULES), most=st.integers(0, 2), money=st.integers(0, 10))
def test_limits_and_exclusive_alternatives_are_kept(election: Election, rule: Rule, most: int, money: int) -> None:
    projects = [
        Project(one.id, one.cost, categories=("路",) if at % 2 else ("园", "路"), exclusive="x" if at in (1, 2) else "")
        for at, one in enumerate(election.projects)
    ]
    casts = [Cast(tuple(projects[at].id for at in ballot)) for ballot in people_of(election)]
    limits = (Limit("园", most=most), Limit("路", most_cost=money))
    limited = election_of(projects, casts, budget=election.budget, limits=limits)
    completion: Completion = "add1" if rule == "equal-shares" else "none"
    won = [one for one in projects if one.id in elect(limited, rule=rule, completion=completion).winners]
    assert sum("园" in one.categories for one in won) <= most
    assert sum(one.cost for one in won) <= money
    assert sum(one.exclusive == "x" for one in won) <= 1
    if rule == "max-welfare":
        votes = dict(zip((one.id for one in projects), limited.votes, strict=True))
        kept = [
            sum(votes[projects[at].id] * projects[at].cost for at in some)
            for some in sets_within(limited)
            if sum("园" in projects[at].categories for at in some) <= most
            and sum(projects[at].cost for at in some) <= money
            and sum(projects[at].exclusive == "x" for at in some) <= 1
        ]
        assert sum(votes[one.id] * one.cost for one in won) == max(kept)


@few
@given(election=elections())
def test_every_rule_is_compared(election: Election) -> None:
    outcomes: tuple[Outcome, ...] = compared(election)
    assert {outcome.rule for outcome in outcomes} == set(RULES)
    assert all(
        outcome == elect(election, rule=outcome.rule, satisfaction=outcome.satisfaction, completion=outcome.completion)
        for outcome in outcomes
    )


@few
@given(election=elections(), satisfaction=st.sampled_from(("cost", "cardinality", "cc")))
def test_small_elections_are_as_pabutools_has_them(election: Election, satisfaction: Satisfaction) -> None:
    pabutools = pytest.importorskip("pabutools.election")
    rules = pytest.importorskip("pabutools.rules")
    measure = {
        "cost": pabutools.Cost_Sat,
        "cardinality": pabutools.Cardinality_Sat,
        "cc": pabutools.CC_Sat,
    }[satisfaction]
    theirs = {one.id: pabutools.Project(one.id, int(one.cost)) for one in election.projects}
    budget = pabutools_number(election.budget)
    instance = pabutools.Instance(theirs.values(), budget_limit=budget)
    profile = pabutools.ApprovalProfile(
        [pabutools.ApprovalBallot(theirs[election.projects[at].id] for at in ballot) for ballot in people_of(election)]
    )
    shares = rules.method_of_equal_shares
    for completion, answer in (
        ("none", shares(instance, profile, sat_class=measure)),
        ("add1-exhaustive", shares(instance, profile, sat_class=measure, voter_budget_increment=1)),
    ):
        found = elect(election, rule="equal-shares", satisfaction=satisfaction, completion=completion)  # type: ignore[arg-type]
        assert [project.name for project in answer] == list(found.winners)
    answer = rules.greedy_utilitarian_welfare(instance, profile, sat_class=measure)
    assert [project.name for project in answer] == list(
        elect(election, rule="greedy", satisfaction=satisfaction).winners
    )
    answer = rules.sequential_phragmen(instance, profile)
    assert sorted(project.name for project in answer) == sorted(elect(election, rule="phragmen").winners)


def pabutools_number(value: Fraction) -> object:
    """The exact number that pabutools counts with."""
    gmpy2 = pytest.importorskip("gmpy2")
    return gmpy2.mpq(value.numerator, value.denominator)
