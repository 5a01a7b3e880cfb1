"""Which layer each unit stands in, so that relations point down.

Cycles are broken first: the units are put in a line with few relations against it (Eades, Lin and Smyth 1993), and
those are turned round for the drawing. Each unit then stands just below the lowest of those above it (longest path),
and one with more relations down than up is moved down as far as it can be, which makes the relations shorter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Pairs = frozenset[tuple[str, str]]


def line_of(units: Iterable[str], pairs: Pairs) -> tuple[str, ...]:
    """The units in a line with few pairs against it: sinks to the end, sources to the front, else who gives most."""
    below, above = _neighbours(pairs)
    left = set(units)
    front: list[str] = []
    back: list[str] = []
    while left:
        sinks = sorted(unit for unit in left if not below[unit] & left)
        sources = sorted(unit for unit in left if not above[unit] & left)
        if sinks:
            taken = sinks
            back += reversed(taken)
        elif sources:
            taken = sources
            front += taken
        else:
            taken = [min(left, key=lambda unit: (len(above[unit] & left) - len(below[unit] & left), unit))]
            front += taken
        left -= set(taken)
    return (*front, *reversed(back))


def layers_of(line: tuple[str, ...], pairs: Pairs) -> dict[str, int]:
    """The layer of each unit, 0 at the top; every pair points down, and along the line."""
    below, above = _neighbours(pairs)
    layer: dict[str, int] = {}
    for unit in line:
        layer[unit] = max((layer[other] + 1 for other in above[unit]), default=0)
    for unit in reversed(line):
        if len(below[unit]) > len(above[unit]):
            layer[unit] = min(layer[other] for other in below[unit]) - 1
    return layer


def _neighbours(pairs: Pairs) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    below, above = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for upper, lower in pairs:
        below[upper].add(lower)
        above[lower].add(upper)
    return below, above
