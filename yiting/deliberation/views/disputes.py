"""Disputes: for their parties and their mediator; for everybody else there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.activities.queries.bench import list_plan_places
from yiting.deliberation import services
from yiting.deliberation.errors import DisputeMissing
from yiting.deliberation.forms_meetings import AgreementForm, DisputeForm, HandOverForm, NoteForm
from yiting.deliberation.models import Dispute
from yiting.deliberation.policies import can_mediate
from yiting.deliberation.queries.disputes import (
    get_dispute,
    get_dispute_page,
    get_party,
    list_disputes,
    list_mediators,
)
from yiting.people.services import personal_read_many
from yiting.people.sessions import actor_of
from yiting.places.access import signed_in, staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, do, post_or_look, sent
from yiting.places.errors import Refused
from yiting.places.fields import offer


@signed_in
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """The reader's own records; the list holds no contents."""
    by = actor_of(request)
    context = {"rows": list_disputes(by), "may_open": bool(by.work_paths)}
    return _private(render(request, "deliberation/disputes.html", context))


@staff
@post_or_look
def open_record(request: HttpRequest) -> HttpResponse:
    """Open a record; who opens it mediates."""
    by = actor_of(request)
    if not by.work_paths:
        raise DisputeMissing
    form = DisputeForm(sent(request), places=list_plan_places(by))
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.dispute_open(
                    by=by, place=said["place"], subject=said["subject"], parties=said["parties"], at=now()
                )
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("Opened. Only you and the parties see it."))
                return redirect("deliberation:dispute", made.code)
    context = {"form": form, "refusal": refusal}
    return _private(render(request, "deliberation/dispute_open.html", context, status=status))


@signed_in
@require_safe
def dispute(request: HttpRequest, code: str) -> HttpResponse:
    """One record, for its own."""
    return dispute_page(request, code)


@signed_in
@post_or_look
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Note something down."""
    found = get_dispute(code, by=actor_of(request))
    form = NoteForm(sent(request), auto_id="note_%s")

    def change() -> None:
        services.dispute_note(by=actor_of(request), dispute=found, text=form.cleaned_data["text"], at=now())

    return _act(request, found, change, form=form, name="note", done=_("Noted."))


@signed_in
@post_or_look
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Lay a text before the parties."""
    found = get_dispute(code, by=actor_of(request))
    form = AgreementForm(sent(request), auto_id="agreement_%s")

    def change() -> None:
        services.dispute_agreement_set(by=actor_of(request), dispute=found, text=form.cleaned_data["text"], at=now())

    return _act(request, found, change, form=form, name="agreement", done=_("The text lies before the parties."))


@signed_in
@post_or_look
def agree(request: HttpRequest, code: str) -> HttpResponse:
    """Agree to the text, as a party."""
    found = get_dispute(code, by=actor_of(request))
    change = partial(services.dispute_agree, by=actor_of(request), dispute=found, at=now())
    return _act(request, found, change, done=_("You agreed."))


@signed_in
@post_or_look
def agreed(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Write down that a party agreed in person."""
    found = get_dispute(code, by=actor_of(request))
    party = get_party(found, pk)
    change = partial(services.dispute_agree, by=actor_of(request), dispute=found, party=party, at=now())
    return _act(request, found, change, done=_("Written down."))


@signed_in
@post_or_look
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the record."""
    found = get_dispute(code, by=actor_of(request))
    change = partial(services.dispute_close, by=actor_of(request), dispute=found, at=now())
    return _act(request, found, change, done=_("Closed."))


@signed_in
@post_or_look
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Give the record to another mediator."""
    found = get_dispute(code, by=actor_of(request))
    form = _hand_over_form(found, sent(request))

    def change() -> None:
        services.dispute_hand_over(
            by=actor_of(request), dispute=found, mediator=form.cleaned_data["mediator"], at=now()
        )

    if can_mediate(actor_of(request), mediator_id=found.mediator_id, place_path=found.place_path):
        back, done = reverse("deliberation:disputes"), _("Handed over. You no longer see it.")
    else:
        back, done = reverse("deliberation:dispute", args=[found.code]), _("Handed over.")
    again = partial(dispute_page, request, found.code)
    return _private(do(request, again, back, change, form=form, name="hand_over", done=done))


def dispute_page(
    request: HttpRequest,
    code: str,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a record to one of its own; the mediator's look at the names is noted."""
    by, at = actor_of(request), now()
    page = get_dispute_page(code, by=by, at=at)
    names = {}
    if page.mediating:
        persons = [party.person for party in page.parties]
        names = personal_read_many(
            by=by, persons=persons, purpose=_("a matter in the place"), at=at, place_path=page.dispute.place_path
        )
    forms = bound or {}
    context = {
        "page_of": page,
        "dispute": page.dispute,
        "parties": [(party, names.get(party.person.pk)) for party in page.parties],
        "note_form": forms.get("note") or NoteForm(auto_id="note_%s"),
        "agreement_form": forms.get("agreement")
        or AgreementForm(auto_id="agreement_%s", initial={"text": page.agreement}),
        "hand_over_form": (forms.get("hand_over") or _hand_over_form(page.dispute, None))
        if page.may_hand_over
        else None,
        "opened": next(iter(forms), ""),
        "refusal": refusal,
    }
    return _private(render(request, "deliberation/dispute.html", context, status=status))


def _hand_over_form(dispute: Dispute, data: Any) -> HandOverForm:
    form = HandOverForm(data, auto_id="hand_over_%s")
    offer(form, "mediator", [(one, one.public_name or one.username) for one in list_mediators(dispute, at=now())])
    return form


def _act(
    request: HttpRequest,
    found: Dispute,
    change: Callable[[], object],
    *,
    form: Any = None,
    name: str = "",
    done: str,
) -> HttpResponse:
    back = reverse("deliberation:dispute", args=[found.code])
    again = partial(dispute_page, request, found.code)
    return _private(do(request, again, back, change, form=form, name=name, done=done))


def _private(response: HttpResponse) -> HttpResponse:
    """No browser and no proxy keeps a page of this kind."""
    response["Cache-Control"] = "no-store"
    return response
