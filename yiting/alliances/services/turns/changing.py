"""A turn that is skipped, taken on by another, or held.

Scarce: a turn's one host. Locked: the alliance's row, so two units that step in at once stand in line and the second
is refused.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from yiting.alliances.errors import NotSkipped, TurnAhead, TurnSettled
from yiting.alliances.models import Membership, Turn
from yiting.alliances.queries.problems import day_of, is_announced, state_of, zone_of
from yiting.alliances.services.turns.taking import (
    host_on,
    refuse_settled,
    swaps_lapse,
    take_for_unit,
    take_turn,
    turn_save,
    turns_with,
)
from yiting.alliances.services.turns.telling import tell_hosts
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

REASON_LIMIT = 200
SKIPPED = gettext_noop("A host is sought for %(first)s: step in if you can (%(alliance)s)")


@transaction.atomic
def turn_skip(*, by: Actor, turn: Turn, reason: str = "", at: datetime) -> Turn:
    """A host cannot take its turn, and owes it. Another may step in until the day has passed; else it falls away.

    The others are told at once. The reason is for those who manage.
    """
    held, turns = take_turn(by=by, turn=turn)
    refuse_settled(held, turns, at=at)
    zone = zone_of(held)
    for one in turns:
        one.state, one.skipped_by, one.pinned = Turn.State.SKIPPED, one.membership, False
        one.skip_reason = reason.strip()[:REASON_LIMIT]
        turn_save(one, "state", "skipped_by", "pinned", "skip_reason", at=at)
        facts = {"host": one.membership.number, "day": str(day_of(one, zone))}
        entry_append(kind="alliances.turn.skipped", obj=held, by=by, at=at, facts=facts)
    swaps_lapse(turns, at=at)
    others = held.memberships.exclude(organisation=turns[0].membership.organisation_id).exclude(organisation=None)
    tell_hosts(
        held,
        list(others.values_list("organisation", flat=True)),
        key=f"skip-{turns[0].pk}-{at:%Y%m%d%H%M%S}",
        subject=SKIPPED,
        facts={"first": str(day_of(turns[0], zone)), "alliance": held.name},
        at=at,
    )
    return turns[0]


@transaction.atomic
def turn_step_in(*, by: Actor, turn: Turn, membership: Membership, at: datetime) -> Turn:
    """A unit takes a skipped turn on. It counts for that unit alone, and stays so in later plans."""
    held, member = take_for_unit(by=by, membership=membership)
    turns = turns_with(held, turn)
    zone = zone_of(held)
    today = at.astimezone(zone).date()
    for one in turns:
        day = day_of(one, zone)
        if state_of(one) != Turn.State.SKIPPED or day < today:
            raise NotSkipped(day=day)
        one.membership, one.state, one.pinned = host_on(held, member, day), Turn.State.PLANNED, True
        turn_save(one, "membership", "state", "pinned", at=at)
        facts = {"host": member.number, "day": str(day)}
        entry_append(kind="alliances.turn.stepped_in", obj=held, by=by, at=at, facts=facts)
    return turns[0]


@transaction.atomic
def turn_hold(*, by: Actor, turn: Turn, at: datetime) -> Turn:
    """Say that a turn was held, where no announced activity says so already."""
    held, turns = take_turn(by=by, turn=turn)
    one = turns[0]
    day = day_of(one, zone_of(held))
    if state_of(one) != Turn.State.PLANNED or is_announced(one):
        raise TurnSettled(day=day)
    if day > at.astimezone(zone_of(held)).date():
        raise TurnAhead(day=day)
    one.state = Turn.State.HELD
    turn_save(one, "state", at=at)
    facts = {"host": one.membership.number, "day": str(day)}
    entry_append(kind="alliances.turn.held", obj=held, by=by, at=at, facts=facts)
    return one
