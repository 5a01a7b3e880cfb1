"""What the ballots module holds about a person: given out with their copy, erased with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from yiting.ballots.models import Objection, RollEntry
from yiting.ballots.services import ballots_forget
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding


class BallotsHolding:
    """In which rounds somebody used their vote, and what they objected. What they voted, nobody can look up."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return it all, ready for JSON."""
        mine = Q(person=person) | Q(account=person.account_id, account__isnull=False)
        voted = RollEntry.objects.filter(mine).select_related("round").order_by("round__code")
        objected = Objection.objects.filter(person=person).select_related("round").order_by("round__code", "number")
        return [
            *({"kind": "voted", "round": one.round.code, "way": one.way} for one in voted),
            *(
                {"kind": "objection", "round": one.round.code, "at": one.at.isoformat(), "text": one.text}
                for one in objected
            ),
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Cut the thread from the person to the roll; every count stays."""
        ballots_forget(person=person)


def register() -> None:
    """Take part in copies and erasures."""
    register_holding("ballots", BallotsHolding())
