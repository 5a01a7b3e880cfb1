"""Pairs of texts that share a band: the few among all pairs that are worth comparing."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.shingles import mixed

Pairs = NDArray[np.int64]
"""Two columns of row numbers, the smaller first; each pair once, in order."""
Judge = Callable[[Pairs], NDArray[np.bool_]]
"""Says of each pair whether it is kept."""

LEADERS: Final = 8
"""In a crowd under one key each is paired with this many of it only: a thousand copies make no million pairs."""

_PAIRS_WAITING: Final = 1_000_000


def candidate_pairs(
    keys: NDArray[np.uint32], prints: NDArray[np.uint64], rows: NDArray[np.int64], judge: Judge
) -> Pairs:
    """Pair those of `rows` that have a key of a band (a column of `keys`) in common, if `judge` lets them; 0 is no key.

    `prints` (one of every row, those of `rows` all different) tell who leads a crowd, so neither the order of rows nor
    what else there is makes a difference.
    """
    rows = rows[by_rank(prints[rows])]
    found = np.empty(0, dtype=np.uint64)
    waiting: list[NDArray[np.uint64]] = []
    for band in range(keys.shape[1]):
        for pairs in pairs_of_band(keys[rows, band], rows):
            waiting.append(pairs)
            # as many wait as were found already, so that the merging takes no more time than the finding
            if sum(map(len, waiting)) > max(len(found), _PAIRS_WAITING):
                found, waiting = each_once(found, _kept(each_once(*waiting), judge)), []
    return as_pairs(each_once(found, _kept(each_once(*waiting), judge)))


def by_rank(prints: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The positions of those who lead first: by chance, but by the same one whatever else there is."""
    return np.lexsort((prints, mixed(prints)))


def pairs_of_band(keys: NDArray[np.uint32], rows: NDArray[np.int64]) -> Iterator[NDArray[np.uint64]]:
    """Pair each row with the leaders of its key, as numbers (see `as_pairs`); `rows` come by rank, leaders first."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)])
    sizes = np.diff(np.concatenate((first, [len(ordered)])))
    crowds = (sizes > 1) & (ordered[first] != 0)
    first, sizes = first[crowds], sizes[crowds]
    begin = np.repeat(first, sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = begin + within
    for leader in range(min(LEADERS, int(sizes.max(initial=0)))):
        led = within > leader
        a, b = rows[order[begin[led] + leader]], rows[order[at[led]]]
        yield as_numbers(a, b)


def each_once(*parts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """All the numbers in order, none twice."""
    ordered = np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint64)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def as_numbers(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A row of `a` and the one of `b` beside it, in either order, as one number that sorts as pairs do."""
    low, high = np.minimum(a, b).astype(np.uint64), np.maximum(a, b).astype(np.uint64)
    return (low << np.uint64(32)) | high


def as_pairs(numbers: NDArray[np.uint64]) -> Pairs:
    """The two row numbers in each number: the smaller in the upper half, the larger in the lower."""
    return np.stack([numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


def _kept(numbers: NDArray[np.uint64], judge: Judge) -> NDArray[np.uint64]:
    parts = [numbers[start : start + _PAIRS_WAITING] for start in range(0, len(numbers), _PAIRS_WAITING)]
    return np.concatenate([part[judge(as_pairs(part))] for part in parts]) if parts else numbers
