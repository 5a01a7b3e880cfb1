"""What is done to a topic on the workbench: one form each, and back to the topic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiting.deliberation.forms import EvidenceForm, ModerateForm, OpenForm, ReasonForm, SeedForm, end_of
from yiting.deliberation.models import Statement, Topic
from yiting.deliberation.queries.bench import get_bench_topic
from yiting.deliberation.queries.topics import get_evidence, get_statement, list_statements
from yiting.deliberation.services import (
    evidence_add,
    evidence_remove,
    statement_moderate,
    statement_seed,
    topic_analyse,
    topic_begin_closing,
    topic_change,
    topic_close,
    topic_open,
    topic_reopen,
    topic_resolve,
)
from yiting.deliberation.views.bench import bench_page, plan_form, plan_from
from yiting.deliberation.views.visitors import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

NOT_THERE = 404


@staff
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is asked, or later its background."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = plan_form(by, found, request.POST)
    return _act(
        request,
        found,
        "change",
        form,
        lambda: topic_change(by=by, topic=found, plan=plan_from(form.cleaned_data), at=now()),
        _("Changed."),
    )


@staff
@require_POST
def open_(request: HttpRequest, code: str) -> HttpResponse:
    """Open a topic until a day."""
    return _until(request, code, "open", topic_open, _("It is open. Hang the poster where people pass by."))


@staff
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Put the last day off, or open it again."""
    return _until(request, code, "reopen", topic_reopen, _("It is open until the new day."))


@staff
@require_POST
def last_days(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the last days."""
    return _why(request, code, "last_days", topic_begin_closing, _("The last days have begun."))


@staff
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a topic, or decline a proposal; the results are computed once more."""
    return _why(request, code, "close", topic_close, _("Closed. Everybody can read the results."))


@staff
@require_POST
def resolve(request: HttpRequest, code: str) -> HttpResponse:
    """Say what came of it."""
    return _why(request, code, "resolve", topic_resolve, _("Resolved. Thank you for telling the residents."))


@staff
@require_POST
def seed(request: HttpRequest, code: str) -> HttpResponse:
    """Write statements to begin with, one a line; those that do not fit stay in the form."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = SeedForm(request.POST, auto_id="seed_%s")
    if not form.is_valid():
        return bench_page(request, code, bound={"seed": form}, status=422)
    left, refusal = [], None
    for line in form.cleaned_data["text"].splitlines():
        if not line.strip():
            continue
        try:
            statement_seed(by=by, topic=found, text=line, is_meta=form.cleaned_data["is_meta"], at=now())
        except Refused as refused:
            refusal = refused
            left.append(line)
    if refusal is not None:
        again = SeedForm(request.POST | {"text": "\n".join(left)}, auto_id="seed_%s")
        return bench_page(request, code, bound={"seed": again}, refusal=refusal, status=refusal.status)
    messages.success(request, _("Written. They can be voted on as soon as the topic is open."))
    return redirect("deliberation:bench_topic", found.code)


@staff
@require_POST
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    """Add something to know."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")

    def add() -> object:
        given = form.cleaned_data
        return evidence_add(by=by, topic=found, title=given["title"], link=given["link"], file=given["file"], at=now())

    return _act(request, found, "evidence", form, add, _("Added."))


@staff
@require_POST
def evidence_away(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take something to know away."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    evidence_remove(by=by, evidence=get_evidence(found, pk), at=now())
    messages.success(request, _("Taken away."))
    return redirect("deliberation:bench_topic", found.code)


@staff
@require_POST
def analyse(request: HttpRequest, code: str) -> HttpResponse:
    """Compute the results now."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    topic_analyse(by=by, topic=found, at=now())
    messages.success(request, _("The results are up to date, as far as they may be shown."))
    return redirect("deliberation:bench_topic", found.code)


@staff
@require_POST
def moderate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Decide about a statement, with a reason that everybody can read."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    statement = get_statement(found, number)
    form = ModerateForm(request.POST)
    if not form.is_valid():
        refusal = Refused(_("Choose a decision and write the reason; it is public."))
        return bench_page(request, code, refusal=refusal, status=422)
    given = form.cleaned_data
    others = [one for one in list_statements(found) if one.pk != statement.pk]
    same_as = next((one for one in others if one.number == given["same_as"]), None)
    try:
        said = statement_moderate(
            by=by,
            statement=statement,
            decision=given["decision"],
            reason=given["reason"],
            same_as=same_as,
            at=now(),
        )
    except Refused as refused:
        if refused.status == NOT_THERE:
            raise
        return bench_page(request, code, refusal=refused, status=refused.status)
    words = {
        Statement.State.SHOWN: _("Statement %(number)s is shown."),
        Statement.State.HELD: _("Statement %(number)s is held back."),
        Statement.State.DECLINED: _("Statement %(number)s is not shown."),
    }
    messages.success(request, words[Statement.State(said.state)] % {"number": said.number})
    return redirect("deliberation:bench_topic", found.code)


def _until(request: HttpRequest, code: str, name: str, act: Callable[..., Topic], done: str) -> HttpResponse:
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = OpenForm(request.POST, auto_id=f"{name}_%s")

    def run() -> object:
        given = form.cleaned_data
        return act(by=by, topic=found, closes_at=end_of(given["until"], found.place), reason=given["reason"], at=now())

    return _act(request, found, name, form, run, done)


def _why(request: HttpRequest, code: str, name: str, act: Callable[..., Topic], done: str) -> HttpResponse:
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = ReasonForm(request.POST, auto_id=f"{name}_%s")

    def run() -> object:
        return act(by=by, topic=found, reason=form.cleaned_data["reason"], at=now())

    return _act(request, found, name, form, run, done)


def _act(
    request: HttpRequest, found: Topic, name: str, form: Any, run: Callable[[], object], done: str
) -> HttpResponse:
    """Check the shape, act, and go back to the topic; what was refused stands beside the form as it was filled in."""
    if not form.is_valid():
        return bench_page(request, found.code, bound={name: form}, status=422)
    try:
        run()
    except Refused as refused:
        if refused.status == NOT_THERE:
            raise
        return bench_page(request, found.code, bound={name: form}, refusal=refused, status=refused.status)
    messages.success(request, done)
    return redirect("deliberation:bench_topic", found.code)
