"""Sessions: sealed at rest, since a sign-in under way keeps the telephone number; and whose voice a browser is.

One browser is one person, on the pages of every module.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.signing import JSONSerializer
from django.http import HttpRequest

from yiting.people import cipher
from yiting.people.actors import RESIDENT, Actor
from yiting.people.errors import TooOften
from yiting.people.models import Person
from yiting.people.queries import get_person_by_phone
from yiting.people.services import person_identify
from yiting.places.models import Level, Place

VOICE = "needs.voice"


class SealedSerializer:
    """Django's JSON serializer with the text encrypted; what no key opens is an empty session to Django."""

    def dumps(self, obj: Any) -> bytes:
        """Turn a session into a sealed text."""
        return cipher.encrypt(JSONSerializer().dumps(obj).decode("latin-1")).encode()

    def loads(self, data: bytes) -> Any:
        """Open a sealed session."""
        return JSONSerializer().loads(cipher.decrypt(data.decode()).encode("latin-1"))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def voices_of(request: HttpRequest) -> frozenset[int]:
    """The persons that this browser is: its session's and its account's; no query beyond the actor's."""
    voice = request.session.get(VOICE, {}).get("person")
    return frozenset(pk for pk in (voice, actor_of(request).person_id) if pk is not None)


def speaker_of(
    request: HttpRequest,
    *,
    at: datetime,
    nonce: str = "",
    phone: str = "",
    name: str = "",
    home: str = "",
    household_place: Place | None = None,
) -> Person:
    """The person behind this browser: the account's own, else one for the session.

    Two taps at once carry the same nonce and so end in the same person. A number that somebody gave before
    files the words as theirs, but does not make this browser theirs: only the receipt leads there.
    """
    actor = actor_of(request)
    door = home if household_place is not None and household_place.level in (Level.ESTATE, Level.BUILDING) else ""
    how = "form" if phone or name or door else ""
    if actor.account_id is not None:
        return person_identify(
            by=actor,
            source="web",
            account=request.user,  # type: ignore[arg-type]  # an account: it has an id
            phone=phone or None,
            name=name or None,
            home=door or None,
            household_place=household_place if door else None,
            consent_how=how,
            at=at,
        )
    voice = request.session.get(VOICE, {})
    known = get_person_by_phone(phone) if phone else None
    if known is not None and known.pk != voice.get("person"):
        return person_identify(by=RESIDENT, source="web", phone=phone, consent_how=how, at=at)
    key = voice.get("key") or nonce or secrets.token_urlsafe(24)
    person = person_identify(
        by=RESIDENT,
        source="web",
        key=key,
        phone=phone or None,
        name=name or None,
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


def count_pace(request: HttpRequest, what: str, *, a_browser: int | None = None, an_address: int, minutes: int) -> None:
    """Count one more of what is done, by this browser and by all that share its address (a hall, an estate).

    Raises TooOften when it is more than so many in so many minutes.
    """
    session = getattr(request.session, "session_key", None)
    counted = [(f"browser:{session}", a_browser)] if session and a_browser is not None else []
    address = _address(request)
    if address:
        counted.append((f"address:{address}", an_address))
    for whose, most in counted:
        key = "people:pace:" + hashlib.sha256(f"{what}:{whose}".encode()).hexdigest()
        cache.add(key, 0, minutes * 60)
        try:
            count = cache.incr(key)
        except ValueError:  # it ran out just now
            continue
        if count > most:
            raise TooOften(minutes=minutes)


def web_address(request: HttpRequest, path: str) -> str:
    """The whole address of a page, for QR codes and paper."""
    return f"{settings.YITING_PUBLIC_URL}{path}" if settings.YITING_PUBLIC_URL else request.build_absolute_uri(path)


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""
