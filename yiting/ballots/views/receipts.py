"""Receipts: looking for one, the list of all leaves, proofs for programs, and the box for appointed observers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiting.ballots.forms import ReceiptForm
from yiting.ballots.queries.receipts import check_receipt, get_proof, list_leaves
from yiting.ballots.queries.rounds import find_round
from yiting.ballots.receipts import DOMAIN
from yiting.ballots.services import openings_read
from yiting.ballots.views.visitors import actor_of, keep_pace
from yiting.places.access import public, signed_in
from yiting.places.clock import now
from yiting.places.doing import post_or_look


@public
@post_or_look
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Look for a receipt: whether it lies in the box, and once voting is over the proof that it is in the count.

    The code of a receipt leads here with it; what somebody pastes may hold their secret, and is sent where no log is.
    """
    found = find_round(code)
    if code != found.code:
        return redirect("ballots:check", found.code)
    given = request.GET if "receipt" in request.GET else None
    form = ReceiptForm(request.POST if request.method == "POST" else given)
    checked = None
    if form.is_bound and form.is_valid():
        keep_pace(request, "check")
        checked = check_receipt(found, form.cleaned_data["receipt"])
    context = {"round": found, "form": form, "checked": checked, "domain": DOMAIN}
    return render(request, "ballots/check.html", context)


@public
@require_safe
def leaves(request: HttpRequest, code: str) -> HttpResponse:
    """All leaves of a closed round, one a line, in ascending order."""
    found = find_round(code)
    lines = list_leaves(found)
    response = HttpResponse("".join(f"{leaf}\n" for leaf in lines), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-leaves.txt"'
    return response


@public
@require_safe
def proof(request: HttpRequest, code: str, leaf: str) -> HttpResponse:
    """The proof for one leaf, for programs."""
    keep_pace(request, "check")
    found = get_proof(find_round(code), leaf.lower())
    told = {"leaf": found.leaf, "index": found.index, "size": found.size, "root": found.root, "path": list(found.path)}
    return JsonResponse(told)


@signed_in
@post_or_look
def openings(request: HttpRequest, code: str) -> HttpResponse:
    """Every ballot with its salt, for an appointed observer; the ledger tells that it was opened."""
    found = find_round(code)
    if request.method != "POST":
        return redirect("ballots:round", found.code)
    rows = openings_read(by=actor_of(request), round=found, at=now())
    response = JsonResponse({"round": found.code, "domain": DOMAIN, "root": found.root, "ballots": rows})
    response["Content-Disposition"] = f'attachment; filename="{found.code}-openings.json"'
    response["Cache-Control"] = "no-store"
    return response
