"""A small town for the tests of people: a street with two communities, and who works where."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.factories.people import AT, AccountFactory, OrganisationFactory, RoleFactory
from tests.factories.places import make_community, make_street
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place


@dataclass
class Town:
    """A street and its two communities, each with its organisation."""

    street: Place
    here: Place
    there: Place
    office: Organisation
    ours: Organisation
    theirs: Organisation

    def member(self, kind: str, organisation: Organisation) -> Account:
        """An account with one role over its organisation's place."""
        account = AccountFactory()
        RoleFactory(account=account, kind=kind, organisation=organisation, place=organisation.place)
        return account

    def actor(self, kind: str, organisation: Organisation) -> Actor:
        """The actor of such an account."""
        return get_actor(self.member(kind, organisation), AT)


@pytest.fixture
def town(db: None) -> Town:
    """天骄街道 with 天骄社区 (here) and another community (there)."""
    street = make_street()
    here = make_community("天骄社区", street)
    there = make_community("万正社区", street)
    return Town(
        street=street,
        here=here,
        there=there,
        office=OrganisationFactory(kind=Organisation.Kind.STREET_OFFICE, name="天骄街道办事处", place=street),
        ours=OrganisationFactory(name="天骄社区居委会", place=here),
        theirs=OrganisationFactory(name="万正社区居委会", place=there),
    )


@pytest.fixture
def texts(settings, monkeypatch) -> list[tuple[str, str]]:
    """The text messages that went out, as (number, text)."""
    sent: list[tuple[str, str]] = []

    class Recorder:
        def send(self, phone: str, text: str) -> None:
            sent.append((phone, text))

    monkeypatch.setattr("yiting.people.senders.ConsoleSender", Recorder)
    settings.YITING_SMS_SENDER = "yiting.people.senders.ConsoleSender"
    return sent
