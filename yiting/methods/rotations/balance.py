"""The fairest loads, exactly: turns shared out so that no exchange makes anybody's standing more even.

A turn may pass from its host to another who may host it, who passes one on in turn: a path. A unit's next turn
costs 2s + 1, where s is its standing, so that the sum of the costs is the sum of the squared standings; among
equal standings the larger remainder of the share is cheaper. Each turn is set on the shortest path to the cheapest
unit that it can reach, which keeps the whole optimal (successive shortest paths; Harvey, Ladner, Lovász, Tamir,
Semi-matchings for bipartite graphs and load balancing, 2006). The loads that can be had are the bases of an
integral base polyhedron, where the least sum of squares also has the least maximum, the greatest minimum and the
least difference between the two (Frank and Murota, Decreasing minimization on M-convex sets, 2022).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.rotations.board import NOBODY, Ints

_FULL: Final = np.iinfo(np.int64).max

# Which of these units (columns) should rather take this turn (row), when all are as fair.
Choose = Callable[[int, NDArray[np.intp]], int]


@dataclass(frozen=True, slots=True)
class Loads:
    """What a unit's turns cost: see `Board` for `ahead`, `remainder` and `most`."""

    ahead: Ints
    remainder: Ints
    most: Ints

    @property
    def scale(self) -> int:
        """What one step of standing weighs, so that no remainder outweighs it."""
        return int(self.remainder.max(initial=0)) + 1

    def next_cost(self, count: Ints) -> Ints:
        """What one turn more would cost each unit, given how many it has."""
        cost: Ints = (2 * (self.ahead + count) + 1) * self.scale - 2 * self.remainder
        return np.where(count < self.most, cost, _FULL)

    def last_cost(self, count: Ints) -> Ints:
        """What the last turn of each unit cost it; of no meaning for a unit without turns."""
        cost: Ints = (2 * (self.ahead + count) - 1) * self.scale - 2 * self.remainder
        return cost


@dataclass(frozen=True, slots=True)
class Unhosted:
    """A turn that cannot be hosted: these turns have only these hosts, who can take no more."""

    row: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """All the fairest plans at once: those that use only `open` pairs and keep each unit's turns in `low` … `high`."""

    open: NDArray[np.bool_]
    low: Ints
    high: Ints


class Balance:
    """Turns with their hosts, made and kept as fair as can be."""

    def __init__(self, eligible: NDArray[np.bool_], loads: Loads) -> None:
        self._eligible = eligible
        self._loads = loads
        rows, columns = eligible.shape
        self.host: Ints = np.full(rows, NOBODY, dtype=np.int64)
        self.count: Ints = np.zeros(columns, dtype=np.int64)
        self.unhosted: list[Unhosted] = []
        self._hosted: list[set[int]] = [set() for _ in range(columns)]

    def begin_with(self, host: Ints) -> None:
        """Take over the hosts of an earlier plan where they may still host."""
        for row, column in enumerate(host.tolist()):
            if column != NOBODY and self._eligible[row, column] and self.count[column] < self._loads.most[column]:
                self._give(row, column)

    def fill(self, choose: Choose) -> None:
        """Find a host for every turn that has none; what cannot be hosted is noted in `unhosted`."""
        for row in range(len(self.host)):
            if self.host[row] == NOBODY:
                self._insert(row, choose)

    def even_out(self) -> None:
        """Pass turns on until no path makes the standings more even."""
        relieved = True
        while relieved:
            # All of them in each round, the most loaded first.
            relieved = sum(self._relieve(column) for column in self._by_load()) > 0

    def face(self) -> Face:
        """Describe all the plans that are as fair as this one, which must have been evened out.

        Prices on the units prove that this one is fairest (linear programming duality); what any other fairest
        plan may do is what agrees with the same prices.
        """
        price = self._prices()
        next_cost, last_cost = self._loads.next_cost(self.count), self._loads.last_cost(self.count)
        paid = price[self.host]
        return Face(
            open=self._eligible & (price[None, :] == paid[:, None]),
            low=self.count - ((self.count > 0) & (last_cost == price)),
            high=self.count + ((next_cost == price) & (next_cost != _FULL)),
        )

    def _prices(self) -> Ints:
        """The least next cost among the units that each unit could pass a turn to, on any path, itself included."""
        next_cost = self._loads.next_cost(self.count)
        price = np.full(len(self.count), _FULL, dtype=np.int64)
        waiting = np.ones(len(self.count), dtype=bool)
        for column in np.argsort(next_cost, kind="stable").tolist():
            if not waiting[column]:
                continue
            waiting[column] = False
            price[column] = next_cost[column]
            queue = [column]
            while queue:
                taker = queue.pop()
                givers = np.unique(self.host[self._eligible[:, taker]])
                for giver in givers[waiting[givers]].tolist():
                    waiting[giver] = False
                    price[giver] = next_cost[column]
                    queue.append(giver)
        return price

    def _by_load(self) -> list[int]:
        order = np.argsort(-self._loads.last_cost(self.count), kind="stable")
        return [column for column in order.tolist() if self.count[column]]

    def _relieve(self, column: int) -> bool:
        """Pass one turn of this unit on to the cheapest that a path reaches, if that is fairer."""
        if not self.count[column]:
            return False
        next_cost = self._loads.next_cost(self.count)
        limit = int(self._loads.last_cost(self.count)[column])
        if int(next_cost.min()) >= limit:
            return False
        came, order = self._reach([column], int(next_cost.min()))
        best = min(order[1:], key=lambda taker: int(next_cost[taker]), default=column)
        if int(next_cost[best]) >= limit:
            return False
        self._pass_along(came, best, stop=column)
        return True

    def _insert(self, row: int, choose: Choose) -> None:
        next_cost = self._loads.next_cost(self.count)
        first = np.flatnonzero(self._eligible[row])
        cheapest = int(next_cost.min()) if len(next_cost) else _FULL
        direct = first[next_cost[first] == cheapest] if cheapest != _FULL else first[:0]
        if len(direct):
            self._give(row, choose(row, direct))
            return
        came, order = self._reach(first.tolist(), cheapest)
        best = min(order, key=lambda taker: int(next_cost[taker]), default=NOBODY)
        if best == NOBODY or int(next_cost[best]) == _FULL:
            rows = {row}.union(*(self._hosted[column] for column in order))
            self.unhosted.append(Unhosted(row, tuple(sorted(rows))))
            return
        direct = first[next_cost[first] == next_cost[best]]
        if len(direct):
            self._give(row, choose(row, direct))
            return
        self._give(row, self._pass_along(came, best, stop=NOBODY))

    def _reach(self, start: list[int], cheapest: int) -> tuple[dict[int, int], list[int]]:
        """Walk from units to those that could take a turn of theirs, breadth first.

        Returns the turn by which each was reached, and the units in the order they were. Ends early at a unit whose
        next turn costs no more than `cheapest`, since there is no better.
        """
        seen = np.zeros(len(self.count), dtype=bool)
        seen[start] = True
        came: dict[int, int] = {}
        order = list(start)
        next_cost = self._loads.next_cost(self.count)
        for giver in order:
            for row in sorted(self._hosted[giver]):
                fresh = np.flatnonzero(self._eligible[row] & ~seen)
                seen[fresh] = True
                came.update(dict.fromkeys(fresh.tolist(), row))
                order.extend(fresh.tolist())
                if len(fresh) and int(next_cost[fresh].min()) <= cheapest:
                    return came, order
        return came, order

    def _pass_along(self, came: dict[int, int], taker: int, *, stop: int) -> int:
        """Pass turns along the path that ends at `taker`; returns the unit that gave the first one away."""
        while taker in came and taker != stop:
            row = came[taker]
            giver = int(self.host[row])
            self._take(row)
            self._give(row, taker)
            taker = giver
        return taker

    def _give(self, row: int, column: int) -> None:
        self.host[row] = column
        self.count[column] += 1
        self._hosted[column].add(row)

    def _take(self, row: int) -> None:
        column = int(self.host[row])
        self.host[row] = NOBODY
        self.count[column] -= 1
        self._hosted[column].discard(row)
