"""The declared transitions of a round, and its days. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _lazy

from yiting.ballots.errors import StepNotPossible
from yiting.ballots.models import Round
from yiting.places.models import Place

State = Round.State
TRANSITIONS: dict[str, frozenset[str]] = {
    State.COLLECTING: frozenset({State.CHECKING, State.CALLED_OFF}),
    State.CHECKING: frozenset({State.COLLECTING, State.PUBLISHED, State.CALLED_OFF}),
    State.PUBLISHED: frozenset({State.VOTING, State.CALLED_OFF}),
    State.VOTING: frozenset({State.COUNTING, State.CALLED_OFF}),
    State.COUNTING: frozenset({State.OBJECTING, State.CALLED_OFF}),
    State.OBJECTING: frozenset({State.FINAL, State.CALLED_OFF}),
    State.FINAL: frozenset(),
    State.CALLED_OFF: frozenset(),
}
# While candidates may be added, changed and checked.
PREPARING = (State.COLLECTING, State.CHECKING)
# While it is not known yet what comes out.
BEFORE_CLOSING = (*PREPARING, State.PUBLISHED, State.VOTING)
# Once there is a result to look at.
COUNTED = (State.OBJECTING, State.FINAL)
# Once the ballots are in the tree and their contents may be published.
CLOSED = (State.COUNTING, *COUNTED)
# The days of the calendar in their order, with their names on pages.
DAY_NAMES = {
    "collect_until_on": _lazy("Candidates until"),
    "check_until_on": _lazy("Checked until"),
    "publish_on": _lazy("List public on"),
    "opens_on": _lazy("Voting from"),
    "closes_on": _lazy("Voting until"),
    "objections_until_on": _lazy("Objections until"),
}


def change_state(held: Round, target: Round.State) -> None:
    """Set the round's state along a declared transition, or refuse."""
    current = State(held.state)
    if target not in TRANSITIONS[current]:
        raise StepNotPossible(state=current.label, target=target.label)
    held.state = target


def day_at(at: datetime, place: Place) -> date:
    """The day that it is at a place."""
    return at.astimezone(ZoneInfo(place.zone)).date()


def is_open(round: Round, *, at: datetime) -> bool:
    """Whether ballots are taken at that moment."""
    return round.state == State.VOTING and round.opens_on <= day_at(at, round.place) <= round.closes_on
