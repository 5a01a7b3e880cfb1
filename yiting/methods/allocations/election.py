"""What is voted on and how people voted: projects, a budget, and ballots of which equal ones are held once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from yiting.methods.allocations.errors import AllocationInvalid

Ints = NDArray[np.int64]
Kind = Literal["approval", "choose-1", "cumulative", "scoring", "ordinal"]
KINDS: Final = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
# Sums of whole numbers below this are exact in doubles.
EXACT: Final = 2**53


@dataclass(frozen=True, slots=True)
class Project:
    """What may be built; of the projects that share a word in `exclusive` at most one is."""

    id: str
    cost: int | Fraction
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exclusive: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many projects of a category, at most so much money for them, at least so many of them."""

    category: str
    most: int | None = None
    most_cost: int | Fraction | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that `weight` people of one group cast; choices in order of preference where it is a ranking."""

    choices: tuple[str, ...]
    points: tuple[int | Fraction, ...] = ()
    group: str = ""
    weight: int = 1


@dataclass(frozen=True, eq=False)
class Election:
    """Ballots as arrays: ballot `b` gives `points` to `columns`, both from `starts[b]` to `starts[b + 1]`.

    Points are whole: what was written times `scale`; 1 for a project approved, the Borda score for one ranked.
    """

    projects: tuple[Project, ...]
    budget: Fraction
    kind: Kind
    limits: tuple[Limit, ...]
    groups: tuple[str, ...]
    starts: Ints
    columns: Ints
    points: Ints
    scale: int
    weights: Ints
    group_of: Ints

    @property
    def voters(self) -> int:
        """How many ballots were cast."""
        return int(self.weights.sum())

    @property
    def distinct(self) -> int:
        """How many ballots differ."""
        return len(self.weights)

    @property
    def votes(self) -> tuple[int, ...]:
        """How many ballots name each project."""
        each = np.repeat(self.weights, np.diff(self.starts))
        counts = np.bincount(self.columns, each, minlength=len(self.projects))
        return tuple(int(count) for count in counts)


def election_of(
    projects: Iterable[Project],
    casts: Iterable[Cast],
    *,
    budget: int | Fraction,
    kind: Kind = "approval",
    limits: Sequence[Limit] = (),
) -> Election:
    """Gather an election, equal ballots of one group in one."""
    known = tuple(projects)
    columns = {project.id: column for column, project in enumerate(known)}
    groups: dict[str, int] = {}
    counts: Counter[tuple[tuple[int, ...], tuple[int | Fraction, ...], int]] = Counter()
    for number, cast in enumerate(casts, 1):
        place = f"ballot {number}"
        if cast.weight < 1:
            raise AllocationInvalid(place, f"its weight must be 1 or more, not {cast.weight}")
        choices = choices_checked(place, cast.choices, columns)
        points = points_checked(place, cast.points, len(choices)) if kind in ("cumulative", "scoring") else ()
        if kind == "choose-1" and len(choices) > 1:
            raise AllocationInvalid(place, f"it names {len(choices)} projects where one may be chosen")
        if kind in ("approval", "choose-1"):
            choices = tuple(sorted(choices))
        counts[choices, points, groups.setdefault(cast.group, len(groups))] += cast.weight
    return election_of_counts(known, counts, budget=budget, kind=kind, limits=limits, groups=tuple(groups))


def election_of_counts(
    projects: tuple[Project, ...],
    counts: Mapping[tuple[tuple[int, ...], tuple[int | Fraction, ...], int], int],
    *,
    budget: int | Fraction,
    kind: Kind,
    limits: Sequence[Limit] = (),
    groups: tuple[str, ...] = ("",),
) -> Election:
    """Make the arrays of ballots already counted: columns, points and group, and how many cast it."""
    sizes = np.array([len(choices) for choices, _, _ in counts], np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    columns = np.array(list(chain.from_iterable(choices for choices, _, _ in counts)), np.int64)
    scale = 1
    if kind in ("cumulative", "scoring"):
        given = [point for _, points, _ in counts for point in points]
        scale = math.lcm(*{Fraction(point).denominator for point in set(given)})
        points = np.fromiter((int(point * scale) for point in given), np.int64, len(given))
    elif kind == "ordinal":
        points = np.repeat(starts[1:], sizes) - np.arange(len(columns)) - 1
    else:
        points = np.ones(len(columns), np.int64)
    weights = np.fromiter(counts.values(), np.int64, len(counts))
    group_of = np.fromiter((group for _, _, group in counts), np.int64, len(counts))
    return election_of_arrays(
        projects,
        starts,
        columns,
        points,
        weights,
        budget=budget,
        kind=kind,
        limits=limits,
        groups=groups,
        group_of=group_of,
        scale=scale,
    )


def election_of_arrays(
    projects: Sequence[Project],
    starts: NDArray[Any],
    columns: NDArray[Any],
    points: NDArray[Any],
    weights: NDArray[Any],
    *,
    budget: int | Fraction,
    kind: Kind = "approval",
    limits: Sequence[Limit] = (),
    groups: tuple[str, ...] = ("",),
    group_of: NDArray[Any] | None = None,
    scale: int = 1,
) -> Election:
    """Take ballots that are arrays already; each must name a project once."""
    if kind not in KINDS:
        raise AllocationInvalid("kind of vote", f"{kind!r} is not known; it is one of {', '.join(KINDS)}")
    seen: set[str] = set()
    for project in projects:
        if not project.id or project.id in seen:
            raise AllocationInvalid(
                f"project {project.id}", "the id stands there twice; keep one" if project.id else "it has no id"
            )
        if project.cost <= 0:
            raise AllocationInvalid(f"project {project.id}", f"it costs {project.cost}; it must cost more than 0")
        seen.add(project.id)
    if budget <= 0:
        raise AllocationInvalid("budget", f"it is {budget}; it must be more than 0")
    for limit in limits:
        if limit.least < 0 or (limit.most is not None and limit.most < limit.least):
            raise AllocationInvalid(f"limit of {limit.category}", "it must let the least be and be at least 0")
    if len(points) and float(np.abs(points).max()) * float(np.sum(weights)) >= EXACT:
        raise AllocationInvalid("points", "they are too large to be added exactly; give smaller ones")
    return Election(
        projects=tuple(projects),
        budget=Fraction(budget),
        kind=kind,
        limits=tuple(limits),
        groups=groups,
        starts=np.asarray(starts, np.int64),
        columns=np.asarray(columns, np.int64),
        points=np.asarray(points, np.int64),
        scale=scale,
        weights=np.asarray(weights, np.int64),
        group_of=np.zeros(len(weights), np.int64) if group_of is None else np.asarray(group_of, np.int64),
    )


def choices_checked(place: str, choices: Sequence[str], columns: Mapping[str, int]) -> tuple[int, ...]:
    """Give the columns of the projects a ballot names."""
    try:
        found = tuple([columns[name] for name in choices])
    except KeyError:
        unknown = next(name for name in choices if name not in columns)
        raise AllocationInvalid(place, f"{unknown[:40]!r} is no project; name one of the list") from None
    if len(set(found)) < len(found):
        twice = next(name for at, name in enumerate(choices) if name in choices[:at])
        raise AllocationInvalid(place, f"it names {twice[:40]!r} twice; keep one")
    return found


def points_checked(place: str, points: Sequence[int | Fraction], number: int) -> tuple[int | Fraction, ...]:
    """Refuse points that do not fit the choices."""
    if len(points) != number:
        raise AllocationInvalid(place, f"it names {number} projects and gives {len(points)} points; give one each")
    if any(point < 0 for point in points):
        raise AllocationInvalid(place, "it gives points below 0; give 0 or more")
    return tuple(points)


def cost_replaced(election: Election, project: str, cost: int | Fraction) -> Election:
    """The same election, had one project another cost."""
    return replace(
        election,
        projects=tuple(replace(one, cost=cost) if one.id == project else one for one in election.projects),
    )


def supporters_added(election: Election, project: str, number: int) -> Election:
    """The same election, had so many more people voted for one project alone, with the most points anybody gave."""
    column = next(at for at, one in enumerate(election.projects) if one.id == project)
    most = max(int(election.points.max(initial=1)), 1)
    return replace(
        election,
        starts=np.append(election.starts, election.starts[-1] + 1),
        columns=np.append(election.columns, column),
        points=np.append(election.points, most),
        weights=np.append(election.weights, number),
        group_of=np.append(election.group_of, 0),
    )
