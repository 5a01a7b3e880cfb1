"""What is measured of each message to tell which belong together: its terms, and the places it names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final

from scipy import sparse

from yiting.methods.texts.grams import background_gram_share, grams, rows, weigh
from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.places import RANKS, Named, Rank, any_agree, by_rank, names_in_plain, ranks_clash
from yiting.methods.texts.words import background_share, content_words

_WORDS_PART: Final = 0.5
_TITLE_PART: Final = 0.25
_WHOLE_PART: Final = 0.25
_TITLE_COUNTS: Final = 2
_TELLING_BODY: Final = 20
_MOST_CHARACTERS: Final = 6_000
_SHORTEST_SPREAD_NAME: Final = 3
_LOCAL: Final[tuple[Rank, ...]] = ("site", "institution", "village")
# People of several buildings complain of one thing, and mention many companies: there the title alone tells.
_IN_TEXT: Final[tuple[Rank, ...]] = tuple(rank for rank in RANKS if rank not in ("building", "institution"))


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Measures of a list of messages, by position."""

    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    places: tuple[str | None, ...]
    topics: sparse.csr_array
    """Rows whose products tell how alike in topic two messages are, 0 to 1, whatever places they name."""
    letters: sparse.csr_array
    """Rows whose products tell how alike two bodies are letter by letter, 0 to 1, place names left out."""
    in_title: tuple[Named, ...]
    in_text: tuple[Named, ...]
    local: tuple[frozenset[str], ...]
    """Names of estates, institutions and villages in each text."""

    def clash(self, a: int, b: int) -> bool:
        """Do messages `a` and `b` speak of different places?"""
        if not same_or_within(self.places[a], self.places[b]):
            return True
        if ranks_clash(self.in_text[a], self.in_text[b], _IN_TEXT):
            return True
        # What one says in its title the other may say in its text.
        return (
            ranks_clash(self.in_title[a], self.in_title[b])
            and ranks_clash(self.in_title[a], self.in_text[b])
            and ranks_clash(self.in_text[a], self.in_title[b])
        )

    def share_place(self, a: int, b: int) -> bool:
        """Do messages `a` and `b` name one estate, institution or village?"""
        one, other = self.local[a], self.local[b]
        return bool(one and other) and any_agree(one, other)


def same_or_within(a: str | None, b: str | None) -> bool:
    """Can two picked places be one: equal, not known, or the one within the other?

    Division codes are compared without their closing zeros; paths and names by their beginning.
    """
    if not a or not b:
        return True
    one, other = (place.rstrip("0") if place.isdigit() else normalise(place) for place in (a, b))
    return one.startswith(other) or other.startswith(one)


def features_of(texts: Sequence[tuple[str, str, str | None]], known_places: Set[str] = frozenset()) -> Features:
    """Measure messages given as (title, body, picked place)."""
    titles = tuple(normalise(title[:_MOST_CHARACTERS]) for title, _, _ in texts)
    bodies = tuple(normalise(body[:_MOST_CHARACTERS]) for _, body, _ in texts)
    both = tuple(zip(titles, bodies, strict=True))
    by_form = [(names_in_plain(title, known_places), names_in_plain(body, known_places)) for title, body in both]
    spread = _Spread(of_title | of_body for of_title, of_body in by_form)
    in_title = tuple(
        by_rank(of_title | spread.found_in(title)) for (of_title, _), title in zip(by_form, titles, strict=True)
    )
    in_text = tuple(
        by_rank(of_title | of_body | spread.found_in(f"{title}。{body}"))
        for (of_title, of_body), (title, body) in zip(by_form, both, strict=True)
    )
    topics, letters = _matrices([_without(names, *pair) for names, pair in zip(in_text, both, strict=True)])
    local = tuple(frozenset().union(*(names.get(rank, frozenset()) for rank in _LOCAL)) for names in in_text)
    places = tuple(place for _, _, place in texts)
    return Features(titles, bodies, places, topics, letters, in_title, in_text, local)


def _without(names: Named, title: str, body: str) -> tuple[str, str]:
    """Take the place names out: the place is weighed apart, so that it does not pass for the topic."""
    # Longest first, so that no part of a longer name is left over.
    for name in sorted({name for found in names.values() for name in found}, key=lambda name: (-len(name), name)):
        title, body = title.replace(name, "。"), body.replace(name, "。")
    return title, body


def _matrices(texts: Sequence[tuple[str, str]]) -> tuple[sparse.csr_array, sparse.csr_array]:
    in_title = [grams(title) for title, _ in texts]
    in_all = [
        Counter(grams(body) if len(body) >= _TELLING_BODY else found + grams(body))
        for found, (_, body) in zip(in_title, texts, strict=True)
    ]
    words = [Counter(content_words(title) * _TITLE_COUNTS + content_words(body)) for title, body in texts]
    titles = [Counter(found) for found in in_title]
    letters = rows(in_all, weigh(in_all, background_gram_share))
    parts = (
        rows(words, weigh(words, background_share)) * _WORDS_PART**0.5,
        rows(titles, weigh(titles, background_gram_share)) * _TITLE_PART**0.5,
        letters * _WHOLE_PART**0.5,
    )
    return sparse.csr_array(sparse.hstack(parts, format="csr")), letters


class _Spread:
    """Names that two messages or more have by their form, to be found where others write them without it."""

    def __init__(self, names_of: Iterable[frozenset[tuple[str, Rank]]]) -> None:
        counts = Counter(
            name
            for names in names_of
            for rank, bare in by_rank(names).items()
            if rank in _LOCAL
            for name in ((each, rank) for each in bare)
        )
        self._by_beginning: dict[str, list[tuple[str, Rank]]] = {}
        for name, rank in sorted(name for name, count in counts.items() if count > 1):
            if len(name) >= _SHORTEST_SPREAD_NAME:
                self._by_beginning.setdefault(name[:2], []).append((name, rank))

    def found_in(self, plain: str) -> frozenset[tuple[str, Rank]]:
        return frozenset(self._walk(plain))

    def _walk(self, plain: str) -> Iterator[tuple[str, Rank]]:
        by_beginning = self._by_beginning
        for start in [i for i in range(len(plain) - 1) if plain[i : i + 2] in by_beginning]:
            for name, rank in by_beginning[plain[start : start + 2]]:
                if plain.startswith(name, start):
                    yield name, rank
