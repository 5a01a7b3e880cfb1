"""What can be given and what is asked for, side by side; and by kind, how much there is of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum

from yiting.alliances.amounts import said
from yiting.alliances.errors import KindMissing
from yiting.alliances.models import Alliance, Ask, Match, Offer, Pool, ResourceKind
from yiting.alliances.queries.pooling.fitting import asks_of, member_ids, offers_of, still_asked, to_be_had
from yiting.alliances.queries.pooling.rows import ASK_RELATED, OFFER_RELATED, AskRow, OfferRow, ask_row, offer_row
from yiting.needs.queries.wording import shown_words

PAGE = 20
THANKS_SHOWN = 5
Row = TypeVar("Row", Offer, Ask)


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind: what is left of all offers, what all asks still lack, and how many of each there are."""

    code: str
    name: str
    pool_name: str
    offers: int
    left: str
    asks: int
    lacks: str


@dataclass(frozen=True, slots=True)
class ThanksRow:
    """A public word of thanks."""

    words: str
    giver: str
    asker: str
    what: str


@dataclass(frozen=True, slots=True)
class PoolFilters:
    """What the lists are narrowed to."""

    kind: str = ""
    alliance: Alliance | None = None


@dataclass(frozen=True, slots=True)
class PoolPage:
    """The page of what is pooled; the marks lead to the next rows of each list."""

    alliances: tuple[Alliance, ...]
    kinds: tuple[KindRow, ...]
    offers: tuple[OfferRow, ...]
    offers_after: int | None
    asks: tuple[AskRow, ...]
    asks_after: int | None
    thanks: tuple[ThanksRow, ...]


def get_pool_page(
    filters: PoolFilters, *, day: date, offers_after: int | None = None, asks_after: int | None = None, size: int = PAGE
) -> PoolPage:
    """Return both lists with what is left of each; eight queries, however many rows."""
    members = member_ids(filters.alliance, day) if filters.alliance is not None else set()
    offers = Offer.objects.filter(to_be_had(day) & offers_of(filters.alliance, members))
    asks = Ask.objects.filter(still_asked(day) & asks_of(filters.alliance, members))
    by_kind = Q(kind__code=filters.kind) if filters.kind else Q()
    shown, more_offers = _page(offers.filter(by_kind).select_related(*OFFER_RELATED), offers_after, size)
    wanted, more_asks = _page(asks.filter(by_kind).select_related(*ASK_RELATED), asks_after, size)
    return PoolPage(
        alliances=tuple(Alliance.objects.order_by("pk")),
        kinds=_by_kind(offers, asks),
        offers=tuple(offer_row(offer) for offer in shown),
        offers_after=shown[-1].pk if more_offers else None,
        asks=tuple(ask_row(ask) for ask in wanted),
        asks_after=wanted[-1].pk if more_asks else None,
        thanks=_thanks(filters.alliance, members),
    )


def find_alliance(slug: str) -> Alliance | None:
    """Return an alliance by its address, with its place, or None. One query."""
    return Alliance.objects.select_related("place").filter(slug=slug).first()


def list_kinds() -> list[ResourceKind]:
    """The kinds in use, in their order. One query."""
    return list(ResourceKind.objects.filter(active=True).select_related("pool").order_by(*_KIND_ORDER))


def list_every_kind() -> list[ResourceKind]:
    """Every kind, also those out of use, in their order. One query."""
    return list(ResourceKind.objects.select_related("pool").order_by(*_KIND_ORDER))


def list_pools() -> list[Pool]:
    """The pools in their order. One query."""
    return list(Pool.objects.order_by("position", "pk"))


def get_pool(pk: int) -> Pool:
    """Return a pool, or raise KindMissing. One query."""
    found = Pool.objects.filter(pk=pk).first()
    if found is None:
        raise KindMissing
    return found


def get_kind(pk: int) -> ResourceKind:
    """Return a kind, or raise KindMissing. One query."""
    found = ResourceKind.objects.select_related("pool").filter(pk=pk).first()
    if found is None:
        raise KindMissing
    return found


_KIND_ORDER = ("pool__position", "position", "pk")


def _page(found: QuerySet[Row], after: int | None, size: int) -> tuple[list[Row], bool]:
    """The newest rows below a key, and whether more follow."""
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: size + 1])
    return rows[:size], len(rows) > size


def _by_kind(offers: QuerySet[Offer], asks: QuerySet[Ask]) -> tuple[KindRow, ...]:
    """Every kind that somebody offers or asks for. Three queries."""
    given, wanted = _sums(offers), _sums(asks)
    rows = []
    for kind in ResourceKind.objects.select_related("pool").order_by(*_KIND_ORDER):
        (offered, left), (asked, lacks) = given.get(kind.pk, (0, 0)), wanted.get(kind.pk, (0, 0))
        if offered or asked:
            texts = {"left": said(kind, left), "lacks": said(kind, lacks)}
            rows.append(KindRow(kind.code, kind.name, kind.pool.name, offers=offered, asks=asked, **texts))
    return tuple(rows)


def _sums(found: QuerySet[Any]) -> dict[int, tuple[int, int]]:
    counted = found.order_by().values("kind").annotate(many=Count("pk"), open=Sum(F("amount") - F("promised")))
    return {row["kind"]: (row["many"], row["open"]) for row in counted}


def _thanks(alliance: Alliance | None, members: set[int]) -> tuple[ThanksRow, ...]:
    """The latest public words of thanks. One query."""
    thanked = Match.objects.filter(thanks_public=True, state=Match.State.DELIVERED)
    if alliance is not None:
        thanked = thanked.filter(offer__organisation__in=members)
    latest = thanked.select_related("offer__organisation", "ask__organisation").order_by("-thanks_at", "-pk")
    return tuple(
        ThanksRow(shown_words(one.thanks), one.offer.organisation.name, one.ask.organisation.name, one.offer.title)
        for one in latest[:THANKS_SHOWN]
    )
