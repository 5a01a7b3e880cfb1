"""Telling those whom a topic, a meeting or a resolution concerns, through the outbox. No notice names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from yiting.deliberation.models import Topic
from yiting.needs.services import tell_supporters
from yiting.notices.services import notices_tell
from yiting.people.models import Account, Person, Role
from yiting.people.queries import held_on, local_day


def tell_of_topic(topic: Topic, event: str, *, subject: str, at: datetime) -> None:
    """Tell of a topic those who supported it, who asked for its need and who work for an invited organisation."""
    about, link = f"topic-{topic.pk}", reverse("deliberation:topic", args=[topic.code])
    invited = members_of(topic.invitations.values_list("organisation", flat=True), at)
    notices_tell(
        about=about,
        event=event,
        subject=subject,
        body=topic.question,
        link=link,
        accounts=[one for members in invited.values() for one in members],
        persons=Person.objects.filter(pk__in=topic.supports.values("person")),
        at=at,
    )
    if topic.need is not None:
        tell_supporters(topic.need, subject=subject, body=topic.question, event=f"{about}-{event}", link=link, at=at)


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
