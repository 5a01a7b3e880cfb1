"""What many ask for along a chain, and nobody, or one alone, offers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from yiting.methods.chains.errors import ChainInvalid


@dataclass(frozen=True, slots=True)
class Offering:
    """A unit offers a kind of thing."""

    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Wanting:
    """A unit asks for a kind of thing."""

    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind, the units that ask for it, and those that offer it: nobody, or one."""

    kind: str
    wanted_by: tuple[str, ...]
    offered_by: tuple[str, ...]


def gaps(offered: Iterable[Offering], wanted: Iterable[Wanting], *, least: int = 3) -> tuple[Gap, ...]:
    """The kinds that at least `least` units ask for and nobody, or one alone, offers.

    What nobody offers stands first, then what more units ask for, then by kind. A unit that asks for what only it
    offers is not counted among those who ask. Raises `ChainInvalid` when `least` is below 1.
    """
    if least < 1:
        raise ChainInvalid("least", f"{least} units are too few to make a gap; write 1 or more")
    askers, givers = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for wanting in wanted:
        askers[wanting.kind].add(wanting.unit)
    for offering in offered:
        givers[offering.kind].add(offering.unit)
    found = []
    for kind, units in askers.items():
        offers = givers.get(kind, set())
        others = units - offers if len(offers) == 1 else units
        if len(offers) <= 1 and len(others) >= least:
            found.append(Gap(kind, tuple(sorted(others)), tuple(offers)))
    return tuple(sorted(found, key=lambda gap: (len(gap.offered_by), -len(gap.wanted_by), gap.kind)))
