"""From a fit to a thing delivered: claimed by one side, confirmed by the other, brought, thanked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.alliances.amounts import check_amount, said
from yiting.alliances.errors import (
    AskEnded,
    AskMissing,
    DaysApart,
    DaysMissing,
    DayTaken,
    DeliveredInFuture,
    DeliveredUnfit,
    KindsDiffer,
    MatchNotPossible,
    MatchStands,
    NotSoMuchAsked,
    NotSoMuchLeft,
    OfferEnded,
    OfferMissing,
    OtherSideFirst,
    PoolTitleMissing,
    PromiseReasonMissing,
)
from yiting.alliances.models import Ask, Match, MatchDay, Offer
from yiting.alliances.services.pooling.gates import (
    PENDING,
    Held,
    book,
    share_a_day,
    sides_of,
    take_match,
    take_pair,
)
from yiting.alliances.services.pooling.offers import REASON_LIMIT, give_up
from yiting.alliances.services.pooling.telling import tell_side
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.queries import local_day

NOTE_LIMIT = 400
THANKS_LIMIT = 200
OTHER = {Match.Side.OFFER: Match.Side.ASK, Match.Side.ASK: Match.Side.OFFER}


@transaction.atomic
def match_claim(
    *,
    by: Actor,
    offer: Offer,
    ask: Ask,
    side: str,
    amount: int | None = None,
    days: Sequence[date] = (),
    at: datetime,
) -> Match:
    """Say yes for one side; the other is told and confirms. A whole thing is claimed for days, one for each of it.

    Locks the offer and the ask. Nothing is kept for the claim: what is left is counted again at the confirmation.
    """
    held_offer, held_ask = take_pair(offer=offer, ask=ask)
    if side not in sides_of(by, held_offer, held_ask):
        raise OfferMissing if side == Match.Side.OFFER else AskMissing
    days = tuple(sorted(set(days))) if held_offer.kind.whole else ()
    if held_offer.kind.whole and not days:
        raise DaysMissing
    wanted = len(days) or amount
    if wanted is None:
        wanted = max(1, min(held_offer.amount - held_offer.promised, held_ask.amount - held_ask.promised))
    _require_room(held_offer, held_ask, check_amount(wanted), days)
    match = Match.objects.select_for_update().filter(offer=held_offer, ask=held_ask, state=Match.State.SUGGESTED)
    claimed = match.first() or Match(offer=held_offer, ask=held_ask)
    if Match.objects.filter(offer=held_offer, ask=held_ask, state__in=PENDING).exists():
        raise MatchStands
    claimed.amount, claimed.state = wanted, Match.State.CLAIMED
    claimed.claimed_by, claimed.claimed_at = side, at
    claimed.save()
    claimed.days.all().delete()
    MatchDay.objects.bulk_create(MatchDay(match=claimed, offer=held_offer, on=day) for day in days)
    text = said(held_offer.kind, wanted)
    facts = {"unit": _unit(held_offer, held_ask, side), "kind": held_offer.kind.name, "amount": text}
    # what only one side wants is between the two, so that a no later on shames nobody
    entry_append(kind="alliances.match.claimed", obj=claimed, by=by, at=at, facts=facts, public=False)
    if side == Match.Side.OFFER:
        subject = _("%(unit)s would give you %(amount)s: %(what)s")
    else:
        subject = _("%(unit)s asks you for %(amount)s: %(what)s")
    names = {"unit": facts["unit"], "amount": text, "what": held_offer.title}
    tell_side(
        claimed,
        OTHER[Match.Side(side)],
        offer=held_offer,
        ask=held_ask,
        subject=subject % names,
        body=_("Please confirm it, or say that it does not suit you."),
        event="claimed",
        at=at,
    )
    return claimed


@transaction.atomic
def match_confirm(*, by: Actor, match: Match, at: datetime) -> Match:
    """Say yes for the other side: from now it is promised. Locks the offer and the ask, and counts again."""
    held = take_match(match)
    sides = held.sides_of(by)
    _require(held.match, Match.State.CLAIMED)
    side = OTHER[Match.Side(held.match.claimed_by)]
    if side not in sides:
        raise OtherSideFirst
    days = tuple(held.match.days.order_by("on").values_list("on", flat=True))
    _require_room(held.offer, held.ask, held.match.amount, days)
    book(held, held.match.amount)
    held.match.days.update(held=True)
    held.match.state, held.match.confirmed_at = Match.State.CONFIRMED, at
    held.match.save(update_fields=["state", "confirmed_at"])
    facts = {
        "giver": held.offer.organisation.name,
        "asker": held.ask.organisation.name,
        "kind": held.offer.kind.name,
        "amount": said(held.offer.kind, held.match.amount),
        "days": [str(day) for day in days],
    }
    entry_append(kind="alliances.match.promised", obj=held.match, by=by, at=at, facts=facts)
    _tell(held, held.match.claimed_by, _("Confirmed: %(what)s"), event="confirmed", at=at)
    return held.match


@transaction.atomic
def match_refuse(*, by: Actor, match: Match, reason: str = "", at: datetime) -> Match:
    """Say no to a suggestion, or to what the other side claimed; the pair is not suggested again."""
    held = take_match(match)
    sides = held.sides_of(by)
    _require(held.match, Match.State.SUGGESTED, Match.State.CLAIMED)
    claimed = bool(held.match.claimed_by)
    side = OTHER[Match.Side(held.match.claimed_by)] if claimed else Match.Side(sides[0])
    if side not in sides:
        raise OtherSideFirst
    held.match.state, held.match.ended_by, held.match.ended_at = Match.State.REFUSED, side, at
    held.match.reason = reason.strip()[:REASON_LIMIT]
    held.match.save(update_fields=["state", "ended_by", "ended_at", "reason"])
    # who said no to whom is between the two, and nobody's standing
    entry_append(kind="alliances.match.refused", obj=held.match, by=by, at=at, facts={"side": side}, public=False)
    if claimed:
        _tell(held, OTHER[side], _("It does not suit them: %(what)s"), event="refused", body=held.match.reason, at=at)
    return held.match


@transaction.atomic
def match_withdraw(*, by: Actor, match: Match, reason: str, at: datetime) -> Match:
    """Give up one's own claim, or what both had promised; the other side is told why, and the ask is open again."""
    held = take_match(match)
    sides = held.sides_of(by)
    _require(held.match, *PENDING)
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise PromiseReasonMissing
    own = held.match.claimed_by
    if held.match.state == Match.State.CLAIMED and own not in sides:
        raise MatchNotPossible(state=Match.State(held.match.state).label)
    give_up(held, by=by, side=own if own in sides else sides[0], reason=reason, at=at)
    return held.match


@transaction.atomic
def match_deliver(*, by: Actor, match: Match, amount: int, on: date, note: str = "", at: datetime) -> Match:
    """Note what came: how much, on which day. What did not come of a promise is to be had, and lacks, again."""
    held = take_match(match)
    sides = held.sides_of(by)
    _require(held.match, Match.State.CONFIRMED)
    if not 1 <= amount <= held.match.amount:
        raise DeliveredUnfit(promised=said(held.offer.kind, held.match.amount))
    if on > local_day(at):
        raise DeliveredInFuture
    if amount < held.match.amount:
        book(held, amount - held.match.amount)
    held.match.state, held.match.delivered_at = Match.State.DELIVERED, at
    held.match.delivered_amount, held.match.delivered_on = amount, on
    held.match.delivered_note = note.strip()[:NOTE_LIMIT]
    held.match.save()
    facts = {
        "giver": held.offer.organisation.name,
        "asker": held.ask.organisation.name,
        "kind": held.offer.kind.name,
        "amount": said(held.offer.kind, amount),
        "on": str(on),
    }
    entry_append(kind="alliances.match.delivered", obj=held.match, by=by, at=at, facts=facts)
    for side in Match.Side:
        if side not in sides:
            _tell(held, side, _("Noted as delivered: %(what)s"), event="delivered", at=at)
    return held.match


@transaction.atomic
def thanks_give(*, by: Actor, match: Match, words: str, public: bool = False, at: datetime) -> Match:
    """Thank for what came, in a word; shown to everybody only if both this word and the wish say so."""
    held = take_match(match)
    if Match.Side.ASK not in held.sides_of(by):
        raise AskMissing
    _require(held.match, Match.State.DELIVERED)
    words = words.strip()
    if not words or len(words) > THANKS_LIMIT:
        raise PoolTitleMissing(limit=THANKS_LIMIT)
    held.match.thanks, held.match.thanks_public, held.match.thanks_at = words, public, at
    held.match.save(update_fields=["thanks", "thanks_public", "thanks_at"])
    facts = {"giver": held.offer.organisation.name}
    entry_append(kind="alliances.match.thanked", obj=held.match, by=by, at=at, facts=facts, public=public)
    _tell(held, Match.Side.OFFER, _("Thanks for %(what)s"), event=f"thanked-{at:%Y%m%d%H%M%S}", body=words, at=at)
    return held.match


def _require(match: Match, *states: str) -> None:
    if match.state not in states:
        raise MatchNotPossible(state=Match.State(match.state).label)


def _require_room(offer: Offer, ask: Ask, amount: int, days: Sequence[date]) -> None:
    """Refuse a promise that does not fit what is offered and asked for today. Both are locked."""
    if offer.state == Offer.State.WITHDRAWN:
        raise OfferEnded
    if ask.state == Ask.State.CLOSED:
        raise AskEnded
    if offer.kind_id != ask.kind_id:
        raise KindsDiffer
    if not share_a_day(offer, ask, days):
        raise DaysApart
    taken = MatchDay.objects.filter(offer=offer, on__in=days, held=True).order_by("on").first()
    if taken is not None:
        raise DayTaken(day=taken.on)
    if amount > offer.amount - offer.promised:
        raise NotSoMuchLeft(left=said(offer.kind, offer.amount - offer.promised))
    if amount > ask.amount - ask.promised:
        raise NotSoMuchAsked(left=said(ask.kind, ask.amount - ask.promised))


def _unit(offer: Offer, ask: Ask, side: str) -> str:
    return offer.organisation.name if side == Match.Side.OFFER else ask.organisation.name


def _tell(held: Held, side: str, subject: str, *, event: str, body: str = "", at: datetime) -> None:
    tell_side(
        held.match,
        side,
        offer=held.offer,
        ask=held.ask,
        subject=subject % {"what": held.offer.title},
        body=body,
        event=event,
        at=at,
    )
