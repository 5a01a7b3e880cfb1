"""Meetings for tests: called through the services, held, written down and approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_plan
from tests.factories.people import OrganisationFactory, PersonFactory
from tests.factories.places import make_estate
from yiting.activities.services import check_in
from yiting.deliberation.models import Convention, Meeting, Minutes, Point, Resolution
from yiting.deliberation.services import (
    AgendaItem,
    ArticleChange,
    Kept,
    TaskPlan,
    approval_give,
    convention_make,
    meeting_call,
    minutes_ask,
    point_keep,
    resolution_make,
    said_add,
)
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.places.models import Place

DURING = STARTS + timedelta(minutes=30)
LATER = STARTS + timedelta(days=1)
AGENDA = ("电动车停放", "亭子的维护")


def make_meeting(
    place: Place | None = None, *, by: Actor = EVERYWHERE, agenda: Sequence[str] = AGENDA, **more: Any
) -> Meeting:
    """A meeting called for the ninth of July 2026, 15:00 in Shanghai."""
    own = {
        name: more.pop(name)
        for name in ("topic", "invite", "invite_roles", "quorum", "approvals_needed")
        if name in more
    }
    plan = make_plan(place or make_estate(), kind="meeting", **({"title": "小区议事会"} | more))
    return meeting_call(by=by, plan=plan, agenda=[AgendaItem(title=title) for title in agenda], at=AT, **own)


def minutes_of(meeting: Meeting) -> Minutes:
    """The newest version."""
    return Minutes.objects.filter(meeting=meeting).order_by("-number")[0]


def points_of(meeting: Meeting) -> list[Point]:
    """The points of the newest version."""
    return list(Point.objects.filter(minutes=minutes_of(meeting)).order_by("position"))


def seat(meeting: Meeting, number: int = 3) -> list[Person]:
    """So many persons who are there."""
    persons = [PersonFactory() for _n in range(number)]
    for person in persons:
        check_in(by=EVERYWHERE, activity=meeting.activity, person=person, at=DURING)
    return persons


def write(meeting: Meeting, *, decision: str = "车棚装充电桩，楼道不停车。", by: Actor = EVERYWHERE) -> Point:
    """The first point with a line and a decision."""
    point = points_of(meeting)[0]
    said_add(by=by, point=point, role="居民代表", text="楼道里不能再停车了", at=DURING)
    kept = Kept(decision=decision, dissent="租户代表：充电太贵", votes_for=5, votes_against=1, abstained=0)
    return point_keep(by=by, point=point, kept=kept, at=DURING)


def make_asked(place: Place | None = None, *, there: int = 3, **more: Any) -> tuple[Meeting, list[Person]]:
    """A meeting whose minutes wait for approval, and those who were there."""
    meeting = make_meeting(place, **more)
    persons = seat(meeting, there)
    write(meeting)
    minutes_ask(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    return meeting, persons


def make_final(place: Place | None = None, **more: Any) -> Meeting:
    """A meeting with final minutes."""
    meeting, persons = make_asked(place, **more)
    for person in persons[: meeting.approvals_needed]:
        approval_give(by=EVERYWHERE, minutes=minutes_of(meeting), person=person, agrees=True, at=LATER)
    return meeting


def make_resolution(
    place: Place | None = None, *, title: str = "车棚装充电桩", tasks: Sequence[TaskPlan] | int = 1, **more: Any
) -> Resolution:
    """A resolution of the first point of such a meeting, with tasks."""
    meeting = make_final(place)
    if isinstance(tasks, int):
        unit = OrganisationFactory(place=meeting.activity.place)
        tasks = [TaskPlan(what=f"第{n}件事", organisation=unit, due_on=date(2026, 8, 1)) for n in range(1, tasks + 1)]
    return resolution_make(
        by=EVERYWHERE,
        title=title,
        text="车棚装十个充电桩，楼道不再停电动车。",
        point=points_of(meeting)[0],
        tasks=tasks,
        at=LATER,
        **more,
    )


def make_convention(
    place: Place | None = None, *, articles: Sequence[str] = ("楼道不堆东西。", "夜里十点后安静。")
) -> Convention:
    """A convention that a resolution made."""
    return convention_make(
        by=EVERYWHERE,
        resolution=make_resolution(place, tasks=0),
        title="居民公约",
        articles=[ArticleChange(text=text) for text in articles],
        at=LATER,
    )
