"""What an alliance's members offered, promised and delivered in a season, counted from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from yiting.alliances.amounts import said
from yiting.alliances.models import Alliance, Match, Membership, Offer, ResourceKind
from yiting.needs.queries.wording import shown_words


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
    """A need that something was promised to or delivered for; its title only when it is public."""

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


def review_of(alliance: Alliance, since: date, until: date) -> PoolReview:
    """Return the review of a season, both days included; six queries.

    Counted is what organisations gave that were members on one of these days: offers by the day they were made,
    promises by the day both sides confirmed (whatever came of them), deliveries by the day they came.
    """
    members = Membership.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=until),
        Q(left_on__isnull=True) | Q(left_on__gte=since),
        alliance=alliance,
        organisation__isnull=False,
    ).values("organisation")
    first, end = _span(alliance, since, until)
    offers = Offer.objects.filter(organisation__in=members, created_at__gte=first, created_at__lt=end)
    given = Match.objects.filter(offer__organisation__in=members)
    promised = given.filter(confirmed_at__gte=first, confirmed_at__lt=end)
    delivered = given.filter(state=Match.State.DELIVERED, delivered_on__range=(since, until))
    made = dict(offers.order_by().values_list("kind").annotate(Count("pk")))
    yes, came = _sums(promised, "amount"), _sums(delivered, "delivered_amount")
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
                    url=reverse("alliances:pool", args=[alliance.slug]) + f"?kind={kind.code}",
                )
            )
    return PoolReview(
        rows=tuple(rows),
        offers=sum(made.values()),
        promises=sum(many for many, _amount in yes.values()),
        deliveries=sum(many for many, _amount in came.values()),
        needs=_needs(promised, delivered),
    )


def _span(alliance: Alliance, since: date, until: date) -> tuple[datetime, datetime]:
    """The season as moments, in the zone of the alliance's place."""
    zone = ZoneInfo(alliance.place.zone)
    return datetime.combine(since, time.min, zone), datetime.combine(until + timedelta(days=1), time.min, zone)


def _sums(found: QuerySet[Any], amount: str) -> dict[int, tuple[int, int]]:
    counted = found.order_by().values_list("offer__kind").annotate(Count("pk"), Sum(amount))
    return {kind: (many, total) for kind, many, total in counted}


def _needs(*found: QuerySet[Match]) -> tuple[ServedNeed, ...]:
    """The needs behind the asks, by their code. One query."""
    either = Q()
    for matches in found:
        either |= Q(pk__in=matches.values("pk"))
    served = Match.objects.filter(either, ask__need__isnull=False).order_by("ask__need__code")
    values = served.values_list("ask__need__code", "ask__need__title", "ask__need__is_public").distinct()
    return tuple(ServedNeed(code, shown_words(title) if public else "") for code, title, public in values)
