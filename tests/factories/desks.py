"""Desks for tests: a community with its street office, a worker at it, and a way to sign them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.test import Client

from tests.factories.needs import SAID_AT
from tests.factories.people import AccountFactory, OrganisationFactory, RoleFactory
from tests.factories.places import make_community, make_estate, make_street
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place


@dataclass
class Desk:
    """A community, its organisation under the street office, and a worker."""

    name: str = "天骄社区"
    at: datetime = SAID_AT
    street: Organisation = field(init=False)
    community: Place = field(init=False)
    estate: Place = field(init=False)
    office: Organisation = field(init=False)
    worker: Account = field(init=False)
    by: Actor = field(init=False)

    def __post_init__(self) -> None:
        place = make_street()
        self.street = Organisation.objects.filter(place=place).first() or OrganisationFactory(
            kind=Organisation.Kind.STREET_OFFICE, name="天骄街道办事处", place=place
        )
        self.community = make_community(self.name, place)
        self.estate = make_estate(f"{self.name}一号院", self.community)
        self.office = OrganisationFactory(name=f"{self.name}居委会", place=self.community, parent=self.street)
        self.worker = self.member("worker", self.office)
        self.by = self.actor(self.worker)

    def member(self, kind: str, organisation: Organisation, place: Place | None = None) -> Account:
        """An account that holds one role, over the organisation's place unless another is given."""
        account = AccountFactory()
        RoleFactory(account=account, kind=kind, organisation=organisation, place=place or organisation.place)
        return account

    def actor(self, account: Account) -> Actor:
        """The account as somebody who acts."""
        return get_actor(account, self.at)

    def client(self, account: Account | None = None, language: str = "en") -> Client:
        """A browser in which the worker, or somebody else, is signed in."""
        client = Client(headers={"accept-language": language})
        client.force_login(account or self.worker, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
