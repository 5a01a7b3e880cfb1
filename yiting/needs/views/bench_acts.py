"""What is done on the workbench: each view makes one call and shows the need again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiting.needs import services
from yiting.needs.forms_bench import AssignForm, PauseForm, ReplyForm, ReturnForm, SaveViewForm, SortForm
from yiting.needs.models import Need, SavedView, ServiceRequest
from yiting.needs.queries.bench_need import (
    get_absorbed_need,
    get_bench_need,
    get_standing_need,
    get_suggestion,
)
from yiting.needs.views.bench import actor_of, list_context, need_context
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now

Form = TypeVar("Form", bound=forms.Form)


@staff
@require_POST
def suggestion(request: HttpRequest, key: int) -> HttpResponse:
    """Accept or refuse what the system suggests."""
    by = actor_of(request)
    found = get_suggestion(key, by=by)
    accept = request.POST.get("answer") == "yes"
    kept = services.suggestion_answer(by=by, suggestion=found, accept=accept, at=now())
    messages.success(request, _("Done.") if accept else _("Noted: it will not be suggested again."))
    return back_to(request, kept)


@staff
@require_POST
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge this need into another one that the worker names by its code."""
    by = actor_of(request)
    keep = get_standing_need(request.POST.get("keep", "").strip().upper(), by=by)
    absorb = get_standing_need(code, by=by)
    kept = services.needs_merge(by=by, keep=keep, absorb=absorb, seen=_seen(request), at=now())
    messages.success(request, _("Merged. It can be undone at any time; every voice stays."))
    return back_to(request, kept)


@staff
@require_POST
def unmerge(request: HttpRequest, code: str) -> HttpResponse:
    """Take a merge back."""
    by = actor_of(request)
    apart = services.merge_undo(by=by, absorbed=get_absorbed_need(code, by=by), at=now())
    messages.success(request, _("A matter of its own again."))
    return back_to(request, apart)


@staff
@require_POST
def split(request: HttpRequest, code: str) -> HttpResponse:
    """Take the chosen requests out into a need of their own."""
    by = actor_of(request)
    need = get_standing_need(code, by=by)
    keys = [int(key) for key in request.POST.getlist("request") if key.isascii() and key.isdigit()]
    chosen = ServiceRequest.objects.filter(pk__in=keys)
    apart = services.need_split(by=by, need=need, requests=chosen, title=request.POST.get("title", ""), at=now())
    messages.success(request, _("A matter of its own now."))
    return back_to(request, apart)


@staff
@require_POST
def sort(request: HttpRequest, code: str) -> HttpResponse:
    """Decide category, urgency and title."""

    def call(by: Actor, need: Need, form: SortForm) -> Need:
        data = form.cleaned_data
        return services.need_sort(
            by=by,
            need=need,
            category=data["category"],
            urgency=data["urgency"] or None,
            title=data["title"] or None,
            seen=data["seen"],
            at=now(),
        )

    return _act(request, code, lambda need: SortForm(request.POST), call, "sort_form", _("Sorted."))


@staff
@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Give the need to an organisation."""

    def call(by: Actor, need: Need, form: AssignForm) -> Need:
        data = form.cleaned_data
        services.need_assign(by=by, need=need, organisation=data["organisation"], seen=data["seen"], at=now())
        return need

    return _act(request, code, lambda need: AssignForm(need, request.POST), call, "assign_form", _("Given. They are told."))


@staff
@require_POST
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation takes it on."""
    by = actor_of(request)
    need = get_standing_need(code, by=by)
    services.assignment_accept(by=by, need=need, at=now())
    messages.success(request, _("Taken on."))
    return back_to(request, need)


@staff
@require_POST
def hand_back(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation hands it back, with a published reason and a route onward."""

    def call(by: Actor, need: Need, form: ReturnForm) -> Need:
        data = form.cleaned_data
        services.assignment_return(
            by=by, need=need, reason=data["reason"], note=data["note"], route_to=data["route_to"], at=now()
        )
        return need

    return _act(request, code, lambda need: ReturnForm(need, request.POST), call, "return_form", _("Handed back."))


@staff
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """End it by a published reason; everybody who asked is told."""

    def call(by: Actor, need: Need, form: ReturnForm) -> Need:
        data = form.cleaned_data
        return services.need_return(by=by, need=need, reason=data["reason"], note=data["note"], at=now())

    sent = _("Ended with the reason. Everybody who asked is told.")
    return _act(request, code, lambda need: ReturnForm(need, request.POST), call, "return_form", sent)


@staff
@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop the clock while somebody named is waited for."""

    def call(by: Actor, need: Need, form: PauseForm) -> Need:
        services.clock_pause(by=by, need=need, waiting_for=form.cleaned_data["waiting_for"], at=now())
        return need

    return _act(request, code, lambda need: PauseForm(request.POST), call, "pause_form", _("The clock stands still."))


@staff
@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Let the clock run on."""
    by = actor_of(request)
    need = services.clock_resume(by=by, need=get_standing_need(code, by=by), at=now())
    messages.success(request, _("The clock runs on."))
    return back_to(request, need)


@staff
@require_POST
def reply(request: HttpRequest, code: str) -> HttpResponse:
    """Answer everybody who asked."""

    def call(by: Actor, need: Need, form: ReplyForm) -> Need:
        data = form.cleaned_data
        services.need_reply(by=by, need=need, text=data["text"], final=data["final"], at=now())
        return need

    sent = _("Sent to everybody who asked.")
    return _act(request, code, lambda need: ReplyForm(request.POST), call, "reply_form", sent)


@staff
@require_POST
def discuss(request: HttpRequest, code: str) -> HttpResponse:
    """Take the need to the pavilion."""
    by = actor_of(request)
    need = services.need_discuss(by=by, need=get_standing_need(code, by=by), at=now())
    messages.success(request, _("Taken to the pavilion."))
    return back_to(request, need)


@staff
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter on the screen under a name."""
    form = SaveViewForm(request.POST)
    if form.is_valid():
        services.view_save(
            by=actor_of(request), name=form.cleaned_data["name"], query=form.cleaned_data["query"], at=now()
        )
        messages.success(request, _("The view is kept."))
    else:
        messages.error(request, _("Give the view a name of at most 40 characters."))
    return _back(request, "needs:bench")


@staff
@require_POST
def delete_view(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a view."""
    by = actor_of(request)
    view = SavedView.objects.filter(pk=key, account=by.account_id).first()
    if view is not None:
        services.view_delete(by=by, view=view)
    return redirect("needs:bench")


def back_to(request: HttpRequest, need: Need) -> HttpResponse:
    """Show the need again: the column for htmx, its page otherwise."""
    code = need.code if need.parent_id is None else Need.objects.get(pk=need.root_id).code
    if request.headers.get("HX-Request"):
        context = need_context(get_bench_need(code, by=actor_of(request), at=now()))
        return render(request, "needs/bench/_need.html", context | {"flash": True})
    return redirect("needs:bench_need", code)


def _act(
    request: HttpRequest,
    code: str,
    read: Callable[[Need], Form],
    call: Callable[[Actor, Need, Form], Need],
    form_name: str,
    done: str,
) -> HttpResponse:
    """Guard, check the shape, call, answer; a form with errors is shown again where it stood."""
    by = actor_of(request)
    need = get_standing_need(code, by=by)
    form = read(need)
    if form.is_valid():
        held = call(by, need, form)
        messages.success(request, done)
        return back_to(request, held)
    context = need_context(get_bench_need(code, by=by, at=now())) | {form_name: form, "open_form": form_name}
    if request.headers.get("HX-Request"):
        return render(request, "needs/bench/_need.html", context)
    return render(request, "needs/bench/need.html", context | list_context(request, by), status=422)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() else None


def _back(request: HttpRequest, fallback: str) -> HttpResponse:
    target = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect(fallback)
