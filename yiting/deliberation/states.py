"""The declared transitions of a topic, and its last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yiting.deliberation.errors import StepNotPossible
from yiting.deliberation.models import Topic
from yiting.places.models import Place

State = Topic.State
TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.OPEN, State.CLOSED}),
    State.OPEN: frozenset({State.CLOSING, State.CLOSED}),
    State.CLOSING: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN, State.RESOLVED}),
    State.RESOLVED: frozenset(),
}
VOTING = (State.OPEN, State.CLOSING)


def change_state(topic: Topic, target: Topic.State) -> None:
    """Set the topic's state along a declared transition, or refuse. What never opened cannot be resolved."""
    current = State(topic.state)
    never_opened = target == State.RESOLVED and topic.opened_at is None
    if target not in TRANSITIONS[current] or never_opened:
        raise StepNotPossible(state=current.label, target=target.label)
    topic.state = target


def last_day(closes_at: datetime, place: Place) -> date:
    """The last day on which votes are taken at a place: a midnight still belongs to the day that it ends."""
    return (closes_at - timedelta(seconds=1)).astimezone(ZoneInfo(place.zone)).date()
