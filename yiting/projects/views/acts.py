"""What is done to a project on the workbench: each act one form, one service, and back to the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiting.methods.photos import BYTES_LIMIT
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look
from yiting.places.errors import Refused
from yiting.projects import services
from yiting.projects.errors import ChangedMeanwhile, PhotoRefused
from yiting.projects.forms import (
    ChooseForm,
    DeliverForm,
    MilestoneForm,
    PhotoForm,
    PlanForm,
    ReasonForm,
    SeenForm,
    VisitForm,
)
from yiting.projects.models import Project
from yiting.projects.queries.bench import (
    get_bench_project,
    get_work_project,
    list_leads,
    list_needs_by_code,
    list_steps,
)
from yiting.projects.views.bench import NOT_THERE, bench_page
from yiting.projects.views.visitors import actor_of


@staff
@post_or_look
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the plan: purpose, who leads, the money."""
    project = get_work_project(code, actor_of(request))
    form = PlanForm(_sent(request), leads=list_leads(actor_of(request), project.place), auto_id="edit_%s")

    def change(by: Actor) -> None:
        said = form.cleaned_data
        services.project_plan(
            by=by,
            project=project,
            purpose=said["purpose"] or None,
            lead=said["lead"],
            budget_fen=said["budget"],
            spent_fen=said["spent"],
            seen=_seen(request),
            at=now(),
        )

    return _act(request, project, "edit", form, change, _("The plan is changed."))


@staff
@post_or_look
def serve(request: HttpRequest, code: str) -> HttpResponse:
    """Let the project serve further needs."""
    project = get_work_project(code, actor_of(request))
    form = forms.Form(_sent(request))

    def change(by: Actor) -> None:
        needs = list_needs_by_code(request.POST.getlist("need")[:50])
        services.project_serve(by=by, project=project, needs=needs, at=now())

    return _act(request, project, "serve", form, change, _("The project serves these needs too."))


@staff
@post_or_look
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """The candidate becomes a project of its year."""
    project = get_work_project(code, actor_of(request))
    form = ChooseForm(_sent(request), today=local_day(now()), auto_id="choose_%s")

    def change(by: Actor) -> None:
        on = form.cleaned_data["on"]
        services.project_choose(by=by, project=project, on=on, seen=_seen(request), at=now())

    return _act(
        request,
        project,
        "choose",
        form,
        change,
        _("Chosen. Those who asked see it on the page of their need."),
    )


@staff
@post_or_look
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Work begins."""
    project = get_work_project(code, actor_of(request))
    form = ChooseForm(_sent(request), today=local_day(now()), auto_id="start_%s")

    def change(by: Actor) -> None:
        on = form.cleaned_data["on"]
        services.project_start(by=by, project=project, on=on, seen=_seen(request), at=now())

    return _act(request, project, "start", form, change, _("Work has begun."))


@staff
@post_or_look
def deliver(request: HttpRequest, code: str) -> HttpResponse:
    """It is finished; those who asked are told and judge it."""
    project = get_work_project(code, actor_of(request))
    form = DeliverForm(_sent(request), today=local_day(now()), auto_id="deliver_%s")

    def change(by: Actor) -> None:
        said = form.cleaned_data
        services.project_deliver(
            by=by, project=project, on=said["on"], when=said["when"], seen=_seen(request), at=now()
        )

    return _act(request, project, "deliver", form, change, _("Finished. Everybody who asked is told and judges it."))


@staff
@post_or_look
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Give the project up, with a reason for the residents."""
    project = get_work_project(code, actor_of(request))
    form = ReasonForm(_sent(request), auto_id="drop_%s")

    def change(by: Actor) -> None:
        reason = form.cleaned_data["reason"]
        services.project_drop(by=by, project=project, reason=reason, seen=_seen(request), at=now())

    return _act(request, project, "drop", form, change, _("Given up. The reason stands on its page."))


@staff
@post_or_look
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Record a visit on the spot; deputies record theirs too."""
    by = actor_of(request)
    project = get_bench_project(code, by)
    form = VisitForm(
        _sent(request),
        organisations=list_leads(by, project.place),
        today=local_day(now()),
        auto_id="visit_%s",
    )

    def change(by: Actor) -> None:
        services.visit_record(by=by, project=project, at=now(), **form.cleaned_data)

    return _act(request, project, "visit", form, change, _("The visit is written down."))


@staff
@post_or_look
def milestone(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a step, or note that it is done."""
    project = get_work_project(code, actor_of(request))
    form = MilestoneForm(_sent(request), today=local_day(now()), auto_id="milestone_%s")

    def change(by: Actor) -> None:
        services.milestone_set(by=by, project=project, at=now(), **form.cleaned_data)

    return _act(request, project, "milestone", form, change, _("The step is written down."))


@staff
@post_or_look
def photo(request: HttpRequest, code: str) -> HttpResponse:
    """Add a photo with its words."""
    project = get_work_project(code, actor_of(request))
    form = PhotoForm(_sent(request), request.FILES or None, steps=list_steps(project), auto_id="photo_%s")

    def change(by: Actor) -> None:
        said = form.cleaned_data
        if said["photo"].size > BYTES_LIMIT:
            raise PhotoRefused(name=said["photo"].name)
        services.project_photo_add(
            by=by,
            project=project,
            kind=said["kind"],
            name=said["photo"].name,
            data=said["photo"].read(),
            caption=said["caption"],
            milestone=said["milestone"],
            at=now(),
        )

    return _act(request, project, "photo", form, change, _("The photo is added."))


def _act(
    request: HttpRequest, project: Project, name: str, form: Any, change: Callable[[Actor], None], done: str
) -> HttpResponse:
    """Do it and go back to the project; what does not fit, or was refused, is said beside its form."""
    if request.method != "POST":
        return redirect("projects:bench_project", project.code)
    if not form.is_valid():
        return bench_page(request, project.code, bound={name: form}, status=422)
    try:
        change(actor_of(request))
    except Refused as refusal:
        if refusal.status == NOT_THERE:
            raise
        return bench_page(request, project.code, bound={name: form}, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return redirect("projects:bench_project", project.code)


def _sent(request: HttpRequest) -> Any:
    """What was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _seen(request: HttpRequest) -> int:
    """The version that was looked at; one that is missing or spoilt counts as an old one."""
    form = SeenForm(request.POST, auto_id="_seen_%s")
    if not form.is_valid():
        raise ChangedMeanwhile
    return int(form.cleaned_data["seen"])
