"""Reading needs without a token: what is public, in the words of the public pages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yiting.needs.api.filling import hot_shape, need_row, public_need_shape
from yiting.needs.api.shapes import CategoryOut, HotOut, NeedPageOut, PublicNeedOut, StoryOut
from yiting.needs.errors import CategoryMissing
from yiting.needs.models import Category, State
from yiting.needs.policies import Visitor
from yiting.needs.queries.lists import NeedFilters, get_hot_page, list_needs
from yiting.needs.queries.resident import get_need, get_need_page, get_standing
from yiting.places.clock import now
from yiting.places.models import Place
from yiting.places.queries import get_place, get_place_by_code

KEY_LIMIT = 2**53  # what every JSON reader holds exactly

router = Router(tags=["needs"])
DivisionCode = Annotated[str, Field(pattern="^[0-9]{12}$", description="Division code of a place")]
Key = Annotated[int, Field(ge=1, lt=KEY_LIMIT)]


class PlaceQuery(Schema):
    """Around which place; an estate or a building has no division code and is named by its key."""

    place: DivisionCode | None = None
    place_id: Key | None = None


class NeedQuery(PlaceQuery):
    """Which needs; everything may be left out."""

    state: list[State] = []
    category: Key | None = None
    q: Annotated[str, Field(max_length=60, description="Words; two characters are enough")] = ""
    order: Literal["newest", "most"] = "newest"
    after: Annotated[str | None, Field(pattern=r"^[0-9]{1,17}\.[0-9]{1,17}$")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class VoicesQuery(Schema):
    """Which page of voices."""

    page: Annotated[int, Field(ge=1, lt=1_000_000)] = 1


@router.get("/needs", response=NeedPageOut, summary="Public needs")
def needs_list(request: HttpRequest, asked: Query[NeedQuery]) -> dict[str, Any]:
    """List public needs, a page at a time; at most four queries with all filters."""
    filters = NeedFilters(
        place=found_place(asked.place, asked.place_id),
        states=tuple(state.value for state in asked.state),
        category=found_category(asked.category),
        words=asked.q,
        order=asked.order,
    )
    page = list_needs(filters, after=asked.after, at=now(), size=asked.limit)
    return {"items": [need_row(row) for row in page.rows], "after": page.after}


@router.get("/needs/{code}", response=PublicNeedOut, summary="One public need")
def needs_get(request: HttpRequest, code: str, asked: Query[VoicesQuery]) -> dict[str, Any]:
    """Return a need by its code; the code of one that was merged leads to the one it went into."""
    return public_need_shape(get_need_page(code, Visitor(), at=now(), page=str(asked.page)))


@router.get("/needs/{code}/story", response=StoryOut, summary="What happened to a need")
def needs_story(request: HttpRequest, code: str) -> dict[str, Any]:
    """Tell from the ledger what happened to a public need, the oldest first."""
    root = get_need(code, Visitor())
    return {"code": root.code, "rows": get_standing(root, at=now()).rows}


@router.get("/hot", response=HotOut, summary="Hot matters")
def hot_list(request: HttpRequest, asked: Query[PlaceQuery]) -> dict[str, Any]:
    """Return what is said most just now around a place, as last ranked, with the figures behind each rank."""
    place = found_place(asked.place, asked.place_id) or Place.objects.filter(parent=None).order_by("pk").first()
    return hot_shape(get_hot_page(place, at=now()), place.name if place else "")


@router.get("/categories", response=list[CategoryOut], summary="The tree of categories")
def categories_list(request: HttpRequest) -> list[Category]:
    """List the categories in use, those above before those below. One query."""
    return list(Category.objects.filter(active=True).order_by("level", "id"))


def found_place(code: str | None, key: int | None) -> Place | None:
    """Return the place named by code or key, None when neither is said; else its named refusal."""
    if code is not None:
        return get_place_by_code(code)
    return get_place(key) if key is not None else None


def found_category(key: int | None) -> Category | None:
    """Return the category with a key, None when none is said; else its named refusal."""
    if key is None:
        return None
    found = Category.objects.filter(pk=key, active=True).first()
    if found is None:
        raise CategoryMissing(name=key)
    return found
