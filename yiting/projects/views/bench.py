"""The workbench of projects: the lists, one project with what can be done to it, proposing and declining."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yiting.deliberation.errors import DeliberationRefused
from yiting.deliberation.models import Resolution
from yiting.deliberation.queries.resolutions import get_bench_resolution
from yiting.needs.queries import read_code
from yiting.needs.queries.wording import shown_words
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused
from yiting.projects.errors import ProjectsRefused
from yiting.projects.forms import (
    ChooseForm,
    DeclineForm,
    DeliverForm,
    MilestoneForm,
    PhotoForm,
    PlanForm,
    ProposeForm,
    ReasonForm,
    VisitForm,
)
from yiting.projects.models import Project, Stage
from yiting.projects.money import yuan_text
from yiting.projects.queries.asked import get_project_for_need, get_why_none
from yiting.projects.queries.bench import (
    OfferedNeed,
    get_bench_project,
    get_work_need,
    list_bench,
    list_leads,
    list_needs_by_code,
    list_offered_needs,
    list_steps,
    list_work_places,
)
from yiting.projects.queries.page import ProjectPage, get_project_page
from yiting.projects.services import need_decline, project_open
from yiting.projects.stages import TRANSITIONS
from yiting.projects.views.visitors import actor_of

NOT_THERE = 404
VIEW_NAMES = {
    "candidates": gettext_lazy("Candidates"),
    "chosen": gettext_lazy("Chosen, not begun"),
    "building": gettext_lazy("Being built"),
    "delivered": gettext_lazy("Being judged"),
    "unsolved": gettext_lazy("Residents say: not solved"),
    "ended": gettext_lazy("Ended"),
}


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The projects of one view, in the places of the reader."""
    return render(request, "projects/bench.html", _list_context(request))


@staff
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project with its evidence and what can be done to it; beside its list, or alone for htmx."""
    return bench_page(request, code)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Make one need or several into a candidate."""
    by = actor_of(request)
    chosen = [read_code(code)[:16] for code in (request.POST or request.GET).getlist("need")[:20]]
    words = request.GET.get("q", "")[:60]
    offered = list_offered_needs(by, codes=chosen, words=words)
    places = list_work_places(by)
    ticked = [need for need in offered if need.code in chosen]
    asked = (request.POST or request.GET).get("resolution")
    resolution = get_bench_resolution(asked, by) if asked else None
    form = ProposeForm(
        request.POST or None,
        places=places,
        leads=list_leads(by),
        initial=_prefilled(ticked, places, resolution) if request.method != "POST" else None,
    )
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _opened(request, by, chosen, form.cleaned_data, resolution)
            except (ProjectsRefused, DeliberationRefused) as refused:
                refusal, status = refused, refused.status
    context = {
        **_views(request, by),
        "form": form,
        "offered": offered,
        "chosen": set(chosen),
        "words": words,
        "resolution": resolution,
        "refusal": refusal,
    }
    return render(request, "projects/propose.html", context, status=status)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Say in public why a need does not become a project this year."""
    by = actor_of(request)
    need = get_work_need(read_code(code)[:16], by)
    form = DeclineForm(request.POST or None, initial={"year": local_day(now()).year})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            need_decline(by=by, need=need, year=said["year"], reason=said["reason"], at=now())
            messages.success(request, _("The reason stands in public beside the need."))
            return redirect("projects:for_need", need.code)
    context = {
        **_views(request, by),
        "form": form,
        "need": need,
        "title": shown_words(need.title),
        "served": get_project_for_need(need),
        "why": get_why_none(need),
    }
    return render(request, "projects/decline.html", context, status=status)


def bench_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a project on the workbench, with a form as it was filled in and what was refused."""
    by = actor_of(request)
    found = get_bench_project(code, by)
    page = get_project_page(found.code, by=by, at=now())
    context = {"page_of": page, "project": page.project, "refusal": refusal, **_acts(by, page, bound or {})}
    if getattr(request, "htmx", False):
        context["bench"] = {"view": request.GET.get("view", "")}
        return render(request, "projects/_bench_project.html", context, status=status)
    return render(request, "projects/bench.html", {**_list_context(request), **context}, status=status)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    by = actor_of(request)
    found = list_bench(by, request.GET.get("view", ""), after=request.GET.get("after"))
    return {
        "bench": found,
        "view_name": VIEW_NAMES[found.view],
        "views": [(name, label, found.counts[name]) for name, label in VIEW_NAMES.items()],
        "may_propose": bool(by.work_paths),
    }


def _views(request: HttpRequest, by: Actor) -> dict[str, Any]:
    found = list_bench(by, "", size=1)
    return {
        "views": [(name, label, found.counts[name]) for name, label in VIEW_NAMES.items()],
        "may_propose": bool(by.work_paths),
    }


def _acts(by: Actor, page: ProjectPage, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms that fit where the project stands; deputies have but the visit."""
    found, today = page.project, local_day(now())
    leads = list_leads(by, found.place)
    acts: dict[str, Any] = {"visit": VisitForm(organisations=leads, today=today, auto_id="visit_%s")}
    works = by.works_at(found.place_path)
    if works:
        acts |= _forms_of_stage(found, today=today)
        acts["edit"] = PlanForm(leads=leads, initial=_plan(found), auto_id="edit_%s")
        acts["milestone"] = MilestoneForm(today=today, auto_id="milestone_%s")
        acts["photo"] = PhotoForm(steps=list_steps(found), auto_id="photo_%s")
    acts |= {name: form for name, form in bound.items() if name != "serve"}
    serving = works and found.stage in (Stage.CANDIDATE, Stage.CHOSEN, Stage.BUILDING)
    return {
        "acts": acts,
        "opened": next(iter(bound), ""),
        "works": works,
        "offered": list_offered_needs(by, near=found.place_path) if serving else [],
    }


def _forms_of_stage(found: Project, *, today: Any) -> dict[str, Any]:
    possible = TRANSITIONS[Stage(found.stage)]
    acts: dict[str, Any] = {}
    if Stage.CHOSEN in possible:
        acts["choose"] = ChooseForm(today=today, auto_id="choose_%s")
    if Stage.BUILDING in possible:
        acts["start"] = ChooseForm(today=today, auto_id="start_%s")
    if Stage.DELIVERED in possible:
        acts["deliver"] = DeliverForm(today=today, auto_id="deliver_%s")
    if Stage.DROPPED in possible:
        acts["drop"] = ReasonForm(auto_id="drop_%s")
    return acts


def _plan(found: Project) -> dict[str, Any]:
    return {
        "purpose": found.purpose,
        "lead": found.lead_id or "",
        "budget": yuan_text(found.budget_fen),
        "spent": yuan_text(found.spent_fen),
    }


def _prefilled(ticked: list[OfferedNeed], places: list[Any], resolution: Resolution | None) -> dict[str, Any]:
    """What is known already is not asked again: the title and place of the need or the resolution, and this year."""
    initial: dict[str, Any] = {"year": local_day(now()).year}
    if resolution is not None:
        initial |= {"title": resolution.title, "place": resolution.place_id, "purpose": resolution.text}
    elif ticked:
        initial["title"] = ticked[0].title[:120]
        needs = list_needs_by_code([ticked[0].code])
        keys = [int(key) for key in needs[0].place_path.strip("/").split("/")] if needs else []
        offered = {place.pk for place in places}
        initial["place"] = next((key for key in reversed(keys) if key in offered), None)
    return initial


def _opened(
    request: HttpRequest, by: Actor, codes: list[str], said: dict[str, Any], resolution: Resolution | None
) -> HttpResponse:
    opened = project_open(
        by=by,
        from_needs=list_needs_by_code(codes),
        title=said["title"],
        year=said["year"],
        place=said["place"],
        purpose=said["purpose"],
        lead=said["lead"],
        budget_fen=said["budget"],
        from_resolution=resolution,
        at=now(),
    )
    messages.success(request, _("Proposed. It stands on the board as a candidate."))
    return redirect("projects:bench_project", opened.code)
