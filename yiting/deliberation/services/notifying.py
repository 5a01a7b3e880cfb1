"""Telling those whom a meeting or a resolution concerns, through the outbox. No notice names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from yiting.notices.services import NewNotice, notices_queue
from yiting.people.models import Account, Person, Role
from yiting.people.queries import held_on, local_day


def tell(
    *,
    about: str,
    event: str,
    subject: str,
    body: str = "",
    link: str,
    accounts: Iterable[Account] = (),
    persons: Iterable[Person] = (),
    at: datetime,
) -> int:
    """Tell accounts and persons, each once an event of what it is `about`; return how many notices are new."""
    reached = [(f"a{one.pk}", None, one) for one in accounts] + [(f"p{one.pk}", one, None) for one in persons]
    notices = [
        NewNotice(
            key=f"{about}-{event}-{key}",
            topic=about,
            subject=subject,
            body=body,
            link=link,
            person=person,
            account=account,
        )
        for key, person, account in dict.fromkeys(reached)
    ]
    return len(notices_queue(notices, at=at))


def members_of(organisations: Collection[int], at: datetime) -> dict[int, list[Account]]:
    """The accounts that work for each of several organisations today. One query."""
    members: dict[int, dict[int, Account]] = defaultdict(dict)
    if organisations:
        roles = Role.objects.filter(
            held_on(local_day(at)), organisation__in=organisations, account__is_active=True
        ).select_related("account")
        for role in roles.order_by("pk"):
            members[role.organisation_id or 0][role.account_id] = role.account
    return {key: list(found.values()) for key, found in members.items()}
