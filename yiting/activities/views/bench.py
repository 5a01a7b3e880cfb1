"""The workbench of activities: the lists, planning, one activity with what can be done, names, the poster."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yiting.activities.codes import door_mark
from yiting.activities.forms import (
    CancelForm,
    ChangeForm,
    CountForm,
    MaterialForm,
    PhotoForm,
    RepeatingForm,
    ReportForm,
)
from yiting.activities.models import Activity
from yiting.activities.queries.bench import (
    get_bench_activity,
    list_bench,
    list_hosts,
    list_plan_places,
    list_sign_ups,
    list_words,
)
from yiting.activities.queries.board import list_kinds
from yiting.activities.queries.page import get_activity_page
from yiting.activities.repeating import zone_of
from yiting.activities.services import Plan, activity_plan, plan_of, series_plan
from yiting.activities.views.visitors import actor_of, web_address
from yiting.people.actors import Actor
from yiting.people.services import personal_read_many
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

NOT_THERE = 404
VIEW_NAMES = {
    "coming": gettext_lazy("Coming"),
    "unreported": gettext_lazy("Over, no report yet"),
    "past": gettext_lazy("Held"),
    "cancelled": gettext_lazy("Cancelled"),
}


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The activities of one view, in the places and units of the reader."""
    return render(request, "activities/bench.html", list_context(request))


@staff
@require_safe
def activity(request: HttpRequest, code: str) -> HttpResponse:
    """One activity with who comes and what can be done to it."""
    return bench_page(request, code)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan an activity, or a series of them."""
    by = actor_of(request)
    hosts = list_hosts(by)
    own = [one for one in hosts if one.pk in by.organisation_ids]
    initial = {"day": now().date() + timedelta(days=7), "lead": own[0].pk if own else None, "listed": True}
    form = RepeatingForm(
        request.POST if request.method == "POST" else None,
        kinds=list_kinds(),
        places=list_plan_places(by),
        hosts=hosts,
        initial=initial,
    )
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _planned(request, by, form)
            except Refused as refused:
                refusal, status = refused, refused.status
    context = {**list_context(request), "form": form, "refusal": refusal, "planning": True}
    return render(request, "activities/plan.html", context, status=status)


@staff
@require_safe
def names(request: HttpRequest, code: str) -> HttpResponse:
    """Those who signed up with name and number, to call them or to tick them off; each reading is noted."""
    by, at = actor_of(request), now()
    found = get_bench_activity(code, by)
    rows = list_sign_ups(found)
    persons = [row.person for row in rows if row.person is not None]
    purpose = _("list of those who signed up: %(title)s") % {"title": found.title}
    known = personal_read_many(by=by, persons=persons, purpose=purpose, at=at, place_path=found.place_path)
    listed = [(row, known.get(row.person.pk) if row.person is not None else None) for row in rows]
    response = render(request, "activities/names.html", {**list_context(request), "activity": found, "listed": listed})
    response["Cache-Control"] = "no-store"
    return response


@staff
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet with the code for the door, to print."""
    found = get_bench_activity(code, actor_of(request))
    door = reverse("activities:check_in", args=[found.code, door_mark(found.uid)])
    context = {"activity": found, "address": web_address(request, door)}
    return render(request, "activities/poster.html", context)


def bench_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show an activity on the workbench, with a form as it was filled in and what was refused."""
    by, at = actor_of(request), now()
    found = get_bench_activity(code, by)
    page = get_activity_page(found.code, by=by, person_ids=(), at=at)
    context = {
        "page_of": page,
        "activity": page.activity,
        "refusal": refusal,
        "acts": _acts(by, page.activity, bound or {}),
        "opened": next(iter(bound or {}), ""),
        "sign_ups": list_sign_ups(found),
        "words": list_words(found),
        "may_read_names": by.works_at(found.place_path),
    }
    if getattr(request, "htmx", False):
        context["bench"] = {"view": request.GET.get("view", "")}
        return render(request, "activities/_bench_activity.html", context, status=status)
    return render(request, "activities/bench.html", {**list_context(request), **context}, status=status)


def list_context(request: HttpRequest) -> dict[str, Any]:
    """The list beside whatever is open."""
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    found = list_bench(actor_of(request), request.GET.get("view", ""), page=number, at=now())
    return {
        "bench": found,
        "view_name": VIEW_NAMES[found.view],
        "views": [(name, label, found.counts[name]) for name, label in VIEW_NAMES.items()],
        "next_page": found.page + 1,
    }


def change_form(by: Actor, found: Activity, data: Any = None) -> ChangeForm:
    """The form of a change, filled with the plan as it stands."""
    plan = plan_of(found)
    zone = zone_of(found.place.zone)
    start, end = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    last = (end - timedelta(days=1) if plan.whole_days else end).date()
    initial = {
        "kind": plan.kind.pk,
        "title": plan.title,
        "place": plan.place.pk,
        "where": plan.where,
        "day": start.date(),
        "whole_days": plan.whole_days,
        "starts": None if plan.whole_days else start.time(),
        "ends": None if plan.whole_days else end.time(),
        "last_day": last if last != start.date() else None,
        "about": plan.about,
        "lead": plan.lead.pk if plan.lead is not None else None,
        "co_hosts": [one.pk for one in plan.co_hosts],
        "sign_up_for": plan.sign_up_for,
        "capacity": plan.capacity,
        "sign_up_until": plan.sign_up_until.astimezone(zone).replace(tzinfo=None) if plan.sign_up_until else None,
        "listed": plan.listed,
        "seen": found.sequence,
        "which": ChangeForm.THIS,
    }
    return ChangeForm(
        data,
        kinds=list_kinds(also=plan.kind.pk),
        places=list_plan_places(by, also=plan.place),
        hosts=list_hosts(by),
        in_series=found.series_id is not None,
        initial=initial,
        auto_id="change_%s",
    )


def plan_from(said: dict[str, Any], *, when: str = "", source: str = "") -> Plan:
    """The plan that a form says."""
    return Plan(
        kind=said["kind"],
        title=said["title"],
        place=said["place"],
        starts_at=said["starts_at"],
        ends_at=said["ends_at"],
        lead=said["lead"],
        co_hosts=said["co_hosts"],
        about=said["about"],
        where=said["where"],
        when=when,
        whole_days=said["whole_days"],
        listed=said["listed"],
        sign_up_for=said["sign_up_for"],
        capacity=said["capacity"],
        sign_up_until=said["sign_up_until"],
        source=source,
    )


def _acts(by: Actor, found: Activity, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms that fit where the activity stands."""
    acts: dict[str, Any] = {"material": MaterialForm(auto_id="material_%s")}
    begun = found.starts_at <= now()
    if found.state != Activity.State.CANCELLED:
        acts["change"] = change_form(by, found)
        acts["photo"] = PhotoForm(auto_id="photo_%s")
        acts["count"] = CountForm(initial={"key": secrets.token_urlsafe(24)}, auto_id="count_%s")
        if begun:
            acts["report"] = ReportForm(initial={"report": found.report}, auto_id="report_%s")
    if found.state == Activity.State.PLANNED:
        acts["cancel"] = CancelForm(in_series=found.series_id is not None, auto_id="cancel_%s")
    return acts | bound


def _planned(request: HttpRequest, by: Actor, form: RepeatingForm) -> HttpResponse:
    plan, rule = plan_from(form.cleaned_data), form.rule()
    if not rule:
        made = activity_plan(by=by, plan=plan, at=now())
        messages.success(request, _("Planned. It stands in the list."))
        return redirect("activities:bench_activity", made.code)
    series = series_plan(by=by, plan=plan, rule=rule, at=now())
    rows = series.activities.order_by("series_start_at", "pk")
    messages.success(request, _("Planned %(number)s times. Each can be changed on its own.") % {"number": rows.count()})
    return redirect("activities:bench_activity", rows[0].code)
