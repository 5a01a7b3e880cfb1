"""Two who take the last seat at the same moment: one sits, the other waits. On both databases."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from tests.factories.activities import AT, make_activity
from tests.factories.people import PersonFactory
from yiting.activities.models import SignUp
from yiting.activities.services import sign_up, sign_up_withdraw
from yiting.people.actors import RESIDENT

ROOT = Path(__file__).resolve().parents[2]
on_postgresql = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="needs row locks: set DATABASE_URL to a PostgreSQL; SQLite has a test of its own below",
    ),
]


class TestOnPostgresql:
    """Rows are locked one by one."""

    pytestmark = on_postgresql

    def test_the_last_seat_is_given_once(self) -> None:
        activity = make_activity(sign_up_for="persons", capacity=1)
        people = [PersonFactory() for _n in range(4)]
        start = Barrier(4)

        def take(person) -> str:
            try:
                start.wait(timeout=20)
                return sign_up(by=RESIDENT, activity=activity, person=person, at=AT).state
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            states = list(pool.map(take, people))
        assert sorted(states) == ["seat", "waiting", "waiting", "waiting"]

    def test_one_who_steps_back_while_others_come_leaves_no_seat_empty_or_double(self) -> None:
        activity = make_activity(sign_up_for="persons", capacity=1)
        seated = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
        people = [PersonFactory() for _n in range(3)]
        start = Barrier(4)

        def act(person) -> None:
            try:
                start.wait(timeout=20)
                if person is None:
                    sign_up_withdraw(by=RESIDENT, sign_up=seated, at=AT)
                else:
                    sign_up(by=RESIDENT, activity=activity, person=person, at=AT)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(act, [None, *people]))
        states = sorted(SignUp.objects.exclude(pk=seated.pk).values_list("state", flat=True))
        assert states == ["seat", "waiting", "waiting"]

    def test_one_person_tapping_twice_at_once_is_signed_up_once(self) -> None:
        activity = make_activity(sign_up_for="persons", capacity=5)
        person = PersonFactory()
        start = Barrier(2)

        def tap(_n: int) -> int:
            try:
                start.wait(timeout=20)
                return sign_up(by=RESIDENT, activity=activity, person=person, at=AT).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(tap, range(2)))) == 1


def test_two_processes_on_sqlite_give_the_last_seat_once(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "YITING_DATA_DIR": str(tmp_path),
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=environment)

    assert start("tests.activities.taker", "prepare").wait(timeout=120) == 0
    racing = [start("tests.activities.taker", "take") for _n in range(2)]
    assert [process.wait(timeout=60) for process in racing] == [0, 0]
    database = sqlite3.connect(tmp_path / "yiting.sqlite3")
    rows = database.execute("SELECT activity_id, state FROM activities_signup").fetchall()
    database.close()
    seats: dict[int, list[str]] = {}
    for activity, state in rows:
        seats.setdefault(activity, []).append(state)
    assert len(seats) == 10
    assert all(sorted(states) == ["seat", "waiting"] for states in seats.values())
