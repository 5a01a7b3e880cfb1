"""Clusters by average linkage over sparse links, obeying what must and what must not be together.

Two classes join when the mean of all links between their members is high enough, measured against how closely
the members of each are linked among themselves. One strong link is not enough, so a chain of neighbours does
not make strangers one class. The result depends on the links alone, not on the order they come in.
"""

import heapq
import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]

_LOOSEST: Final = 0.2
"""However loose a class is, others find it no easier to join than one of this tightness."""


class Partition:
    """Things 0 … size - 1 in classes that can be joined, unless they are kept apart."""

    def __init__(self, size: int, apart: Iterable[Pair] = ()) -> None:
        self._home = list(range(size))
        self._apart: dict[int, set[int]] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def of(self, thing: int) -> int:
        """Return the least member of the class of `thing`."""
        home = self._home
        while home[thing] != thing:
            home[thing] = home[home[thing]]
            thing = home[thing]
        return thing

    def may_join(self, a: int, b: int) -> bool:
        """Is nothing of the class of `a` kept apart from anything of the class of `b`?"""
        return self.of(b) not in self._apart.get(self.of(a), ())

    def join(self, a: int, b: int) -> bool:
        """Make the classes of `a` and `b` one; False, and nothing changes, when they are kept apart."""
        a, b = sorted((self.of(a), self.of(b)))
        if not self.may_join(a, b):
            return False
        if a != b:
            self._home[b] = a
            for other in self._apart.pop(b, set()):
                self._apart[other].discard(b)
                self._apart[other].add(a)
                self._apart.setdefault(a, set()).add(other)
        return True

    def classes(self) -> list[list[int]]:
        """Return the members of each class, sorted, the class of the least member first."""
        found: dict[int, list[int]] = {}
        for thing in range(len(self._home)):
            found.setdefault(self.of(thing), []).append(thing)
        return list(found.values())


Links = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Of each link its two things and how strong it is, at most 1; each pair once."""

_LINKS_AT_ONCE: Final = 100_000


class _Linkage:
    """Classes as they grow, each by its least member: their voices, and the sums of links in and between."""

    def __init__(self, partition: Partition, links: Links, voices: Iterable[int]) -> None:
        self.sizes: dict[int, int] = {}
        self.within: dict[int, float] = {}
        for voice in voices:
            key = partition.of(voice)
            self.sizes[key] = self.sizes.get(key, 0) + 1
            self.within[key] = self.within.get(key, 0.0) + 1.0
        self.between: dict[int, dict[int, float]] = {key: {} for key in self.sizes}
        for one, other, strength in _in_order(links):
            a, b = partition.of(one), partition.of(other)
            if a == b:
                self.within[a] += 2 * strength
            else:
                self.between[a][b] = self.between[b][a] = self.between[a].get(b, 0.0) + strength

    def closeness(self, a: int, b: int) -> float:
        """Return the mean link of `a` and `b`, over the root of how tight the two are in themselves."""
        mean = self.between[a][b] / (self.sizes[a] * self.sizes[b])
        return mean if mean <= 0 else mean / math.sqrt(math.sqrt(self._tightness(a) * self._tightness(b)))

    def _tightness(self, a: int) -> float:
        return min(1.0, max(_LOOSEST, self.within[a] / self.sizes[a] ** 2))

    def join(self, a: int, b: int) -> None:
        """Let `b` become part of `a`."""
        self.within[a] += self.within.pop(b) + 2 * self.between[a][b]
        self.sizes[a] += self.sizes.pop(b)
        for other, total in self.between.pop(b).items():
            del self.between[other][b]
            if other != a:
                together = self.between[a].get(other, 0.0) + total
                self.between[a][other] = self.between[other][a] = together


def _in_order(links: Links) -> Iterator[tuple[int, int, float]]:
    """The links by their things, so that sums come out the same; some at a time, for there may be millions."""
    first, second = np.minimum(links[0], links[1]), np.maximum(links[0], links[1])
    order = np.lexsort((second, first))
    for start in range(0, len(order), _LINKS_AT_ONCE):
        some = order[start : start + _LINKS_AT_ONCE]
        yield from zip(first[some].tolist(), second[some].tolist(), links[2][some].tolist(), strict=True)


def average_linkage(partition: Partition, links: Links, floor: float, *, voices: Iterable[int]) -> None:
    """Join the classes of `partition` whose closeness is at least `floor`, the closest first.

    `links` are those between `voices`; a pair without one counts 0, and who is no voice is not counted. Ties go to
    the class of the least member.
    """
    linkage = _Linkage(partition, links, voices)
    queue = [(-linkage.closeness(a, b), a, b) for a, others in linkage.between.items() for b in others if a < b]
    queue = [offer for offer in queue if -offer[0] >= floor]
    heapq.heapify(queue)
    while queue:
        negative, a, b = heapq.heappop(queue)
        is_stale = b not in linkage.between.get(a, ()) or linkage.closeness(a, b) != -negative
        if is_stale or not partition.join(a, b):
            continue
        linkage.join(a, b)
        for other in linkage.between[a]:
            closeness = linkage.closeness(*sorted((a, other)))
            if closeness >= floor:
                heapq.heappush(queue, (-closeness, min(a, other), max(a, other)))
