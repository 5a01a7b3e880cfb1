"""Texts as rows of a sparse matrix over the terms kept at training: damped counts times rarity, each block of length 1.

G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval" (1988).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yiting.methods.texts.categories.terms import BLOCKS, BUCKETS, Terms, terms

Rows = sparse.csr_array
Floats = NDArray[np.float32]

AT_ONCE: Final = 512
"""Texts taken in hand together: what they need then stays near the processor."""
_MANY_TEXTS: Final = 200
_SEEN_IN_MANY: Final = 2


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

    def blocks(self, texts: Sequence[str]) -> Iterator[Rows]:
        """Yield the rows of `texts`, one matrix a block, float32."""
        for block in terms(texts):
            yield self._rows(block, len(texts))

    def rows(self, texts: Sequence[str]) -> Rows:
        """Return the rows of `texts` with all blocks added up, float32, some texts at a time."""
        parts = [
            sum_of(list(self.blocks(texts[start : start + AT_ONCE]))) for start in range(0, len(texts), AT_ONCE)
        ] or [_no_rows(len(self))]
        return sparse.csr_array(sparse.vstack(parts, format="csr"))

    def _rows(self, block: Terms, texts: int) -> Rows:
        columns = self.columns[block.buckets]
        known = columns >= 0
        # one sort of whole numbers puts equal terms of a text side by side; 32 bits sort faster than 64
        width = max(len(self), 1)
        small = texts * width < 2**32
        keys = block.rows[known] * width + columns[known]
        ordered = np.sort(keys.astype(np.uint32) if small else keys.astype(np.uint64))
        first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else ordered
        counts = np.diff(np.append(first, len(ordered))).astype(np.float32)
        found = ordered[first.astype(np.int64)].astype(np.int64)
        rows = found // width
        at = (found - rows * width).astype(np.int32)
        values = (1 + np.log(counts)) * self.rarity[at]
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=texts)))).astype(np.int32)
        lengths = np.sqrt(np.bincount(rows, weights=values * values, minlength=texts))
        values /= lengths[rows].astype(np.float32)
        return sparse.csr_array((values, at, starts), shape=(texts, len(self)))


def _no_rows(width: int) -> Rows:
    return sparse.csr_array(np.zeros((0, width), dtype=np.float32))


def sum_of(blocks: Sequence[Rows]) -> Rows:
    """Return the sum of the matrices, columns in order."""
    total = blocks[0]
    for block in blocks[1:BLOCKS]:
        total = total + block
    total.sort_indices()
    return total


def vocabulary_of(texts: Sequence[str]) -> Vocabulary:
    """Keep the terms that two texts have (of fewer than two hundred texts: all), with their rarity."""
    counts = np.zeros(BUCKETS, dtype=np.int32)
    for start in range(0, len(texts), AT_ONCE):
        few = texts[start : start + AT_ONCE]
        for block in terms(few):
            once = np.unique(block.rows * BUCKETS + block.buckets)
            counts += np.bincount(once % BUCKETS, minlength=BUCKETS).astype(np.int32)
    kept = np.flatnonzero(counts >= (_SEEN_IN_MANY if len(texts) >= _MANY_TEXTS else 1)).astype(np.int64)
    rarity = np.log((1 + len(texts)) / (1 + counts[kept])) + 1
    return Vocabulary(kept, rarity.astype(np.float32))
