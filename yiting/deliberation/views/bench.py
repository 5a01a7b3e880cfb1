"""The workbench of topics: the lists, preparing a topic, and one topic with what can be done to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yiting.deliberation.forms import EvidenceForm, ModerateForm, OpenForm, PlanForm, ReasonForm, SeedForm
from yiting.deliberation.models import Statement, Topic
from yiting.deliberation.queries.bench import (
    get_bench_need,
    get_bench_topic,
    list_bench,
    list_organisations,
    list_places,
)
from yiting.deliberation.queries.moderation import list_judged
from yiting.deliberation.queries.topics import get_topic_page
from yiting.deliberation.services import TopicPlan, topic_draft, topic_from_need
from yiting.deliberation.services.statements import moderation_reasons
from yiting.deliberation.services.topics import DAYS_OPEN, SUPPORTS_NEEDED
from yiting.deliberation.states import VOTING
from yiting.deliberation.views.visitors import actor_of
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

VIEW_NAMES = {
    "open": gettext_lazy("Being talked over"),
    "proposed": gettext_lazy("Proposed by residents"),
    "draft": gettext_lazy("In preparation"),
    "closed": gettext_lazy("Voting is over"),
}
State = Topic.State


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The topics of one view, in the places of the reader."""
    return render(request, "deliberation/topic_bench.html", list_context(request))


@staff
@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """One topic with what can be done to it."""
    return bench_page(request, code)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a topic, perhaps from a need, perhaps for organisations that the address invites."""
    by = actor_of(request)
    need = get_bench_need(request.GET["need"], by) if request.GET.get("need") else None
    initial: dict[str, Any] = {"who": Topic.Who.RESIDENTS, "supports_needed": SUPPORTS_NEEDED, "smallest_group": 5}
    if need is not None:
        initial |= {"place": need.place_id}
    if request.GET.getlist("invite"):
        initial |= {"who": Topic.Who.INVITED, "organisations": request.GET.getlist("invite")}
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        places=list_places(by, also=need.place if need is not None else None),
        organisations=list_organisations(),
        initial=initial,
    )
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                plan = plan_from(form.cleaned_data)
                if need is None:
                    made = topic_draft(by=by, plan=plan, at=now())
                else:
                    made = topic_from_need(by=by, need=need, plan=plan, at=now())
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("Prepared. Write some statements to begin with, then open it."))
                return redirect("deliberation:bench_topic", made.code)
    context = {**list_context(request), "form": form, "refusal": refusal, "need": need, "preparing": True}
    return render(request, "deliberation/topic_new.html", context, status=status)


def bench_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a topic on the workbench, with a form as it was filled in and what was refused."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    page = get_topic_page(found.code, by=by, person_ids=(), at=now())
    judged = list_judged(found)
    context = {
        "page_of": page,
        "topic": page.topic,
        "refusal": refusal,
        "acts": _acts(by, found, bound or {}),
        "opened": next(iter(bound or {}), ""),
        "judged": [(one, _moderate(one.statement)) for one in judged],
        "shown": [one.statement for one in judged if one.statement.state == Statement.State.SHOWN],
        "may_judge": found.state in (*VOTING, State.DRAFT),
        "reasons": moderation_reasons(),
    }
    return render(request, "deliberation/topic_bench.html", {**list_context(request), **context}, status=status)


def list_context(request: HttpRequest) -> dict[str, Any]:
    """The list beside whatever is open."""
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    found = list_bench(actor_of(request), request.GET.get("view", ""), page=number)
    return {
        "bench": found,
        "view_name": VIEW_NAMES[found.view],
        "views": [(name, label, found.counts[name]) for name, label in VIEW_NAMES.items()],
        "next_page": found.page + 1,
    }


def plan_form(by: Actor, found: Topic, data: Any = None) -> PlanForm:
    """The form of a change, filled with the topic as it stands."""
    initial = {
        "question": found.question,
        "background": found.background,
        "place": found.place_id,
        "who": found.who,
        "organisations": list(found.invitations.values_list("organisation", flat=True)),
        "supports_needed": found.supports_needed or SUPPORTS_NEEDED,
        "smallest_group": found.smallest_group,
    }
    return PlanForm(
        data,
        places=list_places(by, also=found.place),
        organisations=list_organisations(),
        initial=initial,
        auto_id="change_%s",
    )


def plan_from(said: dict[str, Any]) -> TopicPlan:
    """The plan that a form says."""
    return TopicPlan(
        question=said["question"],
        background=said["background"],
        place=said["place"],
        who=said["who"],
        organisations=said["organisations"],
        supports_needed=said["supports_needed"],
        smallest_group=said["smallest_group"],
    )


def _acts(by: Actor, found: Topic, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms that fit where the topic stands."""
    later = {"until": now().astimezone(ZoneInfo(found.place.zone)).date() + timedelta(days=DAYS_OPEN)}
    acts: dict[str, Any] = {}
    if found.state in (*VOTING, State.DRAFT):
        acts["change"] = plan_form(by, found)
    if found.state != State.RESOLVED:
        acts["evidence"] = EvidenceForm(auto_id="evidence_%s")
    if found.state in (*VOTING, State.DRAFT):
        acts["seed"] = SeedForm(auto_id="seed_%s")
        acts["close"] = ReasonForm(auto_id="close_%s")
    if found.state == State.DRAFT:
        acts["open"] = OpenForm(initial=later, auto_id="open_%s")
    else:
        acts["reopen"] = OpenForm(initial=later, auto_id="reopen_%s")
    if found.state == State.OPEN:
        acts["last_days"] = ReasonForm(auto_id="last_days_%s")
    if found.state == State.CLOSED and found.opened_at is not None:
        acts["resolve"] = ReasonForm(auto_id="resolve_%s")
    if found.state == State.RESOLVED:
        acts.pop("reopen")
    return acts | bound


def _moderate(statement: Statement) -> ModerateForm:
    shown = statement.state == Statement.State.SHOWN
    return ModerateForm(
        initial={"decision": "declined" if shown else "shown"}, auto_id=f"moderate_{statement.number}_%s"
    )
