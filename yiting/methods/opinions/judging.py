"""What groups say: the tests of Polis for what stands for a group, and what all groups say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.opinions.results import Common, Opinion, Representative, Tally
from yiting.methods.opinions.votes import Floats, Ints

# 90 percent on one side
SIGNIFICANT: Final = 1.2815515655446004
MOST_REPRESENTATIVE: Final = 5
# fewer votes of a group on a statement say nothing for the group
LEAST_SAID: Final = 3
# what everybody agrees on, at least six in ten of each group say; a bare majority leaves too many out
COMMON_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The tests for one answer: a row a group, a column a statement."""

    alike: Ints
    probability: Floats
    relative: Floats
    probability_z: Floats
    z: Floats


def counts_of(labels: Ints, columns: NDArray[np.int32], values: NDArray[np.int8], groups: int, width: int) -> Ints:
    """Count disagree, pass and agree (the last axis) of each group on each statement; a label below 0 is left out."""
    cells = labels * (3 * width) + 3 * columns + values + 1
    return np.bincount(cells[labels >= 0], minlength=groups * width * 3).reshape(groups, width, 3)


def sides_of(counts: Ints) -> tuple[Sides, Sides]:
    """Give the tests for agreement and for disagreement."""
    given = counts.sum(axis=2)
    return _side(counts[:, :, 2], given), _side(counts[:, :, 0], given)


def _side(alike: Ints, given: Ints) -> Sides:
    others, given_others = alike.sum(axis=0) - alike, given.sum(axis=0) - given
    probability = (alike + 1) / (given + 2)
    probability_z = 2 * np.sqrt(given + 1) * ((alike + 1) / (given + 1) - 0.5)
    if len(alike) == 1:
        return Sides(alike, probability, np.ones(alike.shape), probability_z, probability_z)
    relative = probability / ((others + 1) / (given_others + 2))
    here, there = (alike + 1) / (given + 1), (others + 1) / (given_others + 1)
    both = (alike + others + 2) / (given + given_others + 2)
    error = np.sqrt(both * (1 - both) * (1 / (given + 1) + 1 / (given_others + 1)))
    z = np.divide(here - there, error, out=np.zeros(error.shape), where=error > 0)
    return Sides(alike, probability, relative, probability_z, z)


def representatives(counts: Ints, ids: Sequence[str], counted: NDArray[np.bool_]) -> list[tuple[Representative, ...]]:
    """Choose up to five statements for each group, what it agrees with before what it disagrees with.

    A statement stands for a group when the group's majority and its difference from the others are both significant.
    The one it agrees with most distinctly is always among them. If none is significant, the most distinct one stands.
    """
    agreeing, against = sides_of(counts)
    given = counts.sum(axis=2)
    found = []
    for group in range(len(counts)):
        usable = counted & (counts[group, :, 0] + counts[group, :, 2] > 0)
        is_agree = agreeing.z[group] > against.z[group]
        strength = np.where(is_agree, _strength(agreeing, group), _strength(against, group))
        sure = usable & (_is_sure(agreeing, group) | _is_sure(against, group))
        chosen = [int(at) for at in np.argsort(-strength, kind="stable") if sure[at]]
        yes = usable & is_agree & (agreeing.probability_z[group] > SIGNIFICANT)
        if yes.any():
            best = int(np.where(yes, _strength(agreeing, group), -np.inf).argmax())
            chosen = [best, *(at for at in chosen if at != best)]
        elif not chosen and usable.any():
            distinct = np.maximum(agreeing.z[group], against.z[group])
            chosen = [int(np.where(usable, distinct, -np.inf).argmax())]
        made = [
            _representative(agreeing if is_agree[at] else against, group, at, ids[at], bool(is_agree[at]), given)
            for at in chosen[:MOST_REPRESENTATIVE]
        ]
        found.append(tuple(sorted(made, key=lambda one: not one.agree)))
    return found


def _strength(side: Sides, group: int) -> Floats:
    found: Floats = side.relative[group] * side.z[group] * side.probability[group] * side.probability_z[group]
    return found


def _is_sure(side: Sides, group: int) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (side.probability_z[group] > SIGNIFICANT) & (side.z[group] > SIGNIFICANT)
    return found


def _representative(side: Sides, group: int, at: int, name: str, is_agree: bool, given: Ints) -> Representative:
    return Representative(
        statement_id=name,
        agree=is_agree,
        votes=int(given[group, at]),
        alike=int(side.alike[group, at]),
        probability=float(side.probability[group, at]),
        relative=float(side.relative[group, at]),
        probability_z=float(side.probability_z[group, at]),
        z=float(side.z[group, at]),
    )


def opinions_of(counts: Ints, totals: Ints, ids: Sequence[str], counted: NDArray[np.bool_]) -> tuple[Opinion, ...]:
    """Tell how each statement was voted on; `totals` are of everybody, in a group or not."""
    groups, width = counts.shape[:2]
    agree, against = _shares(counts)
    nothing = np.zeros(width)
    consensus = agree.prod(axis=0) if groups else nothing
    refusal = against.prod(axis=0) if groups else nothing
    divided = _width(counts) if groups > 1 else nothing
    bridging = agree[list(farthest(counts))].min(axis=0) if groups else nothing
    tallies = counts.tolist()
    return tuple(
        Opinion(
            statement_id=ids[at],
            is_counted=bool(counted[at]),
            agrees=yes,
            passes=silent,
            disagrees=no,
            by_group=tuple(Tally(tally[at][2], tally[at][1], tally[at][0]) for tally in tallies),
            consensus=both,
            refusal=neither,
            divisiveness=apart,
            bridging=bridge,
        )
        for at, ((no, silent, yes), both, neither, apart, bridge) in enumerate(
            zip(totals.tolist(), consensus.tolist(), refusal.tolist(), divided.tolist(), bridging.tolist(), strict=True)
        )
    )


def consensus_of(counts: Ints, ids: Sequence[str], counted: NDArray[np.bool_]) -> tuple[Common, ...]:
    """Give what six in ten of every group say, a significant majority, best first."""
    if not len(counts):
        return ()
    said = counted & (counts.sum(axis=2) >= LEAST_SAID).all(axis=0)
    found = []
    for is_agree, side, shares in zip((True, False), sides_of(counts), _shares(counts), strict=True):
        holds = said & (shares >= COMMON_SHARE).all(axis=0) & (side.probability_z > SIGNIFICANT).all(axis=0)
        scores = shares.prod(axis=0)
        found += [Common(ids[int(at)], is_agree, float(scores[at])) for at in np.flatnonzero(holds)]
    return tuple(sorted(found, key=lambda common: -common.score))


def divisive_of(counts: Ints, ids: Sequence[str], counted: NDArray[np.bool_]) -> tuple[str, ...]:
    """Give what one group agrees with and another disagrees with, both significantly, the widest apart first."""
    if len(counts) < 2:
        return ()
    said = counts.sum(axis=2) >= LEAST_SAID
    agreeing, against = sides_of(counts)
    yes = (said & (agreeing.probability_z > SIGNIFICANT)).any(axis=0)
    no = (said & (against.probability_z > SIGNIFICANT)).any(axis=0)
    width = _width(counts)
    order = np.argsort(-width, kind="stable")
    return tuple(ids[int(at)] for at in order if counted[at] and yes[at] and no[at])


def bridging_of(counts: Ints, ids: Sequence[str], counted: NDArray[np.bool_]) -> tuple[str, ...]:
    """Give what the two groups that are farthest apart agree with, both significantly, best first."""
    if len(counts) < 2:
        return ()
    pair = list(farthest(counts))
    agreeing, _ = sides_of(counts)
    holds = counted & (counts[pair].sum(axis=2) >= LEAST_SAID).all(axis=0)
    holds &= (agreeing.probability_z[pair] > SIGNIFICANT).all(axis=0) & (_shares(counts)[0][pair] > 0.5).all(axis=0)
    least = _shares(counts)[0][pair].min(axis=0)
    return tuple(ids[int(at)] for at in np.argsort(-least, kind="stable") if holds[at])


def farthest(counts: Ints) -> tuple[int, int]:
    """Name the two groups whose mean votes differ most over all statements; of one group, it twice."""
    means = _means(counts)
    pairs = [(one, other) for one in range(len(means)) for other in range(one + 1, len(means))]
    return max(pairs, key=lambda pair: float(np.abs(means[pair[0]] - means[pair[1]]).sum()), default=(0, 0))


def _shares(counts: Ints) -> tuple[Floats, Floats]:
    given = counts.sum(axis=2) + 2
    return (counts[:, :, 2] + 1) / given, (counts[:, :, 0] + 1) / given


def _means(counts: Ints) -> Floats:
    found: Floats = (counts[:, :, 2] - counts[:, :, 0]) / (counts.sum(axis=2) + 2)
    return found


def _width(counts: Ints) -> Floats:
    means = _means(counts)
    found: Floats = (means.max(axis=0) - means.min(axis=0)) / 2
    return found
