"""Planning who hosts what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yiting.methods.rotations.balance import Balance, Choose, Loads
from yiting.methods.rotations.board import NOBODY, Board, Ints, board_of
from yiting.methods.rotations.clashes import RotationImpossible, clashes_of
from yiting.methods.rotations.exact import MOST_OPEN, best_on_face
from yiting.methods.rotations.heuristic import Exchange, is_at_bounds
from yiting.methods.rotations.measures import measures_of, standings
from yiting.methods.rotations.problem import Assignment, Problem, problem_check


@dataclass(frozen=True, slots=True)
class Account:
    """The turns of one unit: `held` in the past, `planned`, and the `share` it is due of both.

    `standing` is the turns held and planned less the whole turns of the share: below that of others, it is owed.
    """

    unit: str
    held: int
    planned: int
    share: Fraction
    standing: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who hosts what, in the order of the days, and how good that is (see `rotation_plan`).

    `is_optimal` says that no plan is better by the four objectives, proven. Fairness, the first of them, is always
    proven. `way` is "exact" where the programme was solved, "heuristic" where exchanges were made.
    """

    assignments: tuple[Assignment, ...]
    is_optimal: bool
    spread: int
    running: int
    repeats: int
    changes: int
    accounts: tuple[Account, ...]
    way: Literal["exact", "heuristic"]


def rotation_plan(problem: Problem, *, most_open: int = MOST_OPEN) -> Plan:
    """Plan a period: every activity gets one host, every wish is kept, and of all such plans the best is taken.

    Better is decided by whole numbers, one after the other:

    1. fairness: the least sum of squared standings, which also gives the least spread (the greatest standing less
       the least). A standing is the turns of past and plan less the whole turns of the unit's share; its share is its
       weight's part of every turn, past or planned, on whose days it was a member. Turns that are left over
       go to those whose share has the larger remainder;
    2. the fewest turns running: a turn follows one of the same host, that of the past included;
    3. the fewest repeats: pairs of activities of one kind with one host, those of the past included;
    4. with an earlier plan, the fewest changes; it then comes before 3, so that a change of one thing stays small.

    What is still equal is decided by lot, the same for everybody who asks: up to `exact.MOST_DRAWN` pairs the least
    sum of the lots that `Board.lots` draws from the ids, above that what the search comes to first, where lots decide
    whom it tries. Up to `most_open` pairs of turn and unit that a fairest plan may use, 2 to 4 are solved as
    mixed-integer programmes and proven; above, or where a proof would take too long, exchanges improve the plan and
    only simple bounds can prove it.

    Raises `RotationInvalid` for what is no problem, and `RotationImpossible` with the clashing wishes when no plan
    keeps them all.
    """
    problem_check(problem)
    board = board_of(problem)
    balance = Balance(board.eligible, Loads(board.ahead, board.remainder, board.most))
    balance.begin_with(board.previous)
    balance.fill(_gentle(board, balance))
    if balance.unhosted:
        raise RotationImpossible(clashes_of(board, balance.unhosted))
    balance.even_out()
    face = balance.face()
    if int(face.open.sum()) <= most_open:
        best = best_on_face(board, face)
        if best is not None:
            return plan_of(board, best, is_optimal=True, way="exact")
    host = Exchange(board, face, balance.host).improve()
    is_optimal = is_at_bounds(board, face, measures_of(board, host))
    return plan_of(board, host, is_optimal=is_optimal, way="heuristic")


def plan_of(board: Board, host: Ints, *, is_optimal: bool, way: Literal["exact", "heuristic"]) -> Plan:
    """Write out hosts (the column of each turn's unit) as a plan."""
    measures = measures_of(board, host)
    planned = np.bincount(host, minlength=len(board.units))
    rows = zip(board.units, board.held, planned, board.shares, standings(board, host), strict=True)
    return Plan(
        assignments=tuple(
            Assignment(activity.id, board.units[column].id)
            for turn, column in zip(board.turns, host.tolist(), strict=True)
            for activity in turn.activities
        ),
        is_optimal=is_optimal,
        spread=measures.spread,
        running=measures.running,
        repeats=measures.repeats,
        changes=measures.changes,
        accounts=tuple(
            Account(unit.id, int(held), int(turns), share, int(standing)) for unit, held, turns, share, standing in rows
        ),
        way=way,
    )


def hosts_of(board: Board, assignments: Sequence[Assignment]) -> Ints:
    """Read a plan's hosts back as the column of each turn's unit."""
    column_of = {unit.id: column for column, unit in enumerate(board.units)}
    unit_of = {pair.activity: pair.unit for pair in assignments}
    return np.array([column_of[unit_of[turn.activities[0].id]] for turn in board.turns], dtype=np.int64)


def _gentle(board: Board, balance: Balance) -> Choose:
    """Among those who are as fair, whoever did not host the turn before, then had the kind least, then by lot."""
    lots = board.lots()
    had = board.had.copy()
    begun = np.flatnonzero(balance.host != NOBODY)
    np.add.at(had, balance.host[begun], board.kinds[begun])

    def choose(row: int, columns: NDArray[np.intp]) -> int:
        runs = board.beside[row, columns].copy()
        if row and board.after[row - 1]:
            runs += balance.host[row - 1] == columns
        if board.after[row]:
            runs += balance.host[row + 1] == columns
        repeats = had[columns] @ board.kinds[row]
        best = int(columns[np.lexsort((lots[row, columns], repeats, runs))[0]])
        had[best] += board.kinds[row]
        return best

    return choose
