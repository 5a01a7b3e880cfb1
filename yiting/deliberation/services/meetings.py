"""Calling a meeting, and writing its minutes as it goes.

Place, time, hosts, sign-up and attendance are the activity's; what is added here are the agenda, the minutes and
their rules. Whoever writes into the minutes holds their row locked, so that nothing changes under those who approve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.activities.models import Activity
from yiting.activities.services import Plan, activity_plan
from yiting.deliberation.errors import (
    AgendaUnfit,
    ChangedMeanwhile,
    MeetingCancelled,
    MeetingElsewhere,
    MeetingMissing,
    MinutesNotOpen,
    NumberUnfit,
)
from yiting.deliberation.models import Meeting, MeetingInvitation, Minutes, Point, Said, Topic
from yiting.deliberation.services.notifying import members_of
from yiting.deliberation.services.wordings import public_words
from yiting.ledger.services import entry_append
from yiting.needs.models import Need
from yiting.notices.services import notices_tell
from yiting.people.actors import Actor
from yiting.people.models import Organisation, RoleKind
from yiting.people.queries import list_role_holders

KIND = "meeting"
AGENDA_LIMIT = 30
TITLE_LIMIT, WORDS_LIMIT, SAID_LIMIT, ROLE_LIMIT = 120, 1_000, 400, 40
QUORUM_LIMIT, APPROVALS_LIMIT = 5_000, 500
VOTES_LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """A point as it is put on the agenda."""

    title: str
    topic: Topic | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is written down at a point; who said what is written line by line."""

    decision: str = ""
    dissent: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None


@transaction.atomic
def meeting_call(
    *,
    by: Actor,
    plan: Plan,
    agenda: Sequence[AgendaItem],
    topic: Topic | None = None,
    invite: Sequence[Organisation] = (),
    invite_roles: Sequence[str] = (),
    quorum: int = 0,
    approvals_needed: int = 1,
    at: datetime,
) -> Meeting:
    """Call a meeting: plan its activity, write its agenda and tell those who are invited."""
    if plan.kind.code != KIND:
        raise ValueError(f"a meeting is an activity of the kind {KIND!r}, not {plan.kind.code!r}")
    unknown = set(invite_roles) - set(RoleKind.values)
    if unknown:
        raise ValueError(f"not a role: {sorted(unknown)}")
    require_keeper(by, plan.place.path)
    items = _checked_agenda(agenda, plan.place.path)
    if topic is not None:
        _require_near(plan.place.path, topic.place_path, topic.question)
    _check_rules(quorum=quorum, approvals_needed=approvals_needed)
    # the calendar and the page of the activity show the agenda too
    about = plan.about or "\n".join(f"{number}. {item.title}" for number, item in enumerate(items, start=1))
    activity = activity_plan(by=by, plan=replace(plan, about=about), at=at)
    meeting = Meeting.objects.create(
        activity=activity, topic=topic, quorum=quorum, approvals_needed=approvals_needed, called_at=at
    )
    minutes = Minutes.objects.create(meeting=meeting, number=1, begun_at=at)
    Point.objects.bulk_create(
        Point(minutes=minutes, position=position, title=item.title, topic=item.topic, need=item.need)
        for position, item in enumerate(items, start=1)
    )
    entry_append(
        kind="deliberation.meeting.called",
        obj=meeting,
        by=by,
        at=at,
        facts={
            "title": activity.title,
            "activity": activity.code,
            "agenda": [item.title for item in items],
            "quorum": quorum,
            "approvals_needed": approvals_needed,
        },
    )
    _invite(meeting, units=list(dict.fromkeys(invite)), roles=list(dict.fromkeys(invite_roles)), at=at)
    return meeting


@transaction.atomic
def meeting_rules_set(*, by: Actor, meeting: Meeting, quorum: int, approvals_needed: int, at: datetime) -> Meeting:
    """Set how many must be there to decide, and how many must approve of the minutes, while these are written."""
    take_draft(by=by, meeting=meeting)
    _check_rules(quorum=quorum, approvals_needed=approvals_needed)
    held = Meeting.objects.get(pk=meeting.pk)
    if (held.quorum, held.approvals_needed) != (quorum, approvals_needed):
        held.quorum, held.approvals_needed = quorum, approvals_needed
        held.save(update_fields=["quorum", "approvals_needed"])
        facts = {"quorum": quorum, "approvals_needed": approvals_needed}
        entry_append(kind="deliberation.meeting.ruled", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def point_add(
    *,
    by: Actor,
    meeting: Meeting,
    title: str,
    topic: Topic | None = None,
    need: Need | None = None,
    at: datetime,
) -> Point:
    """Add a point at the end: to the agenda before the meeting begins, later as something that came up."""
    minutes = take_draft(by=by, meeting=meeting)
    activity = minutes.meeting.activity
    (item,) = _checked_agenda([AgendaItem(title=title, topic=topic, need=need)], activity.place_path)
    if minutes.points.count() >= AGENDA_LIMIT:
        raise AgendaUnfit(limit=AGENDA_LIMIT)
    return Point.objects.create(
        minutes=minutes,
        position=_next_position(minutes.points),
        title=item.title,
        topic=topic,
        need=need,
        announced=at < activity.starts_at,
    )


@transaction.atomic
def point_keep(*, by: Actor, point: Point, kept: Kept, seen: int | None = None, at: datetime) -> Point:
    """Write down what came of a point. `seen` is the version that was looked at: nobody's words are overwritten."""
    held = _take_point(by=by, point=point)
    if seen is not None and seen != held.version:
        raise ChangedMeanwhile
    for what, number in (
        (_("Votes for"), kept.votes_for),
        (_("Votes against"), kept.votes_against),
        (_("Abstained"), kept.abstained),
    ):
        if number is not None and not 0 <= number <= VOTES_LIMIT:
            raise NumberUnfit(what=what, least=0, most=VOTES_LIMIT)
    held.decision = public_words(kept.decision, what=_("Decision"), limit=WORDS_LIMIT)
    held.dissent = public_words(kept.dissent, what=_("Who saw it otherwise, and why"), limit=WORDS_LIMIT)
    held.votes_for, held.votes_against, held.abstained = kept.votes_for, kept.votes_against, kept.abstained
    held.version += 1
    held.save()
    return held


@transaction.atomic
def said_add(*, by: Actor, point: Point, role: str, text: str, at: datetime) -> Said:
    """Write down what somebody said at a point, and in which role."""
    held = _take_point(by=by, point=point)
    words = public_words(text, what=_("What was said"), limit=SAID_LIMIT, required=True)
    label = public_words(role, what=_("In which role"), limit=ROLE_LIMIT, required=True)
    return Said.objects.create(point=held, position=_next_position(held.said), role=label, text=words)


@transaction.atomic
def said_remove(*, by: Actor, said: Said, at: datetime) -> None:
    """Strike out a line while the minutes are being written."""
    _take_point(by=by, point=said.point)
    Said.objects.filter(pk=said.pk).delete()


def require_keeper(by: Actor, place_path: str) -> None:
    """For those who do not work in the place, its meetings are not there to keep."""
    if not by.works_at(place_path):
        raise MeetingMissing


def take_draft(*, by: Actor, meeting: Meeting) -> Minutes:
    """Lock the minutes of a meeting that are being written, for someone who keeps them."""
    found = Minutes.objects.filter(meeting=meeting).order_by("-number").first()
    if found is None:
        raise MeetingMissing
    held = take_minutes(by=by, minutes=found)
    if held.state != Minutes.State.DRAFT:
        raise MinutesNotOpen
    return held


def take_minutes(*, by: Actor, minutes: Minutes) -> Minutes:
    """Lock minutes for someone who keeps them; the meeting must take place."""
    held = lock_minutes(minutes)
    require_keeper(by, held.meeting.activity.place_path)
    if held.meeting.activity.state == Activity.State.CANCELLED:
        raise MeetingCancelled
    return held


def lock_minutes(minutes: Minutes) -> Minutes:
    """Lock the row of minutes."""
    rows = Minutes.objects.select_for_update(of=("self",)).select_related("meeting__activity__place")
    held = rows.filter(pk=minutes.pk).first()
    if held is None:
        raise MeetingMissing
    return held


def _take_point(*, by: Actor, point: Point) -> Point:
    held = take_minutes(by=by, minutes=Minutes(pk=point.minutes_id))
    if held.state != Minutes.State.DRAFT:
        raise MinutesNotOpen
    found = Point.objects.filter(pk=point.pk, minutes=held).first()
    if found is None:
        raise MeetingMissing
    return found


def _checked_agenda(agenda: Sequence[AgendaItem], place_path: str) -> list[AgendaItem]:
    if not 1 <= len(agenda) <= AGENDA_LIMIT:
        raise AgendaUnfit(limit=AGENDA_LIMIT)
    items = []
    for item in agenda:
        title = public_words(item.title, what=_("Point of the agenda"), limit=TITLE_LIMIT, required=True)
        if item.topic is not None:
            _require_near(place_path, item.topic.place_path, item.topic.question)
        if item.need is not None:
            _require_near(place_path, item.need.place_path, item.need.code)
        items.append(AgendaItem(title=title, topic=item.topic, need=item.need))
    return items


def _require_near(place_path: str, other: str, what: str) -> None:
    """A meeting is about its own place, one in it or one around it."""
    if not (place_path.startswith(other) or other.startswith(place_path)):
        raise MeetingElsewhere(what=what)


def _check_rules(*, quorum: int, approvals_needed: int) -> None:
    if not 0 <= quorum <= QUORUM_LIMIT:
        raise NumberUnfit(what=_("How many must be there to decide"), least=0, most=QUORUM_LIMIT)
    if not 1 <= approvals_needed <= APPROVALS_LIMIT:
        raise NumberUnfit(what=_("How many must approve of the minutes"), least=1, most=APPROVALS_LIMIT)


def _invite(meeting: Meeting, *, units: list[Organisation], roles: list[str], at: datetime) -> None:
    MeetingInvitation.objects.bulk_create(
        [MeetingInvitation(meeting=meeting, organisation=unit, at=at) for unit in units]
        + [MeetingInvitation(meeting=meeting, role=role, at=at) for role in roles]
    )
    members = members_of([unit.pk for unit in units], at)
    accounts = [account for unit in units for account in members.get(unit.pk, [])]
    if roles:
        accounts += list_role_holders(meeting.activity.place, roles, at)
    notices_tell(
        about=f"meeting-{meeting.pk}",
        event="called",
        subject=_("You are invited: “%(title)s”") % {"title": meeting.activity.title},
        link=reverse("deliberation:meeting", args=[meeting.activity.code]),
        accounts=accounts,
        at=at,
    )


def _next_position(rows: Any) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1
