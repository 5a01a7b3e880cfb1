"""What GeoReport shows: services out of the category tree, and requests of public needs with finer states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.ledger.models import Entry
from yiting.needs.models import Category, Photo, Reply, ServiceRequest, State
from yiting.needs.open311.formats import Problem
from yiting.needs.queries.wording import shown_words
from yiting.needs.search import matching
from yiting.places.models import Place

SPAN = timedelta(days=90)
MOST = 1_000
DESCRIPTION_LIMIT = 4_000
KIND = "KIND"
CLOSED = (State.CLOSED, State.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a client asks for; None is 'not said'. Numbers of requests override all the rest."""

    ids: Sequence[int] = ()
    service_codes: Sequence[int] = ()
    statuses: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    words: str = ""
    jurisdiction: Place | None = None
    page: int = 1
    page_size: int = MOST
    extensions: bool = False


def list_services() -> list[dict[str, Any]]:
    """Return the services: the second level of the tree, grouped by the first; two queries."""
    with_kinds = set(Category.objects.filter(level=3, active=True).values_list("parent", flat=True))
    rows = Category.objects.filter(level=2, active=True).select_related("parent").order_by("id")
    return [
        {
            "service_code": str(row.pk),
            "service_name": row.name,
            "description": row.full_name,
            "metadata": row.pk in with_kinds,
            "type": "realtime",
            "keywords": row.name,
            "group": row.parent.name if row.parent else "",
        }
        for row in rows
    ]


def get_service(code: str) -> Category:
    """Return the category behind a service code, or the specification's 404."""
    category = Category.objects.filter(pk=int(code), level=2, active=True).first() if is_id(code) else None
    if category is None:
        raise Problem(404, f"service_code {code} was not found")
    return category


def check_services(codes: Sequence[str]) -> list[int]:
    """Return the keys behind service codes; one that does not exist is the specification's 404. One query."""
    keys = [int(code) for code in codes if is_id(code)]
    known = set(Category.objects.filter(pk__in=keys[:MOST], level=2).values_list("pk", flat=True))
    unknown = [code for code in codes if not is_id(code) or int(code) not in known]
    if unknown:
        raise Problem(404, f"service_code {unknown[0]} was not found")
    return keys


def list_kinds(category: Category) -> list[Category]:
    """Return the third-level names under a service."""
    return list(Category.objects.filter(parent=category, active=True).order_by("id"))


def get_definition(code: str) -> dict[str, Any]:
    """Return a service's definition: which of its third-level kinds it is, by choice."""
    service = get_service(code)
    kinds = list_kinds(service)
    attribute = {
        "variable": True,
        "code": KIND,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": _("Choose one of the list, or leave it out."),
        "order": 1,
        "description": _("What is it exactly?"),
        "values": [{"key": str(kind.pk), "name": kind.name} for kind in kinds],
    }
    return {"service_code": str(service.pk), "attributes": [attribute] if kinds else []}


def list_requests(wanted: Wanted, *, base: str, at: datetime) -> list[dict[str, Any]]:
    """Return requests newest first, at most a page of a thousand; four queries at most."""
    found = _narrowed(_requests(), wanted, at)
    size = min(wanted.page_size, MOST)
    start = (wanted.page - 1) * size
    rows = list(found.order_by("-filed_at", "-id")[start : start + size])
    return _shown(rows, base=base, extensions=wanted.extensions)


def get_request(number: str, *, base: str, extensions: bool) -> list[dict[str, Any]]:
    """Return one request. One that nobody has looked at yet is there, without its words and place."""
    rows = list(_requests().filter(pk=int(number))) if is_id(number) else []
    if not rows:
        raise Problem(404, f"service_request_id {number} was not found")
    return _shown(rows, base=base, extensions=extensions)


def list_updates(*, at: datetime, start: datetime | None, end: datetime | None) -> list[dict[str, Any]]:
    """Return the answers sent, newest first, as updates of requests: FixMyStreet's extension."""
    since, until = span(start, end, at=at)
    replies = Reply.objects.filter(need__root__is_public=True, at__gte=since, at__lte=until)
    rows = list(replies.select_related("need__root").order_by("-at", "-id")[:MOST])
    first = dict(
        ServiceRequest.objects.filter(need__root__in={row.need.root_id for row in rows})
        .order_by("-id")
        .values_list("need__root", "id")
    )
    return [
        {
            "update_id": str(row.pk),
            "service_request_id": str(first.get(row.need.root_id, "")),
            "status": "closed" if row.is_final else "open",
            "description": shown_words(row.text)[:DESCRIPTION_LIMIT],
            "updated_datetime": row.at.isoformat(timespec="seconds"),
            "external_status_code": row.need.root.state if row.need.root else "",
            "media_url": None,
        }
        for row in rows
    ]


def span(start: datetime | None, end: datetime | None, *, at: datetime) -> tuple[datetime, datetime]:
    """Return from when to when: the last 90 days where nothing is said, and never more than 90 days."""
    until = end or (start + SPAN if start else at)
    since = start or until - SPAN
    if until - since > SPAN:
        raise Problem(400, "start_date and end_date may not span more than 90 days")
    return since, until


def is_id(text: str) -> bool:
    """Say whether a text can be the key of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def _requests() -> QuerySet[ServiceRequest, Any]:
    """All requests with what is shown of them, and when something was last told about their need."""
    told = Entry.objects.filter(
        object_type="needs.need", object_id=Cast(OuterRef("need__root"), CharField()), is_public=True
    )
    last = Subquery(told.order_by("-index").values("at")[:1], output_field=DateTimeField())
    return ServiceRequest.objects.select_related(
        "need__root__category", "need__root__handler", "place", "category"
    ).annotate(changed_at=Greatest(Coalesce(last, F("filed_at")), F("filed_at")))


def _narrowed(found: QuerySet[ServiceRequest, Any], wanted: Wanted, at: datetime) -> QuerySet[ServiceRequest, Any]:
    if wanted.ids:
        return found.filter(pk__in=list(wanted.ids)[:MOST])
    found = found.filter(need__root__is_public=True, erased_at__isnull=True)
    if wanted.jurisdiction is not None:
        found = found.filter(place__path__startswith=wanted.jurisdiction.path)
    if wanted.start or wanted.end or not (wanted.updated_after or wanted.updated_before):
        since, until = span(wanted.start, wanted.end, at=at)
        found = found.filter(filed_at__gte=since, filed_at__lte=until)
    if wanted.updated_after:
        found = found.filter(Q(changed_at__gte=wanted.updated_after))
    if wanted.updated_before:
        found = found.filter(Q(changed_at__lte=wanted.updated_before))
    if wanted.service_codes:
        codes = list(wanted.service_codes)
        sorted_as = Q(need__root__category__in=codes) | Q(need__root__category__parent__in=codes)
        handed_in_as = Q(category__in=codes) | Q(category__parent__in=codes)
        found = found.filter(sorted_as | (Q(need__root__category__isnull=True) & handed_in_as))
    if wanted.statuses and set(wanted.statuses) != {"open", "closed"}:
        closed = Q(need__root__state__in=CLOSED)
        found = found.filter(closed if "closed" in wanted.statuses else ~closed)
    hits = matching(wanted.words) if wanted.words else None
    return found if hits is None else found.filter(need__in=hits)


def _shown(rows: Sequence[ServiceRequest], *, base: str, extensions: bool) -> list[dict[str, Any]]:
    pictures = _pictures(rows)
    services = {c.pk: c for c in Category.objects.filter(level=2)} if rows else {}
    return [_shown_one(row, pictures, services, base=base, extensions=extensions) for row in rows]


def _shown_one(
    row: ServiceRequest,
    pictures: Mapping[int, int],
    services: Mapping[int, Category],
    *,
    base: str,
    extensions: bool,
) -> dict[str, Any]:
    need = row.need.root or row.need
    category = need.category or row.category
    service = services.get(category.pk) or services.get(category.parent_id or 0) if category else None
    public = need.is_public and row.erased_at is None
    words = shown_words(row.text or row.title) if public else ""
    changed_at: datetime = row.changed_at  # type: ignore[attr-defined]  # annotated by _requests
    shown: dict[str, Any] = {
        "service_request_id": str(row.pk),
        "status": "closed" if need.state in CLOSED else "open",
        "status_notes": str(State(need.state).label),
        "service_name": service.name if service else "",
        "service_code": str(service.pk) if service else "",
        "description": words if len(words) <= DESCRIPTION_LIMIT else f"{words[: DESCRIPTION_LIMIT - 1]}…",
        "agency_responsible": need.handler.name if need.handler else "",
        "service_notice": "",
        "requested_datetime": row.filed_at.isoformat(timespec="seconds"),
        "updated_datetime": changed_at.isoformat(timespec="seconds"),
        "expected_datetime": need.due_at.isoformat(timespec="seconds") if need.due_at else None,
        "address": row.place.name if public else "",
        "address_id": str(row.place_id) if public else "",
        "zipcode": None,
        "lat": _coarse(row.latitude) if public else None,
        "long": _coarse(row.longitude) if public else None,
        "media_url": None,
    }
    if public and row.pk in pictures:
        shown["media_url"] = base + reverse("needs:photo", args=[need.code, pictures[row.pk]])
    if extensions:
        shown["extended_attributes"] = {
            "detailed_status": need.state,
            "need_code": need.code if need.is_public else "",
            "need_url": base + reverse("needs:need", args=[need.code]) if need.is_public else "",
            "people": need.people_count if need.is_public else None,
            "households": need.household_count if need.is_public else None,
            "waiting_for": shown_words(need.waiting_for) if need.is_public else "",
        }
    return shown


def _pictures(rows: Sequence[ServiceRequest]) -> dict[int, int]:
    """Return the first public photo of each request."""
    shown = Photo.objects.filter(request__in=[row.pk for row in rows], is_public=True).order_by("-id")
    return dict(shown.values_list("request", "id"))


def _coarse(degrees: Decimal | None) -> float | None:
    """About ten metres: enough to find the lamp, not the door."""
    return None if degrees is None else round(float(degrees), 4)
