"""One offer, one ask, one match as a line of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiting.alliances.amounts import said
from yiting.alliances.models import Ask, Match, Offer
from yiting.alliances.policies import may_ask_for, may_give_for
from yiting.alliances.queries.pooling.fitting import reasons
from yiting.needs.queries.wording import shown_words
from yiting.people.actors import Actor
from yiting.places.queries import short_name


@dataclass(frozen=True, slots=True)
class OfferRow:
    """What can be given, and what is left of it."""

    pk: int
    title: str
    unit: str
    kind_name: str
    amount: str
    left: str
    is_left: bool
    whole: bool
    since_on: date | None
    until_on: date | None
    place_name: str
    conditions: str
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """What is asked for, what is still lacking, and for which need or project."""

    pk: int
    title: str
    unit: str
    kind_name: str
    amount: str
    lacks: str
    is_lacking: bool
    whole: bool
    since_on: date | None
    until_on: date | None
    place_name: str
    households: int | None
    need_code: str
    need_title: str
    project_code: str
    project_title: str
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """An offer and an ask together: how far they are, and what this reader may do about it."""

    pk: int
    state: str
    state_label: str
    offer: OfferRow
    ask: AskRow
    amount: str
    days: tuple[date, ...]
    reasons: tuple[str, ...]
    reason: str
    ended_by_giver: bool
    claimed_by_giver: bool
    claimed_at: datetime | None
    confirmed_at: datetime | None
    delivered: str
    delivered_on: date | None
    delivered_note: str
    thanks: str
    acts: tuple[str, ...]


OFFER_RELATED = ("kind", "organisation", "place__parent")
ASK_RELATED = ("kind", "organisation", "place__parent", "need", "project")
MATCH_RELATED = (
    *(f"offer__{name}" for name in OFFER_RELATED),
    *(f"ask__{name}" for name in ASK_RELATED),
)


def offer_row(offer: Offer) -> OfferRow:
    """An offer as a line; kind, unit and place must be loaded."""
    return OfferRow(
        pk=offer.pk,
        title=offer.title,
        unit=offer.organisation.name,
        kind_name=offer.kind.name,
        amount=said(offer.kind, offer.amount),
        left=said(offer.kind, offer.amount - offer.promised),
        is_left=offer.amount > offer.promised,
        whole=offer.kind.whole,
        since_on=offer.since_on,
        until_on=offer.until_on,
        place_name=short_name(offer.place),
        conditions=offer.conditions,
        state=offer.state,
        state_label=str(Offer.State(offer.state).label),
    )


def ask_row(ask: Ask) -> AskRow:
    """An ask as a line; a need that is not public yet is not named."""
    need = ask.need if ask.need is not None and ask.need.is_public else None
    return AskRow(
        pk=ask.pk,
        title=ask.title,
        unit=ask.organisation.name,
        kind_name=ask.kind.name,
        amount=said(ask.kind, ask.amount),
        lacks=said(ask.kind, ask.amount - ask.promised),
        is_lacking=ask.amount > ask.promised,
        whole=ask.kind.whole,
        since_on=ask.since_on,
        until_on=ask.until_on,
        place_name=short_name(ask.place),
        households=ask.households,
        need_code=need.code if need else "",
        need_title=shown_words(need.title) if need else "",
        project_code=ask.project.code if ask.project else "",
        project_title=ask.project.title if ask.project else "",
        state=ask.state,
        state_label=str(Ask.State(ask.state).label),
    )


def match_row(match: Match, by: Actor) -> MatchRow:
    """A match as a line for a reader; offer, ask and days must be loaded. Notes are for the sides alone."""
    sides = match_sides(match, by)
    kind = match.offer.kind
    return MatchRow(
        pk=match.pk,
        state=match.state,
        state_label=str(Match.State(match.state).label),
        offer=offer_row(match.offer),
        ask=ask_row(match.ask),
        amount=said(kind, match.amount),
        days=tuple(sorted(day.on for day in match.days.all())),
        reasons=tuple(reasons(match.parts)),
        reason=match.reason,
        ended_by_giver=match.ended_by == Match.Side.OFFER,
        claimed_by_giver=match.claimed_by == Match.Side.OFFER,
        claimed_at=match.claimed_at,
        confirmed_at=match.confirmed_at,
        delivered=said(kind, match.delivered_amount) if match.delivered_amount else "",
        delivered_on=match.delivered_on,
        delivered_note=match.delivered_note if sides else "",
        thanks=shown_words(match.thanks) if match.thanks_public or sides else "",
        acts=_acts(match, sides),
    )


def match_sides(match: Match, by: Actor) -> tuple[str, ...]:
    """The sides of a match for which the reader may speak."""
    sides = []
    if may_give_for(by, organisation_id=match.offer.organisation_id):
        sides.append(Match.Side.OFFER.value)
    if speaks_for_ask(match.ask, by):
        sides.append(Match.Side.ASK.value)
    return tuple(sides)


def speaks_for_ask(ask: Ask, by: Actor) -> bool:
    """Whether the reader may answer for the asking side."""
    return may_ask_for(
        by,
        organisation_id=ask.organisation_id,
        place_path=ask.place_path,
        for_residents=ask.need_id is not None or ask.project_id is not None,
    )


def _acts(match: Match, sides: tuple[str, ...]) -> tuple[str, ...]:
    """What the reader's side may do next, the most wanted first."""
    if not sides:
        return ()
    if match.state == Match.State.SUGGESTED:
        return ("claim", "refuse")
    if match.state == Match.State.CLAIMED:
        answers = any(side != match.claimed_by for side in sides)
        return (("confirm", "refuse") if answers else ()) + (("withdraw",) if match.claimed_by in sides else ())
    if match.state == Match.State.CONFIRMED:
        return ("deliver", "withdraw")
    if match.state == Match.State.DELIVERED and Match.Side.ASK in sides:
        return ("thank",)
    return ()
