"""Three rounds that are examples: one is counted, residents vote in one, deputies in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yiting.ballots.models import Kind, Round, Rule
from yiting.ballots.services import (
    CandidatePlan,
    RoundPlan,
    ballot_cast,
    candidate_add,
    candidate_check,
    fresh_salt,
    limit_set,
    paper_enter,
    paper_hand_out,
    papers_print,
    round_check,
    round_count,
    round_open,
    round_publish,
    voter_admit,
    voting_close,
    voting_open,
)
from yiting.demo import choosing_facts as told
from yiting.demo import facts
from yiting.demo.scene import Scene
from yiting.needs.models import Need
from yiting.people.actors import RESIDENT, Actor

ZONE = ZoneInfo("Asia/Shanghai")


def play_choosing(scene: Scene, needs: Mapping[str, Need]) -> None:
    """Play the three rounds in, each to where it stands on the day of the demo; `needs` are those of the matters."""
    community = _listed(
        scene,
        needs,
        told.COMMUNITY_LIST,
        by=scene.actors["shequ"],
        opened=date(2024, 4, 22),
        opens=date(2024, 5, 27),
        closes=date(2024, 6, 9),
        title=told.COMMUNITY_TITLE,
        about=told.COMMUNITY_ABOUT,
        place=scene.community,
        budget_fen=told.COMMUNITY_YUAN * told.YUAN,
        by_household=True,
    )
    _vote(scene, community)
    _vote_on_paper(scene, community)
    worker = scene.actors["shequ"]
    voting_close(by=worker, round=community, reason=told.COUNTED, at=_at(date(2024, 6, 10)))
    round_count(by=worker, round=community, at=_at(date(2024, 6, 10), hour=10))
    _listed(
        scene,
        needs,
        told.ESTATE_LIST,
        by=worker,
        opened=date(2024, 5, 13),
        opens=date(2024, 6, 12),
        closes=date(2024, 6, 26),
        title=told.ESTATE_TITLE,
        about=told.ESTATE_ABOUT,
        place=scene.estate,
        budget_fen=told.ESTATE_YUAN * told.YUAN,
        kind=Kind.KNAPSACK,
        most=told.ESTATE_MOST,
    )
    _listed(
        scene,
        needs,
        told.STREET_LIST,
        by=scene.actors["jiedao"],
        opened=date(2024, 5, 13),
        opens=date(2024, 6, 14),
        closes=date(2024, 6, 24),
        title=told.STREET_TITLE,
        about=told.STREET_ABOUT,
        place=scene.places["天骄街道"],
        budget_fen=told.STREET_YUAN * told.YUAN,
        who=Round.Who.DEPUTIES,
        kind=Kind.YES_NO,
        rule=Rule.MAJORITY,
    )


def _listed(
    scene: Scene,
    needs: Mapping[str, Need],
    candidates: Sequence[told.CandidateFacts],
    *,
    by: Actor,
    opened: date,
    opens: date,
    closes: date,
    most: Mapping[str, int] | None = None,
    **more: Any,
) -> Round:
    """Bring a round from its opening to the first day of voting."""
    published = opens - timedelta(days=7)
    plan = RoundPlan(
        year=2024,
        collect_until_on=opened + timedelta(days=14),
        check_until_on=published,
        publish_on=published,
        opens_on=opens,
        closes_on=closes,
        objections_until_on=closes + timedelta(days=14),
        **more,
    )
    round = round_open(by=by, plan=plan, at=_at(opened))
    department = scene.organisations[facts.EXAMPLE_DEPARTMENT]
    for day, one in enumerate(candidates, start=1):
        candidate_add(
            by=by,
            round=round,
            plan=CandidatePlan(
                title=one.title,
                place=scene.places[one.place],
                category=one.category,
                alternatives=one.alternatives,
                cost_fen=one.yuan * told.YUAN,
                department=department,
                need=needs[one.matter] if one.matter else None,
            ),
            at=_at(opened + timedelta(days=day)),
        )
    for kind, number in (most or {}).items():
        limit_set(by=by, round=round, category=kind, most=number, at=_at(plan.collect_until_on))
    checked = _at(plan.collect_until_on + timedelta(days=1))
    round_check(by=by, round=round, reason=told.COLLECTED, at=checked)
    for number, one in enumerate(candidates, start=1):
        candidate_check(
            by=by, round=round, number=number, feasible=one.feasible, reason=one.check, at=checked + timedelta(days=1)
        )
    round_publish(by=by, round=round, reason=told.LISTED, at=_at(published))
    return voting_open(by=by, round=round, reason=told.VOTING, at=_at(opens))


def _vote(scene: Scene, round: Round) -> None:
    """Households come to the counter, are admitted and vote on the shared tablet."""
    worker = scene.actors["shequ"]
    for estate, (households, wishes) in told.COMMUNITY_VOTES.items():
        for home in range(households):
            at = _at(round.opens_on + timedelta(days=1 + home % 10), hour=14)
            building = scene.places[f"{estate}{home % 4 + 1}号楼"]
            code = voter_admit(by=worker, round=round, building=building, home=f"{home // 4 + 1}01", at=at)
            pairs = [(number, 1) for number in wishes[home % len(wishes)]]
            ballot_cast(by=RESIDENT, round=round, pairs=pairs, salt=fresh_salt(), pass_code=code, at=at)


def _vote_on_paper(scene: Scene, round: Round) -> None:
    """Households without a telephone draw a paper; the community and the street enter each, and both read the same."""
    readers, at = (scene.actors["shequ"], scene.actors["jiedao"]), _at(round.closes_on, hour=15)
    building = scene.places[told.PAPER_BUILDING]
    for home, paper in enumerate(papers_print(by=readers[0], round=round, number=told.PAPERS, at=at), start=1):
        paper_hand_out(by=readers[0], round=round, building=building, home=f"{home}02", at=at)
        pairs = [(number, 1) for number in told.PAPER_WISHES[home % len(told.PAPER_WISHES)]]
        for reader in readers:
            paper_enter(by=reader, round=round, serial=paper.serial, pairs=pairs, at=at)


def _at(day: date, *, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), ZONE)
