"""How well an offer fits an ask, in whole points that are the sum of parts anybody can see.

| part | all its points | none of them |
|---|---|---|
| kind | the kind asked (a kindred kind: the fewer points of `kindred`) | another kind, in a pair that is fixed |
| amount | covers all that is asked | covers hardly any |
| days | can be had on all days asked | on hardly any |
| near | at the spot (half where a place is unknown) | 10 km away or farther |
| carried | its organisation carries nothing yet | it carries much: the points are divided by 1 + carried |

Every division is rounded down. Distances are great circles on a sphere (the haversine's chord), to the nearest metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from yiting.methods.matchings.problem import PLAIN, Ask, Offer, Points, Rules

Ints = NDArray[np.int64]
PartName = Literal["kind", "amount", "days", "near", "carried"]

# Where the points for being near end, in metres; the mean radius of the earth, in metres.
FAR: Final = 10_000
EARTH: Final = 6_371_009
_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a fit: `points` of at most `most`, and the measure that they come from.

    `measure` is, for kind, 1 the kind asked, 0 another; for amount, what the offer can cover `of` the amount asked; for
    days, those it can be had on `of` the days asked; for near, metres, None where a place is unknown; for carried,
    how much the organisation carries. `of` is None where there is nothing to compare with.
    """

    name: PartName
    points: int
    most: int
    measure: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Fit:
    """The parts of a fit, always the same five in the same order."""

    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """The fit itself: the sum of its parts."""
        return sum(part.points for part in self.parts)

    def part(self, name: PartName) -> Part:
        """The part of this name."""
        return next(part for part in self.parts if part.name == name)


@dataclass(frozen=True, slots=True)
class Side:
    """Offers or asks as columns of numbers; `load` is what an offer's organisation carries, 0 for asks."""

    kind: Ints
    amount: Ints
    first: Ints
    last: Ints
    load: Ints
    at: NDArray[np.float64]

    def take(self, rows: NDArray[np.intp]) -> Side:
        """Some of them, in the order given."""
        return Side(
            self.kind[rows], self.amount[rows], self.first[rows], self.last[rows], self.load[rows], self.at[rows]
        )


def side_of(things: Sequence[Offer | Ask], code_of: dict[str, int]) -> Side:
    """Write offers or asks as columns; `code_of` numbers the kinds."""
    table = np.array(
        [
            (
                code_of[thing.kind],
                thing.amount,
                thing.first.toordinal(),
                thing.last.toordinal(),
                thing.carried if isinstance(thing, Offer) else 0,
            )
            for thing in things
        ],
        dtype=np.int64,
    ).reshape(-1, 5)
    places = np.array([thing.place or (np.nan, np.nan) for thing in things], dtype=float).reshape(-1, 2)
    latitude, longitude = np.radians(places).T
    at = np.stack(
        (np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)), axis=1
    )
    kind, amount, first, last, load = table.T.copy()
    return Side(kind, amount, first, last, load, at)


@dataclass(frozen=True, slots=True)
class Measures:
    """What the fits of pairs come from, one number a pair; `kinds` holds the points for the kinds themselves."""

    kinds: Ints
    same: NDArray[np.bool_]
    covered: Ints
    asked: Ints
    days: Ints
    days_asked: Ints
    metres: Ints
    load: Ints

    def points(self, most: Points) -> tuple[Ints, ...]:
        """The points of the five parts."""
        near = np.where(self.metres == _UNKNOWN, most.near // 2, most.near * np.maximum(FAR - self.metres, 0) // FAR)
        return (
            self.kinds,
            most.amount * self.covered // self.asked,
            most.days * self.days // self.days_asked,
            near,
            most.carried // (1 + self.load),
        )


def measure(offers: Side, asks: Side, kinds: Ints) -> Measures:
    """Measure pairs: the offers and asks at the same places of both sides; `kinds` are the points of kinds by code."""
    chord = np.sqrt(((offers.at - asks.at) ** 2).sum(axis=1))
    metres = 2 * EARTH * np.arcsin(np.minimum(chord / 2, 1.0))
    return Measures(
        kinds=kinds[offers.kind, asks.kind],
        same=offers.kind == asks.kind,
        covered=np.minimum(offers.amount, asks.amount),
        asked=asks.amount,
        days=np.maximum(0, np.minimum(offers.last, asks.last) - np.maximum(offers.first, asks.first) + 1),
        days_asked=asks.last - asks.first + 1,
        metres=np.where(np.isnan(metres), _UNKNOWN, np.rint(metres)).astype(np.int64),
        load=offers.load,
    )


def kind_points(names: Sequence[str], rules: Rules) -> Ints:
    """The points of a kind offered (row) for a kind asked (column); 0 where it cannot stand in."""
    table: Ints = np.diag(np.full(len(names), rules.points.kind, dtype=np.int64))
    code_of = {name: code for code, name in enumerate(names)}
    for offered, asked in rules.kindred:
        if offered in code_of and asked in code_of and offered != asked:
            table[code_of[offered], code_of[asked]] = rules.points.kindred
    return table


def fits_of(measures: Measures, most: Points) -> list[Fit]:
    """Write measures out as fits, one a pair."""
    columns = [column.tolist() for column in measures.points(most)]
    rows = zip(
        *columns,
        measures.same.tolist(),
        measures.covered.tolist(),
        measures.asked.tolist(),
        measures.days.tolist(),
        measures.days_asked.tolist(),
        measures.metres.tolist(),
        measures.load.tolist(),
        strict=True,
    )
    return [
        Fit(
            (
                Part("kind", kind, most.kind, int(same), None),
                Part("amount", amount, most.amount, covered, asked),
                Part("days", days, most.days, shared, days_asked),
                Part("near", near, most.near, None if metres == _UNKNOWN else metres, None),
                Part("carried", carried, most.carried, load, None),
            )
        )
        for kind, amount, days, near, carried, same, covered, asked, shared, days_asked, metres, load in rows
    ]


def fit_of(offer: Offer, ask: Ask, *, rules: Rules = PLAIN) -> Fit:
    """The fit of one pair, whether or not it may be matched."""
    names = sorted({offer.kind, ask.kind})
    code_of = {name: code for code, name in enumerate(names)}
    return fits_of(
        measure(side_of([offer], code_of), side_of([ask], code_of), kind_points(names, rules)), rules.points
    )[0]
