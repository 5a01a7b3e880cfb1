"""Which statement a person should see next: the published priority of Polis.

A statement matters more the more people agree with it, the fewer pass on it, and the farther apart it draws people on
the plane; a statement with few votes comes up to nine times as often, so that new ones are heard. The draw itself is
the caller's: chance is given as a number, and each statement not yet voted on has a part of it by its weight.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.results import Analysis
from yiting.methods.opinions.votes import AGREE, DISAGREE, PASS, Floats, Votes

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
    agrees, disagrees, passes = (
        np.bincount(votes.columns[votes.values == value], minlength=width) for value in (AGREE, DISAGREE, PASS)
    )
    reach = statement_reach(analysis) if analysis is not None else {}
    return routing_priorities(
        agrees,
        disagrees,
        passes,
        is_meta=[one.is_meta for one in votes.statements],
        reach=[reach.get(one.id, 0.0) for one in votes.statements],
    )


def routing_priorities(
    agrees: ArrayLike, disagrees: ArrayLike, passes: ArrayLike, *, is_meta: ArrayLike, reach: ArrayLike
) -> Floats:
    """Give the priority of statements by how they were answered and how far they reach (0 where it is not known)."""
    agreed, disagreed, passed = (np.asarray(counts, np.float64) for counts in (agrees, disagrees, passes))
    given = agreed + disagreed + passed
    agree, passing = (agreed + 1) / (given + 2), (passed + 1) / (given + 2)
    means = (agreed - disagreed) / np.maximum(1, given)
    importance = agree * (1 - passing) * (1 + np.asarray(reach, np.float64) * (1 - means))
    priority = importance * (1 + NEW * 2.0 ** (-given / HALVED_AFTER))
    found: Floats = np.where(np.asarray(is_meta, bool), META, priority) ** 2
    return found


def statement_reach(analysis: Analysis) -> dict[str, float]:
    """Tell by statement how far out somebody stands who voted on it alone, times what the mean vote leaves of it."""
    state = analysis.state
    voted = sum(1 for one in analysis.opinions if one.agrees + one.passes + one.disagrees)
    lengths = math.sqrt(max(1, voted)) * np.hypot(*state.axes)
    return dict(zip(state.statements, lengths.tolist(), strict=True))
