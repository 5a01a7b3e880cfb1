"""Organisations and the roles held at them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from yiting.people import policies
from yiting.people.actors import Actor
from yiting.people.errors import (
    LastAdministrator,
    NameMissing,
    NotAllowed,
    OrganisationElsewhere,
    OrganisationNeeded,
    OrganisationTaken,
    RoleDatesWrong,
    RoleEnded,
    RoleHeld,
    RoleUnknown,
)
from yiting.people.models import Account, Organisation, Role, RoleKind
from yiting.people.queries import local_day
from yiting.places.models import Place

NAME_LIMIT = 80


def organisation_add(
    *, by: Actor, kind: str, name: str, place: Place, parent: Organisation | None = None
) -> Organisation:
    """Add an organisation to a place that the actor administers, under one that holds that place, or none."""
    _demand_admin(by, place)
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise NameMissing(limit=NAME_LIMIT)
    if kind not in Organisation.Kind.values:
        raise RoleUnknown(kind=kind)
    if parent is not None and not place.path.startswith(parent.place.path):
        raise OrganisationElsewhere(name=name, parent=parent.name)
    try:
        with transaction.atomic():
            return Organisation.objects.create(kind=kind, name=name, place=place, parent=parent)
    except IntegrityError:
        raise OrganisationTaken(place=place.name, name=name) from None


def organisation_close(*, by: Actor, organisation: Organisation) -> None:
    """Let an organisation rest: the roles held at it give nothing until it is opened again."""
    _demand_admin(by, organisation.place)
    organisation.active = False
    organisation.save(update_fields=["active"])


def organisation_reopen(*, by: Actor, organisation: Organisation) -> None:
    """Let an organisation work again, with the roles held at it."""
    _demand_admin(by, organisation.place)
    organisation.active = True
    organisation.save(update_fields=["active"])


def role_grant(
    *,
    by: Actor,
    account: Account,
    kind: str,
    place: Place,
    organisation: Organisation | None = None,
    since_on: date | None = None,
    until_on: date | None = None,
    at: datetime,
) -> Role:
    """Give an account a role over a place, for an organisation; both must be the actor's to administer.

    `until_on` is the first day on which the role no longer holds.
    """
    if kind not in RoleKind.values:
        raise RoleUnknown(kind=kind)
    _demand_admin(by, place)
    if organisation is None and kind != RoleKind.RESIDENT:
        raise OrganisationNeeded
    if organisation is not None:
        _demand_admin(by, organisation.place)
    since = since_on or local_day(at)
    if until_on is not None and until_on < since:
        raise RoleDatesWrong
    try:
        with transaction.atomic():
            return Role.objects.create(
                account=account,
                kind=kind,
                organisation=organisation,
                place=place,
                since_on=since,
                until_on=until_on,
            )
    except IntegrityError:
        raise RoleHeld from None


def role_end(*, by: Actor, role: Role, at: datetime) -> Role:
    """End a role today; it gives nothing from this moment on. Nobody takes their own administration away."""
    _demand_admin(by, role.place)
    if role.kind == RoleKind.ADMIN and role.account_id == by.account_id:
        raise LastAdministrator
    today = local_day(at)
    with transaction.atomic():
        role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
        if role.until_on is not None and role.until_on <= today:
            raise RoleEnded
        role.until_on = max(today, role.since_on)
        role.save(update_fields=["until_on"])
    return role


def _demand_admin(by: Actor, place: Place) -> None:
    decision = policies.can_administer(by, place_path=place.path)
    if not decision:
        raise NotAllowed(decision.reason)
