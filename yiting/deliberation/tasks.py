"""Work that comes with time: topics that end, tasks that fall due. Votes themselves queue an analysis."""

from __future__ import annotations

from django_tasks import task

from yiting.deliberation.services import tasks_follow_up, topics_round
from yiting.people.actors import system_actor
from yiting.places.clock import now


@task()
def daily() -> None:
    """The round of the day. Run as often as one likes."""
    topics_round(by=system_actor("clock"), at=now())
    tasks_follow_up(at=now())
