"""The addresses of GeoReport v2. Every answer, errors too, is in the format the address ends with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from dateutil import parser as dates
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from yiting.needs.codes import read_code
from yiting.needs.models import ServiceRequest
from yiting.needs.open311 import reading
from yiting.needs.open311.filing import file_from, made_answer
from yiting.needs.open311.formats import Problem, answer, problem_answer
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.errors import PlaceError, Refused
from yiting.places.models import Place
from yiting.places.queries import get_place_by_code

View = Callable[..., HttpResponse]
YEARS = range(1900, 2200)
EXAMPLE = "2026-01-31T09:00:00+08:00"


def georeport(*methods: str) -> Callable[[View], View]:
    """Mark a view public, hold it to its methods and a known jurisdiction, turn problems into answers."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answering(request: HttpRequest, *args: Any, ending: str, **kwargs: Any) -> HttpResponse:
            try:
                return _answered(view, methods, request, *args, ending=ending, **kwargs)
            except Problem as problem:
                return problem_answer(problem, ending)
            except Refused as refusal:
                return problem_answer(Problem(400, refusal.message), ending)
            except RequestDataTooBig:
                return problem_answer(Problem(413, "the request is too large"), ending)
            except (BadRequest, SuspiciousOperation, MultiPartParserError):
                return problem_answer(Problem(400, "the body cannot be read; send a UTF-8 form"), ending)

        return public(answering)

    return decorate


def _answered(
    view: View, methods: tuple[str, ...], request: HttpRequest, *args: Any, ending: str, **kwargs: Any
) -> HttpResponse:
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        refused = problem_answer(Problem(405, f"use {' or '.join(methods)} here"), ending)
        refused["Allow"] = ", ".join(methods)
        return refused
    where = _jurisdiction(request)
    return view(request, *args, jurisdiction=where, ending=ending, **kwargs)


@georeport("GET")
def discovery(request: HttpRequest, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
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
def services(request: HttpRequest, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """List what can be asked for."""
    return answer("services", reading.list_services(), ending)


@georeport("GET")
def definition(request: HttpRequest, code: str, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """Give the attributes of a service."""
    return answer("service_definition", reading.get_definition(code), ending)


@georeport("GET", "POST")
def requests(request: HttpRequest, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """List requests, or hand one in."""
    if request.method == "POST":
        filed = file_from(request.POST, jurisdiction=jurisdiction, at=now())
        asked = _flag(request.GET, "extensions") or _flag(request.POST, "extensions")
        made = made_answer(filed, base=_base(request), extensions=asked)
        return answer("service_requests", [made], ending, status=201)
    found = reading.list_requests(_wanted(request, jurisdiction), base=_base(request), at=now())
    return answer("service_requests", found, ending)


@georeport("GET")
def request_single(request: HttpRequest, number: str, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """Give one request, or several whose numbers are joined by commas."""
    extensions = _flag(request.GET, "extensions")
    ids = _ids(number, "service_request_id") if "," in number else []
    if ids:
        wanted = reading.Wanted(ids=ids, extensions=extensions)
        found = reading.list_requests(wanted, base=_base(request), at=now())
    else:
        found = reading.get_request(number, base=_base(request), extensions=extensions)
    return answer("service_requests", found, ending)


@georeport("GET")
def token(request: HttpRequest, code: str, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """Give the request number behind a token; the token is the receipt code."""
    found = ServiceRequest.objects.filter(code=read_code(code)).only("pk", "code").first()
    if found is None:
        raise Problem(404, f"token {code} was not found")
    return answer("service_requests", [{"service_request_id": str(found.pk), "token": found.code}], ending)


@georeport("GET")
def updates(request: HttpRequest, *, jurisdiction: Place | None, ending: str) -> HttpResponse:
    """List the answers that were sent."""
    start, end = _time(request, "start_date"), _time(request, "end_date")
    return answer("service_request_updates", reading.list_updates(at=now(), start=start, end=end), ending)


def _wanted(request: HttpRequest, jurisdiction: Place | None) -> reading.Wanted:
    statuses = [s.strip().lower() for s in request.GET.get("status", "").split(",") if s.strip()]
    if set(statuses) - {"open", "closed"}:
        raise Problem(400, "status must be open or closed")
    return reading.Wanted(
        ids=_ids(request.GET.get("service_request_id", ""), "service_request_id"),
        service_codes=reading.check_services(_listed(request.GET.get("service_code", ""))),
        statuses=statuses,
        start=_time(request, "start_date"),
        end=_time(request, "end_date"),
        updated_after=_time(request, "updated_after"),
        updated_before=_time(request, "updated_before"),
        words=request.GET.get("q", "")[:200],
        jurisdiction=jurisdiction,
        page=_count(request, "page", 1),
        page_size=_count(request, "page_size", reading.MOST),
        extensions=_flag(request.GET, "extensions"),
    )


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _ids(text: str, name: str) -> list[int]:
    parts = _listed(text)
    if not all(reading.is_id(part) for part in parts):
        raise Problem(400, f"{name} must be numbers joined by commas")
    return [int(part) for part in parts]


def _count(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not (reading.is_id(text) and 1 <= int(text) <= 1_000_000):
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
        raise Problem(400, f"{name} must be a W3C date and time, for example {EXAMPLE}") from error
    if found.year not in YEARS:
        raise Problem(400, f"{name} must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    if found.tzinfo is None:
        raise Problem(400, f"{name} must carry an offset, for example {EXAMPLE}")
    return found


def _flag(said: QueryDict, name: str) -> bool:
    return said.get(name, "").lower() in {"true", "1", "yes"}


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _jurisdiction(request: HttpRequest) -> Place | None:
    """Return the place whose division code is given as jurisdiction; none given means all that is here."""
    said = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if not said:
        return None
    try:
        return get_place_by_code(said)
    except PlaceError as refusal:
        raise Problem(404, f"jurisdiction_id {said} was not found; it is a 12-digit division code") from refusal
