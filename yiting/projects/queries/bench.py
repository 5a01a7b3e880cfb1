"""What those who work here, and deputies, see of projects: lists, and the choices of the forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from yiting.needs.models import Judgement, Need, State
from yiting.needs.queries.wording import shown_words
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Level, Place
from yiting.places.queries import short_name
from yiting.projects.errors import ProjectMissing
from yiting.projects.models import Evaluation, Milestone, Project, ProjectNeed, Stage
from yiting.projects.queries.board import ProjectCard, list_cards, mark_of, page_of
from yiting.projects.queries.page import find_project

PAGE = 30
VIEWS = ("candidates", "chosen", "building", "delivered", "unsolved", "ended")
NEEDS_OFFERED = 40
PLACES_OFFERED = 2_000
ORGANISATIONS_OFFERED = 500


@dataclass(frozen=True, slots=True)
class BenchList:
    """A view of the workbench: its projects, the mark of the next page, and how many each view holds."""

    view: str
    rows: list[ProjectCard]
    after: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class OfferedNeed:
    """A need that a project could serve."""

    pk: int
    code: str
    title: str
    place_name: str
    households: int
    state_label: str


def list_bench(by: Actor, view: str, *, after: str | None = None, size: int = PAGE) -> BenchList:
    """List the projects of one view in the places of the actor. Four queries."""
    view = view if view in VIEWS else VIEWS[0]
    mine = Project.objects.filter(_seen_by(by))
    conditions = _conditions()
    counts = mine.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    rows, more = page_of(mine.filter(conditions[view]), after=after, size=size)
    return BenchList(view, list_cards(rows), mark_of(rows[-1]) if more else None, counts)


def get_bench_project(code: str, by: Actor) -> Project:
    """Return a project that the actor works on or watches as a deputy; one elsewhere is not there."""
    project = find_project(code)
    if not (by.works_at(project.place_path) or by.deputy_at(project.place_path)):
        raise ProjectMissing
    return project


def get_work_project(code: str, by: Actor) -> Project:
    """Return a project that the actor may change; one elsewhere is not there. One query."""
    project = find_project(code)
    if not by.works_at(project.place_path):
        raise ProjectMissing
    return project


def get_work_need(code: str, by: Actor) -> Need:
    """Return the standing need behind a code, where the actor works; else ProjectMissing. One query."""
    found = Need.objects.select_related("root__place").filter(code=code).first()
    root = found.root if found is not None else None
    if root is None or not by.works_at(root.place_path):
        raise ProjectMissing
    return root


def list_offered_needs(by: Actor, *, codes: Iterable[str] = (), words: str = "", near: str = "/") -> list[OfferedNeed]:
    """List needs that a project could serve: open, in none yet, of the actor's places; the named ones first.

    At most two queries. `near` keeps to the needs below or above one path.
    """
    wanted = list(codes)[:NEEDS_OFFERED]
    free = (
        Need.objects.filter(_under("place_path", by.work_paths), parent__isnull=True)
        .exclude(state__in=(State.RETURNED, State.CLOSED))
        .filter(~Exists(ProjectNeed.objects.filter(need__root=OuterRef("pk"), ended_at__isnull=True)))
    )
    fits = Q(place_path__startswith=near)
    for word in words.split()[:5]:
        fits &= Q(title__icontains=word)
    named = Q(code__in=wanted)
    found = free.filter(fits | named).select_related("place__parent")
    needs = sorted(
        found.order_by("-people_count", "-id")[: NEEDS_OFFERED + len(wanted)],
        key=lambda need: need.code not in wanted,
    )
    known = {need.code for need in needs}
    if any(code not in known for code in wanted):
        # the named ones must not be pushed out by larger ones
        needs = [*free.filter(named).exclude(code__in=known).select_related("place__parent"), *needs]
    return [
        OfferedNeed(
            pk=need.pk,
            code=need.code,
            title=shown_words(need.title),
            place_name=short_name(need.place),
            households=need.household_count,
            state_label=need.get_state_display(),
        )
        for need in needs
    ]


def list_needs_by_code(codes: Iterable[str]) -> list[Need]:
    """Return the standing needs behind codes. One query."""
    found = Need.objects.select_related("root__place").filter(code__in=[code for code in codes if "\x00" not in code])
    return list({need.root_id: need.root for need in found if need.root is not None}.values())


def list_work_places(by: Actor) -> list[Place]:
    """The places in which the actor may open a project, down to estates, as a tree. One query."""
    found = Place.objects.filter(_under("path", by.work_paths)).exclude(level=Level.BUILDING)
    return sorted(found[:PLACES_OFFERED], key=_branch)


def list_leads(by: Actor, place: Place | None = None) -> list[Organisation]:
    """The working organisations that could lead: in the actor's places, or in one above them. One query."""
    paths = [*by.work_paths, *([place.path] if place is not None else [])]
    above = {int(key) for path in paths for key in path.strip("/").split("/") if key}
    found = Organisation.objects.filter(_under("place__path", paths) | Q(place__in=above), active=True)
    return list(found.select_related("place").order_by("place__path", "name", "pk")[:ORGANISATIONS_OFFERED])


def list_steps(project: Project) -> list[Milestone]:
    """The milestones of a project in their order, for the form of a photo. One query."""
    return list(Milestone.objects.filter(project=project).order_by("position", "id"))


def _conditions() -> dict[str, Q]:
    unsolved = Evaluation.objects.filter(project=OuterRef("pk"), verdict=Judgement.Verdict.NOT)
    standing = Q(stage__in=(Stage.BUILDING, Stage.DELIVERED, Stage.CLOSED))
    return {
        "candidates": Q(stage=Stage.CANDIDATE),
        "chosen": Q(stage=Stage.CHOSEN),
        "building": Q(stage=Stage.BUILDING),
        "delivered": Q(stage=Stage.DELIVERED),
        "unsolved": Q(Exists(unsolved)) & standing,
        "ended": Q(stage__in=(Stage.CLOSED, Stage.DROPPED)),
    }


def _seen_by(by: Actor) -> Q:
    watched = [grant.place_path for grant in by.grants if grant.kind == "deputy"]
    return _under("place_path", [*by.work_paths, *watched])


def _under(field: str, paths: Sequence[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def _branch(place: Place) -> list[int]:
    return [int(key) for key in place.path.strip("/").split("/")]
