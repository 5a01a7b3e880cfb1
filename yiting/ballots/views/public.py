"""The public pages: all rounds, and one round with its calendar, its rule and its candidates."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiting.ballots.queries.rounds import get_round_page, list_rounds, observes
from yiting.ballots.states import COUNTED
from yiting.ballots.views.visitors import actor_of
from yiting.ballots.wording import how_to_fill
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import number_of


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every round, the newest year first."""
    return render(request, "ballots/board.html", {"board": list_rounds(page=number_of(request.GET.get("page")) or 1)})


@public
@require_safe
def round_(request: HttpRequest, code: str) -> HttpResponse:
    """A round: how much money, who votes when, by which rule, and what may be built."""
    page = get_round_page(code, at=now())
    if code != page.round.code:
        return redirect("ballots:round", page.round.code)
    context = {
        "page_of": page,
        "round": page.round,
        "how": how_to_fill(page.round),
        "result_there": page.round.state in COUNTED,
        "observes": observes(page.round, actor_of(request)),
    }
    return render(request, "ballots/round.html", context)
