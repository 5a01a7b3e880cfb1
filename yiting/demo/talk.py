"""What is talked over in the pavilion: one topic still open, and one that became a resolution with tasks. Examples."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yiting.activities.models import Kind
from yiting.activities.services import Plan, check_in
from yiting.deliberation.models import Topic
from yiting.deliberation.services import (
    AgendaItem,
    ArticleChange,
    Kept,
    TaskPlan,
    TopicPlan,
    approval_give,
    convention_make,
    meeting_call,
    minutes_ask,
    minutes_publish,
    point_keep,
    resolution_make,
    said_add,
    statement_seed,
    task_follow,
    topic_analyse,
    topic_close,
    topic_draft,
    topic_open,
    vote_cast,
)
from yiting.demo import facts, talk_facts
from yiting.demo.scene import Scene
from yiting.people.actors import RESIDENT
from yiting.people.models import Person
from yiting.people.services import person_identify

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2024, 6, 3, 9, tzinfo=ZONE)
MET = datetime(2024, 6, 14, 19, 30, tzinfo=ZONE)


def play_talk(scene: Scene) -> None:
    """Play both topics in, with made votes of residents who are examples."""
    lanes = _topic(scene, talk_facts.LANES, at=OPENED)
    topic_analyse(by=scene.actors["shequ"], topic=lanes, at=MET - timedelta(hours=3))
    lanes = topic_close(
        by=scene.actors["shequ"], topic=lanes, reason=talk_facts.LANES_CLOSED, at=MET - timedelta(hours=2)
    )
    _meet(scene, lanes)
    bikes = _topic(scene, talk_facts.BIKES, at=OPENED + timedelta(days=4))
    topic_analyse(by=scene.actors["shequ"], topic=bikes, at=datetime(2024, 6, 16, 20, tzinfo=ZONE))


def _topic(scene: Scene, told: talk_facts.TopicFacts, *, at: datetime) -> Topic:
    worker = scene.actors["shequ"]
    plan = TopicPlan(question=told.question, place=scene.estate, background=told.background, who=Topic.Who.ANYBODY)
    topic = topic_draft(by=worker, plan=plan, at=at)
    statements = [statement_seed(by=worker, topic=topic, text=text, at=at) for text, _ in told.statements]
    topic = topic_open(
        by=worker, topic=topic, closes_at=datetime(2024, 6, 28, 18, tzinfo=ZONE), reason=talk_facts.OPENED, at=at
    )
    for voice in range(talk_facts.VOICES):
        cast_at = at + timedelta(hours=2, minutes=20 * voice)
        person = _person(told.key, voice, at=cast_at)
        for number, (statement, (_, leanings)) in enumerate(zip(statements, told.statements, strict=True)):
            value = talk_facts.vote_of(voice, number, leanings)
            if value is not None:
                vote_cast(by=RESIDENT, topic=topic, person=person, statement=statement, value=value, at=cast_at)
    return topic


def _person(key: str, voice: int, *, at: datetime) -> Person:
    return person_identify(by=RESIDENT, source="demo", key=f"talk-{key}-{voice}", at=at)


def _meet(scene: Scene, topic: Topic) -> None:
    """The estate's meeting in the pavilion: minutes, their approval, a resolution with two tasks, the convention."""
    worker, community = scene.actors["shequ"], scene.organisations[facts.COMMUNITY]
    service = scene.organisations[facts.EXAMPLE_SERVICE]
    meeting = meeting_call(
        by=worker,
        plan=Plan(
            kind=Kind.objects.get(code="meeting"),
            title=talk_facts.MEETING,
            place=scene.estate,
            where="居民议事亭",
            starts_at=MET,
            ends_at=MET + timedelta(hours=1, minutes=30),
            lead=community,
            source=facts.EXAMPLE_SOURCE,
        ),
        agenda=[AgendaItem(title=talk_facts.POINT, topic=topic)],
        topic=topic,
        quorum=5,
        approvals_needed=2,
        at=OPENED,
    )
    present = [_person(talk_facts.LANES.key, voice, at=MET) for voice in range(6)]
    for person in present:
        check_in(by=worker, activity=meeting.activity, person=person, at=MET)
    minutes = meeting.minutes.get()
    point = minutes.points.get()
    for role, words in talk_facts.SAID:
        said_add(by=worker, point=point, role=role, text=words, at=MET + timedelta(minutes=20))
    kept = Kept(decision=talk_facts.DECISION, dissent=talk_facts.DISSENT, votes_for=5, votes_against=0, abstained=1)
    point_keep(by=worker, point=point, kept=kept, at=MET + timedelta(minutes=50))
    over = MET + timedelta(hours=2)
    minutes = minutes_ask(by=worker, minutes=minutes, at=over)
    for person in present[:2]:
        approval_give(by=worker, minutes=minutes, person=person, agrees=True, at=over + timedelta(minutes=10))
    minutes.refresh_from_db()
    minutes_publish(by=worker, minutes=minutes, at=over + timedelta(hours=12))
    made_at = over + timedelta(hours=13)
    resolution = resolution_make(
        by=worker,
        title=talk_facts.RESOLUTION,
        text=talk_facts.DECISION,
        topic=topic,
        point=point,
        decided_on=MET.date(),
        tasks=[
            TaskPlan(what=talk_facts.PAINT, organisation=service, due_on=date(2024, 6, 30)),
            TaskPlan(what=talk_facts.SIGNS, organisation=community, due_on=date(2024, 6, 23)),
        ],
        at=made_at,
    )
    task = resolution.tasks.get(what=talk_facts.PAINT)
    task_follow(
        by=worker, task=task, text="漆已经买好，等天晴就画。（示例）", at=datetime(2024, 6, 16, 18, tzinfo=ZONE)
    )
    convention_make(
        by=worker,
        resolution=resolution,
        title=talk_facts.CONVENTION,
        articles=[ArticleChange(heading=heading, text=text) for heading, text in talk_facts.ARTICLES],
        in_force_on=date(2024, 6, 16),
        at=made_at,
    )
