"""The nearest texts of some segments: candidates that share a text's rarest terms, then their exact scores.

Terms are weighed by inverse document frequency (K. Spärck Jones, "A statistical interpretation of term specificity",
1972), the index's texts and everyday speech counted together. All sums are of whole numbers, so that a score does not
hang on the order in which texts came.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.index.segments import Segment, ranges
from yiting.methods.texts.index.terms import BACKGROUND_MESSAGES, background_counts

MOST_READ: Final = 4_096
"""Postings read for one text. Past this the texts that share its rarer terms are enough to choose among."""
MOST_TERMS: Final = 256
"""Terms of one text whose postings are read, the rarest first."""
LEAST_CHOSEN: Final = 48
"""Candidates whose exact score is worked out, when fewer are asked for."""

_SCALE: Final = 4_096
_WEIGHT_BITS: Final = np.int64(24)
_ROW_BITS: Final = np.int64(32)
_LOW: Final = np.int64(2**32 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What is searched: segments, which of their rows are gone (None for none), and in how many texts each term is."""

    segments: tuple[Segment, ...]
    gone: tuple[NDArray[np.bool_] | None, ...]
    counts: NDArray[np.int32]
    size: int

    def weights(self, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """How telling each term is: the square of its inverse document frequency, as a whole number."""
        known = self.counts[codes] + background_counts()[codes]
        return weights_of(known, self.size)


def weights_of(known: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    """Weights of terms known from so many of `size` texts and of everyday speech.

    One that everybody has weighs next to nothing, but something: were all texts the same they would be found.
    """
    total = np.float32(np.log(size + BACKGROUND_MESSAGES + 1))
    logs = np.maximum(total - np.log(known.astype(np.float32) + np.float32(1)), np.float32(0))
    weights: NDArray[np.int64] = np.maximum(np.rint(logs * logs * np.float32(_SCALE)), 1).astype(np.int64)
    return weights


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a text stands and how like it is, 0 to 1."""

    segment: int
    row: int
    score: float


def nearest(
    snapshot: Snapshot, codes: NDArray[np.uint32], *, k: int, shelves: Collection[int] | None, floor: float
) -> list[Hit]:
    """The `k` texts on `shelves` (None: on any) most like the one with the terms `codes`, best first, ties by id.

    The score is the geometric mean of how much of its weight is found in the other text (so that a few words find a
    long text that holds them) and of the cosine of the two. Texts below `floor` or without a shared term are left out.
    """
    if not len(codes) or k < 1:
        return []
    weights, counts = snapshot.weights(codes), snapshot.counts[codes]
    # the rarest first; of equally rare ones in the order of their numbers
    order = np.argsort(counts, kind="stable")
    order = order[counts[order] > 0][:MOST_TERMS]
    stretches = [
        _stretches(segment, dead, codes[order], shelves)
        for segment, dead in zip(snapshot.segments, snapshot.gone, strict=True)
    ]
    _read_no_more(stretches, snapshot.gone)
    want = max(LEAST_CHOSEN, 2 * k)
    chosen: list[tuple[int, NDArray[np.int64], NDArray[np.int64]]] = []
    for i, (begins, lengths) in enumerate(stretches):
        rows, sums = _summed(snapshot.segments[i], snapshot.gone[i], begins, lengths, weights[order], want)
        if len(rows):
            chosen.append((i, rows, sums))
    if not chosen:
        return []
    source = np.repeat([i for i, _, _ in chosen], [len(rows) for _, rows, _ in chosen])
    rows = np.concatenate([rows for _, rows, _ in chosen])
    if len(chosen) > 1:
        hashes = np.concatenate([snapshot.segments[i].hashes[rows] for i, rows, _ in chosen])
        best = np.lexsort((hashes, -np.concatenate([sums for _, _, sums in chosen])))[:want]
        source, rows = source[best], rows[best]
    scores = np.empty(len(rows))
    for i in {i for i, _, _ in chosen}:
        mine = source == i
        scores[mine] = _scores(snapshot, snapshot.segments[i], rows[mine], codes, weights)
    likely = np.flatnonzero((scores >= floor) & (scores > 0))
    likely = likely[np.argsort(-scores[likely], kind="stable")]
    if len(likely) > k:
        # those with the score of the last one stay till ties are settled
        likely = likely[scores[likely] >= scores[likely[k - 1]]]
    found = [Hit(int(source[i]), int(rows[i]), float(scores[i])) for i in likely.tolist()]
    return sorted(found, key=lambda hit: (-hit.score, snapshot.segments[hit.segment].id_of(hit.row)))[:k]


def likest(snapshot: Snapshot, segment: Segment, codes: NDArray[np.uint32], *, floor: float) -> list[Hit]:
    """The texts of a small segment beside those of the snapshot, weighed as they are; every one is compared."""
    rows = np.flatnonzero(np.diff(segment.starts))
    if not len(codes) or not len(rows):
        return []
    scores = _scores(snapshot, segment, rows, codes, snapshot.weights(codes))
    return [
        Hit(-1, row, score)
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
        if score >= floor and score > 0
    ]


Runs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""For each term (row) and each stretch of shelves (column): where its postings begin, and how many they are."""


def _stretches(
    segment: Segment, dead: NDArray[np.bool_] | None, codes: NDArray[np.uint32], shelves: Collection[int] | None
) -> Runs:
    places = np.searchsorted(segment.vocabulary, codes)
    places = np.minimum(places, len(segment.vocabulary) - 1)
    if not len(segment.vocabulary):
        return np.zeros((len(codes), 1), dtype=np.int64), np.zeros((len(codes), 1), dtype=np.int64)
    known = segment.vocabulary[places] == codes
    begins = segment.posting_starts[places]
    ends = np.where(known, segment.posting_starts[places + 1], begins)
    if shelves is None:
        return begins[:, None], (ends - begins)[:, None]
    bounds = _row_bounds(segment, shelves)
    low = _bisected(segment.postings, begins, ends, bounds[:, 0])
    high = _bisected(segment.postings, begins, ends, bounds[:, 1])
    return low, high - low


def _row_bounds(segment: Segment, shelves: Collection[int]) -> NDArray[np.int64]:
    """The stretches of rows that stand on some shelves, neighbours joined: first row, and one past the last."""
    wanted = np.unique(np.fromiter(shelves, dtype=np.int64, count=len(shelves)))
    first = np.searchsorted(segment.shelves, wanted)
    last = np.searchsorted(segment.shelves, wanted, side="right")
    first, last = first[last > first], last[last > first]
    starts = np.ones(len(first), dtype=np.bool_)
    starts[1:] = first[1:] != last[:-1]
    ends = np.roll(starts, -1)
    return np.stack([first[starts], last[ends]], axis=1)


def _bisected(
    postings: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each run of postings and each bound: the first place in the run that is not below the bound."""
    shape = (len(begins), len(bounds))
    low = np.broadcast_to(begins[:, None], shape).copy()
    high = np.broadcast_to(ends[:, None], shape).copy()
    for _ in range(int((ends - begins).max(initial=0)).bit_length()):
        middle = (low + high) >> 1
        below = (middle < high) & (postings[np.minimum(middle, len(postings) - 1)] < bounds)
        low = np.where(below, middle + 1, low)
        high = np.where(below, high, middle)
    return low


def _read_no_more(stretches: list[Runs], gone: Sequence[NDArray[np.bool_] | None]) -> None:
    """Leave out the commoner terms once enough is read. Only of the very first are postings left out."""
    if not stretches:
        return
    per_term = np.sum([lengths.sum(axis=1) for _, lengths in stretches], axis=0)
    read = np.cumsum(per_term)
    past = np.flatnonzero(read > MOST_READ)
    if not len(past):
        return
    first = int(np.flatnonzero(per_term)[0])
    for i, ((begins, lengths), dead) in enumerate(zip(stretches, gone, strict=True)):
        lengths[past[past != first]] = 0
        if first in past:
            # of texts that all have the same terms the first will do; as many more as may be gone
            most = MOST_READ + (0 if dead is None else int(np.count_nonzero(dead)))
            before = np.cumsum(lengths[first]) - lengths[first]
            lengths[first] = np.clip(most - before, 0, lengths[first])
        stretches[i] = (begins, lengths)


def _summed(
    segment: Segment,
    dead: NDArray[np.bool_] | None,
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
    weights: NDArray[np.int64],
    want: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The `want` rows with the greatest sums of the weights of their terms, and the sums; of equals the first rows."""
    postings = segment.postings
    runs = [
        postings[begin : begin + length]
        for begin, length in zip(begins.ravel().tolist(), lengths.ravel().tolist(), strict=True)
        if length
    ]
    if not runs:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rows = np.concatenate(runs).astype(np.int64)
    keys = np.sort((rows << _WEIGHT_BITS) | np.repeat(weights, lengths.sum(axis=1)))
    rows = keys >> _WEIGHT_BITS
    first = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    sums = np.add.reduceat(keys & ((1 << _WEIGHT_BITS) - 1), first)
    rows = rows[first]
    if dead is not None:
        alive = ~dead[rows]
        rows, sums = rows[alive], sums[alive]
    if len(rows) > want:
        ranked = np.partition((sums << _ROW_BITS) | (_LOW - rows), len(rows) - want)[-want:]
        rows, sums = _LOW - (ranked & _LOW), ranked >> _ROW_BITS
    return rows, sums


def _scores(
    snapshot: Snapshot,
    segment: Segment,
    rows: NDArray[np.int64],
    codes: NDArray[np.uint32],
    weights: NDArray[np.int64],
) -> NDArray[np.float64]:
    begins = segment.starts[rows]
    lengths = segment.starts[rows + 1] - begins
    theirs = segment.codes[ranges(begins, lengths)]
    places = np.minimum(np.searchsorted(codes, theirs), len(codes) - 1)
    their_weights = snapshot.weights(theirs)
    shared = np.where(codes[places] == theirs, their_weights, 0)
    first = np.cumsum(lengths) - lengths
    of_theirs = np.maximum(np.add.reduceat(their_weights, first), 1).astype(np.float64)
    of_shared = np.add.reduceat(shared, first).astype(np.float64)
    of_mine = float(max(int(weights.sum()), 1))
    cosine = of_shared / np.sqrt(of_mine * of_theirs)
    scores = np.sqrt(np.minimum(cosine * (of_shared / of_mine), 1.0))
    return np.round(scores, 6).astype(np.float64)
