"""Which statement a person should see next: the published priority of Polis.

A statement matters more the more people agree with it, the fewer pass on it, and the farther apart it draws people on
the plane; a statement with few votes comes up to nine times as often, so that new ones are heard. The draw itself is
the caller's: chance is given as a number, and each statement not yet voted on has a part of it by its weight.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.results import Analysis
from yiting.methods.opinions.votes import AGREE, DISAGREE, Floats, Votes

META: Final = 7.0
NEW: Final = 8.0
HALVED_AFTER: Final = 5.0


def next_statement(votes: Votes, participant: str, *, chance: float, analysis: Analysis | None = None) -> str | None:
    """Choose a statement the person has not voted on; `chance` is drawn by the caller, from 0 to below 1.

    Rejected statements are never chosen. None if all have been voted on. Without an analysis, statements count as
    equally far out.
    """
    if not 0 <= chance < 1:
        raise OpinionsInvalid("chance", f"it must lie from 0 to below 1, not at {chance}")
    weights = routing_weights(votes, participant, analysis=analysis)
    left = chance * math.fsum(weights.values())
    for name, weight in weights.items():
        left -= weight
        if left < 0:
            return name
    # what rounding left over belongs to the last one
    return next(reversed(weights), None)


def routing_weights(votes: Votes, participant: str, *, analysis: Analysis | None = None) -> dict[str, float]:
    """Give the weight of each statement that a person may be asked about next."""
    row = votes.row_of(participant)
    known: set[int] = set()
    if row is not None:
        known = set(votes.columns[votes.starts[row] : votes.starts[row + 1]].tolist())
    weights = priorities(votes, analysis=analysis)
    return {
        statement.id: float(weights[at])
        for at, statement in enumerate(votes.statements)
        if at not in known and not statement.is_rejected
    }


def priorities(votes: Votes, *, analysis: Analysis | None = None) -> Floats:
    """Give the priority of each statement, whoever is asked."""
    width = len(votes.statements)
    given, agrees, disagrees = (
        np.bincount(votes.columns[chosen], minlength=width)
        for chosen in (slice(None), votes.values == AGREE, votes.values == DISAGREE)
    )
    agree, passing = (agrees + 1) / (given + 2), (given - agrees - disagrees + 1) / (given + 2)
    importance = agree * (1 - passing) * (1 + _extremity(votes, given, analysis))
    priority = importance * (1 + NEW * 2.0 ** (-given / HALVED_AFTER))
    is_meta = np.array([statement.is_meta for statement in votes.statements], bool)
    found: Floats = np.where(is_meta, META, priority) ** 2
    return found


def _extremity(votes: Votes, given: np.ndarray[tuple[int], np.dtype[np.int64]], analysis: Analysis | None) -> Floats:
    """Tell how far out somebody stands who agreed with this one statement only."""
    width = len(votes.statements)
    if analysis is None:
        return np.zeros(width)
    state = analysis.state
    place = {name: at for at, name in enumerate(state.statements)}
    at = np.array([place.get(statement.id, -1) for statement in votes.statements], np.int64)
    means = np.bincount(votes.columns, weights=votes.values, minlength=width) / np.maximum(1, given)
    axes = np.where(at >= 0, state.axes[:, at], 0.0) if len(place) else np.zeros((2, width))
    length = np.hypot(axes[0], axes[1])
    found: Floats = math.sqrt(max(1, int((given > 0).sum()))) * length * (1 - means)
    return found
