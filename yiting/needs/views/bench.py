"""The workbench: list, message, suggestion with its reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yiting.needs.errors import NeedMissing, NeedsRefused
from yiting.needs.forms_bench import (
    AssignForm,
    DeclineForm,
    PauseForm,
    ReplyForm,
    ReturnForm,
    SaveViewForm,
    SortForm,
)
from yiting.needs.models import State, Urgency
from yiting.needs.queries.bench import (
    ALL,
    NEW,
    VIEWS,
    BenchFilters,
    bench_counts,
    list_bench,
    list_saved_views,
    list_top_categories,
    list_work_places,
)
from yiting.needs.queries.bench_need import BenchNeed, get_bench_need, get_bench_photo, get_category
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now

NAMES = {
    "new": _("Newly come"),
    "free": _("Nobody has it yet"),
    "mine": _("For us to do"),
    "waiting": _("Waiting for others"),
    "due": _("Due soon"),
    "unsolved": _("Residents say: not solved"),
    "all": _("All"),
}
EMPTY = {
    "new": _("Nothing new has come. What people say will stand here."),
    "free": _("Everything that was sorted has been given to somebody."),
    "mine": _("Nothing is waiting for you."),
    "waiting": _("Nobody is waited for."),
    "due": _("Nothing is due in the next two days."),
    "unsolved": _("No resident says that something is not solved."),
    "all": _("Nothing has been said here yet."),
}
NOTHING_FITS = _("Nothing fits. Take a filter away.")
FILTERS = ("q", "category", "urgency", "state", "place")
WORDS_LIMIT = 60


@staff
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """The inbox, and the need that is opened beside it; where there is room the script opens the first."""
    at, by = now(), actor_of(request)
    context = list_context(request, by)
    if opened := request.GET.get("open"):
        context |= need_context(get_bench_need(opened, by=by, at=at)) | {"detail_first": True}
    return render(request, "needs/bench/bench.html", context)


@staff
@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """One need, alone or, when htmx asks, as the column beside the list."""
    every = request.GET.get("said") == "all"
    try:
        found = get_bench_need(code, by=actor_of(request), at=now(), every_request=every)
    except NeedMissing as refusal:
        return missing(request, refusal)
    return column(request, found)


@staff
@require_safe
def photo(request: HttpRequest, key: int) -> FileResponse:
    """A photo of a need, for those who work on it."""
    found = get_bench_photo(key, by=actor_of(request))
    try:
        response = FileResponse(found.file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise NeedMissing from None
    response["Cache-Control"] = "private, max-age=3600"
    return response


def column(request: HttpRequest, found: BenchNeed, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a need: the column for htmx, the whole page with the list beside it otherwise."""
    context = need_context(found) | {"query": list_query(request)} | more
    if request.headers.get("HX-Request"):
        response = render(request, "needs/bench/_need.html", context, status=status)
    else:
        context = list_context(request, actor_of(request)) | context | {"detail_first": True}
        response = render(request, "needs/bench/bench.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def missing(request: HttpRequest, refusal: NeedsRefused) -> HttpResponse:
    """Say in the column, when htmx asks, that the need is not there; otherwise on a page of its own."""
    if not request.headers.get("HX-Request"):
        raise refusal
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def list_query(request: HttpRequest) -> str:
    """The view and filters of the address, as they are carried from page to page."""
    return urlencode({key: value for key in ("view", *FILTERS) if (value := request.GET.get(key))})


def list_context(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """What the views and the list show, from the address."""
    at, asked = now(), request.GET
    view = asked.get("view", NEW)
    places = list_work_places(by)
    place = next((one for one in places if str(one.pk) == asked.get("place")), None)
    filters = BenchFilters(
        view=view if view in VIEWS else NEW,
        words=asked.get("q", "").strip()[:WORDS_LIMIT],
        category=get_category(asked.get("category", "")),
        urgency=asked.get("urgency", ""),
        state=asked.get("state", "") if view == ALL else "",
        place_path=place.path if place else "",
    )
    is_filtered = any(asked.get(key) for key in FILTERS)
    return nav_context(by) | {
        "filters": filters,
        "view_name": NAMES[filters.view],
        "empty": NOTHING_FITS if is_filtered else EMPTY[filters.view],
        "page_of": list_bench(filters, by=by, after=asked.get("after"), at=at),
        "is_later": bool(asked.get("after")),
        "categories": list_top_categories(),
        "urgencies": Urgency.choices,
        "states": State.choices,
        "places": places,
        "query": list_query(request),
        "is_filtered": is_filtered,
        "save_form": SaveViewForm(initial={"query": list_query(request)}),
    }


def nav_context(by: Actor) -> dict[str, Any]:
    """The views with their counts and the kept ones, which stand beside every page of the workbench."""
    counts = bench_counts(by, at=now())
    return {
        "views": [(key, NAMES[key], counts.get(key)) for key in VIEWS],
        "saved": list_saved_views(by),
        "place_label": by.grants[0].organisation_name if by.grants else "",
    }


def need_context(found: BenchNeed) -> dict[str, Any]:
    """What the open column shows: the need and the forms that fit its state."""
    held = found.need
    guess = found.category.category if found.category else None
    return {
        "found": found,
        "need": held,
        "sort_form": SortForm(
            initial={
                "category": held.category_id or (guess.pk if guess else None),
                "urgency": held.urgency,
                "title": held.title,
                "private": held.state != State.HEARD and not held.is_public,
            }
        ),
        "assign_form": AssignForm(held, initial={"organisation": held.handler_id or found.usual_handler_id}),
        "return_form": ReturnForm(held),
        "decline_form": DeclineForm(),
        "pause_form": PauseForm(),
        "reply_form": ReplyForm(),
    }


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
