"""Telling both sides of a match what the other did."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from yiting.alliances.models import Ask, Match, Offer
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.queries import list_members


def tell_side(
    match: Match, side: str, *, offer: Offer, ask: Ask, subject: str, event: str, body: str = "", at: datetime
) -> int:
    """Queue a notice for each account of one side of a match, once an event; return how many are new."""
    organisation = offer.organisation if side == Match.Side.OFFER else ask.organisation
    told = notices_queue(
        [
            NewNotice(
                key=f"match-{match.pk}-{event}-a{account.pk}",
                topic=f"match-{match.pk}",
                account=account,
                subject=subject,
                body=body,
                link=reverse("alliances:match", args=[match.pk]),
            )
            for account in list_members(organisation, at)
        ],
        at=at,
    )
    return len(told)
