"""One match for its two sides: confirm, decline, give up, note what came, thank; each act one form, one service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yiting.alliances import services
from yiting.alliances.amounts import typed_amount
from yiting.alliances.forms_pooling import DeliverForm, ReasonForm, RefuseForm, ThanksForm
from yiting.alliances.models import Match
from yiting.alliances.queries.pooling import get_match, match_row
from yiting.alliances.views.pooling.asking import actor_of
from yiting.ledger.queries import list_entries
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

NOT_THERE = 404
Do = Callable[[Actor, Match, dict[str, Any]], object]


def _confirm(by: Actor, match: Match, said: dict[str, Any]) -> object:
    return services.match_confirm(by=by, match=match, at=now())


def _refuse(by: Actor, match: Match, said: dict[str, Any]) -> object:
    return services.match_refuse(by=by, match=match, at=now(), **said)


def _withdraw(by: Actor, match: Match, said: dict[str, Any]) -> object:
    return services.match_withdraw(by=by, match=match, at=now(), **said)


def _deliver(by: Actor, match: Match, said: dict[str, Any]) -> object:
    return services.match_deliver(by=by, match=match, at=now(), **said)


def _thank(by: Actor, match: Match, said: dict[str, Any]) -> object:
    return services.thanks_give(by=by, match=match, at=now(), **said)


ACTS: dict[str, tuple[Do, Any, Any]] = {
    "confirm": (_confirm, gettext_lazy("Confirm it"), gettext_lazy("Promised by both sides.")),
    "refuse": (_refuse, gettext_lazy("It does not suit"), gettext_lazy("Declined. It is not suggested again.")),
    "deliver": (_deliver, gettext_lazy("It came"), gettext_lazy("Noted. Both sides see what came.")),
    "withdraw": (_withdraw, gettext_lazy("Give it up"), gettext_lazy("Given up. The other side is told.")),
    "thank": (_thank, gettext_lazy("Say thanks"), gettext_lazy("Your thanks are on their way.")),
}


@staff
@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """A match as its two sides see it, with what can be done."""
    return _page(request, get_match(pk, actor_of(request)))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing to a match and go back to it; what does not fit, or was refused, is said beside its form."""
    by = actor_of(request)
    found = get_match(pk, by)
    if request.method != "POST" or name not in ACTS:
        return redirect("alliances:match", pk)
    do, _label, done = ACTS[name]
    form = _form(name, found, request.POST)
    if not form.is_valid():
        return _page(request, found, bound={name: form}, status=422)
    try:
        do(by, found, form.cleaned_data)
    except Refused as refusal:
        if refusal.status == NOT_THERE:
            raise
        return _page(request, get_match(pk, by), refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return redirect("alliances:match", pk)


def _page(
    request: HttpRequest,
    found: Match,
    *,
    bound: dict[str, Form] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    row, given = match_row(found, actor_of(request)), bound or {}
    acts = [(name, ACTS[name][1], given.get(name) or _form(name, found)) for name in row.acts if name in ACTS]
    context = {
        "match": row,
        "acts": acts,
        "opened": next(iter(given), ""),
        "refusal": refusal,
        "entries": list_entries("alliances.match", [found.pk]),
        "place": found.ask.place,
    }
    return render(request, "alliances/pool_match.html", context, status=status)


def _form(name: str, found: Match, sent: Any = None) -> Form:
    auto_id = f"{name}_%s"
    if name == "deliver":
        known = {"amount": typed_amount(found.amount, money=found.offer.kind.money), "on": local_day(now())}
        return DeliverForm(sent, kind=found.offer.kind, initial=known, auto_id=auto_id)
    if name == "thank":
        return ThanksForm(sent, initial={"words": found.thanks, "public": found.thanks_public}, auto_id=auto_id)
    if name in ("refuse", "withdraw"):
        return {"refuse": RefuseForm, "withdraw": ReasonForm}[name](sent, auto_id=auto_id)
    return Form(sent, auto_id=auto_id)
