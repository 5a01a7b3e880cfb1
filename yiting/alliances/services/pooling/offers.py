"""What an organisation can give: made, changed, withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.alliances.amounts import check_amount, said
from yiting.alliances.errors import DaysApart, OfferEnded, OfferMissing, PromisedAlready, PromiseReasonMissing
from yiting.alliances.models import Match, MatchDay, Offer, ResourceKind
from yiting.alliances.policies import may_give_for
from yiting.alliances.services.pooling.gates import (
    Held,
    book,
    check_days,
    check_kind,
    check_title,
    lock_asks,
    pending_of,
    share_a_day,
    take_offer,
)
from yiting.alliances.services.pooling.telling import tell_side
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place

CONDITIONS_LIMIT = 400
REASON_LIMIT = 400


@transaction.atomic
def offer_make(
    *,
    by: Actor,
    organisation: Organisation,
    kind: ResourceKind,
    title: str,
    amount: int,
    since_on: date | None = None,
    until_on: date | None = None,
    place: Place | None = None,
    conditions: str = "",
    at: datetime,
) -> Offer:
    """Offer something of one's unit: so much of it, or on so many days when it goes as a whole."""
    if not may_give_for(by, organisation_id=organisation.pk):
        raise OfferMissing
    check_kind(kind)
    check_days(since_on, until_on)
    where = place or organisation.place
    offer = Offer.objects.create(
        organisation=organisation,
        kind=kind,
        title=check_title(title),
        amount=check_amount(amount),
        since_on=since_on,
        until_on=until_on,
        place=where,
        place_path=where.path,
        conditions=conditions.strip()[:CONDITIONS_LIMIT],
        created_at=at,
    )
    facts = {"unit": organisation.name, "kind": kind.name, "amount": said(kind, amount)}
    entry_append(kind="alliances.offer.made", obj=offer, by=by, at=at, facts=facts)
    return offer


@transaction.atomic
def offer_change(
    *,
    by: Actor,
    offer: Offer,
    title: str,
    amount: int,
    since_on: date | None = None,
    until_on: date | None = None,
    conditions: str = "",
    at: datetime,
) -> Offer:
    """Change an offer as a whole; what is promised of it stays promised. Locks the offer."""
    held = take_offer(by=by, offer=offer)
    if held.state == Offer.State.WITHDRAWN:
        raise OfferEnded
    check_days(since_on, until_on)
    if check_amount(amount) < held.promised:
        raise PromisedAlready(promised=said(held.kind, held.promised))
    held.title, held.amount = check_title(title), amount
    held.since_on, held.until_on = since_on, until_on
    held.conditions = conditions.strip()[:CONDITIONS_LIMIT]
    _refuse_promised_days_outside(held)
    held.state = Offer.State.USED_UP if held.promised >= held.amount else Offer.State.OPEN
    held.save()
    facts = {"kind": held.kind.name, "amount": said(held.kind, amount)}
    entry_append(kind="alliances.offer.changed", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def offer_withdraw(*, by: Actor, offer: Offer, reason: str, at: datetime) -> Offer:
    """Withdraw an offer: what was promised of it and not delivered is given up with this reason.

    Locks the offer, then its asks. The asking sides are told, and what they ask for is open again.
    """
    held = take_offer(by=by, offer=offer)
    reason = reason.strip()[:REASON_LIMIT]
    if held.state == Offer.State.WITHDRAWN:
        raise OfferEnded
    if not reason:
        raise PromiseReasonMissing
    matches = pending_of(Match.objects.filter(offer=held))
    asks = lock_asks(match.ask_id for match in matches)
    held.state, held.withdraw_reason, held.ended_at = Offer.State.WITHDRAWN, reason, at
    held.save(update_fields=["state", "withdraw_reason", "ended_at"])
    entry_append(kind="alliances.offer.withdrawn", obj=held, by=by, at=at, facts={"reason": reason})
    for match in matches:
        give_up(Held(match, held, asks[match.ask_id]), by=by, side=Match.Side.OFFER, reason=reason, at=at)
    return held


def give_up(held: Held, *, by: Actor, side: str, reason: str, at: datetime) -> None:
    """End a claim or promise in the name of one side; the other is told. The offer, ask and match are locked."""
    match = held.match
    promised = match.state == Match.State.CONFIRMED
    if promised:
        book(held, -match.amount)
        MatchDay.objects.filter(match=match).update(held=False)
    match.state, match.ended_by, match.reason, match.ended_at = Match.State.WITHDRAWN, side, reason, at
    match.save(update_fields=["state", "ended_by", "reason", "ended_at"])
    facts = {"reason": reason, "promised": promised}
    entry_append(kind="alliances.match.withdrawn", obj=match, by=by, at=at, facts=facts, public=promised)
    if side == Match.Side.OFFER:
        subject = _("Not to be had after all: %(what)s") % {"what": held.offer.title}
    else:
        subject = _("Not needed after all: %(what)s") % {"what": held.ask.title}
    other = Match.Side.ASK if side == Match.Side.OFFER else Match.Side.OFFER
    tell_side(match, other, offer=held.offer, ask=held.ask, subject=subject, body=reason, event="withdrawn", at=at)


def _refuse_promised_days_outside(offer: Offer) -> None:
    """What is promised and not delivered yet must still lie in the days of the offer."""
    promised = Match.objects.filter(offer=offer, state=Match.State.CONFIRMED).select_related("ask")
    days: dict[int, list[date]] = {}
    for key, day in MatchDay.objects.filter(match__in=promised, held=True).values_list("match", "on"):
        days.setdefault(key, []).append(day)
    if not all(share_a_day(offer, match.ask, days.get(match.pk, ())) for match in promised):
        raise DaysApart
