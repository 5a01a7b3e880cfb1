"""Why an election came out as it did: who paid, how near those came that lost, and how each group fared.

Everything is told of groups, never of a person. What is said about a loser has been tried: with the votes named it
wins and with one fewer it does not; at the cost named it wins and at one unit more it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

import numpy as np

from yiting.methods.allocations.board import Board, board_of
from yiting.methods.allocations.electing import elect
from yiting.methods.allocations.election import Election, Ints, cost_replaced, supporters_added
from yiting.methods.allocations.results import Outcome
from yiting.methods.allocations.shares import Purchase, equal_shares

# Without a number asked for, at most so many losers are explained, and fewer where that would take much more work.
LOSERS: Final = 10
WORK: Final = 25_000_000
ELECTIONS_FOR_A_LOSER: Final = 40


@dataclass(frozen=True, slots=True)
class Payment:
    """What the voters of a group who support a project paid for it together under Equal Shares."""

    project_id: str
    group: str
    voters: int
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Loss:
    """How near a project came: it wins with so many more ballots for it alone, or at that cost; None if neither.

    The money stays the same however many vote. A ballot more gives the most points that anybody gave to a project.
    """

    project_id: str
    votes: int
    more_votes: int | None
    lower_cost: Fraction | None


@dataclass(frozen=True, slots=True)
class GroupSatisfaction:
    """How a group fared: of the projects its voters named, how many won on average and what they cost on average;
    how many voters named none that won."""

    group: str
    voters: int
    winners_mean: float
    cost_mean: float
    none_won: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is said of an outcome; losers with most votes first."""

    payments: tuple[Payment, ...]
    losses: tuple[Loss, ...]
    groups: tuple[GroupSatisfaction, ...]


def explained(election: Election, outcome: Outcome, *, losers: int | None = None) -> Explanation:
    """Explain an outcome, and of the losers those with most votes: each is tried again and again.

    By default as many as can be tried soon, ten at most; it hangs on the size of the election alone.
    """
    if losers is None:
        of_a_run = 30 * len(election.projects) + len(election.columns) // 50
        # where there are few ballots, add-one looks ahead
        runs = min(outcome.added, 4 * len(election.projects) + len(election.columns) // 4) + 1
        losers = min(LOSERS, WORK // (ELECTIONS_FOR_A_LOSER * runs * of_a_run))
    names = [project.id for project in election.projects]
    votes = dict(zip(names, election.votes, strict=True))
    rank = {name: at for at, name in enumerate(outcome.order)}
    lost = sorted((name for name in names if name not in outcome.winners), key=lambda name: (-votes[name], rank[name]))
    return Explanation(
        payments=_payments(election, outcome) if outcome.rule == "equal-shares" and election.voters else (),
        losses=tuple(
            Loss(name, votes[name], more_votes(election, outcome, name), lower_cost(election, outcome, name))
            for name in lost[:losers]
        ),
        groups=groups_satisfied(election, outcome),
    )


def more_votes(election: Election, outcome: Outcome, project: str) -> int | None:
    """How many more ballots for a project alone it needs to win, if at most as many as were cast."""

    def wins(number: int, *, only_last: bool = False) -> bool:
        return _wins(supporters_added(election, project, number), outcome, project, only_last=only_last)

    return _least(max(election.voters, 1), wins, has_rounds=outcome.completion.startswith("add1"))


def lower_cost(election: Election, outcome: Outcome, project: str) -> Fraction | None:
    """The cost at which a project wins, in the smallest unit in which costs and budget are whole."""
    now = next(Fraction(one.cost) for one in election.projects if one.id == project)
    unit = board_of(election, "cardinality", outcome.order).unit

    def wins(units_less: int, *, only_last: bool = False) -> bool:
        cheaper = cost_replaced(election, project, now - Fraction(units_less, unit))
        return _wins(cheaper, outcome, project, only_last=only_last)

    less = _least(int(now * unit) - 1, wins, has_rounds=outcome.completion.startswith("add1"))
    return None if less is None else now - Fraction(less, unit)


def groups_satisfied(election: Election, outcome: Outcome) -> tuple[GroupSatisfaction, ...]:
    """Tell how each group fared."""
    won = np.array([project.id in outcome.winners for project in election.projects])
    costs = np.array([float(project.cost) for project in election.projects])
    owners = np.repeat(np.arange(election.distinct), np.diff(election.starts))
    is_won = won[election.columns]
    number = np.bincount(owners, is_won, minlength=election.distinct)
    money = np.bincount(owners, is_won * costs[election.columns], minlength=election.distinct)
    rows = []
    for at, name in enumerate(election.groups):
        mine = election.group_of == at
        weights = election.weights[mine]
        voters = int(weights.sum())
        if voters:
            rows.append(
                GroupSatisfaction(
                    group=name,
                    voters=voters,
                    winners_mean=float(number[mine] @ weights) / voters,
                    cost_mean=float(money[mine] @ weights) / voters,
                    none_won=int(weights[number[mine] == 0].sum()),
                )
            )
    return tuple(rows)


class _Tried(Protocol):
    def __call__(self, number: int, /, *, only_last: bool = False) -> bool: ...


def _least(most: int, wins: _Tried, *, has_rounds: bool) -> int | None:
    """Find a number that wins while one less does not; None if none up to `most` was found to win.

    Add-one runs again and again. There the last run alone tells where to look, and whole elections decide.
    """
    if most < 1 or not wins(most):
        return None
    low, high = 0, most
    if has_rounds:
        near = _border(0, most, lambda number: wins(number, only_last=True))
        step = 1
        if wins(near):
            high = near
            while high - step > 0 and wins(high - step):
                high, step = high - step, step * 2
            low = max(high - step, 0)
        else:
            low = near
            while low + step < most and not wins(low + step):
                low, step = low + step, step * 2
            high = min(low + step, most)
    return _border(low, high, wins)


def _border(fails: int, wins_at: int, wins: Callable[[int], bool]) -> int:
    """Find neighbours of which the lower fails and the higher wins; give the higher."""
    while wins_at - fails > 1:
        middle = (fails + wins_at) // 2
        if wins(middle):
            wins_at = middle
        else:
            fails = middle
    return wins_at


def _wins(election: Election, outcome: Outcome, project: str, *, only_last: bool) -> bool:
    if only_last and outcome.satisfaction is not None:
        board = board_of(election, outcome.satisfaction, outcome.order)
        run = equal_shares(board, board.budget / election.voters + outcome.added * board.unit)
        return any(election.projects[at].id == project for at in run.chosen)
    again = elect(
        election,
        rule=outcome.rule,
        satisfaction=outcome.satisfaction,
        completion=outcome.completion,
        order=outcome.order,
    )
    return project in again.winners


def _payments(election: Election, outcome: Outcome) -> tuple[Payment, ...]:
    assert outcome.satisfaction is not None
    board = board_of(election, outcome.satisfaction, outcome.order)
    run = equal_shares(board, board.budget / election.voters + outcome.added * board.unit)
    return tuple(payment for purchase in run.purchases for payment in _paid(election, board, purchase))


def _paid(election: Election, board: Board, purchase: Purchase) -> list[Payment]:
    rows = board.rows_by_project[purchase.project]
    payments = []
    for at, name in enumerate(election.groups):

        def mine(some: Ints, group: int = at) -> Ints:
            inside: Ints = some[election.group_of[some] == group]
            return inside

        rich, poor = mine(purchase.rich), mine(purchase.poor)
        price = purchase.rate * board.factors[purchase.project]
        amount = price * purchase.run.points_to(purchase.project, rich) + purchase.run.money_of(poor, purchase.number)
        voters = int(election.weights[mine(rows)].sum())
        if voters:
            payments.append(Payment(election.projects[purchase.project].id, name, voters, amount / board.unit))
    return payments
