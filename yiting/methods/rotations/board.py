"""A problem as tables of numbers: turns are rows in their order, units are columns in the order of their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yiting.methods.rotations.problem import Problem, Unit
from yiting.methods.rotations.shares import shares
from yiting.methods.rotations.turns import PastTurn, Turn, past_turns, turns_of
from yiting.methods.rotations.wishes import Bar, bars_of

Ints = NDArray[np.int64]
NOBODY = -1
_LOT_BYTES = 2


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that planning reads.

    `ahead` is how far each unit stands before the plan: turns of the past less the whole turns of its share.
    `remainder` ranks what is left of the shares, the larger the larger. `after` tells of each turn whether the
    next planned turn follows with none of the past between; `beside` counts the neighbours of the past that a
    unit hosted. `kinds` counts the activities of each kind in each turn, `had` those that each unit hosted
    before. `moved` counts the activities of each turn that a host would take from another in the earlier plan.
    """

    problem: Problem
    units: tuple[Unit, ...]
    turns: tuple[Turn, ...]
    bars: tuple[Bar, ...]
    eligible: NDArray[np.bool_]
    most: Ints
    ahead: Ints
    remainder: Ints
    held: Ints
    shares: tuple[Fraction, ...]
    present: NDArray[np.bool_]
    after: NDArray[np.bool_]
    beside: Ints
    kinds: Ints
    had: Ints
    moved: Ints
    previous: Ints

    def lots(self) -> Ints:
        """The lot of every turn and unit: the first two bytes of SHA-256 over the turn's key, a line end, the id."""
        drawn = np.empty(self.eligible.shape, dtype=np.int64)
        tails = [unit.id.encode() for unit in self.units]
        for row, turn in enumerate(self.turns):
            head = hashlib.sha256(f"{turn.key}\n".encode())
            for column, tail in enumerate(tails):
                lot = head.copy()
                lot.update(tail)
                drawn[row, column] = int.from_bytes(lot.digest()[:_LOT_BYTES], "big")
        return drawn


def board_of(problem: Problem) -> Board:
    """Set the board for a problem that has been checked."""
    units = tuple(sorted(problem.units, key=lambda unit: unit.id))
    turns = turns_of(problem)
    past = past_turns(problem.history, problem.rule)
    column_of = {unit.id: column for column, unit in enumerate(units)}
    bars = tuple(bars_of(problem, units, turns))
    due = shares(units, [(old.day,) for old in past] + [turn.days for turn in turns])
    held = np.zeros(len(units), dtype=np.int64)
    for old in past:
        held[column_of[old.unit]] += 1
    whole = [share.numerator // share.denominator for share in due]
    rest = [share - floor for share, floor in zip(due, whole, strict=True)]
    rank_of = {remainder: rank for rank, remainder in enumerate(sorted(set(rest)))}
    after, beside = _neighbours(turns, past, column_of, by_season=problem.rule == "season")
    kinds, had = _kinds(turns, past, column_of)
    moved, previous = _moves(problem, turns, column_of)
    return Board(
        problem=problem,
        units=units,
        turns=turns,
        bars=bars,
        eligible=eligible_under(bars, len(turns), len(units)),
        most=most_under(bars, len(turns), len(units)),
        ahead=held - np.array(whole, dtype=np.int64),
        remainder=np.array([rank_of[remainder] for remainder in rest], dtype=np.int64),
        held=held,
        shares=tuple(due),
        present=np.array([any(all(map(unit.is_member, turn.days)) for turn in turns) for unit in units], dtype=bool),
        after=after,
        beside=beside,
        kinds=kinds,
        had=had,
        moved=moved,
        previous=previous,
    )


def eligible_under(bars: Sequence[Bar], rows: int, columns: int) -> NDArray[np.bool_]:
    """Who may host what while these wishes are kept."""
    eligible = np.ones((rows, columns), dtype=bool)
    for bar in bars:
        if bar.most is None:
            eligible[bar.rows, bar.columns] = False
    return eligible


def most_under(bars: Sequence[Bar], rows: int, columns: int) -> Ints:
    """How many turns each unit may host while these wishes are kept."""
    most = np.full(columns, rows, dtype=np.int64)
    for bar in bars:
        if bar.most is not None:
            most[bar.columns] = bar.most
    return most


def _neighbours(
    turns: Sequence[Turn], past: Sequence[PastTurn], column_of: dict[str, int], *, by_season: bool
) -> tuple[NDArray[np.bool_], Ints]:
    """Which planned turns follow one another, and how often each unit stands beside them in the past."""
    after = np.zeros(len(turns), dtype=bool)
    beside = np.zeros((len(turns), len(column_of)), dtype=np.int64)
    line: list[tuple[tuple[date, int, str], int, PastTurn | None]] = [
        ((old.day, 0, old.unit), NOBODY, old) for old in past
    ]
    line += [((turn.days[0], 1, turn.key), row, None) for row, turn in enumerate(turns)]
    line.sort(key=lambda item: item[0])
    for (_, row, one), (_, next_row, other) in pairwise(line):
        if row != NOBODY and next_row != NOBODY:
            after[row] = True
        elif row != NOBODY or next_row != NOBODY:
            old = one or other
            planned = max(row, next_row)
            assert old is not None
            # What is left of a quarter that was begun may well stay with its host.
            if not (by_season and old.season == turns[planned].key):
                beside[planned, column_of[old.unit]] += 1
    return after, beside


def _kinds(turns: Sequence[Turn], past: Sequence[PastTurn], column_of: dict[str, int]) -> tuple[Ints, Ints]:
    names = sorted({activity.kind for turn in turns for activity in turn.activities if activity.kind})
    at = {name: column for column, name in enumerate(names)}
    kinds = np.zeros((len(turns), len(names)), dtype=np.int64)
    had = np.zeros((len(column_of), len(names)), dtype=np.int64)
    for row, turn in enumerate(turns):
        for activity in turn.activities:
            if activity.kind:
                kinds[row, at[activity.kind]] += 1
    for old in past:
        for kind in old.kinds:
            if kind in at:
                had[column_of[old.unit], at[kind]] += 1
    return kinds, had


def _moves(problem: Problem, turns: Sequence[Turn], column_of: dict[str, int]) -> tuple[Ints, Ints]:
    """How many activities each choice would move, and who hosted each turn before (its first activity that had one)."""
    before = {pair.activity: pair.unit for pair in problem.previous}
    moved = np.zeros((len(turns), len(column_of)), dtype=np.int64)
    previous = np.full(len(turns), NOBODY, dtype=np.int64)
    for row, turn in enumerate(turns):
        for activity in turn.activities:
            if activity.id in before:
                moved[row] += 1
                column = column_of.get(before[activity.id], NOBODY)
                if column != NOBODY:
                    moved[row, column] -= 1
                    if previous[row] == NOBODY:
                        previous[row] = column
    return moved, previous
