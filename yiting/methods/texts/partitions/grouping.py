"""Groups of near-duplicates out of partitions that lie on many workers."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from itertools import pairwise
from typing import Final

import numpy as np
from dask.bag import Bag
from dask.delayed import Delayed
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.banding import Pairs, as_numbers, as_pairs
from yiting.methods.texts.duplicates.clustering import clusters
from yiting.methods.texts.duplicates.comparing import MOST_STRANGE, run_weights
from yiting.methods.texts.duplicates.grouping import MOST_STRANGE_TO_LEADER, copies, join_led
from yiting.methods.texts.duplicates.signing import BANDS
from yiting.methods.texts.identity import named_groups
from yiting.methods.texts.links import linked
from yiting.methods.texts.partitions import parts
from yiting.methods.texts.partitions.tasks import Key, Tasks

TEXTS_IN_A_SLICE: Final = 1_000_000
"""So many keys of a band at most meet on one worker; each takes about a hundred bytes."""


def duplicate_groups(
    partitions: Bag | Sequence[Delayed],
    *,
    must_link: Collection[tuple[str, str]] = (),
    cannot_link: Collection[tuple[str, str]] = (),
    known: Mapping[str, str] | None = None,
    known_places: Set[str] = frozenset(),
) -> dict[str, str]:
    """Return what `yiting.methods.texts.duplicates.duplicate_groups` returns for all texts of all partitions.

    Each partition is a list of `(id, text)` or `(id, text, place)`, with what was picked for a place (None: nothing);
    some may be empty. It runs on the scheduler that Dask is set to: that of a `distributed.Client` where there is one.
    Texts and what is kept of them stay on the workers, which take up to 7 KB a text while bands are sent; here ids
    and numbers are gathered (0.7 KB a text). Have as many partitions as workers have threads, or a
    few times as many: each sends to each.

    Refuses ids that are not unique with ValueError and links that cannot all hold with ContradictoryLinks.
    """
    # each is used again and again, so they are signed once and stay where they are
    given = _delayed(partitions)
    tasks = Tasks(*given)
    lying = tasks.leave([tasks.add(parts.signed_part, partition.key) for partition in given])
    tasks = Tasks(*lying)
    heads = tasks.gather([tasks.add(parts.head, part.key) for part in lying])
    ids = [id for some, _ in heads for id in some]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    in_order = [ids[i] for i in order]
    if any(a == b for a, b in pairwise(in_order)):
        raise ValueError("Every text needs an id of its own.")
    partition = linked(in_order, must_link, cannot_link)
    if ids:
        bounds = np.concatenate(([0], np.cumsum([len(some) for some, _ in heads])))
        leader = _lead(lying, bounds, np.concatenate([prints for _, prints in heads]), np.array(order), known_places)
        join_led(leader, partition)
    return named_groups([[in_order[i] for i in members] for members in partition.classes()], known)


def _delayed(partitions: Bag | Sequence[Delayed]) -> Sequence[Delayed]:
    if isinstance(partitions, Bag):
        delayed_ones: Sequence[Delayed] = partitions.to_delayed()  # type: ignore[no-untyped-call]  # Dask has few types
        return delayed_ones
    return partitions


def _lead(
    lying: Sequence[Delayed],
    bounds: NDArray[np.int64],
    prints: NDArray[np.uint64],
    order: NDArray[np.int64],
    known_places: Set[str],
) -> NDArray[np.int64]:
    """Return for each text, in `order` of ids, a number that those of one group have in common."""
    first, copy_of = copies(prints[order])
    is_first = np.zeros(len(prints), dtype=np.bool_)
    is_first[order[first]] = True
    firsts = [is_first[start:end] for start, end in pairwise(bounds.tolist())]
    tasks = Tasks(*lying)
    counts = [tasks.add(parts.counted, part.key, mine) for part, mine in zip(lying, firsts, strict=True)]
    (weights,) = tasks.leave([tasks.add(_weights, counts, len(first))])
    comparison = _Comparison(lying, bounds, weights, known_places)
    tasks = comparison.tasks()
    links = comparison.compare(tasks, _candidates(tasks, lying, firsts, bounds, len(first)), MOST_STRANGE)

    def belong(pairs: Pairs) -> NDArray[np.bool_]:
        numbers = as_numbers(pairs[:, 0], pairs[:, 1])
        pieces = [[piece] for piece in parts.by_home(numbers, bounds)]
        kept = comparison.compare(comparison.tasks(), pieces, MOST_STRANGE_TO_LEADER) if len(pairs) else numbers
        return np.isin(numbers, kept)

    leader = clusters(len(prints), as_pairs(links), prints, belong)
    return leader[order[first[copy_of]]]


def _weights(counts: Sequence[NDArray[np.int64]], texts: int) -> NDArray[np.float32]:
    return run_weights(np.sum(counts, axis=0), texts)


def _candidates(
    tasks: Tasks,
    lying: Sequence[Delayed],
    firsts: Sequence[NDArray[np.bool_]],
    bounds: NDArray[np.int64],
    texts: int,
) -> list[list[Key]]:
    """For each partition the pieces that hold the pairs which it is to compare: a shuffle on the keys of bands."""
    slices = 1 + texts // TEXTS_IN_A_SLICE
    sent = [
        tasks.pieces(tasks.add(parts.banded, part.key, mine, offset, slices), BANDS * slices)
        for part, mine, offset in zip(lying, firsts, bounds.tolist(), strict=False)
    ]
    met = [tasks.pieces(tasks.add(parts.met, list(pieces), bounds), len(lying)) for pieces in zip(*sent, strict=True)]
    return [list(pieces) for pieces in zip(*met, strict=True)]


class _Comparison:
    """Pairs compared on the workers: each partition asks the others for the texts that its pairs are about."""

    def __init__(
        self, lying: Sequence[Delayed], bounds: NDArray[np.int64], weights: Delayed, known_places: Set[str]
    ) -> None:
        self._lying, self._bounds, self._weights = lying, bounds, weights
        self._known_places = frozenset(known_places)

    def tasks(self) -> Tasks:
        """New tasks, on what lies on the workers."""
        return Tasks(*self._lying, self._weights)

    def compare(
        self, tasks: Tasks, pieces: Sequence[Sequence[Key | NDArray[np.uint64]]], most_strange: float
    ) -> NDArray[np.uint64]:
        """The pairs that belong together out of those in the pieces for each partition."""
        asked = [tasks.add(parts.asked, list(some), self._bounds) for some in pieces]
        alike = [
            tasks.add(parts.compared, question, answers, self._bounds, self._weights.key, most_strange)
            for question, answers in zip(asked, self._sent(tasks, parts.answered, asked), strict=True)
        ]
        same = [
            tasks.add(parts.same_place, question, answers, self._bounds)
            for question, answers in zip(alike, self._sent(tasks, parts.named, alike, self._known_places), strict=True)
        ]
        return np.concatenate(tasks.gather(same))

    def _sent(
        self, tasks: Tasks, answer: Callable[..., object], questions: Sequence[Key], *more: object
    ) -> list[list[Key]]:
        """For each question the answers of all partitions."""
        size = len(self._lying)
        wanted = [tasks.pieces(tasks.add(parts.rows_asked_for, question), size) for question in questions]
        sent = [
            tasks.pieces(tasks.add(answer, part.key, [rows[number] for rows in wanted], *more), size)
            for number, part in enumerate(self._lying)
        ]
        return [list(answers) for answers in zip(*sent, strict=True)]
