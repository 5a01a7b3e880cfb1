"""Two who append at once stand in line: no index is lost, none given twice."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger.models import Entry, Head
from yiting.ledger.services import NewEntry, entries_append, ledger_verify, opening_erase
from yiting.places.models import Place

ROOT = Path(__file__).resolve().parents[2]
EACH = 25
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="needs row locks: set DATABASE_URL to a PostgreSQL; SQLite has a test of its own below",
)


def on_own_connection(name: str, start: Barrier) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '20s'")
        start.wait(timeout=20)
        for number in range(EACH):
            with transaction.atomic():
                entries_append([NewEntry(KIND, Place(pk=1), Worker(name), AT, {"n": number}, {}, False)] * 2)
                if number % 5 == 4:
                    opening_erase(obj=Place(pk=1), by=Worker(name), at=AT)
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_four_connections_append_and_erase_without_a_gap() -> None:
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(on_own_connection, f"worker{n}", start) for n in range(4)]:
            done.result(timeout=60)
    kinds = Counter(Entry.objects.values_list("role", "kind"))
    assert all(kinds[(f"worker{n}", KIND)] == 2 * EACH for n in range(4))
    indexes = list(Entry.objects.order_by("index").values_list("index", flat=True))
    assert indexes == list(range(Head.objects.get().size))
    assert ledger_verify().ok


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_verifying_while_others_append_finds_nothing_wrong() -> None:
    start = Barrier(2)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(on_own_connection, "worker", start)
        start.wait(timeout=20)
        while not done.done():
            found = ledger_verify(batch=7)
            assert found.ok, found
        done.result()


def test_two_processes_on_sqlite_append_without_a_gap(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "YITING_DATA_DIR": str(tmp_path),
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=environment)

    assert start("django", "migrate", "ledger", "--verbosity", "0", "--skip-checks").wait(timeout=120) == 0
    racing = [start("tests.ledger.appender", str(EACH), name) for name in ("one", "two")]
    assert [process.wait(timeout=120) for process in racing] == [0, 0]
    database = sqlite3.connect(tmp_path / "yiting.sqlite3")
    rows = database.execute('SELECT "index", role FROM ledger_entry ORDER BY "index"').fetchall()
    sizes = database.execute("SELECT size FROM ledger_head").fetchall()
    database.close()
    assert [index for index, _role in rows] == list(range(2 * EACH))
    assert Counter(role for _index, role in rows) == {"one": EACH, "two": EACH}
    assert sizes == [(2 * EACH,)]
