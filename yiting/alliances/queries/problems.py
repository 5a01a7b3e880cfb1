"""What is put to the planner: the members, what was hosted, what is settled, and the days to be hosted.

A turn whose day has passed counts for its host unless it was skipped. A skipped turn counts for nobody or for whoever
stepped in, so the one who skipped it stands lower and is asked sooner: that is how it is owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yiting.activities.models import Activity as JointEvent
from yiting.alliances.models import Absence, Alliance, JointKind, Turn
from yiting.alliances.queries.units import Unit, absences_by_membership, list_units
from yiting.methods.rotations import Activity, Assignment, Held, Period, Problem
from yiting.methods.rotations import Unit as Host

MONTHS_A_SEASON = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A day on which something shall take place, and of which kind."""

    day: date
    joint_kind: JointKind | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """A problem, and what its names stand for: the turns and new days by key, the units by number."""

    problem: Problem
    turns: dict[str, Turn]
    slots: dict[str, Slot]
    units: dict[str, Unit]
    absences: dict[int, list[Absence]]


def zone_of(alliance: Alliance) -> ZoneInfo:
    """The zone by whose days an alliance lives; its place must be loaded."""
    return ZoneInfo(alliance.place.zone)


def day_of(turn: Turn, zone: ZoneInfo) -> date:
    """The day of a turn: that of its activity, wherever it was moved, or the planned one."""
    return turn.activity.starts_at.astimezone(zone).date() if turn.activity else turn.day


def state_of(turn: Turn) -> Turn.State:
    """Where a turn stands: its activity, when there is one, says whether it was held."""
    if turn.state == Turn.State.PLANNED and turn.activity and turn.activity.state == JointEvent.State.HELD:
        return Turn.State.HELD
    return Turn.State(turn.state)


def is_announced(turn: Turn) -> bool:
    """Whether people were told of it: its activity stands and was not called off."""
    return turn.activity is not None and turn.activity.state != JointEvent.State.CANCELLED


def season_name(day: date) -> str:
    """The calendar quarter of a day, 2024-Q2."""
    return f"{day.year:04d}-Q{(day.month - 1) // MONTHS_A_SEASON + 1}"


def season_days(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar quarter of a day."""
    first = date(day.year, (day.month - 1) // MONTHS_A_SEASON * MONTHS_A_SEASON + 1, 1)
    following = (first + timedelta(days=31 * MONTHS_A_SEASON)).replace(day=1)
    return first, following - timedelta(days=1)


def list_turns(alliance: Alliance) -> list[Turn]:
    """All turns of an alliance with what they hang together with. One query."""
    found = Turn.objects.filter(alliance=alliance).select_related(
        "activity", "joint_kind", "membership__organisation", "skipped_by__organisation"
    )
    return list(found.order_by("day", "key"))


def planning_of(alliance: Alliance, *, since: date, until: date, slots: Sequence[Slot] = (), today: date) -> Planning:
    """Put together what is to be planned from `since` to `until`, both included. Three queries."""
    units = {str(unit.number): unit for unit in list_units(alliance)}
    absences = absences_by_membership(alliance)
    turns = list_turns(alliance)
    by_season = alliance.turns == Alliance.Turns.SEASON
    zone = zone_of(alliance)
    ahead, past = _parted(turns, _window(since, until, by_season=by_season), zone=zone, today=today)
    unit_of = {stay.pk: number for number, unit in units.items() for stay in unit.stays}
    begun, rest = _begun(ahead, past, zone=zone, today=today) if by_season and since <= today <= until else ([], [])
    if not all(can_host(units[unit_of[one.membership_id]], absences, day_of(one, zone)) for one in [*begun, *rest]):
        begun = []
    past = [turn for turn in past if turn not in begun]
    ahead = begun + ahead
    keyed = _keyed(slots, {turn.key for turn in turns})
    hosts = {turn.key: unit_of[turn.membership_id] for turn in ahead}
    days = {turn.key: day_of(turn, zone) for turn in ahead}
    activities = [Activity(id=turn.key, day=days[turn.key], kind=_kind(turn.joint_kind)) for turn in ahead]
    activities += [Activity(id=key, day=slot.day, kind=_kind(slot.joint_kind)) for key, slot in keyed.items()]
    fixed = [
        turn.key
        for turn in ahead
        if turn in begun
        or is_announced(turn)
        or (turn.pinned and can_host(units[hosts[turn.key]], absences, days[turn.key]))
    ]
    problem = Problem(
        units=tuple(_host(number, unit, absences, by_weight=alliance.by_weight) for number, unit in units.items()),
        activities=tuple(activities),
        history=tuple(
            Held(unit=unit_of[turn.membership_id], day=day_of(turn, zone), kind=_kind(turn.joint_kind)) for turn in past
        ),
        fixed=tuple(Assignment(key, hosts[key]) for key in fixed),
        previous=tuple(Assignment(key, host) for key, host in hosts.items()),
        rule="season" if by_season else "activity",
        name=alliance.name,
    )
    return Planning(problem, {turn.key: turn for turn in ahead}, keyed, units, absences)


def can_host(unit: Unit, absences: dict[int, list[Absence]], day: date) -> bool:
    """Whether a unit is a member on a day and not away."""
    return unit.is_member(day) and not any(
        absence.from_on <= day <= absence.to_on for stay in unit.stays for absence in absences.get(stay.pk, ())
    )


def problem_json(problem: Problem) -> dict[str, Any]:
    """Write a problem as `yiting rotations plan` reads it."""
    return {
        "name": problem.name,
        "rule": problem.rule,
        "units": [
            {
                "id": unit.id,
                "name": unit.name,
                "weight": int(unit.weight),
                "memberships": [[_open_day(stay.first), _open_day(stay.last)] for stay in unit.memberships],
                "unavailable": [[str(away.first), str(away.last)] for away in unit.unavailable],
                "owed": unit.owed,
            }
            for unit in problem.units
        ],
        "activities": [{"id": one.id, "date": str(one.day), "kind": one.kind} for one in problem.activities],
        "history": [{"unit": held.unit, "date": str(held.day), "kind": held.kind} for held in problem.history],
        "fixed": [{"activity": pair.activity, "unit": pair.unit} for pair in problem.fixed],
        "previous": [{"activity": pair.activity, "unit": pair.unit} for pair in problem.previous],
    }


def _parted(
    turns: Iterable[Turn], window: tuple[date, date], *, zone: ZoneInfo, today: date
) -> tuple[list[Turn], list[Turn]]:
    """Part turns into those to be planned and those that count as hosted."""
    ahead: list[Turn] = []
    past: list[Turn] = []
    for turn in turns:
        if state_of(turn) == Turn.State.SKIPPED:
            continue
        day = day_of(turn, zone)
        free = day >= today and window[0] <= day <= window[1] and state_of(turn) == Turn.State.PLANNED
        (ahead if free else past).append(turn)
    return ahead, past


def _begun(
    ahead: Sequence[Turn], past: Sequence[Turn], *, zone: ZoneInfo, today: date
) -> tuple[list[Turn], list[Turn]]:
    """What was hosted in the running quarter and what is left of it, where one unit has both: that is one turn."""
    running = season_name(today)
    begun = [turn for turn in past if season_name(day_of(turn, zone)) == running]
    rest = [turn for turn in ahead if season_name(day_of(turn, zone)) == running]
    return (begun, rest) if len({turn.membership_id for turn in [*begun, *rest]}) == 1 else ([], [])


def _window(since: date, until: date, *, by_season: bool) -> tuple[date, date]:
    return (season_days(since)[0], season_days(until)[1]) if by_season else (since, until)


def _keyed(slots: Sequence[Slot], taken: set[str]) -> dict[str, Slot]:
    """Give each new day a name that no turn of the alliance has: the day, and a number where it has several."""
    found: dict[str, Slot] = {}
    for slot in sorted(slots, key=lambda slot: slot.day):
        key, more = str(slot.day), 1
        while key in taken or key in found:
            more += 1
            key = f"{slot.day}-{more}"
        found[key] = slot
    return found


def _host(number: str, unit: Unit, absences: dict[int, list[Absence]], *, by_weight: bool) -> Host:
    return Host(
        id=number,
        # a place to be filled has no name: what would stand for it is in the language of whoever looks
        name=unit.name if unit.is_filled else "",
        weight=unit.latest.weight if by_weight else 1,
        owed=sum(stay.owed for stay in unit.stays),
        memberships=tuple(Period(stay.joined_on or date.min, stay.left_on or date.max) for stay in unit.stays),
        unavailable=tuple(
            Period(absence.from_on, absence.to_on) for stay in unit.stays for absence in absences.get(stay.pk, ())
        ),
    )


def _kind(joint_kind: JointKind | None) -> str:
    return joint_kind.name if joint_kind else ""


def _open_day(day: date) -> str | None:
    return None if day in (date.min, date.max) else str(day)
