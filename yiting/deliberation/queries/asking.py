"""Which statement to put before somebody next: the informative ones sooner, never by popularity alone."""

from __future__ import annotations

from itertools import accumulate

from yiting.deliberation.models import Participant, Statement, Topic
from yiting.deliberation.queries.matrix import read_votes
from yiting.methods.opinions import routing_weights

NOBODY = "new"


def next_statement(
    topic: Topic, participant: Participant | None, *, chance: float, but: int | None = None
) -> Statement | None:
    """The next statement for somebody, drawn by weight with `chance` in [0, 1); None when all has been voted on.

    `but` is one that they leave for later; it comes only when nothing else is left. Three queries.
    """
    weights = routing_weights(read_votes(topic), str(participant.number) if participant is not None else NOBODY)
    weighted = [(number, weight) for number, weight in weights.items() if weight > 0 and number != str(but)]
    if not weighted:
        last = but is not None and str(but) in weights
        return Statement.objects.filter(topic=topic, number=but or 0).first() if last else None
    sums = list(accumulate(weight for _number, weight in weighted))
    drawn = next(number for (number, _weight), top in zip(weighted, sums, strict=True) if chance * sums[-1] < top)
    return Statement.objects.filter(topic=topic, number=int(drawn)).first()
