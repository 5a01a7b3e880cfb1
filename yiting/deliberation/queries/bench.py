"""The workbench of topics: those of the reader's places, what they can choose, and paper sheets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from yiting.deliberation.codes import read_code
from yiting.deliberation.errors import SheetMissing, TopicMissing
from yiting.deliberation.marks import Mark, Reading, read_passes
from yiting.deliberation.models import Sheet, Statement, Topic
from yiting.deliberation.policies import can_moderate
from yiting.deliberation.queries.topics import PAGE, PROPOSED, VIEWS, TopicCard, find_topic, list_cards
from yiting.needs.models import Need
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries.roles import path_under
from yiting.places.models import Level, Place

PLACES_OFFERED = 500
ORGANISATIONS_OFFERED = 500
BENCH_VIEWS: dict[str, Q] = {
    "open": VIEWS["open"],
    "proposed": PROPOSED,
    "draft": Q(state=Topic.State.DRAFT) & ~PROPOSED,
    "closed": VIEWS["closed"],
}


@dataclass(frozen=True, slots=True)
class TopicBench:
    """One view of the workbench."""

    view: str
    rows: list[TopicCard]
    counts: dict[str, int]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of a sheet: its statement, and what the passes over it say."""

    index: int
    number: int
    text: str
    settled: bool
    mark: Mark
    seen: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet to be entered; what was entered before is told only where two passes differ."""

    sheet: Sheet
    turn: int
    own: bool
    lines: list[SheetLine]


def list_bench(by: Actor, view: str, *, page: int = 1, size: int = PAGE) -> TopicBench:
    """One view of the topics where the actor works, with how many each view has. A fixed number of queries."""
    view = view if view in BENCH_VIEWS else "open"
    found = Topic.objects.filter(path_under("place_path", by.work_paths))
    counts = found.aggregate(**{name: Count("pk", filter=condition) for name, condition in BENCH_VIEWS.items()})
    order = ("closes_at", "pk") if view == "open" else ("-changed_at", "-pk")
    skip = (max(page, 1) - 1) * size
    chosen = found.filter(BENCH_VIEWS[view]).select_related("place__parent").order_by(*order)
    rows = list(chosen[skip : skip + size + 1])
    return TopicBench(view, list_cards(rows[:size]), counts, max(page, 1), len(rows) > size)


def get_bench_topic(code: str, by: Actor) -> Topic:
    """A topic that the actor looks after; one elsewhere is not there. One query."""
    found = find_topic(code)
    if not can_moderate(by, place_path=found.place_path):
        raise TopicMissing
    return found


def get_bench_need(code: str, by: Actor) -> Need:
    """A need where the actor works, from which a topic is to come. One query."""
    found = Need.objects.select_related("place").filter(code=read_code(code)[:16]).first()
    if found is None or not can_moderate(by, place_path=found.place_path):
        raise TopicMissing
    return found


def list_places(by: Actor, *, also: Place | None = None) -> list[Place]:
    """Where the actor may prepare a topic, as a tree down to estates. One query."""
    wanted = path_under("path", by.work_paths) | Q(pk=also.pk if also is not None else None)
    found = Place.objects.filter(wanted).exclude(level=Level.BUILDING)[:PLACES_OFFERED]
    return sorted(found, key=lambda place: [int(key) for key in place.path.strip("/").split("/")])


def list_estates() -> list[Place]:
    """Where a resident may propose a topic. One query."""
    found = Place.objects.filter(level__in=(Level.COMMUNITY, Level.ESTATE)).select_related("parent")[:PLACES_OFFERED]
    return sorted(found, key=lambda place: [int(key) for key in place.path.strip("/").split("/")])


def list_organisations() -> list[Organisation]:
    """Organisations that can be invited. One query."""
    return list(Organisation.objects.filter(active=True).order_by("name", "pk")[:ORGANISATIONS_OFFERED])


def count_sheets(topic: Topic) -> list[tuple[str, int]]:
    """How many sheets stand where. One query."""
    found = Sheet.objects.filter(topic=topic).order_by().values("state").annotate(number=Count("pk"))
    counts = {row["state"]: row["number"] for row in found}
    return [(str(label), counts.get(value, 0)) for value, label in Sheet.State.choices]


def list_unfinished(topic: Topic) -> list[Sheet]:
    """Sheets that were entered and are not counted yet. One query."""
    begun = (Sheet.State.ENTERED, Sheet.State.DIFFERENT)
    return list(Sheet.objects.filter(topic=topic, state__in=begun).order_by("state", "pk")[:PAGE])


def get_sheet(topic: Topic, serial: str) -> Sheet:
    """A sheet of a topic by its number, as typed. One query."""
    found = Sheet.objects.select_related("topic").filter(topic=topic, serial=read_code(serial)[:12]).first()
    if found is None:
        raise SheetMissing
    return found


def get_sheet_page(topic: Topic, serial: str, by: Actor) -> SheetPage:
    """A sheet to be entered. Three queries."""
    sheet = get_sheet(topic, serial)
    entries = list(sheet.entries.order_by("turn"))
    passes = [one.marks for one in entries]
    differs = sheet.state in (Sheet.State.DIFFERENT, Sheet.State.COUNTED)
    reading = read_passes(passes) if differs else Reading({}, tuple(range(len(sheet.lines))))
    texts = dict(Statement.objects.filter(topic=topic, number__in=sheet.lines).order_by().values_list("number", "text"))
    lines = [
        SheetLine(
            index=index,
            number=number,
            text=texts.get(number, ""),
            settled=index in reading.settled,
            mark=reading.settled.get(index),
            seen=tuple(marks[index] for marks in passes) if differs else (),
        )
        for index, number in enumerate(sheet.lines)
    ]
    own = any(one.account_id == by.account_id for one in entries)
    return SheetPage(sheet, len(passes) + (not own), own, lines)
