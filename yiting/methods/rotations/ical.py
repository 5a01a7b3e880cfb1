"""A plan as iCalendar (RFC 5545): one event of a whole day for each activity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, Event

from yiting.methods.rotations.plan import Plan
from yiting.methods.rotations.problem import Problem

_PRODUCT: Final = "-//Yiting//Rotations//EN"
_UID_DIGITS: Final = 32


def plan_calendar(problem: Problem, plan: Plan, *, stamp: datetime) -> bytes:
    """Write the plan as a calendar; `stamp` is the time, with its zone, at which it was made.

    An event's UID comes from the name of the rotation and the activity's id alone, so that a calendar that has the
    earlier plan takes a change of host or day as a change of that event.
    """
    if stamp.tzinfo is None:
        raise ValueError("the stamp needs a zone")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if problem.name:
        calendar.add("x-wr-calname", problem.name)
    shown: Mapping[str, str] = {unit.id: unit.name or unit.id for unit in problem.units}
    activity_of = {activity.id: activity for activity in problem.activities}
    for pair in plan.assignments:
        activity = activity_of[pair.activity]
        event = Event()
        event.add("uid", _uid(problem.name, activity.id))
        event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", activity.day)
        event.add("summary", f"{activity.title or activity.kind or activity.id} · {shown[pair.unit]}")
        if activity.kind:
            event.add("categories", [activity.kind])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _uid(name: str, activity: str) -> str:
    digest = hashlib.sha256(f"{name}\n{activity}".encode()).hexdigest()
    return f"{digest[:_UID_DIGITS]}@rotations.yiting"
