"""Supporting a proposal of residents; with enough supports it opens by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.deliberation.errors import NotAProposal
from yiting.deliberation.models import Topic, TopicSupport
from yiting.deliberation.services.topics import lock_topic, open_when_enough, require_part, require_speaks
from yiting.ledger.services import entry_append
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Person


@transaction.atomic
def support_give(*, by: Actor, topic: Topic, person: Person, at: datetime) -> Topic:
    """Support a proposal, once a person. Locks the topic: the support that fills the number opens it."""
    held = _lock_proposal(topic)
    require_speaks(by, person)
    require_part(by, held, person)
    _mine, is_new = TopicSupport.objects.get_or_create(topic=held, person=person, defaults={"at": at})
    if not is_new:
        return held
    entry_append(kind="deliberation.support.given", obj=held, by=RESIDENT, at=at, public=False)
    return open_when_enough(held, at=at)


@transaction.atomic
def support_take_back(*, by: Actor, topic: Topic, person: Person, at: datetime) -> Topic:
    """Take one's support back before the topic opens; doing it twice changes nothing."""
    held = _lock_proposal(topic)
    require_speaks(by, person)
    gone, _each = TopicSupport.objects.filter(topic=held, person=person).delete()
    if gone:
        entry_append(kind="deliberation.support.taken_back", obj=held, by=RESIDENT, at=at, public=False)
    return held


def _lock_proposal(topic: Topic) -> Topic:
    held = lock_topic(topic)
    if held.origin != Topic.Origin.RESIDENTS or held.state != Topic.State.DRAFT:
        raise NotAProposal
    return held
