"""Which statement to put before somebody next: the informative ones sooner, never by popularity alone."""

from __future__ import annotations

from itertools import accumulate

from django.db.models import Count, Exists, OuterRef, Q

from yiting.deliberation.models import Analysis, Participant, Statement, Topic, Vote, VoteValue
from yiting.methods.opinions import Asked, routing_priorities


def next_statement(
    topic: Topic, participant: Participant | None, *, chance: float, but: int | None = None
) -> Statement | None:
    """The next statement for somebody, drawn by weight with `chance` in [0, 1); None when all has been voted on.

    `but` is one that they leave for later; it comes only when nothing else is left. Two queries.
    """
    left = _left_for(topic, participant)
    weights = routing_priorities([tally for _one, tally in left]).tolist()
    weighted = [(one, weight) for (one, _tally), weight in zip(left, weights, strict=True) if one.number != but]
    if not weighted:
        return next((one for one, _tally in left), None)
    sums = list(accumulate(weight for _one, weight in weighted))
    return next(one for (one, _weight), top in zip(weighted, sums, strict=True) if chance * sums[-1] < top)


def _left_for(topic: Topic, participant: Participant | None) -> list[tuple[Statement, Asked]]:
    """The statements that somebody has not voted on, with what the votes on them tell."""
    last = Analysis.objects.filter(topic=topic).order_by("-pk").values_list("reach", flat=True).first() or {}
    cast = {value: Count("votes", filter=Q(votes__value=value)) for value in VoteValue.values}
    shown = Statement.objects.filter(topic=topic, state=Statement.State.SHOWN).order_by("number")
    counted = shown.annotate(
        agrees=cast[VoteValue.AGREE], disagrees=cast[VoteValue.DISAGREE], passes=cast[VoteValue.PASS]
    )
    own = Vote.objects.filter(participant=participant, statement=OuterRef("pk"))
    rows = counted.exclude(Exists(own)) if participant is not None else counted
    return [
        (one, Asked(one.agrees, one.disagrees, one.passes, is_meta=one.is_meta, reach=last.get(str(one.number), 0.0)))
        for one in rows
    ]
