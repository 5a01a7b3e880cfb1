"""The workbench's lists: the inbox by view, its counts, and the filters a worker may set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from yiting.needs import search
from yiting.needs.models import Category, ImportRun, Need, SavedView, ServiceRequest, State, Urgency
from yiting.needs.queries.picking import in_order, keys_below, keys_of
from yiting.needs.queries.ways import Clock, clock_of
from yiting.needs.states import OPEN_STATES
from yiting.people.actors import Actor
from yiting.places.models import Level, Place
from yiting.places.queries import short_name

PAGE = 30
RUNS = 20
COUNTED_TO = 999
LONGEST_KEY = 18
SOON = timedelta(days=2)
NEW, FREE, MINE, WAITING, DUE, UNSOLVED, ALL = "new", "free", "mine", "waiting", "due", "unsolved", "all"
VIEWS = (NEW, FREE, MINE, WAITING, DUE, UNSOLVED, ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchFilters:
    """What a worker narrows a view to; everything may be left out."""

    view: str = NEW
    words: str = ""
    category: Category | None = None
    urgency: str = ""
    state: str = ""
    place_path: str = ""


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One need in the inbox."""

    code: str
    title: str
    channel: str
    behalf: str
    place_name: str
    at: datetime
    zone: str
    people: int
    suggestions: int
    urgency: str
    urgency_label: str
    state: str
    state_label: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class BenchPage:
    """Some rows, and the mark after which the next page begins."""

    rows: list[BenchRow]
    after: str | None


def list_bench(
    filters: BenchFilters, *, by: Actor, after: str | None = None, at: datetime, size: int = PAGE
) -> BenchPage:
    """List the needs of a view, newest first (the due ones by their day); four queries at most."""
    found = _narrowed(_view(by, filters.view, at=at), filters)
    by_due = filters.view == DUE
    found = found.order_by("due_at", "id") if by_due else found.order_by("-last_at", "-id")
    mark = _read_mark(after)
    if mark is not None:
        stamp, key = mark
        later = Q(due_at__gt=stamp) | Q(due_at=stamp, pk__gt=key)
        earlier = Q(last_at__lt=stamp) | Q(last_at=stamp, pk__lt=key)
        found = found.filter(later if by_due else earlier)
    needs = in_order(keys_of(found, size + 1), _with_channel(Need.objects.all()))
    more, needs = len(needs) > size, needs[:size]
    last = needs[-1] if needs else None
    stamp_of = (last.due_at if by_due else last.last_at) if last else None
    return BenchPage(
        [_row(need, at=at) for need in needs],
        f"{stamp_of.timestamp():.6f}-{last.pk}" if more and last and stamp_of else None,
    )


def get_bench_row(code: str, *, by: Actor, at: datetime) -> BenchRow | None:
    """Return the row of one standing need of the actor's, whatever view it is in now. One query."""
    need = _with_channel(work_needs(by).filter(code=code)).first()
    return _row(need, at=at) if need is not None else None


def bench_counts(by: Actor, *, at: datetime) -> dict[str, int]:
    """Count each view up to 999, one query a view, so that a large inbox costs no more than a small one."""
    return {view: _view(by, view, at=at).order_by()[: COUNTED_TO + 1].count() for view in VIEWS if view != ALL}


def list_saved_views(by: Actor) -> list[SavedView]:
    """List the views that this account keeps. One query."""
    return list(SavedView.objects.filter(account=by.account_id).order_by("name", "id")) if by.account_id else []


def list_top_categories() -> list[Category]:
    """List the topmost categories. One query."""
    return list(Category.objects.filter(level=1, active=True).order_by("id"))


def list_work_places(by: Actor) -> list[Place]:
    """List the places of the actor's roles, and the streets and communities below them. One query."""
    mine = Q(path__in=by.work_paths)
    for path in by.work_paths:
        mine |= Q(path__startswith=path, level__in=(Level.STREET, Level.COMMUNITY))
    return list(Place.objects.filter(mine).order_by("path"))


def list_import_runs(by: Actor) -> list[ImportRun]:
    """List the latest spreadsheets read in where the actor works. One query."""
    mine = Q(pk__in=[])
    for path in by.work_paths:
        mine |= Q(place__path__startswith=path)
    return list(ImportRun.objects.filter(mine).select_related("place").order_by("-started_at", "-id")[:RUNS])


def work_needs(by: Actor) -> QuerySet[Need]:
    """The standing needs of the places where the actor works, and of the actor's organisations."""
    mine = Q(handler__in=by.handling_ids)
    for path in by.work_paths:
        mine |= Q(place_path__startswith=path)
    return Need.objects.filter(mine, parent__isnull=True)


def is_key(text: str) -> bool:
    """Say whether a text can be the key of a row."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def _view(by: Actor, view: str, *, at: datetime) -> QuerySet[Need]:
    found = work_needs(by)
    if view == NEW:
        return found.filter(state=State.HEARD)
    if view == FREE:
        return found.filter(state=State.SORTED, handler__isnull=True)
    if view == MINE:
        return found.filter(handler__in=by.handling_ids, state__in=OPEN_STATES, waiting_since__isnull=True)
    if view == WAITING:
        return found.filter(waiting_since__isnull=False, state__in=OPEN_STATES)
    if view == DUE:
        return found.filter(due_at__isnull=False, due_at__lte=at + SOON, state__in=OPEN_STATES)
    if view == UNSOLVED:
        return found.filter(unsolved=True)
    return found


def _narrowed(found: QuerySet[Need], filters: BenchFilters) -> QuerySet[Need]:
    if filters.urgency in Urgency.values:
        found = found.filter(urgency=filters.urgency)
    if filters.state in State.values:
        found = found.filter(state=filters.state)
    if filters.place_path:
        found = found.filter(place_path__startswith=filters.place_path)
    if filters.category is not None:
        found = found.filter(category__in=keys_below(filters.category))
    hits = search.matching(filters.words) if filters.words else None
    if hits is None:
        return found
    return found.filter(pk__in=Need.objects.filter(pk__in=hits).values_list(F("root"), flat=True))


def _with_channel(found: QuerySet[Need]) -> QuerySet[Need]:
    """Add how a need first came: the channel, and who spoke for whom."""
    first = ServiceRequest.objects.filter(need=OuterRef("pk")).order_by("filed_at", "id")
    return found.select_related("place__parent", "handler").annotate(
        came_by=Subquery(first.values("channel")[:1]), spoken_by=Subquery(first.values("behalf")[:1])
    )


def _row(need: Need, *, at: datetime) -> BenchRow:
    came_by, spoken_by = getattr(need, "came_by", None) or "", getattr(need, "spoken_by", None) or ""
    spoken_for = spoken_by and spoken_by != ServiceRequest.Behalf.SELF
    return BenchRow(
        code=need.code,
        title=need.title,
        channel=str(ServiceRequest.Channel(came_by).label) if came_by else "",
        behalf=str(ServiceRequest.Behalf(spoken_by).label) if spoken_for else "",
        place_name=short_name(need.place),
        at=need.last_at,
        zone=need.place.zone,
        people=need.people_count,
        suggestions=need.suggestion_count,
        urgency=need.urgency,
        urgency_label=need.get_urgency_display(),
        state=need.state,
        state_label=need.get_state_display(),
        clock=clock_of(need, at=at, accepted=need.state not in (State.SORTED, State.DISCUSSED)),
    )


def _read_mark(text: str | None) -> tuple[datetime, int] | None:
    stamp, _dash, key = (text or "").partition("-")
    if not is_key(key):
        return None
    try:
        return datetime.fromtimestamp(float(stamp), tz=UTC), int(key)
    except (ValueError, OverflowError, OSError):
        return None
