"""From needs, resolutions and projects to the rounds in which they are candidates, and onto the list of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.ballots.queries.sources import Standing, get_source, list_open_lists, list_standings
from yiting.ballots.views.bench import list_context
from yiting.ballots.views.visitors import actor_of
from yiting.deliberation.queries.resolutions import find_resolution
from yiting.deliberation.queries.topics import get_need
from yiting.needs.models import Need
from yiting.needs.queries.wording import shown_words
from yiting.places.access import public, staff
from yiting.projects.queries.page import find_project


@public
@require_safe
def for_need(request: HttpRequest, code: str) -> HttpResponse:
    """From a need to the rounds in which it is a candidate."""
    need = get_need(code, actor_of(request))
    back = reverse("needs:need", args=[need.code])
    return _standings(request, list_standings(need=need), title=shown_words(need.title), back=back)


@public
@require_safe
def for_resolution(request: HttpRequest, code: str) -> HttpResponse:
    """From a resolution to the rounds in which it is a candidate."""
    found = find_resolution(code)
    back = reverse("deliberation:resolution", args=[found.code])
    return _standings(request, list_standings(resolution=found), title=found.title, back=back)


@public
@require_safe
def for_project(request: HttpRequest, code: str) -> HttpResponse:
    """From a project to the rounds in which it is or was a candidate."""
    found = find_project(code)
    back = reverse("projects:project", args=[found.code])
    return _standings(request, list_standings(project=found), title=found.title, back=back)


@staff
@require_safe
def propose(request: HttpRequest) -> HttpResponse:
    """Put a need or a resolution on the list of a round: which one, where there are several."""
    by = actor_of(request)
    source = get_source(by, need=request.GET.get("need", ""), resolution=request.GET.get("resolution", ""))
    lists = list_open_lists(source, by) if source is not None else ()
    query = "" if source is None else f"?{'need' if isinstance(source, Need) else 'resolution'}={source.code}"
    if len(lists) == 1:
        return redirect(reverse("ballots:add", args=[lists[0].code]) + query)
    context = {**list_context(request), "source": source, "lists": lists, "query": query}
    return render(request, "ballots/bench_propose.html", context)


def _standings(request: HttpRequest, found: list[Standing], *, title: str, back: str) -> HttpResponse:
    """A page of its own, or the part of another page that says so: nothing where there is nothing to say."""
    if getattr(request, "htmx", False):
        return render(request, "ballots/_standings.html", {"standings": found, "heading": _("Put to the vote")})
    return render(request, "ballots/standings.html", {"standings": found, "title": title, "back": back})
