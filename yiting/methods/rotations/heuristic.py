"""Better plans among the fairest by exchanges, for alliances too large to be solved exactly.

Turns that cost something (they run, they were moved, they repeat a kind) are tried in their order: passed to another
unit, or exchanged with another turn, whenever that lowers the objectives, taken one before the other. It stops when
nothing improves or after a fixed number of trials, so the plan is the same on every machine.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from yiting.methods.rotations.balance import Face
from yiting.methods.rotations.board import NOBODY, Board, Ints
from yiting.methods.rotations.measures import Measures, kinds_had

# One whole number, or one for each of many exchanges.
Whole = TypeVar("Whole", int, Ints)

# A trial looks at every turn and unit once.
_LOOKS: Final = 10_000_000
_TRIED_IN_EARNEST: Final = 6


def objectives(board: Board, running: Whole, repeats: Whole, changes: Whole) -> tuple[Whole, Whole, Whole]:
    """What is compared after fairness: with an earlier plan, changing little comes before spreading the kinds."""
    return (running, changes, repeats) if board.problem.previous else (running, repeats, changes)


class Exchange:
    """A plan on the face of the fairest, improved step by step."""

    def __init__(self, board: Board, face: Face, host: Ints) -> None:
        self._board = board
        self._face = face
        self.host = host.copy()
        self._had = kinds_had(board, host)
        self._count: Ints = np.bincount(host, minlength=len(board.units))

    def improve(self) -> Ints:
        """Exchange until nothing improves or the trials are used up; returns the hosts."""
        trials = _LOOKS // max(1, sum(self._face.open.shape))
        better = True
        while better and trials > 0:
            better = False
            for row in self._costly()[:trials].tolist():
                trials -= 1
                better |= self._improve_turn(row)
        return self.host

    def _costly(self) -> NDArray[np.intp]:
        """The turns that add to an objective."""
        board, host = self._board, self.host
        rows = np.arange(len(host))
        runs = board.beside[rows, host] > 0
        same = board.after[:-1] & (host[:-1] == host[1:])
        runs[:-1] |= same
        runs[1:] |= same
        repeats = ((self._had[host] > 1) & (board.kinds > 0)).any(axis=1)
        return np.flatnonzero(runs | repeats | (board.moved[rows, host] > board.moved.min(axis=1)))

    def _improve_turn(self, row: int) -> bool:
        here = self.host[row]
        for change in self._promising(row, int(here)):
            before = self._part(change)
            old = [(at, int(self.host[at])) for at, _ in change]
            self._apply(change)
            if self._part(change) < before:
                return True
            self._apply(old)
        return False

    def _promising(self, row: int, giver: int) -> list[list[tuple[int, int]]]:
        """The exchanges and passings-on of a turn that look best, the best first."""
        board, face, host = self._board, self._face, self.host
        swaps = np.flatnonzero(face.open[:, giver] & face.open[row, host] & (host != giver))
        may_pass = face.open[row] & (self._count < face.high) & (self._count[giver] > face.low[giver])
        may_pass[giver] = False
        passes = np.flatnonzero(may_pass)
        takers = np.concatenate([host[swaps], passes]).astype(np.intp)
        mine = board.kinds[row]
        theirs = np.concatenate([board.kinds[swaps], np.zeros((len(passes), len(mine)), dtype=np.int64)])
        repeats = _pairs(self._had[takers] - theirs + mine) - _pairs(self._had[takers])
        repeats += _pairs(self._had[giver] - mine + theirs) - _pairs(self._had[giver][None, :])
        changes = board.moved[row, takers] - board.moved[row, giver]
        changes[: len(swaps)] += board.moved[swaps, giver] - board.moved[swaps, host[swaps]]
        running = self._would_run(np.full(len(takers), row), takers)
        running[: len(swaps)] += self._would_run(swaps, np.full(len(swaps), giver))
        keys = objectives(board, running, repeats, changes)
        best = np.lexsort((takers, *reversed(keys)))[:_TRIED_IN_EARNEST]
        return [
            [(row, int(takers[at])), (int(swaps[at]), giver)] if at < len(swaps) else [(row, int(takers[at]))]
            for at in best.tolist()
        ]

    def _would_run(self, rows: Ints, units: Ints) -> Ints:
        """How many neighbours of each turn are hosted by the unit that would take it."""
        board = self._board
        padded = np.concatenate([self.host, [NOBODY]])
        after = np.concatenate([board.after, [False]])
        running: Ints = board.beside[rows, units].astype(np.int64)
        running += after[rows] & (padded[rows + 1] == units)
        running += after[rows - 1] & (padded[rows - 1] == units)
        return running

    def _part(self, change: list[tuple[int, int]]) -> tuple[int, int, int]:
        """The objectives as far as these turns and the units that are or were their hosts bear on them."""
        board, host = self._board, self.host
        touched = {at for at, _ in change}
        edges = touched | {at - 1 for at in touched if at}
        running = sum(int(board.beside[at, host[at]]) for at in touched)
        running += sum(bool(board.after[at]) and host[at] == host[at + 1] for at in edges)
        changes = sum(int(board.moved[at, host[at]]) for at in touched)
        # All that an exchange touches is counted before and after, so differences are exact.
        return objectives(board, running, int(_pairs(self._had).sum()), changes)

    def _apply(self, change: list[tuple[int, int]]) -> None:
        for row, taker in change:
            giver = int(self.host[row])
            self._had[giver] -= self._board.kinds[row]
            self._had[taker] += self._board.kinds[row]
            self._count[giver] -= 1
            self._count[taker] += 1
            self.host[row] = taker


def is_at_bounds(board: Board, face: Face, measures: Measures) -> bool:
    """Do simple bounds already prove that no fairest plan is better? (No need not mean that there is a better one.)"""
    return (
        measures.running == 0
        and measures.repeats == _least_repeats(board, face)
        and measures.changes == _least_changes(board, face)
    )


def _least_repeats(board: Board, face: Face) -> int:
    """Each kind by itself, always given to whoever had it least."""
    able = face.open.any(axis=0)
    least = int(_pairs(board.had).sum())
    for kind in range(board.kinds.shape[1]):
        had = np.sort(board.had[able, kind])
        for _ in range(int(board.kinds[:, kind].sum())):
            least += int(had[0])
            had[0] += 1
            had.sort()
    return least


def _least_changes(board: Board, face: Face) -> int:
    """Turns that must move because their host may not, or has too many, or another too few."""
    rows = np.flatnonzero(board.previous != NOBODY)
    stays = rows[face.open[rows, board.previous[rows]]]
    kept = np.bincount(board.previous[stays], minlength=len(board.units))
    open_moves = np.where(face.open, board.moved, np.iinfo(np.int64).max)
    forced = int(open_moves.min(axis=1, initial=np.iinfo(np.int64).max).sum()) if len(open_moves) else 0
    surplus = int(np.maximum(0, kept - face.high).sum())
    return forced + surplus


def _pairs(counts: Ints) -> Ints:
    pairs: Ints = (counts * (counts - 1) // 2).sum(axis=-1)
    return pairs
