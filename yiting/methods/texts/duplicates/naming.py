"""Places named in texts that read alike: a copy about another place is another matter."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from yiting.methods.texts.duplicates.banding import Pairs
from yiting.methods.texts.duplicates.letters import plain_letters
from yiting.methods.texts.numerals import quantities_to_digits
from yiting.methods.texts.places import Named, Rank, any_agree, by_rank, names_in_plain, rank_of, ranks_clash

DIVISIONS: Final[tuple[Rank, ...]] = ("province", "city", "district")
"""In a copy a city in place of a county is another place as much as another county is."""
BELOW: Final[tuple[Rank, ...]] = ("town", "village", "road", "institution", "site", "building")
MISTYPED: Final = 0.3
"""Where the square of their likeness is below this so much is mistyped that names tell nothing."""

_CODED: Final = re.compile(r"(?<![a-z0-9])[a-z][0-9]{0,2}(?:县市|区市|市|区|县)")
# 一栋 is a building, not the first
_COUNTED: Final = re.compile(
    r"[零〇一二三四五六七八九十百]{1,5}号[楼栋]|(?!一[栋幢])[零〇一二三四五六七八九十百]{1,5}[栋幢]"
)
_MOST_CHARACTERS: Final = 20_000
_MOST_REMEMBERED: Final = 8_192
_PAIRS_AT_ONCE: Final = 4_096


class Texts(Protocol):
    """Texts that are read in order, and again by their rows; any sequence of texts will do."""

    def __getitem__(self, row: int, /) -> str: ...
    def __iter__(self) -> Iterator[str]: ...


class Said(NamedTuple):
    """Codes of divisions (A5区) and all names of places, by rank, in one text."""

    codes: frozenset[str]
    named: Named


class PlaceNames:
    """The places that each of some texts names, read when first asked for; `picked` are those that people picked."""

    def __init__(self, texts: Texts, picked: Sequence[str | None], known: Set[str]) -> None:
        self._texts, self._picked, self._known = texts, picked, _by_beginning(frozenset(known))
        self._plain: dict[int, str] = {}
        self._codes: dict[int, frozenset[str]] = {}
        self._named: dict[int, Named] = {}

    def clash(self, pairs: Pairs, likeness: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the pairs name different places; `likeness` (0 to 1) tells how much of their letters they share.

        Where all else is the same one letter makes another name (劳动东路, 劳动西路); where much is mistyped names
        are too.
        """
        least = np.square(likeness)
        found = np.zeros(len(pairs), dtype=np.bool_)
        order = _neighbours_together(pairs)
        for start in range(0, len(order), _PAIRS_AT_ONCE):
            some = order[start : start + _PAIRS_AT_ONCE]
            self._read(np.unique(pairs[some]).tolist())
            asked = zip(pairs[some, 0].tolist(), pairs[some, 1].tolist(), least[some].tolist(), strict=True)
            found[some] = [self._differ(a, b, limit) for a, b, limit in asked]
        return found

    def said(self, rows: Sequence[int]) -> list[Said]:
        """Read some texts, for others to compare (`SaidNames`)."""
        found = []
        for start in range(0, len(rows), _MOST_REMEMBERED):
            some = rows[start : start + _MOST_REMEMBERED]
            self._read(some)
            found += [Said(self._codes[row], self._names(row)) for row in some]
        return found

    def _read(self, rows: Sequence[int]) -> None:
        if len(self._codes) > _MOST_REMEMBERED:
            self._plain, self._codes, self._named = {}, {}, {}
        rows = [row for row in rows if row not in self._codes]
        for row, plain in zip(rows, plain_letters([self._texts[row] for row in rows], punctuation=True), strict=True):
            self._plain[row] = _COUNTED.sub(_in_digits, plain)
            self._codes[row] = frozenset(_CODED.findall(plain))

    def _differ(self, a: int, b: int, least: float) -> bool:
        one, other = self._codes[a], self._codes[b]
        if one and other and one.isdisjoint(other):
            return True
        if least < MISTYPED:
            return False
        return _least_agreement(self._names(a), self._names(b), divisions=not (one and other)) < least

    def _names(self, row: int) -> Named:
        if row not in self._named:
            plain = self._plain.pop(row)
            names = names_in_plain(plain) | _known_in(plain, self._known)
            picked = self._picked[row] if self._picked else None
            if picked:
                names |= {(picked, rank_of(picked))}
            self._named[row] = by_rank(names)
        return self._named[row]


class SaidNames(PlaceNames):
    """What texts that are elsewhere say of places, read there."""

    def __init__(self, said: Sequence[Said]) -> None:
        super().__init__((), (), frozenset())
        self._codes = {row: one.codes for row, one in enumerate(said)}
        self._named = {row: one.named for row, one in enumerate(said)}

    def _read(self, rows: Sequence[int]) -> None:
        """All is known already."""


@functools.lru_cache(maxsize=4)
def _by_beginning(known: frozenset[str]) -> Mapping[str, Sequence[tuple[str, Rank]]]:
    """Names of places by their first two letters, so that a whole city's are looked for in one reading of a text."""
    found: dict[str, list[tuple[str, Rank]]] = {}
    for name in plain_letters(sorted(known), punctuation=True):
        if len(name) > 1:
            found.setdefault(name[:2], []).append((name, rank_of(name)))
    return found


def _known_in(plain: str, by_beginning: Mapping[str, Sequence[tuple[str, Rank]]]) -> frozenset[tuple[str, Rank]]:
    if not by_beginning:
        return frozenset()
    return frozenset(
        (name, rank)
        for at in range(min(len(plain), _MOST_CHARACTERS) - 1)
        for name, rank in by_beginning.get(plain[at : at + 2], ())
        if plain.startswith(name, at)
    )


def _neighbours_together(pairs: Pairs) -> NDArray[np.int64]:
    """An order of the pairs in which those that hang together follow one another, so that each text is read once."""
    if not len(pairs):
        return np.empty(0, dtype=np.int64)
    rows, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    ones = np.ones(len(ends), dtype=np.int8)
    _, parts = connected_components(
        sparse.coo_array((ones, tuple(ends.T)), shape=(len(rows), len(rows))), directed=False
    )
    return np.argsort(parts[ends[:, 0]], kind="stable")


def _in_digits(found: re.Match[str]) -> str:
    return quantities_to_digits(found.group())


def _least_agreement(a: Named, b: Named, *, divisions: bool) -> float:
    """How well the places of two texts agree at the rank where they do worst, 0 to 1; 1 where none can be compared."""
    if divisions and _clash_of_divisions(a, b):
        return 0.0
    if not ranks_clash(a, b, BELOW):
        return 1.0
    return min(_agreement_of_names(a[rank], b[rank]) for rank in BELOW if rank in a and rank in b)


def _clash_of_divisions(a: Named, b: Named) -> bool:
    one, other = (frozenset().union(*(named.get(rank, frozenset()) for rank in DIVISIONS)) for named in (a, b))
    return bool(one and other) and not any_agree(one, other)


def _agreement_of_names(a: Set[str], b: Set[str]) -> float:
    """How alike the two names are that are most alike; those with a number in them must be the same."""
    if any_agree(a, b):
        return 1.0
    likely = (ratio(one, other) / 100 for one in a for other in b if not (_numbered(one) or _numbered(other)))
    return max(likely, default=0.0)


def _numbered(name: str) -> bool:
    return any(letter.isdecimal() for letter in name)
