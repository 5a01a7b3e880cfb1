"""What is forgotten with a person: the thread to their voice; votes and what was shown to all stay, without them."""

from __future__ import annotations

from django.db import transaction

from yiting.deliberation.models import Participant, Statement, Topic, TopicSupport
from yiting.people.models import Person


@transaction.atomic
def topics_forget(*, person: Person) -> None:
    """Part of erasing a person. Their words that were never shown are dropped; every count stays."""
    unseen = Statement.objects.filter(author__person=person).exclude(state=Statement.State.SHOWN)
    unseen.update(text="")
    Participant.objects.filter(person=person).update(person=None)
    TopicSupport.objects.filter(person=person).update(person=None)
    Topic.objects.filter(proposer=person).update(proposer=None)
