"""What GeoReport shows: services out of the category tree, requests of public needs, with finer states beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from yiting.methods.texts import mask_personal
from yiting.needs.models import Category, Photo, Reply, ServiceRequest, State
from yiting.needs.open311.formats import Problem
from yiting.needs.search import matching

SPAN = timedelta(days=90)
MOST = 1_000
KIND = "KIND"
CLOSED = (State.CLOSED, State.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a client asks for in GET requests; None is 'not said'."""

    ids: Sequence[int] = ()
    service_codes: Sequence[int] = ()
    statuses: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    words: str = ""
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
    category = Category.objects.filter(pk=int(code), level=2, active=True).first() if _is_id(code) else None
    if category is None:
        raise Problem(404, f"service_code {code} was not found")
    return category


def list_kinds(category: Category) -> list[Category]:
    """Return the third-level names under a service."""
    return list(Category.objects.filter(parent=category, active=True).order_by("id"))


def get_definition(code: str) -> dict[str, Any]:
    """Return a service's definition: which of its third-level kinds it is, by choice."""
    kinds = list_kinds(get_service(code))
    attribute = {
        "variable": True,
        "code": KIND,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": "具体是哪一类",
        "values": [{"key": str(kind.pk), "name": kind.name} for kind in kinds],
    }
    return {"service_code": code, "attributes": [attribute] if kinds else []}


def list_requests(wanted: Wanted, *, base: str, at: datetime) -> list[dict[str, Any]]:
    """Return requests newest first, at most a page of a thousand; five queries at most."""
    found = _visible(ServiceRequest.objects.filter(need__root__is_public=True, erased_at__isnull=True), wanted, at)
    found = found.select_related("need__root__category", "need__root__handler", "place", "category__parent")
    size = min(wanted.page_size, MOST)
    start = (wanted.page - 1) * size
    rows = list(found.order_by("-filed_at", "-id")[start : start + size])
    return _shown(rows, base=base, extensions=wanted.extensions)


def get_request(number: str, *, base: str, extensions: bool) -> list[dict[str, Any]]:
    """Return one request. One that nobody has looked at yet is there, without its words."""
    rows = (
        list(
            ServiceRequest.objects.filter(pk=int(number)).select_related(
                "need__root__category", "need__root__handler", "place", "category__parent"
            )
        )
        if _is_id(number)
        else []
    )
    if not rows:
        raise Problem(404, f"service_request_id {number} was not found")
    return _shown(rows, base=base, extensions=extensions)


def list_updates(*, at: datetime, start: datetime | None, end: datetime | None) -> list[dict[str, Any]]:
    """Return the answers sent, newest first, as updates of the requests they went to (FixMyStreet's extension)."""
    since = start or at - SPAN
    replies = Reply.objects.filter(need__root__is_public=True, at__gte=since, at__lte=end or at)
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
            "description": mask_personal(row.text),
            "updated_datetime": row.at.isoformat(timespec="seconds"),
            "external_status_code": row.need.root.state if row.need.root else "",
            "media_url": "",
        }
        for row in rows
    ]


def _visible(found: QuerySet[ServiceRequest], wanted: Wanted, at: datetime) -> QuerySet[ServiceRequest]:
    if wanted.ids:
        return found.filter(pk__in=list(wanted.ids)[:MOST])
    end = wanted.end or (wanted.start + SPAN if wanted.start else at)
    start = wanted.start or end - SPAN
    if end - start > SPAN:
        raise Problem(400, "start_date and end_date may not span more than 90 days")
    if not (wanted.updated_after or wanted.updated_before):
        found = found.filter(filed_at__gte=start, filed_at__lte=end)
    if wanted.updated_after:
        found = found.filter(need__root__last_at__gte=wanted.updated_after)
    if wanted.updated_before:
        found = found.filter(need__root__last_at__lte=wanted.updated_before)
    if wanted.service_codes:
        kinds = Q(category__in=wanted.service_codes) | Q(category__parent__in=wanted.service_codes)
        sorted_as = Q(need__root__category__in=wanted.service_codes) | Q(
            need__root__category__parent__in=wanted.service_codes
        )
        found = found.filter(kinds | sorted_as)
    if wanted.statuses and set(wanted.statuses) != {"open", "closed"}:
        closed = Q(need__root__state__in=CLOSED)
        found = found.filter(closed if "closed" in wanted.statuses else ~closed)
    hits = matching(wanted.words) if wanted.words else None
    return found if hits is None else found.filter(need__in=hits)


def _shown(rows: Sequence[ServiceRequest], *, base: str, extensions: bool) -> list[dict[str, Any]]:
    pictures = _pictures(rows)
    parents = {c.pk: c for c in Category.objects.filter(level=2)} if rows else {}
    return [_shown_one(row, pictures, parents, base=base, extensions=extensions) for row in rows]


def _shown_one(
    row: ServiceRequest,
    pictures: Mapping[int, str],
    parents: Mapping[int, Category],
    *,
    base: str,
    extensions: bool,
) -> dict[str, Any]:
    need = row.need.root or row.need
    category = row.category or need.category
    service = category if category is None or category.level <= 2 else parents.get(category.parent_id or 0, category)
    public = need.is_public and row.erased_at is None
    shown: dict[str, Any] = {
        "service_request_id": str(row.pk),
        "status": "closed" if need.state in CLOSED else "open",
        "status_notes": str(State(need.state).label),
        "service_name": service.name if service else "",
        "service_code": str(service.pk) if service else "",
        "description": mask_personal(row.text or row.title) if public else "",
        "agency_responsible": need.handler.name if need.handler else "",
        "service_notice": "",
        "requested_datetime": row.filed_at.isoformat(timespec="seconds"),
        "updated_datetime": max(need.last_at, row.filed_at).isoformat(timespec="seconds"),
        "expected_datetime": need.due_at.isoformat(timespec="seconds") if need.due_at else "",
        "address": row.place.name,
        "address_id": str(row.place_id),
        "zipcode": "",
        "lat": _coarse(row.latitude),
        "long": _coarse(row.longitude),
        "media_url": f"{base}{pictures[row.pk]}" if public and row.pk in pictures else "",
    }
    if extensions:
        shown["extended_attributes"] = {
            "detailed_status": need.state,
            "need_url": base + reverse("needs:need", args=[need.code]) if need.is_public else "",
            "people": need.people_count,
            "households": need.household_count,
            "waiting_for": need.waiting_for,
        }
    return shown


def _pictures(rows: Sequence[ServiceRequest]) -> dict[int, str]:
    shown = Photo.objects.filter(request__in=rows, is_public=True).order_by("-id")
    return {photo.request_id: photo.file.url for photo in shown}


def _coarse(degrees: Any) -> Any:
    """About ten metres: enough to find the lamp, not the door."""
    return "" if degrees is None else round(float(degrees), 4)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
