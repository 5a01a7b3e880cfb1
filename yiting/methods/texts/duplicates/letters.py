"""Many texts at once in one plain writing: simplified, lower case, one width. For comparing, not for reading."""

import functools
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import opencc
from numpy.typing import NDArray

_CODE_POINTS: Final = 0x110000
_BASIC_PLANE: Final = 0x10000
_HAN: Final = range(0x3400, 0xA000)


def plain_letters(texts: Sequence[str], *, punctuation: bool = False) -> list[str]:
    """Write each text in simplified characters, lower case and one width, without spaces, marks and punctuation.

    Each character is changed by itself, so that a city's messages take seconds: `normalise` says more about a
    single text (numerals, personal numbers). With `punctuation` that stays.
    """
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    # half of a surrogate pair, from a broken file, is left out like any other mark
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    changed = plain_forms(punctuation)[letters]
    kept = changed != 0
    ends = np.concatenate(([0], np.cumsum(kept)))[np.concatenate(([0], np.cumsum(lengths)))]
    whole = changed[kept].astype("<u4").tobytes().decode("utf-32-le")
    return [whole[start:end] for start, end in pairwise(ends.tolist())]


@functools.cache
def plain_forms(punctuation: bool) -> NDArray[np.uint32]:
    """Return the plain form of every code point; 0 for what is left out."""
    left_out = "CMZ" if punctuation else "CMZPS"
    forms = np.arange(_CODE_POINTS, dtype=np.uint32)
    for code in range(_BASIC_PLANE):
        forms[code] = _plain_form(chr(code), left_out)
    simplified = opencc.OpenCC("t2s").convert("\n".join(map(chr, _HAN))).split("\n")
    forms[_HAN.start : _HAN.stop] = [ord(form[0]) for form in simplified]
    return forms


def _plain_form(letter: str, left_out: str) -> int:
    if letter.isspace() or unicodedata.category(letter)[0] in left_out:
        return 0
    # what is written with several characters (㎡) counts as the first of them
    return ord(unicodedata.normalize("NFKC", letter).lower()[:1] or "\0")
