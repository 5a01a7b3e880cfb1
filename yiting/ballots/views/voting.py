"""Voting: fill in, look once more, cast, take the receipt; on one's own telephone or at the shared tablet.

The receipt is the answer to casting and is kept nowhere: what is sent again gives it again, and nothing else does.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from yiting.activities.queries import read_code
from yiting.ballots.errors import PassUnknown
from yiting.ballots.forms import BallotForm, PassForm
from yiting.ballots.queries.rounds import find_round
from yiting.ballots.queries.voting import VotePage, get_vote_page, is_pass, list_marks
from yiting.ballots.receipts import Receipt, marks_text
from yiting.ballots.services import ballot_cast, ballot_check
from yiting.ballots.views.visitors import actor_of, keep_pace, web_address
from yiting.ballots.wording import how_to_fill
from yiting.people.actors import RESIDENT, Actor
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, post_or_look
from yiting.places.errors import Refused

# Which round and code the ballot on this tablet was opened with, until it is given back.
OPENED = "ballots-opened"


@public
@never_cache
@post_or_look
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """The ballot of whoever is signed in: one form for everything, also without JavaScript."""
    by = actor_of(request)
    page = get_vote_page(code, by=by, at=now())
    if request.method != "POST":
        if code != page.round.code:
            return redirect("ballots:vote", page.round.code)
        return _ballot(request, page, BallotForm(round=page.round, candidates=[row.candidate for row in page.rows]))
    return _sent(request, page, by=by)


@public
@never_cache
@post_or_look
def tablet(request: HttpRequest, code: str) -> HttpResponse:
    """The shared tablet: a code from the counter opens one ballot. Nobody is signed in here, and nobody needs to be."""
    found = find_round(code)
    if request.method != "POST":
        request.session.pop(OPENED, None)
        if code != found.code:
            return redirect("ballots:tablet", found.code)
        return render(request, "ballots/tablet.html", {"round": found, "form": PassForm()})
    page = get_vote_page(found.code, by=None, at=now())
    if "step" in request.POST:
        # what an earlier voter sent, and the browser could send again, opens nothing once the tablet was given back
        if request.session.get(OPENED) != [found.code, request.POST.get("code", "")]:
            return redirect("ballots:tablet", found.code)
        return _sent(request, page, by=RESIDENT)
    keep_pace(request, "code")
    form = PassForm(request.POST)
    if not form.is_valid():
        return render(request, "ballots/tablet.html", {"round": found, "form": form}, status=NOT_FIT)
    typed = read_code(form.cleaned_data["code"])
    if not is_pass(found, typed):
        refusal = PassUnknown()
        context = {"round": found, "form": form, "refusal": refusal}
        return render(request, "ballots/tablet.html", context, status=refusal.status)
    request.session[OPENED] = [found.code, typed]
    candidates = [row.candidate for row in page.rows]
    return _ballot(request, page, BallotForm(round=found, candidates=candidates, initial={"code": typed}))


def _sent(request: HttpRequest, page: VotePage, *, by: Actor) -> HttpResponse:
    keep_pace(request, "vote")
    # What was withdrawn while somebody filled in their ballot is still on it, and is named in the refusal.
    candidates = [*(row.candidate for row in page.rows), *page.withdrawn]
    form = BallotForm(request.POST, round=page.round, candidates=candidates)
    if not form.is_valid():
        return _ballot(request, page, form, status=NOT_FIT)
    pairs, pass_code = form.pairs(), form.cleaned_data["code"]
    if page.part is None and not pass_code:
        return redirect("ballots:tablet", page.round.code)
    if form.cleaned_data["step"] == "back":
        return _ballot(request, page, form)
    try:
        if form.cleaned_data["step"] == "cast":
            salt = form.cleaned_data["salt"]
            receipt = ballot_cast(by=by, round=page.round, pairs=pairs, salt=salt, pass_code=pass_code, at=now())
            return _receipt(request, page, receipt)
        marks = ballot_check(by=by, round=page.round, pairs=pairs, pass_code=pass_code, at=now())
    except Refused as refusal:
        return _ballot(request, page, form, refusal=refusal, status=refusal.status)
    context = {**_common(page), "marks": list_marks(page, marks), "salt": form.salt_or_new, "code": pass_code}
    return render(request, "ballots/confirm.html", context)


def _ballot(
    request: HttpRequest, page: VotePage, form: BallotForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    lines = [(row, form[f"c{row.candidate.number}"]) for row in page.rows]
    context = {**_common(page), "form": form, "lines": lines, "refusal": refusal, "code": form["code"].value() or ""}
    return render(request, "ballots/vote.html", context, status=status)


def _receipt(request: HttpRequest, page: VotePage, receipt: Receipt) -> HttpResponse:
    check = web_address(request, reverse("ballots:check", args=[page.round.code]))
    context = {
        **_common(page),
        "receipt": receipt,
        "written": marks_text(receipt.marks),
        # The salt stands behind the mark that no browser sends on: only the voter's own telephone sees it.
        "keep": f"{check}?receipt={receipt.leaf}#{receipt.salt}",
    }
    response = render(request, "ballots/receipt.html", context)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _common(page: VotePage) -> dict[str, Any]:
    how = how_to_fill(page.round)
    return {"vote_page": page, "round": page.round, "at_tablet": page.part is None, "how": how}
