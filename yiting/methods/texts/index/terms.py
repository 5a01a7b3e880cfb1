"""Texts as sets of numbered terms: pairs of neighbouring letters, without those of the words that every message has."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.letters import plain_letters
from yiting.methods.texts.grams import background_gram_share
from yiting.methods.texts.shingles import mixed
from yiting.methods.texts.wordcounts import WORD_COUNTS
from yiting.methods.texts.words import everyday_words

CODES: Final = 2**22
"""How many terms are told apart. Two pairs in some millions share a number; of the common ones hardly any do."""
BACKGROUND_MESSAGES: Final = 2_000
"""What is known of everyday speech counts as much as this many texts of the index's own."""
MOST_LETTERS: Final = 20_000
"""Letters past these are left out, so that one huge text does not fill the index."""

_BITS: Final = np.uint64(22)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_ALONE: Final = np.uint64(0x110000)
_BREAK: Final = "\n"
_LETTERS_AT_ONCE: Final = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of n texts: those of text i are `codes[starts[i]:starts[i + 1]]` (uint32 below CODES, rising)."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]


def read_terms(texts: Sequence[str]) -> Terms:
    """Read the terms of each text by itself: a text has the same ones whatever stands beside it.

    A text of one letter is one term; one without a telling word has none.
    """
    short = [text[:MOST_LETTERS] for text in texts]
    parts, start, letters = [], 0, 0
    for i, text in enumerate(short):
        letters += len(text)
        if letters >= _LETTERS_AT_ONCE or i == len(short) - 1:
            parts.append(_read(short[start : i + 1]))
            start, letters = i + 1, 0
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.zeros(1, dtype=np.int64), *(np.diff(part.starts) for part in parts)])
    codes = [np.zeros(0, dtype=np.uint32), *(part.codes for part in parts)]
    return Terms(np.concatenate(codes), np.cumsum(counts))


def _read(texts: Sequence[str]) -> Terms:
    plain = plain_letters(texts)
    letters = np.frombuffer(_BREAK.join([*plain, ""]).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    ends = letters == ord(_BREAK)
    pairs = letters * _ODD
    pairs[:-1] += letters[1:]
    codes = _code_of(pairs)
    kept = ~ends
    kept[:-1] &= ~ends[1:]
    everyday = _everyday(letters, codes)
    kept[:-1] &= ~(everyday[:-1] & everyday[1:])
    owners = np.cumsum(ends) - ends
    for i in [i for i, text in enumerate(plain) if len(text) == 1]:
        at = int(np.searchsorted(owners, i))
        kept[at] = True
        codes[at] = _code_of(letters[at : at + 1] * _ODD + _ALONE)[0]
    keys = np.unique((owners[kept].astype(np.uint64) << _BITS) | codes[kept])
    starts = np.searchsorted(keys, np.arange(len(texts) + 1, dtype=np.uint64) << _BITS)
    return Terms((keys & np.uint64(CODES - 1)).astype(np.uint32), starts.astype(np.int64))


def pair_codes(plain: str) -> NDArray[np.uint32]:
    """Return the terms of neighbouring letters of a text that is plain already, one for each pair, in order."""
    letters = np.frombuffer(plain.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    return _code_of(letters[:-1] * _ODD + letters[1:]).astype(np.uint32)


def _code_of(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return mixed(numbers) >> (np.uint64(64) - _BITS)


def _everyday(letters: NDArray[np.uint64], pairs: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which letters stand in a word that every message has (尊敬, 您好, 的)."""
    alone, tables = _everyday_tables()
    covered = alone[letters]
    runs = letters
    for size in range(2, max(tables) + 1):
        if len(letters) < size:
            break
        runs = runs[:-1] * _ODD + letters[size - 1 :]
        found = tables[size][pairs[:-1] if size == 2 else _code_of(runs)]
        for step in range(size):
            covered[step : step + len(found)] |= found
    return covered


@functools.cache
def _everyday_tables() -> tuple[NDArray[np.bool_], dict[int, NDArray[np.bool_]]]:
    """For single letters and for runs of each length of an everyday word: which numbers are such words."""
    alone = np.zeros(0x110000, dtype=np.bool_)
    tables: dict[int, NDArray[np.bool_]] = {}
    for word in sorted(everyday_words(), key=len):
        if len(word) == 1:
            alone[ord(word)] = True
        else:
            tables.setdefault(len(word), np.zeros(CODES, dtype=np.bool_))[_number_of(word)] = True
    return alone, tables


def _number_of(run: str) -> int:
    letters = np.array([ord(letter) for letter in run], dtype=np.uint64)
    number = letters[:1]
    for letter in letters[1:]:
        number = number * _ODD + letter
    return int(_code_of(number)[0])


@functools.cache
def background_counts() -> NDArray[np.uint16]:
    """In how many of BACKGROUND_MESSAGES messages of everyday speech each term stands."""
    counts = np.zeros(CODES, dtype=np.uint16)
    for pair in {word[i : i + 2] for word in WORD_COUNTS for i in range(len(word) - 1)}:
        code = _number_of(pair)
        counts[code] = max(int(counts[code]), round(background_gram_share(pair) * BACKGROUND_MESSAGES))
    return counts
