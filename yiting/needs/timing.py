"""Deadlines in working days, by category and urgency, on a clock that stops while somebody is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from yiting.methods.worktime import ChineseCalendar, Pause, due_at
from yiting.needs import models
from yiting.needs.models import Category, Need, State, Urgency

ANSWER_OWED = (State.HEARD, State.SORTED, State.DISCUSSED, State.DOING)
DAYS = {Urgency.NORMAL: 10, Urgency.SOON: 5, Urgency.URGENT: 1}
CALENDAR = ChineseCalendar()


def days_for(category: Category | None, urgency: str) -> int:
    """Return the working days allowed: the category's own, else those of the nodes above it, else the default."""
    node = category
    while node is not None:
        days = getattr(node, f"days_{urgency}")
        if days is not None:
            return int(days)
        node = node.parent
    return DAYS[Urgency(urgency)]


def deadline(
    category: Category | None,
    urgency: str,
    *,
    started_at: datetime,
    zone: str,
    pauses: Sequence[models.Pause] = (),
) -> datetime | None:
    """Return when an answer is due; None while the clock stands still."""
    stops = [Pause(pause.started_at, pause.ended_at) for pause in pauses]
    return due_at(started_at, days_for(category, urgency), CALENDAR, ZoneInfo(zone), pauses=stops).at


def set_deadline(need: Need) -> None:
    """Work out the need's deadline anew from its category, its urgency and its pauses (not saved here).

    There is one only while an answer is owed: a project has days of its own, and a result waits for the residents.
    """
    if need.state not in ANSWER_OWED:
        need.due_at = None
        return
    pauses = list(need.pauses.order_by("started_at", "id"))
    need.due_at = deadline(need.category, need.urgency, started_at=need.started_at, zone=need.place.zone, pauses=pauses)
