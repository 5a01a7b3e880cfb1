"""Words of a text that others have too, as far as the terms of the others tell: their words are not kept."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.index.terms import pair_codes
from yiting.methods.texts.words import background_share, cut, is_function_word, is_known

MOST_SHARED: Final = 6
LONGEST_SHARED: Final = 6

_WITHIN: Final = 2_000
_TOO_COMMON: Final = 0.12
_BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class Similar:
    """A known text: its id, how like it is (0 to 1), and words and phrases that both have, the most telling first."""

    id: str
    score: float
    shared: tuple[str, ...]


class Phrases:
    """The words and phrases of a plain text that tell something, the most telling first."""

    def __init__(self, plain: str, weigh: Callable[[NDArray[np.uint32]], NDArray[np.int64]]) -> None:
        phrases = sorted(_phrases_of(plain[:_WITHIN]))
        lengths = np.array([len(phrase) for phrase in phrases], dtype=np.int64)
        pairs = pair_codes(_BREAK.join(phrases))
        # the pairs of a phrase, without the two that a break has part in
        starts = np.cumsum(lengths + 1) - lengths - 1
        inside = np.ones(len(pairs), dtype=np.bool_)
        inside[starts[1:] - 1] = inside[starts[1:] - 2] = False
        codes = pairs[inside]
        firsts = np.cumsum(lengths - 1) - lengths + 1
        telling = np.zeros(len(phrases))
        if phrases:
            telling = np.add.reduceat(np.sqrt(weigh(codes)), firsts) / (lengths - 1) * np.sqrt(lengths)
        # they are in the order of their letters already, which stays among equals
        self._order = np.argsort(-np.round(telling, 6), kind="stable")
        self._phrases, self._codes, self._firsts = phrases, codes, firsts

    def shared(self, theirs: NDArray[np.uint32]) -> tuple[str, ...]:
        """Those phrases whose pairs of letters are all among the terms `theirs` (rising, one or more)."""
        if not self._phrases:
            return ()
        places = np.minimum(theirs.searchsorted(self._codes), len(theirs) - 1)
        whole = np.logical_and.reduceat(theirs[places] == self._codes, self._firsts)
        chosen: list[str] = []
        for i in self._order[whole[self._order]].tolist():
            phrase = self._phrases[i]
            if len(chosen) == MOST_SHARED:
                break
            if phrase not in _BREAK.join(chosen):
                chosen = [taken for taken in chosen if taken not in phrase] + [phrase]
        return tuple(chosen)


def _phrases_of(plain: str) -> set[str]:
    """Words, neighbouring words together, and parts of unknown words, of two to six characters."""
    found: set[str] = set()
    before = ""
    for word in cut(plain):
        if not _tells(word):
            before = ""
            continue
        if 1 < len(word) <= LONGEST_SHARED:
            found.add(word)
            if len(word) > 2 and not is_known(word):
                found.update(word[a:b] for a in range(len(word) - 1) for b in range(a + 2, len(word) + 1))
        phrase = before + word
        if before and len(phrase) <= LONGEST_SHARED and phrase in plain:
            found.add(phrase)
        before = word
    return found


@functools.lru_cache(maxsize=2**14)
def _tells(word: str) -> bool:
    return not is_function_word(word) and not word.isascii() and background_share(word) < _TOO_COMMON
