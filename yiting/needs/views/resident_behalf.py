"""Writing for somebody else: a neighbour, a family member, or a worker on the telephone or at the door."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiting.needs.errors import NeedsRefused
from yiting.needs.forms import CONSENTS, BehalfForm, fresh_key
from yiting.needs.models import ServiceRequest
from yiting.needs.services import Draft, request_file
from yiting.needs.views.resident_session import (
    actor_of,
    hold_receipt,
    keep_pace,
    once_key,
    pick_place,
    remember_place,
)
from yiting.people.errors import PeopleRefused, TooOften
from yiting.people.services import person_identify
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.models import Level, Place
from yiting.places.queries import PlacePick, place_options


@public
@require_http_methods(["GET", "HEAD", "POST"])
def behalf(request: HttpRequest) -> HttpResponse:
    """One short form; the channel is asked only of those who work here, and none of it is asked twice."""
    pick = pick_place(request, request.POST.get("place", ""))
    shape: dict[str, Any] = {
        "options": place_options(pick.community) if pick.community else (),
        "is_staff": actor_of(request).is_staff,
        "initial": {
            "place": str(pick.chosen.pk) if pick.chosen else "",
            "channel": request.GET.get("channel", ""),
            "behalf": ServiceRequest.Behalf.WORKER if actor_of(request).is_staff else "",
            "key": fresh_key(),
        },
    }
    if request.method != "POST":
        return _page(request, pick, BehalfForm(**shape))
    form = BehalfForm(request.POST, **shape)
    if not form.is_valid() or pick.chosen is None:
        return _page(request, pick, form, status=400)
    if form.cleaned_data.get("channel") and not actor_of(request).works_at(pick.chosen.path):
        form.add_error(
            "place" if "place" in form.fields else None,
            _("You do not work in this place. Choose one of yours, or sign out and write as a neighbour."),
        )
        return _page(request, pick, form, status=400)
    try:
        filed = _file(request, form.cleaned_data, pick.chosen)
    except (NeedsRefused, TooOften) as refusal:
        form.add_error("text", str(refusal.message))
        return _page(request, pick, form, status=refusal.status)
    except PeopleRefused as refusal:
        form.add_error("phone", str(refusal.message))
        return _page(request, pick, form, status=400)
    hold_receipt(request, filed)
    return remember_place(redirect(reverse("needs:receipt", args=[filed.code]) + "?new=1"), pick.chosen)


def _file(request: HttpRequest, given: dict[str, Any], place: Place) -> ServiceRequest:
    keep_pace(request, "file")
    at = now()
    consent = str(dict(CONSENTS)[given["consent"]])
    at_home = given["door"] if place.level in (Level.ESTATE, Level.BUILDING) else ""
    person = person_identify(
        by=actor_of(request),
        source="behalf",
        # without a number the form itself is what is known, so that sending it twice makes one person
        key=None if given["phone"] else (given["key"] or None),
        phone=given["phone"] or None,
        name=given["name"] or None,
        home=at_home or None,
        household_place=place if at_home else None,
        consent_how=consent[:60],
        at=at,
    )
    draft = Draft(
        place=place,
        person=person,
        text=given["text"],
        channel=given.get("channel") or ServiceRequest.Channel.WEB,
        behalf=given["behalf"],
        consent=consent,
        idempotency_key=once_key(given["key"], given["text"]),
    )
    return request_file(by=actor_of(request), draft=draft, at=at)


def _page(request: HttpRequest, pick: PlacePick, form: BehalfForm, status: int = 200) -> HttpResponse:
    return render(request, "needs/resident/behalf.html", {"pick": pick, "form": form}, status=status)
