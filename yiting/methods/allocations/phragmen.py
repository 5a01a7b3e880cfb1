"""Phragmén's sequential rule (1894; with costs, Los, Christoff and Grossi 2022), fast in doubles, exact near ties.

Voters earn money evenly; a project is bought as soon as those who approve it can pay for it together, and then they
have nothing. The rule ends when the next one to be bought no longer fits. What a voter earned before is the moment
his last project was bought, so the sum over a project's supporters is exact from counts.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from yiting.methods.allocations.board import Board
from yiting.methods.allocations.election import Ints
from yiting.methods.allocations.results import Tie

NEAR: Final = 1e-9


def phragmen(board: Board, ties: list[Tie]) -> list[int]:
    """Choose projects in the order in which they can be paid for."""
    return _Earning(board, ties).run_all()


class _Earning:
    def __init__(self, board: Board, ties: list[Tie]) -> None:
        self.board, self.ties = board, ties
        self.chosen: list[int] = []
        self.moments: list[Fraction | None] = []
        self.floats: list[float] = []
        # for each ballot, the number of its last purchase; 0 stands for none
        self.last = np.zeros(len(board.weights), np.int64)
        self.loads = np.zeros(len(board.weights))
        self.sums = np.zeros(len(board.costs))
        self.costs = np.array([float(cost) for cost in board.costs])
        self.scores = np.array(board.scores, np.float64)
        self.counts: list[tuple[int, Ints]] = []
        self.is_open = np.array([cost <= board.budget for cost in board.costs], np.bool_)

    def run_all(self) -> list[int]:
        left = self.board.budget
        while True:
            self._close()
            tied = self._next()
            if not tied or any(self.board.costs[at] > left for at in tied):
                return self.chosen
            project = self.board.first(tied, self.ties)
            self._buy(project)
            left -= self.board.costs[project]

    def _close(self) -> None:
        if not self.board.room.is_plain:
            for at in np.flatnonzero(self.is_open).tolist():
                self.is_open[at] = self.board.room.lets(at, self.chosen)

    def _next(self) -> list[int]:
        """The projects that can be paid for first; those that nobody supports come last, together."""
        waiting = np.flatnonzero(self.is_open & (self.scores > 0))
        if not len(waiting):
            return [int(at) for at in np.flatnonzero(self.is_open)]
        moments = (self.sums[waiting] + self.costs[waiting]) / self.scores[waiting]
        near = waiting[moments <= moments.min() * (1 + NEAR)].tolist()
        if len(near) == 1:
            return [int(near[0])]
        exact = {int(at): self._moment(*self._state(at)) for at in near}
        first = min(exact.values())
        return [at for at, moment in exact.items() if moment == first]

    def _state(self, project: int) -> tuple[int, Ints]:
        rows = self.board.rows_by_project[project]
        counts = np.bincount(self.last[rows], self.board.weights_by_project[project], minlength=len(self.chosen) + 1)
        return project, counts.astype(np.int64)

    def _moment(self, project: int, counts: Ints) -> Fraction:
        held = Fraction(self.board.costs[project])
        for number in range(len(counts) - 1):
            moment = self.moments[number]
            if moment is None:
                moment = self.moments[number] = self._moment(*self.counts[number])
            people = int(counts[number + 1])
            if people:
                held += moment * people
        return held / self.board.scores[project]

    def _buy(self, project: int) -> None:
        board = self.board
        rows = board.rows_by_project[project]
        self.counts.append(self._state(project))
        self.moments.append(None)
        self.chosen.append(project)
        self.is_open[project] = False
        if not len(rows):
            return
        moment = float((self.sums[project] + self.costs[project]) / self.scores[project])
        entries = board.entries_of(rows)
        sizes = board.starts[rows + 1] - board.starts[rows]
        risen = (moment - self.loads[rows]) * board.weights_by_project[project]
        self.sums += np.bincount(board.columns[entries], np.repeat(risen, sizes), minlength=len(self.sums))
        self.loads[rows] = moment
        self.last[rows] = len(self.chosen)
