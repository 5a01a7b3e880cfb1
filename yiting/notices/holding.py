"""What notices hold about a person: given out with the copy of their data, deleted when they are erased."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from yiting.notices.models import Notice
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding

NAME = "notices"


class NoticesHolding:
    """The notices to a person, by their person or by their account."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Everything that was told to the person, oldest first."""
        return [
            {
                "channel": notice.channel,
                "subject": notice.subject,
                "body": notice.body,
                "created_at": notice.created_at.isoformat(),
                "sent_at": notice.sent_at.isoformat() if notice.sent_at else None,
                "read_at": notice.read_at.isoformat() if notice.read_at else None,
            }
            for notice in Notice.objects.filter(_to(person)).order_by("created_at", "pk")
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Delete the notices, so that nothing is sent to someone who asked to be forgotten."""
        Notice.objects.filter(_to(person)).delete()


def register() -> None:
    """Register with the people module; called when the app is ready."""
    register_holding(NAME, NoticesHolding())


def _to(person: Person) -> Q:
    mine = Q(person_id=person.pk)
    return mine | Q(account_id=person.account_id) if person.account_id is not None else mine
