"""Two connections at the same thing: what is left is promised once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.pooling import AT, EVERYWHERE, TODAY, hall, make_ask, make_offer
from yiting.alliances.errors import PoolingRefused
from yiting.alliances.models import Match, MatchDay, Offer
from yiting.alliances.services import match_claim, match_confirm, offer_withdraw

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time; set DATABASE_URL to a PostgreSQL to run this",
    ),
]


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment, each on its own connection; say what became of each."""
    start = Barrier(len(works))

    def on_own_connection(work: Callable[[], object]) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")
            start.wait(timeout=10)
            work()
        except PoolingRefused as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(on_own_connection, works))


def test_the_last_hours_are_promised_once() -> None:
    offer = make_offer(amount=3)
    claims = [
        match_claim(by=EVERYWHERE, offer=offer, ask=make_ask(amount=2), side=Match.Side.OFFER, at=AT) for _n in range(4)
    ]
    done = at_once(*(lambda one=one: match_confirm(by=EVERYWHERE, match=one, at=AT) for one in claims))
    assert done == ["NotSoMuchLeft"] * 3 + ["done"]
    assert Offer.objects.get().promised == 2


def test_a_hall_is_promised_once_a_day() -> None:
    offer, day = make_offer(kind=hall(), amount=9), TODAY + timedelta(days=1)
    claims = [
        match_claim(
            by=EVERYWHERE, offer=offer, ask=make_ask(kind=hall(), amount=1), side=Match.Side.OFFER, days=[day], at=AT
        )
        for _n in range(4)
    ]
    done = at_once(*(lambda one=one: match_confirm(by=EVERYWHERE, match=one, at=AT) for one in claims))
    assert done == ["DayTaken"] * 3 + ["done"]
    assert MatchDay.objects.filter(held=True).count() == Offer.objects.get().promised == 1


def test_an_offer_withdrawn_while_it_is_confirmed_leaves_no_promise() -> None:
    offer, ask = make_offer(amount=3), make_ask(amount=2)
    match = match_claim(by=EVERYWHERE, offer=offer, ask=ask, side=Match.Side.OFFER, at=AT)
    at_once(
        lambda: match_confirm(by=EVERYWHERE, match=match, at=AT),
        lambda: offer_withdraw(by=EVERYWHERE, offer=offer, reason="车坏了", at=AT),
    )
    match.refresh_from_db()
    offer.refresh_from_db()
    ask.refresh_from_db()
    assert (match.state, offer.promised, ask.promised, ask.state) == ("withdrawn", 0, 0, "open")


def test_two_claims_of_one_pair_leave_one() -> None:
    offer, ask = make_offer(), make_ask()
    done = at_once(
        *(
            lambda side=side: match_claim(by=EVERYWHERE, offer=offer, ask=ask, side=side, at=AT)
            for side in (Match.Side.OFFER, Match.Side.ASK)
        )
    )
    assert done == ["MatchStands", "done"]
    assert Match.objects.count() == 1
