"""Days on which a member cannot host.

Locked: the alliance's row. An absence changes no turn by itself: the period is planned again, which shows what would
change, and the plan is adopted.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yiting.alliances.errors import AllianceMissing, DaysWrongWay
from yiting.alliances.models import Absence, Membership
from yiting.alliances.services.turns.taking import take_for_unit
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

REASON_LIMIT = 200


@transaction.atomic
def absence_add(
    *, by: Actor, membership: Membership, from_on: date, to_on: date, reason: str = "", at: datetime
) -> Absence:
    """Say that a member is away, both days included; its own contact does, or who manages the alliance.

    The days are public, since the plan rests on them. The reason is for those who manage, and goes nowhere else.
    """
    held, member = take_for_unit(by=by, membership=membership)
    if to_on < from_on:
        raise DaysWrongWay(first=from_on, last=to_on)
    absence = Absence.objects.create(
        membership=member, from_on=from_on, to_on=to_on, reason=reason.strip()[:REASON_LIMIT]
    )
    facts = {"number": member.number, "first": str(from_on), "last": str(to_on)}
    entry_append(kind="alliances.absence.added", obj=held, by=by, at=at, facts=facts)
    return absence


@transaction.atomic
def absence_remove(*, by: Actor, absence: Absence, at: datetime) -> None:
    """Take an absence back: the member is there after all."""
    held, member = take_for_unit(by=by, membership=absence.membership)
    gone, _rows = Absence.objects.filter(pk=absence.pk, membership=member).delete()
    if not gone:
        raise AllianceMissing
    facts = {"number": member.number, "first": str(absence.from_on), "last": str(absence.to_on)}
    entry_append(kind="alliances.absence.removed", obj=held, by=by, at=at, facts=facts)
