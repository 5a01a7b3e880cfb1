"""The votes of a topic as the opinion methods read them: participants and statements as numbers, no persons."""

from __future__ import annotations

from yiting.deliberation.models import Statement, Topic, VoteEvent
from yiting.methods import opinions


def read_votes(topic: Topic, *, until: int) -> opinions.Votes:
    """The votes of a topic as they stood after a vote, and its statements as they stand. Two queries."""
    statements = Statement.objects.filter(topic=topic).order_by("number")
    cast = VoteEvent.objects.filter(participant__topic=topic, pk__lte=until).order_by("pk")
    rows = cast.values_list("participant__number", "statement__number", "value")
    return opinions.votes_of(
        ((str(voice), str(number), value) for voice, number, value in rows.iterator()),
        statements=[read_statement(one) for one in statements],
    )


def read_statement(one: Statement) -> opinions.Statement:
    """A statement for the methods; what is not shown forms no groups and is given to nobody."""
    return opinions.Statement(
        id=str(one.number),
        text=one.text,
        is_seed=one.is_seed,
        is_meta=one.is_meta,
        is_rejected=one.state != Statement.State.SHOWN,
    )
