"""Rounds for tests: brought through the services to where they are looked at, with voters of every kind."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.factories.people import AccountFactory, HouseholdFactory, PersonFactory, RoleFactory
from tests.factories.places import make_building, make_estate, make_street
from yiting.ballots.models import Candidate, Kind, Round, Rule
from yiting.ballots.receipts import Receipt, fresh_salt
from yiting.ballots.services import (
    CandidatePlan,
    RoundPlan,
    ballot_cast,
    candidate_add,
    candidate_check,
    round_check,
    round_open,
    round_publish,
    voting_close,
    voting_open,
)
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Household, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place

EVERYWHERE = system_actor("tests")
FIRST = date(2026, 7, 1)
# One moment on each day of the calendar, at noon at the place.
OPENED, CHECKED, PUBLISHED, VOTING, CLOSED, LATER = (
    datetime(2026, 7, day, 4, 0, tzinfo=UTC) for day in (1, 5, 10, 15, 21, 28)
)
COSTS = (3_000_000, 2_000_000, 2_500_000, 1_500_000)
BUDGET = 5_000_000
TITLES = ("新建议事亭", "楼道装扶手", "电动车充电棚", "口袋公园长椅")
_numbers = itertools.count(1)


def make_plan(place: Place | None = None, **more: Any) -> RoundPlan:
    """The plan of a round of residents who approve of what they like."""
    base: dict[str, Any] = {
        "title": "2027年民生实事项目",
        "place": place or make_street(),
        "year": 2027,
        "budget_fen": BUDGET,
        "collect_until_on": FIRST + timedelta(days=2),
        "check_until_on": FIRST + timedelta(days=7),
        "publish_on": FIRST + timedelta(days=8),
        "opens_on": FIRST + timedelta(days=10),
        "closes_on": FIRST + timedelta(days=19),
        "objections_until_on": FIRST + timedelta(days=25),
    }
    return RoundPlan(**(base | more))


def make_round(
    state: str = Round.State.VOTING,
    *,
    place: Place | None = None,
    costs: Sequence[int] = COSTS,
    by: Actor = EVERYWHERE,
    candidates: Mapping[int, Mapping[str, Any]] | None = None,
    **more: Any,
) -> Round:
    """A round brought to a state, with candidates that can be done; `candidates` says more of some, by number."""
    if more.get("kind") == Kind.YES_NO:
        more = {"rule": Rule.MAJORITY, **more}
    round = round_open(by=by, plan=make_plan(place, **more), at=OPENED)
    for number, cost in enumerate(costs, start=1):
        plan: dict[str, Any] = {"title": TITLES[(number - 1) % 4], "place": round.place, "cost_fen": cost}
        plan |= (candidates or {}).get(number, {})
        candidate_add(by=by, round=round, plan=CandidatePlan(**plan), at=OPENED)
    if state == Round.State.COLLECTING:
        return _read(round)
    round_check(by=by, round=round, reason="征集结束", at=CHECKED)
    for candidate in Candidate.objects.filter(round=round).order_by("number"):
        candidate_check(
            by=by, round=round, number=candidate.number, feasible=True, reason="现场看过，可以做", at=CHECKED
        )
    if state == Round.State.CHECKING:
        return _read(round)
    round_publish(by=by, round=round, reason="名单公布", at=PUBLISHED)
    if state == Round.State.PUBLISHED:
        return _read(round)
    voting_open(by=by, round=round, reason="开始投票", at=VOTING)
    if state == Round.State.COUNTING:
        voting_close(by=by, round=round, reason="投票结束", at=CLOSED)
    return _read(round)


def make_resident(estate: Place | None = None, *, home: Household | None = None, proved: bool = True) -> Actor:
    """Somebody with an account whose household lives in an estate of the usual street; the telephone is proved."""
    account, number = AccountFactory(), next(_numbers)
    home = home or HouseholdFactory(place=make_building(f"{number}号投票楼", estate or make_estate()))
    PersonFactory(account=account, household=home, phone=f"138{number:08d}" if proved else "")
    return get_actor(account, VOTING)


def make_deputy(place: Place, organisation: Organisation) -> Actor:
    """A deputy of a place."""
    account = AccountFactory()
    RoleFactory(account=account, kind="deputy", organisation=organisation, place=place)
    return get_actor(account, VOTING)


def cast(round: Round, marks: Mapping[int, int] | Sequence[int], by: Actor, *, at: datetime = VOTING) -> Receipt:
    """Let somebody vote: for these numbers, or with these marks."""
    pairs = list(marks.items()) if isinstance(marks, Mapping) else [(number, 1) for number in marks]
    return ballot_cast(by=by, round=round, pairs=pairs, salt=fresh_salt(), at=at)


def _read(round: Round) -> Round:
    return Round.objects.select_related("place").get(pk=round.pk)
