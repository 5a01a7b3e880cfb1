"""Resolutions and their tasks: the public list, one page, the workbench. A fixed number of queries each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiting.deliberation.codes import read_code
from yiting.deliberation.errors import ResolutionMissing
from yiting.deliberation.models import ConventionVersion, Resolution, ResolutionTask, TaskNote, Topic
from yiting.deliberation.policies import can_follow
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries import local_day
from yiting.people.queries.roles import path_under
from yiting.places.models import Place
from yiting.places.queries import full_names, short_name

PAGE = 20
ORGANISATIONS_OFFERED = 500


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as it stands today."""

    pk: int
    what: str
    organisation: str
    organisation_id: int
    due_on: date
    done_on: date | None
    outcome: str
    evidence: str
    is_overdue: bool
    notes: tuple[TaskNote, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None

    @property
    def key(self) -> str:
        """Its key as text, for names on a page."""
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class ResolutionCard:
    """A resolution in a list, with its tasks."""

    code: str
    title: str
    text: str
    decided_on: date
    place_name: str
    topic_code: str
    topic_question: str
    tasks: tuple[TaskRow, ...]

    @property
    def open_tasks(self) -> int:
        """How many are still to be done."""
        return sum(task.is_open for task in self.tasks)

    @property
    def overdue_tasks(self) -> int:
        """How many of them are late."""
        return sum(task.is_overdue for task in self.tasks)


@dataclass(frozen=True, slots=True)
class ResolutionBoard:
    """A page of the public list."""

    cards: list[ResolutionCard]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class ResolutionPage:
    """All that stands on the page of a resolution."""

    resolution: Resolution
    card: ResolutionCard
    place_names: str
    meeting_code: str
    meeting_title: str
    versions: list[ConventionVersion]
    rows: list[TimelineRow]


def list_board(*, open_only: bool = False, place: Place | None = None, page: int = 1, at: datetime) -> ResolutionBoard:
    """The public list, the newest first; perhaps only those with something still to be done. Three queries."""
    found = Resolution.objects.all()
    if place is not None:
        found = found.filter(place_path__startswith=place.path)
    if open_only:
        found = found.filter(Exists(_open_tasks()))
    return _board(found, page=page, at=at)


def list_bench(by: Actor, view: str, *, page: int = 1, at: datetime) -> ResolutionBoard:
    """Those of the actor's places, and those with a task of the actor's organisations. Three queries."""
    mine = Exists(ResolutionTask.objects.filter(resolution=OuterRef("pk"), organisation__in=by.handling_ids))
    found = Resolution.objects.filter(path_under("place_path", by.work_paths) | Q(mine))
    if view != "all":
        late = {"due_on__lt": local_day(at)} if view == "overdue" else {}
        found = found.filter(Exists(_open_tasks().filter(**late)))
    return _board(found, page=page, at=at)


def list_for_topic(topic: Topic, *, today: date) -> list[ResolutionCard]:
    """What came of a topic. Three queries."""
    return list_cards(_loaded(Resolution.objects.filter(topic=topic)).order_by("-decided_on", "-pk"), today=today)


def find_resolution(code: str) -> Resolution:
    """The resolution behind a code, as typed. One query."""
    found = _loaded(Resolution.objects.filter(code=read_code(code)[:16])).first()
    if found is None:
        raise ResolutionMissing
    return found


def get_resolution_page(code: str, *, at: datetime) -> ResolutionPage:
    """The page of a resolution. A fixed number of queries."""
    resolution = find_resolution(code)
    (card,) = list_cards([resolution], today=local_day(at))
    activity = resolution.point.minutes.meeting.activity if resolution.point is not None else None
    versions = ConventionVersion.objects.filter(resolution=resolution).select_related("convention").order_by("pk")
    return ResolutionPage(
        resolution=resolution,
        card=card,
        place_names=full_names([resolution.place])[resolution.place_id],
        meeting_code=activity.code if activity is not None else "",
        meeting_title=activity.title if activity is not None else "",
        versions=list(versions),
        rows=list_entries("deliberation.resolution", [resolution.pk], public_only=True),
    )


def get_bench_resolution(code: str, by: Actor) -> Resolution:
    """A resolution whose tasks the actor follows; another is not there. Two queries."""
    found = find_resolution(code)
    units = ResolutionTask.objects.filter(resolution=found).values_list("organisation", flat=True)
    if not by.works_at(found.place_path) and not by.handling_ids & frozenset(units):
        raise ResolutionMissing
    return found


def get_task(resolution: Resolution, pk: int, by: Actor) -> ResolutionTask:
    """A task of this resolution that the actor follows. One query."""
    rows = ResolutionTask.objects.select_related("resolution", "organisation")
    found = rows.filter(resolution=resolution, pk=pk).first()
    if found is None or not can_follow(by, organisation_id=found.organisation_id, place_path=resolution.place_path):
        raise ResolutionMissing
    return found


def list_cards(resolutions: Iterable[Resolution], *, today: date) -> list[ResolutionCard]:
    """Resolutions whose place and topic are loaded, as cards. Two queries besides."""
    rows = list(resolutions)
    tasks: dict[int, list[TaskRow]] = {}
    found = ResolutionTask.objects.filter(resolution__in=[row.pk for row in rows]).select_related("organisation")
    for task in found.prefetch_related("notes").order_by("due_on", "pk"):
        tasks.setdefault(task.resolution_id, []).append(_task_row(task, today))
    return [
        ResolutionCard(
            code=row.code,
            title=row.title,
            text=row.text,
            decided_on=row.decided_on,
            place_name=short_name(row.place),
            topic_code=row.topic.code if row.topic is not None else "",
            topic_question=row.topic.question if row.topic is not None else "",
            tasks=tuple(tasks.get(row.pk, ())),
        )
        for row in rows
    ]


def list_organisations() -> list[Organisation]:
    """Who can be given a task. One query."""
    return list(Organisation.objects.filter(active=True).order_by("name", "pk")[:ORGANISATIONS_OFFERED])


def _board(found: QuerySet[Resolution], *, page: int, at: datetime) -> ResolutionBoard:
    page = max(page, 1)
    skip = (page - 1) * PAGE
    rows: Sequence[Resolution] = list(_loaded(found).order_by("-decided_on", "-pk")[skip : skip + PAGE + 1])
    return ResolutionBoard(list_cards(rows[:PAGE], today=local_day(at)), page, len(rows) > PAGE)


def _loaded(found: QuerySet[Resolution]) -> QuerySet[Resolution]:
    return found.select_related("place__parent", "topic", "need", "point__minutes__meeting__activity")


def _open_tasks() -> QuerySet[ResolutionTask]:
    return ResolutionTask.objects.filter(resolution=OuterRef("pk"), done_at__isnull=True)


def _task_row(task: ResolutionTask, today: date) -> TaskRow:
    return TaskRow(
        pk=task.pk,
        what=task.what,
        organisation=task.organisation.name,
        organisation_id=task.organisation_id,
        due_on=task.due_on,
        done_on=local_day(task.done_at) if task.done_at is not None else None,
        outcome=task.outcome,
        evidence=task.evidence,
        is_overdue=task.done_at is None and task.due_on < today,
        notes=tuple(sorted(task.notes.all(), key=lambda note: (note.at, note.pk))),
    )
