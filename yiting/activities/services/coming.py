"""Signing up, stepping back, and being there.

What is scarce: the seats. What is locked: the row of the activity, before anything is counted and until the
transaction ends; so two sign-ups for the last seat stand in line, and the second is on the waiting list. Who steps
back frees seats for those who wait, strictly in their order.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yiting.activities.errors import (
    ActivityMissing,
    CancelledAlready,
    CheckInClosed,
    HeadsUnfit,
    MoreThanRoom,
    NotAllowed,
    SignUpClosed,
    SignUpNotAsked,
    SignUpNotForYou,
)
from yiting.activities.models import Activity, CheckIn, SignUp
from yiting.activities.policies import can_manage, can_speak_for_person, can_speak_for_unit
from yiting.activities.services.planning import host_ids
from yiting.activities.services.seats import move_up, room_left
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.models import Organisation, Person

HEADS_LIMIT = 500
PERSON_HEADS = 10
OPEN_BEFORE = timedelta(hours=3)
OPEN_AFTER = timedelta(hours=24)
For = Activity.SignUpFor


@transaction.atomic
def sign_up(
    *,
    by: Actor,
    activity: Activity,
    person: Person | None = None,
    organisation: Organisation | None = None,
    heads: int = 1,
    at: datetime,
) -> SignUp:
    """Sign a person or a unit up: a seat, or a place on the waiting list when there is not room enough.

    Locks the activity. Signing up again changes the number of heads; after stepping back it is a new place in line.
    """
    held = _lock(activity)
    _speaks(by, held, person=person, organisation=organisation)
    _check_open(held, organisation=organisation, by=by, at=at)
    if not 1 <= heads <= (PERSON_HEADS if organisation is None else HEADS_LIMIT):
        raise HeadsUnfit(limit=PERSON_HEADS if organisation is None else HEADS_LIMIT)
    if held.capacity is not None and heads > held.capacity:
        raise MoreThanRoom(room=held.capacity)
    known = SignUp.objects.filter(activity=held, person=person, organisation=organisation).first()
    if known is not None and known.state != SignUp.State.WITHDRAWN:
        return _change_heads(held, known, heads=heads, at=at)
    mine = known or SignUp(activity=held, person=person, organisation=organisation)
    mine.heads, mine.signed_at, mine.moved_up_at, mine.withdrawn_at = heads, at, None, None
    room = room_left(held)
    full = room is not None and (heads > room or held.sign_ups.filter(state=SignUp.State.WAITING).exists())
    mine.state = SignUp.State.WAITING if full else SignUp.State.SEAT
    mine.save()
    facts = {"heads": heads, "state": mine.state}
    entry_append(kind="activities.sign_up.given", obj=held, by=by, at=at, facts=facts, public=False)
    return mine


@transaction.atomic
def sign_up_withdraw(*, by: Actor, sign_up: SignUp, at: datetime) -> SignUp:
    """Step back; the first who wait move up and are told. Stepping back twice changes nothing."""
    held = _lock(sign_up.activity)
    mine = SignUp.objects.select_related("person", "organisation").get(pk=sign_up.pk)
    _speaks(by, held, person=mine.person, organisation=mine.organisation)
    if mine.state == SignUp.State.WITHDRAWN:
        return mine
    mine.state, mine.withdrawn_at = SignUp.State.WITHDRAWN, at
    mine.save(update_fields=["state", "withdrawn_at"])
    entry_append(kind="activities.sign_up.withdrawn", obj=held, by=by, at=at, facts={"heads": mine.heads}, public=False)
    move_up(held, at=at)
    return mine


@transaction.atomic
def check_in(
    *,
    by: Actor,
    activity: Activity,
    person: Person | None = None,
    organisation: Organisation | None = None,
    heads: int = 1,
    way: str = CheckIn.Way.HAND,
    key: str = "",
    at: datetime,
) -> CheckIn:
    """Count who is there: a person, a unit with so many heads, or heads alone. Nobody is asked who they are.

    Locks the activity. A person and a unit are counted once; a unit's second time sets its heads anew. `key` marks
    one tap of somebody without a name. By hand it can be written down later as well, by those who manage it.
    """
    held = _lock(activity)
    if held.state == Activity.State.CANCELLED:
        raise CancelledAlready
    managed = bool(can_manage(by, place_path=held.place_path, host_ids=host_ids(held)))
    if way == CheckIn.Way.HAND and not managed:
        _speaks(by, held, person=person, organisation=organisation)
    if at < held.starts_at - OPEN_BEFORE or (at > held.ends_at + OPEN_AFTER and not managed):
        raise CheckInClosed
    # a door's code is on the wall: who has no name counts a family with it, not a hall
    limit = HEADS_LIMIT if managed or organisation is not None else PERSON_HEADS
    if not 1 <= heads <= limit:
        raise HeadsUnfit(limit=limit)
    known = None
    if person is not None or organisation is not None:
        known = CheckIn.objects.filter(activity=held, person=person, organisation=organisation).first()
    elif key:
        known = CheckIn.objects.filter(activity=held, key=key).first()
    elif not managed:
        raise NotAllowed
    if known is None:
        known = CheckIn(activity=held, person=person, organisation=organisation, way=way, key=key, at=at)
    known.heads = heads if person is None else 1
    known.save()
    return known


def _change_heads(held: Activity, known: SignUp, *, heads: int, at: datetime) -> SignUp:
    if heads == known.heads:
        return known
    room = room_left(held, but=known)
    if known.state == SignUp.State.SEAT and room is not None and heads > room:
        raise MoreThanRoom(room=room - known.heads)
    fewer = heads < known.heads
    known.heads = heads
    known.save(update_fields=["heads"])
    if fewer:
        move_up(held, at=at)
        known.refresh_from_db()
    return known


def _check_open(held: Activity, *, organisation: Organisation | None, by: Actor, at: datetime) -> None:
    if held.state == Activity.State.CANCELLED:
        raise CancelledAlready
    if held.sign_up_for == For.NOBODY:
        raise SignUpNotAsked
    if held.sign_up_for != For.BOTH and (held.sign_up_for == For.UNITS) != (organisation is not None):
        raise SignUpNotForYou(who=held.get_sign_up_for_display())
    managed = can_manage(by, place_path=held.place_path, host_ids=host_ids(held))
    closed = at > held.ends_at or (held.sign_up_until is not None and at > held.sign_up_until and not managed)
    if held.state != Activity.State.PLANNED or closed:
        raise SignUpClosed


def _speaks(by: Actor, held: Activity, *, person: Person | None, organisation: Organisation | None) -> None:
    """Refuse whoever may not speak for the person or the unit."""
    if (person is None) == (organisation is None):
        raise NotAllowed
    hosts = host_ids(held)
    if organisation is not None:
        decision = can_speak_for_unit(by, organisation_id=organisation.pk, place_path=held.place_path, host_ids=hosts)
    else:
        assert person is not None
        decision = can_speak_for_person(by, person_id=person.pk, place_path=held.place_path, host_ids=hosts)
    if not decision:
        raise NotAllowed(decision.reason)


def _lock(activity: Activity) -> Activity:
    held = Activity.objects.select_for_update().filter(pk=activity.pk).first()
    if held is None:
        raise ActivityMissing
    return held
