"""Asking at an activity: one box for residents; for the desk there, one question after the other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.activities.models import Activity
from yiting.activities.queries import get_activity, when_words
from yiting.activities.queries.bench import get_bench_activity
from yiting.needs.errors import NeedsRefused
from yiting.needs.forms import CONSENTS, AskAtForm, fresh_key
from yiting.needs.models import ServiceRequest
from yiting.needs.queries.asked_at import count_asked_at, get_asked_at
from yiting.needs.queries.wording import code_in_fours
from yiting.needs.services import Draft, request_file
from yiting.needs.views.resident_session import actor_of, hold_receipt, keep_pace, once_key, speaker_of
from yiting.people.errors import PeopleRefused, TooOften
from yiting.people.services import person_identify
from yiting.places.access import public, staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look
from yiting.places.models import Level, Place
from yiting.places.queries import place_options

BELOW = (Level.COMMUNITY, Level.ESTATE, Level.BUILDING)


@public
@post_or_look
def at_activity(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a question where it came up; and what others asked here. For htmx only how many that were."""
    activity = get_activity(code)
    if request.method != "POST":
        if getattr(request, "htmx", False):
            return render(request, "needs/resident/_asked_count.html", {"count": count_asked_at(activity)})
        return _page(request, "needs/resident/at_activity.html", activity, _form(activity))
    form = _form(activity, request.POST)
    status = 400
    if form.is_valid():
        try:
            filed = _ask(request, activity, form)
        except (NeedsRefused, TooOften) as refusal:
            form.add_error("text", str(refusal.message))
            status = refusal.status
        except PeopleRefused as refusal:
            form.add_error("phone", str(refusal.message))
        else:
            hold_receipt(request, filed)
            return redirect(reverse("needs:receipt", args=[filed.code]) + "?new=1")
    return _page(request, "needs/resident/at_activity.html", activity, form, status=status)


@staff
@post_or_look
def bench_at_activity(request: HttpRequest, code: str) -> HttpResponse:
    """The desk at an activity: type a question, hand on, type the next."""
    activity = get_bench_activity(code, actor_of(request))
    template = "needs/bench/at_activity.html"
    if request.method != "POST":
        return _page(request, template, activity, _form(activity))
    form = _form(activity, request.POST)
    status = 400
    if form.is_valid():
        try:
            filed = _write_down(request, activity, form)
        except NeedsRefused as refusal:
            form.add_error("text", str(refusal.message))
            status = refusal.status
        except PeopleRefused as refusal:
            form.add_error("phone", str(refusal.message))
        else:
            said = _("Written down. The receipt is %(code)s; give it to the person if they want it.")
            messages.success(request, said % {"code": code_in_fours(filed.code)})
            return redirect("needs:bench_at_activity", activity.code)
    return _page(request, template, activity, form, status=status)


def _ask(request: HttpRequest, activity: Activity, form: AskAtForm) -> ServiceRequest:
    keep_pace(request, "file")
    given, at = form.cleaned_data, now()
    person = speaker_of(request, at=at, nonce=given["key"], phone=given["phone"])
    draft = Draft(
        place=form.place_of(activity.place),
        person=person,
        activity=activity,
        text=given["text"],
        idempotency_key=once_key(given["key"], given["text"]),
    )
    return request_file(by=actor_of(request), draft=draft, at=at)


def _write_down(request: HttpRequest, activity: Activity, form: AskAtForm) -> ServiceRequest:
    given, at, by = form.cleaned_data, now(), actor_of(request)
    consent = str(dict(CONSENTS)["door"])
    person = person_identify(
        by=by,
        source="activity",
        # without a number the form itself is what is known, so that sending it twice makes one person
        key=None if given["phone"] else (given["key"] or None),
        phone=given["phone"] or None,
        consent_how=consent[:60],
        at=at,
    )
    draft = Draft(
        place=form.place_of(activity.place),
        person=person,
        activity=activity,
        text=given["text"],
        channel=ServiceRequest.Channel.DOOR,
        behalf=ServiceRequest.Behalf.WORKER,
        consent=consent,
        idempotency_key=once_key(given["key"], given["text"]),
    )
    return request_file(by=by, draft=draft, at=at)


def _form(activity: Activity, data: Any = None) -> AskAtForm:
    place: Place = activity.place
    options = place_options(place) if place.level in BELOW else []
    return AskAtForm(data, options=options, initial={"place": str(place.pk), "key": fresh_key()})


def _page(request: HttpRequest, template: str, activity: Activity, form: AskAtForm, status: int = 200) -> HttpResponse:
    context = {
        "activity": activity,
        "when": when_words(activity),
        "form": form,
        "asked": get_asked_at(activity, at=now()),
    }
    return render(request, template, context, status=status)
