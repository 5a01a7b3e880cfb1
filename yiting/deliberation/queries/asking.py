"""Which statement to put before somebody next: the informative ones sooner, never by popularity alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from yiting.deliberation.models import Analysis, Participant, Statement, Topic, Vote, VoteValue
from yiting.methods.opinions import routing_priorities


def next_statement(
    topic: Topic, participant: Participant | None, *, chance: float, but: int | None = None
) -> Statement | None:
    """The next statement for somebody, drawn by weight with `chance` in [0, 1); None when all has been voted on.

    `but` is one that they leave for later; it comes only when nothing else is left. Two queries.
    """
    left = _left_for(topic, participant)
    reach = Analysis.objects.filter(topic=topic).order_by("-pk").values_list("reach", flat=True).first() or {}
    weights = routing_priorities(
        [one.agrees for one in left],
        [one.disagrees for one in left],
        [one.passes for one in left],
        is_meta=[one.is_meta for one in left],
        reach=[reach.get(str(one.number), 0.0) for one in left],
    ).tolist()
    weighted = [(one, weight) for one, weight in zip(left, weights, strict=True) if one.number != but]
    if not weighted:
        return next(iter(left), None)
    sums = list(accumulate(weight for _one, weight in weighted))
    return next(one for (one, _weight), top in zip(weighted, sums, strict=True) if chance * sums[-1] < top)


def _left_for(topic: Topic, participant: Participant | None) -> Sequence[Any]:
    """The statements that somebody has not voted on, each with the numbers of its votes."""
    cast = {value: Count("votes", filter=Q(votes__value=value)) for value in VoteValue.values}
    shown = Statement.objects.filter(topic=topic, state=Statement.State.SHOWN).order_by("number")
    counted = shown.annotate(
        agrees=cast[VoteValue.AGREE], disagrees=cast[VoteValue.DISAGREE], passes=cast[VoteValue.PASS]
    )
    if participant is None:
        return list(counted)
    return list(counted.exclude(Exists(Vote.objects.filter(participant=participant, statement=OuterRef("pk")))))
