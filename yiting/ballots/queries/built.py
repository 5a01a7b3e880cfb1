"""What is built as things stand: by the last count, what was withdrawn since, and what a council decided otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from yiting.ballots.models import Allocation, Candidate, Override, Round
from yiting.ballots.winners import standing


def get_last_count(round: Round) -> Allocation | None:
    """The count that stands, if there is one. One query."""
    return Allocation.objects.filter(round=round).order_by("-turn").first()


def get_built(round: int) -> tuple[int, ...]:
    """The numbers of what is built in a round; none before it is counted. Two queries."""
    return list_built([round]).get(round, ())


def is_built(candidate: Candidate) -> bool:
    """Whether a candidate is built, as things stand. Two queries."""
    return candidate.number in get_built(candidate.round_id)


def list_built(rounds: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """What is built in counted rounds, by the last count and what was decided otherwise. Two queries."""
    counts = {one.round_id: one for one in Allocation.objects.filter(round__in=rounds).order_by("turn")}
    overrides = defaultdict(list)
    for one in Override.objects.filter(candidate__round__in=rounds).select_related("candidate"):
        overrides[one.candidate.round_id].append(one)
    return {round: standing(count.winners, overrides[round]) for round, count in counts.items()}


def is_stale(round: Round) -> bool:
    """Whether a candidate was withdrawn since the last count. Two queries."""
    counted = get_last_count(round)
    return counted is not None and counted.left_out != list_withdrawn(round)


def list_withdrawn(round: Round) -> list[int]:
    """The numbers of the candidates that a count must leave out. One query."""
    gone = Candidate.objects.filter(round=round, state=Candidate.State.WITHDRAWN)
    return list(gone.order_by("number").values_list("number", flat=True))
