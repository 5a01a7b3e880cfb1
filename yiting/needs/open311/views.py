"""The addresses of GeoReport v2. Every answer, errors too, is in the format the address ends with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from dateutil import parser as dates
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from yiting.needs.codes import read_code
from yiting.needs.models import ServiceRequest
from yiting.needs.open311 import reading
from yiting.needs.open311.filing import file_from
from yiting.needs.open311.formats import Problem, answer, problem_answer
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.errors import Refused
from yiting.places.models import Place

View = Callable[..., HttpResponse]


def georeport(*methods: str) -> Callable[[View], View]:
    """Mark a view public, hold it to its methods and to a known jurisdiction, and turn problems into answers."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answering(request: HttpRequest, *args: Any, ending: str, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Problem(405, f"use {' or '.join(methods)} here")
                _check_jurisdiction(request)
                return view(request, *args, ending=ending, **kwargs)
            except Problem as problem:
                return problem_answer(problem, ending)
            except Refused as refusal:
                return problem_answer(Problem(400, refusal.message), ending)

        return public(answering)

    return decorate


@georeport("GET")
def discovery(request: HttpRequest, *, ending: str) -> HttpResponse:
    """Say where the endpoint is and which formats it speaks."""
    url = request.build_absolute_uri(reverse("open311:root"))
    found = {
        "changeset": "2026-11-22T00:00:00+00:00",
        "contact": request.build_absolute_uri(reverse("web:about")),
        "key_service": request.build_absolute_uri(reverse("web:about")),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": url,
                "changeset": "2026-11-22T00:00:00+00:00",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", found, ending)


@georeport("GET")
def services(request: HttpRequest, *, ending: str) -> HttpResponse:
    """List what can be asked for."""
    return answer("services", reading.list_services(), ending)


@georeport("GET")
def definition(request: HttpRequest, code: str, *, ending: str) -> HttpResponse:
    """Give the attributes of a service."""
    return answer("service_definition", reading.get_definition(code), ending)


@georeport("GET", "POST")
def requests(request: HttpRequest, *, ending: str) -> HttpResponse:
    """List requests, or hand one in."""
    if request.method == "POST":
        filed = file_from(request.POST, at=now())
        made = {"service_request_id": str(filed.pk), "token": filed.code, "service_notice": "", "account_id": ""}
        return answer("service_requests", [made], ending, status=201)
    found = reading.list_requests(_wanted(request), base=_base(request), at=now())
    return answer("service_requests", found, ending)


@georeport("GET")
def request_single(request: HttpRequest, number: str, *, ending: str) -> HttpResponse:
    """Give one request, or several whose numbers are joined by commas."""
    if "," in number:
        wanted = reading.Wanted(ids=_ids(number, "service_request_id"), extensions=_flag(request, "extensions"))
        return answer("service_requests", reading.list_requests(wanted, base=_base(request), at=now()), ending)
    found = reading.get_request(number, base=_base(request), extensions=_flag(request, "extensions"))
    return answer("service_requests", found, ending)


@georeport("GET")
def token(request: HttpRequest, code: str, *, ending: str) -> HttpResponse:
    """Give the request number behind a token; the token is the receipt code."""
    found = ServiceRequest.objects.filter(code=read_code(code)).only("pk", "code").first()
    if found is None:
        raise Problem(404, f"token {code} was not found")
    return answer("service_requests", [{"service_request_id": str(found.pk), "token": found.code}], ending)


@georeport("GET")
def updates(request: HttpRequest, *, ending: str) -> HttpResponse:
    """List the answers that were sent."""
    start, end = _time(request, "start_date"), _time(request, "end_date")
    return answer("service_request_updates", reading.list_updates(at=now(), start=start, end=end), ending)


def _wanted(request: HttpRequest) -> reading.Wanted:
    statuses = [s.strip().lower() for s in request.GET.get("status", "").split(",") if s.strip()]
    if set(statuses) - {"open", "closed"}:
        raise Problem(400, "status must be open or closed")
    return reading.Wanted(
        ids=_ids(request.GET.get("service_request_id", ""), "service_request_id"),
        service_codes=_ids(request.GET.get("service_code", ""), "service_code"),
        statuses=statuses,
        start=_time(request, "start_date"),
        end=_time(request, "end_date"),
        updated_after=_time(request, "updated_after"),
        updated_before=_time(request, "updated_before"),
        words=request.GET.get("q", "")[:200],
        page=_count(request, "page", 1),
        page_size=_count(request, "page_size", reading.MOST),
        extensions=_flag(request, "extensions"),
    )


def _ids(text: str, name: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise Problem(400, f"{name} must be numbers joined by commas")
    return [int(part) for part in parts]


def _count(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise Problem(400, f"{name} must be a whole number of 1 or more")
    return int(text)


def _time(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        # a plus sign in a query arrives as a blank
        found = dates.isoparse(text.strip().replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        raise Problem(400, f"{name} must be a W3C date and time, for example 2026-01-31T09:00:00+08:00") from error
    if found.tzinfo is None:
        raise Problem(400, f"{name} must carry an offset, for example 2026-01-31T09:00:00+08:00")
    return found


def _flag(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name, "").lower() in {"true", "1", "yes"}


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _check_jurisdiction(request: HttpRequest) -> None:
    said = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if said and not Place.objects.filter(code=said).exists():
        raise Problem(404, f"jurisdiction_id {said} was not found; it is a 12-digit division code")
