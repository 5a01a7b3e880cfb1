"""Several segments into one, a piece at a time, so that memory stays bounded however many texts there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.index.segments import DTYPES, Segment, posted, ranges
from yiting.methods.texts.index.storing import ArrayFile, Arrays
from yiting.methods.texts.index.terms import CODES

_ROWS_AT_ONCE: Final = 16_384
_PAIRS_AT_ONCE: Final = 2**22
_NOWHERE: Final = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """Which rows of which segment come one after the other, and where each row of a segment goes."""

    source: NDArray[np.int64]
    row: NDArray[np.int64]
    new_rows: list[NDArray[np.uint32]]


def segments_merged(segments: Sequence[Segment], gone: Sequence[NDArray[np.bool_] | None]) -> Segment:
    """Merge in memory; rows that are gone are left out for good."""
    arrays: Arrays = {name: np.concatenate(list(parts)) for name, parts in _pieces(segments, gone)}
    return Segment.of({name: arrays[name].astype(dtype, copy=False) for name, dtype in DTYPES.items()})


def segments_merge_into(path: Path, segments: Sequence[Segment], gone: Sequence[NDArray[np.bool_] | None]) -> None:
    """Merge into a new file; rows that are gone are left out for good. Takes some 200 MB and 20 bytes a text."""
    with ArrayFile(path) as file:
        for name, parts in _pieces(segments, gone):
            file.write(name, parts, DTYPES[name])


def _pieces(
    segments: Sequence[Segment], gone: Sequence[NDArray[np.bool_] | None]
) -> Iterator[tuple[str, Iterator[NDArray[Any]]]]:
    """Each array of the merged segment as its parts in order. The parts of one are to be taken before the next."""
    order = _ordered(segments, gone)
    hashes = _picked(order, [segment.hashes for segment in segments])
    yield "shelves", iter([_picked(order, [segment.shelves for segment in segments])])
    yield "hashes", iter([hashes])
    yield "by_hash", iter([np.argsort(hashes, kind="stable")])
    for starts, values in (("id_starts", "id_bytes"), ("starts", "codes")):
        lengths = _picked(order, [np.diff(getattr(segment, starts)) for segment in segments])
        yield starts, iter([np.concatenate(([0], np.cumsum(lengths)))])
        yield values, _rows_in_order(order, segments, starts, values)
    vocabulary: list[NDArray[np.uint32]] = [np.zeros(0, dtype=np.uint32)]
    counts: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    yield "postings", _postings(order, segments, vocabulary, counts)
    yield "vocabulary", iter(vocabulary)
    yield "posting_starts", iter([np.concatenate(([0], np.cumsum(np.concatenate(counts))))])


def _ordered(segments: Sequence[Segment], gone: Sequence[NDArray[np.bool_] | None]) -> _Order:
    kept = [
        np.arange(len(segment)) if dead is None else np.flatnonzero(~dead)
        for segment, dead in zip(segments, gone, strict=True)
    ]
    source = np.repeat(np.arange(len(segments)), [len(rows) for rows in kept])
    row = np.concatenate(kept)
    shelves = np.concatenate([segment.shelves[rows] for segment, rows in zip(segments, kept, strict=True)])
    hashes = np.concatenate([segment.hashes[rows] for segment, rows in zip(segments, kept, strict=True)])
    order = np.lexsort((hashes, shelves))
    source, row = source[order], row[order]
    new_rows = [np.full(len(segment), _NOWHERE, dtype=np.uint32) for segment in segments]
    for i, places in enumerate(new_rows):
        mine = np.flatnonzero(source == i)
        places[row[mine]] = mine
    return _Order(source, row, new_rows)


def _picked(order: _Order, arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    picked = np.empty(len(order.row), dtype=arrays[0].dtype)
    for i, values in enumerate(arrays):
        mine = order.source == i
        picked[mine] = values[order.row[mine]]
    return picked


def _rows_in_order(order: _Order, segments: Sequence[Segment], starts: str, values: str) -> Iterator[NDArray[Any]]:
    yield np.zeros(0, dtype=DTYPES[values])
    for begin in range(0, len(order.row), _ROWS_AT_ONCE):
        part = slice(begin, begin + _ROWS_AT_ONCE)
        source, row = order.source[part], order.row[part]
        begins = np.empty(len(row), dtype=np.int64)
        lengths = np.empty(len(row), dtype=np.int64)
        for i, segment in enumerate(segments):
            mine = source == i
            bounds = getattr(segment, starts)
            begins[mine] = bounds[row[mine]]
            lengths[mine] = bounds[row[mine] + 1] - begins[mine]
        places = np.cumsum(lengths) - lengths
        out = np.empty(int(lengths.sum()), dtype=DTYPES[values])
        for i, segment in enumerate(segments):
            mine = source == i
            out[ranges(places[mine], lengths[mine])] = getattr(segment, values)[ranges(begins[mine], lengths[mine])]
        yield out


def _postings(
    order: _Order,
    segments: Sequence[Segment],
    vocabulary: list[NDArray[np.uint32]],
    counts: list[NDArray[np.int64]],
) -> Iterator[NDArray[np.uint32]]:
    """The rows of each term, a stretch of terms at a time; fills in the terms and how many rows each has."""
    yield np.zeros(0, dtype=np.uint32)
    for low, high in _stretches(segments):
        codes, rows = [], []
        for segment, new_rows in zip(segments, order.new_rows, strict=True):
            first, last = np.searchsorted(segment.vocabulary, [low, high])
            bounds = segment.posting_starts[first : last + 1]
            moved = new_rows[segment.postings[bounds[0] : bounds[-1]]]
            kept = moved != _NOWHERE
            codes.append(np.repeat(segment.vocabulary[first:last], np.diff(bounds))[kept])
            rows.append(moved[kept].astype(np.int64))
        terms, starts, postings = posted(np.concatenate(codes), np.concatenate(rows))
        vocabulary.append(terms)
        counts.append(np.diff(starts))
        yield postings


def _stretches(segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Stretches of terms, from the first to before the last, that have some millions of postings each at most.

    One that everybody has may be longer by itself.
    """
    bounds = [0, CODES]
    if sum(len(segment.postings) for segment in segments) > _PAIRS_AT_ONCE:
        counts = np.zeros(CODES, dtype=np.int64)
        for segment in segments:
            counts[segment.vocabulary] += np.diff(segment.posting_starts)
        steps = np.cumsum(counts) // _PAIRS_AT_ONCE
        bounds = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), CODES]
    return pairwise(bounds)
