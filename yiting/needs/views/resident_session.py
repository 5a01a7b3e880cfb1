"""What the residents' pages know of a browser: whose voice it is, its receipts, its place, its pace."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yiting.needs.models import Need, ServiceRequest
from yiting.needs.policies import Visitor
from yiting.people.sessions import actor_of, count_pace, speaker_of, speaks_for, voices_of, web_address
from yiting.places.models import Level, Place
from yiting.places.queries import PlacePick, list_ancestors, place_pick

__all__ = [
    "actor_of",
    "hold_receipt",
    "keep_pace",
    "once_key",
    "pick_place",
    "remember_place",
    "speaker_of",
    "speaks_for",
    "visitor_of",
    "web_address",
]

RECEIPTS = "needs.receipts"
RECEIPTS_KEPT = 50
PLACE_COOKIE = "yiting_place"
KEY_LENGTH = 16
ONE_YEAR = 365 * 24 * 3_600

# What may be done in ten minutes: by one browser, and by all that share an address (a hall, a whole estate).
MINUTES = 10
PACE = {"file": (20, 300), "support": (60, 1_000), "similar": (300, 6_000), "find": (30, 300)}


def visitor_of(request: HttpRequest) -> Visitor:
    """The actor with the voices and receipts of this browser; no query beyond the actor's."""
    return Visitor(
        by=actor_of(request),
        person_ids=voices_of(request),
        receipts=tuple(request.session.get(RECEIPTS, ())),
    )


def hold_receipt(request: HttpRequest, filed: ServiceRequest) -> None:
    """Remember a receipt that this browser has shown: it opens its need. Not for those who handle it."""
    held: list[str] = request.session.get(RECEIPTS, [])
    if filed.code in held or actor_of(request).works_at(filed.need.place_path):
        return
    request.session[RECEIPTS] = [*held, filed.code][-RECEIPTS_KEPT:]


def pick_place(request: HttpRequest, chosen: str = "") -> PlacePick:
    """The place this page is about: what was just chosen, else `?place=`, else what the cookie remembers."""
    for wanted in (chosen, request.GET.get("place", ""), request.COOKIES.get(PLACE_COOKIE, "")):
        place = _place(wanted)
        if place is None:
            continue
        levels = {one.level: one.pk for one in (*list_ancestors(place), place)}
        pick = place_pick(
            community=levels.get(Level.COMMUNITY),
            estate=levels.get(Level.ESTATE),
            building=levels.get(Level.BUILDING),
        )
        if pick.community is not None:
            return pick
    return place_pick()


def remember_place(response: HttpResponse, place: Place | None) -> HttpResponse:
    """Keep the place in a cookie for a year, so that it is asked once."""
    if place is not None:
        response.set_cookie(
            PLACE_COOKIE,
            str(place.pk),
            max_age=ONE_YEAR,
            samesite="Lax",
            httponly=True,
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
    return response


def keep_pace(request: HttpRequest, what: str) -> None:
    """Count one more of what is done, and refuse when it is far more than people do; raises TooOften."""
    a_browser, an_address = PACE[what]
    count_pace(request, what, a_browser=a_browser, an_address=an_address, minutes=MINUTES)


def once_key(nonce: str, text: str, need: Need | None = None) -> str | None:
    """The idempotency key of a form: the same words from the same page are one request, others another."""
    if len(nonce) < KEY_LENGTH:
        return None
    return hashlib.sha256(f"{nonce}|{need.code if need else ''}|{text}".encode()).hexdigest()


def _place(text: str) -> Place | None:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return Place.objects.filter(pk=int(text)).first()
