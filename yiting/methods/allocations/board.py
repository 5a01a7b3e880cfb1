"""An election laid out for one way to measure satisfaction: whole numbers only, by project and by ballot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yiting.methods.allocations.election import Election, Ints
from yiting.methods.allocations.errors import AllocationInvalid
from yiting.methods.allocations.results import Satisfaction, Tie

Floats = NDArray[np.float64]


def satisfaction_of(election: Election, asked: Satisfaction | None) -> Satisfaction:
    """What satisfaction is, when nobody says: the cost of what one voted for, or the points one gave."""
    plain = election.kind in ("approval", "choose-1")
    if asked == "score" and plain:
        raise AllocationInvalid("satisfaction", "these ballots give no points; take cost or cardinality")
    if asked == "cc" and election.kind == "ordinal":
        raise AllocationInvalid("satisfaction", "cc is not defined for rankings; take score, cost or cardinality")
    return asked or ("cost" if plain else "score")


@dataclass(frozen=True, eq=False)
class Board:
    """Entries by ballot (`starts`, `columns`, `points`) and by project; a voter gains `points` times `factors`.

    `costs` and `budget` are in the smallest unit in which all of them are whole, `unit` of which make 1.
    """

    election: Election
    unit: int
    costs: tuple[int, ...]
    budget: Fraction
    factors: tuple[int, ...]
    starts: Ints
    columns: Ints
    points: Ints
    rows_by_project: tuple[Ints, ...]
    points_by_project: tuple[Floats, ...]
    rank: tuple[int, ...]

    @property
    def weights(self) -> Ints:
        """How many people cast each ballot."""
        return self.election.weights

    @cached_property
    def weights_by_project(self) -> tuple[Floats, ...]:
        """How many people cast each ballot that supports a project."""
        weights = self.weights.astype(np.float64)
        return tuple(weights[rows] for rows in self.rows_by_project)

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """The points each project was given by everybody."""
        return tuple(int(self.points_by_project[at] @ each) for at, each in enumerate(self.weights_by_project))

    @cached_property
    def room(self) -> Room:
        """The limits, ready to be asked."""
        return Room(self)

    def entries_of(self, rows: Ints) -> Ints:
        """Where the entries of some ballots stand."""
        begins = self.starts[rows]
        sizes = self.starts[rows + 1] - begins
        ends = np.cumsum(sizes)
        return np.repeat(begins - ends + sizes, sizes) + np.arange(int(ends[-1]) if len(ends) else 0)

    def first(self, projects: list[int], ties: list[Tie]) -> int:
        """Of projects that stand equal, the one that the published order chooses; the tie is noted."""
        ranked = sorted(projects, key=self.rank.__getitem__)
        if len(ranked) > 1:
            names = tuple(self.election.projects[at].id for at in ranked)
            ties.append(Tie(names, names[0]))
        return ranked[0]


class Room:
    """Which projects the limits still let in, beside those chosen."""

    def __init__(self, board: Board) -> None:
        projects = board.election.projects
        self._costs = board.costs
        self._exclusive = [project.exclusive for project in projects]
        self._limits = [
            (
                frozenset(at for at, project in enumerate(projects) if limit.category in project.categories),
                limit.most,
                None if limit.most_cost is None else limit.most_cost * board.unit,
            )
            for limit in board.election.limits
        ]
        self.is_plain = not any(self._exclusive) and not self._limits

    def lets(self, project: int, chosen: list[int]) -> bool:
        """Tell if a project may join those chosen."""
        if self.is_plain:
            return True
        group = self._exclusive[project]
        if group and any(self._exclusive[other] == group for other in chosen):
            return False
        for members, most, most_cost in self._limits:
            if project in members:
                inside = [other for other in chosen if other in members]
                if most is not None and len(inside) >= most:
                    return False
                if most_cost is not None and sum(self._costs[at] for at in (*inside, project)) > most_cost:
                    return False
        return True


def board_of(election: Election, satisfaction: Satisfaction, order: tuple[str, ...]) -> Board:
    """Lay out an election; entries that give no satisfaction are left out."""
    unit = math.lcm(election.budget.denominator, *(Fraction(project.cost).denominator for project in election.projects))
    costs = tuple(int(project.cost * unit) for project in election.projects)
    starts, columns, points = election.starts, election.columns, election.points
    is_plain = satisfaction in ("cost", "cardinality") or election.kind in ("approval", "choose-1")
    if is_plain:
        points = np.ones(len(columns), np.int64)
    elif not points.all():
        kept = points > 0
        owners = np.repeat(np.arange(election.distinct), np.diff(starts))[kept]
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(owners, minlength=election.distinct))))
        columns, points = columns[kept], points[kept]
    owners = np.repeat(np.arange(election.distinct), np.diff(starts))
    # of short numbers numpy sorts by digits, several times as fast
    short = columns.astype(np.uint16) if len(costs) <= 2**16 else columns
    placed = np.argsort(short, kind="stable")
    cuts = np.cumsum(np.bincount(columns, minlength=len(costs)))[:-1]
    ranks = {name: at for at, name in enumerate(order)}
    return Board(
        election=election,
        unit=unit,
        costs=costs,
        budget=election.budget * unit,
        factors=costs if satisfaction == "cost" else (1,) * len(costs),
        starts=starts,
        columns=columns,
        points=points,
        rows_by_project=_cut(owners[placed], cuts),
        points_by_project=_cut(np.ones(len(columns)) if is_plain else points[placed].astype(np.float64), cuts),
        rank=tuple(ranks[project.id] for project in election.projects),
    )


def _cut(values: NDArray[Any], cuts: Ints) -> tuple[NDArray[Any], ...]:
    return tuple(np.split(values, cuts))
