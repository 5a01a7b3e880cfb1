"""The public list: what is coming, day by day, and what has been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Q

from yiting.activities.models import Activity, Kind
from yiting.activities.queries.cards import ActivityCard, day_words, list_cards
from yiting.places.models import Level, Place

PAGE = 30
OFFERED_LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY, Level.ESTATE)


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What of the list is asked for."""

    place: Place | None = None
    kind: str = ""
    past: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what is on it."""

    words: str
    cards: list[ActivityCard]


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind, and how many of the list are of it."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place to choose."""

    id: int
    name: str
    indent: str


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the list, with what can be chosen."""

    days: list[Day]
    kinds: list[KindCount]
    places: list[PlaceChoice]
    total: int
    more: bool


def get_board(filters: BoardFilters, *, at: datetime, page: int = PAGE) -> Board:
    """A page of the listed activities: those to come from the next on, those past from the last on.

    A fixed number of queries.
    """
    found = Activity.objects.filter(listed=True)
    if filters.place is not None:
        found = found.filter(place_path__startswith=filters.place.path)
    found = found.filter(ends_at__lt=at) if filters.past else found.filter(ends_at__gte=at)
    counts = found.order_by().values("kind").annotate(number=Count("pk")).values_list("kind", "number")
    numbers = dict(counts)
    kinds = [KindCount(kind.code, kind.name, numbers[kind.pk]) for kind in list_kinds() if kind.pk in numbers]
    if filters.kind:
        found = found.filter(kind__code=filters.kind)
    order = ("-starts_at", "-pk") if filters.past else ("starts_at", "pk")
    skip = (max(filters.page, 1) - 1) * page
    rows = list(found.order_by(*order)[skip : skip + page + 1])
    cards = list_cards(rows[:page])
    days = [Day(day_words(day), list(of_day)) for day, of_day in groupby(cards, key=lambda card: card.day)]
    return Board(days, kinds, _list_places(), sum(numbers.values()), len(rows) > page)


def list_kinds(*, also: int | None = None) -> list[Kind]:
    """The kinds in use, in their order, and one more that a plan carries already. One query."""
    return list(Kind.objects.filter(Q(active=True) | Q(pk=also)).order_by("position", "pk"))


def _list_places() -> list[PlaceChoice]:
    """The districts, streets, communities and estates that have an activity, in the order of the tree. Two queries."""
    paths = Activity.objects.filter(listed=True).order_by().values_list("place_path", flat=True).distinct()
    keys = {int(key) for path in paths for key in path.strip("/").split("/") if key}
    places = sorted(
        Place.objects.filter(pk__in=keys, level__in=OFFERED_LEVELS),
        key=lambda place: [int(key) for key in place.path.strip("/").split("/")],
    )
    top = min((place.path.count("/") for place in places), default=0)
    return [PlaceChoice(place.pk, place.name, "\u3000" * (place.path.count("/") - top)) for place in places]
