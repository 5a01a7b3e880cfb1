"""Resolutions: the public list and page, and on the workbench making one and following its tasks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.deliberation import services
from yiting.deliberation.errors import ResolutionMissing
from yiting.deliberation.forms_meetings import FinishForm, FollowForm, MoveForm, ResolutionForm, TaskForm
from yiting.deliberation.models import Point, Resolution, Topic
from yiting.deliberation.queries.meetings import get_bench_meeting, get_point
from yiting.deliberation.queries.resolutions import (
    get_bench_resolution,
    get_resolution_page,
    get_task,
    list_bench,
    list_board,
    list_organisations,
)
from yiting.deliberation.queries.topics import find_topic
from yiting.people.sessions import actor_of
from yiting.places.access import public, staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, do, number_of, post_or_look, sent
from yiting.places.errors import Refused


@public
@require_safe
def resolutions(request: HttpRequest) -> HttpResponse:
    """What was decided; perhaps only that of which something is still to be done."""
    open_only = request.GET.get("open") == "on"
    board = list_board(open_only=open_only, page=number_of(request.GET.get("page")) or 1, at=now())
    context = {"board": board, "open_only": open_only, "next_page": board.page + 1}
    return render(request, "deliberation/resolutions.html", context)


@public
@require_safe
def resolution(request: HttpRequest, code: str) -> HttpResponse:
    """One resolution, its tasks and how far they are."""
    page = get_resolution_page(code, at=now())
    if code != page.resolution.code:
        return redirect("deliberation:resolution", page.resolution.code)
    context = {
        "page_of": page,
        "resolution": page.resolution,
        "may_work": actor_of(request).works_at(page.resolution.place_path),
    }
    return render(request, "deliberation/resolution.html", context)


@staff
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """The resolutions that somebody follows."""
    return render(request, "deliberation/resolution_bench.html", _list_context(request))


@staff
@require_safe
def bench_resolution(request: HttpRequest, code: str) -> HttpResponse:
    """One resolution with what can be done about its tasks."""
    return resolution_page(request, code)


@staff
@post_or_look
def make_from_point(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Make a resolution of what was decided at a point."""
    found = get_bench_meeting(code, actor_of(request))
    point = get_point(found, pk)
    initial = {"title": point.title, "text": point.decision}
    return _make(request, point=point, initial=initial, source=f"{found.activity.title} · {point.title}")


@staff
@post_or_look
def make_from_topic(request: HttpRequest, code: str) -> HttpResponse:
    """Make a resolution of a closed topic."""
    topic = find_topic(code)
    if not actor_of(request).works_at(topic.place_path):
        raise ResolutionMissing
    return _make(request, topic=topic, initial={"title": topic.question}, source=topic.question)


@staff
@post_or_look
def task_add(request: HttpRequest, code: str) -> HttpResponse:
    """Set one more task."""
    found = get_bench_resolution(code, actor_of(request))
    form = TaskForm(sent(request), units=list_organisations(), auto_id="task_%s")

    def change() -> None:
        services.task_set(by=actor_of(request), resolution=found, at=now(), **form.cleaned_data)

    return _act(request, found, change, form=form, name="task", done=_("Set. They are told."))


@staff
@post_or_look
def follow(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Say how far a task is."""
    found = get_bench_resolution(code, actor_of(request))
    task = get_task(found, pk, actor_of(request))
    form = FollowForm(sent(request), auto_id=f"follow-{pk}-%s")

    def change() -> None:
        services.task_follow(by=actor_of(request), task=task, text=form.cleaned_data["text"], at=now())

    return _act(request, found, change, form=form, name=f"follow-{pk}", done=_("It stands on the public page."))


@staff
@post_or_look
def finish(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Say that a task is done, and what shows it."""
    found = get_bench_resolution(code, actor_of(request))
    task = get_task(found, pk, actor_of(request))
    form = FinishForm(sent(request), auto_id=f"finish-{pk}-%s")

    def change() -> None:
        services.task_finish(by=actor_of(request), task=task, at=now(), **form.cleaned_data)

    return _act(request, found, change, form=form, name=f"finish-{pk}", done=_("Done. It stands on the public page."))


@staff
@post_or_look
def move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Set another day for a task."""
    found = get_bench_resolution(code, actor_of(request))
    task = get_task(found, pk, actor_of(request))
    form = MoveForm(sent(request), auto_id=f"move-{pk}-%s")

    def change() -> None:
        services.task_move(by=actor_of(request), task=task, at=now(), **form.cleaned_data)

    return _act(request, found, change, form=form, name=f"move-{pk}", done=_("Saved. They are told."))


@staff
@post_or_look
def open_need(request: HttpRequest, code: str) -> HttpResponse:
    """Make a need of the resolution."""
    found = get_bench_resolution(code, actor_of(request))
    change = partial(services.resolution_open_need, by=actor_of(request), resolution=found, at=now())
    return _act(request, found, change, done=_("It is a need now and goes the way of every need."))


def resolution_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a resolution on the workbench, with a form as it was filled in and what was refused."""
    by = actor_of(request)
    found = get_bench_resolution(code, by)
    page = get_resolution_page(found.code, at=now())
    manages, forms = by.works_at(found.place_path), bound or {}
    tasks = [
        (
            task,
            {
                name: forms.get(f"{name}-{task.pk}") or kind(auto_id=f"{name}-{task.pk}-%s")
                for name, kind in (("follow", FollowForm), ("finish", FinishForm), ("move", MoveForm))
                if task.is_open and (manages or (name != "move" and task.organisation_id in by.handling_ids))
            },
        )
        for task in page.card.tasks
    ]
    context = {
        **_list_context(request),
        "page_of": page,
        "resolution": page.resolution,
        "tasks": tasks,
        "manages": manages,
        "task_form": forms.get("task") or TaskForm(units=list_organisations(), auto_id="task_%s"),
        "opened": next(iter(forms), ""),
        "refusal": refusal,
    }
    return render(request, "deliberation/resolution_follow.html", context, status=status)


def _make(
    request: HttpRequest,
    *,
    point: Point | None = None,
    topic: Topic | None = None,
    initial: dict[str, Any],
    source: str,
) -> HttpResponse:
    form = ResolutionForm(sent(request), units=list_organisations(), initial=initial)
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.resolution_make(
                    by=actor_of(request),
                    title=said["title"],
                    text=said["text"],
                    point=point,
                    topic=topic,
                    tasks=said["tasks"],
                    at=now(),
                )
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The resolution stands in public. Those who have a task are told."))
                return redirect("deliberation:bench_resolution", made.code)
    context = {**_list_context(request), "form": form, "refusal": refusal, "source": source}
    return render(request, "deliberation/resolution_make.html", context, status=status)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    view = request.GET.get("view", "")
    view = view if view in ("open", "overdue", "all") else "open"
    board = list_bench(actor_of(request), view, page=number_of(request.GET.get("page")) or 1, at=now())
    return {"board": board, "resolution_view": view, "next_page": board.page + 1}


def _act(
    request: HttpRequest,
    found: Resolution,
    change: Callable[[], object],
    *,
    form: Any = None,
    name: str = "",
    done: str,
) -> HttpResponse:
    back = reverse("deliberation:bench_resolution", args=[found.code])
    return do(request, partial(resolution_page, request, found.code), back, change, form=form, name=name, done=done)
