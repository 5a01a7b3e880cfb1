"""Telling those who signed up, through the outbox. No notice names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from yiting.activities.models import Activity, SignUp
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.models import Account, Role
from yiting.people.queries import held_on, local_day


def tell_signed_up(held: Activity, *, subject: str, body: str = "", event: str, at: datetime) -> int:
    """Tell everybody who has a seat or waits, once an event; return how many were told."""
    coming = held.sign_ups.exclude(state=SignUp.State.WITHDRAWN).select_related("person", "organisation")
    return _tell(held, coming.order_by("pk"), subject=subject, body=body, event=event, at=at)


def tell_sign_up(sign_up: SignUp, held: Activity, *, subject: str, event: str, at: datetime) -> int:
    """Tell one who signed up."""
    return _tell(held, [sign_up], subject=subject, body="", event=event, at=at)


def _tell(held: Activity, sign_ups: Iterable[SignUp], *, subject: str, body: str, event: str, at: datetime) -> int:
    listed = list(sign_ups)
    link = reverse("activities:activity", args=[held.code])
    members = _members({one.organisation_id for one in listed if one.organisation_id is not None}, at)
    notices = [
        NewNotice(
            key=f"activity-{held.pk}-{event}-p{one.person_id}",
            topic=f"activity-{held.pk}",
            person=one.person,
            subject=subject,
            body=body,
            link=link,
        )
        for one in listed
        if one.person is not None
    ]
    units = {account.pk: account for one in listed for account in members[one.organisation_id or 0]}
    notices += [
        NewNotice(
            key=f"activity-{held.pk}-{event}-a{account.pk}",
            topic=f"activity-{held.pk}",
            account=account,
            subject=subject,
            body=body,
            link=link,
        )
        for account in units.values()
    ]
    return len(notices_queue(notices, at=at))


def _members(organisations: set[int], at: datetime) -> dict[int, list[Account]]:
    """The accounts that work for each of several organisations. One query."""
    members: dict[int, list[Account]] = defaultdict(list)
    if organisations:
        roles = Role.objects.filter(
            held_on(local_day(at)), organisation__in=organisations, account__is_active=True
        ).select_related("account")
        for role in roles.order_by("pk"):
            members[role.organisation_id or 0].append(role.account)
    return members
