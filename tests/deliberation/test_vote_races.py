"""One person who votes twice at the same moment has one vote, and it is the last one told. On both databases."""

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

from tests.factories.deliberation import AT, EVERYWHERE, make_open_topic, reader
from tests.factories.people import PersonFactory
from yiting.deliberation.models import Participant, Sheet, Vote, VoteEvent
from yiting.deliberation.services import sheet_enter, sheets_print, vote_cast
from yiting.people.actors import RESIDENT, Actor

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="needs row locks: set DATABASE_URL to a PostgreSQL; SQLite has a test of its own below",
)
class TestOnPostgresql:
    """Rows are locked one by one."""

    def test_one_person_tapping_at_once_votes_once(self) -> None:
        topic, person = make_open_topic(), PersonFactory()
        statement = topic.statements.get(number=0)
        start = Barrier(4)

        def tap(value: int) -> None:
            try:
                start.wait(timeout=20)
                vote_cast(by=RESIDENT, topic=topic, person=person, statement=statement, value=value, at=AT)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tap, [1, 1, -1, 0]))
        assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)
        assert Vote.objects.get().value == VoteEvent.objects.order_by("-pk")[0].value

    def test_a_sheet_entered_twice_at_once_is_counted_once(self) -> None:
        (sheet,) = sheets_print(by=EVERYWHERE, topic=make_open_topic(), number=1, at=AT)
        start, readers = Barrier(2), [reader(), reader()]

        def enter(by: Actor) -> None:
            try:
                start.wait(timeout=20)
                sheet_enter(by=by, sheet=sheet, marks=[1, 1, 1], at=AT)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(enter, readers))
        assert Sheet.objects.get().state == Sheet.State.COUNTED
        assert (Participant.objects.count(), Vote.objects.count()) == (1, 3)


def test_two_processes_on_sqlite_vote_once_for_one_person(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "YITING_DATA_DIR": str(tmp_path),
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.deliberation.voter", *arguments], cwd=ROOT, env=environment
        )

    assert start("prepare").wait(timeout=120) == 0
    racing = [start("vote", value) for value in ("1", "-1")]
    assert [process.wait(timeout=60) for process in racing] == [0, 0]
    database = sqlite3.connect(tmp_path / "yiting.sqlite3")
    participants = database.execute("SELECT COUNT(*) FROM deliberation_participant").fetchone()[0]
    votes = dict(database.execute("SELECT participant_id, value FROM deliberation_vote").fetchall())
    events: dict[int, list[int]] = {}
    for participant, value in database.execute("SELECT participant_id, value FROM deliberation_voteevent ORDER BY id"):
        events.setdefault(participant, []).append(value)
    database.close()
    assert (participants, len(votes)) == (10, 10)
    assert all(sorted(told) == [-1, 1] for told in events.values())
    assert votes == {participant: told[-1] for participant, told in events.items()}
