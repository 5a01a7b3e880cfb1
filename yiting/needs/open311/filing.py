"""Handing a request in through GeoReport: an API key, a service, and a point, an address or an address id."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.needs.models import Category, ServiceRequest
from yiting.needs.open311.formats import Problem
from yiting.needs.open311.reading import DESCRIPTION_LIMIT, KIND, get_service, is_id, list_kinds
from yiting.needs.services import Draft, request_file
from yiting.needs.spreadsheets.texts import line_clean, text_clean
from yiting.people.actors import Actor
from yiting.people.errors import PeopleRefused
from yiting.people.models import ApiToken, Person, TokenScope
from yiting.people.services import person_identify, token_check
from yiting.places.models import Place

ATTRIBUTE = re.compile(r"attribute\[(\w+)\](\[\])?")
KEY = re.compile(r"[!-~]{1,100}")
ADDRESS_LIMIT = 400
NEAR = Decimal("0.01")
"""A place further away than this, in degrees north and east together, is not where a point lies."""


@transaction.atomic
def file_from(posted: QueryDict, *, jurisdiction: Place | None, at: datetime) -> ServiceRequest:
    """File what a client posted; raises Problem with the specification's codes."""
    token, actor = _checked_key(posted.get("api_key", ""), at=at)
    base = _base(token, jurisdiction)
    code = posted.get("service_code", "")
    if not code:
        raise Problem(400, "service_code was not provided")
    service = get_service(code)
    words = text_clean(posted.get("description", ""))
    if len(words) > DESCRIPTION_LIMIT:
        raise Problem(400, f"description is longer than {DESCRIPTION_LIMIT} characters")
    kind = _kind(posted, service)
    latitude, longitude = _point(posted)
    place, given = _where(posted, base, latitude, longitude)
    return request_file(
        by=actor,
        draft=Draft(
            place=place,
            person=_caller(posted, token, actor, at=at),
            text=words,
            title="" if words else service.name,
            channel=ServiceRequest.Channel.OPEN311,
            category=kind,
            latitude=latitude,
            longitude=longitude,
            given_point=given or None,
        ),
        at=at,
    )


def made_answer(filed: ServiceRequest, *, base: str, extensions: bool) -> dict[str, object]:
    """Return what a client is told of a request it handed in.

    The number comes at once, so there is no token beside it: the specification has one or the other.
    """
    url = base + reverse("needs:receipt", args=[filed.code])
    made: dict[str, object] = {
        "service_request_id": str(filed.pk),
        "service_notice": _("Receipt %(code)s: with it you can follow what happens at %(url)s")
        % {"code": filed.code, "url": url},
        "account_id": None,
    }
    if extensions:
        made["extended_attributes"] = {"receipt_code": filed.code, "receipt_url": url}
    return made


def _checked_key(key: str, *, at: datetime) -> tuple[ApiToken, Actor]:
    if not key:
        raise Problem(403, "api_key was not provided")
    if KEY.fullmatch(key) is None:
        raise Problem(403, "api_key is not a key")
    try:
        token, actor = token_check(key, at)
    except PeopleRefused as refusal:
        raise Problem(403, refusal.message) from refusal
    if TokenScope.FILE not in token.scopes:
        raise Problem(403, f"this api_key lacks the scope {TokenScope.FILE}")
    return token, actor


def _base(token: ApiToken, jurisdiction: Place | None) -> Place:
    """Return where the key may file: the place of its organisation, or the part of it that is asked for."""
    own = token.organisation.place
    if jurisdiction is None or own.path.startswith(jurisdiction.path):
        return own
    if jurisdiction.path.startswith(own.path):
        return jurisdiction
    raise Problem(403, f"this api_key is not for jurisdiction_id {jurisdiction.code}")


def _caller(posted: QueryDict, token: ApiToken, actor: Actor, *, at: datetime) -> Person:
    """Return whose words these are. A name and a number are sealed away and never shown."""
    phone = posted.get("phone", "").strip() or None
    name = line_clean(f"{posted.get('last_name', '')}{posted.get('first_name', '')}")[:80] or None
    try:
        return person_identify(
            by=actor,
            source=f"open311:{token.organisation_id}",
            key=posted.get("device_id") or posted.get("account_id") or None,
            phone=phone,
            name=name,
            consent_how="Open311" if name or phone else "",
            at=at,
        )
    except PeopleRefused as refusal:
        raise Problem(400, refusal.message) from refusal


def _kind(posted: QueryDict, service: Category) -> Category:
    chosen = service
    kinds = {str(kind.pk): kind for kind in list_kinds(service)}
    for name, value in posted.items():
        found = ATTRIBUTE.fullmatch(name)
        if found is None or not value:
            continue
        if found[1] != KIND or not kinds:
            raise Problem(400, f"attribute {found[1]} is not in the definition of service {service.pk}")
        if str(value) not in kinds:
            raise Problem(400, f"{value} is not a value of attribute {KIND}")
        chosen = kinds[str(value)]
    return chosen


def _point(posted: QueryDict) -> tuple[Decimal | None, Decimal | None]:
    lat, long = posted.get("lat", "").strip(), posted.get("long", "").strip()
    if not lat and not long:
        return None, None
    try:
        latitude, longitude = Decimal(lat), Decimal(long)
        on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    except InvalidOperation as error:
        raise Problem(400, "lat and long must both be decimal degrees in WGS-84") from error
    if not on_earth:
        raise Problem(400, "lat must lie between -90 and 90 and long between -180 and 180")
    return round(latitude, 6), round(longitude, 6)


def _where(
    posted: QueryDict, base: Place, latitude: Decimal | None, longitude: Decimal | None
) -> tuple[Place, dict[str, str]]:
    """Return the place, as deep as it is said, under the place where the key may file; and what was given."""
    below = Place.objects.filter(path__startswith=base.path)
    said = {
        name: line_clean(posted.get(name, ""))[:ADDRESS_LIMIT]
        for name in ("lat", "long", "address_string", "address_id")
    }
    given = {name: value for name, value in said.items() if value}
    if "address_id" in given:
        number = given["address_id"]
        found = below.filter(pk=int(number)).first() if is_id(number) else None
        if found is None:
            raise Problem(400, f"address_id {number} was not found")
        return found, given
    if "address_string" in given:
        return _named(list(below.exclude(pk=base.pk)), given["address_string"]) or base, given
    if latitude is None or longitude is None:
        raise Problem(400, "one of lat and long, address_string or address_id must be provided")
    return _nearest(list(below.filter(latitude__isnull=False)), latitude, longitude) or base, given


def _named(places: list[Place], address: str) -> Place | None:
    """Return the deepest place that an address names; of deep ones that whose place above it names, too."""
    named = [place for place in places if place.name in address]
    named.sort(key=lambda place: (-place.path.count("/"), -len(place.name), place.pk))
    above = {place.pk for place in named}
    sure = (place for place in named if place.parent_id in above)
    # a building's number alone may stand in any estate, so that the widest of the rest is taken
    return next(sure, named[-1] if named else None)


def _nearest(places: list[Place], latitude: Decimal, longitude: Decimal) -> Place | None:
    close = [
        (abs(place.latitude - latitude) + abs(place.longitude - longitude), place.pk, place)
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]
    nearest = min(close, default=None)
    return nearest[2] if nearest is not None and nearest[0] < NEAR else None
