"""One election under every rule that applies to its ballots."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from yiting.methods.allocations.electing import elect
from yiting.methods.allocations.election import Election
from yiting.methods.allocations.errors import TooManyWays
from yiting.methods.allocations.results import Completion, Outcome, Rule, Satisfaction
from yiting.methods.allocations.welfare import MOST_STATES


def compared(
    election: Election, *, order: Sequence[str] | None = None, most_states: int = MOST_STATES
) -> tuple[Outcome, ...]:
    """Elect by greedy rules, Equal Shares with each completion, Phragmén and the greatest welfare.

    The greatest welfare is left out where it would have to hold more than `most_states` ways to choose.
    """
    measures: tuple[Satisfaction, ...] = ("cost", "cardinality")
    if election.kind not in ("approval", "choose-1"):
        measures = ("score",)
    has_least = any(limit.least for limit in election.limits)
    asked: list[tuple[Rule, Satisfaction | None, Completion]] = []
    if not has_least:
        asked += [("greedy", measure, "none") for measure in measures]
        completions: tuple[Completion, ...] = ("none", "add1-exhaustive", "greedy")
        asked += [("equal-shares", measures[0], completion) for completion in completions]
        if election.kind in ("approval", "choose-1"):
            asked.append(("phragmen", None, "none"))
    outcomes = [
        elect(election, rule=rule, satisfaction=satisfaction, completion=completion, order=order)
        for rule, satisfaction, completion in asked
    ]
    for measure in measures:
        with suppress(TooManyWays):
            outcomes.append(
                elect(election, rule="max-welfare", satisfaction=measure, order=order, most_states=most_states)
            )
    return tuple(outcomes)
