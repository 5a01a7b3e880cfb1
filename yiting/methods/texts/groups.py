"""Messages into near-duplicates and, one level up, into matters: what the same wish is said in many ways.

Near-duplicates are the same text or almost, at no different place. A matter joins near-duplicates by average
linkage over how alike their topics are: titles, words and whole texts, without the names of places. Where
both name the same estate, institution or village fewer common words will do; messages of different places are
pushed apart however alike they read.
"""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from scipy import sparse

from yiting.methods.texts.features import Features, features_of
from yiting.methods.texts.linkage import Pair, Partition, average_linkage
from yiting.methods.texts.links import linked

NEAR_DUPLICATE: Final = 0.80
"""From this likeness of their letters (0 to 1) on, two texts are near-duplicates."""
SAME_MATTER: Final = 0.22
"""From this closeness on, two sets of messages are one matter."""

# In one and the same place fewer common words tell that two messages are about one thing.
_SAME_PLACE_TIMES: Final = 2.0
_SAME_PLACE_PLUS: Final = 0.08
_OTHER_PLACE: Final = -0.60
_WEAKEST_LINK: Final = 0.06
_WEAKEST_LINK_IN_ONE_PLACE: Final = 0.02
_ROWS_AT_ONCE: Final = 400
_SHORTEST_TELLING_BODY: Final = 10


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
    within one matter.
    """

    duplicates: tuple[tuple[str, ...], ...]
    matters: tuple[tuple[str, ...], ...]


def group(
    items: Sequence[Message],
    *,
    must_link: Collection[tuple[str, str]] = (),
    cannot_link: Collection[tuple[str, str]] = (),
    known_places: Set[str] = frozenset(),
) -> Groups:
    """Group `items` into near-duplicates and matters; the order of `items` makes no difference.

    Pairs of ids in `must_link` share a matter, those in `cannot_link` share neither a matter nor a group of
    near-duplicates; pairs that name an id not in `items` are passed over. Refuses ids that are not unique
    with ValueError and links that cannot all hold with ContradictoryLinks.
    """
    messages = sorted(items, key=lambda item: item.id)
    ids = [message.id for message in messages]
    if len(set(ids)) != len(ids):
        raise ValueError("Every message needs an id of its own.")
    matters = linked(ids, must_link, cannot_link)
    features = features_of([(m.title, m.body, m.place) for m in messages], known_places)
    duplicates = _near_duplicates(features, matters)
    _join_matters(features, duplicates, matters)
    return _with_ids(messages, duplicates, matters)


def _near_duplicates(features: Features, matters: Partition) -> Partition:
    """Gather near-duplicates around the longest text of each; what they join, `matters` joins too."""
    size = len(features.titles)
    duplicates = Partition(size)
    order = sorted(range(size), key=lambda i: (-len(features.bodies[i]), features.bodies[i], features.titles[i], i))
    copies: dict[str, list[int]] = {}
    for i in order:
        copies.setdefault(_text_key(features, i), []).append(i)
    texts = list(copies.values())
    text_of = {i: number for number, same in enumerate(texts) for i in same}
    near = _pairs_from(features.letters[[same[0] for same in texts]], NEAR_DUPLICATE).tocsr()
    settled = np.zeros(size, dtype=np.bool_)
    for leader in order:
        if settled[leader]:
            continue
        settled[leader] = True
        text = text_of[leader]
        alike = sorted(near.indices[near.indptr[text] : near.indptr[text + 1]].tolist())
        for other in (copy for number in (text, *alike) for copy in texts[number]):
            if not settled[other] and not features.clash(leader, other) and matters.join(leader, other):
                settled[other] = True
                duplicates.join(leader, other)
    return duplicates


def _text_key(features: Features, i: int) -> str:
    """Messages with one key have the same text; one that says little (as above) needs the same title too."""
    body = features.bodies[i]
    return body if len(body) >= _SHORTEST_TELLING_BODY else f"{features.titles[i]}\n{body}"


def _join_matters(features: Features, duplicates: Partition, matters: Partition) -> None:
    """Join matters by average linkage; each group of near-duplicates has one voice, its first member's."""
    voices = sorted({duplicates.of(i) for i in range(len(features.titles))})
    found = _pairs_from(features.topics[voices], _WEAKEST_LINK_IN_ONE_PLACE)
    links: dict[Pair, float] = {}
    once = found.row < found.col
    triples = zip(found.row[once].tolist(), found.col[once].tolist(), found.data[once].tolist(), strict=True)
    for a, b, likeness in triples:
        strength = _strength(features, voices[a], voices[b], likeness)
        if strength is not None:
            links[voices[a], voices[b]] = strength
    average_linkage(matters, links, SAME_MATTER, voices=voices)


def _strength(features: Features, a: int, b: int, likeness: float) -> float | None:
    """How strongly two messages are linked; None when too weakly to tell."""
    share_place = features.share_place(a, b)
    if likeness < _WEAKEST_LINK and not share_place:
        return None
    if features.clash(a, b):
        return _OTHER_PLACE
    return min(1.0, _SAME_PLACE_TIMES * likeness + _SAME_PLACE_PLUS) if share_place else likeness


def _pairs_from(matrix: sparse.csr_array, floor: float) -> sparse.coo_array:
    """Return the products of each two rows, both ways, where they are at least `floor`."""
    columns = matrix.T.tocsr()
    size = matrix.shape[0]
    firsts, seconds, products = [], [], []
    for start in range(0, size, _ROWS_AT_ONCE):
        block = (matrix[start : start + _ROWS_AT_ONCE] @ columns).tocoo()
        chosen = (block.data >= floor) & (block.row + start != block.col)
        firsts.append(block.row[chosen] + start)
        seconds.append(block.col[chosen])
        products.append(np.round(block.data[chosen], 9))
    if not firsts:
        return sparse.coo_array((size, size))
    pairs = (np.concatenate(firsts), np.concatenate(seconds))
    return sparse.coo_array((np.concatenate(products), pairs), shape=(size, size))


def _with_ids(messages: Sequence[Message], duplicates: Partition, matters: Partition) -> Groups:
    first, second = (
        tuple(tuple(messages[i].id for i in members) for members in partition.classes())
        for partition in (duplicates, matters)
    )
    return Groups(first, second)
