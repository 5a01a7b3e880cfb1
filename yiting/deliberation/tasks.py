"""Work that comes with time: topics that end, tasks that fall due. Votes themselves queue an analysis."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from yiting.deliberation.services import tasks_follow_up, topics_round
from yiting.people.actors import system_actor
from yiting.places.clock import now


def deliberation_round(*, at: datetime) -> dict[str, int]:
    """Let topics end that are over and remind of tasks that fall due; each acts once, however often this runs."""
    return {**topics_round(by=system_actor("clock"), at=at), "reminded": tasks_follow_up(at=at)}


@task()
def daily() -> None:
    """The round of the day. Run as often as one likes."""
    deliberation_round(at=now())
