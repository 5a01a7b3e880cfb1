"""The public pages: the list, one activity, its photos and papers."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiting.activities.errors import ActivityMissing
from yiting.activities.forms import BoardForm
from yiting.activities.queries.board import BoardFilters, get_board
from yiting.activities.queries.page import find_place, get_activity_page, get_paper, get_picture
from yiting.activities.views.visitors import actor_of, voices_of
from yiting.places.access import public
from yiting.places.clock import now


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is coming, day by day, or what has been; by place and kind."""
    form = BoardForm(request.GET)
    form.is_valid()  # what does not fit is left out of cleaned_data, and so is not asked for
    asked = form.cleaned_data
    key = asked.get("place")
    filters = BoardFilters(
        place=find_place(key) if key else None,
        kind=asked.get("kind") or "",
        past=bool(asked.get("past")),
        page=asked.get("page") or 1,
    )
    context = {"board": get_board(filters, at=now()), "filters": filters, "next_page": filters.page + 1}
    return render(request, "activities/board.html", context)


@public
@require_safe
def activity(request: HttpRequest, code: str) -> HttpResponse:
    """One activity: what, when, where, who holds it; signing up, papers, report and feedback."""
    return activity_page(request, code)


@public
@require_safe
def photo(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A photo: a JPEG that we encoded ourselves."""
    return _file(get_picture(code, pk).file, content_type="image/jpeg")


@public
@require_safe
def paper(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A file to read, always as a download."""
    found = get_paper(code, pk)
    return _file(found.file, content_type="application/octet-stream", as_attachment=True, filename=found.name)


def activity_page(
    request: HttpRequest, code: str, *, refusal: object = None, given: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Show an activity, perhaps with what was refused beside the form as it was filled in."""
    page = get_activity_page(code, by=actor_of(request), person_ids=voices_of(request), at=now())
    if status == 200 and code != page.activity.code:
        return redirect("activities:activity", page.activity.code)
    context = {
        "page_of": page,
        "activity": page.activity,
        "refusal": refusal,
        "given": given or {},
        "key": secrets.token_urlsafe(24),
    }
    return render(request, "activities/activity.html", context, status=status)


def _file(file: Any, *, content_type: str, as_attachment: bool = False, filename: str = "") -> FileResponse:
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise ActivityMissing from None
    response = FileResponse(opened, content_type=content_type, as_attachment=as_attachment, filename=filename)
    response["Cache-Control"] = "public, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
