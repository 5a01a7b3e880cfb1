"""The result for everybody, its downloads, and objections to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.ballots.export import ballots_file
from yiting.ballots.forms import ObjectionForm
from yiting.ballots.models import Round
from yiting.ballots.queries.results import get_result_page
from yiting.ballots.queries.rounds import find_round
from yiting.ballots.services import objection_raise
from yiting.ballots.states import day_at
from yiting.ballots.views.visitors import actor_of, keep_pace
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, post_or_look
from yiting.places.errors import Refused


@public
@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """What is built, what it costs, why the others are not, and what other rules would have built."""
    found = find_round(code)
    if code != found.code:
        return redirect("ballots:result", found.code)
    return _result(request, found)


@public
@require_safe
def ballots(request: HttpRequest, code: str) -> HttpResponse:
    """The ballots of a closed round as a file that anybody can count, in no order that tells of anybody."""
    made = ballots_file(find_round(code))
    response = HttpResponse(made.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@public
@post_or_look
def object_(request: HttpRequest, code: str) -> HttpResponse:
    """Object to a result in public."""
    found = find_round(code)
    if request.method != "POST":
        return redirect("ballots:result", found.code)
    keep_pace(request, "object")
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _result(request, found, form=form, status=NOT_FIT)
    try:
        objection_raise(by=actor_of(request), round=found, text=form.cleaned_data["text"], at=now())
    except Refused as refusal:
        return _result(request, found, form=form, refusal=refusal, status=refusal.status)
    messages.success(request, _("Your objection is public. The office answers it here."))
    return redirect("ballots:result", found.code)


def _result(
    request: HttpRequest,
    found: Round,
    *,
    form: ObjectionForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    page = get_result_page(found)
    takes = found.state == Round.State.OBJECTING and day_at(now(), found.place) <= found.objections_until_on
    context: dict[str, Any] = {
        "result": page,
        "round": found,
        "form": form or ObjectionForm(),
        "refusal": refusal,
        "takes_objections": takes,
    }
    return render(request, "ballots/result.html", context, status=status)
