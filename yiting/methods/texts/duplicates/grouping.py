"""Groups of near-duplicates: the same message copied or lightly edited, about the same place."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from hashlib import blake2b
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.banding import Pairs, candidate_pairs
from yiting.methods.texts.duplicates.clustering import clusters
from yiting.methods.texts.duplicates.comparing import MOST_STRANGE, alike, may_be_alike, run_weights, sketched
from yiting.methods.texts.duplicates.naming import PlaceNames, Texts
from yiting.methods.texts.duplicates.signing import Signed, count_runs, sign
from yiting.methods.texts.identity import named_groups
from yiting.methods.texts.linkage import Partition
from yiting.methods.texts.links import linked
from yiting.methods.texts.shingles import mixed

MOST_STRANGE_TO_LEADER: Final = MOST_STRANGE * 1.6
"""With its leader a copy may have more that is strange than two that are linked."""


def duplicate_groups(
    ids: Sequence[str],
    texts: Sequence[str],
    *,
    places: Sequence[str | None] = (),
    must_link: Collection[tuple[str, str]] = (),
    cannot_link: Collection[tuple[str, str]] = (),
    known: Mapping[str, str] | None = None,
    known_places: Set[str] = frozenset(),
) -> dict[str, str]:
    """Return the name of its group of near-duplicates for every id; a text like no other is a group of its own.

    `texts` belong to `ids` one by one, as do `places` (what people picked, None where they did not), if any. Texts that
    name different places are kept apart however alike they are. `must_link` and `cannot_link` are pairs of ids; pairs
    with an id that is not there are passed over. With the names of an earlier grouping in `known` (by id) groups keep
    theirs. The order of texts makes no difference.

    Beside ids and texts it takes about 1.3 KB a text while it works. More texts than memory holds may be any sequence
    that reads them when asked, such as `SpilledTexts`: each is read once in the order of ids, and those that have
    something like them once or twice again.

    Refuses ids that are not unique with ValueError and links that cannot all hold with ContradictoryLinks.
    """
    if len(ids) != len(texts) or (places and len(places) != len(ids)):
        raise ValueError("There must be as many texts, and places if any, as ids.")
    order = sorted(range(len(ids)), key=ids.__getitem__)
    in_order = [ids[i] for i in order]
    if any(a == b for a, b in pairwise(in_order)):
        raise ValueError("Every text needs an id of its own.")
    partition = linked(in_order, must_link, cannot_link)
    picked = [places[i] for i in order] if places else []
    join_duplicates(_InOrder(texts, order), picked, partition, known_places)
    return named_groups([[in_order[i] for i in members] for members in partition.classes()], known)


class _InOrder:
    """Texts in another order, still read only when asked for."""

    def __init__(self, texts: Sequence[str], order: Sequence[int]) -> None:
        self._texts, self._order = texts, np.array(order, dtype=np.int64)

    def __getitem__(self, row: int, /) -> str:
        return self._texts[int(self._order[row])]

    def __iter__(self) -> Iterator[str]:
        return (self._texts[int(i)] for i in self._order)


def join_duplicates(
    texts: Texts, places: Sequence[str | None], partition: Partition, known_places: Set[str] = frozenset()
) -> None:
    """Join the near-duplicates among `texts` in `partition`, unless it keeps them apart.

    Text i is thing i of `partition`, and `places[i]` what was picked for it, if `places` are given at all. A group's
    members are offered to the partition in the order of rows: have the texts in the order of their ids, so that the
    order in which they came makes no difference where not all may be joined.
    """
    leader = lead(sign(texts), PlaceNames(texts, places, known_places), places)
    join_led(leader, partition)


def join_led(leader: NDArray[np.int64], partition: Partition) -> None:
    """Join in `partition` the rows that have one leader, unless it keeps them apart."""
    for rows in _crowds(leader):
        # what may not be with the first may still be together
        while len(rows) > 1:
            rows = [row for row in rows[1:] if not partition.join(rows[0], row)]


def lead(signed: Signed, names: PlaceNames, picked: Sequence[str | None] = ()) -> NDArray[np.int64]:
    """Return for each text that was signed the row of the text that leads its group of near-duplicates."""
    prints = told_apart(signed.prints, picked)
    first, copy_of = copies(prints)
    weights = run_weights(count_runs(signed, first), len(first))
    links = candidate_pairs(signed.keys, prints, first, lambda pairs: may_be_alike(signed.sketches, pairs))
    links = links[same_message(signed, names, links, weights, MOST_STRANGE)]
    leader = clusters(
        len(signed), links, prints, lambda pairs: same_message(signed, names, pairs, weights, MOST_STRANGE_TO_LEADER)
    )
    return leader[first[copy_of]]


def same_message(
    signed: Signed, names: PlaceNames, pairs: Pairs, weights: NDArray[np.float32], most_strange: float
) -> NDArray[np.bool_]:
    """Which of the pairs are copies of one another and about no different places."""
    same = alike(signed, pairs, weights, most_strange=most_strange)
    same[same] = ~names.clash(pairs[same], sketched(signed.sketches, pairs[same]))
    return same


def told_apart(prints: NDArray[np.uint64], picked: Sequence[str | None]) -> NDArray[np.uint64]:
    """Prints that are the same only where the same place was picked, too; of texts without letters still 0."""
    if not any(picked):
        return prints
    numbers = {place: _number_of(place) if place else 0 for place in set(picked)}
    marks = np.fromiter((numbers[place] for place in picked), dtype=np.uint64, count=len(picked))
    return np.where((prints == 0) | (marks == 0), prints, mixed(prints ^ marks) | np.uint64(1))


def _number_of(place: str) -> int:
    return int.from_bytes(blake2b(place.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def copies(prints: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each different print, in no particular order, and for each row which of these it is a copy of.

    Texts without a letter (0) are nobody's copies.
    """
    order = np.argsort(prints, kind="stable")
    ordered = prints[order]
    new = np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(order)] | (ordered == 0)
    copy_of = np.empty(len(prints), dtype=np.int64)
    copy_of[order] = np.cumsum(new) - 1
    return order[new], copy_of


def _crowds(leader: NDArray[np.int64]) -> list[list[int]]:
    """The rows of each group of two or more, the first ones first."""
    order = np.argsort(leader, kind="stable")
    ends = np.flatnonzero(np.diff(leader[order])) + 1
    bounds = np.concatenate(([0], ends, [len(order)]))
    several = np.flatnonzero(np.diff(bounds) > 1)
    return sorted(order[bounds[i] : bounds[i + 1]].tolist() for i in several.tolist())
