"""What is done about turns on the workbench of alliances."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiting.alliances import forms, services
from yiting.alliances.errors import AllianceMissing
from yiting.alliances.queries import alliances as reads
from yiting.alliances.queries.problems import zone_of
from yiting.alliances.queries.slots import Every, regular_days, slots_for
from yiting.alliances.queries.turns import (
    find_absence,
    find_swap,
    find_turn,
    get_draft,
    get_turns_page,
    list_joint_kinds,
)
from yiting.alliances.views import bench
from yiting.alliances.views.acting import act, sent, tap
from yiting.people.queries import local_day
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look


@staff
@post_or_look
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a draft of a period."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    form = forms.PlanForm(sent(request), kinds=list_joint_kinds(alliance), auto_id="plan_%s")

    def change() -> None:
        said = form.cleaned_data
        first, last = said["since_on"], said["until_on"]
        days = {*regular_days(first, last, Every(said["every"])), *said["days"]}
        slots = slots_for(sorted(days), said["kinds"])
        services.turns_plan(by=by, alliance=alliance, since_on=first, until_on=last, slots=slots, at=now())

    return act(
        request,
        bench.manage_page,
        [slug],
        form,
        change,
        name="plan",
        done=_("A draft is made. Look at it, then adopt it."),
    )


@staff
@post_or_look
def adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the draft stand."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    draft = get_draft(alliance)
    if draft is None:
        return redirect("alliances:manage", slug)
    return tap(
        request,
        bench.manage_page,
        [slug],
        lambda: services.plan_adopt(by=by, plan=draft, at=now()),
        done=_("Adopted. The contacts of the hosts are told."),
    )


@staff
@post_or_look
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw the draft away."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    draft = get_draft(alliance)
    if draft is None:
        return redirect("alliances:manage", slug)
    return tap(
        request,
        bench.manage_page,
        [slug],
        lambda: services.plan_discard(by=by, plan=draft, at=now()),
        done=_("The draft is thrown away; what stands is as it was."),
    )


@staff
@post_or_look
def absence(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a member is away."""
    _alliance, by, _manages, own = bench.get_bench_alliance(request, slug)
    form = bench.absence_form(own, sent(request))

    def change() -> None:
        services.absence_add(by=by, at=now(), **form.cleaned_data)

    said = _("Written down. Turns on these days are named below until the period is planned again.")
    return act(
        request,
        bench.manage_page,
        [slug],
        form,
        change,
        name="absence",
        done=said,
    )


@staff
@post_or_look
def absence_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an absence back."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    away = find_absence(alliance, pk)
    if away is None:
        raise AllianceMissing
    return tap(
        request,
        bench.manage_page,
        [slug],
        lambda: services.absence_remove(by=by, absence=away, at=now()),
        done=_("The absence is taken back."),
    )


@staff
@post_or_look
def swap(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask another host to change turns."""
    alliance, one, by, _manages, _own = bench.get_bench_turn(request, slug, key)
    rows = get_turns_page(alliance, at=now(), year=one.day.year).turns
    form = forms.SwapForm(sent(request), turns=rows, auto_id="swap_%s")

    def change() -> None:
        other = find_turn(alliance, form.cleaned_data["other"])
        if other is None:
            raise AllianceMissing
        services.turn_swap_ask(by=by, turn=one, other=other, at=now())

    return act(
        request,
        bench.turn_page,
        [slug, key],
        form,
        change,
        name="swap",
        done=_("Asked. It is swapped when the other agrees."),
    )


@staff
@post_or_look
def swap_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Agree to a swap, or decline it."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    asked = find_swap(alliance, pk)
    if asked is None:
        raise AllianceMissing
    agrees = request.POST.get("agrees") == "1"
    return tap(
        request,
        bench.manage_page,
        [slug],
        lambda: services.turn_swap_answer(by=by, swap=asked, agrees=agrees, at=now()),
        done=_("Agreed: the turns are swapped.") if agrees else _("Declined: all stays as it was."),
    )


@staff
@post_or_look
def swap_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the question back."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    asked = find_swap(alliance, pk)
    if asked is None:
        raise AllianceMissing
    return tap(
        request,
        bench.manage_page,
        [slug],
        lambda: services.turn_swap_withdraw(by=by, swap=asked, at=now()),
        done=_("The question is taken back."),
    )


@staff
@post_or_look
def skip(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Skip a turn: it is owed."""
    _alliance, one, by, _manages, _own = bench.get_bench_turn(request, slug, key)
    form = forms.SkipForm(sent(request), auto_id="skip_%s")

    def change() -> None:
        services.turn_skip(by=by, turn=one, reason=form.cleaned_data["reason"], at=now())

    said = _("Skipped, and owed. The others are asked to step in.")
    return act(
        request,
        bench.turn_page,
        [slug, key],
        form,
        change,
        name="skip",
        done=said,
    )


@staff
@post_or_look
def step_in(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take a skipped turn on."""
    _alliance, one, by, _manages, own = bench.get_bench_turn(request, slug, key)
    form = forms.StepInForm(sent(request), members=bench.current_members(own, local_day(now())), auto_id="step_in_%s")

    def change() -> None:
        services.turn_step_in(by=by, turn=one, membership=form.cleaned_data["membership"], at=now())

    return act(
        request,
        bench.turn_page,
        [slug, key],
        form,
        change,
        name="step_in",
        done=_("Thank you. The turn has a host again."),
    )


@staff
@post_or_look
def hold(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say that a turn was held."""
    _alliance, one, by, _manages, _own = bench.get_bench_turn(request, slug, key)
    return tap(
        request,
        bench.turn_page,
        [slug, key],
        lambda: services.turn_hold(by=by, turn=one, at=now()),
        done=_("Written down as held."),
    )


@staff
@post_or_look
def announce(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Announce what takes place in a turn."""
    alliance, one, by, _manages, _own = bench.get_bench_turn(request, slug, key)
    form = forms.AnnounceForm(
        sent(request), kinds=list_joint_kinds(alliance), places=reads.list_places_of(alliance), auto_id="announce_%s"
    )

    def change() -> None:
        said = form.cleaned_data
        zone = zone_of(alliance)
        services.turn_make_activity(
            by=by,
            turn=one,
            title=said["title"],
            joint_kind=said["joint_kind"],
            place=said["place"],
            where=said["where"],
            about=said["about"],
            starts_at=datetime.combine(said["on"], said["begins"], zone),
            ends_at=datetime.combine(said["on"], said["ends"], zone),
            at=now(),
        )

    said = _("Announced. The members can sign up for it.")
    return act(
        request,
        bench.turn_page,
        [slug, key],
        form,
        change,
        name="announce",
        done=said,
    )
