"""What may be shown: no names, no group of fewer than a set number, and nothing from which one could be reckoned.

A group that is too small is folded into the group that votes most like it, and all figures are made anew from what is
left; so what is published is the same as if there had never been such a group. Totals are those of the groups shown.
Nor is a statement told by groups where some group has fewer votes on it than the set number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.judging import bridging_of, consensus_of, divisive_of, representatives
from yiting.methods.opinions.results import Analysis, Common, Group, Reason, Representative, Tally
from yiting.methods.opinions.votes import Ints

PublishedReason = Literal["", "too-few-people", "too-few-votes", "all-alike", "one-group", "too-few-to-show"]


@dataclass(frozen=True, slots=True)
class PublishedGroup:
    """A group as it may be shown."""

    id: int
    size: int
    x: float
    y: float
    spread: float
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class PublishedOpinion:
    """How a statement was voted on; `by_group` is empty where it may not be told by groups."""

    statement_id: str
    agrees: int
    passes: int
    disagrees: int
    by_group: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What may be shown of an analysis. `participants` are those it tells of; few votes are not told."""

    participants: int
    statements: int
    reason: PublishedReason
    groups: tuple[PublishedGroup, ...]
    opinions: tuple[PublishedOpinion, ...]
    consensus: tuple[Common, ...]
    divisive: tuple[str, ...]
    bridging: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A group while groups are folded together: counts are disagree, pass, agree on each statement.

    `held` are the groups that went into it.
    """

    id: int
    held: tuple[int, ...]
    size: int
    x: float
    y: float
    spread: float
    counts: Ints


def published(analysis: Analysis, *, least: int) -> Published:
    """Give what may be shown of an analysis, where no group under `least` may be told from the rest.

    Folding is told by nothing, not even by the reason: one group that is left says "one-group".
    """
    if least < 1:
        raise OpinionsInvalid("least", f"it must be 1 or more, not {least}")
    if not analysis.groups:
        return _ungrouped(analysis, least)
    parts = _parts(analysis, least)
    if parts[0].size < least:
        return Published(0, analysis.statements, "too-few-to-show", (), (), (), (), ())
    reason: PublishedReason = analysis.reason or ("one-group" if len(parts) == 1 else "")
    counts = np.stack([part.counts for part in parts])
    ids = [opinion.statement_id for opinion in analysis.opinions]
    given = counts.sum(axis=2)
    shown = ((given == 0) | (given >= least)).all(axis=0)
    told = shown & np.array([opinion.is_counted for opinion in analysis.opinions], bool)
    chosen = representatives(counts, ids, told)
    return Published(
        participants=sum(part.size for part in parts),
        statements=analysis.statements,
        reason=reason,
        groups=tuple(
            PublishedGroup(part.id, part.size, part.x, part.y, part.spread, representative)
            for part, representative in zip(parts, chosen, strict=True)
        ),
        opinions=_opinions(counts, ids, shown, least),
        consensus=consensus_of(counts, ids, told),
        divisive=divisive_of(counts, ids, told),
        bridging=bridging_of(counts, ids, told),
    )


def groups_published(analysis: Analysis, *, least: int) -> dict[int, int]:
    """Give each group the one under which it is published; there is nothing while fewer than two are.

    It tells of groups that are too small, so it is not for showing.
    """
    parts = _parts(analysis, least) if analysis.groups else []
    return {group: part.id for part in parts for group in part.held} if len(parts) > 1 else {}


def _ungrouped(analysis: Analysis, least: int) -> Published:
    """Without groups, totals are told if enough people took part."""
    reason: Reason = analysis.reason
    if analysis.participants < least:
        return Published(0, analysis.statements, "too-few-to-show", (), (), (), (), ())
    totals = np.array([[[one.disagrees, one.passes, one.agrees] for one in analysis.opinions]], np.int64)
    opinions = _opinions(
        totals.reshape(1, -1, 3),
        [one.statement_id for one in analysis.opinions],
        np.zeros(len(analysis.opinions), bool),
        least,
    )
    return Published(analysis.participants, analysis.statements, reason, (), opinions, (), (), ())


def _opinions(counts: Ints, ids: list[str], shown: NDArray[np.bool_], least: int) -> tuple[PublishedOpinion, ...]:
    found = []
    by_group = counts.tolist()
    for at, (no, silent, yes) in enumerate(counts.sum(axis=0).tolist()):
        if no + silent + yes >= least:
            tallies = tuple(Tally(part[at][2], part[at][1], part[at][0]) for part in by_group) if shown[at] else ()
            found.append(PublishedOpinion(ids[at], yes, silent, no, tallies))
    return tuple(found)


def _parts(analysis: Analysis, least: int) -> list[_Part]:
    """Give the groups that may be shown."""
    return _folded([_part(analysis, at, group) for at, group in enumerate(analysis.groups)], least)


def _part(analysis: Analysis, at: int, group: Group) -> _Part:
    tallies = [opinion.by_group[at] for opinion in analysis.opinions]
    counts = np.array([[one.disagrees, one.passes, one.agrees] for one in tallies], np.int64).reshape(-1, 3)
    return _Part(group.id, (group.id,), group.size, group.x, group.y, group.spread, counts)


def _folded(parts: list[_Part], least: int) -> list[_Part]:
    """Fold the smallest group into the one that votes most like it, until none is too small or one is left."""
    while len(parts) > 1:
        small = min(parts, key=lambda part: (part.size, part.id))
        if small.size >= least:
            break
        others = [part for part in parts if part is not small]
        near = min(others, key=lambda part: (_apart(small, part), part.id))
        parts = [_joined(near, small) if part is near else part for part in others]
    return parts


def _joined(into: _Part, small: _Part) -> _Part:
    size = into.size + small.size
    x, y = ((into.size * one + small.size * other) / size for one, other in ((into.x, small.x), (into.y, small.y)))
    squares = sum(part.size * (part.spread**2 + (part.x - x) ** 2 + (part.y - y) ** 2) for part in (into, small))
    number = into.id if into.size >= small.size else small.id
    return _Part(number, (*into.held, *small.held), size, x, y, math.sqrt(squares / size), into.counts + small.counts)


def _apart(one: _Part, other: _Part) -> float:
    means = [(part.counts[:, 2] - part.counts[:, 0]) / (part.counts.sum(axis=1) + 2) for part in (one, other)]
    return float(np.abs(means[0] - means[1]).sum())
