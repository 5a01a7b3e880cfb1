"""Work that waits: one task a commit, and a sweep that comes back."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tests.notices.gateways import Recording
from yiting.notices import tasks
from yiting.notices.models import Notice, State
from yiting.notices.services import notice_queue
from yiting.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

Persons = Callable[..., Person]


@pytest.fixture
def queued_tasks(settings: pytest.FixtureRequest) -> Callable[[], list[str]]:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def ready() -> list[str]:
        found = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at", "pk")
        return [path.rpartition(".")[2] for path in found.values_list("task_path", flat=True)]

    return ready


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def test_a_commit_puts_down_one_task_and_a_worker_sends(
    new_person: Persons, at: datetime, queued_tasks: Callable[[], list[str]]
) -> None:
    person = new_person("13800000001")
    with transaction.atomic():
        for number in range(3):
            notice_queue(key=f"n{number}", person=person, subject=f"{number}", at=at)
        assert queued_tasks() == []
    assert queued_tasks() == ["notices_send"]
    assert Recording.sent == []
    work()
    assert [text for _, text in Recording.sent] == ["0", "1", "2"]
    assert queued_tasks() == ["notices_sweep"]


def test_a_sweep_sends_what_was_left_and_puts_down_the_next(
    new_person: Persons, at: datetime, queued_tasks: Callable[[], list[str]]
) -> None:
    with transaction.atomic():
        notice_queue(key="n1", person=new_person("13800000001"), subject="One", at=at)
    DBTaskResult.objects.all().delete()  # the wake-up call was lost
    tasks.notices_sweep.enqueue()
    work()
    assert Notice.objects.get().state == State.SENT
    assert queued_tasks() == ["notices_sweep"]


def test_one_sweep_waits_however_often_it_is_asked_for(queued_tasks: Callable[[], list[str]]) -> None:
    assert tasks.sweep_schedule()
    assert not tasks.sweep_schedule()
    assert queued_tasks() == ["notices_sweep"]


def test_where_tasks_run_at_once_no_sweep_is_put_down() -> None:
    assert not tasks.sweep_schedule()
    assert not DBTaskResult.objects.exists()
