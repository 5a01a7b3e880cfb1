"""Who acts: roles by day and place, and those who hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from yiting.people.actors import RESIDENT, Actor, Grant
from yiting.people.models import Account, Organisation, Person, Role, RoleKind
from yiting.places import clock
from yiting.places.models import Place

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role as a line of a page."""

    id: int
    kind: str
    kind_label: str
    organisation: str
    place: str
    place_path: str
    since_on: date
    until_on: date | None


def local_day(at: datetime) -> date:
    """The day that it is, at that moment, where this installation lives."""
    return timezone.localtime(at).date()


def held_on(day: date) -> Q:
    """Condition on roles: held on that day, at an organisation that still works."""
    return (
        Q(since_on__lte=day)
        & (Q(until_on__isnull=True) | Q(until_on__gt=day))
        & (Q(organisation__isnull=True) | Q(organisation__active=True))
    )


def get_actor(account: Account | AnonymousUser, at: datetime | None = None) -> Actor:
    """Who an account is now: its person and the roles it holds today. Two queries, none for a visitor."""
    if not isinstance(account, Account):
        # request.user is a lazy wrapper: its class says Account only once it was looked up
        if not getattr(account, "is_authenticated", False):
            return RESIDENT
        raise TypeError(f"no account: {type(account).__name__}")
    if not account.is_active:
        return RESIDENT
    day = local_day(at or clock.now())
    roles = (
        Role.objects.filter(held_on(day), account_id=account.pk)
        .select_related("organisation", "place")
        .order_by("since_on", "pk")
    )
    grants = tuple(
        Grant(
            kind=role.kind,
            organisation_id=role.organisation_id,
            organisation_name=role.organisation.name if role.organisation else "",
            place_id=role.place_id,
            place_path=role.place.path,
        )
        for role in roles
    )
    person_id = Person.objects.filter(account_id=account.pk).values_list("pk", flat=True).first()
    return Actor(account_id=account.pk, person_id=person_id, grants=grants, label=str(account))


def role_paths(account: Account) -> list[str]:
    """The paths of all places over which the account holds a role or once held one."""
    return list(account.roles.order_by("pk").values_list("place__path", flat=True))


def list_role_holders(place: Place, kinds: Iterable[str], at: datetime) -> list[Account]:
    """The accounts holding one of the roles over this place or one above it: whom to tell of a matter."""
    paths = _prefixes(place.path)
    holders = Role.objects.filter(held_on(local_day(at)), kind__in=list(kinds), place__path__in=paths)
    return list(Account.objects.filter(pk__in=holders.values("account"), is_active=True).order_by("pk"))


def list_deputies(place: Place, at: datetime, *, since_by: date) -> list[Account]:
    """The deputies of this very place whose role began by a day and lasts. One query."""
    held = Role.objects.filter(held_on(local_day(at)), kind=RoleKind.DEPUTY, place=place, since_on__lte=since_by)
    return list(Account.objects.filter(pk__in=held.values("account"), is_active=True).order_by("pk"))


def list_members(organisation: Organisation, at: datetime) -> list[Account]:
    """The accounts that work for an organisation today."""
    members = Role.objects.filter(held_on(local_day(at)), organisation=organisation)
    return list(Account.objects.filter(pk__in=members.values("account"), is_active=True).order_by("pk"))


def role_row(role: Role) -> RoleRow:
    """A role as a line of a page; its organisation and place must have been selected with it."""
    return RoleRow(
        id=role.pk,
        kind=role.kind,
        kind_label=str(RoleKind(role.kind).label),
        organisation=role.organisation.name if role.organisation else "",
        place=role.place.name,
        place_path=role.place.path,
        since_on=role.since_on,
        until_on=role.until_on,
    )


def path_under(field: str, paths: Sequence[str]) -> Q:
    """Condition: the path in that field lies under one of these; none given matches nothing."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def _prefixes(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts))]
