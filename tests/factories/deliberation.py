"""Topics for tests: prepared and opened through the services, with voices that may take part."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories.people import AccountFactory, HouseholdFactory, PersonFactory
from tests.factories.places import make_building, make_estate
from yiting.deliberation.models import Statement, Topic
from yiting.deliberation.services import TopicPlan, statement_seed, topic_draft, topic_open, vote_cast
from yiting.people.actors import RESIDENT, Actor, system_actor
from yiting.people.models import Person, PersonalRecord
from yiting.places.models import Place

_buildings = itertools.count(1)
AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
CLOSES = AT + timedelta(days=14)
EVERYWHERE = system_actor("tests")
QUESTION = "电动车在哪里充电才安全？"
SENTENCES = (
    "楼道里不许停放电动车",
    "应该在车棚里装充电桩",
    "充电桩晚上也要能用",
    "消防通道每天有人巡查",
    "飞线充电先劝告再处罚",
    "电梯里装阻车系统",
)


def make_topic(place: Place | None = None, *, by: Actor = EVERYWHERE, at: datetime = AT, **more: Any) -> Topic:
    """A topic in preparation, open to anybody unless said otherwise."""
    plan = {"question": QUESTION, "who": Topic.Who.ANYBODY, **more}
    return topic_draft(by=by, plan=TopicPlan(place=place or make_estate(), **plan), at=at)


def make_open_topic(
    place: Place | None = None,
    *,
    by: Actor = EVERYWHERE,
    closes_at: datetime = CLOSES,
    sentences: Sequence[str] = SENTENCES[:3],
    at: datetime = AT,
    **more: Any,
) -> Topic:
    """An open topic with statements of the community."""
    topic = make_topic(place, by=by, at=at, **more)
    make_statements(topic, sentences, by=by, at=at)
    return topic_open(by=by, topic=topic, closes_at=closes_at, reason="大家都在问", at=at)


def make_statements(
    topic: Topic, sentences: Sequence[str] = SENTENCES, *, by: Actor = EVERYWHERE, at: datetime = AT
) -> list[Statement]:
    """Statements of the community in a topic."""
    return [statement_seed(by=by, topic=topic, text=text, at=at) for text in sentences]


def make_neighbour(estate: Place) -> Person:
    """Somebody whose household lives in an estate, with a telephone number that is proved."""
    home = HouseholdFactory(place=make_building(f"{next(_buildings)}号邻楼", estate))
    person: Person = PersonFactory(household=home)
    PersonalRecord.objects.create(person=person, phone_verified_at=AT)
    return person


def reader() -> Actor:
    """Somebody with an account of their own who works everywhere."""
    return Actor(account_id=AccountFactory().pk, person_id=None, grants=(), label="tests", everywhere=True)


def cast(topic: Topic, marks: Mapping[int, int], person: Person | None = None, *, at: datetime = AT) -> Person:
    """Let somebody vote on statements by their numbers."""
    person = person or PersonFactory()
    by_number = {one.number: one for one in Statement.objects.filter(topic=topic, number__in=marks)}
    for number, value in marks.items():
        vote_cast(by=RESIDENT, topic=topic, person=person, statement=by_number[number], value=value, at=at)
    return person


def make_camps(topic: Topic, sizes: Sequence[int], *, statements: int, at: datetime = AT) -> list[list[Person]]:
    """Camps of people: each agrees with every statement whose number leaves its own rest, and disagrees with others."""
    return [
        [
            cast(topic, {n: 1 if n % len(sizes) == camp else -1 for n in range(statements)}, at=at)
            for _each in range(size)
        ]
        for camp, size in enumerate(sizes)
    ]
