"""What could go together: open offers and asks as the matching method takes them, and its reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.alliances.models import Alliance, Ask, Match, MatchDay, Offer
from yiting.alliances.queries.units import list_units
from yiting.methods import matchings
from yiting.people.models import Organisation
from yiting.places.models import Place

# An offer or ask without a last day is weighed as if it stood for a year.
HORIZON = timedelta(days=365)
NEAR_METRES = 5_000
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Open offers and asks with the rules between them; `known` are the suggestions that a run looks after."""

    offers: tuple[matchings.Offer, ...]
    asks: tuple[matchings.Ask, ...]
    rules: matchings.Rules
    known: QuerySet[Match]
    free_days: Mapping[Pair, int]


def member_ids(alliance: Alliance, day: date) -> set[int]:
    """The organisations that belong to an alliance on a day, those that lead it among them. One query."""
    members = {
        unit.organisation_id
        for unit in list_units(alliance)
        if unit.organisation_id is not None and unit.is_member(day)
    }
    return members | leading_ids(alliance)


def leading_ids(alliance: Alliance) -> set[int]:
    """The unit that leads an alliance and the one that works with it."""
    return {key for key in (alliance.lead_id, alliance.cooperating_id) if key is not None}


def to_be_had(day: date) -> Q:
    """Condition on offers: open, not past, and something is left."""
    return Q(state=Offer.State.OPEN, promised__lt=F("amount")) & _not_past(day)


def still_asked(day: date) -> Q:
    """Condition on asks: open, not past, and something is lacking."""
    return Q(state=Ask.State.OPEN, promised__lt=F("amount")) & _not_past(day)


def offers_of(alliance: Alliance | None, members: set[int]) -> Q:
    """Condition on offers: of an alliance's members, or anybody's."""
    return Q() if alliance is None else Q(organisation__in=members)


def asks_of(alliance: Alliance | None, members: set[int]) -> Q:
    """Condition on asks: of an alliance's members or of its place, or anybody's."""
    if alliance is None:
        return Q()
    return Q(organisation__in=members) | Q(place_path__startswith=alliance.place_path)


def get_scope(*, place: Place | None = None, alliance: Alliance | None = None, day: date) -> Scope:
    """Everything open that a run of suggestions weighs: the asks of a place, or an alliance's. Nine queries at most."""
    members = member_ids(alliance, day) if alliance is not None else set()
    which = asks_of(alliance, members) & (Q(place_path__startswith=place.path) if place is not None else Q())
    asks = list(Ask.objects.filter(still_asked(day) & which).select_related("kind", "place__parent").order_by("pk"))
    offers = list_open_offers(offers_of(alliance, members) & Q(kind__in={ask.kind_id for ask in asks}), day)
    known = Match.objects.filter(state=Match.State.SUGGESTED, ask__in=Ask.objects.filter(which))
    if alliance is not None:
        known = known.filter(offer__organisation__in=members)
    return weigh(offers, asks, day=day, known=known)


def list_open_offers(which: Q, day: date) -> list[Offer]:
    """Offers that are to be had on a day, with kind and place. One query."""
    found = Offer.objects.filter(to_be_had(day) & which, kind__active=True)
    return list(found.select_related("kind", "organisation", "place__parent").order_by("pk"))


def weigh(offers: Sequence[Offer], asks: Sequence[Ask], *, day: date, known: QuerySet[Match]) -> Scope:
    """Put offers and asks as the method takes them, less what is claimed already. Five queries."""
    left, lack = _open_amounts("offer", offers), _open_amounts("ask", asks)
    offers = [offer for offer in offers if left[offer.pk] > 0]
    asks = [ask for ask in asks if lack[ask.pk] > 0]
    carried = _carried(offers)
    free = _free_days(offers, asks, day)
    given = tuple(
        matchings.Offer(
            id=str(offer.pk),
            kind=offer.kind.code,
            amount=left[offer.pk],
            first=max(offer.since_on or day, day),
            last=_last(offer, day),
            place=_point(offer.place),
            carried=carried.get(offer.organisation_id, 0),
        )
        for offer in offers
    )
    wanted = tuple(
        matchings.Ask(
            id=str(ask.pk),
            kind=ask.kind.code,
            amount=lack[ask.pk],
            first=max(ask.since_on or day, day),
            last=_last(ask, day),
            place=_point(ask.place),
            weight=max(1, ask.households or 1),
        )
        for ask in asks
    )
    apart = _apart(offers, asks) | {pair for pair, days in free.items() if not days}
    rules = matchings.Rules(
        shared=frozenset(kind.code for kind in (*(o.kind for o in offers), *(a.kind for a in asks)) if not kind.whole),
        excluded=frozenset((str(offer), str(ask)) for offer, ask in apart),
    )
    return Scope(given, wanted, rules, known, free)


def parts_of(fit: matchings.Fit) -> dict[str, Any]:
    """A fit as it is stored: each part with its points, the most it could have, and what was measured."""
    return {part.name: [part.points, part.most, part.measure, part.of] for part in fit.parts}


def reasons(parts: Mapping[str, Sequence[int | None]]) -> list[str]:
    """Say in words why the two fit."""
    said = []
    for name in ("kind", "amount", "days", "near", "carried"):
        if name in parts:
            _points, _most, measure, of = parts[name]
            said.append(_SAYING[name](measure, of or 0))
    return [words for words in said if words]


def _say_kind(measure: int | None, of: int) -> str:
    return _("the same kind") if measure else _("a kind that can stand in")


def _say_amount(measure: int | None, of: int) -> str:
    if (measure or 0) >= of:
        return _("enough of it")
    share = round(100 * (measure or 0) / of)
    return _("%(share)s %% of what is asked for") % {"share": share}


def _say_days(measure: int | None, of: int) -> str:
    if (measure or 0) >= of:
        return _("the days fit")
    return _("%(shared)s of %(asked)s days fit") % {"shared": measure or 0, "asked": of}


def _say_near(measure: int | None, of: int) -> str:
    if measure is None:
        return ""
    names = {"km": number_format(max(measure, 100) / 1000, decimal_pos=1)}
    return (_("near by (%(km)s km)") if measure <= NEAR_METRES else _("%(km)s km away")) % names


def _say_carried(measure: int | None, of: int) -> str:
    if not measure:
        return _("has nothing else in hand")
    return ngettext("already has %(count)s in hand", "already has %(count)s in hand", measure) % {"count": measure}


_SAYING = {
    "kind": _say_kind,
    "amount": _say_amount,
    "days": _say_days,
    "near": _say_near,
    "carried": _say_carried,
}


def _not_past(day: date) -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gte=day)


def _last(row: Offer | Ask, day: date) -> date:
    return row.until_on or max(row.since_on or day, day) + HORIZON


def _point(place: Place) -> tuple[float, float] | None:
    """The place's own point; of a building without one, that of its estate."""
    for one in (place, place.parent if place.level == "building" else None):
        if one is not None and one.latitude is not None and one.longitude is not None:
            return float(one.latitude), float(one.longitude)
    return None


def _open_amounts(side: str, rows: Sequence[Offer] | Sequence[Ask]) -> dict[int, int]:
    """What of each offer or ask is neither promised nor claimed. One query."""
    waiting = Match.objects.filter(state=Match.State.CLAIMED, **{f"{side}__in": list(rows)})
    claimed = dict(waiting.values_list(side).annotate(Sum("amount")))
    return {row.pk: row.amount - row.promised - claimed.get(row.pk, 0) for row in rows}


def _carried(offers: Sequence[Offer]) -> dict[int, int]:
    """How many promises each giving unit has to keep. One query."""
    units = Organisation.objects.filter(pk__in={offer.organisation_id for offer in offers})
    promised = Match.objects.filter(state=Match.State.CONFIRMED, offer__organisation__in=units)
    return dict(promised.values_list("offer__organisation").annotate(Count("pk")))


def _free_days(offers: Sequence[Offer], asks: Sequence[Ask], day: date) -> dict[Pair, int]:
    """On how many shared days a whole thing is free, for pairs of which some day is taken. One query."""
    taken: dict[int, list[date]] = {}
    whole = [offer for offer in offers if offer.kind.whole]
    for key, on in MatchDay.objects.filter(offer__in=whole, held=True).values_list("offer", "on"):
        taken.setdefault(key, []).append(on)
    found: dict[Pair, int] = {}
    for offer in whole:
        for ask in (one for one in asks if offer.pk in taken and one.kind_id == offer.kind_id):
            first = max(offer.since_on or day, ask.since_on or day, day)
            last = min(_last(offer, day), _last(ask, day))
            shared = max(0, (last - first).days + 1)
            found[offer.pk, ask.pk] = shared - sum(first <= on <= last for on in taken[offer.pk])
    return found


def _apart(offers: Sequence[Offer], asks: Sequence[Ask]) -> set[Pair]:
    """Pairs that are not suggested: refused or given up before, standing already, or a unit with itself. One query."""
    settled = Match.objects.filter(offer__in=list(offers), ask__in=list(asks)).exclude(
        state__in=(Match.State.SUGGESTED, Match.State.DELIVERED)
    )
    pairs = set(settled.values_list("offer", "ask"))
    own: dict[int, list[int]] = {}
    for offer in offers:
        own.setdefault(offer.organisation_id, []).append(offer.pk)
    return pairs | {(key, ask.pk) for ask in asks for key in own.get(ask.organisation_id, ())}
