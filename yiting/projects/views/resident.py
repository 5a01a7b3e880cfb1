"""The public pages: all projects of a place, one project, its photos, and the way to it from a need."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiting.needs.queries import read_code
from yiting.needs.queries.resident import get_need
from yiting.needs.queries.wording import role_words, shown_words
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.errors import PlaceMissing
from yiting.places.models import Place
from yiting.places.queries import get_place
from yiting.projects.errors import ProjectMissing
from yiting.projects.forms import BoardForm
from yiting.projects.models import Project
from yiting.projects.queries.asked import get_project_for_need, get_why_none
from yiting.projects.queries.board import BoardFilters, get_board, list_cards
from yiting.projects.queries.page import get_picture, get_project_page
from yiting.projects.views.judging import judging_context
from yiting.projects.views.visitors import actor_of, visitor_of


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every project of a place, the newest year first: what it costs, whom it serves, what they said."""
    filters = _filters(request)
    page = get_board(filters, after=request.GET.get("after"))
    return render(request, "projects/board.html", {"board": page, "filters": filters})


@public
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """A project: from the needs it serves to what the residents say of it."""
    page = get_project_page(code, by=actor_of(request), at=now())
    if code != page.project.code:
        return redirect("projects:project", page.project.code)
    context = {"page_of": page, "project": page.project, **judging_context(request, page)}
    return render(request, "projects/project.html", context)


@public
@require_safe
def photo(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A photo of a project: a JPEG that we encoded ourselves."""
    found = get_picture(code, pk)
    try:
        response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise ProjectMissing from None
    response["Cache-Control"] = "public, max-age=86400"
    return response


@public
@require_safe
def for_need(request: HttpRequest, code: str) -> HttpResponse:
    """From a need to its project; or why there is none; or that nothing is decided yet."""
    need = get_need(read_code(code), visitor_of(request))
    found = get_project_for_need(need)
    htmx = bool(getattr(request, "htmx", False))
    if found is not None and not htmx:
        return redirect("projects:project", found.code)
    why = get_why_none(need) if found is None else None
    context = {
        "need": need,
        "title": shown_words(need.title),
        "card": _card(found) if found is not None else None,
        "why": why,
        "who": role_words(why.role) if why is not None and why.role else "",
    }
    return render(request, "projects/_for_need.html" if htmx else "projects/for_need.html", context)


def _filters(request: HttpRequest) -> BoardFilters:
    form = BoardForm(request.GET)
    form.is_valid()  # what does not fit is left out of cleaned_data, and so is not asked for
    asked = form.cleaned_data
    return BoardFilters(
        place=_place(asked.get("place")),
        year=asked.get("year"),
        stage=asked.get("stage", ""),
        words=asked.get("q", ""),
    )


def _place(key: int | None) -> Place | None:
    if key is None:
        return None
    try:
        return get_place(key)
    except PlaceMissing:
        return None


def _card(found: Project) -> object:
    return list_cards([found])[0]
