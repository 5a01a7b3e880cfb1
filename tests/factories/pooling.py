"""Offers, asks and promises for tests: by factory where a row is only looked at, by services where the way matters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory

from tests.factories.people import AccountFactory, OrganisationFactory, RoleFactory
from tests.factories.places import make_community
from yiting.alliances.models import Ask, Match, Offer, Pool, Relation, ResourceKind
from yiting.alliances.services import ask_open, match_claim, match_confirm, offer_make
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place

AT = datetime(2024, 4, 15, 1, 0, tzinfo=UTC)
TODAY = date(2024, 4, 15)
EVERYWHERE = system_actor("tests")


class PoolFactory(factory.django.DjangoModelFactory[Pool]):
    """A pool; asked for twice by the same code, the same one."""

    class Meta:
        model = Pool
        django_get_or_create = ("code",)

    code = "goods"
    name = "筹物"


class KindFactory(factory.django.DjangoModelFactory[ResourceKind]):
    """A kind that can be divided, counted in hours; asked for twice by the same code, the same one."""

    class Meta:
        model = ResourceKind
        django_get_or_create = ("code",)

    code = "volunteers"
    name = "志愿者"
    pool = factory.SubFactory(PoolFactory)
    measure = "人时"


class UnitFactory(OrganisationFactory):
    """An enterprise in the industrial park."""

    kind = Organisation.Kind.ENTERPRISE
    place = factory.LazyFunction(lambda: park())
    name = factory.Sequence(lambda n: f"单位{n}")


class OfferFactory(factory.django.DjangoModelFactory[Offer]):
    """Ten hours of a unit of its own; nothing is told to the ledger."""

    class Meta:
        model = Offer

    organisation = factory.SubFactory(UnitFactory)
    kind = factory.SubFactory(KindFactory)
    title = factory.Sequence(lambda n: f"帮手{n}")
    amount = 10
    place = factory.SelfAttribute("organisation.place")
    place_path = factory.SelfAttribute("place.path")
    created_at = AT


class AskFactory(factory.django.DjangoModelFactory[Ask]):
    """Ten hours that a unit of its own asks for; nothing is told to the ledger."""

    class Meta:
        model = Ask

    organisation = factory.SubFactory(UnitFactory)
    kind = factory.SubFactory(KindFactory)
    title = factory.Sequence(lambda n: f"要人{n}")
    amount = 10
    place = factory.SelfAttribute("organisation.place")
    place_path = factory.SelfAttribute("place.path")
    created_at = AT


class MatchFactory(factory.django.DjangoModelFactory[Match]):
    """A suggestion between an offer and an ask of the same kind."""

    class Meta:
        model = Match

    offer = factory.SubFactory(OfferFactory)
    ask = factory.SubFactory(AskFactory)
    amount = 1
    suggested_at = AT


class RelationFactory(factory.django.DjangoModelFactory[Relation]):
    """A supply between two units of their own."""

    class Meta:
        model = Relation

    upstream = factory.SubFactory(UnitFactory)
    downstream = factory.SubFactory(UnitFactory)
    kind = Relation.Kind.SUPPLY
    what = factory.Sequence(lambda n: f"零件{n}")
    source = "合同"
    created_at = AT


def park() -> Place:
    """A community for all units that are given no place: a street has but a hundred of them."""
    return Place.objects.filter(name="产业园").first() or make_community("产业园")


def hall() -> ResourceKind:
    """A kind that goes as a whole, one a day."""
    return KindFactory(code="hall", name="会场", measure="场", whole=True)


def money() -> ResourceKind:
    """Money, in integer fen."""
    return KindFactory(code="money", name="资金", measure="元", money=True, pool=PoolFactory(code="money", name="筹资"))


def make_unit(name: str = "", **more: Any) -> Organisation:
    """A unit in the industrial park, or where `place` says."""
    return UnitFactory(name=name, **more) if name else UnitFactory(**more)


def contact_account(unit: Organisation, kind: str = "alliance") -> Account:
    """An account that is a unit's alliance contact, or holds another role at it."""
    account = AccountFactory()
    RoleFactory(account=account, kind=kind, organisation=unit, place=unit.place)
    return account


def contact(unit: Organisation, kind: str = "alliance") -> Actor:
    """Such an account as somebody who acts."""
    return get_actor(contact_account(unit, kind), AT)


def make_offer(unit: Organisation | None = None, *, amount: int = 10, **more: Any) -> Offer:
    """An offer made through the service."""
    base = {"kind": more.pop("kind", None) or KindFactory(), "title": "帮手", "at": AT}
    return offer_make(by=EVERYWHERE, organisation=unit or make_unit(), amount=amount, **(base | more))


def make_ask(unit: Organisation | None = None, *, amount: int = 10, **more: Any) -> Ask:
    """An ask opened through the service, by a unit for itself unless a need or project is given."""
    base = {"kind": more.pop("kind", None) or KindFactory(), "title": "要人", "at": AT}
    if "need" not in more and "project" not in more:
        more["organisation"] = unit or make_unit()
    return ask_open(by=EVERYWHERE, amount=amount, **(base | more))


def promise(offer: Offer, ask: Ask, **more: Any) -> Match:
    """What the giving side claimed and the asking side confirmed."""
    match = match_claim(by=EVERYWHERE, offer=offer, ask=ask, side=Match.Side.OFFER, at=AT, **more)
    return match_confirm(by=EVERYWHERE, match=match, at=AT)
