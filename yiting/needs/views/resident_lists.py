"""What people say, and what is said most just now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiting.needs.models import State
from yiting.needs.queries.hotness import growth_in_figures, reasons_in_words
from yiting.needs.queries.lists import (
    MOST,
    NEWEST,
    NeedFilters,
    get_hot_page,
    known_states,
    list_categories,
    list_needs,
)
from yiting.needs.views.resident_session import pick_place
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.queries import place_options

WORDS_LIMIT = 60
# What a reader would tell apart: the states behind each word of the filter.
STANDING = {
    "open": (State.HEARD, State.SORTED, State.DISCUSSED, State.CHOSEN, State.DOING),
    "talk": (State.DISCUSSED,),
    "do": (State.CHOSEN, State.DOING),
    "judge": (State.JUDGING,),
    "closed": (State.CLOSED,),
    "returned": (State.RETURNED,),
}


@public
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What people say, by place, standing, category and words; a page at a time."""
    asked = request.GET
    pick = pick_place(request)
    categories = list_categories()
    standing = asked.get("standing", "")
    category = next((one for one in categories if str(one.pk) == asked.get("category")), None)
    words = asked.get("q", "").strip()[:WORDS_LIMIT]
    order = MOST if asked.get("order") == MOST else NEWEST
    place = None if asked.get("place") == "all" else pick.chosen
    filters = NeedFilters(
        place=place,
        states=known_states(STANDING.get(standing, ())),
        category=category,
        words=words,
        order=order,
    )
    context = {
        "found": list_needs(filters, after=asked.get("after"), at=now()),
        "filters": filters,
        "standing": standing if standing in STANDING else "",
        "categories": categories,
        "pick": pick,
        "options": place_options(pick.community) if pick.community else (),
        "is_filtered": bool(standing in STANDING or category or words),
        "is_first": not asked.get("after"),
    }
    return render(request, "needs/resident/list.html", context)


@public
@require_safe
def hot(request: HttpRequest) -> HttpResponse:
    """What is said most just now, and why it stands where it stands."""
    at = now()
    page = get_hot_page(pick_place(request).chosen, at=at)
    rows = (
        [
            (row, reasons_in_words(row.why, zone=page.place.zone, now=at), growth_in_figures(row.why))
            for row in page.rows
        ]
        if page
        else []
    )
    return render(request, "needs/resident/hot.html", {"hot": page, "rows": rows})
