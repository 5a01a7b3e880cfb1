"""The workbench: list, message, suggestion with its reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yiting.needs.forms_bench import AssignForm, PauseForm, ReplyForm, ReturnForm, SaveViewForm, SortForm
from yiting.needs.models import State, Urgency
from yiting.needs.queries.bench import (
    VIEWS,
    BenchFilters,
    bench_counts,
    list_bench,
    list_saved_views,
    list_top_categories,
)
from yiting.needs.queries.bench_need import BenchNeed, get_bench_need, get_category
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now

NAMES = {
    "new": _("Newly come"),
    "mine": _("For us to do"),
    "waiting": _("Waiting for others"),
    "due": _("Due soon"),
    "unsolved": _("Residents say: not solved"),
    "all": _("All"),
}
EMPTY = {
    "new": _("Nothing new has come. What people say will stand here."),
    "mine": _("Nothing is waiting for you."),
    "waiting": _("Nobody is waited for."),
    "due": _("Nothing is due in the next two days."),
    "unsolved": _("No resident says that something is not solved."),
    "all": _("Nothing fits. Take a filter away."),
}


@staff
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """The inbox, and the need that is open beside it."""
    at, by = now(), actor_of(request)
    context = list_context(request, by)
    opened = request.GET.get("open") or next((row.code for row in context["page_of"].rows[:1]), "")
    if opened:
        context |= need_context(get_bench_need(opened, by=by, at=at))
    context["detail_first"] = bool(request.GET.get("open"))
    return render(request, "needs/bench/bench.html", context)


@staff
@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """One need, alone or, when htmx asks, as the column beside the list."""
    by = actor_of(request)
    context = need_context(get_bench_need(code, by=by, at=now())) | {"back_query": request.GET.get("back", "")}
    if request.headers.get("HX-Request"):
        return render(request, "needs/bench/_need.html", context)
    return render(request, "needs/bench/need.html", context | list_context(request, by) | {"detail_first": True})


def list_context(request: HttpRequest, by: Actor) -> dict[str, Any]:
    """What the views and the list show, from the address."""
    at, asked = now(), request.GET
    view = asked.get("view", "new")
    filters = BenchFilters(
        view=view if view in VIEWS else "new",
        words=asked.get("q", "").replace("\x00", "").strip()[:60],
        category=get_category(asked.get("category", "")),
        urgency=asked.get("urgency", ""),
        state=asked.get("state", ""),
    )
    query = {k: v for k, v in asked.items() if k in {"view", "q", "category", "urgency", "state"} and v}
    counts = bench_counts(by, at=at)
    return {
        "filters": filters,
        "view_name": NAMES[filters.view],
        "empty": EMPTY["all" if filters.words else filters.view],
        "views": [(key, NAMES[key], counts.get(key)) for key in VIEWS],
        "page_of": list_bench(filters, by=by, after=asked.get("after"), at=at),
        "saved": list_saved_views(by),
        "categories": list_top_categories(),
        "urgencies": Urgency.choices,
        "states": State.choices,
        "query": urlencode(query),
        "is_filtered": bool(set(query) - {"view"}),
        "save_form": SaveViewForm(initial={"query": urlencode(query)}),
        "place_label": by.grants[0].organisation_name if by.grants else "",
    }


def need_context(found: BenchNeed) -> dict[str, Any]:
    """What the open column shows: the need and the forms that fit its state."""
    held = found.need
    return {
        "found": found,
        "need": held,
        "sort_form": SortForm(
            initial={
                "title": held.title,
                "category": held.category_id or (found.category.category_id if found.category else None),
                "urgency": held.urgency,
                "seen": held.version,
            }
        ),
        "assign_form": AssignForm(held, initial={"organisation": held.handler_id, "seen": held.version}),
        "return_form": ReturnForm(held),
        "pause_form": PauseForm(),
        "reply_form": ReplyForm(),
    }


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
