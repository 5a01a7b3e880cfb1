"""Two who approve, amend, correct or erase at the same moment: final once, no number twice, nobody written back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.activities import EVERYWHERE
from tests.factories.deliberation import AT, cast, make_open_topic
from tests.factories.meetings import (
    LATER,
    make_asked,
    make_convention,
    make_final,
    make_resolution,
    minutes_of,
    points_of,
)
from tests.factories.people import PersonFactory
from yiting.deliberation.errors import DeliberationRefused, MinutesNotAsked
from yiting.deliberation.models import Approval, ConventionVersion, Minutes, Participant, Resolution
from yiting.deliberation.services import (
    ArticleChange,
    approval_give,
    convention_amend,
    minutes_correct,
    minutes_take_back,
    resolution_make,
)
from yiting.ledger.models import Entry
from yiting.ledger.services import ledger_verify
from yiting.people.actors import RESIDENT
from yiting.people.services import person_erase

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="needs row locks: set DATABASE_URL to a PostgreSQL; on SQLite the writing transaction is the lock",
    ),
]


def together(*acts) -> list[str]:
    """Do all at the same moment; return what came of each."""
    start = Barrier(len(acts))

    def run(act) -> str:
        try:
            start.wait(timeout=20)
            act()
        except DeliberationRefused as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_the_last_approval_makes_them_final_once() -> None:
    meeting, persons = make_asked(there=4, approvals_needed=2)
    minutes = minutes_of(meeting)

    def approve(person):
        return lambda: approval_give(by=RESIDENT, minutes=minutes, person=person, agrees=True, at=LATER)

    came = together(*(approve(person) for person in persons))
    assert came == ["MinutesNotAsked", "MinutesNotAsked", "done", "done"]
    assert MinutesNotAsked.__name__ in came
    assert minutes_of(meeting).state == "final"
    assert (Approval.objects.count(), Entry.objects.filter(kind="deliberation.minutes.final").count()) == (2, 1)
    assert ledger_verify().ok


def test_taking_back_and_approving_at_once_leave_one_outcome() -> None:
    meeting, (person, *_others) = make_asked()
    minutes = minutes_of(meeting)
    came = together(
        lambda: approval_give(by=RESIDENT, minutes=minutes, person=person, agrees=True, at=LATER),
        lambda: minutes_take_back(by=EVERYWHERE, minutes=minutes, at=LATER),
    )
    assert came == ["MinutesNotAsked", "done"]
    assert (minutes_of(meeting).state, Approval.objects.count()) in {("final", 1), ("draft", 0)}


def test_two_amendments_at_once_are_two_versions() -> None:
    convention = make_convention()
    place = convention.place
    resolutions = [make_resolution(place, tasks=0) for _n in range(2)]

    def amend(n: int):
        changes = [ArticleChange(number=n, text=f"第{n}条改过")]
        return lambda: convention_amend(
            by=EVERYWHERE, convention=convention, resolution=resolutions[n - 1], changes=changes, at=LATER
        )

    assert together(amend(1), amend(2)) == ["done", "done"]
    last = ConventionVersion.objects.get(number=3)
    assert [one.text for one in last.articles.order_by("number")] == ["第1条改过", "第2条改过"]


def test_two_corrections_at_once_begin_one_version() -> None:
    meeting = make_final()

    def correct() -> None:
        minutes_correct(by=EVERYWHERE, meeting=meeting, reason="票数写错了", at=LATER)

    assert together(correct, correct) == ["MinutesNotFinal", "done"]
    assert Minutes.objects.filter(meeting=meeting).count() == 2


def test_the_same_resolution_sent_twice_at_once_is_one() -> None:
    point = points_of(make_final())[0]

    def make() -> None:
        resolution_make(by=EVERYWHERE, title="装充电桩", text="装在车棚里。", point=point, at=LATER)

    assert together(make, make) == ["ResolvedAlready", "done"]
    assert Resolution.objects.count() == 1


def test_an_erasure_and_a_vote_at_once_leave_no_thread_to_the_person() -> None:
    topic, person = make_open_topic(), PersonFactory()
    came = together(
        lambda: cast(topic, {0: 1}, person),
        lambda: person_erase(by=EVERYWHERE, person=person, at=AT),
    )
    assert came in (["done", "done"], ["NotAllowed", "done"])
    assert not Participant.objects.filter(person__isnull=False).exists()
