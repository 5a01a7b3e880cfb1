"""Texts as hashed terms: letters, pairs of letters and words, of the whole and once more of its head.

The head, the first forty letters, is where a message says what it is about: its terms count apart from the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.letters import plain_forms

_LETTERS: Final = 2**16
_SPANS: Final = (_LETTERS, 2**21, 2**20, _LETTERS, 2**20, 2**19)
# where the letters, the pairs and the words begin, then those of the head
_LETTER, _PAIR, _WORD, _LETTER_IN_HEAD, _PAIR_IN_HEAD, _WORD_IN_HEAD, _END = accumulate(_SPANS, initial=0)

BUCKETS: Final = _END
"""Terms are told apart by numbers below this; a kept pair or word meets a strange one with a chance of some 4%."""
BLOCKS: Final = (_LETTER, _WORD, _LETTER_IN_HEAD, _WORD_IN_HEAD, _END)
"""Where the buckets of each block begin: letters and pairs, words, then the same of the head."""
HEAD: Final = 40
MOST_LETTERS: Final = 1_500
_MOST_CHARACTERS: Final = 4_000
_MOST_LETTERS_OF_WORD: Final = 24

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
_POWERS: Final = np.multiply.accumulate(np.full(_MOST_LETTERS_OF_WORD, _ODD))


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of some texts, repeats kept: `rows` (int32, which text) and `buckets` (int64, below BUCKETS)."""

    rows: NDArray[np.int32]
    buckets: NDArray[np.int64]


def terms(texts: Sequence[str]) -> Terms:
    """Return the letters, pairs of letters and words of `texts`, and once more those of their heads.

    A word ends at a space or punctuation; pairs run on over them. Letters are compared simplified, lower case and of
    one width; past 1,500 of them a text is not read on.
    """
    letters, rows, places, begins = _letters([text[:_MOST_CHARACTERS] for text in texts])
    words, word_rows, word_places = _words(letters, rows, places, begins)
    mixed_words = _mixed(words)
    mixed_pairs = _mixed(letters[:-1] * _ODD + letters[1:])
    whole = rows[1:] == rows[:-1]
    singles = (letters % np.uint64(_LETTERS)).astype(np.int64)
    in_head, word_in_head = places < HEAD, word_places < HEAD
    pair_in_head = whole & in_head[1:]
    return Terms(
        np.concatenate(
            (rows, rows[:-1][whole], word_rows, rows[in_head], rows[:-1][pair_in_head], word_rows[word_in_head])
        ),
        np.concatenate(
            (
                singles,
                _buckets(mixed_pairs[whole], _PAIR, _WORD),
                _buckets(mixed_words, _WORD, _LETTER_IN_HEAD),
                singles[in_head] + _LETTER_IN_HEAD,
                _buckets(mixed_pairs[pair_in_head], _PAIR_IN_HEAD, _WORD_IN_HEAD),
                _buckets(mixed_words[word_in_head], _WORD_IN_HEAD, _END),
            )
        ),
    )


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


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers over 32 bits."""
    mixed = (numbers ^ (numbers >> _HALF)) * _SPREAD
    return ((mixed ^ (mixed >> np.uint64(29))) * _ODD) >> _HALF


def _buckets(mixed: NDArray[np.uint64], begin: int, end: int) -> NDArray[np.int64]:
    """Scale 32 bits to the buckets from `begin` to `end` (D. Lemire, "Fast random integer generation", 2019)."""
    return ((mixed * np.uint64(end - begin)) >> _HALF).astype(np.int64) + begin
