"""Handing requests in with a token, and following them with a receipt."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Literal

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from ninja import Header, Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from yiting.needs.api.callers import Bearer, Caller, caller_of
from yiting.needs.api.filling import receipt_shape
from yiting.needs.api.public import DivisionCode, Key, found_category, found_place
from yiting.needs.api.shapes import FiledOut, ReceiptOut
from yiting.needs.errors import ImportedDifferently, NeedMissing
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.policies import Visitor
from yiting.needs.queries.resident import get_need, get_receipt
from yiting.needs.services import Draft, Filed, requests_file
from yiting.needs.services.drafts import TEXT_LIMIT
from yiting.needs.spreadsheets.texts import line_clean
from yiting.people.models import Person, TokenScope
from yiting.people.services import person_identify
from yiting.places.clock import now
from yiting.places.errors import PlaceMissing
from yiting.places.models import Place

router = Router(tags=["requests"])
files = Bearer(TokenScope.FILE, TokenScope.WORK)
FIRST_YEAR = 1949


def _plausible(at: datetime) -> datetime:
    if at.year < FIRST_YEAR or at.year > 9_000:
        raise ValueError(f"must lie after {FIRST_YEAR}")
    return at.astimezone(UTC)


class RequestIn(Schema):
    """A request as somebody said it. It lies in the place of the token's organisation, or below it."""

    text: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
    title: Annotated[str, Field(max_length=200)] = ""
    place: DivisionCode | None = None
    place_id: Annotated[Key, Field(description="For an estate or a building")] | None = None
    need: Annotated[str, Field(max_length=20, description="Code of the need that it joins")] = ""
    category: Key | None = None
    channel: Literal["web", "phone", "paper", "door"] = "web"
    behalf: ServiceRequest.Behalf = ServiceRequest.Behalf.SELF
    consent: Annotated[str, Field(max_length=120, description="How they said yes, if said for another")] = ""
    caller: Annotated[
        str, Field(max_length=200, description="Who says it, in your own counting; kept as a keyed hash")
    ] = ""
    name: Annotated[str, Field(max_length=40, description="Sealed; never shown")] = ""
    phone: Annotated[str, Field(max_length=40, description="Sealed; answers are sent to it")] = ""
    said_at: Annotated[AwareDatetime, AfterValidator(_plausible)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, description="WGS-84")] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, description="WGS-84")] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> RequestIn:
        if self.place is None and self.place_id is None and not self.need:
            raise ValueError("give place, place_id or need")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both latitude and longitude, or neither")
        return self


@router.post("/requests", auth=files, response={200: FiledOut, 201: FiledOut}, summary="Hand in a request")
def requests_post(
    request: HttpRequest,
    body: RequestIn,
    idempotency_key: Annotated[
        str | None,
        Header(None, alias="Idempotency-Key", max_length=200, description="Makes a repeated call harmless"),
    ] = None,
) -> Status[Any]:
    """File a request and return its receipt: 201 for a new one, 200 when the key was used for it before.

    The same key with other words is refused.
    """
    caller = caller_of(request)
    try:
        filed = _file(caller, body, idempotency_key)
    except IntegrityError:
        if idempotency_key is None:
            raise
        # the same key came in twice at once, and the other call was first: now it is known
        filed = _file(caller, body, idempotency_key)
    kept = filed.request
    receipt = request.build_absolute_uri(reverse("needs:receipt", args=[kept.code]))
    told = {"code": kept.code, "url": receipt, "need": kept.need.code, "filed_at": kept.filed_at}
    return Status(201 if filed.is_new else 200, told)


@router.get("/requests/{code}", response=ReceiptOut, summary="Follow a request by its receipt")
def requests_get(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return what the holder of a receipt sees, in any state of the need. The code is the key: keep it."""
    return receipt_shape(get_receipt(code, at=now()))


@transaction.atomic
def _file(caller: Caller, body: RequestIn, key: str | None) -> Filed:
    draft = _draft(caller, body, key)
    filed = requests_file(by=caller.actor, drafts=[draft], at=now())[0]
    kept = filed.request
    if not filed.is_new and kept.erased_at is None and (kept.title, kept.text) != draft.words():
        raise ImportedDifferently(external_id=key)
    return filed


def _draft(caller: Caller, body: RequestIn, key: str | None) -> Draft:
    need = _joined(caller, body.need) if body.need else None
    place = found_place(body.place, body.place_id) or (need.place if need is not None else None)
    if place is None or not place.path.startswith(caller.organisation.place.path):
        raise PlaceMissing
    category = found_category(body.category)
    once = _key_of(caller, key)
    point = (body.latitude, body.longitude)
    return Draft(
        place=place,
        person=_person(caller, body, place, once),
        text=body.text,
        title=line_clean(body.title),
        channel=body.channel,
        need=need,
        behalf=body.behalf,
        consent=line_clean(body.consent),
        category=category,
        filed_at=body.said_at,
        latitude=_degrees(body.latitude),
        longitude=_degrees(body.longitude),
        given_point={"datum": "WGS-84", "point": list(point)} if None not in point else None,
        idempotency_key=once,
    )


def _joined(caller: Caller, code: str) -> Need:
    need = get_need(code, Visitor(by=caller.actor))
    if not need.place_path.startswith(caller.organisation.place.path):
        raise NeedMissing
    return need


def _person(caller: Caller, body: RequestIn, place: Place, once: str | None) -> Person:
    """Return whose words these are: by number or own counting, else a new voice, the same when repeated."""
    name, phone = line_clean(body.name), body.phone.strip()
    return person_identify(
        by=caller.actor,
        source=f"api:{caller.organisation.pk}",
        key=body.caller or (f"once:{once}" if once and not phone else None),
        phone=phone or None,
        name=name or None,
        consent_how=line_clean(body.consent) or ("API" if name or phone else ""),
        at=now(),
    )


def _key_of(caller: Caller, key: str | None) -> str | None:
    """Return the idempotency key as it is stored: no organisation meets another's."""
    return sha256(f"{caller.organisation.pk}:{key}".encode()).hexdigest() if key else None


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), 6)
