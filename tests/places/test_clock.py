"""The clock: the machine's own, or behind it by whole days in the demo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yiting.notices import tasks
from yiting.places import clock


def test_it_goes_with_the_machine() -> None:
    """Without a demo there is one time."""
    before = timezone.now()
    assert before <= clock.now() <= timezone.now()


def test_set_back_it_still_goes(settings: Any) -> None:
    """In the demo it stands days behind and goes on from there; what a library stamped is brought into step."""
    settings.CLOCK_BEHIND = timedelta(days=900)
    stamped = timezone.now()
    first, second = clock.now(), clock.now()
    assert stamped - timedelta(days=900) <= first <= second <= timezone.now() - timedelta(days=900)
    assert clock.in_step(stamped) == stamped - timedelta(days=900)
    assert clock.machine_now() >= stamped


@pytest.mark.django_db
def test_what_waits_in_the_queue_waits_by_the_machine(settings: Any) -> None:
    """A sweep put down by a clock set back would be due at once, again and again."""
    settings.CLOCK_BEHIND = timedelta(days=900)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert tasks.sweep_schedule()
    assert tasks.DBTaskResult.objects.get().run_after > timezone.now()


@pytest.mark.django_db
def test_the_demo_says_which_day_it_is_in_it(client: Client, settings: Any) -> None:
    """Honest on every page: the residents' and the workbench's share the line."""
    settings.DEMO, settings.CLOCK_BEHIND = True, timezone.now() - datetime(2024, 6, 17, 4, tzinfo=UTC)
    assert "17 Jun 2024" in client.get("/about/", headers={"accept-language": "en"}).content.decode()
    settings.DEMO = False
    assert "17 Jun 2024" not in client.get("/about/", headers={"accept-language": "en"}).content.decode()
