"""A part of an index: some texts in one order, with their terms both ways round. Made once, never changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.index.storing import Arrays
from yiting.methods.texts.index.terms import read_terms

DTYPES: Final = {
    "shelves": "<i8",
    "hashes": "<u8",
    "by_hash": "<u4",
    "id_starts": "<i8",
    "id_bytes": "u1",
    "starts": "<i8",
    "codes": "<u4",
    "vocabulary": "<u4",
    "posting_starts": "<i8",
    "postings": "<u4",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to be found: its id, its words, and the shelf it stands on (any 64-bit number)."""

    id: str
    text: str
    shelf: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """n texts, by shelf and then by the hash of their id, so that the same texts always stand in the same order.

    `codes[starts[i]:starts[i + 1]]` are the terms of row i, rising; `postings[posting_starts[j]:posting_starts[j + 1]]`
    the rows, rising, that have the term `vocabulary[j]`; `by_hash` the rows in the order of their hashes.
    """

    shelves: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    by_hash: NDArray[np.uint32]
    id_starts: NDArray[np.int64]
    id_bytes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    codes: NDArray[np.uint32]
    vocabulary: NDArray[np.uint32]
    posting_starts: NDArray[np.int64]
    postings: NDArray[np.uint32]

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """Take the arrays of a file."""
        return cls(**{name: arrays[name] for name in DTYPES})

    def __len__(self) -> int:
        return len(self.shelves)

    def id_of(self, row: int) -> str:
        """The id of the text in a row."""
        return self._id(row).decode("utf-8", "surrogatepass")

    def codes_of(self, row: int) -> NDArray[np.uint32]:
        """The terms of the text in a row."""
        return self.codes[self.starts[row] : self.starts[row + 1]]

    def rows_of(self, ids: Sequence[str], hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The row of each id, -1 where it is not here; `hashes` are those of the ids."""
        rows = np.full(len(ids), -1, dtype=np.int64)
        places = np.searchsorted(self.hashes, hashes, sorter=self.by_hash)
        first = self.by_hash[np.minimum(places, len(self) - 1)]
        for i in np.flatnonzero((places < len(self)) & (self.hashes[first] == hashes)).tolist():
            place, wanted = int(places[i]), encoded(ids[i])
            # two ids may have one hash: they stand side by side
            while place < len(self) and self.hashes[row := int(self.by_hash[place])] == hashes[i]:
                if self._id(row) == wanted:
                    rows[i] = row
                    break
                place += 1
        return rows

    def _id(self, row: int) -> bytes:
        return self.id_bytes[self.id_starts[row] : self.id_starts[row + 1]].tobytes()


def encoded(id: str) -> bytes:
    """The bytes of an id; half of a surrogate pair is kept as it is."""
    return id.encode("utf-8", "surrogatepass")


def hashes_of(ids: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each id, the same in every process."""
    digests = b"".join(hashlib.blake2b(encoded(id), digest_size=8).digest() for id in ids)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def segment_build(entries: Sequence[Entry], hashes: NDArray[np.uint64]) -> Segment:
    """Make a segment of texts whose ids are all different; `hashes` are those of the ids."""
    shelves = np.array([entry.shelf for entry in entries], dtype=np.int64)
    order = np.lexsort((hashes, shelves))
    in_order = [entries[i] for i in order.tolist()]
    terms = read_terms([entry.text for entry in in_order])
    ids = [encoded(entry.id) for entry in in_order]
    lengths = np.fromiter(map(len, ids), dtype=np.int64, count=len(ids))
    vocabulary, posting_starts, postings = posted(terms.codes, np.repeat(np.arange(len(ids)), np.diff(terms.starts)))
    return Segment(
        shelves=shelves[order],
        hashes=hashes[order],
        by_hash=np.argsort(hashes[order], kind="stable").astype(np.uint32),
        id_starts=np.concatenate(([0], np.cumsum(lengths))),
        id_bytes=np.frombuffer(b"".join(ids), dtype=np.uint8),
        starts=terms.starts,
        codes=terms.codes,
        vocabulary=vocabulary,
        posting_starts=posting_starts,
        postings=postings,
    )


def posted(
    codes: NDArray[np.uint32], rows: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32]]:
    """Turn pairs of term and row round: the different terms, where the rows of each begin, and the rows."""
    keys = np.sort((codes.astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64))
    sorted_codes = (keys >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(np.concatenate((np.ones(min(1, len(keys)), dtype=np.bool_), np.diff(sorted_codes) != 0)))
    postings = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return sorted_codes[first], np.concatenate((first, [len(keys)])).astype(np.int64), postings


def ranges(begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of several runs, one run after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(begins - (ends - lengths), lengths) + np.arange(total)
