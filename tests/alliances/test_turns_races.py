"""Two connections at the same turn: it gets one host, and a draft is adopted once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.alliances import AT, EVERYWHERE, make_alliance, make_plan, make_unit, month_slots, turns_of
from yiting.alliances.errors import AlliancesRefused
from yiting.alliances.models import Membership, Turn
from yiting.alliances.services import (
    absence_add,
    member_join,
    member_place_open,
    plan_adopt,
    turn_skip,
    turn_step_in,
    turns_plan,
)
from yiting.ledger.models import Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time; set DATABASE_URL to a PostgreSQL to run this",
    ),
]
YEAR = {"since_on": date(2027, 1, 1), "until_on": date(2027, 12, 31)}


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment, each on its own connection; say what became of each."""
    start = Barrier(len(works))

    def on_own_connection(work: Callable[[], object]) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")
            start.wait(timeout=10)
            work()
        except AlliancesRefused as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(on_own_connection, works))


def test_one_of_those_who_step_in_at_once_has_the_turn() -> None:
    alliance = make_alliance(4)
    make_plan(alliance)
    turn = turns_of(alliance)[3]
    turn_skip(by=EVERYWHERE, turn=turn, at=AT)
    others = list(alliance.memberships.exclude(pk=turn.membership_id))
    done = at_once(*(lambda one=one: turn_step_in(by=EVERYWHERE, turn=turn, membership=one, at=AT) for one in others))
    assert done == ["NotSkipped", "NotSkipped", "done"]
    assert Turn.objects.get(pk=turn.pk).membership in others
    assert Entry.objects.filter(kind="alliances.turn.stepped_in").count() == 1


def test_a_draft_is_adopted_once() -> None:
    alliance = make_alliance(3)
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    done = at_once(*(lambda: plan_adopt(by=EVERYWHERE, plan=draft, at=AT) for _n in range(3)))
    assert done == ["PlanOutdated", "PlanOutdated", "done"]
    assert len(turns_of(alliance)) == 12


def test_an_absence_and_the_adoption_of_a_plan_without_it_never_both_hold() -> None:
    alliance = make_alliance(2)
    member = alliance.memberships.get(number=1)
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    at_once(
        lambda: plan_adopt(by=EVERYWHERE, plan=draft, at=AT),
        lambda: absence_add(by=EVERYWHERE, membership=member, from_on=date(2027, 2, 1), to_on=date(2027, 2, 28), at=AT),
    )
    adopted, told = bool(turns_of(alliance)), list(Entry.objects.order_by("index").values_list("kind", flat=True))
    assert not adopted or told.index("alliances.plan.adopted") < told.index("alliances.absence.added")


def test_numbers_are_given_once_and_a_unit_joins_once() -> None:
    alliance, unit = make_alliance(), make_unit()
    done = at_once(
        *(lambda: member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, at=AT) for _n in range(2)),
        *(lambda: member_place_open(by=EVERYWHERE, alliance=alliance, at=AT) for _n in range(2)),
    )
    assert done == ["MemberAlready", "done", "done", "done"]
    assert sorted(Membership.objects.values_list("number", flat=True)) == [1, 2, 3]
