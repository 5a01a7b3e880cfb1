"""A second opinion: an assignment held against the offers, asks and rules, and its optimality proven anew.

Nothing of the planner is used, only plain loops over whole numbers, so that an error in it cannot hide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import asin, cos, radians, sin, sqrt

from yiting.methods.matchings.assign import Assignment, Pair
from yiting.methods.matchings.fit import EARTH, FAR
from yiting.methods.matchings.problem import PLAIN, Ask, Fixed, Offer, Place, Rules


def assignment_check(
    offers: Sequence[Offer], asks: Sequence[Ask], assignment: Assignment, *, rules: Rules = PLAIN
) -> tuple[str, ...]:
    """Name everything that does not hold of an assignment; empty when it keeps the rules, counts rightly and is best.

    That it is best is read off the prices alone: each price is at least 0, no pair that may be matched is worth more
    than its two prices together, and the prices of all that is free add up to the total (weak duality).
    """
    offer_of, ask_of = {offer.id: offer for offer in offers}, {ask.id: ask for ask in asks}
    found = [pair for pair in assignment.pairs if not pair.is_fixed]
    fixed = sorted((pair.offer, pair.ask, pair.amount) for pair in assignment.pairs if pair.is_fixed)
    faults = [
        f"there is no {pair.offer} for {pair.ask}"
        for pair in assignment.pairs
        if pair.offer not in offer_of or pair.ask not in ask_of
    ]
    if fixed != sorted((pin.offer, pin.ask, pin.amount) for pin in rules.fixed):
        faults.append("the fixed pairs are not those of the rules")
    if faults:
        return tuple(faults)
    supply = {offer.id: _free(offer, [pin for pin in rules.fixed if pin.offer == offer.id], rules) for offer in offers}
    demand = {ask.id: _free(ask, [pin for pin in rules.fixed if pin.ask == ask.id], rules) for ask in asks}
    faults += _pairs(found, offer_of, ask_of, rules)
    faults += _booked(found, supply, demand, offer_of, rules)
    faults += _left(offers, asks, assignment, rules)
    if faults:
        return tuple(faults)
    total = sum(
        _points(offer_of[pair.offer], ask_of[pair.ask], rules) * ask_of[pair.ask].weight * _units(pair, offer_of, rules)
        for pair in found
    )
    if assignment.total != total:
        faults.append(f"the total is {total}, not {assignment.total}")
    if assignment.optimal:
        faults += _unproven(offers, asks, assignment, total, supply, demand, rules)
    return tuple(faults)


def _free(thing: Offer | Ask, pins: list[Fixed], rules: Rules) -> int:
    if thing.kind in rules.shared:
        return max(0, thing.amount - sum(pin.amount for pin in pins))
    return 0 if pins else 1


def _units(pair: Pair, offer_of: dict[str, Offer], rules: Rules) -> int:
    return pair.amount if offer_of[pair.offer].kind in rules.shared else 1


def _pairs(found: list[Pair], offer_of: dict[str, Offer], ask_of: dict[str, Ask], rules: Rules) -> Iterator[str]:
    for pair in found:
        offer, ask = offer_of[pair.offer], ask_of[pair.ask]
        points = _points(offer, ask, rules)
        if not points:
            yield f"{pair.offer} may not be matched with {pair.ask}"
        elif points != pair.fit.points:
            yield f"{pair.offer} fits {pair.ask} by {points}, not by {pair.fit.points}"
        if offer.kind not in rules.shared and pair.amount != min(offer.amount, ask.amount):
            yield f"{pair.offer} gives {pair.ask} {min(offer.amount, ask.amount)}, not {pair.amount}"


def _booked(
    found: list[Pair], supply: dict[str, int], demand: dict[str, int], offer_of: dict[str, Offer], rules: Rules
) -> Iterator[str]:
    given, taken = Counter[str](), Counter[str]()
    for pair in found:
        given[pair.offer] += _units(pair, offer_of, rules)
        taken[pair.ask] += _units(pair, offer_of, rules)
        if pair.amount < 1:
            yield f"{pair.offer} gives {pair.ask} nothing"
    yield from (f"{name} gives {given[name]} of {free}" for name, free in supply.items() if given[name] > free)
    yield from (f"{name} takes {taken[name]} of {free}" for name, free in demand.items() if taken[name] > free)


def _left(offers: Sequence[Offer], asks: Sequence[Ask], assignment: Assignment, rules: Rules) -> Iterator[str]:
    given, taken = Counter[str](), Counter[str]()
    for pair in assignment.pairs:
        given[pair.offer] += pair.amount
        taken[pair.ask] += pair.amount
    unused = {offer.id: offer.amount - given[offer.id] for offer in offers if offer.kind in rules.shared}
    unused |= {offer.id: offer.amount for offer in offers if offer.kind not in rules.shared and not given[offer.id]}
    unmet = {ask.id: ask.amount - taken[ask.id] for ask in asks}
    for told, counted in ((assignment.unused, unused), (assignment.unmet, unmet)):
        if {left.id: left.amount for left in told} != {name: rest for name, rest in counted.items() if rest > 0}:
            yield "what is left is counted wrongly"


def _unproven(
    offers: Sequence[Offer],
    asks: Sequence[Ask],
    assignment: Assignment,
    total: int,
    supply: dict[str, int],
    demand: dict[str, int],
    rules: Rules,
) -> Iterator[str]:
    paid = {price.id: price.price for price in assignment.offer_prices}
    own = {price.id: price.price for price in assignment.ask_prices}
    yield from (f"the price of {name} is below 0" for name, price in (*paid.items(), *own.items()) if price < 0)
    bound = sum(free * paid.get(name, 0) for name, free in supply.items())
    bound += sum(free * own.get(name, 0) for name, free in demand.items())
    if bound != total:
        yield f"the prices allow a total of {bound}, above {total}"
    for ask in asks:
        for offer in offers:
            if supply[offer.id] and demand[ask.id]:
                worth = _points(offer, ask, rules) * ask.weight
                if worth > paid.get(offer.id, 0) + own.get(ask.id, 0):
                    yield f"{offer.id} with {ask.id} is worth {worth}, more than their prices"


def _points(offer: Offer, ask: Ask, rules: Rules) -> int:
    """The fit of a pair; 0 where it may not be matched."""
    most = rules.points
    days = (min(offer.last, ask.last) - max(offer.first, ask.first)).days + 1
    metres = _metres(offer.place, ask.place)
    if offer.kind == ask.kind:
        kind = most.kind
    elif (offer.kind, ask.kind) in rules.kindred:
        kind = most.kindred
    else:
        return 0
    too_far = rules.furthest is not None and metres is not None and metres > rules.furthest
    if days < 1 or too_far or (offer.id, ask.id) in rules.excluded:
        return 0
    near = most.near // 2 if metres is None else most.near * max(0, FAR - metres) // FAR
    covered = most.amount * min(offer.amount, ask.amount) // ask.amount
    return (
        kind
        + covered
        + most.days * days // ((ask.last - ask.first).days + 1)
        + near
        + most.carried // (1 + offer.carried)
    )


def _metres(one: Place | None, other: Place | None) -> int | None:
    if one is None or other is None:
        return None
    points = [(radians(latitude), radians(longitude)) for latitude, longitude in (one, other)]
    (x, y, z), (u, v, w) = (
        (cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))
        for latitude, longitude in points
    )
    return round(2 * EARTH * asin(min(1.0, sqrt((x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2) / 2)))
