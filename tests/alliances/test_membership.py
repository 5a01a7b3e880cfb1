"""Founding alliances, members who come, go and come back, figures with their sources, and who may do what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories.alliances import (
    AT,
    EVERYWHERE,
    KindFactory,
    contact_of,
    make_alliance,
    make_unit,
    manager_at,
)
from tests.factories.people import AccountFactory, RoleFactory
from tests.factories.places import make_community, make_street
from yiting.alliances.errors import (
    AllianceMissing,
    DaysWrongWay,
    FigureKnown,
    FigureUnfit,
    MemberAlready,
    MemberLeft,
    NameMissing,
    PlaceNotOpen,
    SlugUnfit,
    WeightUnfit,
)
from yiting.alliances.models import Alliance, Membership
from yiting.alliances.policies import may_act_for, may_manage_alliance
from yiting.alliances.queries.units import list_units
from yiting.alliances.services import (
    alliance_change,
    alliance_found,
    joint_kind_set,
    member_fill,
    member_join,
    member_leave,
    member_place_open,
    member_weigh,
    reported_add,
)
from yiting.ledger.models import Entry
from yiting.people.actors import RESIDENT
from yiting.people.queries import get_actor

pytestmark = pytest.mark.django_db


def kinds_told() -> list[str]:
    return list(Entry.objects.order_by("index").values_list("kind", flat=True))


def test_what_nobody_said_stays_empty_and_the_ledger_is_told() -> None:
    alliance = alliance_found(by=EVERYWHERE, slug="zhizao", name="智造先锋", place=make_street(), at=AT)
    assert (alliance.lead, alliance.cooperating, alliance.rule, alliance.turns) == (None, None, "", "activity")
    assert kinds_told()[-1] == "alliances.alliance.founded"


@pytest.mark.parametrize("slug", ["", "Bench", "bench", "pool", "chain", "a b", "-a", "智造", "a" * 41, "../x"])
def test_an_address_that_cannot_be_is_refused(slug: str) -> None:
    with pytest.raises(SlugUnfit):
        alliance_found(by=EVERYWHERE, slug=slug, name="智造先锋", place=make_street(), at=AT)


def test_an_address_is_given_once_and_a_name_is_needed() -> None:
    make_alliance(slug="zhizao")
    with pytest.raises(SlugUnfit):
        make_alliance(slug="zhizao")
    for name in ("", "  ", "长" * 61):
        with pytest.raises(NameMissing):
            make_alliance(name=name)


def test_changes_keep_what_is_not_named() -> None:
    alliance = make_alliance(field="大数据")
    lead = make_unit("高新技术产业园管理办公室")
    alliance_change(by=EVERYWHERE, alliance=alliance, lead=lead, turns="season", at=AT)
    stored = Alliance.objects.get(pk=alliance.pk)
    assert (stored.field, stored.lead, stored.turns) == ("大数据", lead, "season")
    told = len(kinds_told())
    alliance_change(by=EVERYWHERE, alliance=alliance, turns="season", at=AT)
    assert len(kinds_told()) == told


def test_a_kind_named_again_is_changed() -> None:
    alliance = make_alliance()
    first, second = KindFactory(), KindFactory()
    joint_kind_set(by=EVERYWHERE, alliance=alliance, name="政治理论联学", kind=first, at=AT)
    joint_kind_set(by=EVERYWHERE, alliance=alliance, name="优势资源联享", kind=first, at=AT)
    again = joint_kind_set(by=EVERYWHERE, alliance=alliance, name=" 政治理论联学 ", kind=second, at=AT)
    assert [(k.name, k.position) for k in alliance.joint_kinds.order_by("position")] == [
        ("政治理论联学", 0),
        ("优势资源联享", 1),
    ]
    assert again.kind == second


def test_a_numbered_place_is_filled_once() -> None:
    alliance = make_alliance(places=2)
    first, second = Membership.objects.filter(alliance=alliance).order_by("number")
    unit = make_unit("晶澳")
    member_fill(by=EVERYWHERE, membership=first, organisation=unit, at=AT)
    assert [(one.number, one.is_filled) for one in list_units(alliance)] == [(1, True), (2, False)]
    with pytest.raises(PlaceNotOpen, match="晶澳"):
        member_fill(by=EVERYWHERE, membership=first, organisation=make_unit(), at=AT)
    with pytest.raises(MemberAlready):
        member_fill(by=EVERYWHERE, membership=second, organisation=unit, at=AT)


def test_one_that_left_and_came_back_is_one_unit_with_two_stays() -> None:
    alliance = make_alliance(1)
    unit = make_unit()
    member = member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, joined_on=date(2026, 1, 1), at=AT)
    member_leave(by=EVERYWHERE, membership=member, left_on=date(2026, 6, 30), at=AT)
    with pytest.raises(MemberAlready):
        member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, joined_on=date(2026, 6, 30), at=AT)
    back = member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, joined_on=date(2026, 9, 1), at=AT)
    assert back.number == member.number == 2
    assert member_place_open(by=EVERYWHERE, alliance=alliance, at=AT).number == 3
    found = list_units(alliance)[1]
    assert found.stays == (member, back)
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [found.is_member(day) for day in days] == [True, False, False, True]


def test_leaving_twice_or_before_joining_is_refused() -> None:
    alliance = make_alliance()
    unit = make_unit("金龙")
    member = member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, joined_on=date(2026, 1, 1), at=AT)
    with pytest.raises(DaysWrongWay):
        member_leave(by=EVERYWHERE, membership=member, left_on=date(2025, 12, 31), at=AT)
    member_leave(by=EVERYWHERE, membership=member, left_on=date(2026, 1, 1), at=AT)
    with pytest.raises(MemberLeft, match="金龙"):
        member_leave(by=EVERYWHERE, membership=member, left_on=date(2026, 1, 2), at=AT)


def test_a_number_names_one_unit_while_it_is_held() -> None:
    alliance = make_alliance(places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(alliance=alliance, number=1)


@pytest.mark.parametrize("weight", [0, -1, 1_001])
def test_a_size_must_be_one(weight: int) -> None:
    alliance = make_alliance(places=1)
    with pytest.raises(WeightUnfit):
        member_weigh(by=EVERYWHERE, membership=alliance.memberships.get(), weight=weight, at=AT)
    with pytest.raises(WeightUnfit):
        member_weigh(by=EVERYWHERE, membership=alliance.memberships.get(), weight=1, owed=101, at=AT)


def test_a_figure_needs_its_source_and_is_kept_once() -> None:
    alliance = make_alliance()
    with pytest.raises(FigureUnfit):
        reported_add(by=EVERYWHERE, alliance=alliance, what="党员", amount=129, source=" ", at=AT)
    with pytest.raises(FigureUnfit):
        reported_add(by=EVERYWHERE, alliance=alliance, what="党员", amount=-1, source="党群版", at=AT)
    reported_add(by=EVERYWHERE, alliance=alliance, what="党员", amount=129, source="党群版", said_when="2024-05", at=AT)
    with pytest.raises(FigureKnown):
        reported_add(
            by=EVERYWHERE, alliance=alliance, what="党员", amount=130, source="他处", said_when="2024-05", at=AT
        )
    reported_add(by=EVERYWHERE, alliance=alliance, what="党员", amount=130, source="他处", said_when="2024-06", at=AT)
    assert [figure.amount for figure in alliance.reported.order_by("pk")] == [129, 130]


def test_who_manages_and_who_speaks_for_a_unit() -> None:
    lead, cooperating = make_unit(), make_unit()
    alliance = make_alliance(2, lead=lead, cooperating=cooperating)
    member = alliance.memberships.order_by("number").first()
    assert member is not None
    contact = contact_of(member)
    street = get_actor(manager_at(alliance.place), AT)
    elsewhere = get_actor(manager_at(make_street("巴音街道", "150602002000")), AT)
    worker = AccountFactory()
    RoleFactory(account=worker, kind="worker", organisation=member.organisation, place=make_community())
    of_lead, of_cooperating = (
        contact_of(Membership(alliance=alliance, organisation=unit, number=9)) for unit in (lead, cooperating)
    )
    managing = [EVERYWHERE, street, of_lead, of_cooperating]
    not_managing = [RESIDENT, contact, elsewhere, get_actor(worker, AT)]
    assert all(may_manage_alliance(by, alliance) for by in managing)
    assert not any(may_manage_alliance(by, alliance) for by in not_managing)
    assert may_act_for(contact, organisation_id=member.organisation_id)
    assert not may_act_for(get_actor(worker, AT), organisation_id=member.organisation_id)
    assert not may_act_for(contact, organisation_id=lead.pk)
    assert not may_act_for(contact, organisation_id=None)


def test_every_write_is_for_those_who_manage() -> None:
    alliance = make_alliance(1, places=1)
    member = alliance.memberships.get(number=1)
    stranger = contact_of(member)
    unit, place = make_unit(), alliance.memberships.get(number=2)
    told = len(kinds_told())
    for refused in (
        lambda: alliance_found(by=stranger, slug="x", name="x", place=alliance.place, at=AT),
        lambda: alliance_change(by=stranger, alliance=alliance, field="x", at=AT),
        lambda: joint_kind_set(by=stranger, alliance=alliance, name="x", kind=KindFactory(), at=AT),
        lambda: member_place_open(by=stranger, alliance=alliance, at=AT),
        lambda: member_fill(by=stranger, membership=place, organisation=unit, at=AT),
        lambda: member_join(by=stranger, alliance=alliance, organisation=unit, at=AT),
        lambda: member_leave(by=stranger, membership=member, left_on=date(2027, 1, 1), at=AT),
        lambda: member_weigh(by=stranger, membership=member, weight=2, at=AT),
        lambda: reported_add(by=stranger, alliance=alliance, what="x", amount=1, source="x", at=AT),
    ):
        with pytest.raises(AllianceMissing):
            refused()
    assert len(kinds_told()) == told
