"""For those who give and ask: what waits for their unit, and new offers and asks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiting.alliances.amounts import typed_amount
from yiting.alliances.errors import AskMissing, OfferMissing, PoolingRefused
from yiting.alliances.forms_pooling import (
    AskForm,
    ClaimForm,
    OfferChangeForm,
    OfferForm,
    ReasonForm,
    ThingForm,
    UnitAskForm,
)
from yiting.alliances.models import Ask, Offer
from yiting.alliances.policies import may_give_for
from yiting.alliances.queries.pooling import (
    find_suggestion,
    free_days,
    get_ask,
    get_asker,
    get_offer,
    get_pool_bench,
    list_kinds,
    list_own_units,
)
from yiting.alliances.queries.pooling.rows import ask_row, offer_row, speaks_for_ask
from yiting.alliances.services import (
    ask_close,
    ask_open,
    match_claim,
    matches_suggest,
    offer_change,
    offer_make,
    offer_withdraw,
)
from yiting.alliances.views.pooling.asking import actor_of
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

look_or_post = require_http_methods(["GET", "HEAD", "POST"])
NOT_THERE = 404


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for my unit: to answer, to bring, to thank for."""
    return render(
        request, "alliances/pool_bench.html", {"bench": get_pool_bench(actor_of(request), day=local_day(now()))}
    )


@staff
@look_or_post
def offer_new(request: HttpRequest) -> HttpResponse:
    """Offer something of my unit."""
    by = actor_of(request)
    form = OfferForm(_sent(request), kinds=list_kinds(), units=list_own_units(by))
    context: dict[str, Any] = {"title": _("Offer something"), "action": _("Offer it")}
    if request.method == "POST" and form.is_valid():
        try:
            made = offer_make(by=by, at=now(), **form.cleaned_data)
        except PoolingRefused as refusal:
            return _form_page(request, form, refusal=refusal, **context)
        messages.success(request, _("It stands on the list of what can be given."))
        return redirect("alliances:offer", made.pk)
    return _form_page(request, form, **context)


@staff
@look_or_post
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer of my unit; what is promised stays promised."""
    by, found = actor_of(request), _own_offer(request, pk)
    known = {
        "title": found.title,
        "amount": typed_amount(found.amount, money=found.kind.money),
        "since_on": found.since_on,
        "until_on": found.until_on,
        "conditions": found.conditions,
    }
    form = OfferChangeForm(_sent(request), kinds=(), fixed=found.kind, initial=known)

    def change() -> None:
        offer_change(by=by, offer=found, at=now(), **form.cleaned_data)

    back, done = ("alliances:offer", found.pk), _("The offer is changed.")
    return _filled(request, form, change, done=done, back=back, title=_("Change the offer"), action=_("Save"))


@staff
@look_or_post
def offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an offer of my unit; those it was promised to are told why."""
    by, found = actor_of(request), _own_offer(request, pk)
    form = ReasonForm(_sent(request))

    def change() -> None:
        offer_withdraw(by=by, offer=found, reason=form.cleaned_data["reason"], at=now())

    return _filled(
        request,
        form,
        change,
        done=_("Withdrawn. The other sides are told."),
        back=("alliances:offer", found.pk),
        title=_("Withdraw the offer"),
        action=_("Withdraw it"),
        note=_("What was promised and has not come is given up with this reason; what is asked for is open again."),
    )


@staff
@look_or_post
def ask_new(request: HttpRequest) -> HttpResponse:
    """Ask for something: for a need or project of my place, or for my unit itself."""
    by = actor_of(request)
    asker = get_asker(by, need=request.GET.get("need", ""), project=request.GET.get("project", ""))
    kinds = list_kinds()
    if asker.subject:
        form: ThingForm = AskForm(_sent(request), kinds=kinds)
    else:
        form = UnitAskForm(_sent(request), kinds=kinds, units=list_own_units(by))
    context: dict[str, Any] = {"title": _("Ask for something"), "action": _("Ask for it"), "subject": asker.subject}
    if request.method == "POST" and form.is_valid():
        try:
            opened = ask_open(by=by, need=asker.need, project=asker.project, at=now(), **form.cleaned_data)
        except PoolingRefused as refusal:
            return _form_page(request, form, refusal=refusal, **context)
        messages.success(request, _("It stands on the list of what is asked for."))
        return redirect("alliances:ask", opened.pk)
    return _form_page(request, form, **context)


@staff
@look_or_post
def ask_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask no longer; those who promised something are told why."""
    by, found = actor_of(request), _own_ask(request, pk)
    form = ReasonForm(_sent(request))

    def change() -> None:
        ask_close(by=by, ask=found, reason=form.cleaned_data["reason"], at=now())

    back, done = ("alliances:ask", found.pk), _("Closed. The other sides are told.")
    return _filled(request, form, change, done=done, back=back, title=_("Ask for it no longer"), action=_("Close it"))


@staff
@require_POST
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for the best assignment of everything asked for at the place of an ask of mine."""
    by, found = actor_of(request), _own_ask(request, pk)
    matches_suggest(by=by, place=found.place, at=now())
    messages.success(request, _("Everything asked for here was weighed against everything on offer."))
    return redirect("alliances:ask", found.pk)


@staff
@look_or_post
def claim(request: HttpRequest, offer_pk: int, ask_pk: int) -> HttpResponse:
    """Say yes for my side: how much, or on which days. The other side confirms."""
    by, offer, ask = actor_of(request), get_offer(offer_pk), get_ask(ask_pk)
    side = "offer" if may_give_for(by, organisation_id=offer.organisation_id) else "ask"
    if side == "ask" and not speaks_for_ask(ask, by):
        raise AskMissing
    suggested = find_suggestion(offer, ask)
    room = max(1, min(offer.amount - offer.promised, ask.amount - ask.promised))
    known = {"amount": typed_amount(suggested.amount if suggested else room, money=offer.kind.money)}
    days = free_days(offer, ask, day=local_day(now())) if offer.kind.whole else []
    form = ClaimForm(_sent(request), kind=offer.kind, days=days, initial=known)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            claimed = match_claim(by=by, offer=offer, ask=ask, side=side, at=now(), **form.cleaned_data)
        except PoolingRefused as refused:
            refusal = refused
        else:
            messages.success(request, _("Said yes. The other side is told and confirms."))
            return redirect("alliances:match", claimed.pk)
    context = {
        "offer": offer_row(offer),
        "ask": ask_row(ask),
        "gives": side == "offer",
        "form": form,
        "no_day": offer.kind.whole and not days,
        "refusal": refusal,
    }
    return render(request, "alliances/pool_claim.html", context, status=_status(request, refusal))


def _own_offer(request: HttpRequest, pk: int) -> Offer:
    found = get_offer(pk)
    if not may_give_for(actor_of(request), organisation_id=found.organisation_id):
        raise OfferMissing
    return found


def _own_ask(request: HttpRequest, pk: int) -> Ask:
    found = get_ask(pk)
    if not speaks_for_ask(found, actor_of(request)):
        raise AskMissing
    return found


def _filled(
    request: HttpRequest, form: Any, change: Any, *, done: str, back: tuple[str, int], **context: Any
) -> HttpResponse:
    """Do it and go back; what does not fit, or was refused, is said above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except PoolingRefused as refusal:
            if refusal.status == NOT_THERE:
                raise
            return _form_page(request, form, refusal=refusal, back=back, **context)
        messages.success(request, done)
        return redirect(*back)
    return _form_page(request, form, back=back, **context)


def _form_page(request: HttpRequest, form: Any, *, refusal: Refused | None = None, **context: Any) -> HttpResponse:
    context |= {"form": form, "refusal": refusal}
    return render(request, "alliances/pool_form.html", context, status=_status(request, refusal))


def _status(request: HttpRequest, refusal: Refused | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if request.method == "POST" else 200


def _sent(request: HttpRequest) -> Any:
    """What was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None
