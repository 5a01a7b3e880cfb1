"""Telling those who asked, and those who handle, through the outbox."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from yiting.needs.models import Need, ServiceRequest, Support
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.models import Organisation, Person, RoleKind
from yiting.people.queries import list_members, list_role_holders
from yiting.places.models import Place


def tell_supporters(need: Need, *, subject: str, body: str, event: str, at: datetime, link: str = "") -> int:
    """Queue one notice for each person who asked or joined, once an event; return how many.

    It leads to the need unless there is another link.
    """
    asked = ServiceRequest.objects.filter(need__root=need.root_id or need.pk).values_list("person", flat=True)
    joined = Support.objects.filter(need__root=need.root_id or need.pk, withdrawn_at__isnull=True)
    people = Person.objects.filter(pk__in={*asked, *joined.values_list("person", flat=True)})
    link = link or reverse("needs:need", args=[need.code])
    return len(
        notices_queue(
            [
                NewNotice(
                    key=f"need-{need.pk}-{event}-{person.pk}",
                    topic=f"need-{need.pk}",
                    person=person,
                    subject=subject,
                    body=body,
                    link=link,
                )
                for person in people
            ],
            at=at,
        )
    )


def tell_organisation(need: Need, organisation: Organisation, subject: str, *, event: str, at: datetime) -> int:
    """Queue a notice for each account that holds a role at the organisation, once an event; return how many are new."""
    link = reverse("needs:bench_need", args=[need.code])
    told = notices_queue(
        [
            NewNotice(
                key=f"need-{need.pk}-{event}-a{account.pk}",
                topic=f"need-{need.pk}",
                account=account,
                subject=subject,
                body=need.title,
                link=link,
            )
            for account in list_members(organisation, at)
        ],
        at=at,
    )
    return len(told)


def tell_place(place: Place, *, subject: str, body: str, event: str, code: str | None, at: datetime) -> int:
    """Queue a notice for each worker of this very place, once an event; return how many are new.

    Who works for a place above is told of what concerns that place. The notice leads to the need of that `code`, or
    to what is said most.
    """
    kinds = (RoleKind.WORKER, RoleKind.STREET)
    above = {account.pk for account in list_role_holders(place.parent, kinds, at)} if place.parent else set()
    told = notices_queue(
        [
            NewNotice(
                key=f"place-{place.pk}-{event}-a{account.pk}",
                topic=f"place-{place.pk}",
                account=account,
                subject=subject,
                body=body,
                link=reverse("needs:bench_need", args=[code]) if code else reverse("needs:hot"),
            )
            for account in list_role_holders(place, kinds, at)
            if account.pk not in above
        ],
        at=at,
    )
    return len(told)
