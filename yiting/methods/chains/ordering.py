"""The order within layers, with few crossings, and where each thing stands.

A pair over more than one layer bends in the layers between. The layers are put in order again and again, down and up,
each thing at the mean of its neighbours' places (the barycentre; Sugiyama, Tagawa and Toda 1981), and the order with
the fewest crossings is kept. Then things are moved under their neighbours as far as their order and the distance
between them allow, which is a least-squares problem with an order (isotonic regression).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.optimize import isotonic_regression

# A unit, or the bend of a pair in a layer.
Thing = tuple[str, ...]
Layers = list[list[Thing]]
Links = Mapping[Thing, Sequence[Thing]]

SWEEPS: Final = 12


def ordered(layers: Layers, up: Links, down: Links) -> Layers:
    """The layers in an order with few crossings; they are given in any order."""
    best = [sorted(layer) for layer in layers]
    least = crossings(best, down)
    current = best
    for sweep in range(SWEEPS):
        if not least:
            break
        current = _swept(current, up if sweep % 2 == 0 else down, is_down=sweep % 2 == 0)
        count = crossings(current, down)
        if count < least:
            best, least = current, count
    return best


def _swept(layers: Layers, links: Links, *, is_down: bool) -> Layers:
    turn = layers if is_down else layers[::-1]
    made: Layers = []
    place: dict[Thing, float] = {}
    for layer in turn:
        means = {
            thing: sum(place[other] for other in links[thing]) / len(links[thing]) if links.get(thing) else float(at)
            for at, thing in enumerate(layer)
        }
        made.append(sorted(layer, key=means.__getitem__))
        place = {thing: float(at) for at, thing in enumerate(made[-1])}
    return made if is_down else made[::-1]


def crossings(layers: Layers, down: Links) -> int:
    """How often the links between neighbouring layers cross."""
    count = 0
    for upper, lower in pairwise(layers):
        place = {thing: at for at, thing in enumerate(lower)}
        seen: list[int] = []
        for thing in upper:
            ends = sorted(place[other] for other in down.get(thing, ()))
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def placed(layers: Layers, up: Links, down: Links, across: int) -> dict[Thing, int]:
    """How far right each thing stands, its neighbours in the layer at least `across` away."""
    place = {thing: at * across for layer in layers for at, thing in enumerate(layer)}
    for sweep in range(SWEEPS):
        is_down = sweep % 2 == 0
        for layer in layers if is_down else layers[::-1]:
            links = up if is_down else down
            wish = [_mean([place[other] for other in links.get(thing, ())], place[thing]) for thing in layer]
            steps = np.arange(len(layer)) * across
            moved = np.rint(isotonic_regression(np.array(wish) - steps).x).astype(int) + steps
            place.update(zip(layer, moved.tolist(), strict=True))
    leftmost = min(place.values(), default=0)
    return {thing: at - leftmost for thing, at in place.items()}


def linked(pairs: Sequence[Sequence[Thing]]) -> tuple[Links, Links]:
    """The things above and below each, from the ways of all pairs, each from the top down."""
    up, down = defaultdict[Thing, list[Thing]](list), defaultdict[Thing, list[Thing]](list)
    for way in pairs:
        for upper, lower in pairwise(way):
            down[upper].append(lower)
            up[lower].append(upper)
    return up, down


def _mean(values: Sequence[int], other: int) -> float:
    return sum(values) / len(values) if values else float(other)
