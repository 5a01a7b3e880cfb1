"""What a rotation is made from: units, activities, what was hosted before, and what is already settled.

Every range of days includes both its ends: unavailable from 1 February to 1 March means on 1 March too, and
a range of one day names that day twice. Identifiers are texts; nothing depends on the order of any list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, get_args

from yiting.methods.rotations.errors import RotationInvalid

Rule = Literal["activity", "season"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
# Beyond this the table of who may host what would no longer fit a small office's computer.
MOST_PAIRS: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; an end that is left out is open."""

    first: date = date.min
    last: date = date.max

    def holds(self, day: date) -> bool:
        """Is the day in it?"""
        return self.first <= day <= self.last


ALWAYS: Final = Period()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A member that hosts in turn.

    `weight` is its size: twice the weight, twice the turns. `memberships` are the periods in which it belongs
    to the alliance (one that left and came back has two). `kinds` are the kinds of activity that it hosts, None
    for all; `most` is the largest number of turns it takes in this plan, None for no limit. `owed` is how many
    turns it has yet to make up (or, below 0, has taken too many) that `history` does not show.
    """

    id: str
    weight: int | Fraction = 1
    unavailable: tuple[Period, ...] = ()
    memberships: tuple[Period, ...] = (ALWAYS,)
    kinds: frozenset[str] | None = None
    most: int | None = None
    owed: int = 0
    name: str = ""

    def is_member(self, day: date) -> bool:
        """Does it belong to the alliance on this day?"""
        return any(period.holds(day) for period in self.memberships)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that needs a host on a day; an activity without a kind (the empty text) is of no kind."""

    id: str
    day: date
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A turn of the past, counted for the unit that really hosted: whoever skipped its turn is not named."""

    unit: str
    day: date
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An activity and the unit that hosts it."""

    activity: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A period to be planned.

    `rule` is "activity" (one turn an activity) or "season" (one turn a calendar quarter: its host takes all of
    the quarter's activities). `fixed` are assignments that must stand, swaps that were agreed for one;
    `previous` is an earlier plan of the same period, from which as little as possible is changed. An earlier
    plan may name activities and units that are no longer there.
    """

    units: tuple[Unit, ...]
    activities: tuple[Activity, ...]
    history: tuple[Held, ...] = ()
    fixed: tuple[Assignment, ...] = ()
    previous: tuple[Assignment, ...] = ()
    rule: Rule = "activity"
    name: str = ""


def problem_check(problem: Problem) -> None:
    """Raise `RotationInvalid` for the first thing that cannot be planned with, naming its place and the remedy."""
    if problem.rule not in RULES:
        raise RotationInvalid("rule", f"{problem.rule!r} is no rule; write one of {', '.join(RULES)}")
    _check_ids("units", (unit.id for unit in problem.units))
    _check_ids("activities", (activity.id for activity in problem.activities))
    if problem.activities and not problem.units:
        raise RotationInvalid("units", "there is no unit that could host; name one or more")
    if len(problem.units) * len(problem.activities) > MOST_PAIRS:
        raise RotationInvalid(
            "activities",
            f"{len(problem.units)} units times {len(problem.activities)} activities are more than {MOST_PAIRS} pairs; "
            "plan a shorter period, and give what it brings as the history of the next",
        )
    for at, unit in enumerate(problem.units):
        _check_unit(f"units[{at}]", unit)
    units = {unit.id for unit in problem.units}
    activities = {activity.id for activity in problem.activities}
    for at, held in enumerate(problem.history):
        _check_known(f"history[{at}].unit", held.unit, units, "units, with the day it left if it did")
    _check_once("fixed", problem.fixed)
    _check_once("previous", problem.previous)
    for at, pin in enumerate(problem.fixed):
        _check_known(f"fixed[{at}].activity", pin.activity, activities, "activities")
        _check_known(f"fixed[{at}].unit", pin.unit, units, "units")


def _check_unit(place: str, unit: Unit) -> None:
    if isinstance(unit.weight, bool) or not isinstance(unit.weight, int | Fraction) or unit.weight <= 0:
        raise RotationInvalid(
            f"{place}.weight",
            f"{unit.id}'s weight must be a number above 0, not {unit.weight}; to rest it, let it leave",
        )
    if unit.most is not None and unit.most < 0:
        raise RotationInvalid(
            f"{place}.most", f"{unit.id} cannot host {unit.most} times; write 0 or more, or leave it out"
        )
    for field, periods in (("unavailable", unit.unavailable), ("memberships", unit.memberships)):
        for at, period in enumerate(periods):
            if period.last < period.first:
                raise RotationInvalid(
                    f"{place}.{field}[{at}]",
                    f"{unit.id}: {period.last} comes before {period.first}; write the earlier day first",
                )
    stays = sorted(unit.memberships, key=lambda period: period.first)
    for earlier, later in pairwise(stays):
        if later.first <= earlier.last:
            raise RotationInvalid(
                f"{place}.memberships",
                f"{unit.id} joins on {later.first} before it left on {earlier.last}; end the one first",
            )


def _check_ids(place: str, ids: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for at, name in enumerate(ids):
        if not name:
            raise RotationInvalid(f"{place}[{at}].id", "the id is empty; give each its own")
        if name in seen:
            raise RotationInvalid(
                f"{place}[{at}].id",
                f"{name} stands at {place}[{seen[name]}] already; give each its own id (a unit that "
                "left and came back is one unit with two memberships)"
                if place == "units"
                else f"{name} stands at {place}[{seen[name]}] already; give each its own id",
            )
        seen[name] = at


def _check_once(place: str, pairs: tuple[Assignment, ...]) -> None:
    seen: dict[str, int] = {}
    for at, pair in enumerate(pairs):
        if pair.activity in seen:
            raise RotationInvalid(
                f"{place}[{at}].activity",
                f"{pair.activity} has a host at {place}[{seen[pair.activity]}] already; keep one of the two",
            )
        seen[pair.activity] = at


def _check_known(place: str, name: str, known: set[str], where: str) -> None:
    if name not in known:
        raise RotationInvalid(place, f"{name} is not known; add it to {where}, or mend its id here")
