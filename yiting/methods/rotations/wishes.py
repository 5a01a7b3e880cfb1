"""The wishes that a plan keeps, each with words by which a secretary knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yiting.methods.rotations.problem import ALWAYS, Period, Problem, Unit
from yiting.methods.rotations.turns import Turn

WishKind = Literal["unavailable", "member", "kinds", "fixed", "most"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish of a unit; `activity` is the one that is fixed, or empty."""

    kind: WishKind
    unit: str
    text: str
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a wish rules out: these turns (rows) for these units (columns), or more than `most` turns of one unit."""

    wish: Wish
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    most: int | None = None

    def stops(self, row: int, column: int) -> bool:
        """Does it rule this unit out for this turn?"""
        return self.most is None and bool(((self.rows == row) & (self.columns == column)).any())


def bars_of(problem: Problem, units: Sequence[Unit], turns: Sequence[Turn]) -> list[Bar]:
    """The wishes that rule anything out, in a fixed order; `units` and `turns` are numbered as given."""
    found: list[Bar] = []
    days = _Days(turns)
    for column, unit in enumerate(units):
        for period in sorted(unit.unavailable, key=_by_days):
            text = f"{unit.id} is unavailable {_between(period)}"
            _add(found, Wish("unavailable", unit.id, text), days.rows_in([period]), column)
        if unit.memberships != (ALWAYS,):
            stays = sorted(unit.memberships, key=_by_days)
            text = f"{unit.id} is a member {' and '.join(map(_between, stays)) or 'on no day'}"
            _add(found, Wish("member", unit.id, text), days.rows_out(stays), column)
        if unit.kinds is not None:
            text = f"{unit.id} hosts only: {', '.join(sorted(unit.kinds)) or 'nothing'}"
            other = [row for row, turn in enumerate(turns) if any(a.kind not in unit.kinds for a in turn.activities)]
            _add(found, Wish("kinds", unit.id, text), np.array(other, dtype=np.intp), column)
        if unit.most is not None and unit.most < len(turns):
            text = f"{unit.id} takes at most {unit.most} turn{'' if unit.most == 1 else 's'}"
            everywhere = np.arange(len(turns))
            found.append(Bar(Wish("most", unit.id, text), everywhere, np.full(len(turns), column), unit.most))
    return found + _fixed(problem, units, turns)


def _fixed(problem: Problem, units: Sequence[Unit], turns: Sequence[Turn]) -> list[Bar]:
    column_of = {unit.id: column for column, unit in enumerate(units)}
    row_of = {activity.id: row for row, turn in enumerate(turns) for activity in turn.activities}
    found: list[Bar] = []
    for pin in sorted(problem.fixed, key=lambda pin: (row_of[pin.activity], pin.activity)):
        others = np.delete(np.arange(len(units)), column_of[pin.unit])
        wish = Wish("fixed", pin.unit, f"{pin.activity} is fixed for {pin.unit}", pin.activity)
        if len(others):
            found.append(Bar(wish, np.full(len(others), row_of[pin.activity]), others))
    return found


class _Days:
    """The days of all turns side by side, each with the row of its turn."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        pairs = [(day.toordinal(), row) for row, turn in enumerate(turns) for day in turn.days]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._days, self._rows = table[:, 0], table[:, 1]

    def rows_in(self, periods: Sequence[Period]) -> NDArray[np.intp]:
        """The turns with a day in one of the periods."""
        return np.unique(self._rows[self._within(periods)])

    def rows_out(self, periods: Sequence[Period]) -> NDArray[np.intp]:
        """The turns with a day in none of the periods."""
        return np.unique(self._rows[~self._within(periods)])

    def _within(self, periods: Sequence[Period]) -> NDArray[np.bool_]:
        within = np.zeros(len(self._days), dtype=bool)
        for period in periods:
            within |= (self._days >= period.first.toordinal()) & (self._days <= period.last.toordinal())
        return within


def _add(found: list[Bar], wish: Wish, rows: NDArray[np.intp], column: int) -> None:
    if len(rows):
        found.append(Bar(wish, rows, np.full(len(rows), column)))


def _by_days(period: Period) -> tuple[date, date]:
    return period.first, period.last


def _between(period: Period) -> str:
    if period.first == period.last:
        return f"on {period.first}"
    begin = "" if period.first == date.min else f"from {period.first}"
    end = "" if period.last == date.max else f"to {period.last}"
    return " ".join(part for part in (begin, end) if part) or "always"
