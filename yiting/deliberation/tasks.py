"""Work that comes with time. An analysis is queued by the votes themselves, in services/analysing.py."""

from __future__ import annotations

from django_tasks import task

from yiting.deliberation.services import topics_round
from yiting.people.actors import system_actor
from yiting.places.clock import now


@task()
def daily() -> None:
    """The round of topics. Run as often as one likes."""
    topics_round(by=system_actor("clock"), at=now())
