"""Messages into near-duplicates and, one level up, into matters: what the same wish is said in many ways.

Near-duplicates are the same text or almost, at no different place. A matter joins near-duplicates by average
linkage over how alike their topics are: titles, words and whole texts, without the names of places. Where
both name the same estate, institution or village fewer common words will do; messages of different places are
pushed apart however alike they read.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yiting.methods.texts.duplicates import join_duplicates
from yiting.methods.texts.identity import named_groups
from yiting.methods.texts.linkage import Partition, average_linkage
from yiting.methods.texts.links import linked
from yiting.methods.texts.matters.naming import Naming, naming_of, without
from yiting.methods.texts.matters.neighbours import NEAREST, neighbours
from yiting.methods.texts.matters.terms import gram_rows, word_rows
from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.places import Named

SAME_MATTER: Final = 0.19
"""From this closeness on, two sets of messages are one matter."""

_WORDS_PART: Final = 0.50
_TITLE_PART: Final = 0.35
_WHOLE_PART: Final = 0.15
_TITLE_COUNTS: Final = 2
_TELLING_BODY: Final = 20
_MOST_CHARACTERS: Final = 6_000
# In one and the same place fewer common words tell that two messages are about one thing.
_SAME_PLACE_TIMES: Final = 3.0
_SAME_PLACE_PLUS: Final = 0.08
# Under an estate that was picked people tell of everything; one that they name they mean.
_SAME_PICKED_TIMES: Final = 2.0
_OTHER_PLACE: Final = -0.50
_WEAKEST_LINK: Final = 0.06
_WEAKEST_LINK_IN_ONE_PLACE: Final = 0.03

_PAIRS_AT_ONCE: Final = 200_000
_LARGE: Final = NEAREST // 3
"""Of a matter with more voices than this not all pairs were among the nearest: such matters are compared again."""
_SPEAKERS: Final = 48
"""Voices that speak for a large matter when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person said; `person` is empty when nobody knows who, `place` what they picked, if at all."""

    id: str
    title: str
    body: str
    person: str = ""
    at: datetime | None = None
    supports: int = 0
    objections: int = 0
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Messages' ids in two levels; every message is in one group of each, alone perhaps.

    Groups come with their ids sorted, in the order of their first id; each group of near-duplicates lies
    within one matter. `names` tells the name of its matter for every id; one that was given in `known` is kept.
    """

    duplicates: tuple[tuple[str, ...], ...]
    matters: tuple[tuple[str, ...], ...]
    names: Mapping[str, str] = field(default_factory=dict)


def group(
    items: Sequence[Message],
    *,
    must_link: Collection[tuple[str, str]] = (),
    cannot_link: Collection[tuple[str, str]] = (),
    known_places: Set[str] = frozenset(),
    known: Mapping[str, str] | None = None,
) -> Groups:
    """Group `items` into near-duplicates and matters; the order of `items` makes no difference.

    Pairs of ids in `must_link` share a matter, those in `cannot_link` share neither a matter nor a group of
    near-duplicates; pairs that name an id not in `items` are passed over. `known` are the `names` of an earlier
    grouping: a matter goes on under the name of most of its members. Refuses ids that are not unique with
    ValueError and links that cannot all hold with ContradictoryLinks.
    """
    messages = sorted(items, key=lambda item: item.id)
    ids = [message.id for message in messages]
    if any(a == b for a, b in pairwise(ids)):
        raise ValueError("Every message needs an id of its own.")
    matters = linked(ids, must_link, cannot_link)
    titles = [normalise(message.title[:_MOST_CHARACTERS]) for message in messages]
    bodies = [normalise(message.body[:_MOST_CHARACTERS]) for message in messages]
    naming = naming_of(titles, bodies, [message.place for message in messages], known_places)
    duplicates = _Duplicates(matters, naming)
    join_duplicates([_telling(*pair) for pair in zip(titles, bodies, strict=True)], (), duplicates, known_places)
    copies = duplicates.classes()
    voices = [members[0] for members in copies]
    topics = _topics([(titles[i], bodies[i]) for i in voices], [naming.in_text[i] for i in voices])
    _join_matters(topics, voices, naming, matters)
    found = [[ids[i] for i in members] for members in matters.classes()]
    return Groups(
        tuple(tuple(ids[i] for i in members) for members in copies),
        tuple(map(tuple, found)),
        named_groups(found, known),
    )


class _Duplicates(Partition):
    """Near-duplicates that do not speak of different places; what they join the matters join too, or neither does."""

    def __init__(self, matters: Partition, naming: Naming) -> None:
        super().__init__(len(naming.picked))
        self._matters, self._naming = matters, naming

    def join(self, a: int, b: int) -> bool:
        return not self._naming.clash(a, b) and self._matters.join(a, b) and super().join(a, b)


def _telling(title: str, body: str) -> str:
    """What two copies have in common: the body, or title and body where that says little."""
    return body if len(body) >= _TELLING_BODY else f"{title}。{body}"


def _topics(texts: Sequence[tuple[str, str]], names: Sequence[Named]) -> sparse.csr_array:
    """Rows whose products tell how alike in topic two messages are, 0 to 1, whatever places they name."""
    bare = [(without(found, title), without(found, body)) for found, (title, body) in zip(names, texts, strict=True)]
    parts = (
        word_rows(bare, _TITLE_COUNTS) * _WORDS_PART**0.5,
        gram_rows([title for title, _ in bare]) * _TITLE_PART**0.5,
        gram_rows([_telling(title, body) for title, body in bare]) * _WHOLE_PART**0.5,
    )
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _join_matters(topics: sparse.csr_array, voices: Sequence[int], naming: Naming, matters: Partition) -> None:
    """Join matters by average linkage; each group of near-duplicates has one voice, its first member's."""
    _link(topics, voices, naming, matters, nearest=NEAREST)
    rows_of: dict[int, list[int]] = {}
    for row, voice in enumerate(voices):
        rows_of.setdefault(matters.of(voice), []).append(row)
    large = [rows for rows in rows_of.values() if len(rows) > _LARGE]
    speakers = sorted(row for rows in large for row in rows[:: -(-len(rows) // _SPEAKERS)])
    if len(large) > 1:
        _link(topics[speakers], [voices[row] for row in speakers], naming, matters, nearest=len(speakers))


def _link(topics: sparse.csr_array, voices: Sequence[int], naming: Naming, matters: Partition, *, nearest: int) -> None:
    places = naming.local_rows(voices)
    first, second, likeness = neighbours(topics, places, _WEAKEST_LINK, _WEAKEST_LINK_IN_ONE_PLACE, nearest=nearest)
    who = np.array(voices, dtype=np.int64)
    first, second = who[first], who[second]
    strengths = np.concatenate(
        [
            _strengths(naming, first[some], second[some], likeness[some])
            for start in range(0, max(1, len(first)), _PAIRS_AT_ONCE)
            for some in [slice(start, start + _PAIRS_AT_ONCE)]
        ]
    )
    telling = ~np.isnan(strengths)
    links = (first[telling], second[telling], strengths[telling])
    average_linkage(matters, links, SAME_MATTER, voices=voices)


def _strengths(
    naming: Naming, first: NDArray[np.int64], second: NDArray[np.int64], likeness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How strongly the two messages of each pair are linked; not a number where too weakly to tell."""
    pairs = zip(first.tolist(), second.tolist(), likeness.tolist(), strict=True)
    return np.array([_strength(naming, a, b, alike) for a, b, alike in pairs], dtype=np.float64)


def _strength(naming: Naming, a: int, b: int, likeness: float) -> float:
    named = naming.share_named(a, b)
    share_place = named or naming.share_picked(a, b)
    if likeness < (_WEAKEST_LINK_IN_ONE_PLACE if share_place else _WEAKEST_LINK):
        return np.nan
    if naming.clash(a, b):
        return _OTHER_PLACE
    if named:
        return min(1.0, _SAME_PLACE_TIMES * likeness + _SAME_PLACE_PLUS)
    return min(1.0, _SAME_PICKED_TIMES * likeness) if share_place else likeness
