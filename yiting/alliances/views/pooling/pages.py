"""The public pages: what can be given and what is asked for, one offer, one ask, and who helps a need."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiting.alliances.forms_pooling import PoolForm, RecordForm
from yiting.alliances.queries.pooling import (
    PoolFilters,
    get_ask_page,
    get_offer_page,
    get_pool_page,
    get_record,
    helps_for_need,
)
from yiting.alliances.views.pooling.asking import actor_of, alliance_of
from yiting.needs.errors import NeedMissing
from yiting.needs.queries import read_code
from yiting.needs.queries.resident import find_need
from yiting.needs.queries.wording import shown_words
from yiting.people.queries import local_day
from yiting.places.access import public
from yiting.places.clock import now


@public
@require_safe
def pool(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The list of resources and the list of needs side by side, with what is left of each."""
    form = PoolForm(request.GET)
    form.is_valid()  # what does not fit is left out of cleaned_data, and so is not asked for
    said = form.cleaned_data
    filters = PoolFilters(kind=said.get("kind", ""), alliance=alliance_of(request, slug))
    page = get_pool_page(filters, day=local_day(now()), offers_after=said.get("offers"), asks_after=said.get("asks"))
    context = {"pool": page, "filters": filters, "gives": bool(actor_of(request).handling_ids)}
    return render(request, "alliances/pool.html", context)


@public
@require_safe
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """What an alliance's members offered, promised and brought from a day to a day: what its review counts."""
    alliance = alliance_of(request, slug)
    assert alliance is not None, "an address with a slug has its alliance, or is refused"
    form = RecordForm(request.GET)
    form.is_valid()  # what does not fit is left out of cleaned_data, and so is not asked for
    said = form.cleaned_data
    until = said.get("until") or local_day(now())
    since = min(said.get("since") or until.replace(month=1, day=1), until)
    page = get_record(alliance, since, until, kind=said.get("kind", ""), page=request.GET.get("page", 1))
    context = {"alliance": alliance, "record": page, "since": since, "until": until}
    return render(request, "alliances/pool_record.html", context)


@public
@require_safe
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer: what is left of it, to whom it was promised, and what came of it."""
    page = get_offer_page(pk, by=actor_of(request), day=local_day(now()))
    return render(request, "alliances/pool_offer.html", {"page_of": page, "offer": page.offer})


@public
@require_safe
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """One ask: what is still lacking, who promised what, and, for those who ask, which offers fit and why."""
    by = actor_of(request)
    page = get_ask_page(pk, by=by, day=local_day(now()))
    return render(request, "alliances/pool_ask.html", {"page_of": page, "ask": page.ask})


@public
@require_safe
def helps(request: HttpRequest, code: str) -> HttpResponse:
    """Who helps a need: what is promised, what came, and what is still asked for."""
    found = find_need(read_code(code))
    need = found.root or found
    if not (need.is_public or actor_of(request).works_at(need.place_path)):
        raise NeedMissing
    context = {"need": need, "title": shown_words(need.title), "helps": helps_for_need(need)}
    return render(request, "alliances/pool_helps.html", context)
