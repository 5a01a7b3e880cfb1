"""The greatest total satisfaction within the budget, proven in whole numbers.

HiGHS gives an answer in doubles, which is only a start. What is best is found among whole numbers: projects are taken
up one by one, keeping of all ways to spend as much the one that is worth most (Nemhauser and Ullmann 1969), and
dropping each that could not come up to the start even if projects could be bought in part (Dantzig 1957). Among
equals the published order decides: where two sets differ, the one with the project that stands earliest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from yiting.methods.allocations.board import Board
from yiting.methods.allocations.errors import AllocationInvalid, TooManyWays

MOST_STATES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Bound:
    """Members take up so much each, at most so much together, and are at least so many."""

    takes: dict[int, Fraction]
    most: Fraction | None
    least: int


@dataclass(frozen=True, slots=True)
class _State:
    """A way to choose among the projects taken up so far: `used` is what each bound has used, `chosen` are bits."""

    cost: int
    value: int
    used: tuple[Fraction, ...]
    chosen: int


def most_welfare(board: Board, *, most_states: int = MOST_STATES) -> list[int]:
    """Choose the best set, told in the order of worth for the cost.

    Raises TooManyWays where more than `most_states` ways to choose would have to be kept beside one another.
    """
    worth = [score * factor for score, factor in zip(board.scores, board.factors, strict=True)]
    bounds = _bounds_of(board)
    needed = {at for bound in bounds if bound.least for at in bound.takes}
    items = [at for at in range(len(worth)) if (worth[at] > 0 or at in needed) and board.costs[at] <= board.budget]
    # below each unit of worth there is room for the order: the earlier, the higher the bit
    width = len(worth)
    ordered = [(gain << width) + (1 << (width - 1 - rank)) for gain, rank in zip(worth, board.rank, strict=True)]
    items.sort(key=lambda at: (-Fraction(ordered[at], board.costs[at]), board.rank[at]))
    values = [ordered[at] for at in items]
    costs = [board.costs[at] for at in items]
    bounds = [
        _Bound(
            {number: bound.takes[at] for number, at in enumerate(items) if at in bound.takes}, bound.most, bound.least
        )
        for bound in bounds
    ]
    chosen = _Search(values, costs, int(board.budget), bounds).best(most_states)
    return [at for number, at in enumerate(items) if chosen >> number & 1]


def _bounds_of(board: Board) -> list[_Bound]:
    projects = board.election.projects
    bounds = [
        _Bound({at: Fraction(1) for at, one in enumerate(projects) if one.exclusive == name}, Fraction(1), 0)
        for name in sorted({project.exclusive for project in projects} - {""})
    ]
    for limit in board.election.limits:
        members = [at for at, project in enumerate(projects) if limit.category in project.categories]
        most = None if limit.most is None else Fraction(limit.most)
        bounds.append(_Bound(dict.fromkeys(members, Fraction(1)), most, limit.least))
        if limit.most_cost is not None:
            takes = {at: Fraction(board.costs[at]) for at in members}
            bounds.append(_Bound(takes, Fraction(limit.most_cost) * board.unit, 0))
    return bounds


class _Search:
    """Items in falling order of value for the cost."""

    def __init__(self, values: list[int], costs: list[int], budget: int, bounds: list[_Bound]) -> None:
        self.values, self.costs, self.budget, self.bounds = values, costs, budget, bounds
        self.sum_costs = [0, *accumulate(costs)]
        self.sum_values = [0, *accumulate(values)]

    def best(self, most_states: int) -> int:
        """Find the best set, as bits."""
        floor = max(self._value(self._solved()), self._value(self._filled()))
        states = self._kept([_State(0, 0, (Fraction(0),) * len(self.bounds), 0)], 0, floor)
        for item in range(len(self.values)):
            grown = [state for state in (self._with(state, item) for state in states) if state is not None]
            states = self._kept((*states, *grown), item + 1, floor)
            if len(states) > most_states:
                raise TooManyWays("max-welfare", "there are too many ways to choose to prove one best")
        if not states:
            raise AllocationInvalid("limits", "no choice within the budget keeps all of them; loosen one")
        return max(states, key=lambda state: state.value).chosen

    def _with(self, state: _State, item: int) -> _State | None:
        cost = state.cost + self.costs[item]
        if cost > self.budget:
            return None
        used = tuple(before + bound.takes.get(item, 0) for before, bound in zip(state.used, self.bounds, strict=True))
        if any(bound.most is not None and taken > bound.most for taken, bound in zip(used, self.bounds, strict=True)):
            return None
        return _State(cost, state.value + self.values[item], used, state.chosen | 1 << item)

    def _kept(self, states: Iterable[_State], done: int, floor: int) -> list[_State]:
        """Drop what another beats in every way, and what cannot come up to the floor."""
        best: dict[tuple[Fraction, ...], int] = {}
        kept = []
        for state in sorted(states, key=lambda state: (state.cost, -state.value)):
            if self._at_most(state, done) < floor or not self._can_keep(state, done):
                continue
            if state.value > best.get(state.used, -1):
                best[state.used] = state.value
                kept.append(state)
        return kept

    def _at_most(self, state: _State, done: int) -> int:
        """What a state could still come to, the last project bought in part."""
        reach = self.sum_costs[done] + self.budget - state.cost
        whole = bisect_right(self.sum_costs, reach) - 1
        value = state.value + self.sum_values[whole] - self.sum_values[done]
        if whole < len(self.values):
            value += (reach - self.sum_costs[whole]) * self.values[whole] // self.costs[whole]
        return value

    def _can_keep(self, state: _State, done: int) -> bool:
        """Tell if enough members are left for each bound that asks for a least number."""
        return all(
            taken + sum(item >= done for item in bound.takes) >= bound.least
            for taken, bound in zip(state.used, self.bounds, strict=True)
            if bound.least
        )

    def _value(self, items: list[int]) -> int:
        """The value of a set that keeps everything, in whole numbers; -1 for one that does not."""
        state: _State | None = _State(0, 0, (Fraction(0),) * len(self.bounds), 0)
        for item in items:
            state = None if state is None else self._with(state, item)
        return state.value if state is not None and self._can_keep(state, len(self.values)) else -1

    def _filled(self) -> list[int]:
        left = self.budget
        items: list[int] = []
        for item, cost in enumerate(self.costs):
            if cost <= left and self._value([*items, item]) >= 0:
                items.append(item)
                left -= cost
        return items

    def _solved(self) -> list[int]:
        if not self.values:
            return []
        largest = max(self.values)
        rows = [np.array([cost / self.budget for cost in self.costs])]
        lows, highs = [-np.inf], [1.0]
        for bound in self.bounds:
            most = bound.most
            rows.append(np.array([float(bound.takes.get(item, 0)) for item in range(len(self.costs))]))
            lows.append(float(bound.least))
            highs.append(np.inf if most is None else float(most))
        answer = milp(
            -np.array([value / largest for value in self.values]),
            integrality=np.ones(len(self.values), np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(rows), np.array(lows), np.array(highs)),
            options={"mip_rel_gap": 0.0, "time_limit": 20.0},
        )
        return [] if answer.x is None else [item for item, taken in enumerate(answer.x) if taken > 0.5]
