"""Two who approve, or amend, at the same moment: minutes become final once, and no number is given twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.activities import EVERYWHERE
from tests.factories.meetings import LATER, make_asked, make_convention, make_resolution, minutes_of
from yiting.deliberation.errors import DeliberationRefused, MinutesNotAsked
from yiting.deliberation.models import Approval, ConventionVersion
from yiting.deliberation.services import ArticleChange, approval_give, convention_amend, minutes_take_back
from yiting.ledger.models import Entry
from yiting.ledger.services import ledger_verify
from yiting.people.actors import RESIDENT

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
