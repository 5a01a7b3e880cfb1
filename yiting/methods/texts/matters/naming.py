"""The places that messages name, and whether two messages speak of different ones."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from scipy import sparse

from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.places import RANKS, Named, Rank, any_agree, by_rank, names_in_plain, ranks_clash

_SHORTEST_SPREAD_NAME: Final = 3
_LOCAL: Final[tuple[Rank, ...]] = ("site", "institution", "village")
_DIVISIONS: Final[frozenset[Rank]] = frozenset(("province", "city", "district"))
# People of several buildings complain of one thing, and mention many companies: there the title alone tells.
_IN_TEXT: Final[tuple[Rank, ...]] = tuple(rank for rank in RANKS if rank not in ("building", "institution"))


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """The places of a list of messages, by position."""

    picked: tuple[str | None, ...]
    in_title: tuple[Named, ...]
    in_text: tuple[Named, ...]
    """All names of title and body together."""
    telling: tuple[Named, ...]
    """Those in text that tell places apart: a name that a single body has is as likely no name at all."""
    named: tuple[frozenset[str], ...]
    """Names of estates, institutions and villages in text."""
    local: tuple[frozenset[str], ...]
    """These, and the place that was picked."""

    def clash(self, a: int, b: int) -> bool:
        """Do messages `a` and `b` speak of different places?"""
        if not same_or_within(self.picked[a], self.picked[b]):
            return True
        if ranks_clash(self.telling[a], self.telling[b], _IN_TEXT):
            return True
        # What one says in its title the other may say in its text.
        return (
            ranks_clash(self.in_title[a], self.in_title[b])
            and ranks_clash(self.in_title[a], self.telling[b])
            and ranks_clash(self.telling[a], self.in_title[b])
        )

    def share_named(self, a: int, b: int) -> bool:
        """Do messages `a` and `b` name one estate, institution or village?"""
        one, other = self.named[a], self.named[b]
        return bool(one and other) and any_agree(one, other)

    def share_picked(self, a: int, b: int) -> bool:
        """Does one stand under the very place that the other stands under or names?"""
        one, other = self.local[a], self.local[b]
        return not one.isdisjoint(other)

    def local_rows(self, chosen: Sequence[int]) -> sparse.csr_array:
        """Return a row for each of the `chosen` messages with an entry for each of its local names."""
        number = {name: i for i, name in enumerate(sorted({name for i in chosen for name in self.local[i]}))}
        columns = [sorted(number[name] for name in self.local[i]) for i in chosen]
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.fromiter(chain.from_iterable(columns), dtype=np.int64)
        return sparse.csr_array((np.ones(len(flat)), flat, starts), shape=(len(chosen), len(number)))


def naming_of(
    titles: Sequence[str], bodies: Sequence[str], picked: Sequence[str | None], known: Set[str] = frozenset()
) -> Naming:
    """Read the places in normalised titles and bodies; `known` are names that their form does not tell."""
    by_form = [
        (names_in_plain(title, known), names_in_plain(body, known)) for title, body in zip(titles, bodies, strict=True)
    ]
    spread = _Spread(of_title | of_body for of_title, of_body in by_form)
    trusted = spread.several | {(rank, bare) for rank, all in by_rank(_ranked(known)).items() for bare in all}
    in_title, in_text, telling = [], [], []
    for (of_title, of_body), title, body in zip(by_form, titles, bodies, strict=True):
        title_names = by_rank(of_title | spread.found_in(title))
        names = by_rank(of_title | of_body | spread.found_in(f"{title}。{body}"))
        in_title.append(title_names)
        in_text.append(names)
        telling.append(_trusted(names, title_names, trusted))
    named = tuple(frozenset[str]().union(*(names.get(rank, frozenset()) for rank in _LOCAL)) for names in in_text)
    local = tuple(names | {normalise(place)} if place else names for names, place in zip(named, picked, strict=True))
    return Naming(tuple(picked), tuple(in_title), tuple(in_text), tuple(telling), named, local)


def without(names: Named, text: str) -> str:
    """Take the place names out: the place is weighed apart, so that it does not pass for the topic."""
    # Longest first, so that no part of a longer name is left over.
    for name in sorted({name for found in names.values() for name in found}, key=lambda name: (-len(name), name)):
        text = text.replace(name, "。")
    return text


def same_or_within(a: str | None, b: str | None) -> bool:
    """Can two picked places be one: equal, not known, or the one within the other?

    Division codes are compared without their closing zeros; paths and names by their beginning.
    """
    if not a or not b:
        return True
    one, other = (place.rstrip("0") if place.isdigit() else normalise(place) for place in (a, b))
    return one.startswith(other) or other.startswith(one)


def _ranked(known: Set[str]) -> frozenset[tuple[str, Rank]]:
    return frozenset(pair for name in known for pair in names_in_plain(normalise(name), frozenset((name,))))


def _trusted(names: Named, in_title: Named, trusted: Set[tuple[Rank, str]]) -> Named:
    found = {
        rank: all
        if rank in _DIVISIONS
        else frozenset(name for name in all if (rank, name) in trusted or name in in_title.get(rank, ()))
        for rank, all in names.items()
    }
    return {rank: all for rank, all in found.items() if all}


class _Spread:
    """Names that two messages or more have by their form, to be found where others write them without it."""

    def __init__(self, names_of: Iterable[frozenset[tuple[str, Rank]]]) -> None:
        counts = Counter((rank, name) for names in names_of for rank, bare in by_rank(names).items() for name in bare)
        self.several = {name for name, count in counts.items() if count > 1}
        self._by_beginning: dict[str, list[tuple[str, Rank]]] = {}
        for rank, name in sorted(self.several):
            if rank in _LOCAL and len(name) >= _SHORTEST_SPREAD_NAME:
                self._by_beginning.setdefault(name[:2], []).append((name, rank))

    def found_in(self, plain: str) -> frozenset[tuple[str, Rank]]:
        return frozenset(self._walk(plain))

    def _walk(self, plain: str) -> Iterator[tuple[str, Rank]]:
        by_beginning = self._by_beginning
        for start in [i for i in range(len(plain) - 1) if plain[i : i + 2] in by_beginning]:
            for name, rank in by_beginning[plain[start : start + 2]]:
                if plain.startswith(name, start):
                    yield name, rank
