"""What is done to an activity on the workbench: each act one form, one service, and back to the activity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiting.activities import services
from yiting.activities.errors import MaterialUnfit, PhotoRefused
from yiting.activities.forms import CancelForm, ChangeForm, CountForm, MaterialForm, PhotoForm, ReportForm
from yiting.activities.models import Activity
from yiting.activities.queries.bench import get_bench_activity, get_material, get_sign_up
from yiting.activities.services.papers import FILE_KINDS, FILE_LIMIT
from yiting.activities.views.bench import NOT_THERE, bench_page, change_form, plan_from
from yiting.activities.views.visitors import actor_of
from yiting.methods.photos import BYTES_LIMIT
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look
from yiting.places.errors import Refused


@staff
@post_or_look
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change the plan of this one, or of this and those that follow."""
    found = get_bench_activity(code, actor_of(request))
    form = change_form(actor_of(request), found, _sent(request))

    def act(by: Actor) -> None:
        said = form.cleaned_data
        # words for the time hold only as long as the time they stand for
        moved = (said["starts_at"], said["ends_at"]) != (found.starts_at, found.ends_at) and not said["whole_days"]
        plan = plan_from(said, when="" if moved else found.when, source=found.source)
        if said.get("which") == ChangeForm.FOLLOWING:
            services.series_change(by=by, activity=found, plan=plan, seen=said["seen"], at=now())
        else:
            services.activity_change(by=by, activity=found, plan=plan, seen=said["seen"], at=now())

    return _act(request, found, "change", form, act, _("Changed. Those who signed up are told of a new time or place."))


@staff
@post_or_look
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel this one, or this and those that follow, with a reason."""
    found = get_bench_activity(code, actor_of(request))
    form = CancelForm(_sent(request), in_series=found.series_id is not None, auto_id="cancel_%s")

    def act(by: Actor) -> None:
        said = form.cleaned_data
        if said.get("which") == ChangeForm.FOLLOWING:
            services.series_cancel(by=by, activity=found, reason=said["reason"], at=now())
        else:
            services.activity_cancel(by=by, activity=found, reason=said["reason"], at=now())

    return _act(request, found, "cancel", form, act, _("Cancelled. Those who signed up are told why."))


@staff
@post_or_look
def count(request: HttpRequest, code: str) -> HttpResponse:
    """Count people who came without signing up."""
    found = get_bench_activity(code, actor_of(request))
    form = CountForm(_sent(request), auto_id="count_%s")

    def act(by: Actor) -> None:
        said = form.cleaned_data
        services.check_in(by=by, activity=found, heads=said["heads"], key=said["key"], at=now())

    return _act(request, found, "count", form, act, _("Counted."))


@staff
@post_or_look
def arrived(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Tick off one who signed up: they are there."""
    found = get_bench_activity(code, actor_of(request))
    one = get_sign_up(found, pk)

    def act(by: Actor) -> None:
        services.check_in(
            by=by, activity=found, person=one.person, organisation=one.organisation, heads=one.heads, at=now()
        )

    return _act(request, found, "arrived", forms.Form(_sent(request)), act, _("Counted."))


@staff
@post_or_look
def withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take back a sign-up for somebody who called."""
    found = get_bench_activity(code, actor_of(request))
    one = get_sign_up(found, pk)

    def act(by: Actor) -> None:
        services.sign_up_withdraw(by=by, sign_up=one, at=now())

    return _act(
        request, found, "withdraw", forms.Form(_sent(request)), act, _("Taken back. The next in line moved up.")
    )


@staff
@post_or_look
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Say how it went."""
    found = get_bench_activity(code, actor_of(request))
    form = ReportForm(_sent(request), auto_id="report_%s")

    def act(by: Actor) -> None:
        services.activity_report(by=by, activity=found, report=form.cleaned_data["report"], at=now())

    return _act(request, found, "report", form, act, _("The report stands on the page of the activity."))


@staff
@post_or_look
def photo(request: HttpRequest, code: str) -> HttpResponse:
    """Add a photo with its words."""
    found = get_bench_activity(code, actor_of(request))
    form = PhotoForm(_sent(request), request.FILES or None, auto_id="photo_%s")

    def act(by: Actor) -> None:
        said = form.cleaned_data
        if said["photo"].size > BYTES_LIMIT:
            raise PhotoRefused(name=said["photo"].name[:80])
        services.activity_photo_add(
            by=by,
            activity=found,
            name=said["photo"].name,
            data=said["photo"].read(),
            caption=said["caption"],
            at=now(),
        )

    return _act(request, found, "photo", form, act, _("The photo is added."))


@staff
@post_or_look
def material(request: HttpRequest, code: str) -> HttpResponse:
    """Add something to read."""
    found = get_bench_activity(code, actor_of(request))
    form = MaterialForm(_sent(request), request.FILES or None, auto_id="material_%s")

    def act(by: Actor) -> None:
        said = form.cleaned_data
        file = said["file"]
        if file is not None and file.size > FILE_LIMIT:
            raise MaterialUnfit(kinds=", ".join(FILE_KINDS), limit=FILE_LIMIT // 1024 // 1024)
        services.material_add(
            by=by,
            activity=found,
            title=said["title"],
            link=said["link"],
            file=(file.name, file.read()) if file is not None else None,
            at=now(),
        )

    return _act(request, found, "material", form, act, _("Added."))


@staff
@post_or_look
def material_away(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take something to read away."""
    found = get_bench_activity(code, actor_of(request))
    one = get_material(found, pk)

    def act(by: Actor) -> None:
        services.material_remove(by=by, material=one, at=now())

    return _act(request, found, "material", forms.Form(_sent(request)), act, _("Taken away."))


def _act(
    request: HttpRequest, found: Activity, name: str, form: Any, act: Callable[[Actor], None], done: str
) -> HttpResponse:
    """Do it and go back to the activity; what does not fit, or was refused, is said beside its form."""
    if request.method != "POST":
        return redirect("activities:bench_activity", found.code)
    shown = {name: form} if form.fields else {}
    if not form.is_valid():
        return bench_page(request, found.code, bound=shown, status=422)
    try:
        act(actor_of(request))
    except Refused as refusal:
        if refusal.status == NOT_THERE:
            raise
        return bench_page(request, found.code, bound=shown, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    back = request.POST.get("back")
    return redirect("activities:names" if back == "names" else "activities:bench_activity", found.code)


def _sent(request: HttpRequest) -> Any:
    """What was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None
