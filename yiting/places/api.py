"""Places for programs: the tree under a division code, a page at a time, and one with those above it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from yiting.places.models import Level, Place
from yiting.places.queries import get_place, get_place_by_code, list_ancestors, subtree

KEY_LIMIT = 2**53  # what every JSON reader holds exactly

router = Router(tags=["places"])


class PlaceOut(Schema):
    """One place of the tree. `path` names the keys from the root down to its own, as "/1/4/9/"."""

    id: int
    level: Level
    name: str
    code: str | None
    code_year: int | None
    code_is_local: bool
    parent_id: int | None
    path: str
    zone: str
    households: int | None
    households_on_allowance: int | None
    counted_on: date | None
    source: str
    latitude: float | None
    longitude: float | None


class PlaceLineOut(PlaceOut):
    """A place, with those above it from the top down."""

    above: list[PlaceOut]


class PlacePage(Schema):
    """Some places, parents before children, and the mark after which the next page begins."""

    items: list[PlaceOut]
    after: int | None


class PlaceQuery(Schema):
    """Which part of the tree."""

    under: Annotated[
        str | None, Field(pattern="^[0-9]{12}$", description="Division code of the root, which comes along")
    ] = None
    under_id: Annotated[int | None, Field(ge=1, lt=KEY_LIMIT, description="Key of the root, for what has no code")] = (
        None
    )
    level: Level | None = None
    after: Annotated[int | None, Field(ge=0, lt=KEY_LIMIT)] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/places", response=PlacePage, summary="The tree of places")
def places_list(request: HttpRequest, asked: Query[PlaceQuery]) -> PlacePage:
    """List a place and all that lies below it, parents before children. At most four queries."""
    found = Place.objects.all()
    if asked.under is not None:
        found = subtree(get_place_by_code(asked.under))
    elif asked.under_id is not None:
        found = subtree(get_place(asked.under_id))
    if asked.level is not None:
        found = found.filter(level=asked.level)
    # a place is made after the one above it, so that keys keep the order of the tree
    rows = list(found.filter(pk__gt=asked.after or 0).order_by("pk")[: asked.limit + 1])
    shown = rows[: asked.limit]
    return PlacePage(
        items=[PlaceOut.from_orm(place) for place in shown],
        after=shown[-1].pk if len(rows) > asked.limit else None,
    )


@router.get("/places/{code}", response=PlaceLineOut, summary="One place")
def places_get(request: HttpRequest, code: Annotated[str, Path(..., pattern="^[0-9]{12}$")]) -> dict[str, object]:
    """Return the place that carries a division code, or that an older list gave it to, and those above it."""
    place = get_place_by_code(code)
    return {**PlaceOut.from_orm(place).dict(), "above": list_ancestors(place)}
