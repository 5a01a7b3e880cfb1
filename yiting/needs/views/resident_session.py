"""What the residents' pages know of a browser: whose voice it is, its receipts, its place, its pace."""

from __future__ import annotations

import hashlib
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from yiting.needs.errors import TooOften
from yiting.needs.forms import fresh_key
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.policies import Visitor
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Person
from yiting.people.queries import get_person_by_phone
from yiting.people.services import person_identify
from yiting.places.models import Level, Place
from yiting.places.queries import PlacePick, list_ancestors, place_pick

VOICE = "needs.voice"
RECEIPTS = "needs.receipts"
RECEIPTS_KEPT = 50
PLACE_COOKIE = "yiting_place"
KEY_LENGTH = 16
ONE_YEAR = 365 * 24 * 3_600

# What may be done in ten minutes: by one browser, and by all that share an address (a hall, a whole estate).
MINUTES = 10
PACE = {"file": (20, 300), "support": (60, 1_000), "similar": (300, 6_000), "find": (30, 300)}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def visitor_of(request: HttpRequest) -> Visitor:
    """The actor with the voices and receipts of this browser; no query beyond the actor's."""
    actor = actor_of(request)
    voice = request.session.get(VOICE, {}).get("person")
    return Visitor(
        by=actor,
        person_ids=frozenset(pk for pk in (voice, actor.person_id) if pk is not None),
        receipts=tuple(request.session.get(RECEIPTS, ())),
    )


def speaker_of(
    request: HttpRequest,
    *,
    at: datetime,
    nonce: str = "",
    phone: str = "",
    home: str = "",
    household_place: Place | None = None,
) -> Person:
    """The person behind this browser: the account's own, else one for the session.

    Two taps at once carry the same nonce and so end in the same person. A number that somebody gave before
    files the words as theirs, but does not make this browser theirs: only the receipt leads there.
    """
    actor = actor_of(request)
    door = home if household_place is not None and household_place.level in (Level.ESTATE, Level.BUILDING) else ""
    how = "form" if phone or door else ""
    if actor.account_id is not None:
        return person_identify(
            by=actor,
            source="web",
            account=request.user,  # type: ignore[arg-type]  # an account: it has an id
            phone=phone or None,
            home=door or None,
            household_place=household_place if door else None,
            consent_how=how,
            at=at,
        )
    voice = request.session.get(VOICE, {})
    known = get_person_by_phone(phone) if phone else None
    if known is not None and known.pk != voice.get("person"):
        return person_identify(by=RESIDENT, source="web", phone=phone, consent_how=how, at=at)
    key = voice.get("key") or nonce or fresh_key()
    person = person_identify(
        by=RESIDENT,
        source="web",
        key=key,
        phone=phone or None,
        home=door or None,
        household_place=household_place if door else None,
        consent_how=how,
        at=at,
    )
    request.session[VOICE] = {"key": key, "person": person.pk}
    return person


def speaks_for(request: HttpRequest, person: Person) -> Actor:
    """The actor as the person that a receipt stands for; a worker's role still shows in the ledger."""
    actor = actor_of(request)
    return Actor(account_id=actor.account_id, person_id=person.pk, grants=actor.grants, label=actor.label)


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
    counted = [(f"browser:{request.session.session_key}", a_browser)] if request.session.session_key else []
    address = _address(request)
    if address:
        counted.append((f"address:{address}", an_address))
    for whose, most in counted:
        key = "needs:pace:" + hashlib.sha256(f"{what}:{whose}".encode()).hexdigest()
        cache.add(key, 0, MINUTES * 60)
        try:
            count = cache.incr(key)
        except ValueError:  # it ran out just now
            continue
        if count > most:
            raise TooOften(minutes=MINUTES)


def once_key(nonce: str, text: str, need: Need | None = None) -> str | None:
    """The idempotency key of a form: the same words from the same page are one request, others another."""
    if len(nonce) < KEY_LENGTH:
        return None
    return hashlib.sha256(f"{nonce}|{need.code if need else ''}|{text}".encode()).hexdigest()


def web_address(request: HttpRequest, path: str) -> str:
    """The whole address of a page, for QR codes and paper."""
    return f"{settings.YITING_PUBLIC_URL}{path}" if settings.YITING_PUBLIC_URL else request.build_absolute_uri(path)


def _place(text: str) -> Place | None:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return Place.objects.filter(pk=int(text)).first()


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""
