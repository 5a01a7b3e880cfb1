"""The workbench of alliances: whose turn it is and what can be done about it, the plan, the members."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiting.alliances import forms, services
from yiting.alliances.errors import AllianceMissing
from yiting.alliances.models import Alliance, Membership, Turn, TurnSwap
from yiting.alliances.policies import may_act_for, may_manage_alliance
from yiting.alliances.queries import alliances as reads
from yiting.alliances.queries.problems import state_of, zone_of
from yiting.alliances.queries.turns import (
    TurnRow,
    TurnsPage,
    find_turn,
    get_draft,
    get_turns_page,
    list_joint_kinds,
    list_open_swaps,
    list_proposals,
)
from yiting.alliances.queries.units import Unit, list_units
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries import local_day
from yiting.people.sessions import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.errors import Refused

# What a request that was refused brings back to its page: the form as it was filled in, and why not.
Bound = dict[str, Any]


@staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The alliances that somebody manages or belongs to."""
    by = actor_of(request)
    cards = reads.list_own_alliances(by, at=now())
    return render(request, "alliances/bench_home.html", {"cards": cards, "may_found": bool(reads.founding_paths(by))})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Found an alliance."""
    by = actor_of(request)
    places = reads.list_places_to_found(by)
    if not places:
        raise AllianceMissing
    organisations = reads.list_organisations_near(places)
    form = forms.FoundForm(
        request.POST if request.method == "POST" else None, organisations=organisations, places=places
    )
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.alliance_found(by=by, at=now(), **form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Founded. Now say who belongs to it."))
            return redirect("alliances:members", made.slug)
    status = 200 if request.method != "POST" else refusal.status if refusal else 422
    return render(request, "alliances/bench_found.html", {"form": form, "refusal": refusal}, status=status)


@staff
@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """The turns of an alliance, its draft and absences, and what can be done about them."""
    return manage_page(request, slug)


@staff
@require_safe
def turn(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One turn and what can be done about it."""
    return turn_page(request, slug, key)


@staff
@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of an alliance, its kinds and figures."""
    return members_page(request, slug)


def get_bench_alliance(request: HttpRequest, slug: str) -> tuple[Alliance, Actor, bool, list[Unit]]:
    """An alliance, who asks, whether they manage it, and the units for which they act; not theirs is not there."""
    alliance, by = reads.get_alliance(slug), actor_of(request)
    units = list_units(alliance)
    manages = may_manage_alliance(by, alliance)
    own = [unit for unit in units if manages or may_act_for(by, organisation_id=unit.organisation_id)]
    if not manages and not own:
        raise AllianceMissing
    return alliance, by, manages, own


def get_bench_turn(request: HttpRequest, slug: str, key: str) -> tuple[Alliance, Turn, Actor, bool, list[Unit]]:
    """A turn of such an alliance."""
    alliance, by, manages, own = get_bench_alliance(request, slug)
    one = find_turn(alliance, key)
    if one is None:
        raise AllianceMissing
    return alliance, one, by, manages, own


def manage_page(
    request: HttpRequest, slug: str, *, bound: Bound | None = None, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """Show the turns with the forms that fit; what was refused is said beside what was filled in."""
    alliance, _by, manages, own = get_bench_alliance(request, slug)
    page = get_turns_page(alliance, at=now())
    draft = get_draft(alliance) if manages else None
    acts: Bound = {"absence": absence_form(own)}
    if manages:
        acts["plan"] = forms.PlanForm(
            kinds=list_joint_kinds(alliance),
            initial={"since_on": page.today, "until_on": page.today.replace(month=12, day=31)},
            auto_id="plan_%s",
        )
    context = {
        "alliance": alliance,
        "page_of": page,
        "manages": manages,
        "own": {unit.number for unit in own},
        "draft": draft,
        "proposals": list_proposals(draft) if draft else [],
        "swaps": [row for row in list_open_swaps(alliance) if manages or _concerns(row.swap, own)],
        "contacts": reads.list_contacts(alliance, at=now()),
        "acts": acts | (bound or {}),
        "opened": next(iter(bound or {}), ""),
        "refusal": refusal,
    }
    return render(request, "alliances/bench_turns.html", context, status=status)


def turn_page(
    request: HttpRequest,
    slug: str,
    key: str,
    *,
    bound: Bound | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a turn with the forms that fit where it stands."""
    alliance, one, _by, manages, own = get_bench_turn(request, slug, key)
    page = get_turns_page(alliance, at=now(), year=one.day.year)
    row = next((row for row in page.turns if row.key == key), None)
    if row is None:
        raise AllianceMissing
    mine = manages or row.number in {unit.number for unit in own}
    acts = turn_forms(alliance, one, row, page, own, mine=mine)
    context = {
        "alliance": alliance,
        "page_of": page,
        "manages": manages,
        "row": row,
        "skip_reason": one.skip_reason if manages else "",
        "acts": acts | (bound or {}),
        "opened": next(iter(bound or {}), ""),
        "refusal": refusal,
    }
    return render(request, "alliances/bench_turn.html", context, status=status)


def members_page(
    request: HttpRequest, slug: str, *, bound: Bound | None = None, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """Show the members with the forms that change them; for those who manage."""
    alliance, _by, manages, units = get_bench_alliance(request, slug)
    if not manages:
        raise AllianceMissing
    organisations = reads.list_organisations_to_join(alliance)
    acts = {
        "join": forms.JoinForm(organisations=organisations, auto_id="join_%s"),
        "figure": forms.FigureForm(auto_id="figure_%s"),
        "kind": forms.KindForm(kinds=reads.list_kinds(), auto_id="kind_%s"),
        "change": forms.AllianceForm(organisations=organisations, initial=_as_it_is(alliance), auto_id="change_%s"),
    }
    today = now().astimezone(zone_of(alliance)).date()
    context = {
        "alliance": alliance,
        "rows": [
            {
                "unit": unit,
                "member": unit.latest,
                "is_current": reads.is_current(unit, today),
                "fill": None
                if unit.is_filled
                else forms.FillForm(organisations=organisations, auto_id=f"fill{unit.number}_%s"),
                "leave": forms.LeaveForm(auto_id=f"leave{unit.number}_%s"),
                "weigh": forms.WeighForm(
                    initial={"weight": unit.latest.weight, "owed": unit.latest.owed}, auto_id=f"weigh{unit.number}_%s"
                ),
            }
            for unit in units
        ],
        "kinds": list_joint_kinds(alliance),
        "figures": list(alliance.reported.order_by("pk")),
        "acts": acts | (bound or {}),
        "opened": next(iter(bound or {}), ""),
        "refusal": refusal,
    }
    return render(request, "alliances/bench_members.html", context, status=status)


def absence_form(own: list[Unit], data: Any = None) -> forms.AbsenceForm:
    """The form of an absence, for the units for which somebody acts."""
    return forms.AbsenceForm(data, members=current_members(own, local_day(now())), auto_id="absence_%s")


def current_members(units: list[Unit], today: date) -> list[Membership]:
    """The stays of units that have not ended."""
    return [unit.latest for unit in units if reads.is_current(unit, today)]


def turn_forms(alliance: Alliance, one: Turn, row: TurnRow, page: TurnsPage, own: list[Unit], *, mine: bool) -> Bound:
    """The forms that fit where a turn stands and who looks at it."""
    today = page.today
    acts: Bound = {}
    if state_of(one) == Turn.State.SKIPPED:
        members = [member for member in current_members(own, page.today) if member.pk != one.skipped_by_id]
        return {"step_in": forms.StepInForm(members=members, auto_id="step_in_%s")} if row.day >= today else {}
    if state_of(one) != Turn.State.PLANNED or row.announced or not mine:
        return acts
    if row.organisation_id is not None:
        acts["announce"] = announce_form(alliance, one, row)
    if row.day >= today:
        others = [other for other in page.turns if _can_be_had(other, row)]
        if others:
            acts["swap"] = forms.SwapForm(turns=others, auto_id="swap_%s")
        acts["skip"] = forms.SkipForm(auto_id="skip_%s")
    if row.day <= today:
        acts["hold"] = True
    return acts


def announce_form(alliance: Alliance, one: Turn, row: TurnRow, data: Any = None) -> forms.AnnounceForm:
    """The form of an announcement; what is known already stands in it."""
    return forms.AnnounceForm(
        data,
        kinds=list_joint_kinds(alliance),
        places=reads.list_places_of(alliance),
        initial={"joint_kind": one.joint_kind_id, "on": row.day, "place": alliance.place_id},
        auto_id="announce_%s",
    )


def _member_forms(unit: Unit, organisations: list[Organisation], bound: Bound) -> Bound:
    """The forms beside a member; one that was refused comes back as it was filled in."""
    pk, number = unit.latest.pk, unit.number
    weighed = {"weight": unit.latest.weight, "owed": unit.latest.owed}
    made: Bound = {
        "leave": forms.LeaveForm(auto_id=f"leave{number}_%s"),
        "weigh": forms.WeighForm(initial=weighed, auto_id=f"weigh{number}_%s"),
    }
    if not unit.is_filled:
        made["fill"] = forms.FillForm(organisations=organisations, auto_id=f"fill{number}_%s")
    back = {name: bound[f"{name}{pk}"] for name in made if f"{name}{pk}" in bound}
    return made | back | {"opened": next(iter(back), "")}


def _can_be_had(other: TurnRow, row: TurnRow) -> bool:
    return other.number != row.number and other.state == Turn.State.PLANNED and not other.announced and not other.unsaid


def _concerns(swap: TurnSwap, own: list[Unit]) -> bool:
    return bool({swap.asker_id, swap.answerer_id} & {stay.pk for unit in own for stay in unit.stays})


def _as_it_is(alliance: Alliance) -> dict[str, Any]:
    return {
        "field": alliance.field,
        "lead": alliance.lead_id or "",
        "cooperating": alliance.cooperating_id or "",
        "rule_name": alliance.rule_name,
        "rule": alliance.rule,
        "turns": alliance.turns,
        "by_weight": alliance.by_weight,
    }
