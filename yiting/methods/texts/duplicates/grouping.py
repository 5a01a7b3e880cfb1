"""Groups of near-duplicates: the same message copied or lightly edited, about the same place."""

from collections.abc import Collection, Mapping, Sequence, Set
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.banding import Pairs, candidate_pairs
from yiting.methods.texts.duplicates.clustering import clusters
from yiting.methods.texts.duplicates.comparing import MOST_STRANGE, alike, run_weights, sketched
from yiting.methods.texts.duplicates.naming import PlaceNames
from yiting.methods.texts.duplicates.signing import Signed, chosen, count_runs, sign
from yiting.methods.texts.identity import named_groups
from yiting.methods.texts.linkage import Partition
from yiting.methods.texts.links import linked

LEEWAY: Final = 1.6
"""With its leader a copy may have this many times as much that is strange as two that are linked."""


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
    theirs. The order of texts makes no difference. A million texts take about 1.5 GB while it works.

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
    join_duplicates([texts[i] for i in order], picked, partition, known_places)
    return named_groups([[in_order[i] for i in members] for members in partition.classes()], known)


def join_duplicates(
    texts: Sequence[str], places: Sequence[str | None], partition: Partition, known_places: Set[str] = frozenset()
) -> None:
    """Join the near-duplicates among `texts` in `partition`, unless it keeps them apart."""
    signed = sign(texts)
    names = PlaceNames(texts, places, known_places)
    leader = lead(signed, names)
    for rows in _crowds(leader):
        # what may not be with the leader may still be together
        while len(rows) > 1:
            rows = [row for row in rows[1:] if not partition.join(rows[0], row)]


def lead(signed: Signed, names: PlaceNames) -> NDArray[np.int64]:
    """Return for each text that was signed the row of the text that leads its group of near-duplicates."""
    first, copy_of = _copies(signed.prints, names)
    different = chosen(signed, first)
    weights = run_weights(count_runs(different), len(different))

    def apart(pairs: Pairs) -> NDArray[np.bool_]:
        return names.clash(first[pairs], sketched(different, pairs))

    links = candidate_pairs(different.keys, different.prints)
    links = links[alike(different, links, weights)]
    links = links[~apart(links)]

    def belong(pairs: Pairs) -> NDArray[np.bool_]:
        return alike(different, pairs, weights, most_strange=MOST_STRANGE * LEEWAY) & ~apart(pairs)

    return first[clusters(len(different), links, different.prints, belong)][copy_of]


def _copies(prints: NDArray[np.uint64], names: PlaceNames) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each different text, and for each row which of these it is a copy of."""
    rows = np.arange(len(prints))
    # texts without a letter are nobody's copies
    keys = np.where(prints == 0, rows.astype(np.uint64), prints)
    kinds = np.stack([keys, (prints == 0).astype(np.uint64)], axis=1)
    _, first, copy_of = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), copy_of.ravel().astype(np.int64)


def _crowds(leader: NDArray[np.int64]) -> list[list[int]]:
    """The rows of each group of two or more, the first ones first."""
    order = np.argsort(leader, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], leader[order][1:] != leader[order][:-1])))
    return sorted(part.tolist() for part in np.split(order, starts[1:]) if len(part) > 1)
