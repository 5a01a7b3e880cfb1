"""What is done about members on the workbench of alliances."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiting.alliances import forms, services
from yiting.alliances.errors import AllianceMissing
from yiting.alliances.models import Alliance, Membership
from yiting.alliances.queries import alliances as reads
from yiting.alliances.queries.turns import find_membership
from yiting.alliances.views import bench
from yiting.alliances.views.acting import act, sent
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look


@staff
@post_or_look
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Let an organisation join, or open a numbered place."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    form = forms.JoinForm(sent(request), organisations=reads.list_organisations_to_join(alliance), auto_id="join_%s")

    def change() -> None:
        said = form.cleaned_data
        if said["organisation"] is None:
            services.member_place_open(by=by, alliance=alliance, joined_on=said["joined_on"], at=now())
        else:
            services.member_join(by=by, alliance=alliance, at=now(), **said)

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name="join",
        done=_("Written down."),
    )


@staff
@post_or_look
def fill(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which organisation a numbered place is."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    member = _member(alliance, pk)
    organisations = reads.list_organisations_to_join(alliance)
    form = forms.FillForm(sent(request), organisations=organisations, auto_id=f"fill{member.number}_%s")

    def change() -> None:
        services.member_fill(by=by, membership=member, organisation=form.cleaned_data["organisation"], at=now())

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name=f"fill{pk}",
        done=_("The place is filled."),
    )


@staff
@post_or_look
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a member leaves."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    member = _member(alliance, pk)
    form = forms.LeaveForm(sent(request), auto_id=f"leave{member.number}_%s")

    def change() -> None:
        services.member_leave(by=by, membership=member, left_on=form.cleaned_data["left_on"], at=now())

    said = _("Written down. Plan the turns after that day again.")
    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name=f"leave{pk}",
        done=said,
    )


@staff
@post_or_look
def weigh(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say how large a member is."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    member = _member(alliance, pk)
    form = forms.WeighForm(sent(request), auto_id=f"weigh{member.number}_%s")

    def change() -> None:
        said = form.cleaned_data
        services.member_weigh(by=by, membership=member, weight=said["weight"], owed=said["owed"] or 0, at=now())

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name=f"weigh{pk}",
        done=_("Written down."),
    )


@staff
@post_or_look
def figure(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a figure with its source."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    form = forms.FigureForm(sent(request), auto_id="figure_%s")

    def change() -> None:
        services.reported_add(by=by, alliance=alliance, at=now(), **form.cleaned_data)

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name="figure",
        done=_("The figure is kept."),
    )


@staff
@post_or_look
def kind(request: HttpRequest, slug: str) -> HttpResponse:
    """Name a kind of joint activity."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    form = forms.KindForm(sent(request), kinds=reads.list_kinds(), auto_id="kind_%s")

    def change() -> None:
        services.joint_kind_set(by=by, alliance=alliance, at=now(), **form.cleaned_data)

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        change,
        name="kind",
        done=_("Written down."),
    )


@staff
@post_or_look
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what the alliance is."""
    alliance, by, _manages, _own = bench.get_bench_alliance(request, slug)
    organisations = reads.list_organisations_to_join(alliance)
    form = forms.AllianceForm(sent(request), organisations=organisations, auto_id="change_%s")

    def alter() -> None:
        services.alliance_change(by=by, alliance=alliance, at=now(), **form.cleaned_data)

    return act(
        request,
        bench.members_page,
        [slug],
        form,
        alter,
        name="change",
        done=_("Changed."),
    )


def _member(alliance: Alliance, pk: int) -> Membership:
    member = find_membership(alliance, pk)
    if member is None:
        raise AllianceMissing
    return member
