"""The pages of one offer, one ask and one match, and the bench of those who give and ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from yiting.alliances.errors import AskMissing, MatchMissing, OfferMissing
from yiting.alliances.models import Ask, Match, MatchDay, Offer
from yiting.alliances.policies import may_give_for, units_of
from yiting.alliances.queries.pooling.filling import list_own_units
from yiting.alliances.queries.pooling.fitting import (
    list_open_offers,
    parts_of,
    reasons,
    still_asked,
    to_be_had,
    weigh,
)
from yiting.alliances.queries.pooling.rows import (
    ASK_RELATED,
    MATCH_RELATED,
    OFFER_RELATED,
    AskRow,
    MatchRow,
    OfferRow,
    ask_row,
    match_row,
    match_sides,
    offer_row,
    speaks_for_ask,
)
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.methods.matchings import suggestions_for_ask
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries.roles import path_under

BENCH_ROWS = 100
FURTHER = 5
DAYS_OFFERED = 30


@dataclass(frozen=True, slots=True)
class OfferPage:
    """An offer with what was promised of it; `asks` are the reader's own that it could serve."""

    offer: OfferRow
    withdraw_reason: str
    matches: tuple[MatchRow, ...]
    held_days: tuple[date, ...]
    is_mine: bool
    asks: tuple[AskRow, ...]
    entries: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that could serve an ask, with the reasons."""

    offer: OfferRow
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """An ask with what was promised to it; candidates and suggestions are for those who may answer."""

    ask: AskRow
    close_reason: str
    matches: tuple[MatchRow, ...]
    is_mine: bool
    candidates: tuple[Candidate, ...]
    offers: tuple[OfferRow, ...]
    entries: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class PoolBench:
    """What waits for the reader's units, the most pressing first, and what they offer and ask for."""

    answers: tuple[MatchRow, ...]
    suggested: tuple[MatchRow, ...]
    promised: tuple[MatchRow, ...]
    waiting: tuple[MatchRow, ...]
    thanks: tuple[MatchRow, ...]
    offers: tuple[OfferRow, ...]
    asks: tuple[AskRow, ...]
    units: tuple[Organisation, ...]


def get_offer(pk: int) -> Offer:
    """Return an offer with what its line shows, or raise OfferMissing. One query."""
    found = Offer.objects.select_related(*OFFER_RELATED).filter(pk=pk).first()
    if found is None:
        raise OfferMissing
    return found


def get_ask(pk: int) -> Ask:
    """Return an ask with what its line shows, or raise AskMissing. One query."""
    found = Ask.objects.select_related(*ASK_RELATED).filter(pk=pk).first()
    if found is None:
        raise AskMissing
    return found


def get_match(pk: int, by: Actor) -> Match:
    """Return a match that the reader has a side in; anybody else's is not there. Two queries."""
    found = _with_days(Match.objects.filter(pk=pk)).first()
    if found is None or not match_sides(found, by):
        raise MatchMissing
    return found


def get_offer_page(pk: int, *, by: Actor, day: date) -> OfferPage:
    """Return the page of an offer; at most seven queries."""
    offer = get_offer(pk)
    mine = may_give_for(by, organisation_id=offer.organisation_id)
    matches = _shown(Match.objects.filter(offer=offer), by)
    held = MatchDay.objects.filter(offer=offer, held=True, on__gte=day).order_by("on").values_list("on", flat=True)
    fitting = Ask.objects.filter(still_asked(day), _speaks_for(by), kind=offer.kind_id) if by.is_staff else None
    asks = fitting.select_related(*ASK_RELATED).order_by("-pk")[:BENCH_ROWS] if fitting is not None else ()
    return OfferPage(
        offer=offer_row(offer),
        withdraw_reason=offer.withdraw_reason,
        matches=matches,
        held_days=tuple(held[:DAYS_OFFERED]),
        is_mine=mine,
        asks=tuple(ask_row(ask) for ask in asks if ask.organisation_id != offer.organisation_id),
        entries=tuple(list_entries("alliances.offer", [offer.pk], public_only=True)),
    )


def get_ask_page(pk: int, *, by: Actor, day: date) -> AskPage:
    """Return the page of an ask; those who ask see the offers that fit, the best first. At most thirteen queries."""
    ask = get_ask(pk)
    mine = speaks_for_ask(ask, by)
    matches = _shown(Match.objects.filter(ask=ask), by)
    own: Iterable[Offer] = ()
    if by.is_staff:
        fitting = Offer.objects.filter(to_be_had(day), organisation__in=units_of(by), kind=ask.kind_id)
        own = fitting.select_related(*OFFER_RELATED).order_by("-pk")[:BENCH_ROWS]
    standing = {row.offer.pk for row in matches if row.state != Match.State.DELIVERED}
    return AskPage(
        ask=ask_row(ask),
        close_reason=ask.close_reason,
        matches=matches,
        is_mine=mine,
        candidates=_candidates(ask, standing, day) if mine and ask.state == Ask.State.OPEN else (),
        offers=tuple(offer_row(offer) for offer in own if offer.organisation_id != ask.organisation_id),
        entries=tuple(list_entries("alliances.ask", [ask.pk], public_only=True)),
    )


def get_pool_bench(by: Actor, *, day: date) -> PoolBench:
    """Return what waits for the reader's units and places; five queries."""
    units = units_of(by)
    mine = Q(offer__organisation__in=units) | _speaks_for(by, "ask__")
    states = (Match.State.SUGGESTED, Match.State.CLAIMED, Match.State.CONFIRMED)
    open_or_unthanked = Q(state__in=states) | Q(state=Match.State.DELIVERED, thanks_at__isnull=True)
    found = _with_days(Match.objects.filter(mine & open_or_unthanked)).order_by(_PRESSING, "-pk")[:BENCH_ROWS]
    rows = [match_row(match, by) for match in found]
    offers = Offer.objects.filter(organisation__in=units).exclude(state=Offer.State.WITHDRAWN)
    asks = Ask.objects.filter(_speaks_for(by)).exclude(state=Ask.State.CLOSED)
    return PoolBench(
        answers=tuple(row for row in rows if "confirm" in row.acts),
        suggested=tuple(row for row in rows if row.state == Match.State.SUGGESTED),
        promised=tuple(row for row in rows if row.state == Match.State.CONFIRMED),
        waiting=tuple(row for row in rows if row.state == Match.State.CLAIMED and "confirm" not in row.acts),
        thanks=tuple(row for row in rows if "thank" in row.acts),
        offers=tuple(offer_row(one) for one in offers.select_related(*OFFER_RELATED).order_by("-pk")[:BENCH_ROWS]),
        asks=tuple(ask_row(one) for one in asks.select_related(*ASK_RELATED).order_by("-pk")[:BENCH_ROWS]),
        units=tuple(list_own_units(by)),
    )


def free_days(offer: Offer, ask: Ask, *, day: date) -> list[date]:
    """The next days on which a whole thing is free and wanted. One query."""
    first = max(offer.since_on or day, ask.since_on or day, day)
    last = min(offer.until_on or date.max, ask.until_on or date.max)
    held = set(MatchDay.objects.filter(offer=offer, held=True, on__gte=first).values_list("on", flat=True))
    span = min((last - first).days + 1, DAYS_OFFERED + len(held))
    days = (date.fromordinal(first.toordinal() + n) for n in range(span))
    return [one for one in days if one not in held][:DAYS_OFFERED]


_PRESSING = Case(
    When(state=Match.State.CLAIMED, then=Value(0)),
    When(state=Match.State.CONFIRMED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def _with_days(found: QuerySet[Match]) -> QuerySet[Match]:
    return found.select_related(*MATCH_RELATED).prefetch_related("days")


def _shown(found: QuerySet[Match], by: Actor) -> tuple[MatchRow, ...]:
    """What the reader may see of some matches: everybody what was promised, the sides all of theirs. Two queries."""
    matches = _with_days(found).order_by(_PRESSING, "-pk")
    return tuple(match_row(one, by) for one in matches if one.confirmed_at is not None or match_sides(one, by))


def _speaks_for(by: Actor, prefix: str = "") -> Q:
    """Condition on asks: those for which the reader may answer."""
    residents = Q(**{f"{prefix}need__isnull": False}) | Q(**{f"{prefix}project__isnull": False})
    own = Q(**{f"{prefix}organisation__in": units_of(by)})
    return (~residents & own) | (residents & path_under(f"{prefix}place_path", by.work_paths))


def _candidates(ask: Ask, standing: Iterable[int], day: date) -> tuple[Candidate, ...]:
    """The offers that fit an ask best, besides those that stand with it already. Six queries."""
    offers = {one.pk: one for one in list_open_offers(Q(kind=ask.kind_id), day) if one.pk not in set(standing)}
    scope = weigh(list(offers.values()), [ask], day=day, known=Match.objects.none())
    found: Sequence[Candidate] = ()
    if scope.asks:
        found = [
            Candidate(offer_row(offers[int(pair.offer)]), tuple(reasons(parts_of(pair.fit))))
            for pair in suggestions_for_ask(scope.asks[0], scope.offers, rules=scope.rules, most=FURTHER)
        ]
    return tuple(found)
