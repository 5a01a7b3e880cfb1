"""Work that comes with time: voting opens and closes, and boxes are shuffled."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from yiting.ballots.services import rounds_turn
from yiting.people.actors import system_actor
from yiting.places.clock import now


def ballots_round(*, at: datetime) -> dict[str, int]:
    """Let rounds go the way of their calendar; each step is done once, however often this runs."""
    return rounds_turn(by=system_actor("clock"), at=at)


@task()
def daily() -> None:
    """The round of the day. Run as often as one likes."""
    ballots_round(at=now())
