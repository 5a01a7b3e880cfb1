"""Two who vote at the same moment with one vote end in one ballot, on both databases."""

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

from tests.ballots.voter import ROUNDS
from tests.factories.ballots import CLOSED, EVERYWHERE, VOTING, cast, make_resident, make_round
from tests.factories.places import make_estate
from yiting.ballots.errors import BallotsRefused, NotOpen, SecondBallot
from yiting.ballots.models import Ballot, RefusedAttempts, RollEntry, Round
from yiting.ballots.services import box_shuffle, voting_close
from yiting.people.models import Household, Person
from yiting.people.services import person_erase

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="needs row locks: set DATABASE_URL to a PostgreSQL; SQLite has a test of its own below",
)
class TestOnPostgresql:
    """Rows are locked one by one."""

    def test_one_person_who_taps_at_once_votes_once(self) -> None:
        round, voter = make_round(), make_resident(make_estate())
        said = at_once([lambda: cast(round, [1], voter)] * 4)
        assert [one for one in said if one is None] == [None]
        assert [type(one) for one in said if one is not None] == [SecondBallot] * 3
        assert (Ballot.objects.count(), RollEntry.objects.count()) == (1, 1)
        assert RefusedAttempts.objects.get().number == 3

    def test_two_of_one_household_vote_once(self) -> None:
        round, one = make_round(by_household=True), make_resident(make_estate())
        other = make_resident(home=Household.objects.get(persons=one.person_id))
        said = at_once([lambda: cast(round, [1], one), lambda: cast(round, [2], other)])
        assert sorted(type(what) is SecondBallot for what in said) == [False, True]
        assert (Ballot.objects.count(), RollEntry.objects.count()) == (1, 1)

    def test_a_ballot_that_meets_the_closing_is_in_the_tree_or_refused(self) -> None:
        round = make_round()
        voters = [make_resident(make_estate()) for _each in range(3)]
        late = [lambda by=by: cast(round, [1], by) for by in voters]
        said = at_once([*late, lambda: voting_close(by=EVERYWHERE, round=round, reason="结束", at=CLOSED)])
        assert all(what is None or isinstance(what, BallotsRefused) for what in said)
        held = Round.objects.get()
        assert held.ballot_count == Ballot.objects.count() == RollEntry.objects.count()
        assert held.ballot_count == sum(what is None for what in said[:3])

    def test_a_ballot_that_meets_the_shuffle_is_not_lost(self) -> None:
        round = make_round()
        for _each in range(5):
            cast(round, [1], make_resident(make_estate()))
        voter = make_resident(make_estate())
        said = at_once([lambda: cast(round, [2], voter), lambda: box_shuffle(by=EVERYWHERE, round=round, at=VOTING)])
        assert said == [None, None]
        assert (Ballot.objects.count(), RollEntry.objects.count()) == (6, 6)

    def test_an_erasure_that_meets_the_shuffle_or_a_ballot_is_kept(self) -> None:
        round = make_round()
        voters = [make_resident(make_estate()) for _each in range(6)]
        for voter in voters[:5]:
            cast(round, [1], voter)
        gone = Person.objects.get(pk=voters[0].person_id)
        said = at_once(
            [
                lambda: person_erase(by=voters[0], person=gone, at=VOTING),
                lambda: box_shuffle(by=EVERYWHERE, round=round, at=VOTING),
                lambda: cast(round, [2], voters[5]),
            ]
        )
        assert said == [None, None, None]
        assert (Ballot.objects.count(), RollEntry.objects.count()) == (6, 6)
        assert not RollEntry.objects.filter(person=gone).exists()
        assert RollEntry.objects.exclude(seal="").count() == 1


def at_once(acts) -> list[BallotsRefused | None]:
    """Do all of it at the same moment, each on a connection of its own; what each was refused with."""
    start = Barrier(len(acts))

    def run(act) -> BallotsRefused | None:
        try:
            start.wait(timeout=20)
            act()
        except (SecondBallot, NotOpen, BallotsRefused) as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_three_processes_on_sqlite(tmp_path: Path) -> None:
    """One person at two telephones and somebody else of their household: two ballots by person, one by household."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "YITING_DATA_DIR": str(tmp_path),
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.ballots.voter", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)

    assert start("prepare").wait(timeout=120) == 0
    racing = [start("vote", who) for who in ("0", "0", "1")]
    refused = sum(int(process.communicate(timeout=60)[0]) for process in racing)
    assert [process.returncode for process in racing] == [0, 0, 0]
    database = sqlite3.connect(tmp_path / "yiting.sqlite3")
    counts = [
        database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        for table in ("ballots_ballot", "ballots_rollentry")
    ]
    told = database.execute("SELECT SUM(number) FROM ballots_refusedattempts WHERE why = 'second'").fetchone()[0]
    database.close()
    ballots = ROUNDS + ROUNDS // 2
    assert counts == [ballots, ballots]
    assert refused == told == 3 * ROUNDS - ballots
