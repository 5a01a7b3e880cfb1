"""Two connections at once: each notice is claimed by one worker, each key is written once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.notices.gateways import Recording
from yiting.notices.models import Notice, State
from yiting.notices.services import NewNotice, notice_queue, notices_deliver, notices_queue
from yiting.people.models import Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time; set DATABASE_URL to a PostgreSQL to run this",
    ),
]

Persons = Callable[..., Person]
WORKERS = 4


def on_own_connection(work: Callable[[], int]) -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return work()
    finally:
        connection.close()


def queue_silently(person: Person, count: int, at: datetime) -> None:
    """Write waiting notices as a worker finds them whose wake-up call was lost."""
    Recording.down = True
    with transaction.atomic():
        notices_queue(
            [NewNotice(key=f"n{number}", person=person, subject=f"{number}") for number in range(count)],
            at=at,
        )
    Recording.down = False
    Notice.objects.update(next_try_at=at, tries=0)


def test_four_workers_send_each_notice_once(new_person: Persons, at: datetime) -> None:
    queue_silently(new_person("13800000001"), 60, at)
    start = Barrier(WORKERS)

    def deliver() -> int:
        start.wait(timeout=10)
        return notices_deliver(at=at, limit=7).sent + notices_deliver(at=at).sent

    with ThreadPoolExecutor(WORKERS) as pool:
        sent = list(pool.map(lambda _: on_own_connection(deliver), range(WORKERS)))
    sent.append(notices_deliver(at=at).sent)
    assert sum(sent) == 60
    assert sorted(int(text) for _, text in Recording.sent) == list(range(60))
    assert not Notice.objects.exclude(state=State.SENT).exists()


def test_rows_that_another_worker_holds_are_skipped_not_waited_for(new_person: Persons, at: datetime) -> None:
    queue_silently(new_person("13800000001"), 3, at)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        held = Notice.objects.select_for_update().get(key="n1")
        assert pool.submit(on_own_connection, lambda: notices_deliver(at=at).sent).result(timeout=10) == 2
        assert held.state == State.WAITING
    assert notices_deliver(at=at).sent == 1


def test_one_key_queued_by_two_transactions_is_one_notice(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    start = Barrier(WORKERS)

    def queue() -> int:
        start.wait(timeout=10)
        with transaction.atomic():
            notice_queue(key="n1", person=person, subject="One", at=at)
        return 0

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: on_own_connection(queue), range(WORKERS)))
    assert Notice.objects.count() == 1
    assert Recording.sent == [("+8613800000001", "One")]
