"""Finding the person behind a message: one voice for one person, and nobody takes over another's."""

from __future__ import annotations

import threading

import pytest
from django.db import close_old_connections, connection

from tests.factories.people import AT, AccountFactory, PersonFactory
from tests.factories.places import make_building, make_community
from yiting.people import cipher
from yiting.people.actors import RESIDENT, system_actor
from yiting.people.errors import HouseholdPlaceWrong, NotAllowed, PhoneInvalid
from yiting.people.models import Household, Person, PersonalRecord, PersonKey
from yiting.people.queries import get_actor, get_person_by_phone
from yiting.people.services import Identity, person_identify, persons_identify

SYSTEM = system_actor("test")


def identify(by=RESIDENT, **known):
    return person_identify(**{"by": by, "source": "web", "at": AT, **known})


@pytest.fixture
def building(db):
    return make_building()


@pytest.mark.django_db
class TestOneVoice:
    def test_nothing_known_is_a_new_voice_each_time(self):
        assert identify() != identify()

    def test_the_same_number_is_the_same_voice_however_it_is_typed(self):
        assert identify(phone="13800138000") == identify(phone="+86 138-0013-8000", source="phone call")
        assert Person.objects.count() == 1

    def test_the_same_key_of_a_source_is_the_same_voice(self):
        first = identify(source="12345", key="A00077538")
        assert identify(source="12345", key="a00077538 ") == first
        assert identify(source="other", key="A00077538") != first

    def test_a_key_learned_with_a_number_finds_the_voice_alone_later(self):
        first = identify(source="12345", key="K1", phone="13800138000")
        assert identify(source="12345", key="K2", phone="13800138000") == first
        assert identify(source="12345", key="K2") == first
        assert PersonKey.objects.count() == 1

    def test_a_key_stays_with_the_voice_that_had_it_first(self):
        first = identify(source="12345", key="K1")
        second = identify(source="web", phone="13800138000")
        assert identify(source="12345", key="K1", phone="13800138000") == first
        assert PersonalRecord.objects.get(person=first).phone_index is None
        assert get_person_by_phone("13800138000") == second

    def test_what_is_known_is_completed_and_never_overwritten(self):
        person = identify(phone="13800138000", name="张秀英", consent_how="telephone")
        identify(phone="13800138000", name="别人", home="3-2-501")
        record = PersonalRecord.objects.get(person=person)
        assert cipher.decrypt(record.name) == "张秀英"
        assert cipher.decrypt(record.home) == "3-2-501"
        assert (record.consent_how, record.consent_at) == ("telephone", AT)

    def test_one_home_is_one_household(self, building):
        first = identify(phone="13800138000", home="3号楼2单元501室", household_place=building)
        second = identify(phone="13900139000", home="三号楼二单元501", household_place=building)
        third = identify(home="3-2-502", household_place=building)
        assert first.household == second.household != third.household
        assert Household.objects.count() == 2

    def test_a_home_needs_an_estate_or_building(self):
        with pytest.raises(HouseholdPlaceWrong):
            identify(home="501", household_place=make_community())
        assert identify(household_place=make_community()).household is None

    def test_what_is_no_number_is_refused_and_stores_nobody(self):
        with pytest.raises(PhoneInvalid):
            identify(phone="12345")
        assert not Person.objects.exists()


@pytest.mark.django_db
class TestNobodyTakesOver:
    def test_an_account_has_one_person(self):
        account = AccountFactory()
        by = get_actor(account, AT)
        assert identify(by=by, account=account) == identify(by=by, account=account, phone="13800138000")

    def test_nobody_speaks_through_another_account(self):
        account = AccountFactory()
        for by in (RESIDENT, get_actor(AccountFactory(), AT)):
            with pytest.raises(NotAllowed):
                identify(by=by, account=account)
        assert identify(by=SYSTEM, account=account).account == account

    def test_a_number_that_an_account_only_typed_gives_nothing_of_its_owner(self):
        owner = identify(phone="13800138000", name="张秀英")
        account = AccountFactory()
        mine = identify(by=get_actor(account, AT), account=account, phone="13800138000")
        assert mine != owner
        assert get_person_by_phone("13800138000") == owner
        assert cipher.decrypt(mine.record.phone) == "+8613800138000"

    def test_a_typed_number_does_not_keep_its_owner_out_later(self):
        account = AccountFactory()
        mine = identify(by=get_actor(account, AT), account=account, phone="13800138000")
        assert identify(phone="13800138000") != mine

    def test_strangers_add_nothing_to_the_record_of_an_account(self):
        person = PersonFactory(account=AccountFactory(), phone="13800138000")
        assert identify(phone="13800138000", name="假名", home="1-1-1") == person
        person.record.refresh_from_db()
        assert (person.record.name, person.record.home) == ("", "")

    def test_a_worker_completes_it_for_them(self, town):
        person = PersonFactory(account=AccountFactory(), phone="13800138000")
        identify(by=town.actor("worker", town.ours), phone="13800138000", name="张秀英")
        person.record.refresh_from_db()
        assert cipher.decrypt(person.record.name) == "张秀英"


@pytest.mark.django_db
class TestMany:
    def rows(self, count):
        return [Identity(source="12345", key=f"A{n % 7}") for n in range(count)] + [Identity(source="12345")] * 2

    def test_many_at_once_are_the_same_as_one_by_one(self):
        rows = [*self.rows(20), Identity(source="12345", phone="13800138000", name="张")]
        together = persons_identify(by=SYSTEM, rows=rows, at=AT)
        assert len(together) == 23
        assert [p.pk for p in together[:7]] == [p.pk for p in together[7:14]]
        assert together[20] != together[21]
        again = persons_identify(by=SYSTEM, rows=rows, at=AT)
        assert again[:20] == together[:20]
        assert again[22] == together[22]
        assert identify(source="12345", key="A3") == together[3]

    def test_aliases_are_found(self):
        first = identify(source="12345", key="K1", phone="13800138000")
        identify(source="12345", key="K2", phone="13800138000")
        assert persons_identify(by=SYSTEM, rows=[Identity(source="12345", key="K2")], at=AT) == [first]

    def test_the_number_of_queries_does_not_grow(self, django_assert_max_num_queries):
        for count in (3, 300):
            with django_assert_max_num_queries(8):
                persons_identify(by=SYSTEM, rows=self.rows(count), at=AT)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_number_are_one_voice():
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: SQLite lets one in at a time")
    found: list[int] = []
    start = threading.Barrier(2)

    def call() -> None:
        close_old_connections()
        start.wait()
        try:
            found.append(identify(phone="13800138000", source="12345", key="K1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert Person.objects.count() == 1
