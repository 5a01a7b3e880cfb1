"""Work that comes with time: weighing what is asked for against what is offered."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from yiting.alliances.services import matches_suggest
from yiting.people.actors import system_actor
from yiting.places.clock import now


def pool_round(*, at: datetime) -> dict[str, int]:
    """Suggest the best assignment over all that is open; a second run changes nothing."""
    found = matches_suggest(by=system_actor("clock"), at=at)
    return {"suggested": found.added, "changed": found.changed, "dropped": found.dropped}


@task()
def daily() -> None:
    """The round of the day. Run as often as one likes."""
    pool_round(at=now())
