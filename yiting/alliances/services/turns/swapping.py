"""Two hosts change turns when both agree.

Scarce: a turn's one open question, and its one host. Locked: the alliance's row. Both sides speak for themselves: the
contact of the one asks and the contact of the other answers. Who manages the alliance asks and answers only for units
that have no contact.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from yiting.alliances.errors import AllianceMissing, SwapLapsed, SwapOpen, SwapPointless
from yiting.alliances.models import Alliance, Membership, Turn, TurnSwap
from yiting.alliances.policies import may_act_for, may_manage_alliance
from yiting.alliances.queries.problems import day_of, zone_of
from yiting.alliances.services.membership import lock_alliance
from yiting.alliances.services.turns.taking import host_on, refuse_settled, swaps_lapse, turn_save, turns_with
from yiting.alliances.services.turns.telling import contacts_of, tell_hosts
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

ASKED = gettext_noop("You are asked to swap turns: %(first)s for %(last)s (%(alliance)s)")
AGREED = gettext_noop("The swap of %(first)s and %(last)s is agreed (%(alliance)s)")
REFUSED = gettext_noop("The swap of %(first)s and %(last)s is declined (%(alliance)s)")


@transaction.atomic
def turn_swap_ask(*, by: Actor, turn: Turn, other: Turn, at: datetime) -> TurnSwap:
    """Ask the host of another turn to change; by the season whole quarters change hosts."""
    held = lock_alliance(turn.alliance_id)
    if other.alliance_id != held.pk:
        raise SwapPointless
    mine, theirs = turns_with(held, turn), turns_with(held, other)
    asker, answerer = mine[0].membership, theirs[0].membership
    _demand_voice(by, held, asker, at=at)
    _refuse_swap(held, mine, theirs, at=at)
    if TurnSwap.objects.filter(turn=mine[0], state=TurnSwap.State.ASKED).exists():
        raise SwapOpen
    swap = TurnSwap.objects.create(turn=mine[0], other=theirs[0], asker=asker, answerer=answerer, asked_at=at)
    _tell(held, swap, answerer, ASKED, at=at)
    return swap


@transaction.atomic
def turn_swap_answer(*, by: Actor, swap: TurnSwap, agrees: bool, at: datetime) -> TurnSwap:
    """Agree, and the hosts change and stay so when the period is planned again; or decline, and all stays."""
    held = lock_alliance(swap.turn.alliance_id)
    asked = _open_swap(swap)
    _demand_voice(by, held, asked.answerer, at=at)
    asked.state = TurnSwap.State.AGREED if agrees else TurnSwap.State.REFUSED
    asked.answered_at = at
    if agrees:
        mine, theirs = turns_with(held, asked.turn), turns_with(held, asked.other)
        if (mine[0].membership_id, theirs[0].membership_id) != (asked.asker_id, asked.answerer_id):
            raise SwapLapsed
        _refuse_swap(held, mine, theirs, at=at)
        _exchange(by, held, mine, theirs, at=at)
    asked.save(update_fields=["state", "answered_at"])
    _tell(held, asked, asked.asker, AGREED if agrees else REFUSED, at=at)
    return asked


@transaction.atomic
def turn_swap_withdraw(*, by: Actor, swap: TurnSwap, at: datetime) -> TurnSwap:
    """Take the question back before it is answered."""
    held = lock_alliance(swap.turn.alliance_id)
    asked = _open_swap(swap)
    _demand_voice(by, held, asked.asker, at=at)
    asked.state, asked.answered_at = TurnSwap.State.WITHDRAWN, at
    asked.save(update_fields=["state", "answered_at"])
    return asked


def may_speak_for(by: Actor, alliance: Alliance, member: Membership, *, at: datetime) -> bool:
    """Whether an actor may ask or answer for a unit: its contact, or who manages the alliance where it has none."""
    if may_act_for(by, organisation_id=member.organisation_id):
        return True
    if not may_manage_alliance(by, alliance):
        return False
    return member.organisation_id is None or not contacts_of([member.organisation_id], at=at)


def _demand_voice(by: Actor, alliance: Alliance, member: Membership, *, at: datetime) -> None:
    if not may_speak_for(by, alliance, member, at=at):
        raise AllianceMissing


def _open_swap(swap: TurnSwap) -> TurnSwap:
    asked = TurnSwap.objects.select_related("turn", "other", "asker", "answerer").get(pk=swap.pk)
    if asked.state != TurnSwap.State.ASKED:
        raise SwapLapsed
    return asked


def _refuse_swap(alliance: Alliance, mine: list[Turn], theirs: list[Turn], *, at: datetime) -> None:
    """Refuse what would change nothing, what is settled, and days on which the new host could not be there."""
    if mine[0].membership_id == theirs[0].membership_id:
        raise SwapPointless
    refuse_settled(alliance, mine + theirs, at=at)
    zone = zone_of(alliance)
    for turns, host in ((mine, theirs[0].membership), (theirs, mine[0].membership)):
        for turn in turns:
            host_on(alliance, host, day_of(turn, zone))


def _exchange(by: Actor, alliance: Alliance, mine: list[Turn], theirs: list[Turn], *, at: datetime) -> None:
    zone = zone_of(alliance)
    first, second = mine[0].membership, theirs[0].membership
    swaps_lapse([*mine, *theirs], at=at)
    for turns, host in ((mine, second), (theirs, first)):
        for turn in turns:
            day = day_of(turn, zone)
            turn.membership, turn.pinned = host_on(alliance, host, day), True
            turn_save(turn, "membership", "pinned", at=at)
            facts = {"host": host.number, "day": str(day)}
            entry_append(kind="alliances.turn.swapped", obj=alliance, by=by, at=at, facts=facts)


def _tell(alliance: Alliance, swap: TurnSwap, member: Membership, subject: str, *, at: datetime) -> None:
    facts = {"first": str(swap.turn.day), "last": str(swap.other.day), "alliance": alliance.name}
    key = f"swap-{swap.pk}-{swap.state}"
    tell_hosts(alliance, [member.organisation_id], key=key, subject=subject, facts=facts, at=at)
