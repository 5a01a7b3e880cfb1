"""Candidates on the workbench: adding, checking, changing, withdrawing, deciding otherwise, opening as a project."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.ballots.forms import CheckForm, OverrideForm, ReasonForm, candidate_initial
from yiting.ballots.models import Candidate, Round
from yiting.ballots.policies import can_manage
from yiting.ballots.queries.bench import get_bench_round, get_checked_candidate
from yiting.ballots.queries.built import is_built
from yiting.ballots.queries.sources import get_source
from yiting.ballots.services import (
    candidate_add,
    candidate_change,
    candidate_check,
    candidate_open_project,
    candidate_withdraw,
    override_take_back,
    winner_open,
    winner_override,
)
from yiting.ballots.states import PREPARING
from yiting.ballots.views.bench import bench_page, candidate_form, list_context
from yiting.ballots.views.visitors import actor_of
from yiting.deliberation.models import Resolution
from yiting.needs.models import Need
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import do, post_or_look, sent
from yiting.places.errors import Refused
from yiting.projects.models import Stage
from yiting.projects.money import yuan_text

ENDED = (Round.State.FINAL, Round.State.CALLED_OFF)


@staff
@post_or_look
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Put a candidate on the list; the address may name the need or the resolution that it comes from."""
    by, found = actor_of(request), get_bench_round(code, actor_of(request))
    source = get_source(by, need=request.GET.get("need", ""), resolution=request.GET.get("resolution", ""))
    query = request.GET.urlencode() if source is not None else ""
    again = partial(bench_page, request, code, source=f"?{query}" if query else "")
    if request.method != "POST":
        form = candidate_form(request, found, None, initial=_from(source) if source else {"place": found.place_id})
        return again(bound={"add": form})
    form = candidate_form(request, found, sent(request))
    more = {"need": source} if isinstance(source, Need) else {"resolution": source}
    return do(
        request,
        again,
        reverse("ballots:bench_round", args=[found.code]),
        lambda: candidate_add(by=by, round=found, plan=form.plan(**more), at=now()),
        form=form,
        name="add",
        done=_("It stands on the list. Now it has to be checked."),
    )


@staff
@require_safe
def candidate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One candidate with what can be done to it."""
    return _page(request, code, number)


@staff
@post_or_look
def check(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Say whether it can be done."""
    found = get_checked_candidate(code, number, actor_of(request))
    form = CheckForm(sent(request), prefix="check")
    return _do(
        request,
        found,
        "check",
        form,
        lambda: candidate_check(
            by=actor_of(request),
            round=found.round,
            number=number,
            feasible=form.cleaned_data["feasible"] == "yes",
            reason=form.cleaned_data["reason"],
            cost_fen=form.cleaned_data["cost"],
            at=now(),
        ),
        done=_("Noted in public."),
    )


@staff
@post_or_look
def change(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Change what it is."""
    found = _run(request, code, number)
    form = candidate_form(request, found.round, sent(request), prefix="change", initial=candidate_initial(found))
    return _do(
        request,
        found,
        "change",
        form,
        lambda: candidate_change(by=actor_of(request), round=found.round, number=number, plan=form.plan(), at=now()),
        done=_("Changed. It has to be checked again."),
    )


@staff
@post_or_look
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Withdraw it with the reason."""
    found = _run(request, code, number)
    form = ReasonForm(sent(request), prefix="withdraw")
    return _do(
        request,
        found,
        "withdraw",
        form,
        lambda: candidate_withdraw(
            by=actor_of(request), round=found.round, number=number, reason=form.cleaned_data["reason"], at=now()
        ),
        done=_("Withdrawn in public. Whoever has voted is told."),
    )


@staff
@post_or_look
def override(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Note that a council decided otherwise."""
    found = _run(request, code, number)
    form = OverrideForm(sent(request), prefix="override")
    return _do(
        request,
        found,
        "override",
        form,
        lambda: winner_override(
            by=actor_of(request),
            round=found.round,
            number=number,
            takes_in=not is_built(found),
            reason=form.cleaned_data["reason"],
            legal_basis=form.cleaned_data["legal_basis"],
            at=now(),
        ),
        done=_("Noted in public; what the rule gave stays beside it."),
    )


@staff
@post_or_look
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Let the rule stand again."""
    found = _run(request, code, number)
    form = ReasonForm(sent(request), prefix="take_back")
    return _do(
        request,
        found,
        "take_back",
        form,
        lambda: override_take_back(
            by=actor_of(request), round=found.round, number=number, reason=form.cleaned_data["reason"], at=now()
        ),
        done=_("The rule stands again. The ledger keeps what had been decided."),
    )


@staff
@post_or_look
def project(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Open it among the projects: as a candidate for visits, or as a winner with its money."""
    found = _run(request, code, number)
    service = winner_open if found.round.state == Round.State.FINAL else candidate_open_project
    return _do(
        request,
        found,
        "project",
        None,
        lambda: service(by=actor_of(request), round=found.round, number=number, at=now()),
        done=_("It has its page among the projects."),
    )


def _do(request: HttpRequest, found: Candidate, name: str, form: Any, change: Any, *, done: str) -> HttpResponse:
    back = reverse("ballots:bench_candidate", args=[found.round.code, found.number])
    again = partial(_page, request, found.round.code, found.number)
    return do(request, again, back, change, form=form, name=name, done=done)


def _run(request: HttpRequest, code: str, number: int) -> Candidate:
    """A candidate of a round that the reader runs."""
    round = get_bench_round(code, actor_of(request))
    return get_checked_candidate(round.code, number, actor_of(request))


def _page(
    request: HttpRequest,
    code: str,
    number: int,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    by = actor_of(request)
    found = get_checked_candidate(code, number, by)
    if code != found.round.code:
        return redirect("ballots:bench_candidate", found.round.code, number)
    runs = bool(can_manage(by, place_path=found.round.place_path))
    built = is_built(found)
    context = {
        **list_context(request),
        "candidate": found,
        "round": found.round,
        "runs": runs,
        "built": built,
        "may_open_project": _may_open(found, runs=runs, built=built),
        "acts": _acts(request, found, runs=runs) | (bound or {}),
        "opened": next(iter(bound or {}), ""),
        "refusal": refusal,
    }
    return render(request, "ballots/bench_candidate.html", context, status=status)


def _acts(request: HttpRequest, found: Candidate, *, runs: bool) -> dict[str, Any]:
    """The forms of what can be done to a candidate as it stands."""
    stands = found.state != Candidate.State.WITHDRAWN
    acts: dict[str, Any] = {}
    if stands and found.round.state in PREPARING:
        acts["check"] = CheckForm(prefix="check", initial={"cost": yuan_text(found.cost_fen)})
        if runs:
            acts["change"] = candidate_form(
                request, found.round, None, prefix="change", initial=candidate_initial(found)
            )
    if runs and stands and found.round.state not in ENDED:
        acts["withdraw"] = ReasonForm(prefix="withdraw")
    if runs and found.state == Candidate.State.FEASIBLE and found.round.state == Round.State.OBJECTING:
        if hasattr(found, "override"):
            acts["take_back"] = ReasonForm(prefix="take_back")
        else:
            acts["override"] = OverrideForm(prefix="override")
    return acts


def _may_open(found: Candidate, *, runs: bool, built: bool) -> bool:
    """Whether it can be opened among the projects now: for visits while the list is made, or as a winner."""
    if not runs or found.state == Candidate.State.WITHDRAWN:
        return False
    if found.round.state == Round.State.FINAL:
        return built and (found.project is None or found.project.stage == Stage.CANDIDATE)
    return found.round.state in PREPARING and found.project is None


def _from(source: Need | Resolution) -> dict[str, Any]:
    """What a candidate begins with when it comes from somewhere."""
    purpose = source.text if isinstance(source, Resolution) else ""
    return {"title": source.title[:120], "purpose": purpose, "place": source.place_id}
