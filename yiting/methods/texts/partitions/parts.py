"""What the workers do with a partition: sign it, send out its bands, meet others, answer, compare.

Every text has one number in the whole: its place in its partition plus `bounds` (int64, one more than partitions)
at that partition.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.banding import Pairs, as_numbers, as_pairs, by_rank, each_once, pairs_of_band
from yiting.methods.texts.duplicates.comparing import alike, may_be_alike, sketched
from yiting.methods.texts.duplicates.grouping import told_apart
from yiting.methods.texts.duplicates.naming import PlaceNames, Said, SaidNames
from yiting.methods.texts.duplicates.signing import BANDS, Signed, chosen, count_runs, joined, sign

Row = Sequence[Any]
"""An id, a text, and perhaps the place that was picked for it (None: nobody picked)."""

_AT_ONCE: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of all texts, signed; `prints` tell texts with the same letters and the same picked place."""

    ids: Sequence[str]
    texts: Sequence[str]
    picked: Sequence[str | None]
    signed: Signed
    prints: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Banded:
    """The keys of some texts in one band, and with each its text's number, print and sketch."""

    keys: NDArray[np.uint32]
    rows: NDArray[np.int64]
    prints: NDArray[np.uint64]
    sketches: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Pairs that one partition compares, as numbers (see `as_pairs`), and the rows of each partition they are about."""

    numbers: NDArray[np.uint64]
    rows: Sequence[NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Alike(Asked):
    """Pairs that read alike, and how much (0 to 1): their places are still to be compared."""

    likeness: NDArray[np.float64]


def signed_part(rows: Iterable[Row]) -> Part:
    """Read and sign a partition."""
    ids, texts, picked = list[str](), list[str](), list[str | None]()
    for id, text, *place in rows:
        ids.append(id)
        texts.append(text)
        picked.append(place[0] if place else None)
    signed = sign(texts)
    return Part(ids, texts, picked, signed, told_apart(signed.prints, picked))


def head(part: Part) -> tuple[Sequence[str], NDArray[np.uint64]]:
    """What is gathered of each text in one place: its id and print."""
    return part.ids, part.prints


def counted(part: Part, is_first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How often runs occur in the texts that are nobody's copies."""
    return count_runs(part.signed, np.flatnonzero(is_first))


def banded(part: Part, is_first: NDArray[np.bool_], offset: int, slices: int) -> list[Banded]:
    """The bands of the texts that are nobody's copies, each band in so many slices by its keys."""
    signed, found = part.signed, []
    firsts = np.flatnonzero(is_first)
    for band in range(BANDS):
        keys = signed.keys[firsts, band]
        for number in range(slices):
            rows = firsts[(keys // 2) % slices == number]
            found.append(Banded(signed.keys[rows, band], rows + offset, part.prints[rows], signed.sketches[rows]))
    return found


def met(pieces: Sequence[Banded], bounds: NDArray[np.int64]) -> list[NDArray[np.uint64]]:
    """Pairs that share a key in one slice of a band and are worth being compared, by the partition that compares."""
    keys, rows, prints, sketches = (
        np.concatenate([getattr(piece, field) for piece in pieces]) for field in ("keys", "rows", "prints", "sketches")
    )
    order = by_rank(prints)
    parts: list[NDArray[np.uint64]] = []
    for numbers in pairs_of_band(keys[order], order):
        for start in range(0, len(numbers), _AT_ONCE):
            pairs = as_pairs(numbers[start : start + _AT_ONCE])
            pairs = rows[pairs[may_be_alike(sketches, pairs)]]
            parts.append(as_numbers(pairs[:, 0], pairs[:, 1]))
    return by_home(each_once(*parts), bounds)


def by_home(numbers: NDArray[np.uint64], bounds: NDArray[np.int64]) -> list[NDArray[np.uint64]]:
    """Share pairs out to the partitions of either text: one that leads many must not keep a single worker busy."""
    pairs = as_pairs(numbers)
    chosen_text = np.where(pairs.sum(axis=1) % 2, pairs[:, 0], pairs[:, 1])
    home = np.searchsorted(bounds, chosen_text, side="right") - 1
    return [numbers[home == number] for number in range(len(bounds) - 1)]


def asked(pieces: Sequence[NDArray[np.uint64]], bounds: NDArray[np.int64]) -> Asked:
    """Gather the pairs that one partition compares, each once."""
    numbers = each_once(*pieces)
    return Asked(numbers, _rows(numbers, bounds))


def rows_asked_for(question: Asked) -> Sequence[NDArray[np.int64]]:
    """The rows of each partition that the pairs are about."""
    return question.rows


def answered(part: Part, wanted: Sequence[NDArray[np.int64]]) -> list[Signed]:
    """Give out rows of this partition to each of those who want some."""
    return [chosen(part.signed, rows) for rows in wanted]


def compared(
    question: Asked,
    answers: Sequence[Signed],
    bounds: NDArray[np.int64],
    weights: NDArray[np.float32],
    most_strange: float,
) -> Alike:
    """Those of the pairs that read alike."""
    pairs, signed = _local(question, bounds), joined(answers)
    same = alike(signed, pairs, weights, most_strange=most_strange)
    numbers = question.numbers[same]
    return Alike(numbers, _rows(numbers, bounds), sketched(signed.sketches, pairs[same]))


def named(part: Part, wanted: Sequence[NDArray[np.int64]], known_places: Set[str]) -> list[list[Said]]:
    """Tell each of those who want to know what rows of this partition say of places; each is read once."""
    rows = np.unique(np.concatenate(wanted)).tolist()
    said = dict(zip(rows, PlaceNames(part.texts, part.picked, known_places).said(rows), strict=True))
    return [[said[row] for row in some.tolist()] for some in wanted]


def same_place(question: Alike, answers: Sequence[Sequence[Said]], bounds: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Those of the pairs that are about no different places."""
    names = SaidNames([said for answer in answers for said in answer])
    return question.numbers[~names.clash(_local(question, bounds), question.likeness)]


def _rows(numbers: NDArray[np.uint64], bounds: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """What pairs are about, as rows of each partition."""
    rows = np.unique(as_pairs(numbers))
    cuts = np.searchsorted(rows, bounds)
    return [rows[start:end] - bound for (start, end), bound in zip(pairwise(cuts), bounds, strict=False)]


def _local(question: Asked, bounds: NDArray[np.int64]) -> Pairs:
    """The pairs by where their texts stand among those that were asked for."""
    rows = np.concatenate([some + bound for some, bound in zip(question.rows, bounds, strict=False)])
    return np.searchsorted(rows, as_pairs(question.numbers))
