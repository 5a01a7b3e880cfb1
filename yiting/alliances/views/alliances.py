"""The public pages of alliances: all of them, one, its turns, its calendar, its season's review."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.activities.ical import feed_answer
from yiting.activities.models import Activity
from yiting.alliances.calendar_svg import year_calendar
from yiting.alliances.errors import NothingSolved
from yiting.alliances.ical import turn_events
from yiting.alliances.policies import may_act_for, may_manage_alliance
from yiting.alliances.queries.alliances import get_alliance, get_alliance_page, list_alliances
from yiting.alliances.queries.problems import zone_of
from yiting.alliances.queries.review import get_review, read_season
from yiting.alliances.queries.turns import TurnsPage, get_turns_page
from yiting.alliances.review_sheet import review_workbook
from yiting.people.sessions import actor_of
from yiting.places.access import public
from yiting.places.clock import now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All alliances, in the order in which they were founded."""
    return render(request, "alliances/board.html", {"cards": list_alliances(at=now())})


@public
@require_safe
def alliance(request: HttpRequest, slug: str) -> HttpResponse:
    """What an alliance is, who belongs to it, whose turn it is, and what it does together."""
    found = get_alliance(slug)
    page = get_alliance_page(found, at=now())
    by = actor_of(request)
    works = may_manage_alliance(by, found) or any(
        may_act_for(by, organisation_id=unit.organisation_id) for unit in page.units
    )
    return render(request, "alliances/alliance.html", {"alliance": found, "page_of": page, "works": works})


@public
@require_safe
def turns(request: HttpRequest, slug: str) -> HttpResponse:
    """The turns of a year as a picture and a table, how fair they are, and the account of each unit."""
    found = get_alliance(slug)
    page = get_turns_page(found, at=now(), year=_year(request))
    return render(request, "alliances/turns.html", {"alliance": found, "page_of": page, "picture": _picture(page)})


@public
@require_safe
def solved(request: HttpRequest, slug: str) -> JsonResponse:
    """What the plan of a year was made from, as `yiting rotations plan` reads it: anybody can solve it again."""
    found = get_alliance(slug)
    plan = get_turns_page(found, at=now(), year=_year(request)).plan
    if plan is None:
        raise NothingSolved
    return JsonResponse(plan.solved, json_dumps_params={"ensure_ascii": False, "indent": 1})


@public
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The calendar of an alliance: its turns, and its joint activities."""
    found = get_alliance(slug)
    return feed_answer(
        request,
        Activity.objects.filter(joint__alliance=found),
        name=_("%(alliance)s: turns and joint activities") % {"alliance": found.name},
        file_name=f"{found.slug}.ics",
        also=turn_events(found, at=now()),
    )


@public
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """What an alliance did in a season, counted from the records, to read or to print."""
    return render(request, "alliances/review.html", _review(request, slug))


@public
@require_safe
def review_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a spreadsheet."""
    page = _review(request, slug)["review"]
    name = f"{slug}-{page.season}.xlsx"
    return HttpResponse(
        review_workbook(page, base=request.build_absolute_uri("/").rstrip("/")),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _review(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = get_alliance(slug)
    today = now().astimezone(zone_of(found)).date()
    first, last = read_season(request.GET.get("season", ""), today=today)
    return {"alliance": found, "review": get_review(found, first=first, last=last), "today": today}


def _year(request: HttpRequest) -> int | None:
    said = request.GET.get("year", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) == 4 else None


def _picture(page: TurnsPage) -> str:
    return year_calendar(page.units, page.turns, page.aways, year=page.year, today=page.today) if page.turns else ""
