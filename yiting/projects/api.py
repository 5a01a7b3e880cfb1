"""Projects for programs: the public board a page at a time, and the page of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from yiting.people.actors import RESIDENT
from yiting.places.clock import now
from yiting.places.models import Place
from yiting.places.queries import get_place, get_place_by_code
from yiting.projects.models import Project, Stage
from yiting.projects.queries.board import BoardFilters, ProjectCard, filtered, list_cards, mark_of, page_of
from yiting.projects.queries.judging import ProjectJudging
from yiting.projects.queries.page import Picture, ProjectPage, get_project_page

KEY_LIMIT = 2**53  # what every JSON reader holds exactly

router = Router(tags=["projects"])


class StepOut(Schema):
    """One of the six words of the way, and whether it is done, now or next."""

    word: str
    state: Literal["done", "now", "next"]
    note: str


class ProjectRowOut(Schema):
    """A project in a list. Money is integer fen, and null while nobody has said it."""

    code: str
    title: str
    year: int
    stage: Stage
    place: str
    lead: str
    budget_fen: int | None
    spent_fen: int | None
    households: int | None
    needs: int
    asked: int
    solved: int
    partly: int
    not_solved: int
    reopened: bool
    steps: list[StepOut]


class ProjectPageOut(Schema):
    """Some projects, the newest year first, and the mark after which the next page begins."""

    items: list[ProjectRowOut]
    after: str | None


class ServedOut(Schema):
    """A need that a project serves."""

    code: str
    title: str
    people: int
    households: int


class VisitOut(Schema):
    """A visit on the spot, and what was found; the day only if it is known."""

    on: date | None
    when: str
    organisations: list[str]
    with_deputies: bool
    deputies: int | None
    findings: str


class MilestoneOut(Schema):
    """A step on the way, planned and done."""

    title: str
    planned_on: date | None
    done_on: date | None
    done_when: str
    note: str
    done: bool
    late: bool


class PictureOut(Schema):
    """A photo, and what is to be seen on it."""

    url: str
    kind: str
    caption: str
    width: int
    height: int


class JudgingOut(Schema):
    """What the residents say of it. Shares are among those who asked; silence is never consent."""

    is_open: bool
    look_days: int
    asked: int
    answered: int
    silent: int
    solved: int
    partly: int
    not_solved: int
    from_others: int


class StoryRowOut(Schema):
    """One line of what happened; `index` is its entry in the ledger."""

    sentence: str
    at: datetime
    role: str
    note: str
    index: int | None


class ProjectOut(Schema):
    """A project as its public page shows it."""

    code: str
    title: str
    purpose: str
    year: int
    stage: Stage
    place: str
    place_names: list[str]
    lead: str
    budget_fen: int | None
    spent_fen: int | None
    households: int | None
    households_on_allowance: int | None
    chosen_on: date | None
    started_on: date | None
    delivered_on: date | None
    delivered_when: str
    drop_reason: str
    reopened: bool
    steps: list[StepOut]
    quote: str
    needs: list[ServedOut]
    needs_not_public: int
    asked: int
    visits: list[VisitOut]
    milestones: list[MilestoneOut]
    pictures: list[PictureOut]
    judging: JudgingOut | None
    story: list[StoryRowOut]


class ProjectQuery(Schema):
    """Which projects; everything may be left out."""

    place: Annotated[str | None, Field(pattern="^[0-9]{12}$", description="Division code")] = None
    place_id: Annotated[int | None, Field(ge=1, lt=KEY_LIMIT)] = None
    year: Annotated[int | None, Field(ge=1949, le=2200)] = None
    stage: Stage | None = None
    q: Annotated[str, Field(max_length=60)] = ""
    after: Annotated[str | None, Field(pattern=r"^[0-9]{1,4}\.[0-9]{1,17}$")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("/projects", response=ProjectPageOut, summary="The public board")
def projects_list(request: HttpRequest, asked: Query[ProjectQuery]) -> dict[str, Any]:
    """List the projects of a place, a page at a time; at most five queries."""
    filters = BoardFilters(place=_place(asked), year=asked.year, words=asked.q)
    found = filtered(Project.objects.all(), filters)
    if asked.stage is not None:
        found = found.filter(stage=asked.stage)
    rows, more = page_of(found, after=asked.after, size=asked.limit)
    return {
        "items": [_row(card) for card in list_cards(rows)],
        "after": mark_of(rows[-1]) if more else None,
    }


@router.get("/projects/{code}", response=ProjectOut, summary="One project")
def projects_get(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return a project with the needs it serves, the visits, the steps and what the residents judged."""
    page = get_project_page(code, by=RESIDENT, at=now())
    project = page.project
    shots = [*page.before, *page.progress, *page.after]
    shots += [shot for visit in page.visits for shot in visit.pictures]
    shots += [shot for step in page.milestones for shot in step.pictures]
    return {
        "code": project.code,
        "title": project.title,
        "purpose": project.purpose,
        "year": project.year,
        "stage": project.stage,
        "place": project.place.name,
        "place_names": page.place_names,
        "lead": project.lead.name if project.lead else "",
        "budget_fen": project.budget_fen,
        "spent_fen": project.spent_fen,
        "households": project.households,
        "households_on_allowance": project.households_on_allowance,
        "chosen_on": project.chosen_on,
        "started_on": project.started_on,
        "delivered_on": project.delivered_on,
        "delivered_when": project.delivered_when,
        "drop_reason": project.drop_reason,
        "reopened": page.reopened,
        "steps": page.steps,
        "quote": page.quote,
        "needs": page.needs,
        "needs_not_public": page.needs_unseen,
        "asked": page.asked,
        "visits": page.visits,
        "milestones": page.milestones,
        "pictures": [_picture(request, project, shot) for shot in shots],
        "judging": _judging(page.judging),
        "story": _story(page),
    }


def _place(asked: ProjectQuery) -> Place | None:
    if asked.place is not None:
        return get_place_by_code(asked.place)
    return get_place(asked.place_id) if asked.place_id is not None else None


def _row(card: ProjectCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "title": card.title,
        "year": card.year,
        "stage": card.stage,
        "place": card.place_name,
        "lead": card.lead_name,
        "budget_fen": card.budget_fen,
        "spent_fen": card.spent_fen,
        "households": card.households,
        "needs": card.needs,
        "asked": card.asked,
        "solved": card.solved,
        "partly": card.partly,
        "not_solved": card.not_solved,
        "reopened": card.reopened,
        "steps": card.steps,
    }


def _picture(request: HttpRequest, project: Project, shot: Picture) -> dict[str, Any]:
    url = request.build_absolute_uri(reverse("projects:picture", args=[project.code, shot.pk]))
    return {
        "url": url,
        "kind": shot.kind,
        "caption": shot.caption,
        "width": shot.width,
        "height": shot.height,
    }


def _judging(judging: ProjectJudging | None) -> dict[str, Any] | None:
    if judging is None:
        return None
    tally = judging.tally
    return {
        "is_open": judging.is_open,
        "look_days": judging.look,
        "asked": tally.base,
        "answered": tally.answered,
        "silent": tally.silent,
        "solved": tally.solved.count,
        "partly": tally.partly.count,
        "not_solved": tally.not_solved.count,
        "from_others": judging.others,
    }


def _story(page: ProjectPage) -> list[dict[str, Any]]:
    return [
        {"sentence": row.sentence, "at": row.at, "role": row.role, "note": row.note, "index": row.index}
        for row in page.rows
    ]
