"""Telling those whom a round concerns, through the outbox. No notice says what anybody voted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from yiting.ballots.models import RollEntry, Round
from yiting.notices.services import notices_tell
from yiting.people.models import Account, Person


def tell_voters(held: Round, *, event: str, subject: str, body: str, at: datetime) -> int:
    """Tell everybody on the roll, whatever their ballot says."""
    roll = RollEntry.objects.filter(round=held).values("person", "account")
    return tell(
        held,
        event=event,
        subject=subject,
        body=body,
        persons=Person.objects.filter(pk__in=roll.values("person")),
        accounts=Account.objects.filter(pk__in=roll.values("account")),
        at=at,
    )


def tell(
    held: Round,
    *,
    event: str,
    subject: str,
    body: str = "",
    persons: Iterable[Person] = (),
    accounts: Iterable[Account] = (),
    at: datetime,
) -> int:
    """Tell persons and accounts, each once of one event."""
    return notices_tell(
        about=f"round-{held.code}",
        event=event,
        subject=subject,
        body=body,
        link=reverse("ballots:round", args=[held.code]),
        persons=persons,
        accounts=accounts,
        at=at,
    )
