"""Telling the contacts of units what concerns their turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from yiting.alliances.models import Alliance
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.models import Account, Role, RoleKind
from yiting.people.queries import held_on, local_day


def tell_hosts(
    alliance: Alliance,
    organisations: Iterable[int | None],
    *,
    key: str,
    subject: str,
    facts: Mapping[str, object],
    at: datetime,
) -> None:
    """Queue a notice for every alliance contact of these organisations, each in its own language."""
    wanted = {organisation for organisation in organisations if organisation is not None}
    contacts = contacts_of(wanted, at=at)
    link = reverse("alliances:turns", args=[alliance.slug])
    made = []
    for account in contacts:
        with override(account.language):
            made.append(
                NewNotice(
                    key=f"alliance-{alliance.pk}-{key}-{account.pk}",
                    topic=f"alliance-{alliance.pk}",
                    account=account,
                    subject=gettext(subject) % facts,
                    link=link,
                )
            )
    notices_queue(made, at=at)


def contacts_of(organisations: Iterable[int], *, at: datetime) -> list[Account]:
    """The accounts that hold the role of an alliance contact at one of these organisations today. One query."""
    roles = Role.objects.filter(held_on(local_day(at)), Q(organisation__in=list(organisations)), kind=RoleKind.ALLIANCE)
    return list(Account.objects.filter(pk__in=roles.values("account"), is_active=True).order_by("pk"))
