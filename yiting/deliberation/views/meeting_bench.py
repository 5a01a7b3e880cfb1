"""The workbench of meetings: the lists, calling one, one meeting with its minutes as it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yiting.activities.models import Kind
from yiting.activities.queries.bench import list_hosts, list_plan_places
from yiting.activities.queries.cards import list_cards
from yiting.activities.queries.page import heads_there
from yiting.activities.services import Plan, kinds_set_up
from yiting.deliberation.errors import MeetingMissing
from yiting.deliberation.forms_meetings import CallForm, PointAddForm, PointForm, ReasonForm, RulesForm, SaidForm
from yiting.deliberation.models import Minutes, Point
from yiting.deliberation.queries.meetings import (
    get_bench_meeting,
    get_last_minutes,
    list_bench,
    list_invited,
    list_open_topics,
    list_voices,
    view_minutes,
)
from yiting.deliberation.services import meeting_call
from yiting.deliberation.services.meetings import KIND
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.people.sessions import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, post_or_look, sent
from yiting.places.errors import Refused

VIEW_NAMES = {
    "coming": gettext_lazy("Not held yet"),
    "writing": gettext_lazy("Minutes to write"),
    "asked": gettext_lazy("Waiting for approval"),
    "unpublished": gettext_lazy("To be published"),
    "published": gettext_lazy("Published"),
}


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The meetings of one view, in the places of the reader."""
    return render(request, "deliberation/meeting_bench.html", list_context(request))


@staff
@post_or_look
def call(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    by = actor_of(request)
    if not by.work_paths:
        raise MeetingMissing
    units = list_hosts(by)
    own = [one for one in units if one.pk in by.organisation_ids]
    form = CallForm(
        sent(request),
        places=list_plan_places(by),
        units=units,
        topics=list_open_topics(by.work_paths),
        initial={"day": local_day(now()) + timedelta(days=7), "lead": own[0].pk if own else None},
    )
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            try:
                return _called(request, by, form)
            except Refused as refused:
                refusal, status = refused, refused.status
    context = {**list_context(request), "form": form, "refusal": refusal, "calling": True}
    return render(request, "deliberation/meeting_call.html", context, status=status)


@staff
@require_safe
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """One meeting: its points, each saved on its own, and the way to minutes that stand."""
    return bench_page(request, code)


def bench_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a meeting on the workbench, with a form as it was filled in and what was refused."""
    by, at = actor_of(request), now()
    found = get_bench_meeting(code, by)
    minutes = get_last_minutes(found)
    view = view_minutes(minutes)
    (card,) = list_cards([found.activity])
    forms = bound or {}
    writing = minutes.state == Minutes.State.DRAFT and not card.is_cancelled
    over = found.activity.ends_at < at
    context = {
        **list_context(request, view=_view_of(minutes, over=over)),
        "meeting": found,
        "activity": found.activity,
        "card": card,
        "minutes": minutes,
        "view": view,
        "writing": writing,
        "begun": found.activity.starts_at <= at,
        "came": heads_there(found.activity),
        "invited": list_invited(found),
        "voices": list_voices(minutes),
        "points": [(point, *_point_forms(point, forms)) for point in view.points],
        "acts": {
            "point": forms.get("point") or PointAddForm(auto_id="point_%s"),
            "rules": forms.get("rules")
            or RulesForm(
                auto_id="rules_%s",
                initial={"quorum": found.quorum, "approvals_needed": found.approvals_needed},
            ),
            "correct": forms.get("correct") or ReasonForm(auto_id="correct_%s"),
        },
        "opened": next(iter(forms), ""),
        "refusal": refusal,
    }
    response = render(request, "deliberation/meeting_keep.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def list_context(request: HttpRequest, *, view: str = "") -> dict[str, Any]:
    """What every page of the workbench of meetings shows at its side: the view asked for, else the one given."""
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    bench = list_bench(actor_of(request), request.GET.get("view", view), page=number, at=now())
    return {
        "bench": bench,
        "view_name": VIEW_NAMES[bench.view],
        "views": [(name, label, bench.counts[name]) for name, label in VIEW_NAMES.items()],
        "next_page": bench.page + 1,
    }


def _view_of(minutes: Minutes, *, over: bool) -> str:
    """The view in which a meeting stands."""
    if minutes.state == Minutes.State.FINAL:
        return "published" if minutes.published_at is not None else "unpublished"
    if minutes.state == Minutes.State.ASKED:
        return "asked"
    return "writing" if over else "coming"


def _point_forms(point: Point, bound: dict[str, Any]) -> tuple[PointForm, SaidForm]:
    """The two forms of a point, each with names of its own on the page."""
    kept = bound.get(f"keep-{point.pk}") or PointForm(
        auto_id=f"keep-{point.pk}-%s",
        initial={
            "seen": point.version,
            "decision": point.decision,
            "dissent": point.dissent,
            "votes_for": point.votes_for,
            "votes_against": point.votes_against,
            "abstained": point.abstained,
        },
    )
    return kept, bound.get(f"said-{point.pk}") or SaidForm(auto_id=f"said-{point.pk}-%s")


def _called(request: HttpRequest, by: Actor, form: CallForm) -> HttpResponse:
    said = form.cleaned_data
    kind = Kind.objects.filter(code=KIND).first()
    if kind is None:
        kinds_set_up()
        kind = Kind.objects.get(code=KIND)
    meeting = meeting_call(
        by=by,
        plan=Plan(
            kind=kind,
            title=said["title"],
            place=said["place"],
            where=said["where"],
            starts_at=said["starts_at"],
            ends_at=said["ends_at"],
            lead=said["lead"],
            sign_up_for=said["sign_up_for"],
        ),
        agenda=said["agenda"],
        topic=said["topic"],
        invite=said["units"],
        invite_roles=said["roles"],
        quorum=said["quorum"],
        approvals_needed=said["approvals_needed"],
        at=now(),
    )
    messages.success(request, _("Called. Those who are invited are told, and it stands in the calendar."))
    return redirect("deliberation:bench_meeting", meeting.activity.code)
