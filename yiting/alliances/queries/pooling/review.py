"""What the units of an alliance offered, promised and delivered in a season, counted from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from yiting.alliances.amounts import said
from yiting.alliances.models import Alliance, Match, Membership, Offer, ResourceKind
from yiting.alliances.queries.pooling.fitting import leading_ids
from yiting.alliances.queries.pooling.rows import (
    MATCH_RELATED,
    OFFER_RELATED,
    MatchRow,
    OfferRow,
    match_row,
    offer_row,
)
from yiting.needs.queries.wording import shown_words
from yiting.people.actors import RESIDENT
from yiting.people.models import Organisation

RECORDS = 30
OFFERS_LISTED = 300


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One kind: what was promised and what came. Of money the numbers are fen, without a unit; take the texts."""

    what: str
    offers: int
    promised: int
    delivered: int
    unit: str
    promised_text: str
    delivered_text: str
    url: str


@dataclass(frozen=True, slots=True)
class ServedNeed:
    """A public need that something was promised to or delivered for."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class PoolReview:
    """A season of pooling: by kind, and the needs that were served."""

    rows: tuple[PoolRow, ...]
    offers: int
    promises: int
    deliveries: int
    needs: tuple[ServedNeed, ...]
    needs_unseen: int


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """The records that a review counted: the offers made, and a page of what was promised or came."""

    offers: tuple[OfferRow, ...]
    matches: tuple[MatchRow, ...]
    pager: Page[Match]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a review counts of an alliance's members in a season."""

    offers: QuerySet[Offer]
    promised: QuerySet[Match]
    delivered: QuerySet[Match]


def review_of(alliance: Alliance, since: date, until: date) -> PoolReview:
    """Return the review of a season, both days included; five queries.

    Counted is what organisations gave that were members on one of these days: offers by the day they were made,
    promises by the day both sides confirmed (whatever came of them), deliveries by the day they came.
    """
    counted = _counted(alliance, since, until)
    made = dict(counted.offers.order_by().values_list("kind").annotate(Count("pk")))
    yes, came = _sums(counted.promised, "amount"), _sums(counted.delivered, "delivered_amount")
    served = list(
        _either(counted)
        .filter(ask__need__isnull=False)
        .order_by("ask__need__code")
        .values_list("ask__need__code", "ask__need__title", "ask__need__is_public")
        .distinct()
    )
    address = reverse("alliances:pool_record", args=[alliance.slug])
    rows = []
    for kind in ResourceKind.objects.order_by("pool__position", "position", "pk"):
        if kind.pk in made or kind.pk in yes or kind.pk in came:
            (_n, amount), (_m, brought) = yes.get(kind.pk, (0, 0)), came.get(kind.pk, (0, 0))
            rows.append(
                PoolRow(
                    what=kind.name,
                    offers=made.get(kind.pk, 0),
                    promised=amount,
                    delivered=brought,
                    unit="" if kind.money else kind.measure,
                    promised_text=said(kind, amount),
                    delivered_text=said(kind, brought),
                    url=f"{address}?since={since}&until={until}&kind={kind.code}",
                )
            )
    return PoolReview(
        rows=tuple(rows),
        offers=sum(made.values()),
        promises=sum(many for many, _amount in yes.values()),
        deliveries=sum(many for many, _amount in came.values()),
        needs=tuple(ServedNeed(code, shown_words(title)) for code, title, public in served if public),
        needs_unseen=sum(not public for _code, _title, public in served),
    )


def get_record(
    alliance: Alliance, since: date, until: date, *, kind: str = "", page: int | str = 1, size: int = RECORDS
) -> PoolRecord:
    """Return what `review_of` counted of a kind, or of all; five queries."""
    counted = _counted(alliance, since, until)
    of_kind = Q(kind__code=kind) if kind else Q()
    offers = counted.offers.filter(of_kind).select_related(*OFFER_RELATED).order_by("-created_at", "-pk")
    given = _either(counted).filter(Q(offer__kind__code=kind) if kind else Q())
    listed = given.select_related(*MATCH_RELATED).prefetch_related("days").order_by("-confirmed_at", "-pk")
    pager = Paginator(listed, size).get_page(page)
    return PoolRecord(
        offers=tuple(offer_row(offer) for offer in offers[:OFFERS_LISTED]) if pager.number == 1 else (),
        matches=tuple(match_row(match, RESIDENT) for match in pager.object_list),
        pager=pager,
    )


def _counted(alliance: Alliance, since: date, until: date) -> _Counted:
    members = Membership.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=until),
        Q(left_on__isnull=True) | Q(left_on__gte=since),
        alliance=alliance,
        organisation__isnull=False,
    ).values("organisation")
    first, end = _span(alliance, since, until)
    units = Organisation.objects.filter(Q(pk__in=members) | Q(pk__in=leading_ids(alliance))).values("pk")
    offers = Offer.objects.filter(organisation__in=units, created_at__gte=first, created_at__lt=end)
    given = Match.objects.filter(offer__organisation__in=units)
    promised = given.filter(confirmed_at__gte=first, confirmed_at__lt=end)
    delivered = given.filter(state=Match.State.DELIVERED, delivered_on__range=(since, until))
    return _Counted(offers, promised, delivered)


def _either(counted: _Counted) -> QuerySet[Match]:
    """What was promised in the season, or came in it."""
    both = Q(pk__in=counted.promised.values("pk")) | Q(pk__in=counted.delivered.values("pk"))
    return Match.objects.filter(both)


def _span(alliance: Alliance, since: date, until: date) -> tuple[datetime, datetime]:
    """The season as moments, in the zone of the alliance's place."""
    zone = ZoneInfo(alliance.place.zone)
    return datetime.combine(since, time.min, zone), datetime.combine(until + timedelta(days=1), time.min, zone)


def _sums(found: QuerySet[Any], amount: str) -> dict[int, tuple[int, int]]:
    counted = found.order_by().values_list("offer__kind").annotate(Count("pk"), Sum(amount))
    return {kind: (many, total) for kind, many, total in counted}
