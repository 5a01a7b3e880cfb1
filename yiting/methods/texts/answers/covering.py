"""What a message is about, and how much of that a reply takes up."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from yiting.methods.texts.places import Rank, by_rank, names_in_plain, ranks_clash
from yiting.methods.texts.words import background_share, content_words, is_known

_MOST_TERMS: Final = 24
_BACKGROUND: Final = 2_000
_MOST_REPEATS: Final = 4
# A word half found (停车收费 in 停车场收费) is half taken up.
_HALF: Final = 0.5
# From this share of the weight on, a reply is about the message: nobody says every word again.
_FULL_COVER: Final = 0.4
_BEGINNING: Final = 32
_BEGINNING_TIMES: Final = 2.0
_SHORTEST_CODE: Final = 2
_EVERYDAY: Final = 0.03
_OTHER_PLACE_TIMES: Final = 0.5
_PLACES_NAMED: Final[tuple[Rank, ...]] = ("road", "village", "institution", "site")
_PLACES_APART: Final[tuple[Rank, ...]] = ("district", "institution", "site")


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of a message a reply takes up (0 to 1); words, and places, the most telling first."""

    share: float
    taken_up: tuple[str, ...]
    left_out: tuple[str, ...]
    places_left_out: tuple[str, ...]


def cover(message: str, said: str, whole: str) -> Cover:
    """Compare a normalised message with what a normalised reply says, of its `whole` text.

    The message's most telling words count by how telling they are: the rarer in citizens' messages at large,
    the oftener in this one and the nearer to its beginning, the more. What stands only in the question said
    again counts half. A reply about another place than the message's counts half, too.
    """
    asked, answered = names_in_plain(message), by_rank(names_in_plain(whole))
    ranked = by_rank(asked)
    terms = _telling(message, [name for name, _ in asked])
    found = {term: max(_found(term, said), _HALF * _found(term, whole)) for term in terms}
    total = math.fsum(terms.values())
    share = math.fsum(weight * found[term] for term, weight in terms.items()) / total if total else 0.0
    apart = ranks_clash(ranked, answered, _PLACES_APART)
    places = sorted({name for rank in _PLACES_NAMED for name in ranked.get(rank, ()) if name not in whole})
    in_order = sorted(terms, key=lambda term: (-terms[term], term))
    return Cover(
        share=min(1.0, share / _FULL_COVER) * (_OTHER_PLACE_TIMES if apart else 1.0),
        taken_up=tuple(term for term in in_order if found[term] >= _HALF),
        left_out=tuple(term for term in in_order if not found[term] and _is_fit_to_show(term, message)),
        places_left_out=tuple(sorted(places, key=lambda name: (message.find(name), name))),
    )


def _telling(message: str, names: Iterable[str]) -> dict[str, float]:
    """The message's most telling words and names of places, each with its weight."""
    rest = message
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rest = rest.replace(name, "。")
    counts = Counter(content_words(rest)) + Counter({name: message.count(name) for name in names})
    beginning = message[:_BEGINNING]
    weights = {
        word: (1 + math.log(min(count, _MOST_REPEATS)))
        * (_BEGINNING_TIMES if word in beginning else 1.0)
        * math.log((_BACKGROUND + 1) / (_BACKGROUND * background_share(word) + 1))
        for word, count in counts.items()
        if not word.isascii() or len(word) > _SHORTEST_CODE
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_MOST_TERMS]
    return {word: weights[word] for word in best if weights[word] > 0}


def _is_fit_to_show(term: str, message: str) -> bool:
    """Is this a word and no odd piece (as one known, or said twice), and not one of everyday?"""
    return (is_known(term) or message.count(term) > 1) and background_share(term) < _EVERYDAY


def _found(term: str, text: str) -> float:
    if term in text:
        return 1.0
    halves = (term[:2], term[-2:]) if len(term) > 2 and not term.isascii() else ()
    return _HALF if any(half in text for half in halves) else 0.0
