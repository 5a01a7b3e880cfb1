"""What the activities module holds about a person: given out with their copy, erased with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiting.activities.models import CheckIn, Feedback, FeedLink, SignUp
from yiting.activities.services import coming_forget
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.people.services import register_holding


class ActivitiesHolding:
    """What a person signed up for, where they were counted, what they said, and their calendar link."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Return it all, ready for JSON."""
        signed = SignUp.objects.filter(person=person).select_related("activity").order_by("signed_at", "id")
        counted = CheckIn.objects.filter(person=person).select_related("activity").order_by("at", "id")
        said = Feedback.objects.filter(person=person).select_related("activity").order_by("at", "id")
        links = FeedLink.objects.filter(person=person)
        return [
            *(
                {
                    "kind": "sign_up",
                    "activity": one.activity.code,
                    "at": one.signed_at.isoformat(),
                    "heads": one.heads,
                    "state": one.state,
                }
                for one in signed
            ),
            *({"kind": "check_in", "activity": one.activity.code, "at": one.at.isoformat()} for one in counted),
            *(
                {
                    "kind": "feedback",
                    "activity": one.activity.code,
                    "at": one.at.isoformat(),
                    "verdict": one.verdict,
                    "word": one.word,
                }
                for one in said
            ),
            *({"kind": "calendar_link", "at": one.made_at.isoformat()} for one in links),
        ]

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Take out the words and the link and free the seats ahead; every count stays."""
        coming_forget(person=person, at=at)


def register() -> None:
    """Take part in copies and erasures."""
    register_holding("activities", ActivitiesHolding())
