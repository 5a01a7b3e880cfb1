"""Work that comes with time. Suggestions are queued by the service that files, in services/suggesting.py."""

from __future__ import annotations

from django_tasks import task

from yiting.needs.services import daily_round
from yiting.places.clock import now


@task()
def daily() -> None:
    """Reminders, second looks, quiet closings and hot matters. Run as often as one likes: each acts once."""
    daily_round(at=now())
