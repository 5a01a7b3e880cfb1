"""How far shares can be raised before Equal Shares could buy anything else.

While the same projects are bought by the same voters in the same way, all that a voter holds, and every rate, is a
straight line in the share. What others could offer at the winning rate lies below a straight line, too. So the first
share at which anything could change has a lower bound, in doubles with a margin; add-one may go there at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from yiting.methods.allocations.board import Board, Floats
from yiting.methods.allocations.shares import Run

# Gaps below this part of what is compared may be errors of doubles: nothing is promised about them.
NEAR: Final = 1e-7
# Slopes below this are none: voters gain one for one.
FLAT: Final = 1e-9


def steps_alike(run: Run) -> int:
    """Tell by how many units each share may be raised so that surely the same is bought; 0 promises nothing."""
    reach = _Reach(run.board, float(run.share))
    for number, purchase in enumerate(run.purchases):
        is_rich = np.zeros(len(run.board.weights), np.bool_)
        is_rich[purchase.rich] = True
        reach.buy(purchase.project, is_rich, run.chosen[:number])
    return int(reach.end(run.chosen) / run.board.unit * (1 - NEAR))


class _Reach:
    """The money of each ballot and how it rises with the share, from purchase to purchase."""

    def __init__(self, board: Board, share: float) -> None:
        self.board = board
        self.weights = board.weights.astype(np.float64)
        self.money: Floats = np.full(len(self.weights), share)
        self.slope: Floats = np.ones(len(self.weights))
        self.owners = np.repeat(np.arange(len(self.weights)), np.diff(board.starts))
        self.costs = np.array([float(cost) for cost in board.costs])
        self.factors = np.array([float(factor) for factor in board.factors])
        self.points = board.points.astype(np.float64)
        # nobody has more money than there is: enough where nothing else could be bought at any share
        self.farthest = float(board.budget)

    def buy(self, project: int, is_rich: np.ndarray[tuple[int], np.dtype[np.bool_]], before: list[int]) -> None:
        """Follow one purchase, in which somebody always pays at the full rate."""
        rows, points = self.board.rows_by_project[project], self.board.points_by_project[project]
        weights, rich = self.weights[rows], is_rich[rows]
        given = float((weights * points)[rich].sum())
        money, slope = self.money[rows], self.slope[rows]
        price = (self.costs[project] - float((weights * money)[~rich].sum())) / given
        falls = -float((weights * slope)[~rich].sum()) / given
        # the poor become rich
        self._meet((price * points - money)[~rich], (slope - falls * points)[~rich], money[~rich] + price)
        rate, rate_falls = price / self.factors[project], falls / self.factors[project]
        self._others(rate, rate_falls, project, before)
        self.money[rows] = np.where(rich, money - price * points, 0.0)
        self.slope[rows] = np.where(rich, slope - falls * points, 0.0)

    def end(self, chosen: list[int]) -> float:
        """After the last purchase: the money that the supporters of each project left over must not pay for it."""
        self._others(np.inf, 0.0, None, chosen)
        return self.farthest

    def _others(self, rate: float, falls: float, project: int | None, before: list[int]) -> None:
        """What others would get at this rate must stay below their cost."""
        columns, number = self.board.columns, len(self.costs)
        money, weights = self.money[self.owners], self.weights[self.owners]
        most = rate * self.factors[columns] * self.points
        is_all = money < most
        offered: Floats = np.bincount(columns, weights * np.where(is_all, money, most), minlength=number).astype(
            np.float64
        )
        risen = np.where(is_all, self.slope[self.owners], falls * self.factors[columns] * self.points)
        rises: Floats = np.bincount(columns, weights * risen, minlength=number).astype(np.float64)
        open_ = [
            at
            for at in range(number)
            if at != project and at not in before and self.board.room.lets(at, before) and self.board.scores[at]
        ]
        self._meet((self.costs - offered)[open_], rises[open_], self.costs[open_])

    def _meet(self, gaps: Floats, rises: Floats, sizes: Floats) -> None:
        """Note the first share at which one of some gaps closes."""
        closing = rises > FLAT
        if closing.any():
            gaps, rises, sizes = gaps[closing], rises[closing], sizes[closing]
            sure = np.where(gaps > NEAR * sizes, gaps, 0.0)
            self.farthest = min(self.farthest, float((sure / rises).min()))
