"""Work that comes with time: second looks at finished projects, and closing what was judged."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from yiting.places.clock import now
from yiting.projects.services import project_looks_ask, projects_close


def project_round(*, at: datetime) -> dict[str, int]:
    """Ask for the looks that are due and close what was judged; each acts once, however often this runs."""
    return {"asked": project_looks_ask(at=at), "closed": projects_close(at=at)}


@task()
def daily() -> None:
    """The round of the day. Run as often as one likes."""
    project_round(at=now())
