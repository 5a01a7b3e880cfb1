"""Texts as hashed terms: letters, pairs of letters and words, of the whole and once more of its head.

The head, the first forty letters, is where a message says what it is about: its terms count apart from the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.letters import plain_forms

BUCKETS: Final = 2**22
"""Terms are told apart by numbers below this; 150,000 kept terms meet a strange one with a chance of 4%."""
HEAD: Final = 40
MOST_LETTERS: Final = 1_500
_MOST_CHARACTERS: Final = 4_000
_MOST_LETTERS_OF_WORD: Final = 24

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
# what is no pair and what stands in the head gets other numbers
_WORD, _HEAD = np.uint64(0x9FB21C651E98DF25), np.uint64(0xC2B2AE3D27D4EB4F)
# single letters have buckets of their own, twice: so no pair shares one with them
_LETTERS: Final = np.uint64(2**16)
_OTHERS: Final = np.uint64(BUCKETS - 2 * 2**16)
_POWERS: Final = np.multiply.accumulate(np.full(_MOST_LETTERS_OF_WORD, _ODD))


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of one block of some texts: `rows` (int32, which text), `buckets` (int64, below BUCKETS)."""

    rows: NDArray[np.int32]
    buckets: NDArray[np.int64]


def terms(texts: Sequence[str]) -> Iterator[Terms]:
    """Yield the letters and pairs of `texts`, their words, the letters and pairs of their heads, the words of these.

    A word ends at a space or punctuation; pairs run on over them.
    Letters are compared simplified, lower case and of one width; past 1,500 of them a text is not read on.
    """
    letters, rows, places, begins = _letters([text[:_MOST_CHARACTERS] for text in texts])
    words, word_rows, word_places = _words(letters, rows, places, begins)
    pairs = letters[:-1] * _ODD + letters[1:]
    whole = rows[1:] == rows[:-1]
    pairs, pair_rows, pair_places = pairs[whole], rows[:-1][whole], places[:-1][whole]
    in_head, pair_in_head, word_in_head = places < HEAD, pair_places < HEAD - 1, word_places < HEAD
    singles = (letters % _LETTERS).astype(np.int64)
    yield _block(singles, rows, pairs, pair_rows)
    yield Terms(word_rows, _buckets(words ^ _WORD))
    pairs, words = pairs[pair_in_head] ^ _HEAD, words[word_in_head] ^ _WORD ^ _HEAD
    yield _block(singles[in_head] + int(_LETTERS), rows[in_head], pairs, pair_rows[pair_in_head])
    yield Terms(word_rows[word_in_head], _buckets(words))


def _letters(
    texts: Sequence[str],
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]:
    """The letters of the texts, the text and the place of each, and whether it begins a word."""
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    joined = "".join(f"{text}\n" for text in texts)
    forms = plain_forms(False)[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
    kept = np.flatnonzero(forms)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)[kept]
    counts = np.bincount(rows, minlength=len(texts))
    places = np.arange(len(kept)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = np.empty(len(kept), dtype=np.bool_)
    begins[:1] = True
    np.greater(np.diff(kept), 1, out=begins[1:])
    near = places < MOST_LETTERS
    return forms[kept][near].astype(np.uint64), rows[near], places[near], begins[near]


def _words(
    letters: NDArray[np.uint64], rows: NDArray[np.int32], places: NDArray[np.int64], begins: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
    starts = np.flatnonzero(begins)
    if not len(starts):
        return letters, rows, places
    within = np.arange(len(letters)) - np.repeat(starts, np.diff(np.append(starts, len(letters))))
    weighed = letters * _POWERS[np.minimum(within, _MOST_LETTERS_OF_WORD - 1)]
    return np.add.reduceat(weighed, starts), rows[starts], places[starts]


def _block(
    singles: NDArray[np.int64], rows: NDArray[np.int32], pairs: NDArray[np.uint64], pair_rows: NDArray[np.int32]
) -> Terms:
    return Terms(np.concatenate((rows, pair_rows)), np.concatenate((singles, _buckets(pairs))))


def _buckets(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Spread numbers over the buckets that no letter has: mixed, then their upper half scaled (D. Lemire, 2019)."""
    mixed = (numbers ^ (numbers >> _HALF)) * _SPREAD
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _ODD
    return (np.uint64(2) * _LETTERS + (((mixed >> _HALF) * _OTHERS) >> _HALF)).astype(np.int64)
