"""Makers of needs for tests: searchable rows in the tables, and what was said through the service."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import factory

from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from yiting.needs import search
from yiting.needs.codes import fresh_code
from yiting.needs.models import Category, Need, ServiceRequest, State
from yiting.needs.services import Draft, need_sort, request_file
from yiting.people.actors import RESIDENT, system_actor
from yiting.people.models import Person
from yiting.places.models import Place

SAID_AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
STAFF = system_actor("tests")
_minutes = itertools.count(1)


def said_at() -> datetime:
    """A moment later than the last one given."""
    return SAID_AT + timedelta(minutes=next(_minutes))


class NeedFactory(factory.django.DjangoModelFactory[Need]):
    """A sorted, public need that stands for itself; no request and no entry in the ledger goes with it."""

    class Meta:
        model = Need

    code = factory.LazyFunction(lambda: fresh_code(8))
    title = factory.Sequence(lambda n: f"第{n}件事：路灯坏了")
    place = factory.LazyFunction(make_estate)
    place_path = factory.LazyAttribute(lambda need: need.place.path)
    state = State.SORTED
    is_public = True
    people_count = 1
    household_count = 1
    request_count = 1
    first_at = factory.LazyFunction(said_at)
    last_at = factory.SelfAttribute("first_at")
    started_at = factory.SelfAttribute("first_at")

    @classmethod
    def _create(cls, model_class: type[Need], *args: Any, **kwargs: Any) -> Need:
        need = super()._create(model_class, *args, **kwargs)
        if need.root_id is None:
            need.root = need
            need.save(update_fields=["root"])
        search.index([(need.pk, need.title)])
        return need


class RequestFactory(factory.django.DjangoModelFactory[ServiceRequest]):
    """What one voice said, in a need of its own unless one is given."""

    class Meta:
        model = ServiceRequest

    code = factory.LazyFunction(lambda: fresh_code(12))
    need = factory.SubFactory(NeedFactory)
    person = factory.SubFactory(PersonFactory)
    place = factory.LazyAttribute(lambda request: request.need.place)
    title = factory.Sequence(lambda n: f"路灯坏了{n}")
    text = factory.LazyAttribute(lambda request: f"{request.title}，晚上看不见路。")
    channel = ServiceRequest.Channel.WEB
    role_label = "resident"
    filed_at = factory.LazyFunction(said_at)
    recorded_at = factory.SelfAttribute("filed_at")

    @classmethod
    def _create(cls, model_class: type[ServiceRequest], *args: Any, **kwargs: Any) -> ServiceRequest:
        request = super()._create(model_class, *args, **kwargs)
        search.index([(request.need_id, f"{request.title}\n{request.text}")])
        return request


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    """A topmost category, or one below `parent`."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"类别{n}")
    parent = None
    level = factory.LazyAttribute(lambda category: category.parent.level + 1 if category.parent else 1)
    full_name = factory.LazyAttribute(
        lambda category: f"{category.parent.full_name} › {category.name}" if category.parent else category.name
    )


def say(text: str, place: Place, person: Person | None = None, **known: Any) -> ServiceRequest:
    """Say something through the service, with its entry in the ledger."""
    at = known.pop("at", None) or said_at()
    draft = Draft(place=place, person=person or PersonFactory(), text=text, **known)
    return request_file(by=RESIDENT, draft=draft, at=at)


def public_need(text: str, place: Place, person: Person | None = None, **known: Any) -> Need:
    """Say something and have staff sort it, so that it is public."""
    filed = say(text, place, person, **known)
    return need_sort(by=STAFF, need=filed.need, at=said_at())
