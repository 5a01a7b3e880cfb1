"""One door to all rules: an election goes in, an `Outcome` comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from yiting.methods.allocations.board import Board, board_of, satisfaction_of
from yiting.methods.allocations.election import Election
from yiting.methods.allocations.errors import AllocationInvalid
from yiting.methods.allocations.greedy import greedy, greedy_covering
from yiting.methods.allocations.phragmen import phragmen
from yiting.methods.allocations.raising import steps_alike
from yiting.methods.allocations.results import (
    COMPLETIONS,
    RULES,
    SATISFACTIONS,
    Completion,
    Outcome,
    Rule,
    Satisfaction,
    Tie,
)
from yiting.methods.allocations.shares import Run, equal_shares
from yiting.methods.allocations.ties import order_checked
from yiting.methods.allocations.welfare import MOST_STATES, most_welfare

# of so many marks on ballots a look ahead takes as long as one run more
LOOK_COSTS: Final = 1000


@dataclass(frozen=True, eq=False)
class Bought:
    """The run of Equal Shares that counts, and what each voter was given beyond an equal share in it."""

    board: Board
    run: Run
    added: int


def elect(
    election: Election,
    *,
    rule: Rule,
    satisfaction: Satisfaction | None = None,
    completion: Completion = "none",
    order: Sequence[str] | None = None,
    most_states: int = MOST_STATES,
) -> Outcome:
    """Choose projects by a rule; `order` is the published one that breaks ties (by default the ids, as texts).

    `most_states` is how many ways to choose max-welfare may hold beside one another before it gives up.
    """
    for name, value, known in (
        ("rule", rule, RULES),
        ("satisfaction", satisfaction or "cost", SATISFACTIONS),
        ("completion", completion, COMPLETIONS),
    ):
        if value not in known:
            raise AllocationInvalid(name, f"{value!r} is not known; it is one of {', '.join(known)}")
    if completion != "none" and rule != "equal-shares":
        raise AllocationInvalid("completion", f"{rule} knows no completion; only equal-shares does")
    if rule != "max-welfare" and any(limit.least for limit in election.limits):
        raise AllocationInvalid("limit", "only max-welfare can keep a least number of a category; take that rule")
    published = order_checked([project.id for project in election.projects], order)
    ties: list[Tie] = []
    added = 0
    completed: list[int] = []
    if rule == "phragmen":
        if election.kind not in ("approval", "choose-1"):
            raise AllocationInvalid("rule", f"phragmen is for approval ballots; these are {election.kind}")
        measured = None
        chosen = phragmen(board_of(election, "cardinality", published), ties)
    else:
        measured = satisfaction_of(election, satisfaction)
        board = board_of(election, measured, published)
        if rule == "greedy":
            chosen = _greedy(board, measured, ties, before=[])
        elif rule == "max-welfare":
            if measured == "cc":
                raise AllocationInvalid("satisfaction", "max-welfare adds satisfaction up; take cost or cardinality")
            chosen = most_welfare(board, most_states=most_states)
        else:
            bought = shares_bought(board, completion)
            chosen, added = bought.run.chosen, bought.added
            ties += bought.run.ties
            if completion == "greedy" and not is_exhaustive(board, chosen, range(len(board.costs))):
                whole = _greedy(board, measured, ties, before=chosen)
                completed = whole[len(chosen) :]
                chosen = whole
    names = [project.id for project in election.projects]
    return Outcome(
        rule=rule,
        satisfaction=measured,
        completion=completion,
        winners=tuple(names[at] for at in chosen),
        cost=sum((Fraction(election.projects[at].cost) for at in chosen), Fraction(0)),
        ties=tuple(ties),
        order=published,
        added=added,
        completed=tuple(names[at] for at in completed),
    )


def shares_bought(board: Board, completion: Completion) -> Bought:
    """Run Equal Shares; with add-one again and again, each voter having one unit of money more.

    `add1` goes on until the budget would be overspent, `add1-exhaustive` until no project that anybody supports would
    still fit; the last run within the budget counts.
    """
    voters = board.election.voters
    if not voters:
        return Bought(board, Run(board, Fraction(0)), 0)
    share = board.budget / voters
    found = Bought(board, equal_shares(board, share), 0)
    if completion not in ("add1", "add1-exhaustive"):
        return found
    supported = [at for at, score in enumerate(board.scores) if score]
    # looking ahead takes as long as many runs where there are many ballots: seldom, where it leads nowhere
    runs, patience = 0, 1 + len(board.columns) // LOOK_COSTS
    while True:
        if completion == "add1-exhaustive" and is_exhaustive(board, found.run.chosen, supported):
            return found
        if all(not board.room.lets(at, found.run.chosen) for at in supported if at not in found.run.chosen):
            return found
        runs, sure = runs + 1, found.added
        if runs >= patience:
            sure += steps_alike(found.run)
            patience = max(patience // 2, 1) if sure - found.added >= patience else 2 * patience
            runs = 0
        run = equal_shares(board, share + (sure + 1) * board.unit)
        if sum(board.costs[at] for at in run.chosen) > board.budget:
            return found if sure == found.added else Bought(board, equal_shares(board, share + sure * board.unit), sure)
        found = Bought(board, run, sure + 1)


def is_exhaustive(board: Board, chosen: list[int], projects: Sequence[int]) -> bool:
    """Tell if none of some projects may still join those chosen."""
    left = board.budget - sum(board.costs[at] for at in chosen)
    inside = set(chosen)
    return not any(at not in inside and board.costs[at] <= left and board.room.lets(at, chosen) for at in projects)


def _greedy(board: Board, satisfaction: Satisfaction, ties: list[Tie], *, before: list[int]) -> list[int]:
    rule = greedy_covering if satisfaction == "cc" else greedy
    return rule(board, ties, before=before)
