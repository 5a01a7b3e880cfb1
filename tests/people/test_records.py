"""Personal records: sealed in the table, read with a log line, copied, erased, sealed anew."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from tests.factories.people import AT, AccountFactory, HouseholdFactory, PersonFactory
from yiting.people import cipher
from yiting.people.actors import RESIDENT, system_actor
from yiting.people.errors import NotAllowed, PersonErased, PurposeMissing
from yiting.people.models import Household, Person, PersonalReading, PersonalRecord, PhoneClaim
from yiting.people.queries import get_actor, get_person_by_phone
from yiting.people.services import (
    person_erase,
    person_export,
    person_identify,
    personal_read,
    personal_read_many,
    personal_rotate,
    personal_update,
    phone_claim,
    records,
    register_holding,
)

SYSTEM = system_actor("test")
SECRETS = ("13800138000", "8613800138000", "张秀英", "3号楼501", "K-4711", "13900139000")


@pytest.fixture
def somebody(town):
    """A person with everything known, without an account."""
    return person_identify(
        by=RESIDENT,
        source="12345",
        key="K-4711",
        phone="13800138000",
        name="张秀英",
        home="3号楼501",
        household_place=HouseholdFactory().place,
        consent_how="telephone",
        at=AT,
    )


def every_cell() -> str:
    """All text of all tables of people as the database holds it."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith("people_")]
        assert len(names) >= 10
        cells = []
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            cells += [str(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(cells)


def test_no_row_shows_anything_in_the_clear(somebody):
    phone_claim(account=AccountFactory(), phone="13900139000", at=AT)
    personal_read(by=SYSTEM, person=somebody, purpose="call back", at=AT)
    stored = every_cell()
    assert "telephone" in stored
    for secret in SECRETS:
        assert secret not in stored


class TestReading:
    def test_each_reading_is_noted_with_role_and_purpose(self, town, somebody):
        worker = town.actor("worker", town.ours)
        data = personal_read(by=worker, person=somebody, purpose=" call back ", at=AT, place_path=town.here.path)
        assert (data.name, data.phone, data.home) == ("张秀英", "+8613800138000", "3号楼501")
        reading = PersonalReading.objects.get()
        assert reading.person == somebody
        assert reading.account_id == worker.account_id
        assert (reading.role_label, reading.purpose, reading.at) == ("worker@天骄社区居委会", "call back", AT)

    def test_a_refused_reading_reads_and_notes_nothing(self, town, somebody):
        with pytest.raises(NotAllowed):
            personal_read(
                by=town.actor("worker", town.theirs),
                person=somebody,
                purpose="x",
                at=AT,
                place_path=town.here.path,
            )
        assert not PersonalReading.objects.exists()

    @pytest.mark.parametrize("purpose", ["", "  "])
    def test_no_reading_without_a_purpose(self, somebody, purpose):
        with pytest.raises(PurposeMissing):
            personal_read(by=SYSTEM, person=somebody, purpose=purpose, at=AT)

    def test_reading_ones_own_is_not_noted(self, somebody):
        somebody.account = AccountFactory()
        somebody.save()
        personal_read(by=get_actor(somebody.account, AT), person=somebody, purpose="mine", at=AT)
        assert not PersonalReading.objects.exists()

    def test_a_voice_without_a_record_has_nothing_to_read(self, db):
        data = personal_read(by=SYSTEM, person=PersonFactory(), purpose="x", at=AT)
        assert (data.name, data.phone, data.home) == ("", "", "")
        assert not PersonalReading.objects.exists()

    def test_many_are_read_in_few_queries(self, db, django_assert_max_num_queries):
        persons = [PersonFactory(phone=f"138001380{n:02}") for n in range(30)]
        with django_assert_max_num_queries(4):
            data = personal_read_many(by=SYSTEM, persons=persons, purpose="notice", at=AT)
        assert data[persons[7].pk].phone == "+8613800138007"
        assert PersonalReading.objects.count() == 30


class TestChanging:
    def test_a_person_changes_their_own_and_nobody_elses(self, somebody):
        somebody.account = AccountFactory()
        somebody.save()
        own = get_actor(somebody.account, AT)
        personal_update(by=own, person=somebody, name="张秀兰", at=AT)
        personal_update(by=own, person=somebody, home="", at=AT)
        data = personal_read(by=own, person=somebody, purpose="mine", at=AT)
        assert (data.name, data.phone, data.home) == ("张秀兰", "+8613800138000", "")
        for by in (RESIDENT, SYSTEM):
            with pytest.raises(NotAllowed):
                personal_update(by=by, person=somebody, name="x", at=AT)

    def test_a_first_record_is_made(self, db):
        person = PersonFactory(account=AccountFactory())
        personal_update(by=get_actor(person.account, AT), person=person, name="李雷", at=AT)
        assert PersonalRecord.objects.get(person=person).consent_how == "own page"


class TestCopy:
    def test_the_copy_holds_everything_and_is_json(self, town, somebody):
        somebody.account = town.member("worker", town.ours)
        somebody.save()
        personal_read(by=SYSTEM, person=somebody, purpose="notice", at=AT)
        copy = json.loads(json.dumps(person_export(by=get_actor(somebody.account, AT), person=somebody, at=AT)))
        assert copy["person"]["name"] == "张秀英"
        assert copy["person"]["phone"] == "+8613800138000"
        assert copy["person"]["consent_how"] == "telephone"
        assert copy["account"]["roles"][0]["organisation"] == "天骄社区居委会"
        assert copy["readings"] == [{"role": "system:test", "purpose": "notice", "at": AT.isoformat()}]

    def test_only_the_person_and_the_administrator_get_it(self, town, somebody):
        for by in (RESIDENT, town.actor("worker", town.ours), town.actor("admin", town.theirs)):
            with pytest.raises(NotAllowed):
                person_export(by=by, person=somebody, at=AT, place_path=town.here.path)
        copy = person_export(by=town.actor("admin", town.ours), person=somebody, at=AT, place_path=town.here.path)
        assert copy["account"] is None
        assert [reading["purpose"] for reading in copy["readings"]] == ["copy for the person"]

    def test_a_voice_without_a_record_has_a_copy_too(self, db):
        copy = person_export(by=SYSTEM, person=PersonFactory(), at=AT)
        assert copy["person"]["consent_at"] is None


class TestErasing:
    def test_the_record_goes_and_the_voice_stays(self, somebody):
        somebody.account = AccountFactory()
        somebody.save()
        phone_claim(account=somebody.account, phone="13900139000", at=AT)
        person_identify(by=RESIDENT, source="other", key="K2", phone="13800138000", at=AT)
        before = Person.objects.count()
        person_erase(by=get_actor(somebody.account, AT), person=somebody, at=AT)
        somebody.refresh_from_db()
        assert Person.objects.count() == before
        assert somebody.erased_at == AT
        assert (somebody.household, somebody.account, somebody.source_key) == (None, None, "")
        assert not somebody.keys.exists()
        assert not PersonalRecord.objects.exists()
        assert not PhoneClaim.objects.exists()
        assert get_person_by_phone("13800138000") is None

    def test_who_looked_stays_on_record(self, somebody):
        personal_read(by=SYSTEM, person=somebody, purpose="call back", at=AT)
        person_erase(by=SYSTEM, person=somebody, at=AT)
        assert PersonalReading.objects.get().purpose == "call back"

    def test_a_household_goes_with_its_last_voice(self, somebody):
        other = PersonFactory(household=somebody.household)
        household = somebody.household
        person_erase(by=SYSTEM, person=somebody, at=AT)
        assert Household.objects.filter(pk=household.pk).exists()
        person_erase(by=SYSTEM, person=other, at=AT)
        assert not Household.objects.filter(pk=household.pk).exists()

    def test_the_same_number_later_is_a_new_voice(self, somebody):
        person_erase(by=SYSTEM, person=somebody, at=AT)
        assert person_identify(by=RESIDENT, source="12345", key="K-4711", phone="13800138000", at=AT) != somebody

    def test_erasing_twice_changes_nothing_and_nothing_can_be_copied(self, somebody):
        person_erase(by=SYSTEM, person=somebody, at=AT)
        person_erase(by=SYSTEM, person=somebody, at=AT + timedelta(days=1))
        somebody.refresh_from_db()
        assert somebody.erased_at == AT
        with pytest.raises(PersonErased):
            person_export(by=SYSTEM, person=somebody, at=AT)

    def test_only_the_person_and_the_administrator_may(self, town, somebody):
        for by in (RESIDENT, town.actor("worker", town.ours), town.actor("admin", town.theirs)):
            with pytest.raises(NotAllowed):
                person_erase(by=by, person=somebody, at=AT, place_path=town.here.path)
        person_erase(by=town.actor("admin", town.ours), person=somebody, at=AT, place_path=town.here.path)


class TestHoldings:
    def test_what_other_modules_hold_is_copied_and_erased_together(self, somebody, monkeypatch):
        monkeypatch.setattr(records, "_holdings", {})
        erased = []

        class Letters:
            def export(self, person, by):
                return [{"text": f"letter of {person.pk}"}]

            def erase(self, person, by, at):
                erased.append((person.pk, by, at))

        register_holding("letters", Letters())
        copy = person_export(by=SYSTEM, person=somebody, at=AT)
        assert copy["letters"] == [{"text": f"letter of {somebody.pk}"}]
        person_erase(by=SYSTEM, person=somebody, at=AT)
        assert erased == [(somebody.pk, SYSTEM, AT)]


class TestNewKey:
    def test_after_a_new_key_everything_is_sealed_anew_and_the_old_key_can_go(self, somebody, settings):
        phone_claim(account=AccountFactory(), phone="13900139000", at=AT)
        new = Fernet.generate_key().decode()
        settings.YITING_KEYS = [new, *settings.YITING_KEYS]
        assert personal_rotate(by=SYSTEM) == 2
        settings.YITING_KEYS = [new]
        assert personal_read(by=SYSTEM, person=somebody, purpose="x", at=AT).name == "张秀英"
        assert cipher.decrypt(PhoneClaim.objects.get().phone) == "+8613900139000"

    def test_only_the_system_does_it(self, town):
        with pytest.raises(NotAllowed):
            personal_rotate(by=town.actor("admin", town.office))
