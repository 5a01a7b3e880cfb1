"""Handing a request in through GeoReport: an API key, a service, and a point, an address or an address id."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import QueryDict

from yiting.needs.models import Category, ServiceRequest
from yiting.needs.open311.formats import Problem
from yiting.needs.open311.reading import KIND, get_service, list_kinds
from yiting.needs.services import Draft, request_file
from yiting.people.errors import PeopleRefused
from yiting.people.models import ApiToken, TokenScope
from yiting.people.services import person_identify, token_check
from yiting.places.models import Place

ATTRIBUTE = re.compile(r"attribute\[(\w+)\](\[\])?")


@transaction.atomic
def file_from(posted: QueryDict, *, at: datetime) -> ServiceRequest:
    """File what a client posted; raises Problem with the specification's codes."""
    token, actor = _checked_key(posted.get("api_key", ""), at=at)
    if not posted.get("service_code"):
        raise Problem(400, "service_code was not provided")
    service = get_service(posted["service_code"])
    latitude, longitude = _point(posted)
    place, given = _where(posted, token, latitude, longitude)
    caller = posted.get("device_id") or posted.get("account_id") or None
    name = f"{posted.get('last_name', '')}{posted.get('first_name', '')}".strip() or None
    try:
        person = person_identify(
            by=actor,
            source=f"open311:{token.pk}",
            key=caller,
            phone=posted.get("phone") or None,
            name=name,
            consent_how="Open311" if name or posted.get("phone") else "",
            at=at,
        )
    except PeopleRefused as refusal:
        raise Problem(400, refusal.message) from refusal
    return request_file(
        by=actor,
        draft=Draft(
            place=place,
            person=person,
            text=posted.get("description", ""),
            title="" if posted.get("description", "").strip() else service.name,
            channel=ServiceRequest.Channel.OPEN311,
            category=_kind(posted, service),
            latitude=latitude,
            longitude=longitude,
            given_point=given or None,
        ),
        at=at,
    )


def _checked_key(key: str, *, at: datetime) -> tuple[ApiToken, Any]:
    if not key:
        raise Problem(403, "api_key was not provided")
    try:
        token, actor = token_check(key, at)
    except PeopleRefused as refusal:
        raise Problem(403, refusal.message) from refusal
    if TokenScope.FILE not in token.scopes:
        raise Problem(403, f"this api_key lacks the scope {TokenScope.FILE}")
    return token, actor


def _kind(posted: QueryDict, service: Category) -> Category:
    chosen = service
    kinds = {str(kind.pk): kind for kind in list_kinds(service)}
    for name, value in posted.items():
        found = ATTRIBUTE.fullmatch(name)
        if found is None:
            continue
        if found[1] != KIND:
            raise Problem(400, f"attribute {found[1]} is not in the definition of service {service.pk}")
        if str(value) not in kinds:
            raise Problem(400, f"{value} is not a value of attribute {KIND}")
        chosen = kinds[str(value)]
    return chosen


def _point(posted: QueryDict) -> tuple[Decimal | None, Decimal | None]:
    lat, long = posted.get("lat", ""), posted.get("long", "")
    if not lat and not long:
        return None, None
    try:
        latitude, longitude = Decimal(lat), Decimal(long)
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise Problem(400, "lat must lie between -90 and 90 and long between -180 and 180")
    except InvalidOperation as error:
        raise Problem(400, "lat and long must both be decimal degrees in WGS-84") from error
    return round(latitude, 6), round(longitude, 6)


def _where(
    posted: QueryDict, token: ApiToken, latitude: Decimal | None, longitude: Decimal | None
) -> tuple[Place, dict[str, str]]:
    """Return the place, as deep as it is said, under the place of the key's organisation; and what was given."""
    base = token.organisation.place
    below = Place.objects.filter(path__startswith=base.path)
    address, address_id = posted.get("address_string", "").strip(), posted.get("address_id", "").strip()
    given = {k: posted[k] for k in ("lat", "long", "address_string", "address_id") if posted.get(k)}
    if address_id:
        found = below.filter(pk=int(address_id)).first() if address_id.isascii() and address_id.isdigit() else None
        if found is None:
            raise Problem(400, f"address_id {address_id} was not found")
        return found, given
    if address:
        names = sorted(below.exclude(pk=base.pk), key=lambda place: (-place.path.count("/"), -len(place.name), place.pk))
        named = [place for place in names if place.name in address]
        estates = {place.pk for place in named}
        return next((place for place in named if place.parent_id in estates), named[-1] if named else base), given
    if latitude is None or longitude is None:
        raise Problem(400, "one of lat and long, address_string or address_id must be provided")
    near = below.filter(latitude__isnull=False, longitude__isnull=False)
    close = [
        (abs(place.latitude - latitude) + abs(place.longitude - longitude), place.pk, place)
        for place in near
        if place.latitude is not None and place.longitude is not None
    ]
    nearest = min(close, default=None)
    return (nearest[2] if nearest is not None and nearest[0] < Decimal("0.01") else base), given
