"""The public board: every project of a place, with filters and keyset pages; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yiting.needs.queries.ways import WayStep
from yiting.places.models import Level, Place
from yiting.projects.models import Evaluation, Project, ProjectNeed, Stage
from yiting.projects.queries.ways import way_short

PAGE = 20
OFFERED_LEVELS = (Level.STREET, Level.COMMUNITY, Level.ESTATE)


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """One project in a list."""

    code: str
    title: str
    year: int
    stage: str
    stage_label: str
    place_name: str
    lead_name: str
    budget_fen: int | None
    spent_fen: int | None
    households: int | None
    needs: int
    asked: int
    solved: int
    partly: int
    not_solved: int
    reopened: bool
    steps: tuple[WayStep, ...]

    @property
    def judged(self) -> int:
        """How many judged it."""
        return self.solved + self.partly + self.not_solved


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilters:
    """What a reader asks the board for; everything may be left out."""

    place: Place | None = None
    year: int | None = None
    stage: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class StageCount:
    """A stage to filter by, and how many projects are in it under the other filters."""

    stage: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place to filter by, set in as deep as it lies."""

    id: int
    name: str
    indent: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Some projects, the mark after which the next page begins (None at the end), and the filters."""

    rows: list[ProjectCard]
    after: str | None
    stages: list[StageCount]
    total: int
    years: list[int]
    places: list[PlaceChoice]


def get_board(filters: BoardFilters, *, after: str | None = None, size: int = PAGE) -> BoardPage:
    """Return a page of the board, the newest year first. Six queries; a spoilt mark is page one."""
    found = filtered(Project.objects.all(), filters)
    counts = dict(found.order_by().values_list("stage").annotate(n=Count("pk")))
    if filters.stage:
        found = found.filter(stage=filters.stage)
    rows, more = page_of(found, after=after, size=size)
    cards = list_cards(rows)
    years = list(Project.objects.order_by("-year").values_list("year", flat=True).distinct())
    return BoardPage(
        rows=cards,
        after=mark_of(rows[-1]) if more else None,
        stages=[StageCount(stage.value, str(stage.label), counts.get(stage.value, 0)) for stage in Stage],
        total=sum(counts.values()),
        years=years,
        places=_list_places(),
    )


def list_cards(projects: Sequence[Project]) -> list[ProjectCard]:
    """Make cards of projects whose place and lead are loaded. Two queries."""
    keys = [project.pk for project in projects]
    served = _served(keys)
    verdicts = _verdicts(keys)
    cards = []
    for project in projects:
        needs, asked = served.get(project.pk, (0, 0))
        said = verdicts.get(project.pk, {})
        cards.append(
            ProjectCard(
                code=project.code,
                title=project.title,
                year=project.year,
                stage=project.stage,
                stage_label=project.get_stage_display(),
                place_name=project.place.name,
                lead_name=project.lead.name if project.lead else "",
                budget_fen=project.budget_fen,
                spent_fen=project.spent_fen,
                households=project.households,
                needs=needs,
                asked=asked,
                solved=said.get("solved", 0),
                partly=said.get("partly", 0),
                not_solved=said.get("not", 0),
                reopened=project.stage == Stage.BUILDING and project.delivered_at is not None,
                steps=way_short(project.stage),
            )
        )
    return cards


def filtered(found: QuerySet[Project], filters: BoardFilters) -> QuerySet[Project]:
    """Narrow projects down to a place, a year and words of their own or of the needs they serve."""
    if filters.place is not None:
        found = found.filter(place_path__startswith=filters.place.path)
    if filters.year is not None:
        found = found.filter(year=filters.year)
    for word in filters.words.split()[:5]:
        serving = ProjectNeed.objects.filter(need__root__title__icontains=word, need__root__is_public=True)
        found = found.filter(
            Q(title__icontains=word) | Q(purpose__icontains=word) | Q(pk__in=serving.values("project"))
        )
    return found


def page_of(found: QuerySet[Project], *, after: str | None, size: int) -> tuple[list[Project], bool]:
    """Cut a page out of projects, the newest year first, and say whether there are more. One query."""
    mark = _read_mark(after)
    if mark is not None:
        year, key = mark
        found = found.filter(Q(year__lt=year) | Q(year=year, pk__lt=key))
    rows = list(found.select_related("place", "lead").order_by("-year", "-id")[: size + 1])
    return rows[:size], len(rows) > size


def mark_of(project: Project) -> str:
    """The mark after which the page that follows a project begins."""
    return f"{project.year}.{project.pk}"


def _served(keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many needs each project serves, or served once given up, and the households of the largest."""
    standing = Q(ended_at__isnull=True) | Q(project__stage=Stage.DROPPED)
    rows = (
        ProjectNeed.objects.filter(standing, project__in=keys)
        .order_by()
        .values("project")
        .annotate(n=Count("need__root", distinct=True), most=Max("need__root__household_count"))
    )
    return {row["project"]: (row["n"], row["most"] or 0) for row in rows}


def _verdicts(keys: Iterable[int]) -> dict[int, dict[str, int]]:
    """The verdicts on each project in the last look that anybody answered, of its last delivery."""
    valid = Q(project__delivered_at__isnull=True) | Q(at__gte=F("project__delivered_at"))
    last = (
        Evaluation.objects.filter(valid, project=OuterRef("project"))
        .order_by()
        .values("project")
        .annotate(most=Max("look"))
        .values("most")
    )
    rows = (
        Evaluation.objects.filter(valid, project__in=keys, look=Coalesce(Subquery(last), 0))
        .order_by()
        .values_list("project", "verdict")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for project, verdict, count in rows:
        found.setdefault(project, {})[verdict] = count
    return found


def _list_places() -> list[PlaceChoice]:
    """The streets, communities and estates that have a project, in the order of the tree. Two queries."""
    paths = Project.objects.order_by().values_list("place_path", flat=True).distinct()
    keys = {int(key) for path in paths for key in path.strip("/").split("/") if key}
    places = sorted(
        Place.objects.filter(pk__in=keys, level__in=OFFERED_LEVELS),
        key=lambda place: [int(key) for key in place.path.strip("/").split("/")],
    )
    top = min((place.path.count("/") for place in places), default=0)
    return [PlaceChoice(place.pk, place.name, "\u3000" * (place.path.count("/") - top)) for place in places]


def _read_mark(text: str | None) -> tuple[int, int] | None:
    parts = (text or "").split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    return int(parts[0]), int(parts[1])
