"""From votes to an analysis, from an analysis to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

import numpy as np

from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.identity import numbers_of
from yiting.methods.opinions.judging import (
    bridging_of,
    consensus_of,
    counts_of,
    divisive_of,
    opinions_of,
    representatives,
)
from yiting.methods.opinions.mixture import Fit, is_uniform
from yiting.methods.opinions.nearest import groups_nearest
from yiting.methods.opinions.plane import Plane, plane_of
from yiting.methods.opinions.results import Analysis, Group, Method, Reason, State
from yiting.methods.opinions.stable import Grouping, groups_again, groups_stable
from yiting.methods.opinions.votes import Ints, Votes

LEAST_VOTES: Final = 7
LEAST_PEOPLE: Final = 10
POLIS_NUMBERS: Final = (2, 3, 4, 5)
MOST_WANTED: Final = 20


def analyse(
    votes: Votes,
    *,
    method: Method = "stable",
    groups: int | None = None,
    earlier: Mapping[str, int] | None = None,
) -> Analysis:
    """Find the groups in votes, and what each of them and all of them say.

    `groups` fixes their number; without it the votes decide. `earlier` tells the group of each person in the last
    analysis, so that groups keep their numbers. Where there are too few people or votes, the answer has no groups and
    says why.
    """
    if method not in get_args(Method):
        raise OpinionsInvalid("method", f"it must be {' or '.join(get_args(Method))}, not {method!r}")
    if groups is not None and not 1 <= groups <= MOST_WANTED:
        raise OpinionsInvalid("groups", f"it must be a number from 1 to {MOST_WANTED}, not {groups!r}")
    plane, rows = plane_of(votes), _voters(votes, method)
    reason = _refusal(votes, rows)
    if reason:
        return _analysis(votes, method, reason, plane, rows[:0], _alone(rows[:0]), earlier or {})
    if method == "polis":
        labels = groups_nearest(plane.places[rows], POLIS_NUMBERS if groups is None else (groups,))
        return _analysis(votes, method, "", plane, rows, (labels, None, {}), earlier or {})
    if not _formers(votes, rows):
        return _analysis(votes, method, "all-alike", plane, rows, _alone(rows), earlier or {})
    found = groups_stable(votes, rows, groups)
    return _analysis(votes, method, "", plane, rows, _parts(found), earlier or {})


def analysis_update(votes: Votes, earlier: Analysis) -> Analysis:
    """Bring an analysis up to date with votes that came since, for a small part of the work.

    The number of groups stays, and groups keep their numbers. Where the earlier analysis has no groups to start from,
    or there are other statements, all is done anew.
    """
    rows, state = _voters(votes, earlier.method), earlier.state
    is_same = state.statements == tuple(one.id for one in votes.statements)
    if state.fit is None or not is_same or _refusal(votes, rows) or not _formers(votes, rows):
        return analyse(votes, method=earlier.method, earlier=earlier.membership)
    plane = plane_of(votes, near=state.axes)
    found = groups_again(votes, rows, state.fit)
    parts = (found.labels, found.fit, earlier.losses)
    return _analysis(votes, earlier.method, "", plane, rows, parts, earlier.membership)


_Parts = tuple[Ints, Fit | None, Mapping[int, float]]


def _parts(grouping: Grouping) -> _Parts:
    return grouping.labels, grouping.fit, grouping.losses


def _alone(rows: Ints) -> _Parts:
    return np.zeros(len(rows), np.int64), None, {}


def _voters(votes: Votes, method: Method) -> Ints:
    """Name the rows with enough votes; Polis counts those on statements that are not counted, too."""
    exist = np.bincount(votes.columns, minlength=len(votes.statements)) > 0
    if method == "polis":
        given = np.diff(votes.starts)
    else:
        exist &= votes.counted
        given = np.bincount(votes.rows, weights=votes.counted[votes.columns], minlength=len(votes.participants)).astype(
            np.int64
        )
    return np.flatnonzero(given >= max(1, min(LEAST_VOTES, int(exist.sum()))))


def _refusal(votes: Votes, rows: Ints) -> Reason:
    if len(rows) >= LEAST_PEOPLE:
        return ""
    return "too-few-people" if np.count_nonzero(np.diff(votes.starts)) < LEAST_PEOPLE else "too-few-votes"


def _formers(votes: Votes, rows: Ints) -> bool:
    """Tell whether anybody answers differently to different statements, among those that are counted."""
    kept = votes.counted[votes.columns]
    starts = np.concatenate(([0], np.cumsum(kept)))[votes.starts]
    return not is_uniform(votes.values[kept], starts)[rows].all()


def _analysis(
    votes: Votes, method: Method, reason: Reason, plane: Plane, rows: Ints, parts: _Parts, earlier: Mapping[str, int]
) -> Analysis:
    labels, fit, losses = parts
    people = [votes.participants[row] for row in rows]
    numbers = numbers_of(people, labels, earlier)
    by_number = sorted(numbers, key=numbers.__getitem__)
    places = np.empty(len(by_number), np.int64)
    places[by_number] = np.arange(len(by_number))
    labels = places[labels]
    everybody = np.full(len(votes.participants), -1)
    everybody[rows] = labels
    width, ids, counted = len(votes.statements), [one.id for one in votes.statements], votes.counted
    counts = counts_of(np.repeat(everybody, np.diff(votes.starts)), votes.columns, votes.values, len(by_number), width)
    totals = counts_of(np.zeros(votes.count, np.int64), votes.columns, votes.values, 1, width)[0]
    if len(by_number) == 1 and not reason:
        reason = "one-group"
    return Analysis(
        method=method,
        participants=len(votes.participants),
        statements=width,
        votes=votes.count,
        reason=reason,
        groups=_groups(votes, plane, rows, labels, [numbers[label] for label in by_number], counts),
        opinions=opinions_of(counts, totals, ids, counted),
        consensus=consensus_of(counts, ids, counted),
        divisive=divisive_of(counts, ids, counted),
        bridging=bridging_of(counts, ids, counted),
        uniform=tuple(votes.participants[row] for row in rows[is_uniform(votes.values, votes.starts)[rows]]),
        ungrouped=tuple(votes.participants[row] for row in np.flatnonzero(everybody < 0)),
        losses=losses,
        state=State(tuple(ids), plane.axes, fit),
    )


def _groups(
    votes: Votes, plane: Plane, rows: Ints, labels: Ints, numbers: list[int], counts: Ints
) -> tuple[Group, ...]:
    chosen = representatives(counts, [one.id for one in votes.statements], votes.counted)
    groups = []
    for at, number in enumerate(numbers):
        here = rows[labels == at]
        places = plane.places[here]
        middle = places.mean(axis=0)
        groups.append(
            Group(
                id=number,
                members=tuple(votes.participants[row] for row in here),
                x=float(middle[0]),
                y=float(middle[1]),
                spread=float(np.sqrt(((places - middle) ** 2).sum(axis=1).mean())),
                representative=chosen[at],
            )
        )
    return tuple(groups)
