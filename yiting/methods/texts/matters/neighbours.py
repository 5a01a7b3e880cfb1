"""For each message the few others that it may belong with, among very many, without comparing all pairs.

Two messages meet under a term that tells something in the one (its heaviest) and that not too many have: a prefix
filter (R. Bayardo, Y. Ma and R. Srikant, "Scaling up all pairs similarity search", 2007) cut to a number of terms.
Of those met the nearest are kept and compared in full.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

TELLING_TERMS: Final = 40
"""Terms of a message, its heaviest, under which it looks for others."""
MOST_MESSAGES: Final = 1_500
"""A term that more messages have is looked under by none: what is so common tells little."""
NEAREST: Final = 48
"""Others kept of each message."""
OF_ONE_PLACE: Final = 3.0
"""Others that name the same place are taken for this many times as near."""

_ROWS_AT_ONCE: Final = 512
_PAIRS_AT_ONCE: Final = 16_384
# What was not looked under adds to the likeness yet, so less than the floor will do at first.
_AT_FIRST: Final = 0.6


def neighbours(
    rows: sparse.csr_array, places: sparse.csr_array, floor: float, floor_in_one_place: float, *, nearest: int = NEAREST
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs of row numbers, the smaller first, and how alike the two are, where that is at least a floor.

    `rows` have length 1 or less, their columns in order; likeness is their product, 0 to 1. `places` has an entry
    where a message names a place. Every row has its `nearest` others, ties going to the first; time and memory grow
    with rows x `nearest`.
    """
    size = np.uint64(max(rows.shape[0], 1))
    met = [np.zeros(0, dtype=np.uint64), *_met(rows, places, floor, floor_in_one_place, nearest)]
    found = np.unique(np.concatenate(met))
    first, second = (found // size).astype(np.int64), (found % size).astype(np.int64)
    likeness = products(rows, first, second)
    near = likeness >= min(floor, floor_in_one_place)
    return first[near], second[near], likeness[near]


def products(rows: sparse.csr_array, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """The product of the two rows of each pair, rounded so that the last bits decide nothing."""
    parts = [
        np.asarray(rows[first[some]].multiply(rows[second[some]]).sum(axis=1)).ravel()
        for start in range(0, len(first), _PAIRS_AT_ONCE)
        for some in [slice(start, start + _PAIRS_AT_ONCE)]
    ]
    return np.round(np.concatenate(parts), 9) if parts else np.zeros(0)


def _met(
    rows: sparse.csr_array, places: sparse.csr_array, floor: float, floor_in_one_place: float, nearest: int
) -> Iterator[NDArray[np.uint64]]:
    rare, sites = _rare(rows), _rare(places)
    asked = _only(rare, _heaviest(rare, TELLING_TERMS))
    by_term, by_site = sparse.csr_array(rare.T), sparse.csr_array(sites.T)
    least = _AT_FIRST * min(floor, OF_ONE_PLACE * floor_in_one_place)
    size = np.uint64(max(rows.shape[0], 1))
    for start in range(0, rows.shape[0], _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        block = sparse.csr_array(asked[some] @ by_term)
        in_one_place = sparse.csr_array(sites[some] @ by_site)
        in_one_place.data = np.full(len(in_one_place.data), OF_ONE_PLACE - 1)
        rank = sparse.csr_array(block + block.multiply(in_one_place))
        owners = np.repeat(np.arange(rank.shape[0], dtype=np.int64), np.diff(rank.indptr)) + start
        near = (rank.data >= least) & (rank.indices != owners)
        owners, others, ranks = owners[near], rank.indices[near].astype(np.int64), np.round(rank.data[near], 9)
        order = np.lexsort((others, -ranks, owners))
        owners, others = owners[order], others[order]
        kept = np.arange(len(owners)) - np.searchsorted(owners, owners) < nearest
        low, high = np.minimum(owners[kept], others[kept]), np.maximum(owners[kept], others[kept])
        yield np.unique(low.astype(np.uint64) * size + high.astype(np.uint64))


def _rare(rows: sparse.csr_array) -> sparse.csr_array:
    """Leave out what only one row has, or too many."""
    held = np.bincount(rows.indices, minlength=rows.shape[1])[rows.indices]
    return _only(rows, (held > 1) & (held <= MOST_MESSAGES))


def _heaviest(rows: sparse.csr_array, most: int) -> NDArray[np.bool_]:
    """Which entries are among the `most` heaviest of their row."""
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((rows.indices, -rows.data, owners))
    chosen = np.zeros(len(rows.data), dtype=np.bool_)
    chosen[order] = np.arange(len(order)) - rows.indptr[owners] < most
    return chosen


def _only(rows: sparse.csr_array, kept: NDArray[np.bool_]) -> sparse.csr_array:
    starts = np.concatenate(([0], np.cumsum(kept)))[rows.indptr]
    return sparse.csr_array((rows.data[kept], rows.indices[kept], starts), shape=rows.shape)
