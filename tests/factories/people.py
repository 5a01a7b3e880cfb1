"""Makers of people for tests; whatever lies in a place gets a new one when none is given."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory

from tests.factories.places import make_building, make_community
from yiting.people import cipher
from yiting.people.models import Account, Household, Organisation, Person, PersonalRecord, Role, RoleKind
from yiting.people.phones import normal_phone

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

HOME_SEEN = datetime(2024, 1, 1, tzinfo=UTC)


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    """An account with the password 'correct-horse-9'."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    public_name = ""
    created_at = AT

    @classmethod
    def _create(cls, model_class: type[Account], *args: Any, **kwargs: Any) -> Account:
        password = kwargs.pop("password", "correct-horse-9")
        return model_class.objects.create_user(kwargs.pop("username"), password, **kwargs)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """A community's own organisation."""

    class Meta:
        model = Organisation

    kind = Organisation.Kind.COMMUNITY
    name = factory.Sequence(lambda n: f"社区{n}")
    place = factory.LazyFunction(make_community)


class RoleFactory(factory.django.DjangoModelFactory[Role]):
    """A worker of an organisation over the organisation's place."""

    class Meta:
        model = Role

    account = factory.SubFactory(AccountFactory)
    kind = RoleKind.WORKER
    organisation = factory.SubFactory(OrganisationFactory)
    place = factory.LazyAttribute(lambda role: role.organisation.place)
    since_on = date(2024, 1, 1)


class HouseholdFactory(factory.django.DjangoModelFactory[Household]):
    """A household in a building of its own."""

    class Meta:
        model = Household

    place = factory.LazyFunction(make_building)
    key = factory.Sequence(lambda n: cipher.blind_index("home", f"factory {n}"))


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """A voice; `phone` and `name` make a sealed record with it."""

    class Meta:
        model = Person

    source = "test"
    # whoever has a household in a test lives there, as far as the community is concerned
    home_proved_at = factory.LazyAttribute(lambda person: HOME_SEEN if getattr(person, "household", None) else None)

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        phone, name = kwargs.pop("phone", ""), kwargs.pop("name", "")
        person = model_class.objects.create(**kwargs)
        if phone or name:
            number = normal_phone(phone) if phone else ""
            PersonalRecord.objects.create(
                person=person,
                name=cipher.encrypt(name),
                phone=cipher.encrypt(number),
                phone_index=cipher.blind_index("phone", number) if number else None,
                phone_verified_at=AT if number and person.account_id else None,
            )
        return person
