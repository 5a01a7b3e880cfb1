"""Working on needs with a token: what the workbench shows and does, for the programs of an organisation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yiting.needs import services
from yiting.needs.api.callers import Bearer, caller_of
from yiting.needs.api.filling import bench_need_shape, bench_row
from yiting.needs.api.public import KEY_LIMIT, DivisionCode, Key, found_category
from yiting.needs.api.shapes import BenchNeedOut, BenchPageOut, NamedOut
from yiting.needs.models import Need, ReturnReason, State, Urgency
from yiting.needs.queries.bench import BenchFilters, list_bench
from yiting.needs.queries.bench_need import (
    get_bench_need,
    get_standing_need,
    list_handlers,
    list_return_reasons,
)
from yiting.needs.spreadsheets.texts import line_clean, text_clean
from yiting.people.errors import NotYours
from yiting.people.models import Organisation, TokenScope
from yiting.places.clock import now
from yiting.places.queries import get_place_by_code

router = Router(tags=["workbench"])
reads = Bearer(TokenScope.READ, TokenScope.WORK)
works = Bearer(TokenScope.WORK)
Version = Annotated[int, Field(ge=0, lt=KEY_LIMIT, description="The version that was looked at")]


class BenchQuery(Schema):
    """Which needs of the workbench; everything may be left out."""

    view: Literal["new", "free", "mine", "waiting", "due", "unsolved", "all"] = "all"
    q: Annotated[str, Field(max_length=60, description="Words; two characters are enough")] = ""
    category: Key | None = None
    urgency: Urgency | None = None
    state: State | None = None
    place: DivisionCode | None = None
    after: Annotated[str | None, Field(pattern=r"^[0-9]{1,12}\.[0-9]{6}-[0-9]{1,17}$")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class SortIn(Schema):
    """What a need is about; what is left out stays as it is."""

    category: Key | None = None
    urgency: Urgency | None = None
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    public: bool | None = None
    seen: Version | None = None


class AssignIn(Schema):
    """Who is to do it: one of the need's `handlers`."""

    organisation: Key
    seen: Version | None = None


class ReplyIn(Schema):
    """An answer to everybody who asked; a final one asks them to judge."""

    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    final: bool = False


class HandBackIn(Schema):
    """A no by a published reason, in words for residents, and who can do it instead."""

    reason: Annotated[str, Field(max_length=20, description="Code of a published reason")]
    note: Annotated[str, Field(min_length=1, max_length=400)]
    route_to: Key | None = None


class ReasonOut(Schema):
    """A published reason for a return; an `excluded` one leaves the satisfaction base."""

    code: str
    name: str
    explanation: str
    excluded: bool


@router.get("/bench/needs", auth=reads, response=BenchPageOut, summary="The inbox")
def bench_list(request: HttpRequest, asked: Query[BenchQuery]) -> dict[str, Any]:
    """List the needs of the organisation's place and those given to it; a fixed number of queries."""
    filters = BenchFilters(
        view=asked.view,
        words=asked.q,
        category=found_category(asked.category),
        urgency=asked.urgency or "",
        state=asked.state or "",
        place_path=get_place_by_code(asked.place).path if asked.place else "",
    )
    page = list_bench(filters, by=caller_of(request).reader, after=asked.after, at=now(), size=asked.limit)
    return {"items": [bench_row(row) for row in page.rows], "after": page.after}


@router.get("/bench/needs/{code}", auth=reads, response=BenchNeedOut, summary="One need of the inbox")
def bench_get(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return a need as the workbench shows it; one of another place is not there."""
    found = get_bench_need(code, by=caller_of(request).reader, at=now())
    return bench_need_shape(found, list_handlers(found.need))


@router.get("/reasons", response=list[ReasonOut], summary="Published reasons for a return")
def reasons_list(request: HttpRequest) -> list[ReturnReason]:
    """List the reasons by which a need may be returned. One query."""
    return list(list_return_reasons())


@router.post("/needs/{code}/sort", auth=works, response=BenchNeedOut, summary="Sort a need")
def needs_sort(request: HttpRequest, code: str, body: SortIn) -> dict[str, Any]:
    """Decide what a need is about; a heard one becomes a sorted, public one unless `public` is false."""
    services.need_sort(
        by=caller_of(request).actor,
        need=_need(request, code),
        category=found_category(body.category),
        urgency=body.urgency.value if body.urgency else None,
        title=line_clean(body.title) if body.title else None,
        public=body.public,
        seen=body.seen,
        at=now(),
    )
    return bench_get(request, code)


@router.post("/needs/{code}/assign", auth=works, response=BenchNeedOut, summary="Give a need to somebody")
def needs_assign(request: HttpRequest, code: str, body: AssignIn) -> dict[str, Any]:
    """Give a need to an organisation of its place or above, which is told."""
    need = _need(request, code)
    organisation = _handler(need, body.organisation)
    by = caller_of(request).actor
    services.need_assign(by=by, need=need, organisation=organisation, seen=body.seen, at=now())
    return bench_get(request, code)


@router.post("/needs/{code}/accept", auth=works, response=BenchNeedOut, summary="Take a need on")
def needs_accept(request: HttpRequest, code: str) -> dict[str, Any]:
    """Take on what was given to the organisation; from here it is being done."""
    services.assignment_accept(by=caller_of(request).actor, need=_need(request, code), at=now())
    return bench_get(request, code)


@router.post("/needs/{code}/hand-back", auth=works, response=NamedOut, summary="Hand a need back")
def needs_hand_back(request: HttpRequest, code: str, body: HandBackIn) -> Organisation:
    """Say no by a published reason; the need waits to be given to another. Returns who handed it back."""
    need = _need(request, code)
    reason = next((one for one in list_return_reasons() if one.code == body.reason), None)
    if reason is None:
        raise NotYours
    assignment = services.assignment_return(
        by=caller_of(request).actor,
        need=need,
        reason=reason,
        note=text_clean(body.note),
        route_to=_handler(need, body.route_to) if body.route_to else None,
        at=now(),
    )
    return assignment.organisation


@router.post("/needs/{code}/replies", auth=works, response={201: BenchNeedOut}, summary="Answer a need")
def needs_reply(request: HttpRequest, code: str, body: ReplyIn) -> dict[str, Any]:
    """Answer everybody who asked, at once. A final answer asks them to judge it."""
    services.need_reply(
        by=caller_of(request).actor,
        need=_need(request, code),
        text=text_clean(body.text),
        final=body.final,
        at=now(),
    )
    return bench_get(request, code)


def _need(request: HttpRequest, code: str) -> Need:
    return get_standing_need(code, by=caller_of(request).actor)


def _handler(need: Need, key: int) -> Organisation:
    found = next((one for one in list_handlers(need) if one.pk == key), None)
    if found is None:
        raise NotYours
    return found
