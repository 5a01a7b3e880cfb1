"""Texts as rows of weighed terms: words, and runs of two and three characters, counted without a loop over characters.

A term weighs the more the fewer messages hold it, those of everyday speech taken together with the collection's own
(K. Spärck Jones, "A statistical interpretation of term specificity", 1972); rows have length 1.
"""

import functools
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yiting.methods.texts.grams import BACKGROUND_MESSAGES, background_grams
from yiting.methods.texts.words import background_share, content_words

Codes = NDArray[np.uint64]

_Counted = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
"""Columns of some rows one after the other, how often each stands there, and how many columns each row has."""

_MASK: Final = re.compile("‹[a-z]+›")
_AT_ONCE: Final = 2_048
_CHARACTER: Final = np.uint64(21)
"""Bits of a character: a run of three fits into 64."""


def gram_rows(texts: Sequence[str]) -> sparse.csr_array:
    """Return one row for each normalised text, over its runs of two and three characters without punctuation.

    Columns come in one order whatever the order of texts; what only one text has is left out, though it counts for
    the length of its row.
    """
    parts = list(_counted_grams(texts))
    vocabulary, held = np.unique(
        np.concatenate([np.zeros(0, dtype=np.uint64), *(codes for codes, _, _ in parts)]), return_counts=True
    )
    # some rows at a time: the columns of all at once would take more than the rows that come of them
    numbered = ((np.searchsorted(vocabulary, codes), counts, lengths) for codes, counts, lengths in parts)
    return _weighed(numbered, held, len(texts), _background_of(vocabulary))


def word_rows(texts: Iterable[tuple[str, str]], title_counts: int) -> sparse.csr_array:
    """Return one row for each (title, body), both normalised, over their telling words; title words count more."""
    number: dict[str, int] = {}
    columns, counts, lengths = array("l"), array("d"), array("l")
    for title, body in texts:
        found: dict[str, int] = {}
        for word in content_words(title):
            found[word] = found.get(word, 0) + title_counts
        for word in content_words(body):
            found[word] = found.get(word, 0) + 1
        columns.extend([number.setdefault(word, len(number)) for word in found])
        counts.extend(found.values())
        lengths.append(len(found))
    words = sorted(number)
    place = np.zeros(len(words), dtype=np.int64)
    place[[number[word] for word in words]] = np.arange(len(words))
    owners = np.repeat(np.arange(len(lengths)), lengths)
    in_order = place[np.array(columns, dtype=np.int64)]
    order = np.lexsort((in_order, owners))
    background = np.array([background_share(word) for word in words], dtype=np.float64)
    part = (in_order[order], np.array(counts)[order], np.array(lengths, dtype=np.int64))
    return _weighed([part], np.bincount(in_order, minlength=len(words)), len(lengths), background)


def _counted_grams(texts: Sequence[str]) -> Iterator[tuple[Codes, NDArray[np.float64], NDArray[np.int64]]]:
    """The different runs of each text, how often it has them, and how many they are; some texts at once."""
    for start in range(0, len(texts), _AT_ONCE):
        some = [_MASK.sub("。", text) if "‹" in text else text for text in texts[start : start + _AT_ONCE]]
        codes, owners = _grams(some)
        order = np.lexsort((codes, owners))
        codes, owners = codes[order], owners[order]
        fresh = np.flatnonzero(
            np.concatenate(([True], (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])))[: len(codes)]
        )
        counts = np.diff(np.concatenate((fresh, [len(codes)]))).astype(np.float64)
        yield codes[fresh], counts, np.bincount(owners[fresh], minlength=len(some))


def _grams(texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    letters = np.frombuffer("。".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), lengths)
    # a row ends with a stop, so that no run goes on from one text into the next
    solid = ((letters >= 0x4E00) & (letters <= 0x9FFF)) | ((letters >= 97) & (letters <= 122))
    solid |= (letters >= 48) & (letters <= 57)
    two = np.flatnonzero(solid[:-1] & solid[1:])
    three = np.flatnonzero(solid[:-2] & solid[1:-1] & solid[2:])
    pairs = (letters[two] << _CHARACTER) | letters[two + 1]
    triples = (((letters[three] << _CHARACTER) | letters[three + 1]) << _CHARACTER) | letters[three + 2]
    return np.concatenate((pairs, triples)), np.concatenate((owners[two], owners[three]))


def _background_of(codes: Codes) -> NDArray[np.float64]:
    known, shares = _background()
    at = np.searchsorted(known, codes) % len(known)
    return np.where(known[at] == codes, shares[at], 0.0)


@functools.cache
def _background() -> tuple[Codes, NDArray[np.float64]]:
    found = sorted((_code(gram), share) for gram, share in background_grams().items())
    return np.array([code for code, _ in found], dtype=np.uint64), np.array([share for _, share in found])


def _code(gram: str) -> int:
    code = 0
    for character in gram:
        code = (code << int(_CHARACTER)) | ord(character)
    return code


def _weighed(
    parts: Iterable[_Counted], held: NDArray[np.int64], documents: int, background: NDArray[np.float64]
) -> sparse.csr_array:
    """Rows of length 1 from parts of them, columns in order in each row; `held` tells how many rows have a column."""
    weights = np.log((documents + BACKGROUND_MESSAGES + 1) / (held + BACKGROUND_MESSAGES * background + 1))
    shared = held > 1
    numbers = (np.cumsum(shared) - 1).astype(np.int32)
    found = [_unit_rows(part, weights, shared, numbers) for part in parts]
    starts = np.concatenate([np.zeros(1, dtype=np.int64), *(lengths for _, _, lengths in found)]).cumsum()
    values = np.concatenate([np.zeros(0), *(values for values, _, _ in found)])
    columns = np.concatenate([np.zeros(0, dtype=np.int32), *(columns for _, columns, _ in found)])
    return sparse.csr_array((values, columns, starts), shape=(documents, int(shared.sum())))


def _unit_rows(
    part: _Counted, weights: NDArray[np.float64], shared: NDArray[np.bool_], numbers: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    columns, counts, lengths = part
    values = (1 + np.log(counts)) * weights[columns]
    owners = np.repeat(np.arange(len(lengths)), lengths)
    norms = np.sqrt(np.bincount(owners, weights=values**2, minlength=len(lengths)))
    values /= np.where(norms > 0, norms, 1.0)[owners]
    kept = shared[columns]
    return values[kept], numbers[columns[kept]], np.bincount(owners[kept], minlength=len(lengths))
