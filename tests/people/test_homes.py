"""Where somebody lives: their own word, and what it counts for once the community has confirmed it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import AccountFactory, HouseholdFactory, PersonFactory
from tests.factories.places import make_building, make_estate
from tests.factories.town import Town, make_town
from yiting.people.errors import DoorMissing, HomeChanged, HomeMissing, HouseholdPlaceWrong, NotAllowed
from yiting.people.models import Account, Household, Person, PersonalReading, PersonalRecord
from yiting.people.queries import get_actor, list_homes_waiting, person_lives_at
from yiting.people.services import home_confirm, home_refuse, home_tell, person_erase, person_identify
from yiting.places.clock import now
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def building(town: Town) -> Place:
    return make_building("3号楼", town.estate)


@pytest.fixture
def account() -> Account:
    """Somebody whose telephone is proved and whose home nobody knows."""
    account = AccountFactory()
    person = PersonFactory(account=account)
    PersonalRecord.objects.create(person=person, phone_verified_at=now())
    return account


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def tell(account: Account, building: Place, door: str = "2单元501") -> Person:
    return home_tell(by=get_actor(account), person=account.person, place=building, door=door, at=now())


def test_a_home_told_on_the_own_page_counts_once_the_community_confirms_it(
    town: Town, building: Place, account: Account
) -> None:
    told = {"estate": town.estate.pk, "building": "三号楼", "door": "2单元501"}
    assert browser(account).post(reverse("people:home"), told).status_code == 302
    person = Person.objects.get(account=account)
    assert not person_lives_at([person.pk], town.estate.path)
    page = browser(account).get(reverse("people:me")).content.decode()
    assert "3号楼 2单元501" in page
    assert person.household is not None
    worker = browser(town.member("worker", town.ours))
    assert "3号楼 2单元501" in worker.get(reverse("people:homes")).content.decode()
    assert PersonalReading.objects.filter(person=person).exists()
    answer = {"household": person.household.pk, "answer": "yes"}
    worker.post(reverse("people:home_answer", args=[person.pk]), answer)
    assert person_lives_at([person.pk], town.estate.path)
    assert "3号楼" not in worker.get(reverse("people:homes")).content.decode()
    person.refresh_from_db()
    assert person.home_proved_by.startswith("worker@")


def test_the_home_typed_with_a_need_gives_no_vote(town: Town, building: Place, account: Account) -> None:
    person = person_identify(
        by=get_actor(account), source="web", account=account, home="2-501", household_place=building, at=now()
    )
    assert person.household is not None
    assert not person_lives_at([person.pk], town.estate.path)


def test_what_was_seen_at_a_counter_goes_before_what_was_told(town: Town, building: Place) -> None:
    known = {"source": "counter", "phone": "13800000001", "household_place": building, "at": now()}
    worker = get_actor(town.member("worker", town.ours))
    told = person_identify(by=worker, home="1-101", **known)
    assert told.home_proved_at is None
    seen = person_identify(by=worker, home="2-501", home_seen=True, **known)
    assert (seen.pk, seen.home_proved_at is not None) == (told.pk, True)
    assert seen.household != told.household
    again = person_identify(by=worker, home="1-101", home_seen=True, **known)
    assert again.household == seen.household
    with pytest.raises(NotAllowed):
        person_identify(by=get_actor(town.member("worker", town.theirs)), home="1-1", home_seen=True, **known)


def test_who_moves_is_confirmed_anew_and_the_same_again_changes_nothing(
    town: Town, building: Place, account: Account
) -> None:
    person = tell(account, building)
    household = person.household
    assert household is not None
    worker = get_actor(town.member("worker", town.ours))
    home_confirm(by=worker, person=person, household=household, at=now())
    assert tell(account, building, "2-501").home_proved_at is not None
    assert tell(account, building, "2-502").home_proved_at is None
    with pytest.raises(HomeChanged):
        home_confirm(by=worker, person=person, household=household, at=now())


def test_others_confirm_nothing_and_nobody_their_own(town: Town, building: Place, account: Account) -> None:
    person = tell(account, building)
    assert person.household is not None
    answer = {"person": person, "household": person.household, "at": now()}
    for kind, organisation in (("worker", town.theirs), ("deputy", town.ours), ("secretary", town.ours)):
        by = get_actor(town.member(kind, organisation))
        assert not list_homes_waiting(by)
        for act in (home_confirm, home_refuse):
            with pytest.raises(HomeMissing):
                act(by=by, **answer)
    at_work = town.member("worker", town.ours)
    theirs = _person_of(at_work)
    own = home_tell(by=get_actor(at_work), person=theirs, place=building, door="1-101", at=now())
    assert own.household is not None
    with pytest.raises(NotAllowed):
        home_confirm(by=get_actor(at_work), person=own, household=own.household, at=now())
    with pytest.raises(NotAllowed):
        home_tell(by=get_actor(account), person=own, place=building, door="1-101", at=now())


def test_a_home_that_is_not_found_is_told_anew(town: Town, building: Place, account: Account) -> None:
    person = tell(account, building)
    assert person.household is not None
    home_refuse(by=get_actor(town.member("worker", town.ours)), person=person, household=person.household, at=now())
    assert "居委会没有查到您住在这里" in browser(account).get(reverse("people:me")).content.decode()
    assert tell(account, building).household == person.household


def test_bad_input_is_named_and_nothing_is_kept(town: Town, building: Place, account: Account) -> None:
    client = browser(account)
    for told, words in (
        ({"building": "9号楼"}, "有：1号楼、3号楼"),
        ({"door": " "}, "error"),
        ({"estate": "x"}, "error"),
    ):
        answer = client.post(reverse("people:home"), {"estate": town.estate.pk, "building": "3", "door": "1"} | told)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    with pytest.raises(DoorMissing):
        tell(account, building, " ")
    with pytest.raises(HouseholdPlaceWrong):
        tell(account, town.here)
    assert not Household.objects.exists()


def test_erasing_takes_the_home_along(building: Place, account: Account) -> None:
    person = tell(account, building)
    person_erase(by=get_actor(account), person=person, at=now())
    person.refresh_from_db()
    assert (person.household, person.home_told_at, person.home_proved_at) == (None, None, None)


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_costs_one_query(town: Town, number: int, django_assert_num_queries) -> None:
    for n in range(number):
        home = HouseholdFactory(place=make_building(f"{n + 20}号楼", town.estate))
        PersonFactory(household=home, home_proved_at=None, home_told_at=now())
    by = get_actor(town.member("worker", town.ours))
    with django_assert_num_queries(1):
        assert len(list_homes_waiting(by)) == number


def test_an_estate_without_known_buildings_takes_the_building_as_part_of_the_door(account: Account) -> None:
    estate = make_estate()
    told = {"estate": estate.pk, "building": "3号楼", "door": "2单元501"}
    assert browser(account).post(reverse("people:home"), told).status_code == 302
    household = Person.objects.get(account=account).household
    assert household is not None
    assert household.place == estate


def _person_of(account: Account) -> Person:
    person: Person = PersonFactory(account=account)
    return person
