"""Conventions: the text in force, what differs between versions, and on the workbench making and amending."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.deliberation.errors import ConventionMissing, ResolutionMissing
from yiting.deliberation.forms_meetings import AmendForm, ConventionForm
from yiting.deliberation.queries.conventions import (
    find_convention,
    get_bench_convention,
    get_convention_page,
    get_difference,
    list_articles,
    list_conventions,
    list_resolutions_for,
    list_versions,
)
from yiting.deliberation.queries.resolutions import find_resolution
from yiting.deliberation.services import convention_amend, convention_make
from yiting.people.sessions import actor_of
from yiting.places.access import public, staff
from yiting.places.clock import now
from yiting.places.doing import NOT_FIT, do, number_of, post_or_look, sent
from yiting.places.errors import Refused


@public
@require_safe
def conventions(request: HttpRequest) -> HttpResponse:
    """The conventions of all places."""
    return render(request, "deliberation/conventions.html", {"cards": list_conventions()})


@public
@require_safe
def convention(request: HttpRequest, code: str) -> HttpResponse:
    """The text in force, or an older one, and the history."""
    asked = request.GET.get("version")
    number = number_of(asked)
    if asked and number is None:
        raise ConventionMissing
    page = get_convention_page(code, version=number, at=now())
    if code != page.convention.code:
        return redirect("deliberation:convention", page.convention.code)
    return render(request, "deliberation/convention.html", {"page_of": page, "convention": page.convention})


@public
@require_safe
def difference(request: HttpRequest, code: str) -> HttpResponse:
    """What one version says otherwise than another."""
    versions = list_versions(find_convention(code))
    newest = versions[0].number if versions else 0
    new = number_of(request.GET.get("new")) or newest
    old = number_of(request.GET.get("old")) or max(new - 1, 1)
    found = get_difference(code, old=old, new=new)
    return render(request, "deliberation/convention_difference.html", {"found": found, "versions": versions})


@staff
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    """The conventions of the reader's places."""
    cards = list_conventions(by=actor_of(request))
    return render(request, "deliberation/convention_bench.html", {"cards": cards})


@staff
@post_or_look
def make(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a convention that a resolution made."""
    resolution = find_resolution(code)
    if not actor_of(request).works_at(resolution.place_path):
        raise ResolutionMissing
    form = ConventionForm(sent(request))
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        status = NOT_FIT
        if form.is_valid():
            try:
                made = convention_make(by=actor_of(request), resolution=resolution, at=now(), **form.cleaned_data)
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The convention stands in public."))
                return redirect("deliberation:convention", made.code)
    context = {"form": form, "refusal": refusal, "resolution": resolution}
    return render(request, "deliberation/convention_make.html", context, status=status)


@staff
@post_or_look
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """Change articles by a resolution."""
    found = get_bench_convention(code, actor_of(request))
    newest = list_versions(found)[0]
    form = AmendForm(
        sent(request),
        articles=list_articles(newest),
        resolutions=list_resolutions_for(found),
        initial={"resolution": request.GET.get("resolution", ""), "seen": newest.number},
    )

    def change() -> None:
        said = form.cleaned_data
        convention_amend(
            by=actor_of(request),
            convention=found,
            resolution=said["resolution"],
            changes=said["changes"],
            seen=said["seen"],
            in_force_on=said["in_force_on"],
            at=now(),
        )

    def page(*, bound: dict[str, Any] | None = None, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
        context = {"convention": found, "form": form, "refusal": refusal}
        return render(request, "deliberation/convention_amend.html", context, status=status)

    if request.method != "POST":
        return page()
    back = reverse("deliberation:convention", args=[found.code])
    return do(
        request, partial(page), back, change, form=form, name="amend", done=_("The new version stands in public.")
    )
