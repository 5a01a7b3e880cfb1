"""Founding an alliance, and who belongs to it.

What is scarce: a number, and an organisation's one open membership. Locked: the alliance's row, before anything of
it is read. Every write of members, absences, plans and turns takes that one lock, so no two of them overlap.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yiting.activities.models import Kind
from yiting.alliances.errors import (
    AllianceMissing,
    DaysWrongWay,
    FigureKnown,
    FigureUnfit,
    MemberAlready,
    MemberLeft,
    NameMissing,
    PlaceNotOpen,
    SlugUnfit,
    WeightUnfit,
)
from yiting.alliances.models import Alliance, JointKind, Membership, Reported
from yiting.alliances.policies import may_manage, may_manage_alliance
from yiting.alliances.queries.units import unit_name
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place

NAME_LIMIT = 60
KIND_LIMIT = 40
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LIMIT = 40
# What the addresses below /alliances/ need for themselves.
TAKEN = frozenset({"bench", "pool", "chain", "helps"})
WEIGHT_LIMIT = 1_000
OWED_LIMIT = 100


@transaction.atomic
def alliance_found(
    *,
    by: Actor,
    slug: str,
    name: str,
    place: Place,
    field: str = "",
    lead: Organisation | None = None,
    cooperating: Organisation | None = None,
    rule_name: str = "",
    rule: str = "",
    turns: str = Alliance.Turns.ACTIVITY,
    by_weight: bool = False,
    at: datetime,
) -> Alliance:
    """Found an alliance; the street's staff and administrators of the place do. What nobody said stays empty."""
    if not may_manage(by, place_path=place.path):
        raise AllianceMissing
    slug = slug.strip()
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LIMIT or slug in TAKEN:
        raise SlugUnfit(slug=slug)
    if Alliance.objects.filter(slug=slug).exists():
        raise SlugUnfit(slug=slug)
    alliance = Alliance.objects.create(
        slug=slug,
        name=_name(name, NAME_LIMIT),
        field=field.strip()[:200],
        place=place,
        place_path=place.path,
        lead=lead,
        cooperating=cooperating,
        rule_name=rule_name.strip()[:60],
        rule=rule.strip(),
        turns=Alliance.Turns(turns),
        by_weight=by_weight,
        created_at=at,
    )
    facts = {"name": alliance.name, "turns": turns, "lead": lead.name if lead else ""}
    entry_append(kind="alliances.alliance.founded", obj=alliance, by=by, at=at, facts=facts)
    return alliance


@transaction.atomic
def alliance_change(
    *,
    by: Actor,
    alliance: Alliance,
    field: str | None = None,
    lead: Organisation | None = None,
    cooperating: Organisation | None = None,
    rule_name: str | None = None,
    rule: str | None = None,
    turns: str | None = None,
    by_weight: bool | None = None,
    at: datetime,
) -> Alliance:
    """Change what an alliance is; what is left out stays. A new rule holds for plans made from now on."""
    held = take_alliance(by=by, alliance=alliance)
    facts: dict[str, Any] = {}
    turns = None if turns is None else Alliance.Turns(turns)
    said: dict[str, Any] = {
        "field": field,
        "rule_name": rule_name,
        "rule": rule,
        "turns": turns,
        "by_weight": by_weight,
    }
    for name, value in said.items():
        if value is not None and value != getattr(held, name):
            setattr(held, name, value)
            facts[name] = value
    for name, unit in (("lead", lead), ("cooperating", cooperating)):
        if unit is not None and unit.pk != getattr(held, f"{name}_id"):
            setattr(held, name, unit)
            facts[name] = unit.name
    if facts:
        held.save()
        entry_append(kind="alliances.alliance.changed", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def joint_kind_set(
    *, by: Actor, alliance: Alliance, name: str, kind: Kind, position: int | None = None, at: datetime
) -> JointKind:
    """Name one of the kinds of activity that the alliance holds together; named again, it is changed."""
    held = take_alliance(by=by, alliance=alliance)
    name = _name(name, KIND_LIMIT)
    place = held.joint_kinds.count() if position is None else position
    joint, created = JointKind.objects.get_or_create(
        alliance=held, name=name, defaults={"kind": kind, "position": place}
    )
    if not created:
        joint.kind = kind
        joint.position = joint.position if position is None else position
        joint.save(update_fields=["kind", "position"])
    entry_append(kind="alliances.joint_kind.set", obj=held, by=by, at=at, facts={"name": name, "kind": kind.name})
    return joint


@transaction.atomic
def member_place_open(
    *, by: Actor, alliance: Alliance, joined_on: date | None = None, weight: int = 1, at: datetime
) -> Membership:
    """Open a numbered place, for a member of whom only that it is there is known."""
    held = take_alliance(by=by, alliance=alliance)
    place = Membership.objects.create(
        alliance=held, number=_next_number(held), joined_on=joined_on, weight=_weight(weight)
    )
    entry_append(kind="alliances.member.place_opened", obj=held, by=by, at=at, facts={"number": place.number})
    return place


@transaction.atomic
def member_fill(*, by: Actor, membership: Membership, organisation: Organisation, at: datetime) -> Membership:
    """Say which organisation a numbered place is; its turns stay its own."""
    held, place = take_member(by=by, membership=membership)
    if place.organisation is not None:
        raise PlaceNotOpen(number=place.number, organisation=place.organisation.name)
    _refuse_overlap(held, organisation, place.joined_on, place.left_on)
    place.organisation = organisation
    place.save(update_fields=["organisation"])
    facts = {"number": place.number, "organisation": organisation.name}
    entry_append(kind="alliances.member.filled", obj=held, by=by, at=at, facts=facts)
    return place


@transaction.atomic
def member_join(
    *,
    by: Actor,
    alliance: Alliance,
    organisation: Organisation,
    joined_on: date | None = None,
    weight: int = 1,
    at: datetime,
) -> Membership:
    """An organisation joins. One that left and came back gets a second membership with its old number."""
    held = take_alliance(by=by, alliance=alliance)
    _refuse_overlap(held, organisation, joined_on, None)
    before = held.memberships.filter(organisation=organisation).order_by("-pk").first()
    member = Membership.objects.create(
        alliance=held,
        number=before.number if before else _next_number(held),
        organisation=organisation,
        joined_on=joined_on,
        weight=_weight(weight),
    )
    facts = {"number": member.number, "organisation": organisation.name, "on": str(joined_on or "")}
    entry_append(kind="alliances.member.joined", obj=held, by=by, at=at, facts=facts)
    return member


@transaction.atomic
def member_leave(*, by: Actor, membership: Membership, left_on: date, at: datetime) -> Membership:
    """A member leaves; `left_on` is its last day. Turns after it are planned again, the past stays."""
    held, member = take_member(by=by, membership=membership)
    if member.left_on is not None:
        raise MemberLeft(organisation=unit_name(member), day=member.left_on)
    if member.joined_on is not None and left_on < member.joined_on:
        raise DaysWrongWay(first=member.joined_on, last=left_on)
    member.left_on = left_on
    member.save(update_fields=["left_on"])
    facts = {"number": member.number, "day": str(left_on)}
    entry_append(kind="alliances.member.left", obj=held, by=by, at=at, facts=facts)
    return member


@transaction.atomic
def member_weigh(*, by: Actor, membership: Membership, weight: int, owed: int = 0, at: datetime) -> Membership:
    """Say how large a member is, and how many turns it owes (or is owed, below 0) from before the records."""
    held, member = take_member(by=by, membership=membership)
    if not -OWED_LIMIT <= owed <= OWED_LIMIT:
        raise WeightUnfit(limit=OWED_LIMIT)
    member.weight, member.owed = _weight(weight), owed
    member.save(update_fields=["weight", "owed"])
    facts = {"number": member.number, "weight": weight, "owed": owed}
    entry_append(kind="alliances.member.weighed", obj=held, by=by, at=at, facts=facts)
    return member


@transaction.atomic
def reported_add(
    *, by: Actor, alliance: Alliance, what: str, amount: int, source: str, said_when: str = "", at: datetime
) -> Reported:
    """Keep a figure that somebody reported, with where it stands and of when it is."""
    held = take_alliance(by=by, alliance=alliance)
    what, source, said_when = what.strip(), source.strip(), said_when.strip()
    if not what or not source or amount < 0 or max(len(what), len(said_when)) > NAME_LIMIT:
        raise FigureUnfit
    if held.reported.filter(what=what, said_when=said_when).exists():
        raise FigureKnown(what=what)
    figure = Reported.objects.create(alliance=held, what=what, amount=amount, said_when=said_when, source=source[:120])
    facts = {"what": what, "amount": amount, "source": figure.source, "when": said_when}
    entry_append(kind="alliances.figure.reported", obj=held, by=by, at=at, facts=facts)
    return figure


def take_alliance(*, by: Actor, alliance: Alliance) -> Alliance:
    """Lock an alliance for a change by somebody who manages it."""
    held = lock_alliance(alliance.pk)
    if not may_manage_alliance(by, held):
        raise AllianceMissing
    return held


def lock_alliance(key: int) -> Alliance:
    """Lock the row of an alliance; whoever calls asks for permission."""
    held = Alliance.objects.select_for_update().filter(pk=key).first()
    if held is None:
        raise AllianceMissing
    return held


def take_member(*, by: Actor, membership: Membership) -> tuple[Alliance, Membership]:
    """Lock the alliance of a membership for a change by somebody who manages it, and read the membership anew."""
    held = lock_alliance(membership.alliance_id)
    if not may_manage_alliance(by, held):
        raise AllianceMissing
    return held, Membership.objects.select_related("organisation").get(pk=membership.pk)


def _refuse_overlap(alliance: Alliance, organisation: Organisation, first: date | None, last: date | None) -> None:
    """Refuse a membership whose days meet those of another of the same organisation."""
    begin, end = first or date.min, last or date.max
    for stay in alliance.memberships.filter(organisation=organisation):
        if (stay.joined_on or date.min) <= end and begin <= (stay.left_on or date.max):
            raise MemberAlready(organisation=organisation.name)


def _next_number(alliance: Alliance) -> int:
    return (alliance.memberships.aggregate(most=Max("number"))["most"] or 0) + 1


def _weight(weight: int) -> int:
    if not 1 <= weight <= WEIGHT_LIMIT:
        raise WeightUnfit(limit=WEIGHT_LIMIT)
    return weight


def _name(name: str, limit: int) -> str:
    name = name.strip()
    if not name or len(name) > limit:
        raise NameMissing(limit=limit)
    return name
