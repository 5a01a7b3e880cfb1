"""Texts as rows of a sparse matrix over the terms kept at training: damped counts times rarity, by blocks.

G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval" (1988).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yiting.methods.texts.categories.terms import BLOCKS, BUCKETS, terms

Rows = sparse.csr_array
Columns = sparse.csc_array
Floats = NDArray[np.float32]

SHARES: Final = (1.2, 0.8, 1.0, 0.5)
"""The length of each block's row."""
AT_ONCE: Final = 1_024
"""Texts taken in hand together: what they need then stays near the processor."""
_SEEN_IN: Final = ((2_000, 3), (200, 2), (0, 1))
"""From so many texts on a term is kept that so many of them have."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The kept terms: `buckets` (int64, ascending, one a column) and the `rarity` (float32, positive) of each."""

    buckets: NDArray[np.int64]
    rarity: Floats
    columns: NDArray[np.int32] = field(init=False, repr=False)
    """The column of every bucket, -1 for one not kept."""

    def __post_init__(self) -> None:
        columns = np.full(BUCKETS, -1, dtype=np.int32)
        columns[self.buckets] = np.arange(len(self.buckets), dtype=np.int32)
        object.__setattr__(self, "columns", columns)

    def __len__(self) -> int:
        return len(self.buckets)

    def by_columns(self, texts: Sequence[str]) -> Columns:
        """Return a row for each of some texts, float32."""
        found = terms(texts)
        columns = self.columns.take(found.buckets)
        known = np.flatnonzero(columns >= 0)
        ones = np.ones(len(known), dtype=np.float32)
        # put together by columns: terms are few beside their occurrences, so this counts without a sort
        places = (found.rows.take(known), columns.take(known))
        matrix = sparse.coo_array((ones, places), shape=(len(texts), len(self))).tocsc()
        matrix.data = (1 + np.log(matrix.data)) * np.repeat(self.rarity, np.diff(matrix.indptr))
        edges = matrix.indptr[np.searchsorted(self.buckets, BLOCKS)]
        for share, (begin, end) in zip(SHARES, pairwise(edges.tolist()), strict=True):
            rows, values = matrix.indices[begin:end], matrix.data[begin:end]
            lengths = np.sqrt(np.bincount(rows, weights=values * values, minlength=len(texts)))
            values *= (share / np.where(lengths > 0, lengths, 1)).astype(np.float32).take(rows)
        return matrix

    def rows(self, texts: Sequence[str]) -> Rows:
        """Return a row for each text, float32, made some texts at a time."""
        parts = [
            self.by_columns(texts[start : start + AT_ONCE]).tocsr() for start in range(0, max(len(texts), 1), AT_ONCE)
        ]
        return sparse.csr_array(sparse.vstack(parts, format="csr"))


def vocabulary_of(texts: Sequence[str]) -> Vocabulary:
    """Keep the terms that three texts have (two of fewer than 2,000 texts, one of fewer than 200), and their rarity."""
    counts = np.zeros(BUCKETS, dtype=np.int32)
    for start in range(0, len(texts), AT_ONCE):
        found = terms(texts[start : start + AT_ONCE])
        once = np.unique(found.rows.astype(np.int64) * BUCKETS + found.buckets)
        counts += np.bincount(once % BUCKETS, minlength=BUCKETS).astype(np.int32)
    least = next(seen for many, seen in _SEEN_IN if len(texts) >= many)
    kept = np.flatnonzero(counts >= least).astype(np.int64)
    rarity = np.log((1 + len(texts)) / (1 + counts[kept])) + 1
    return Vocabulary(kept, rarity.astype(np.float32))
