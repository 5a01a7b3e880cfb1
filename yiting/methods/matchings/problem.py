"""What a matching is made from: what is offered, what is asked, and the rules.

Every range of days includes both its ends. Amounts are whole numbers in the kind's own measure: seats, people,
hours, fen. Nothing depends on the order of any list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import isfinite
from typing import Final

from yiting.methods.matchings.errors import (
    AmountInvalid,
    CarriedInvalid,
    DaysReversed,
    DuplicateId,
    EmptyId,
    MatchingInvalid,
    Overbooked,
    PlaceInvalid,
    PointsInvalid,
    RulesInvalid,
    UnknownId,
    WeightInvalid,
)

# Latitude and longitude in degrees, WGS-84.
Place = tuple[float, float]

# Up to here the solver's floating numbers hold every whole number that occurs, with room to spare.
MOST_AMOUNT: Final = 10**12
MOST_WEIGHT: Final = 10**6
MOST_POINTS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that can be had: `amount` of a kind, on days from `first` to `last`.

    `carried` is how much its organisation carries already, counted in asks. An offer of a kind that is not shared
    out serves one ask; a hall that can be had on each of ten days is ten offers.
    """

    id: str
    kind: str
    amount: int
    first: date
    last: date
    place: Place | None = None
    carried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something that is needed; `weight` is how much it matters, in households for one."""

    id: str
    kind: str
    amount: int
    first: date
    last: date
    place: Place | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Fixed:
    """An amount of an offer that is promised to an ask already; it stands whatever the rules say."""

    offer: str
    ask: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The most points of each part of a fit (see `fit`), each from 0 to 1,000; `kindred` takes the place of `kind`."""

    kind: int = 400
    kindred: int = 200
    amount: int = 250
    days: int = 150
    near: int = 100
    carried: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may be matched.

    `shared` are the kinds whose amounts are shared out: an offer may serve several asks and an ask be served by several
    offers (goods, money, hours, volunteers). Every other kind is used whole, one offer for one ask (halls, vehicles
    on a day). `kindred` are pairs of a kind offered and a kind asked that it can stand in for, both shared or both
    whole. `furthest` rules out, in metres, what is known to be farther. `excluded` are pairs of offer and ask that
    were refused; `fixed` are promises that stand.
    """

    shared: frozenset[str] = frozenset()
    kindred: frozenset[tuple[str, str]] = frozenset()
    furthest: int | None = None
    excluded: frozenset[tuple[str, str]] = frozenset()
    fixed: tuple[Fixed, ...] = ()
    points: Points = Points()


PLAIN: Final = Rules()


def problem_check(offers: Sequence[Offer], asks: Sequence[Ask], rules: Rules) -> None:
    """Raise a `MatchingInvalid` for the first thing that cannot be matched, naming its place and the remedy."""
    things_check("offers", offers)
    things_check("asks", asks)
    rules_check(rules)
    offer_ids, ask_ids = {offer.id for offer in offers}, {ask.id for ask in asks}
    for offer, ask in sorted(rules.excluded):
        _check_known("rules.excluded", offer, offer_ids, "offers")
        _check_known("rules.excluded", ask, ask_ids, "asks")
    for at, pin in enumerate(rules.fixed):
        _check_known(f"rules.fixed[{at}].offer", pin.offer, offer_ids, "offers")
        _check_known(f"rules.fixed[{at}].ask", pin.ask, ask_ids, "asks")
    _check_booked(offers, rules)


def things_check(place: str, things: Sequence[Offer | Ask]) -> None:
    """Check offers or asks one by one, and that each has an id of its own."""
    seen: dict[str, int] = {}
    for at, thing in enumerate(things):
        here = f"{place}[{at}]"
        if not thing.id:
            raise EmptyId(f"{here}.id", "the id is empty; give each its own")
        if thing.id in seen:
            raise DuplicateId(
                f"{here}.id", f"{thing.id} stands at {place}[{seen[thing.id]}] already; give each its own"
            )
        seen[thing.id] = at
        _check_whole(f"{here}.amount", thing.amount, 1, MOST_AMOUNT, AmountInvalid)
        if thing.last < thing.first:
            raise DaysReversed(f"{here}.last", f"{thing.last} comes before {thing.first}; write the earlier day first")
        if thing.place is not None:
            _check_place(f"{here}.place", thing.place)
        if isinstance(thing, Ask):
            _check_whole(f"{here}.weight", thing.weight, 1, MOST_WEIGHT, WeightInvalid)
        else:
            _check_whole(f"{here}.carried", thing.carried, 0, MOST_AMOUNT, CarriedInvalid)


def rules_check(rules: Rules) -> None:
    """Check the rules by themselves."""
    for field in fields(Points):
        least = 1 if field.name in ("kind", "kindred") else 0
        _check_whole(f"rules.points.{field.name}", getattr(rules.points, field.name), least, MOST_POINTS, PointsInvalid)
    if rules.points.kindred > rules.points.kind:
        raise PointsInvalid("rules.points.kindred", "what stands in cannot fit better than the kind itself; write less")
    if rules.furthest is not None and rules.furthest < 0:
        raise RulesInvalid("rules.furthest", f"{rules.furthest} metres are less than none; write 0 or more, or None")
    for offered, asked in sorted(rules.kindred):
        if (offered in rules.shared) != (asked in rules.shared):
            raise RulesInvalid(
                "rules.kindred", f"of {offered} and {asked} one is shared out and one used whole; make both the same"
            )
    for at, pin in enumerate(rules.fixed):
        _check_whole(f"rules.fixed[{at}].amount", pin.amount, 1, MOST_AMOUNT, AmountInvalid)


def _check_booked(offers: Iterable[Offer], rules: Rules) -> None:
    promised, asks = Counter[str](), dict[str, list[str]]()
    for pin in rules.fixed:
        promised[pin.offer] += pin.amount
        asks.setdefault(pin.offer, []).append(pin.ask)
    for offer in offers:
        if offer.id not in asks:
            continue
        takers = sorted(asks[offer.id])
        if offer.kind not in rules.shared and len(takers) > 1:
            raise Overbooked("rules.fixed", f"{offer.id} serves one ask, not {', '.join(takers)}; keep one of them")
        if promised[offer.id] > offer.amount:
            raise Overbooked(
                "rules.fixed",
                f"{offer.id} has {offer.amount}, but {promised[offer.id]} are promised to {', '.join(takers)}; "
                "promise less",
            )


def _check_whole(place: str, value: object, least: int, most: int, refusal: type[MatchingInvalid]) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refusal(place, f"must be a whole number from {least} to {most}, not {value!r}")


def _check_place(place: str, point: Place) -> None:
    latitude, longitude = point
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise PlaceInvalid(place, f"{point} is no latitude and longitude in degrees; write None where it is unknown")


def _check_known(place: str, name: str, known: set[str], where: str) -> None:
    if name not in known:
        raise UnknownId(place, f"{name} is not among the {where}; add it, or leave the pair out")
