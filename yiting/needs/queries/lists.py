"""The public lists: what people say, with filters and keyset pages, and the hot matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from yiting.needs import search
from yiting.needs.models import Category, HotSnapshot, Need, State
from yiting.needs.queries.alike import Alike, list_alike
from yiting.needs.queries.picking import in_order, keys_below, keys_of
from yiting.needs.queries.ways import WayStep, clock_of, way_short
from yiting.needs.queries.wording import shown_words
from yiting.places.models import Level, Place
from yiting.places.queries import list_ancestors, short_name

PAGE = 20
HOME = 8
ALIKE, ALIKE_READ = 3, 2_000
STILL_REMEMBERED = timedelta(days=365)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEWEST, MOST = "newest", "most"


@dataclass(frozen=True, slots=True)
class ListedNeed:
    """One need in a list, as `_need_item.html` shows it."""

    code: str
    title: str
    households: int
    people: int
    place_name: str
    waiting: str
    state_label: str
    steps: tuple[WayStep, ...]
    quote: str = ""
    state: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilters:
    """What a reader asks the list for; everything may be left out."""

    place: Place | None = None
    states: tuple[str, ...] = ()
    category: Category | None = None
    words: str = ""
    order: str = NEWEST


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some needs, and the mark after which the next page begins; None at the end."""

    rows: list[ListedNeed]
    after: str | None


@dataclass(frozen=True, slots=True)
class HotRow:
    """A hot matter: how many people, why it stands where it stands, and the needs it is about."""

    rank: int
    title: str
    people: int
    why: Mapping[str, Any]
    needs: list[ListedNeed]


@dataclass(frozen=True, slots=True)
class HotPage:
    """The hot matters of a place as last ranked, and out of how many messages."""

    place: Place
    rows: list[HotRow]
    considered: int
    at: datetime


def public_needs(place: Place | None = None) -> QuerySet[Need]:
    """The standing needs that everybody may read, under a place or everywhere."""
    found = Need.objects.filter(is_public=True, parent__isnull=True).select_related("place__parent", "handler")
    return found if place is None else found.filter(place_path__startswith=place.path)


def list_home(place: Place | None, *, at: datetime, limit: int = HOME) -> list[ListedNeed]:
    """List what people said last around a place. Two queries."""
    keys = keys_of(public_needs(place).order_by("-last_at", "-id"), limit)
    return [listed(need, at=at) for need in in_order(keys, public_needs())]


def list_needs(filters: NeedFilters, *, after: str | None = None, at: datetime, size: int = PAGE) -> ListPage:
    """List the public needs that fit the filters, a page at a time; four queries at most. A bad mark is page one."""
    found = public_needs(filters.place)
    if filters.states:
        found = found.filter(state__in=filters.states)
    if filters.category is not None:
        found = found.filter(category__in=keys_below(filters.category))
    ids = search.matching(filters.words) if filters.words else None
    if ids is not None:
        # words may stand in a need that was merged into the one that is shown
        found = found.filter(pk__in=Need.objects.filter(pk__in=ids).values("root"))
    by_most = filters.order == MOST
    found = found.order_by("-people_count", "-id") if by_most else found.order_by("-last_at", "-id")
    mark = _read_mark(after)
    if mark is not None:
        value, key = mark
        field = "people_count" if by_most else "last_at"
        bound: object = value if by_most else EPOCH + timedelta(microseconds=value)
        found = found.filter(Q(**{f"{field}__lt": bound}) | Q(**{field: bound, "pk__lt": key}))
    needs = in_order(keys_of(found, size + 1), public_needs())
    shown = needs[:size]
    more = len(needs) > size
    return ListPage([listed(need, at=at) for need in shown], _mark(shown[-1], by_most=by_most) if more else None)


def said_alike(text: str, place_path: str, *, at: datetime, leave_out: int | None = None) -> list[Alike]:
    """List the few public needs around a place that sound like a text, those closed within a year too.

    Titles are as public pages show them.
    """
    found = list_alike(text[:ALIKE_READ], place_path, k=ALIKE, leave_out=leave_out, closed_since=at - STILL_REMEMBERED)
    return [replace(one, title=shown_words(one.title)) for one in found]


def list_categories() -> list[Category]:
    """List the topmost categories in use, for the filter. One query."""
    return list(Category.objects.filter(level=1, active=True).order_by("id"))


def get_hot_page(place: Place | None, *, at: datetime) -> HotPage | None:
    """Return what is public of the hot matters of the nearest place that has a ranking. Four queries."""
    if place is None:
        return None
    near = [place, *reversed(list_ancestors(place))]
    snapshots = {
        snapshot.place_id: snapshot
        for snapshot in HotSnapshot.objects.filter(
            place__in=[p.pk for p in near if p.level in (Level.COMMUNITY, Level.STREET)]
        )
    }
    ranked = next(((p, snapshots[p.pk]) for p in near if p.pk in snapshots), None)
    if ranked is None:
        return None
    where, snapshot = ranked
    matters: list[dict[str, Any]] = snapshot.matters
    public = _public_roots([code for matter in matters for code in matter.get("needs", ())])
    rows: list[HotRow] = []
    for matter in matters:
        needs = list({need.pk: need for code in matter.get("needs", ()) if (need := public.get(code))}.values())
        if needs:
            rows.append(
                HotRow(
                    rank=len(rows) + 1,
                    title=shown_words(max(needs, key=lambda need: (need.people_count, -need.pk)).title),
                    people=int(matter.get("people", 0)),
                    why=matter.get("why", {}),
                    needs=[listed(need, at=at) for need in needs],
                )
            )
    return HotPage(where, rows, snapshot.considered, snapshot.at)


def listed(need: Need, *, at: datetime) -> ListedNeed:
    """Make a row of a need whose place and handler are loaded."""
    clock = clock_of(need, at=at)
    return ListedNeed(
        code=need.code,
        title=shown_words(need.title),
        households=need.household_count,
        people=need.people_count,
        place_name=short_name(need.place),
        waiting=clock.text if clock.waiting else "",
        state_label=clock.text,
        steps=way_short(need),
        state=need.state,
        first_at=need.first_at,
        last_at=need.last_at,
    )


def known_states(values: Sequence[str]) -> tuple[str, ...]:
    """Keep of typed states those that there are."""
    return tuple(value for value in values if value in State.values)


def _public_roots(codes: Sequence[str]) -> dict[str, Need]:
    """Return the standing public need behind each code."""
    roots = dict(Need.objects.filter(code__in=set(codes)).annotate(top=F("root")).values_list("code", "top"))
    needs = {need.pk: need for need in public_needs().filter(pk__in=set(roots.values()))}
    return {code: needs[root] for code, root in roots.items() if root in needs}


def _mark(need: Need, *, by_most: bool) -> str:
    value = need.people_count if by_most else (need.last_at - EPOCH) // timedelta(microseconds=1)
    return f"{value}.{need.pk}"


def _read_mark(text: str | None) -> tuple[int, int] | None:
    parts = (text or "").split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    return int(parts[0]), int(parts[1])
