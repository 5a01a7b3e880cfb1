"""The turns of a period: one for each activity, or one for each calendar quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from yiting.methods.rotations.problem import Activity, Held, Problem, Rule

MONTHS_A_SEASON: Final = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What one unit hosts at one go: `key` is the activity's id, or the quarter as 2027-Q1."""

    key: str
    activities: tuple[Activity, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of its activities, the first first."""
        return tuple(activity.day for activity in self.activities)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn of the past; `kinds` names the kind of each activity in it."""

    unit: str
    day: date
    season: str
    kinds: tuple[str, ...]


def season_of(day: date) -> str:
    """Name the calendar quarter of a day, 2027-Q1."""
    return f"{day.year:04d}-Q{(day.month - 1) // MONTHS_A_SEASON + 1}"


def turns_of(problem: Problem) -> tuple[Turn, ...]:
    """The turns to be planned in their order: by first day, then by the first activity's id."""
    ordered = sorted(problem.activities, key=lambda activity: (activity.day, activity.id))
    if problem.rule == "activity":
        return tuple(Turn(activity.id, (activity,)) for activity in ordered)
    seasons: dict[str, list[Activity]] = {}
    for activity in ordered:
        seasons.setdefault(season_of(activity.day), []).append(activity)
    return tuple(Turn(season, tuple(activities)) for season, activities in seasons.items())


def past_turns(history: tuple[Held, ...], rule: Rule) -> tuple[PastTurn, ...]:
    """The turns of the past in their order; by the season, a unit has one turn a quarter however often it hosted."""
    groups: dict[tuple[object, ...], list[Held]] = {}
    for at, held in enumerate(sorted(history, key=lambda held: (held.day, held.unit, held.kind))):
        key = (held.unit, season_of(held.day)) if rule == "season" else (at,)
        groups.setdefault(key, []).append(held)
    return tuple(
        PastTurn(group[0].unit, group[0].day, season_of(group[0].day), tuple(held.kind for held in group if held.kind))
        for group in groups.values()
    )
