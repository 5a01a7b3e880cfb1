"""Who may what, where: grants, expiry, and the matrix of kinds over two communities."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.factories.people import AT, AccountFactory, PersonFactory, RoleFactory
from yiting.people.actors import RESIDENT, system_actor
from yiting.people.errors import NotAllowed
from yiting.people.models import RoleKind
from yiting.people.queries import get_actor
from yiting.people.services import personal_read

# kind of role → (handles matters, administers, is deputy, is staff), at the place of the role
MATRIX = {
    "resident": (False, False, False, False),
    "worker": (True, False, False, True),
    "street": (True, False, False, True),
    "deputy": (False, False, True, True),
    "alliance": (False, False, False, True),
    "admin": (True, True, False, True),
}


def test_the_matrix_knows_every_kind():
    assert set(MATRIX) == set(RoleKind.values)


@pytest.mark.parametrize("kind", MATRIX)
def test_a_role_reaches_its_own_place_and_no_other(town, kind):
    actor = town.actor(kind, town.ours)
    works, administers, deputy, staff = MATRIX[kind]
    assert actor.works_at(town.here.path) is works
    assert actor.administers(town.here.path) is administers
    assert actor.deputy_at(town.here.path) is deputy
    assert actor.is_staff is staff
    for elsewhere in (town.there, town.street):
        assert not actor.works_at(elsewhere.path)
        assert not actor.administers(elsewhere.path)
        assert not actor.deputy_at(elsewhere.path)


@pytest.mark.parametrize("kind", MATRIX)
def test_a_role_over_the_street_reaches_both_communities(town, kind):
    actor = town.actor(kind, town.office)
    for place in (town.street, town.here, town.there):
        assert actor.works_at(place.path) is MATRIX[kind][0]
        assert actor.administers(place.path) is MATRIX[kind][1]


@pytest.mark.parametrize("kind", MATRIX)
def test_personal_data_opens_only_to_those_who_handle_matters_there(town, kind):
    person = PersonFactory(phone="13800138000", name="张秀英")
    actor = town.actor(kind, town.ours)
    if MATRIX[kind][0]:
        data = personal_read(by=actor, person=person, purpose="call back", at=AT, place_path=town.here.path)
        assert data.name == "张秀英"
    else:
        with pytest.raises(NotAllowed):
            personal_read(by=actor, person=person, purpose="call back", at=AT, place_path=town.here.path)
    with pytest.raises(NotAllowed):
        personal_read(by=actor, person=person, purpose="call back", at=AT, place_path=town.there.path)
    with pytest.raises(NotAllowed):
        personal_read(by=actor, person=person, purpose="call back", at=AT)


def test_a_place_whose_number_begins_alike_is_another_place(town):
    actor = town.actor("worker", town.ours)
    assert not actor.works_at(town.here.path.rstrip("/") + "9/")


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (date(2024, 1, 1), None, True),
        (AT.date(), None, True),
        (AT.date() + timedelta(days=1), None, False),
        (date(2024, 1, 1), AT.date() + timedelta(days=1), True),
        (date(2024, 1, 1), AT.date(), False),
        (date(2024, 1, 1), date(2025, 1, 1), False),
    ],
)
def test_a_role_gives_something_only_between_its_days(town, since, until, held):
    role = RoleFactory(organisation=town.ours, since_on=since, until_on=until)
    actor = get_actor(role.account, AT)
    assert bool(actor.grants) is actor.works_at(town.here.path) is held


def test_roles_at_a_resting_organisation_give_nothing(town):
    account = town.member("worker", town.ours)
    town.ours.active = False
    town.ours.save()
    assert get_actor(account, AT).grants == ()


def test_a_closed_account_is_nobody(town):
    account = town.member("admin", town.ours)
    account.is_active = False
    assert get_actor(account, AT) == RESIDENT


def test_a_visitor_is_a_resident():
    assert get_actor(AnonymousUser(), AT) is RESIDENT
    assert not RESIDENT.is_staff
    assert not RESIDENT.works_at("/1/")
    assert RESIDENT.role_label == "resident"


def test_what_is_no_account_is_an_error():
    class Impostor:
        is_authenticated = True

    with pytest.raises(TypeError):
        get_actor(Impostor(), AT)


def test_the_system_works_everywhere_and_is_named_as_such():
    importer = system_actor("import")
    assert importer.works_at("/1/2/")
    assert importer.administers("/")
    assert importer.is_staff
    assert importer.is_admin
    assert importer.role_label == importer.role_label_at("/1/") == "system:import"
    assert importer.work_paths == importer.admin_paths == ("/",)
    assert not importer.deputy_at("/1/")


def test_labels_name_role_and_organisation_never_a_person(town):
    account = AccountFactory(public_name="李主任")
    RoleFactory(account=account, organisation=town.ours)
    RoleFactory(account=account, kind=RoleKind.DEPUTY, organisation=town.theirs)
    RoleFactory(account=account, kind=RoleKind.RESIDENT, organisation=None, place=town.here)
    actor = get_actor(account, AT)
    assert actor.role_label == "worker@天骄社区居委会"
    assert actor.role_label_at(town.there.path) == "deputy@万正社区居委会"
    assert actor.role_label_at("/0/") == actor.role_label
    assert actor.label == "李主任"
    assert actor.organisation_ids == {town.ours.pk, town.theirs.pk}
    assert actor.work_paths == (town.here.path,)


def test_an_actor_costs_two_queries_however_many_roles(town, django_assert_num_queries):
    account = AccountFactory()
    for organisation in (town.office, town.ours, town.theirs):
        RoleFactory(account=account, organisation=organisation)
    person = PersonFactory(account=account)
    with django_assert_num_queries(2):
        actor = get_actor(account, AT)
    assert len(actor.grants) == 3
    assert actor.person_id == person.pk
