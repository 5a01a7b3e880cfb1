"""What is done on the workbench: each view makes one call and shows the need again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiting.needs import services
from yiting.needs.errors import ChangedMeanwhile, NeedMissing, NeedsRefused, NoSuchNumber
from yiting.needs.forms_bench import (
    AssignForm,
    DeclineForm,
    PauseForm,
    ReplyForm,
    ReturnForm,
    SaveViewForm,
    SortForm,
)
from yiting.needs.models import Need, SavedView
from yiting.needs.queries.bench import bench_counts, get_bench_row, is_key
from yiting.needs.queries.bench_need import (
    get_absorbed_need,
    get_bench_need,
    get_bench_photo,
    get_standing_need,
    get_suggestion,
    list_chosen_requests,
)
from yiting.needs.views.bench import actor_of, column, list_query, missing
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now

Form = TypeVar("Form", bound=forms.Form)
Act = Callable[..., HttpResponse]
UNREADABLE = 422


def told_in_column(view: Act) -> Act:
    """Tell a refusal inside the column, over the need as it stands now."""

    @wraps(view)
    def guarded(request: HttpRequest, **where: Any) -> HttpResponse:
        try:
            return view(request, **where)
        except NeedsRefused as refusal:
            if refusal.status == NeedMissing.status:
                return missing(request, refusal)
            code = where.get("code") or get_suggestion(where["key"], by=actor_of(request)).need.code
            found = get_bench_need(code, by=actor_of(request), at=now())
            return column(
                request,
                found,
                status=refusal.status,
                refusal=refusal,
                **_refreshed(request, found.need, code),
            )

    return guarded


@staff
@require_POST
def photo_show(request: HttpRequest, key: int) -> HttpResponse:
    """Show a resident's photo on the public page, or take it off."""
    by = actor_of(request)
    photo = get_bench_photo(key, by=by)
    public = request.POST.get("public") == "1"
    services.photo_publish(by=by, photo=photo, public=public, at=now())
    done = _("The photo is on the public page now.") if public else _("The photo is no longer public.")
    return back_to(request, photo.request.need, done)


@staff
@require_POST
@told_in_column
def suggestion(request: HttpRequest, key: int) -> HttpResponse:
    """Accept or refuse what the system suggests."""
    by = actor_of(request)
    found = get_suggestion(key, by=by)
    accept = request.POST.get("answer") == "yes"
    _demand_fresh(request, found.need)
    kept = services.suggestion_answer(by=by, suggestion=found, accept=accept, at=now())
    done = _("Done.") if accept else _("Noted: it will not be suggested again.")
    if kept.pk != found.need_id:
        done = _merged_words(kept)
    return back_to(request, kept, done, gone=found.need.code)


@staff
@require_POST
@told_in_column
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge this need into another one that the worker names by its code."""
    by = actor_of(request)
    absorb = get_standing_need(code, by=by)
    number = request.POST.get("keep", "").strip()
    try:
        keep = get_standing_need(number, by=by)
    except NeedMissing:
        raise NoSuchNumber(code=number[:20]) from None
    kept = services.needs_merge(by=by, keep=keep, absorb=absorb, seen=_seen(request), at=now())
    return back_to(request, kept, _merged_words(kept), gone=absorb.code)


@staff
@require_POST
@told_in_column
def unmerge(request: HttpRequest, code: str) -> HttpResponse:
    """Take a merge back."""
    by = actor_of(request)
    apart = services.merge_undo(by=by, absorbed=get_absorbed_need(code, by=by), at=now())
    return back_to(request, apart, _("A matter of its own again."))


@staff
@require_POST
@told_in_column
def split(request: HttpRequest, code: str) -> HttpResponse:
    """Take the chosen requests out into a need of their own."""
    by = actor_of(request)
    need = get_standing_need(code, by=by)
    _demand_fresh(request, need)
    chosen = list_chosen_requests(need, request.POST.getlist("request"))
    title = request.POST.get("title", "").replace("\x00", "")
    apart = services.need_split(by=by, need=need, requests=chosen, title=title, at=now())
    return back_to(request, apart, _("A matter of its own now."))


@staff
@require_POST
@told_in_column
def sort(request: HttpRequest, code: str) -> HttpResponse:
    """Decide category, urgency and title."""

    def call(by: Actor, need: Need, form: SortForm) -> None:
        data = form.cleaned_data
        services.need_sort(
            by=by,
            need=need,
            category=data["category"],
            urgency=data["urgency"] or None,
            title=data["title"] or None,
            public=not data["private"],
            seen=_seen(request),
            at=now(),
        )

    return _act(request, code, lambda need: SortForm(request.POST), call, "sort_form", _("Sorted."))


@staff
@require_POST
@told_in_column
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Give the need to an organisation."""

    def call(by: Actor, need: Need, form: AssignForm) -> None:
        organisation = form.cleaned_data["organisation"]
        services.need_assign(by=by, need=need, organisation=organisation, seen=_seen(request), at=now())

    done = _("Given. They are told.")
    return _act(request, code, lambda need: AssignForm(need, request.POST), call, "assign_form", done)


@staff
@require_POST
@told_in_column
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation takes it on."""

    def call(by: Actor, need: Need, form: forms.Form) -> None:
        services.assignment_accept(by=by, need=need, at=now())

    return _act(request, code, _no_fields, call, "", _("Taken on."))


@staff
@require_POST
@told_in_column
def hand_back(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation hands it back, with a published reason and a route onward."""

    def call(by: Actor, need: Need, form: ReturnForm) -> None:
        data = form.cleaned_data
        services.assignment_return(
            by=by, need=need, reason=data["reason"], note=data["note"], route_to=data["route_to"], at=now()
        )

    return _act(request, code, lambda need: ReturnForm(need, request.POST), call, "return_form", _("Handed back."))


@staff
@require_POST
@told_in_column
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """End it by a published reason; everybody who asked is told."""

    def call(by: Actor, need: Need, form: DeclineForm) -> None:
        data = form.cleaned_data
        services.need_return(by=by, need=need, reason=data["reason"], note=data["note"], at=now())

    done = _("Ended with the reason. Everybody who asked is told.")
    return _act(request, code, lambda need: DeclineForm(request.POST), call, "decline_form", done)


@staff
@require_POST
@told_in_column
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop the clock while somebody named is waited for."""

    def call(by: Actor, need: Need, form: PauseForm) -> None:
        services.clock_pause(by=by, need=need, waiting_for=form.cleaned_data["waiting_for"], at=now())

    return _act(request, code, lambda need: PauseForm(request.POST), call, "pause_form", _("The clock stands still."))


@staff
@require_POST
@told_in_column
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Let the clock run on."""

    def call(by: Actor, need: Need, form: forms.Form) -> None:
        services.clock_resume(by=by, need=need, at=now())

    return _act(request, code, _no_fields, call, "", _("The clock runs on."))


@staff
@require_POST
@told_in_column
def reply(request: HttpRequest, code: str) -> HttpResponse:
    """Answer everybody who asked."""

    def call(by: Actor, need: Need, form: ReplyForm) -> None:
        data = form.cleaned_data
        services.need_reply(by=by, need=need, text=data["text"], final=data["final"], at=now())

    done = _("Sent to everybody who asked.")
    return _act(request, code, lambda need: ReplyForm(request.POST), call, "reply_form", done)


@staff
@require_POST
@told_in_column
def discuss(request: HttpRequest, code: str) -> HttpResponse:
    """Take the need to the pavilion."""

    def call(by: Actor, need: Need, form: forms.Form) -> None:
        services.need_discuss(by=by, need=need, at=now())

    return _act(request, code, _no_fields, call, "", _("Taken to the pavilion."))


@staff
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter on the screen under a name."""
    form = SaveViewForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        services.view_save(by=actor_of(request), name=data["name"], query=data["query"], at=now())
        messages.success(request, _("The view is kept."))
    else:
        messages.error(request, _("Give the view a name of at most 40 characters."))
    query = form.cleaned_data.get("query", "")
    return redirect(f"{reverse('needs:bench')}?{query}")


@staff
@require_POST
def delete_view(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a view."""
    by = actor_of(request)
    view = SavedView.objects.filter(pk=key, account=by.account_id).first()
    if view is None:
        raise NeedMissing
    services.view_delete(by=by, view=view)
    return redirect("needs:bench")


def back_to(request: HttpRequest, need: Need, done: str, *, gone: str = "") -> HttpResponse:
    """Say what was done and show the need again: in its column for htmx, on its page otherwise."""
    messages.success(request, done)
    if not request.headers.get("HX-Request"):
        query = list_query(request)
        return redirect(reverse("needs:bench_need", args=[need.code]) + (f"?{query}" if query else ""))
    found = get_bench_need(need.code, by=actor_of(request), at=now())
    return column(request, found, **_refreshed(request, found.need, gone))


def _act(
    request: HttpRequest,
    code: str,
    read: Callable[[Need], Form],
    call: Callable[[Actor, Need, Form], None],
    form_name: str,
    done: str,
) -> HttpResponse:
    """Guard, check the shape, call, answer; a form with errors is shown again where it stood."""
    by = actor_of(request)
    need = get_standing_need(code, by=by)
    form, refusal = read(need), None
    if form.is_valid():
        try:
            _demand_fresh(request, need)
            call(by, need, form)
            return back_to(request, need, done)
        except NeedsRefused as refused:
            refusal = refused
    # what was typed stays in its form, whatever the reason
    found = get_bench_need(code, by=by, at=now())
    more: dict[str, Any] = {form_name: form, "open_form": form_name} if form_name else {}
    if refusal is not None:
        more |= _refreshed(request, found.need, code)
    status = refusal.status if refusal is not None else UNREADABLE
    return column(request, found, status=status, refusal=refusal, **more)


def _refreshed(request: HttpRequest, need: Need, gone: str) -> dict[str, Any]:
    """What changed beside the column: the need's row, a row that went, the counts of the views."""
    by, at = actor_of(request), now()
    return {
        "beside": True,
        "row": get_bench_row(need.code, by=by, at=at),
        "gone": gone if gone != need.code else "",
        "counts": bench_counts(by, at=at),
    }


def _no_fields(need: Need) -> forms.Form:
    return forms.Form({})


def _merged_words(kept: Need) -> str:
    return _("Merged into “%(title)s”. It can be undone at any time; every voice stays.") % {"title": kept.title}


def _demand_fresh(request: HttpRequest, need: Need) -> None:
    """Tell the second of two workers that the need has changed since they looked at it."""
    seen = _seen(request)
    if seen is not None and seen != need.version:
        raise ChangedMeanwhile


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if is_key(seen) else None
