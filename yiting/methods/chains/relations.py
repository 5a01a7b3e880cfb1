"""Who is related to whom along an industry chain, and the shortest path between two units.

Nothing depends on the order in which relations are given; a relation that is given twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from yiting.methods.chains.errors import ChainInvalid

RelationKind = Literal["supply", "research", "service"]
KINDS: Final[tuple[RelationKind, ...]] = get_args(RelationKind)


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """What `source` is to `target`: it supplies it (upstream to downstream), researches for it, or serves it."""

    source: str
    target: str
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Step:
    """A step from one unit to the next; `is_forward` is False where the relation runs the other way."""

    source: str
    target: str
    kind: RelationKind
    is_forward: bool


def relations_check(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """The relations sorted, each once; raises `ChainInvalid` for one that is none."""
    found = sorted(set(relations))
    for relation in found:
        place = f"{relation.source} to {relation.target}"
        if not relation.source or not relation.target:
            raise ChainInvalid(place, "a unit is empty; name both")
        if relation.source == relation.target:
            raise ChainInvalid(place, "a unit has no relation to itself; leave it out")
        if relation.kind not in KINDS:
            raise ChainInvalid(place, f"{relation.kind!r} is no kind of relation; write one of {', '.join(KINDS)}")
    return tuple(found)


def path_between(relations: Iterable[Relation], a: str, b: str) -> tuple[Step, ...] | None:
    """The shortest path from a to b; empty from a unit to itself, None where there is none.

    A relation may be walked both ways. Of the paths with the fewest steps, the one with the fewest steps against their
    direction is taken; of those, the one whose units come first by id, read from b back to a. Where two units are
    related more than once, the step is forward if it can be, and of the kind that stands first in `KINDS`.
    """
    steps: dict[str, dict[str, Step]] = {}
    found = relations_check(relations)
    for relation in sorted(found, key=lambda relation: KINDS.index(relation.kind)):
        steps.setdefault(relation.source, {})
        steps.setdefault(relation.target, {})
        known = steps[relation.source].get(relation.target)
        if known is None or not known.is_forward:
            step = Step(relation.source, relation.target, relation.kind, is_forward=True)
            steps[relation.source][relation.target] = step
        back = Step(relation.target, relation.source, relation.kind, is_forward=False)
        steps[relation.target].setdefault(relation.source, back)
    if a == b:
        return ()
    # for each unit of a layer: the steps against their direction so far, and the step by which it was reached
    seen: dict[str, tuple[int, Step | None]] = {a: (0, None)}
    layer = [a]
    while layer and b not in seen:
        reached: dict[str, tuple[int, Step]] = {}
        for unit in sorted(layer):
            for step in steps.get(unit, {}).values():
                against = seen[unit][0] + (not step.is_forward)
                if step.target not in seen and (step.target not in reached or against < reached[step.target][0]):
                    reached[step.target] = (against, step)
        seen.update(reached)
        layer = list(reached)
    if b not in seen:
        return None
    path: list[Step] = []
    last = seen[b][1]
    while last is not None:
        path.append(last)
        last = seen[last.source][1]
    return tuple(reversed(path))
