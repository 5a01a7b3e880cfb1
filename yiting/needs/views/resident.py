"""The first page and saying it: in one's own words, with what others already said beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yiting.methods.photos import BYTES_LIMIT
from yiting.needs.errors import NeedsRefused, PhotoTooBig, TooManyPhotos
from yiting.needs.forms import SayForm, fresh_key
from yiting.needs.models import ServiceRequest
from yiting.needs.queries.alike import Alike
from yiting.needs.queries.lists import list_home, said_alike
from yiting.needs.services import Draft, request_file
from yiting.needs.services.asking import PHOTO_LIMIT
from yiting.needs.views.resident_session import (
    actor_of,
    hold_receipt,
    keep_pace,
    once_key,
    pick_place,
    remember_place,
    speaker_of,
)
from yiting.people.errors import PeopleRefused, TooOften
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.models import Place
from yiting.places.queries import PlacePick, place_options

FEW_LETTERS = 4


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: say it, and what people say."""
    pick = pick_place(request)
    context = _say_page(pick, SayForm(**_shape(pick)))
    context["items"] = list_home(pick.community, at=now())
    response = render(request, "needs/resident/home.html", context)
    return remember_place(response, pick.chosen) if request.GET.get("place") else response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """Say it. What sounds alike is shown once to those who have not seen it while typing; nothing blocks."""
    if request.method != "POST":
        pick = pick_place(request)
        return render(request, "needs/resident/say.html", _say_page(pick, SayForm(**_shape(pick))))
    pick = pick_place(request, request.POST.get("place") or request.POST.get("community") or "")
    form = SayForm(request.POST, request.FILES, **_shape(pick))
    if not form.is_valid() or pick.chosen is None:
        return _say_again(request, pick, form)
    given = form.cleaned_data
    if not (given["seen"] or given["different"] or given["photos"]):
        alike = _alike(given["text"], pick)
        if alike:
            return render(
                request,
                "needs/resident/same.html",
                {"form": form, "given": given, "alike": alike, "pick": pick},
            )
    try:
        filed = _file(request, form, pick.chosen)
    except (NeedsRefused, TooOften) as refusal:
        form.add_error("photos" if "photo" in type(refusal).__name__.lower() else "text", str(refusal.message))
        return _say_again(request, pick, form, status=refusal.status)
    except PeopleRefused as refusal:
        form.add_error("phone", str(refusal.message))
        return _say_again(request, pick, form)
    hold_receipt(request, filed)
    return remember_place(redirect(reverse("needs:receipt", args=[filed.code]) + "?new=1"), pick.chosen)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest) -> HttpResponse:
    """The needs that sound like what is being typed, as a piece of the page."""
    if request.method != "POST":
        return redirect("needs:home")
    if request.POST.get("different"):
        return render(request, "needs/resident/_similar.html", {"different": True})
    keep_pace(request, "similar")
    pick = pick_place(request, request.POST.get("place") or request.POST.get("community") or "")
    return render(request, "needs/resident/_similar.html", {"alike": _alike(request.POST.get("text", ""), pick)})


def _file(request: HttpRequest, form: SayForm, place: Place) -> ServiceRequest:
    keep_pace(request, "file")
    given, at = form.cleaned_data, now()
    photos = _read_photos(given["photos"])
    person = speaker_of(
        request, at=at, nonce=given["key"], phone=given["phone"], home=given["door"], household_place=place
    )
    draft = Draft(
        place=place,
        person=person,
        text=given["text"],
        photos=photos,
        idempotency_key=once_key(given["key"], given["text"]),
    )
    return request_file(by=actor_of(request), draft=draft, at=at)


def _read_photos(files: list[Any]) -> list[tuple[str, bytes]]:
    """Read what was uploaded; what is plainly too much is refused unread."""
    if len(files) > PHOTO_LIMIT:
        raise TooManyPhotos(limit=PHOTO_LIMIT)
    for one in files:
        if one.size > BYTES_LIMIT:
            raise PhotoTooBig(name=one.name, limit=BYTES_LIMIT // 1024 // 1024)
    return [(one.name, one.read()) for one in files]


def _alike(text: str, pick: PlacePick) -> list[Alike]:
    if pick.chosen is None or len(text.strip()) < FEW_LETTERS:
        return []
    return said_alike(text, pick.chosen.path, at=now())


def _shape(pick: PlacePick) -> dict[str, Any]:
    return {
        "options": place_options(pick.community) if pick.community else (),
        "similar_url": reverse("needs:similar"),
        "initial": {
            "place": str(pick.chosen.pk) if pick.chosen else "",
            "community": str(pick.community.pk) if pick.community else "",
            "key": fresh_key(),
        },
    }


def _say_page(pick: PlacePick, form: SayForm) -> dict[str, Any]:
    return {
        "pick": pick,
        "form": form,
        "opened": bool(form.errors.keys() & {"photos", "phone", "door", "place"}),
    }


def _say_again(request: HttpRequest, pick: PlacePick, form: SayForm, status: int = 400) -> HttpResponse:
    """The form once more with everything that was typed, and what to do."""
    return render(request, "needs/resident/say.html", _say_page(pick, form), status=status)
