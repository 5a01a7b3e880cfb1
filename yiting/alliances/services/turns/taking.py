"""Gates: a turn or a member is had only by who may change it, with the alliance's row locked.

What is not there and what is not the asker's is the same refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from yiting.alliances.errors import AllianceMissing, CannotHost, TurnSettled
from yiting.alliances.models import Alliance, Membership, Turn, TurnSwap
from yiting.alliances.policies import may_act_for, may_manage_alliance
from yiting.alliances.queries.problems import can_host, day_of, is_announced, list_turns, season_name, state_of, zone_of
from yiting.alliances.queries.units import absences_by_membership, list_units, unit_name
from yiting.alliances.services.membership import lock_alliance
from yiting.people.actors import Actor


def take_for_unit(*, by: Actor, membership: Membership) -> tuple[Alliance, Membership]:
    """Lock the alliance of a membership for one who acts for the unit, or manages the alliance."""
    held = lock_alliance(membership.alliance_id)
    member = Membership.objects.select_related("organisation").get(pk=membership.pk)
    if not (may_act_for(by, organisation_id=member.organisation_id) or may_manage_alliance(by, held)):
        raise AllianceMissing
    return held, member


def take_turn(*, by: Actor, turn: Turn) -> tuple[Alliance, list[Turn]]:
    """Lock a turn for one who acts for its host, or manages the alliance: with it, what goes with it by the season."""
    held = lock_alliance(turn.alliance_id)
    found = turns_with(held, turn)
    host = found[0].membership
    if not (may_act_for(by, organisation_id=host.organisation_id) or may_manage_alliance(by, held)):
        raise AllianceMissing
    return held, found


def turns_with(alliance: Alliance, turn: Turn) -> list[Turn]:
    """A turn read anew, first, and by the season the others of its quarter that are to come and have the same host."""
    turns = list_turns(alliance)
    zone = zone_of(alliance)
    one = next((found for found in turns if found.pk == turn.pk), None)
    if one is None:
        raise AllianceMissing
    if alliance.turns == Alliance.Turns.ACTIVITY:
        return [one]
    season = season_name(day_of(one, zone))
    return [one] + [
        other
        for other in turns
        if other.pk != one.pk
        and other.membership_id == one.membership_id
        and state_of(other) == state_of(one)
        and season_name(day_of(other, zone)) == season
    ]


def turn_save(turn: Turn, *fields: str, at: datetime) -> None:
    """Keep what was changed of a turn, so that calendars see that something was."""
    turn.sequence += 1
    turn.changed_at = at
    turn.save(update_fields=[*fields, "sequence", "changed_at"])


def swaps_lapse(turns: Iterable[Turn], *, at: datetime) -> None:
    """Take back what is asked about turns that got another host, or none."""
    keys = [turn.pk for turn in turns]
    asked = TurnSwap.objects.filter(Q(turn__in=keys) | Q(other__in=keys), state=TurnSwap.State.ASKED)
    asked.update(state=TurnSwap.State.WITHDRAWN, answered_at=at)


def refuse_settled(alliance: Alliance, turns: list[Turn], *, at: datetime) -> None:
    """Refuse turns that are over, were skipped, or whose activity is announced."""
    zone = zone_of(alliance)
    today = at.astimezone(zone).date()
    for turn in turns:
        day = day_of(turn, zone)
        if day < today or state_of(turn) != Turn.State.PLANNED or is_announced(turn):
            raise TurnSettled(day=day)


def host_on(alliance: Alliance, member: Membership, day: date) -> Membership:
    """The stay with which a unit would host on a day; refused when it is away, or no member then."""
    unit = next(found for found in list_units(alliance) if member.pk in {stay.pk for stay in found.stays})
    stay = unit.stay_on(day)
    if stay is None or not can_host(unit, absences_by_membership(alliance), day):
        raise CannotHost(unit=unit_name(member), day=day)
    return stay
