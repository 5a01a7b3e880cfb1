"""A chain drawn in layers, upstream at the top: whole coordinates that a template turns into a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt
from typing import Final

from yiting.methods.chains.errors import ChainInvalid
from yiting.methods.chains.layering import layers_of, line_of
from yiting.methods.chains.ordering import Layers, Thing, linked, ordered, placed
from yiting.methods.chains.relations import Relation, relations_check

# How far apart relations between the same two units are drawn, in the unit of `across`.
BESIDE: Final = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A unit, the layer it stands in (0 at the top), and the middle of its box."""

    unit: str
    layer: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation and its line, from its source to its target through the bends between.

    `is_reversed` says that it points up: it closes a circle.
    """

    relation: Relation
    points: tuple[tuple[int, int], ...]
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Units by id and relations in their order, on a sheet from (0, 0) to (width, height)."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def layers(relations: Iterable[Relation], *, units: Iterable[str] = (), across: int = 160, down: int = 96) -> Drawing:
    """Draw a chain in layers (Sugiyama): sources above their targets, with few crossings and short lines.

    `units` may name some without relations; they stand below the others in rows. Neighbours in a layer are `across`
    apart, layers are `down` apart, and half of each is left free around. The same chain gives the same drawing
    whatever the order it is given in. Raises `ChainInvalid` for what is no relation, and for distances below 1.
    """
    if across < 1 or down < 1:
        raise ChainInvalid("across, down", f"{across} and {down} leave no room; write 1 or more")
    found = relations_check(relations)
    pairs = frozenset((relation.source, relation.target) for relation in found)
    line = line_of({unit for pair in pairs for unit in pair}, pairs)
    at = {unit: place for place, unit in enumerate(line)}
    upright = frozenset((min(pair, key=at.__getitem__), max(pair, key=at.__getitem__)) for pair in pairs)
    layer = layers_of(line, upright)
    ways = {pair: _way(pair, layer) for pair in sorted(upright)}
    rows: Layers = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for thing, number in sorted({(thing, number) for way in ways.values() for thing, number in way}):
        rows[number].append(thing)
    up, below = linked([[thing for thing, _ in way] for way in ways.values()])
    rows = ordered(rows, up, below)
    right = placed(rows, up, below, across)
    single = sorted(set(units) - set(line))
    if "" in single:
        raise ChainInvalid("units", "a unit is empty; name each")
    wide = max(max((len(row) for row in rows), default=0), isqrt(len(single)) + 1)
    for place, unit in enumerate(single):
        layer[unit] = len(rows) + place // wide
        right[unit,] = place % wide * across
    spot = {thing: (across // 2 + x) for thing, x in right.items()}
    height = max(layer.values(), default=-1) + 1
    return Drawing(
        width=max(spot.values(), default=0) + across // 2,
        height=height * down,
        nodes=tuple(
            Node(unit, number, spot[unit,], down // 2 + number * down) for unit, number in sorted(layer.items())
        ),
        edges=_edges(found, ways, spot, down),
    )


def _way(pair: tuple[str, str], layer: dict[str, int]) -> list[tuple[Thing, int]]:
    """What a pair runs through, each with its layer: its upper unit, a bend in each layer between, its lower unit."""
    upper, lower = pair
    between = [((upper, lower, str(number)), number) for number in range(layer[upper] + 1, layer[lower])]
    return [((upper,), layer[upper]), *between, ((lower,), layer[lower])]


def _edges(
    relations: tuple[Relation, ...],
    ways: dict[tuple[str, str], list[tuple[Thing, int]]],
    spot: dict[Thing, int],
    down: int,
) -> tuple[Edge, ...]:
    beside = defaultdict[frozenset[str], list[Relation]](list)
    for relation in relations:
        beside[frozenset((relation.source, relation.target))].append(relation)
    edges = []
    for relation in relations:
        others = beside[frozenset((relation.source, relation.target))]
        shift = (2 * others.index(relation) - len(others) + 1) * BESIDE // 2
        is_reversed = (relation.source, relation.target) not in ways
        way = ways[(relation.target, relation.source) if is_reversed else (relation.source, relation.target)]
        points = [(spot[thing] + shift, down // 2 + number * down) for thing, number in way]
        edges.append(Edge(relation, tuple(points[::-1] if is_reversed else points), is_reversed))
    return tuple(edges)
