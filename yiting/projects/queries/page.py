"""The page of a project: what it is for, who benefits, who came to look, what was done, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from yiting.ledger.queries import list_entries
from yiting.needs.models import Need, State
from yiting.needs.queries import read_code
from yiting.needs.queries.lists import ListedNeed, listed
from yiting.needs.queries.storylines import StoryRow, reached
from yiting.needs.queries.ways import WayStep
from yiting.needs.queries.wording import role_words, shown_words
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place
from yiting.places.queries import full_names
from yiting.projects.errors import ProjectMissing
from yiting.projects.models import Evaluation, FieldVisit, Milestone, Project, ProjectPhoto
from yiting.projects.queries.asked import asked_units, shown_roots
from yiting.projects.queries.judging import ProjectJudging, get_judging
from yiting.projects.queries.ways import Heard, story, way_full


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with its words."""

    pk: int
    kind: str
    kind_label: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit on the spot; the day only if it is known."""

    on: date | None
    when: str
    organisations: tuple[str, ...]
    with_deputies: bool
    deputies: int | None
    findings: str
    role: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A milestone, planned or done; `late` when its day has passed and nothing was said."""

    pk: int
    title: str
    planned_on: date | None
    done_on: date | None
    done_when: str
    note: str
    done: bool
    late: bool
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything that the page of a project shows."""

    project: Project
    place_names: tuple[str, ...]
    steps: tuple[WayStep, ...]
    quote: str
    needs: tuple[ListedNeed, ...]
    needs_unseen: int
    asked: int
    excluded: int
    visits: tuple[VisitRow, ...]
    milestones: tuple[StepRow, ...]
    before: tuple[Picture, ...]
    progress: tuple[Picture, ...]
    after: tuple[Picture, ...]
    rows: tuple[StoryRow, ...]
    judging: ProjectJudging | None
    reopened: bool


def find_project(code: str) -> Project:
    """Return a project by its code as typed, with place and lead; else raise ProjectMissing. One query."""
    found = Project.objects.select_related("place", "lead", "resolution").filter(code=read_code(code)[:16]).first()
    if found is None:
        raise ProjectMissing
    return found


def get_project_page(code: str, *, by: Actor, at: datetime) -> ProjectPage:
    """Return the page of a project; the number of queries does not grow with what it shows.

    Needs that are not public yet are counted for everybody and named only to those who handle or watch them.
    """
    project = find_project(code)
    sees_all = by.works_at(project.place_path) or by.deputy_at(project.place_path)
    needs = list(shown_roots(project).select_related("place", "handler").order_by("-people_count", "id"))
    shown = [need for need in needs if need.is_public or sees_all]
    units = asked_units(project)
    pictures = list(ProjectPhoto.objects.filter(project=project).order_by("at", "id"))
    heard = Heard(
        first_at=min((need.first_at for need in needs), default=None),
        households=len(units),
        reached=_reached(needs),
    )
    return ProjectPage(
        project=project,
        place_names=tuple(full_names([project.place])[project.place_id].split(" ")),
        steps=way_full(project, heard, at=at),
        quote=next((shown_words(need.quote) for need in shown if need.quote), ""),
        needs=tuple(listed(need, at=at) for need in shown),
        needs_unseen=len(needs) - len(shown),
        asked=len(units),
        excluded=sum(units.values()),
        visits=_visits(project, pictures),
        milestones=_milestones(project, pictures, today=at.date()),
        before=_pictures(one for one in pictures if one.kind == "before" and one.visit_id is None),
        progress=_pictures(
            one for one in pictures if one.kind == "progress" and one.milestone_id is None and one.visit_id is None
        ),
        after=_pictures(one for one in pictures if one.kind == "after"),
        rows=story(
            list_entries("projects.project", [project.pk], public_only=True),
            {need.code: shown_words(need.title) for need in shown},
        ),
        judging=get_judging(project, units),
        reopened=project.stage == "building" and project.delivered_at is not None,
    )


def get_picture(code: str, pk: int) -> ProjectPhoto:
    """Return a photo of a project, or raise ProjectMissing. Two queries."""
    photo = ProjectPhoto.objects.filter(pk=pk, project=find_project(code)).first()
    if photo is None:
        raise ProjectMissing
    return photo


def get_last_evaluation(project: Project, person_ids: Iterable[int]) -> Evaluation | None:
    """Return what one of these persons last said of a project. One query."""
    keys = list(person_ids)
    if not keys:
        return None
    return Evaluation.objects.filter(project=project, person__in=keys).order_by("-at", "-id").first()


def home_choices(place: Place) -> list[Place]:
    """The buildings directly in an estate, or the place itself where it is a building. One query."""
    found = Place.objects.filter(path__startswith=place.path, level="building").order_by("path")[:400]
    return sorted(found, key=lambda one: (len(one.name), one.name, one.pk))


def _reached(needs: Sequence[Need]) -> dict[State, datetime]:
    """When the needs' own steps were reached, as far as the ledger tells. One query."""
    entries = list_entries("needs.need", [need.pk for need in needs], public_only=True)
    found: dict[State, datetime] = {}
    for need in needs:
        found |= reached(entries, need.pk)
    return found


def _visits(project: Project, pictures: Sequence[ProjectPhoto]) -> tuple[VisitRow, ...]:
    named = Prefetch("organisations", queryset=Organisation.objects.order_by("name", "id"))
    visits = FieldVisit.objects.filter(project=project).order_by("at", "id").prefetch_related(named)
    return tuple(
        VisitRow(
            on=visit.visited_on,
            when=visit.when,
            organisations=tuple(one.name for one in visit.organisations.all()),
            with_deputies=visit.with_deputies,
            deputies=visit.deputies,
            findings=visit.findings,
            role=role_words(visit.role_label),
            pictures=_pictures(one for one in pictures if one.visit_id == visit.pk),
        )
        for visit in visits
    )


def _milestones(project: Project, pictures: Sequence[ProjectPhoto], *, today: date) -> tuple[StepRow, ...]:
    rows = []
    for one in Milestone.objects.filter(project=project).order_by("position", "id"):
        done = one.done_on is not None or bool(one.done_when)
        rows.append(
            StepRow(
                pk=one.pk,
                title=one.title,
                planned_on=one.planned_on,
                done_on=one.done_on,
                done_when=one.done_when,
                note=one.note,
                done=done,
                late=not done and one.planned_on is not None and one.planned_on < today,
                pictures=_pictures(
                    photo for photo in pictures if photo.milestone_id == one.pk and photo.kind == "progress"
                ),
            )
        )
    return tuple(rows)


def _pictures(photos: Iterable[ProjectPhoto]) -> tuple[Picture, ...]:
    return tuple(
        Picture(photo.pk, photo.kind, photo.get_kind_display(), photo.caption, photo.width, photo.height)
        for photo in photos
    )
