"""A street with two communities: who works where, and a browser for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from tests.factories.people import AT, AccountFactory, OrganisationFactory, RoleFactory
from tests.factories.places import make_building, make_community, make_estate, make_street
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place


@dataclass
class Town:
    """A street, its two communities, an estate with a building in the first, and the organisations."""

    street: Place
    here: Place
    there: Place
    estate: Place
    building: Place
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

    def browser(self, kind: str, organisation: Organisation) -> Client:
        """A browser signed in with such an account."""
        client = Client()
        client.force_login(
            self.member(kind, organisation), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client


def make_town() -> Town:
    """天骄街道 with 天骄社区 (here, with 仁和家园) and another community (there)."""
    street = make_street()
    here, there = make_community("天骄社区", street), make_community("万正社区", street)
    estate = make_estate("仁和家园", here, households=306, households_on_allowance=36)
    office = OrganisationFactory(kind=Organisation.Kind.STREET_OFFICE, name="天骄街道办事处", place=street)
    return Town(
        street=street,
        here=here,
        there=there,
        estate=estate,
        building=make_building("1号楼", estate),
        office=office,
        ours=OrganisationFactory(name="天骄社区居委会", place=here, parent=office),
        theirs=OrganisationFactory(name="万正社区居委会", place=there, parent=office),
    )
