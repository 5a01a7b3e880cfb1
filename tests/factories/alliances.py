"""Alliances for tests, made through the services, so that they are as the pages would make them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime

import factory
from django.test import Client

from tests.factories.people import AccountFactory, OrganisationFactory, RoleFactory
from tests.factories.places import make_street
from yiting.activities.models import Kind
from yiting.alliances.models import Alliance, JointKind, Membership, Turn, TurnPlan
from yiting.alliances.services import (
    Slot,
    alliance_found,
    joint_kind_set,
    member_join,
    member_place_open,
    plan_adopt,
    turns_plan,
)
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import get_actor
from yiting.places.models import Place

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
EVERYWHERE = system_actor("tests")
KINDS = ("政治理论联学", "优势资源联享", "实践活动联办", "党员队伍联建", "中心工作联促")
_numbers = itertools.count(1)


class KindFactory(factory.django.DjangoModelFactory[Kind]):
    """A kind of activity."""

    class Meta:
        model = Kind

    code = factory.Sequence(lambda n: f"kind-{n}")
    name = factory.Sequence(lambda n: f"种类{n}")


def make_unit(name: str | None = None, place: Place | None = None) -> Organisation:
    """An enterprise that can be a member."""
    return OrganisationFactory(
        kind=Organisation.Kind.ENTERPRISE, name=name or f"企业{next(_numbers)}", place=place or make_street()
    )


def make_alliance(
    members: int = 0, *, places: int = 0, slug: str | None = None, turns: str = "activity", **more: object
) -> Alliance:
    """An alliance with so many named members and then so many numbered places; all are there from the beginning."""
    base = {"name": "智算未来", "place": make_street(), "turns": turns, "at": AT}
    alliance = alliance_found(by=EVERYWHERE, slug=slug or f"alliance-{next(_numbers)}", **(base | more))  # type: ignore[arg-type]
    for _number in range(members):
        member_join(by=EVERYWHERE, alliance=alliance, organisation=make_unit(), at=AT)
    for _number in range(places):
        member_place_open(by=EVERYWHERE, alliance=alliance, at=AT)
    return alliance


def make_kinds(alliance: Alliance, names: Sequence[str] = KINDS) -> list[JointKind]:
    """The kinds of joint activity of an alliance."""
    return [joint_kind_set(by=EVERYWHERE, alliance=alliance, name=name, kind=KindFactory(), at=AT) for name in names]


def month_slots(year: int = 2027, months: Sequence[int] = range(1, 13), kinds: Sequence[JointKind] = ()) -> list[Slot]:
    """A day a month, the kinds in turn."""
    return [Slot(date(year, month, 15), kinds[at % len(kinds)] if kinds else None) for at, month in enumerate(months)]


def make_plan(alliance: Alliance, slots: Sequence[Slot] | None = None, *, at: datetime = AT) -> TurnPlan:
    """A year's plan, adopted."""
    slots = month_slots() if slots is None else slots
    days = [slot.day for slot in slots]
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, since_on=min(days), until_on=max(days), slots=slots, at=at)
    return plan_adopt(by=EVERYWHERE, plan=draft, at=at)


def turns_of(alliance: Alliance) -> list[Turn]:
    """The turns of an alliance in the order of their days."""
    return list(Turn.objects.filter(alliance=alliance).select_related("membership").order_by("day", "key"))


def contact(organisation: Organisation) -> Account:
    """An account that is an alliance contact of an organisation."""
    account = AccountFactory()
    RoleFactory(account=account, kind="alliance", organisation=organisation, place=organisation.place)
    return account


def contact_of(member: Membership, *, at: datetime = AT) -> Actor:
    """Somebody who speaks for a member."""
    assert member.organisation is not None
    return get_actor(contact(member.organisation), at)


def manager_at(place: Place, kind: str = "street") -> Account:
    """An account of the street's staff over a place."""
    account = AccountFactory()
    office = Organisation.objects.filter(place=place, kind="street_office").first() or OrganisationFactory(
        kind="street_office", name="街道办事处", place=place
    )
    RoleFactory(account=account, kind=kind, organisation=office, place=place)
    return account


def browser(account: Account | None = None) -> Client:
    """A browser in which somebody is signed in, or nobody."""
    client = Client(headers={"accept-language": "en"})
    if account is not None:
        client.force_login(account, backend=BACKEND)
    return client


def text_of(address: str, client: Client | None = None, status: int = 200) -> str:
    response = (client or browser()).get(address)
    assert response.status_code == status, response.content[:400]
    return response.content.decode()
