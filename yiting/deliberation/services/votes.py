"""Voting. One person is one participant; a vote is changed until the topic closes.

What is locked is the row of the topic: two taps at once end in one vote, and nobody votes while it closes.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from yiting.deliberation.errors import NotAllowed, NotOpen, StatementMissing, TopicClosed, VoteUnfit
from yiting.deliberation.models import Participant, Statement, Topic, Vote, VoteEvent, VoteValue
from yiting.deliberation.services.analysing import analyse_later
from yiting.deliberation.services.topics import lock_topic, require_part, require_speaks
from yiting.deliberation.states import VOTING
from yiting.people.actors import Actor
from yiting.people.models import Person

# Numbers of participants are drawn, so that they tell nothing of who came first.
NUMBERS = 2**48


@transaction.atomic
def vote_cast(
    *,
    by: Actor,
    topic: Topic,
    person: Person,
    statement: Statement,
    value: int,
    voices: Collection[int] = (),
    at: datetime,
) -> Vote:
    """Vote on a statement, or change one's vote; the same again changes nothing. Locks the topic.

    `voices` are the persons that the same browser is: who voted before signing in goes on with those votes.
    """
    held = lock_topic(topic)
    require_speaks(by, person)
    require_voting(held, at=at)
    require_part(by, held, person)
    if statement.topic_id != held.pk:
        raise StatementMissing
    participant = participant_of(held, person, voices=voices, at=at)
    vote = put_vote(participant, statement, value, at=at)
    analyse_later(held, added=1)
    return vote


def put_vote(
    participant: Participant, statement: Statement, value: int, *, printed: bool = False, at: datetime
) -> Vote:
    """Write a vote into a locked topic; what is not shown takes none, unless it was shown when it was `printed`."""
    if value not in VoteValue.values:
        raise VoteUnfit
    if not printed and not Statement.objects.filter(pk=statement.pk, state=Statement.State.SHOWN).exists():
        raise StatementMissing
    known = Vote.objects.filter(participant=participant, statement=statement).first()
    if known is not None and known.value == value:
        return known
    vote = known or Vote(participant=participant, statement=statement)
    vote.value, vote.at = value, at
    vote.save()
    VoteEvent.objects.create(participant=participant, statement=statement, value=value, at=at)
    return vote


def participant_of(held: Topic, person: Person | None, *, voices: Collection[int] = (), at: datetime) -> Participant:
    """The participant that a person is in a locked topic, or a new one; paper has no person and is always new."""
    if person is not None:
        known = Participant.objects.filter(topic=held, person=person).first()
        if known is not None:
            return known
        # an erasure that has begun waits for nothing here, and one that is over leaves nobody to point at
        if not Person.objects.select_for_update(no_key=True).filter(pk=person.pk, erased_at__isnull=True).exists():
            raise NotAllowed
        earlier = Participant.objects.filter(topic=held, person__in=voices, person__account=None).first()
        if earlier is not None:
            earlier.person = person
            earlier.save(update_fields=["person"])
            return earlier
    number = secrets.randbelow(NUMBERS)
    while Participant.objects.filter(topic=held, number=number).exists():
        number = secrets.randbelow(NUMBERS)
    return Participant.objects.create(topic=held, person=person, number=number, since=at)


def require_voting(held: Topic, *, at: datetime) -> None:
    """Refuse what comes before a topic opens and after it closed, also when nobody has closed it by hand yet."""
    if held.state == Topic.State.DRAFT:
        raise NotOpen
    if held.state not in VOTING or held.closes_at is None or at >= held.closes_at:
        raise TopicClosed
