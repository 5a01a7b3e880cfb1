"""A round from its opening to the day on which its list is public: the plan, the calendar, the published rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.activities.queries import fresh_code
from yiting.ballots.errors import (
    BudgetUnfit,
    ChecksOpen,
    DaysUnfit,
    DearerThanBudget,
    DearerThanLimit,
    ListTooShort,
    MajorityUnfit,
    NothingToChoose,
    NumberUnfit,
    ObserverUnfit,
    RoundMissing,
    RuleUnfit,
    SettledAlready,
    TooEarly,
    VotersUnfit,
)
from yiting.ballots.models import (
    Candidate,
    Completion,
    Kind,
    KindLimit,
    Observer,
    Round,
    Rule,
    Satisfaction,
    Threshold,
    Ties,
)
from yiting.ballots.policies import can_manage, can_serve
from yiting.ballots.services.box import settle
from yiting.ballots.services.gates import guarded, take_round, touch
from yiting.ballots.states import BEFORE_CLOSING, DAY_NAMES, PREPARING, change_state, day_at
from yiting.ballots.wording import fitting, read_reason, read_title
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place
from yiting.projects.money import yuan_text

ABOUT_LIMIT = 4_000
MOST_LEAST, MOST_MOST = 1, 1_000
GROUP_LEAST, GROUP_MOST = 5, 1_000
# Ballots whose marks are more or less, not yes or no.
SCORED = frozenset({Kind.POINTS, Kind.RANKING})
_SHARING = frozenset({Rule.GREEDY_COST, Rule.EQUAL_SHARES, Rule.MAX_WELFARE})
# Which rules can count which ballots: a vote of deputies is a majority, everything else divides money.
_COUNTED_BY = {
    Kind.YES_NO: frozenset({Rule.MAJORITY}),
    **dict.fromkeys(SCORED, _SHARING),
    **dict.fromkeys((Kind.APPROVAL, Kind.UP_TO, Kind.KNAPSACK), _SHARING | {Rule.GREEDY, Rule.PHRAGMEN}),
}
State = Round.State


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """A round as it is to be. Money is integer fen; the days are days at the place."""

    title: str
    place: Place
    year: int
    budget_fen: int
    collect_until_on: date
    check_until_on: date
    publish_on: date
    opens_on: date
    closes_on: date
    objections_until_on: date
    about: str = ""
    who: str = Round.Who.RESIDENTS
    by_household: bool = False
    organisations: Sequence[Organisation] = ()
    kind: str = Kind.APPROVAL
    most: int | None = None
    rule: str = Rule.EQUAL_SHARES
    satisfaction: str = Satisfaction.COST
    completion: str = Completion.ADD1
    ties: str = Ties.CHEAPER
    threshold: str = Threshold.HALF_OF_ALL
    longer_list: bool = True
    smallest_group: int = 10


@transaction.atomic
def round_open(*, by: Actor, plan: RoundPlan, at: datetime) -> Round:
    """Open a round: its calendar and its rule are public from the first day, and candidates are collected."""
    if not can_manage(by, place_path=plan.place.path):
        raise RoundMissing
    checked = _checked(plan)
    round = Round.objects.create(code=fresh_code(8), created_at=at, changed_at=at, **checked)
    round.organisations.set(plan.organisations)
    entry_append(kind="ballots.round.opened", obj=round, by=by, at=at, facts=_facts(round))
    return round


def round_change(*, by: Actor, round: Round, plan: RoundPlan, reason: str, at: datetime) -> Round:
    """Change money, rule or calendar with a public reason, until the list is public; afterwards only later days."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        checked = _checked(plan)
        if not can_manage(by, place_path=plan.place.path):
            raise RoundMissing
        if held.state not in PREPARING:
            checked = _later_days(held, checked, plan.organisations, today=day_at(at, held.place))
        elif checked["place"] != held.place and held.candidates.exists():
            raise SettledAlready
        for name, value in checked.items():
            setattr(held, name, value)
        if held.state in PREPARING:
            held.organisations.set(plan.organisations)
        words = read_reason(reason, what=_("Reason"))
        touch(held, "round.changed", by=by, at=at, facts={**_facts(held), "reason": words})
    return held


def round_check(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """End the collecting; the departments check what was collected."""
    return _step(by=by, round=round, target=State.CHECKING, kind="round.checking", reason=reason, at=at)


def round_collect_again(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Go back to collecting, with the reason: the list is too short, say."""
    return _step(by=by, round=round, target=State.COLLECTING, kind="round.collecting", reason=reason, at=at)


def round_publish(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Make the list public. Every candidate was checked, and the list is longer than what can be built."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        change_state(held, State.PUBLISHED)
        _wait_for(held.publish_on, at=at, place=held.place)
        listed = _require_list(held)
        held.reason = read_reason(reason, what=_("Reason"))
        limits = [[one.category, one.most, one.most_cost_fen] for one in held.limits.order_by("category")]
        candidates = [[one.number, one.cost_fen] for one in listed]
        facts = {"reason": held.reason, "candidates": candidates, "limits": limits}
        touch(held, "round.published", by=by, at=at, facts=facts)
    return held


def round_call_off(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Call a round off, with the reason. What was voted is never counted, and stays secret."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state == State.VOTING:
            settle(held)
        return _step_held(held, by=by, target=State.CALLED_OFF, kind="round.called_off", reason=reason, at=at)


def observer_appoint(*, by: Actor, round: Round, account: Account, at: datetime) -> Observer:
    """Appoint somebody who may open the ballots to audit the count, before voting closes and nobody of the place's own
    staff; the ledger keeps that there is one more."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state not in BEFORE_CLOSING:
            raise SettledAlready
        if can_serve(get_actor(account, at), place_path=held.place_path):
            raise ObserverUnfit
        observer, is_new = Observer.objects.get_or_create(round=held, account=account)
        if is_new:
            touch(held, "observer.appointed", by=by, at=at, facts={"number": held.observers.count()})
    return observer


def _step(*, by: Actor, round: Round, target: Round.State, kind: str, reason: str, at: datetime) -> Round:
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        return _step_held(held, by=by, target=target, kind=kind, reason=reason, at=at)


def _step_held(held: Round, *, by: Actor, target: Round.State, kind: str, reason: str, at: datetime) -> Round:
    change_state(held, target)
    held.reason = read_reason(reason, what=_("Reason"))
    touch(held, kind, by=by, at=at, facts={"reason": held.reason})
    return held


def _checked(plan: RoundPlan) -> dict[str, object]:
    """The fields of a plan, read strictly."""
    if plan.budget_fen <= 0:
        raise BudgetUnfit
    days = [(name, getattr(plan, name)) for name in DAY_NAMES]
    for (earlier, before), (later, after) in pairwise(days):
        if after < before:
            raise DaysUnfit(earlier=DAY_NAMES[earlier], later=DAY_NAMES[later])
    kind, rule, who = Kind(plan.kind), Rule(plan.rule), Round.Who(plan.who)
    if rule not in _COUNTED_BY[kind]:
        raise RuleUnfit(rule=rule.label, kind=kind.label)
    if kind == Kind.YES_NO and who == Round.Who.RESIDENTS:
        raise MajorityUnfit
    if kind not in SCORED and plan.satisfaction == Satisfaction.SCORE:
        raise RuleUnfit(rule=Satisfaction.SCORE.label, kind=kind.label)
    if rule == Rule.MAX_WELFARE and plan.satisfaction == Satisfaction.COVERED:
        raise RuleUnfit(rule=rule.label, kind=Satisfaction.COVERED.label)
    if (plan.by_household and who != Round.Who.RESIDENTS) or bool(plan.organisations) != (who == Round.Who.MEMBERS):
        raise VotersUnfit
    counts_up = kind in (Kind.UP_TO, Kind.POINTS)
    if counts_up and not MOST_LEAST <= (plan.most or 0) <= MOST_MOST:
        raise NumberUnfit(what=_("How many may be marked"), least=MOST_LEAST, most=MOST_MOST)
    if not GROUP_LEAST <= plan.smallest_group <= GROUP_MOST:
        raise NumberUnfit(what=_("Smallest group shown"), least=GROUP_LEAST, most=GROUP_MOST)
    taken = {one.name: getattr(plan, one.name) for one in fields(plan) if one.name != "organisations"}
    return taken | {
        "title": read_title(plan.title),
        "about": fitting(plan.about.replace("\x00", "").strip(), what=_("What it is about"), limit=ABOUT_LIMIT),
        "place_path": plan.place.path,
        "who": who,
        "kind": kind,
        "most": plan.most if counts_up else None,
        "rule": rule,
        "satisfaction": Satisfaction.SCORE if kind in SCORED else Satisfaction(plan.satisfaction),
        "completion": Completion(plan.completion),
        "ties": Ties(plan.ties),
        "threshold": Threshold(plan.threshold),
    }


def _later_days(
    held: Round, checked: dict[str, object], organisations: Sequence[Organisation], *, today: date
) -> dict[str, object]:
    """Of a change after publishing: what it is about, and days still to come that are put off. All else stands."""
    days = {name: value for name, value in checked.items() if name in DAY_NAMES}
    others = {name: value for name, value in checked.items() if name not in DAY_NAMES and name != "about"}
    if set(held.organisations.all()) != set(organisations) or any(
        getattr(held, name) != value for name, value in others.items()
    ):
        raise SettledAlready
    for name, value in days.items():
        stands = getattr(held, name)
        assert isinstance(value, date), "checked days are days"
        if value != stands and ((stands < today and held.state != State.PUBLISHED) or value < stands):
            raise SettledAlready
    return {**days, "about": checked["about"]}


def _require_list(held: Round) -> list[Candidate]:
    """The candidates that can be done. Refuses a list that is unchecked, too short, or of what no money can pay."""
    candidates = list(Candidate.objects.filter(round=held).order_by("number"))
    unchecked = [one.title for one in candidates if one.state == Candidate.State.PROPOSED]
    if unchecked:
        raise ChecksOpen(titles="、".join(unchecked))
    listed = [one for one in candidates if one.state == Candidate.State.FEASIBLE]
    if len(listed) < 2:
        raise NothingToChoose
    for one in listed:
        if (one.cost_fen or 0) > held.budget_fen:
            raise DearerThanBudget(title=one.title)
    limits = {one.category: one for one in held.limits.all()}
    for one in listed:
        limit = limits.get(one.category)
        if limit is not None and (limit.most_cost_fen or held.budget_fen) < (one.cost_fen or 0):
            raise DearerThanLimit(title=one.title, word=one.category)
    cost = cost_of_all(listed, limits)
    if held.longer_list and cost <= held.budget_fen:
        raise ListTooShort(number=len(listed), cost=yuan_text(cost), budget=yuan_text(held.budget_fen))
    return listed


def cost_of_all(listed: Sequence[Candidate], limits: Mapping[str, KindLimit]) -> int:
    """What all that can be built together costs at most: of alternatives the dearest, of a kind what its limit lets."""
    dearest: dict[str, Candidate] = {}
    for one in sorted(listed, key=lambda one: one.cost_fen or 0):
        dearest[one.alternatives or f"\n{one.number}"] = one
    by_kind: dict[str, list[int]] = {}
    for one in dearest.values():
        by_kind.setdefault(one.category, []).append(one.cost_fen or 0)
    return sum(_within(costs, limits.get(category)) for category, costs in by_kind.items())


def _within(costs: Sequence[int], limit: KindLimit | None) -> int:
    if limit is None:
        return sum(costs)
    cost = sum(sorted(costs, reverse=True)[: limit.most])
    return cost if limit.most_cost_fen is None else min(cost, limit.most_cost_fen)


def _wait_for(day: date, *, at: datetime, place: Place) -> None:
    if day_at(at, place) < day:
        raise TooEarly(day=day.isoformat())


def _facts(round: Round) -> dict[str, object]:
    """What of a plan the ledger keeps: everything by which the result will be reached."""
    return {
        "title": round.title,
        "year": round.year,
        "place": round.place.name,
        "budget_fen": round.budget_fen,
        "who": round.who,
        "organisations": sorted(round.organisations.values_list("name", flat=True)),
        "by_household": round.by_household,
        "kind": round.kind,
        "most": round.most,
        "rule": round.rule,
        "satisfaction": round.satisfaction,
        "completion": round.completion,
        "ties": round.ties,
        "threshold": round.threshold,
        "longer_list": round.longer_list,
        "smallest_group": round.smallest_group,
        **{name: getattr(round, name).isoformat() for name in DAY_NAMES},
    }
