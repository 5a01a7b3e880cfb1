"""The workbench of rounds: the list, opening one, and one round with what can be done to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.ballots.forms import (
    AnswerForm,
    CandidateForm,
    ChangeRoundForm,
    LimitForm,
    ObserverForm,
    ReasonForm,
    RoundForm,
    round_initial,
)
from yiting.ballots.models import Completion, Kind, Round, Rule, Satisfaction, Threshold, Ties
from yiting.ballots.policies import can_manage
from yiting.ballots.queries.bench import (
    get_served_round,
    list_accounts,
    list_categories,
    list_organisations,
    list_places,
    list_to_check,
)
from yiting.ballots.queries.built import is_stale
from yiting.ballots.queries.rounds import get_round_page, list_rounds
from yiting.ballots.services import round_open
from yiting.ballots.states import BEFORE_CLOSING, PREPARING, TRANSITIONS
from yiting.ballots.views.visitors import actor_of
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, number_of, post_or_look, sent
from yiting.places.errors import Refused

State = Round.State


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The rounds of the reader's places, and what their department has to check."""
    return render(request, "ballots/bench_home.html", list_context(request))


@staff
@post_or_look
def new(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    by = actor_of(request)
    form = RoundForm(sent(request), places=list_places(by), organisations=list_organisations(), initial=_first_plan())
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            try:
                made = round_open(by=by, plan=form.plan(), at=now())
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The round is open and public. Put the first candidates on its list."))
                return redirect("ballots:bench_round", made.code)
    context = {**list_context(request), "form": form, "refusal": refusal, "opening": True}
    return render(request, "ballots/bench_new.html", context, status=status)


@staff
@require_safe
def round_(request: HttpRequest, code: str) -> HttpResponse:
    """One round with what can be done to it."""
    return bench_page(request, code)


def bench_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    source: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a round on the workbench, with a form as it was filled in and what was refused.

    `source` is the part of the address that names what a new candidate comes from.
    """
    by = actor_of(request)
    found = get_served_round(code, by)
    runs = bool(can_manage(by, place_path=found.place_path))
    context = {
        **list_context(request),
        "page_of": get_round_page(found.code, at=now()),
        "round": found,
        "runs": runs,
        "acts": _acts(request, found, bound or {}) if runs else {},
        "answers": [(one, AnswerForm(prefix=f"o{one.number}")) for one in found.objections.order_by("number")],
        "opened": next(iter(bound or {}), ""),
        "refusal": refusal,
        "source": source,
    }
    return render(request, "ballots/bench_round.html", context, status=status)


def list_context(request: HttpRequest) -> dict[str, Any]:
    """What the left side of every page of the workbench shows."""
    by = actor_of(request)
    page = number_of(request.GET.get("page")) or 1
    return {"bench": list_rounds(by=by, page=page), "to_check": list_to_check(by), "may_open": bool(by.work_paths)}


def _acts(request: HttpRequest, found: Round, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms of what can be done to a round as it stands."""
    by = actor_of(request)
    targets = TRANSITIONS[found.state]
    steps = {
        "collect": State.COLLECTING,
        "check": State.CHECKING,
        "publish": State.PUBLISHED,
        "open": State.VOTING,
        "close": State.COUNTING,
        "finish": State.FINAL,
        "call_off": State.CALLED_OFF,
    }
    forms: dict[str, Any] = {name: ReasonForm(prefix=name) for name, target in steps.items() if target in targets}
    if found.state not in (State.FINAL, State.CALLED_OFF):
        forms["change"] = change_form(request, found, None)
    if found.state in BEFORE_CLOSING:
        forms["observer"] = ObserverForm(prefix="observer", accounts=list_accounts(by))
    if found.state == State.COUNTING or (found.state == State.OBJECTING and is_stale(found)):
        forms["count"] = True
    if found.state in PREPARING:
        forms["add"] = candidate_form(request, found, None)
        limits = limit_form(found, None)
        if limits.has_kinds:
            forms["limit"] = limits
    return forms | bound


def change_form(request: HttpRequest, found: Round, data: Any) -> ChangeRoundForm:
    """The form in which a round is changed; its own place stands in it whoever reads."""
    places = list_places(actor_of(request))
    return ChangeRoundForm(
        data,
        prefix="change",
        places=places if found.place in places else [found.place, *places],
        organisations=list_organisations(),
        initial=round_initial(found),
    )


def limit_form(found: Round, data: Any) -> LimitForm:
    """The form that limits a kind of candidates."""
    return LimitForm(data, prefix="limit", categories=list_categories(found))


def candidate_form(request: HttpRequest, found: Round, data: Any, **more: Any) -> CandidateForm:
    """The form of a new candidate."""
    return CandidateForm(
        data,
        places=list_places(actor_of(request), within=found.place),
        departments=list_organisations(),
        **{"prefix": "add", "initial": {"place": found.place_id}, **more},
    )


def _first_plan() -> dict[str, Any]:
    """What a new round begins with: a calendar of a quarter of a year, and the rule that is fair to minorities."""
    today = local_day(now())
    days = {
        "collect_until_on": 30,
        "check_until_on": 50,
        "publish_on": 51,
        "opens_on": 60,
        "closes_on": 74,
        "objections_until_on": 84,
    }
    return {
        **{name: today + timedelta(days=later) for name, later in days.items()},
        "year": today.year + 1,
        "who": Round.Who.RESIDENTS,
        "kind": Kind.APPROVAL,
        "rule": Rule.EQUAL_SHARES,
        "satisfaction": Satisfaction.COST,
        "completion": Completion.ADD1_EXHAUSTIVE,
        "threshold": Threshold.HALF_OF_ALL,
        "ties": Ties.CHEAPER,
        "longer_list": True,
        "smallest_group": 10,
    }
