"""Pairs of texts that share a band: the few among all pairs that are worth comparing."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.shingles import mixed

Pairs = NDArray[np.int64]
"""Two columns of row numbers, the smaller first; each pair once, in order."""

LEADERS: Final = 8
"""In a crowd under one key each is paired with this many of it only: a thousand copies make no million pairs."""


def candidate_pairs(keys: NDArray[np.uint64], prints: NDArray[np.uint64]) -> Pairs:
    """Pair the rows that have a key of a band (a column of `keys`) in common; a key of 0 is none.

    Who leads a crowd is told by `prints`, so neither the order of rows nor what else there is makes a difference.
    """
    rank = mixed(prints)
    by_rank = np.lexsort((prints, rank))
    found = np.empty(0, dtype=np.uint64)
    waiting: list[NDArray[np.uint64]] = []
    for band in range(keys.shape[1]):
        waiting += _pairs_of_band(keys[by_rank, band], by_rank)
        if sum(map(len, waiting)) > max(len(found), 1_000_000):
            found, waiting = _each_once(found, *waiting), []
    found = _each_once(found, *waiting)
    return np.stack([found >> np.uint64(32), found & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


def _each_once(*parts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    ordered = np.sort(np.concatenate(parts))
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def _pairs_of_band(keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> list[NDArray[np.uint64]]:
    """Pair each row with the leaders of its key; `rows` come by rank, leaders first."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sizes = np.diff(np.concatenate((first, [len(ordered)])))
    crowds = (sizes > 1) & (ordered[first] != 0)
    first, sizes = first[crowds], sizes[crowds]
    begin = np.repeat(first, sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = begin + within
    pairs = []
    for leader in range(min(LEADERS, int(sizes.max(initial=0)))):
        led = within > leader
        a, b = rows[order[begin[led] + leader]], rows[order[at[led]]]
        low, high = np.minimum(a, b).astype(np.uint64), np.maximum(a, b).astype(np.uint64)
        pairs.append((low << np.uint64(32)) | high)
    return pairs
