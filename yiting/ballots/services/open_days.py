"""When ballots are taken."""

from __future__ import annotations

from datetime import datetime

from yiting.ballots.errors import NotOpen
from yiting.ballots.models import Round
from yiting.ballots.states import day_at


def require_voting(held: Round, *, at: datetime) -> None:
    """Refuse what comes before voting opens and after its last day, also when nobody has closed it by hand yet."""
    if not is_open(held, at=at):
        raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())


def is_open(held: Round, *, at: datetime) -> bool:
    """Whether ballots are taken at that moment."""
    return held.state == Round.State.VOTING and held.opens_on <= day_at(at, held.place) <= held.closes_on
