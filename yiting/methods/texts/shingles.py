"""Many texts at once as hashed character n-grams, without a Python loop over characters.

A shingle of n characters is one 64-bit number; two different shingles share a number with a chance of about 2^-64.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """The shingles of several texts, one text after the other.

    `hashes` (uint64, one a shingle, in reading order) of text i are `hashes[starts[i]:starts[i + 1]]`;
    `starts` (int64) is one longer than there are texts.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]

    def of(self, i: int) -> NDArray[np.uint64]:
        """The shingles of text `i`, in reading order, repeats kept."""
        return self.hashes[self.starts[i] : self.starts[i + 1]]


def shingles(texts: Sequence[str], size: int) -> Shingles:
    """Hash every run of `size` characters of each text; a text shorter than `size` is one shingle, an empty one none.

    Refuses a `size` below 1 with ValueError. Takes 8 bytes a shingle and some 40 bytes a character while it works:
    hand over a large corpus in parts.
    """
    if size < 1:
        raise ValueError("A shingle has one character or more.")
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    # surrogates are kept as they are: a text from a broken file must not stop the others
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    counts = np.where(lengths >= size, lengths - size + 1, np.minimum(lengths, 1))
    starts = np.concatenate(([0], np.cumsum(counts)))
    begins = np.cumsum(lengths) - lengths
    # every run of the whole is hashed; those that begin in one text and end in the next are left out
    padded = np.concatenate((letters, np.zeros(size - 1, dtype=np.uint64)))
    hashes = np.zeros(len(letters), dtype=np.uint64)
    for step in range(size):
        hashes *= _ODD
        hashes += padded[step : step + len(letters)]
    whole = np.ones(len(letters), dtype=np.bool_)
    for step in range(1, size):
        ends = begins + lengths - step
        whole[ends[(lengths >= step) & (ends > begins)]] = False
    for i in np.flatnonzero((lengths > 0) & (lengths < size)):
        hashes[begins[i]] = _of_short(letters[begins[i] : begins[i] + lengths[i]], size)
    return Shingles(mixed(hashes[whole]), starts)


def _of_short(letters: NDArray[np.uint64], size: int) -> np.uint64:
    """The number of a text shorter than a shingle: as if filled up with a letter that no text has."""
    filled = np.concatenate((letters, np.full(size - len(letters), 0x110000, dtype=np.uint64)))
    number = 0
    for letter in filled.tolist():
        number = (number * int(_ODD) + letter) % 2**64
    return np.uint64(number)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers evenly over 64 bits, one to one (the finaliser of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_A
    values = (values ^ (values >> np.uint64(27))) * _MIX_B
    return values ^ (values >> np.uint64(31))
