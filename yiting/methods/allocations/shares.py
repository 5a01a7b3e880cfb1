"""The Method of Equal Shares (Peters, Pierczynski and Skowron 2021), fast in doubles and exact where it counts.

Each voter begins with an equal share. Again and again the project is bought whose supporters pay least for each point
of satisfaction, all at one rate, who has too little giving all he has. The rates are found in doubles. Where two are
near one another, or a voter's money is near what he should pay, whole numbers decide.

That is cheap because a voter who never ran out holds his share less what he paid at rates that are known: the money
of many such voters together is their share, less each rate times the points that they gave to what was bought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np

from yiting.methods.allocations.board import Board, Floats
from yiting.methods.allocations.election import Ints
from yiting.methods.allocations.results import Tie

# Doubles err by less than this, relative to what is added up; nearer numbers are compared exactly.
NEAR: Final = 1e-9


@dataclass(eq=False)
class Purchase:
    """A project bought: those with enough pay `rate` a point, the poor all that they still had."""

    run: Run
    number: int
    project: int
    rich: Ints
    poor: Ints

    @cached_property
    def rate(self) -> Fraction:
        """What a point of satisfaction costs, exactly."""
        board = self.run.board
        points = self.run.points_to(self.project, self.rich)
        missing = board.costs[self.project] - self.run.money_of(self.poor, self.number)
        return missing / (points * board.factors[self.project])


@dataclass(eq=False)
class Run:
    """One run with a share for each voter, and how it went."""

    board: Board
    share: Fraction
    purchases: list[Purchase] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    @property
    def chosen(self) -> list[int]:
        """The columns bought, in order."""
        return [purchase.project for purchase in self.purchases]

    def points_to(self, project: int, rows: Ints) -> int:
        """The points that some ballots give to a project, each as often as it was cast."""
        entries = self.board.entries_of(rows)
        mine = entries[self.board.columns[entries] == project]
        return int(self.board.points[mine] @ self.board.weights[rows]) if len(rows) else 0

    def money_of(self, rows: Ints, number: int) -> Fraction:
        """What voters who never ran out hold together after so many purchases."""
        if not len(rows):
            return Fraction(0)
        board = self.board
        weights = board.weights[rows]
        entries = board.entries_of(rows)
        sizes = board.starts[rows + 1] - board.starts[rows]
        given = np.bincount(
            board.columns[entries], board.points[entries] * np.repeat(weights, sizes), minlength=len(board.costs)
        )
        held = int(weights.sum()) * self.share
        for purchase in self.purchases[:number]:
            # in order, so that each rate stands on those found before
            rate, points = purchase.rate, int(given[purchase.project])
            if points:
                held -= rate * board.factors[purchase.project] * points
        return held


@dataclass(eq=False)
class _Offer:
    """What a project would cost a point, who would pay in full and who all he has, by rows of its supporters."""

    project: int
    rate: float
    error: float
    is_poor: np.ndarray[tuple[int], np.dtype[np.bool_]]
    exact: Fraction | None = None


def equal_shares(board: Board, share: Fraction) -> Run:
    """Buy until nothing can be paid for."""
    return _Buying(board, share).run_all()


class _Buying:
    def __init__(self, board: Board, share: Fraction) -> None:
        self.board = board
        self.run = Run(board, share)
        self.start = float(share)
        self.money: Floats = np.full(len(board.weights), self.start)
        self.is_out = np.zeros(len(board.weights), np.bool_)
        # a rate never falls, so the last one known is a bound
        self.bounds = {
            at: board.costs[at] / (score * board.factors[at]) for at, score in enumerate(board.scores) if score
        }

    def run_all(self) -> Run:
        while (offer := self._best()) is not None:
            self._buy(offer)
        return self.run

    def _best(self) -> _Offer | None:
        best: list[_Offer] = []
        least = np.inf
        for project in sorted(self.bounds, key=self.bounds.__getitem__):
            if self.bounds[project] > least * (1 + NEAR):
                break
            offer = self._offer(project) if self.board.room.lets(project, self.run.chosen) else None
            if offer is None:
                del self.bounds[project]
                continue
            self.bounds[project] = max(self.bounds[project], offer.rate - offer.error)
            best.append(offer)
            least = min(least, offer.rate + offer.error)
        near = [offer for offer in best if offer.rate - offer.error <= least]
        if len(near) < 2:
            return near[0] if near else None
        for offer in near:
            self._decide(offer)
        rates = [offer.exact for offer in near if offer.exact is not None]
        tied = {offer.project: offer for offer in near if offer.exact == min(rates)}
        return tied[self.board.first(list(tied), self.run.ties)]

    def _offer(self, project: int) -> _Offer | None:
        """Find the rate at which a project would be paid for, if it can be."""
        board = self.board
        cost, factor = board.costs[project], board.factors[project]
        rows, points = board.rows_by_project[project], board.points_by_project[project]
        weights = board.weights_by_project[project]
        money = self.money[rows]
        held = float(weights @ money)
        if held < cost * (1 + NEAR) and (held < cost * (1 - NEAR) or self._held(rows) < cost):
            return None
        given = points * weights
        value = money / points
        price = max(self.bounds[project] * factor, 0.0)
        is_poor = value < price
        while True:
            short = cost - float((weights * money)[is_poor].sum())
            left = float(given[~is_poor].sum())
            if left <= 0 or short <= NEAR * cost:
                return self._offer_exact(project, is_poor)
            price = short / left
            poorer = value < price
            if not (poorer & ~is_poor).any():
                break
            is_poor = poorer | is_poor
        # a bound that was a little too high may have made one poor too many
        is_poor = value < price
        error = NEAR * cost / (left * factor)
        offer = _Offer(project, price / factor, error, is_poor)
        if (np.abs(value - price) <= NEAR * (value + self.start / points + price)).any():
            self._decide(offer)
        return offer

    def _held(self, rows: Ints) -> Fraction:
        return self.run.money_of(rows[~self.is_out[rows]], len(self.run.purchases))

    def _offer_exact(self, project: int, is_poor: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> _Offer:
        """Find a rate at which nearly all the supporters' money is needed."""
        offer = _Offer(project, np.inf, 0.0, is_poor)
        self._decide(offer, is_all=True)
        return offer

    def _decide(self, offer: _Offer, *, is_all: bool = False) -> None:
        """Find the exact rate of an offer and who is poor, looking at each voter near the border."""
        if offer.exact is not None:
            return
        board, run = self.board, self.run
        rows, points = board.rows_by_project[offer.project], board.points_by_project[offer.project]
        cost, factor = board.costs[offer.project], board.factors[offer.project]
        value = self.money[rows] / points
        price = offer.rate * factor
        is_out = self.is_out[rows]
        if is_all:
            is_near = ~is_out
        else:
            is_near = (np.abs(value - price) <= NEAR * (value + self.start / points + price)) & ~is_out
        is_poor = (is_out | (value < price)) & ~is_near
        values: dict[tuple[int, ...], Fraction] = {}
        border: dict[Fraction, list[int]] = {}
        bought = np.zeros(len(board.costs), np.bool_)
        bought[run.chosen] = True
        for at in np.flatnonzero(is_near).tolist():
            row = int(rows[at])
            inside = slice(int(board.starts[row]), int(board.starts[row + 1]))
            columns, given = board.columns[inside], board.points[inside]
            kept = bought[columns]
            key = (int(points[at]), *columns[kept].tolist(), *given[kept].tolist())
            if key not in values:
                own = run.money_of(np.array([row]), len(run.purchases)) / int(board.weights[row])
                values[key] = own / int(points[at])
            border.setdefault(values[key], []).append(at)
        given_all = board.points_by_project[offer.project] * board.weights_by_project[offer.project]
        poor_rows = rows[is_poor & ~is_out]
        short = cost - run.money_of(poor_rows, len(run.purchases))
        left = int(given_all[~is_poor].sum())
        for worth, members in sorted(border.items()):
            if left and short <= worth * left:
                break
            mine = int(given_all[members].sum())
            short -= worth * mine
            left -= mine
            is_poor[members] = True
        offer.exact = Fraction(short) / (left * factor)
        offer.rate, offer.is_poor = float(offer.exact), is_poor
        offer.error = NEAR * offer.rate

    def _buy(self, offer: _Offer) -> None:
        board = self.board
        rows, points = board.rows_by_project[offer.project], board.points_by_project[offer.project]
        poor = rows[offer.is_poor]
        rich = rows[~offer.is_poor]
        purchase = Purchase(self.run, len(self.run.purchases), offer.project, rich, poor[~self.is_out[poor]])
        if offer.exact is not None:
            purchase.rate = offer.exact
        price = offer.rate * board.factors[offer.project]
        left = self.money[rich] - price * points[~offer.is_poor]
        self.money[rich] = np.maximum(left, 0.0)
        self.money[poor] = 0.0
        self.is_out[poor] = True
        self.run.purchases.append(purchase)
        del self.bounds[offer.project]
