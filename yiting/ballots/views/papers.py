"""The counter and paper: admitting somebody to the tablet, handing out, printing, and entering every ballot twice."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yiting.ballots.errors import PaperMissing
from yiting.ballots.forms import BallotForm, DeputyForm, PrintForm, ReasonForm, SerialForm, VoterForm
from yiting.ballots.models import Paper, Round
from yiting.ballots.paper import papers_pdf
from yiting.ballots.policies import can_manage
from yiting.ballots.queries.bench import (
    get_bench_round,
    get_paper_desk,
    get_paper_page,
    get_served_round,
    list_buildings,
    list_known_voters,
)
from yiting.ballots.queries.rounds import list_candidates
from yiting.ballots.services import PaperReading, paper_enter, paper_hand_out, paper_spoil, papers_print, voter_admit
from yiting.ballots.views.bench import list_context
from yiting.ballots.views.visitors import actor_of, web_address
from yiting.ballots.wording import how_to_fill
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, do, post_or_look, sent
from yiting.places.errors import Refused
from yiting.places.printing import require_printer


@staff
@never_cache
@post_or_look
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm that somebody may vote; the code for the tablet is shown once."""
    by, found = actor_of(request), get_served_round(code, actor_of(request))
    form = _who_form(request, found, sent(request))
    refusal: Refused | None = None
    status, opened = 200, ""
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            try:
                opened = voter_admit(by=by, round=found, at=now(), **form.cleaned_data)
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                status = 200
    context = {
        **list_context(request),
        "round": found,
        "form": form,
        "refusal": refusal,
        "code": f"{opened[:4]}-{opened[4:]}" if opened else "",
        "address": web_address(request, reverse("ballots:tablet", args=[found.code])),
    }
    return render(request, "ballots/counter.html", context, status=status)


@staff
@require_safe
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """Paper of a round: print, hand out, enter."""
    return _papers(request, code)


@staff
@post_or_look
def print_(request: HttpRequest, code: str) -> HttpResponse:
    """Make paper ballots with numbers of their own, as one PDF."""
    found = get_bench_round(code, actor_of(request))
    if request.method != "POST":
        return redirect("ballots:papers", found.code)
    form = PrintForm(request.POST, prefix="print")
    if not form.is_valid():
        return _papers(request, code, bound={"print": form}, status=NOT_FIT)
    try:
        require_printer()
        made = papers_print(by=actor_of(request), round=found, number=form.cleaned_data["number"], at=now())
        pdf = papers_pdf(found, made, list_candidates(found), address=_address(request, found))
    except Refused as refusal:
        return _papers(request, code, bound={"print": form}, refusal=refusal, status=refusal.status)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-papers.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@staff
@post_or_look
def hand_out(request: HttpRequest, code: str) -> HttpResponse:
    """Note that somebody got a paper ballot."""
    by, found = actor_of(request), get_served_round(code, actor_of(request))
    form = _who_form(request, found, sent(request))
    return do(
        request,
        partial(_papers, request, code),
        reverse("ballots:papers", args=[found.code]),
        lambda: paper_hand_out(by=by, round=found, at=now(), **form.cleaned_data),
        form=form,
        name="hand_out",
        done=_("Noted. Let them draw one of the papers themselves: its number is nowhere written down."),
    )


@staff
@post_or_look
def find(request: HttpRequest, code: str) -> HttpResponse:
    """From the number in the corner to the paper."""
    by, found = actor_of(request), get_served_round(code, actor_of(request))
    if request.method != "POST":
        return redirect("ballots:papers", found.code)
    form = SerialForm(request.POST, prefix="find")
    if not form.is_valid():
        return _papers(request, code, bound={"find": form}, status=NOT_FIT)
    try:
        page = get_paper_page(found, form.cleaned_data["serial"], by)
    except PaperMissing as refusal:
        return _papers(request, code, bound={"find": form}, refusal=refusal, status=refusal.status)
    return redirect("ballots:paper", found.code, page.paper.serial)


@staff
@post_or_look
def paper(request: HttpRequest, code: str, serial: str) -> HttpResponse:
    """Enter a paper. Nothing of another reading is told until two of them differ."""
    by, found = actor_of(request), get_served_round(code, actor_of(request))
    form = _ballot_form(found, sent(request))
    if request.method != "POST":
        return _paper(request, found, serial, form)
    if not form.is_valid():
        return _paper(request, found, serial, form, status=NOT_FIT)
    try:
        reading = paper_enter(by=by, round=found, serial=serial, pairs=form.pairs(), at=now())
    except Refused as refusal:
        return _paper(request, found, serial, form, refusal=refusal, status=refusal.status)
    return _read(request, found, serial, reading)


@staff
@post_or_look
def spoil(request: HttpRequest, code: str, serial: str) -> HttpResponse:
    """Say that a paper cannot be counted; a second reader has to agree."""
    by, found = actor_of(request), get_served_round(code, actor_of(request))
    form = ReasonForm(sent(request), prefix="spoil")
    again = partial(_paper, request, found, serial, _ballot_form(found, None), spoil_form=form)
    if request.method != "POST":
        return redirect("ballots:paper", found.code, serial)
    if not form.is_valid():
        return again(status=NOT_FIT)
    try:
        reading = paper_spoil(by=by, round=found, serial=serial, reason=form.cleaned_data["reason"], at=now())
    except Refused as refusal:
        return again(refusal=refusal, status=refusal.status)
    return _read(request, found, serial, reading)


def _ballot_form(found: Round, data: Any) -> BallotForm:
    listed = [row.candidate for row in list_candidates(found) if row.candidate.state in ("feasible", "withdrawn")]
    return BallotForm(data, round=found, candidates=listed)


def _read(request: HttpRequest, found: Round, serial: str, reading: PaperReading) -> HttpResponse:
    if reading.state == Paper.State.DIFFERENT:
        messages.warning(request, _("The readings differ. Look at the paper once more."))
        return redirect("ballots:paper", found.code, serial)
    said = {
        Paper.State.COUNTED: _("Two people read the same. The paper is counted."),
        Paper.State.SPOILED: _("Two people hold that it cannot be counted. Set aside, with the reason in public."),
        Paper.State.ENTERED: _("Entered once. Somebody else has to enter it too."),
    }
    messages.success(request, said[Paper.State(reading.state)])
    return redirect("ballots:papers", found.code)


def _paper(
    request: HttpRequest,
    found: Round,
    serial: str,
    form: BallotForm,
    *,
    spoil_form: ReasonForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    page = get_paper_page(found, serial, actor_of(request))
    rows = [row for row in list_candidates(found) if f"c{row.candidate.number}" in form.fields]
    titles = {row.candidate.number: row.candidate.title for row in rows}
    context = {
        **list_context(request),
        "round": found,
        "paper_page": page,
        "form": form,
        "lines": [(row, form[f"c{row.candidate.number}"]) for row in rows],
        "differences": [
            {"number": one.number, "title": titles[one.number], "marks": ["—" if m is None else m for m in one.marks]}
            for one in page.differences
        ],
        "how": how_to_fill(found),
        "spoil_form": spoil_form or ReasonForm(prefix="spoil"),
        "opened": "spoil" if spoil_form else "",
        "refusal": refusal,
    }
    return render(request, "ballots/paper.html", context, status=status)


def _papers(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    found = get_served_round(code, actor_of(request))
    runs = bool(can_manage(actor_of(request), place_path=found.place_path))
    forms = {
        "print": PrintForm(prefix="print"),
        "hand_out": _who_form(request, found, None),
        "find": SerialForm(prefix="find"),
    }
    context = {
        **list_context(request),
        "round": found,
        "runs": runs,
        "desk": get_paper_desk(found),
        "acts": forms | (bound or {}),
        "refusal": refusal,
    }
    return render(request, "ballots/papers.html", context, status=status)


def _who_form(request: HttpRequest, found: Round, data: Any) -> VoterForm | DeputyForm:
    if found.who == Round.Who.RESIDENTS:
        return VoterForm(data, prefix="who", buildings=list_buildings(actor_of(request), found))
    return DeputyForm(data, prefix="who", accounts=list_known_voters(found, at=now()))


def _address(request: HttpRequest, found: Round) -> str:
    return web_address(request, reverse("ballots:check", args=[found.code]))
