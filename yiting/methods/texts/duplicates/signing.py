"""MinHash signatures of many texts, and the keys under which texts that are alike meet.

A. Z. Broder, "On the resemblance and containment of documents" (1997), over runs of two characters: short enough
that a copy with every seventh character changed still shares half of them. Bands of a few rows as in J. Leskovec,
A. Rajaraman and J. D. Ullman, "Mining of Massive Datasets", chapter 3.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.letters import plain_letters
from yiting.methods.texts.shingles import mixed, shingles

RUN: Final = 2
"""Characters in a run."""
ROWS: Final = 3
BANDS: Final = 24
"""Two texts that share a part J of their runs meet in one band with a chance of 1 - (1 - J^ROWS)^BANDS: 98% at half."""
CODES: Final = 2**16
"""How many different runs are told apart when runs are counted."""

_TEXTS_AT_ONCE: Final = 1_024
_LETTERS_AT_ONCE: Final = 200_000
_ROWS_AT_ONCE: Final = 65_536
_MOST_LETTERS: Final = 20_000
_SEED: Final = 20_240_515


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """What is kept of n texts to find their near-duplicates: some 400 bytes of a text of 110 letters.

    `codes` (uint16, below CODES) are the runs of text i at `starts[i]:starts[i + 1]`, in reading order;
    `keys` (uint32, n x BANDS) are its bands, 0 in a text without a letter; `sketches` (uint8, n x ROWS * BANDS) agree
    with those of another text at as large a part of their places as the two share of their runs; `prints` (uint64, n)
    tell texts with the same letters, 0 those with none.
    """

    codes: NDArray[np.uint16]
    starts: NDArray[np.int64]
    keys: NDArray[np.uint32]
    sketches: NDArray[np.uint8]
    prints: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.prints)


def sign(texts: Iterable[str]) -> Signed:
    """Sign each text by itself: a text has the same row whatever stands beside it. Letters past 20,000 are left out.

    The texts are read once, in order, a thousand at a time.
    """
    none = _sign_few([])
    codes, keys, sketches, prints, lengths = (
        _Growing(empty) for empty in (none.codes, none.keys, none.sketches, none.prints, none.starts[:0])
    )
    for few in _batches(texts):
        part = _sign_each_once(few)
        codes.add(part.codes)
        keys.add(part.keys)
        sketches.add(part.sketches)
        prints.add(part.prints)
        lengths.add(np.diff(part.starts))
    starts = np.concatenate(([0], np.cumsum(lengths.whole())))
    return Signed(codes.whole(), starts, keys.whole(), sketches.whole(), prints.whole())


class _Growing:
    """An array that grows in place: parts that are put together at the end would be there twice."""

    def __init__(self, empty: NDArray[Any]) -> None:
        self._array, self._filled = empty.copy(), 0

    def add(self, part: NDArray[Any]) -> None:
        needed = self._filled + len(part)
        if needed > len(self._array):
            self._resize(needed + needed // 8)
        self._array[self._filled : needed] = part
        self._filled = needed

    def whole(self) -> NDArray[Any]:
        self._resize(self._filled)
        return self._array

    def _resize(self, size: int) -> None:
        # nobody else has seen the array yet
        self._array.resize((size, *self._array.shape[1:]), refcheck=False)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Some texts at a time, fewer where they are long."""
    few, letters = list[str](), 0
    for text in texts:
        few.append(text[:_MOST_LETTERS])
        letters += len(few[-1])
        if len(few) == _TEXTS_AT_ONCE or letters > _LETTERS_AT_ONCE:
            yield few
            few, letters = [], 0
    if few:
        yield few


def joined(parts: Sequence[Signed]) -> Signed:
    """Put parts that were signed apart one after the other."""
    offsets = np.cumsum([0, *(len(part.codes) for part in parts)])
    starts = [part.starts[:-1] + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    return Signed(
        codes=np.concatenate([part.codes for part in parts]),
        starts=np.concatenate([*starts, offsets[-1:]]),
        keys=np.concatenate([part.keys for part in parts]),
        sketches=np.concatenate([part.sketches for part in parts]),
        prints=np.concatenate([part.prints for part in parts]),
    )


def chosen(signed: Signed, rows: NDArray[np.int64]) -> Signed:
    """Take some rows of what was signed, in their order."""
    lengths = np.diff(signed.starts)[rows]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    at = np.repeat(signed.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
    return Signed(signed.codes[at], starts, signed.keys[rows], signed.sketches[rows], signed.prints[rows])


def count_runs(signed: Signed, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each run occurs in some rows, CODES numbers; those of several parts are added up."""
    counted = np.zeros(len(signed), dtype=np.bool_)
    counted[rows] = True
    counts = np.zeros(CODES, dtype=np.int64)
    for begin in range(0, len(signed), _ROWS_AT_ONCE):
        starts = signed.starts[begin : begin + _ROWS_AT_ONCE + 1]
        kept = np.repeat(counted[begin : begin + _ROWS_AT_ONCE], np.diff(starts))
        counts += np.bincount(signed.codes[starts[0] : starts[-1]][kept], minlength=CODES)
    return counts


def _sign_each_once(texts: Sequence[str]) -> Signed:
    """Sign what is sent a thousand times over once."""
    different = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    signed = _sign_few(list(different))
    if len(different) == len(texts):
        return signed
    return chosen(signed, np.fromiter((different[text] for text in texts), dtype=np.int64, count=len(texts)))


def _sign_few(texts: Sequence[str]) -> Signed:
    # punctuation is typed or left out at will
    found = shingles(plain_letters(texts), RUN)
    keys = np.zeros((len(texts), BANDS), dtype=np.uint32)
    sketches = np.zeros((len(texts), BANDS * ROWS), dtype=np.uint8)
    prints = np.zeros(len(texts), dtype=np.uint64)
    filled = np.flatnonzero(np.diff(found.starts))
    if len(filled):
        begins = found.starts[filled]
        least = _least(found.hashes, begins)
        sketches[filled] = (least & 0xFF).astype(np.uint8).T
        for band in range(BANDS):
            key = np.full(len(filled), band + 1, dtype=np.uint64)
            for row in range(ROWS):
                key = mixed(key ^ least[band * ROWS + row])
            keys[filled, band] = (key >> np.uint64(32)) | np.uint64(1)
        prints[filled] = _print_of(found.hashes, found.starts, begins)
    return Signed((found.hashes >> np.uint64(48)).astype(np.uint16), found.starts, keys, sketches, prints)


def _least(hashes: NDArray[np.uint64], begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The least number of each text under each of ROWS x BANDS orders of the runs (rows: orders)."""
    runs = (hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    chance = np.random.default_rng(_SEED)
    factors = (chance.integers(0, 2**31, ROWS * BANDS, dtype=np.uint32) << 1) | 1
    shifts = chance.integers(0, 2**32, ROWS * BANDS, dtype=np.uint32)
    least = np.empty((ROWS * BANDS, len(begins)), dtype=np.uint64)
    order = np.empty_like(runs)
    for i in range(ROWS * BANDS):
        np.multiply(runs, factors[i], out=order)
        order += shifts[i]
        order ^= order >> np.uint32(15)
        order *= factors[i]
        least[i] = np.minimum.reduceat(order, begins)
    return least


def _print_of(hashes: NDArray[np.uint64], starts: NDArray[np.int64], begins: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number for the letters of each text in their order: two texts with one number have the same letters."""
    lengths = np.diff(starts)
    place = np.arange(len(hashes), dtype=np.uint64) - np.repeat(starts[:-1], lengths).astype(np.uint64)
    whole = np.add.reduceat(mixed(hashes + mixed(place)), begins)
    return mixed(whole) | np.uint64(1)
