"""What is done to a round: its steps, its change, its count, its observers and the answers to objections."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiting.ballots.forms import AnswerForm, ObserverForm, ReasonForm
from yiting.ballots.queries.bench import get_bench_round, list_accounts
from yiting.ballots.services import (
    limit_lift,
    limit_set,
    objection_answer,
    observer_appoint,
    round_call_off,
    round_change,
    round_check,
    round_collect_again,
    round_count,
    round_finish,
    round_publish,
    voting_close,
    voting_open,
)
from yiting.ballots.views.bench import bench_page, change_form, limit_form
from yiting.ballots.views.visitors import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import do, post_or_look, sent

# Every step takes a public reason and nothing else.
STEPS = {
    "check": (round_check, gettext_lazy("The candidates are being checked.")),
    "collect": (round_collect_again, gettext_lazy("Candidates are collected again.")),
    "publish": (round_publish, gettext_lazy("The list is public.")),
    "open": (voting_open, gettext_lazy("Voting is open.")),
    "close": (voting_close, gettext_lazy("Voting is over. The seal of all ballots stands in the ledger.")),
    "finish": (round_finish, gettext_lazy("The result is final.")),
    "call_off": (round_call_off, gettext_lazy("The round is called off.")),
}


@staff
@post_or_look
def step(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Take a round one step on, with the reason."""
    if name not in STEPS:
        raise Http404
    service, done = STEPS[name]
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    form = ReasonForm(sent(request), prefix=name)
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: service(by=by, round=found, reason=form.cleaned_data["reason"], at=now()),
        form=form,
        name=name,
        done=str(done),
    )


@staff
@post_or_look
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change money, rule or calendar."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    form = change_form(request, found, sent(request))
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: round_change(by=by, round=found, plan=form.plan(), reason=form.cleaned_data["reason"], at=now()),
        form=form,
        name="change",
        done=_("Changed. The ledger keeps what it was before."),
    )


@staff
@post_or_look
def limit(request: HttpRequest, code: str) -> HttpResponse:
    """Limit a kind of candidates."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    form = limit_form(found, sent(request))
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: limit_set(
            by=by,
            round=found,
            category=form.cleaned_data["category"],
            most=form.cleaned_data["most"],
            most_cost_fen=form.cleaned_data["most_cost"],
            at=now(),
        ),
        form=form,
        name="limit",
        done=_("The limit is public and stands with the rule."),
    )


@staff
@post_or_look
def lift(request: HttpRequest, code: str) -> HttpResponse:
    """Take the limit of a kind back."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: limit_lift(by=by, round=found, category=request.POST.get("category", ""), at=now()),
        done=_("The limit is gone."),
    )


@staff
@post_or_look
def count(request: HttpRequest, code: str) -> HttpResponse:
    """Count by the published rule."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: round_count(by=by, round=found, at=now()),
        done=_("Counted. The result is public and open to objections."),
    )


@staff
@post_or_look
def observer(request: HttpRequest, code: str) -> HttpResponse:
    """Appoint an observer."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    form = ObserverForm(sent(request), prefix="observer", accounts=list_accounts(by))
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: observer_appoint(by=by, round=found, account=form.cleaned_data["account"], at=now()),
        form=form,
        name="observer",
        done=_("Appointed. They may open the ballots once voting is over."),
    )


@staff
@post_or_look
def answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Answer an objection in public."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    form = AnswerForm(sent(request), prefix=f"o{number}")
    return do(
        request,
        partial(bench_page, request, code),
        _bench(found.code),
        lambda: objection_answer(by=by, round=found, number=number, answer=form.cleaned_data["answer"], at=now()),
        form=form,
        name=f"answer-{number}",
        done=_("Answered in public."),
    )


def _bench(code: str) -> str:
    return reverse("ballots:bench_round", args=[code])
