"""The only ways to offers, asks and matches for writing: found, permitted and locked.

What is scarce: the amount of an offer, the days of a whole thing, and what an ask still lacks. Locked are the offer,
then the ask, each in key order, then the match; the ledger head comes last. Every service that counts what is
promised holds the offer's row, so two promises of the same thing stand in line and the second sees the first. No key
changes, so the rows are locked without their keys: storing a suggestion never waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yiting.alliances.errors import (
    AskMissing,
    DaysReversed,
    KindMissing,
    MatchMissing,
    OfferMissing,
    PoolChanged,
    PoolTitleMissing,
)
from yiting.alliances.models import Ask, Match, Offer, ResourceKind
from yiting.alliances.policies import may_ask_for, may_give_for
from yiting.people.actors import Actor

TITLE_LIMIT = 80
# What one side or both have said yes to, and what did not come yet.
PENDING = (Match.State.CLAIMED, Match.State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Held:
    """A match with its offer and ask, all locked."""

    match: Match
    offer: Offer
    ask: Ask

    def sides_of(self, by: Actor) -> tuple[str, ...]:
        """The sides for which the actor may speak; nobody's match is not there."""
        sides = sides_of(by, self.offer, self.ask)
        if not sides:
            raise MatchMissing
        return sides


def take_offer(*, by: Actor, offer: Offer) -> Offer:
    """Lock an offer for a change by its own unit."""
    held = lock_offers([offer.pk]).get(offer.pk)
    if held is None or not may_give_for(by, organisation_id=held.organisation_id):
        raise OfferMissing
    return held


def take_ask(*, by: Actor, ask: Ask) -> tuple[Ask, list[Offer]]:
    """Lock an ask for its end by its own side, after the offers that stand with it."""
    standing = Match.objects.filter(ask=ask, state__in=PENDING)
    offers = lock_offers(standing.values_list("offer", flat=True))
    held = lock_asks([ask.pk]).get(ask.pk)
    if held is None or not may_speak_for(by, held):
        raise AskMissing
    if set(standing.values_list("offer", flat=True)) - offers.keys():
        raise PoolChanged
    return held, list(offers.values())


def take_pair(*, offer: Offer, ask: Ask) -> tuple[Offer, Ask]:
    """Lock an offer and an ask, in this order."""
    held_offer = lock_offers([offer.pk]).get(offer.pk)
    if held_offer is None:
        raise OfferMissing
    held_ask = lock_asks([ask.pk]).get(ask.pk)
    if held_ask is None:
        raise AskMissing
    return held_offer, held_ask


def take_match(match: Match) -> Held:
    """Lock a match with its offer and ask, and read again where it stands."""
    offer, ask = take_pair(offer=match.offer, ask=match.ask)
    held = Match.objects.select_for_update().filter(pk=match.pk).first()
    if held is None:
        raise MatchMissing
    return Held(held, offer, ask)


def lock_offers(keys: Iterable[int]) -> dict[int, Offer]:
    """Lock offers in key order."""
    found = Offer.objects.select_for_update(of=("self",), no_key=True).select_related("kind", "organisation")
    return {offer.pk: offer for offer in found.filter(pk__in=list(keys)).order_by("pk")}


def lock_asks(keys: Iterable[int]) -> dict[int, Ask]:
    """Lock asks in key order, after the offers."""
    found = Ask.objects.select_for_update(of=("self",), no_key=True).select_related("kind", "organisation")
    return {ask.pk: ask for ask in found.filter(pk__in=list(keys)).order_by("pk")}


def may_speak_for(by: Actor, ask: Ask) -> bool:
    """Whether the actor may answer for the asking side."""
    return may_ask_for(
        by,
        organisation_id=ask.organisation_id,
        place_path=ask.place_path,
        for_residents=ask.need_id is not None or ask.project_id is not None,
    )


def sides_of(by: Actor, offer: Offer, ask: Ask) -> tuple[str, ...]:
    """The sides of a pair for which the actor may speak."""
    sides = []
    if may_give_for(by, organisation_id=offer.organisation_id):
        sides.append(Match.Side.OFFER.value)
    if may_speak_for(by, ask):
        sides.append(Match.Side.ASK.value)
    return tuple(sides)


def pending_of(matches: QuerySet[Match]) -> list[Match]:
    """Drop the suggestions among these matches, and lock and return those that a side has said yes to."""
    matches.filter(state=Match.State.SUGGESTED).delete()
    return list(matches.filter(state__in=PENDING).select_for_update().order_by("pk"))


def book(held: Held, amount: int) -> None:
    """Count so much more as promised, or so much less: what came back is to be had, and lacks, again."""
    held.offer.promised += amount
    held.ask.promised += amount
    _follow(held.offer, held.ask)


def check_title(title: str) -> str:
    """Return the words without spaces at their ends, if there are any and not too many."""
    title = title.strip()
    if not title or len(title) > TITLE_LIMIT:
        raise PoolTitleMissing(limit=TITLE_LIMIT)
    return title


def check_days(since_on: date | None, until_on: date | None) -> None:
    """Refuse a last day before the first."""
    if since_on is not None and until_on is not None and until_on < since_on:
        raise DaysReversed


def check_kind(kind: ResourceKind) -> None:
    """Refuse a kind that is no longer in use."""
    if not kind.active:
        raise KindMissing


def share_a_day(offer: Offer, ask: Ask, days: Sequence[date] = ()) -> bool:
    """Whether the days of an offer and an ask meet, and hold every one of these days."""
    first = max((day for day in (offer.since_on, ask.since_on) if day is not None), default=date.min)
    last = min((day for day in (offer.until_on, ask.until_on) if day is not None), default=date.max)
    return first <= last and all(first <= day <= last for day in days)


def _follow(offer: Offer, ask: Ask) -> None:
    """Store what is promised, and what follows for the state of both."""
    if offer.state != Offer.State.WITHDRAWN:
        offer.state = Offer.State.USED_UP if offer.promised >= offer.amount else Offer.State.OPEN
    if ask.state != Ask.State.CLOSED:
        ask.state = Ask.State.MET if ask.promised >= ask.amount else Ask.State.OPEN
    offer.save(update_fields=["promised", "state"])
    ask.save(update_fields=["promised", "state"])
