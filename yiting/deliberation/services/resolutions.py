"""What was decided, who does what about it by when, and how far they are.

What is locked: the row of the task, or of the resolution while it opens a need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import (
    DueUnfit,
    LinkUnfit,
    MinutesCorrected,
    MinutesNotFinal,
    NotAllowed,
    PointUndecided,
    ResolutionMissing,
    ResolvedAlready,
    TaskDone,
    TopicNotClosed,
)
from yiting.deliberation.models import Minutes, Point, Resolution, ResolutionTask, TaskNote, Topic
from yiting.deliberation.policies import can_follow
from yiting.deliberation.queries.words import resolution_words
from yiting.deliberation.services.notifying import members_of
from yiting.deliberation.services.topics import topic_resolve
from yiting.deliberation.services.wordings import public_words
from yiting.ledger.services import entry_append
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.services import Draft, request_file
from yiting.notices.services import notices_tell
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.people.queries import local_day
from yiting.people.services import person_identify

TITLE_LIMIT, TEXT_LIMIT, WHAT_LIMIT, NOTE_LIMIT, LINK_LIMIT = 120, 4_000, 200, 400, 400
YEARS_AHEAD = 5
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task as it is set: what, who, and by when."""

    what: str
    organisation: Organisation
    due_on: date


@transaction.atomic
def resolution_make(
    *,
    by: Actor,
    title: str,
    text: str,
    topic: Topic | None = None,
    point: Point | None = None,
    decided_on: date | None = None,
    tasks: Sequence[TaskPlan] = (),
    at: datetime,
) -> Resolution:
    """Write down a resolution of a meeting's point, or of a closed topic, which is resolved with it.

    Its place is that of the meeting or the topic. A point counts once its minutes are final.
    """
    if point is not None:
        found = Point.objects.select_related("minutes__meeting__activity__place", "minutes__meeting__topic", "topic")
        point = found.get(pk=point.pk)
        meeting = point.minutes.meeting
        place, day = meeting.activity.place, local_day(meeting.activity.starts_at)
        topic = topic or point.topic or meeting.topic
    elif topic is not None:
        place, day = topic.place, local_day(topic.closed_at or at)
    else:
        raise ResolutionMissing
    if not by.works_at(place.path):
        raise ResolutionMissing
    if topic is not None:  # as it stands now: it may have been closed since it was read
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
    if point is not None:
        Point.objects.select_for_update().get(pk=point.pk)
    _require_decided(topic, point)
    name = public_words(title, what=_("Title"), limit=TITLE_LIMIT, required=True)
    if Resolution.objects.filter(topic=topic, point=point, title=name).exists():
        raise ResolvedAlready
    resolution = Resolution.objects.create(
        code=fresh_code(8),
        title=name,
        text=public_words(text, what=_("What was decided"), limit=TEXT_LIMIT, required=True),
        place=place,
        place_path=place.path,
        topic=topic,
        point=point,
        decided_on=decided_on or day,
        made_at=at,
    )
    facts = {
        "title": resolution.title,
        "place": place.name,
        "decided_on": resolution.decided_on.isoformat(),
        "topic": topic.code if topic is not None else "",
    }
    words = resolution_words([str(resolution.pk)])[str(resolution.pk)]
    entry_append(kind="deliberation.resolution.made", obj=resolution, by=by, at=at, facts=facts, words=words)
    for plan in tasks:
        task_set(
            by=by, resolution=resolution, what=plan.what, organisation=plan.organisation, due_on=plan.due_on, at=at
        )
    if topic is not None and topic.state == Topic.State.CLOSED and by.works_at(topic.place_path):
        reason = _("It came to the resolution “%(title)s”.") % {"title": resolution.title}
        topic_resolve(by=by, topic=topic, reason=reason, at=at)
    return resolution


@transaction.atomic
def task_set(
    *, by: Actor, resolution: Resolution, what: str, organisation: Organisation, due_on: date, at: datetime
) -> ResolutionTask:
    """Ask an organisation to do something by a day; its people are told."""
    if not by.works_at(resolution.place_path):
        raise ResolutionMissing
    _check_due(due_on, at=at)
    task = ResolutionTask.objects.create(
        resolution=resolution,
        what=public_words(what, what=_("What is to be done"), limit=WHAT_LIMIT, required=True),
        organisation=organisation,
        due_on=due_on,
        set_at=at,
    )
    facts = {"what": task.what, "organisation": organisation.name, "due_on": due_on.isoformat()}
    entry_append(kind="deliberation.task.set", obj=resolution, by=by, at=at, facts=facts)
    _tell(task, event="set", subject=_("A task for you: %(what)s") % {"what": task.what}, at=at)
    return task


@transaction.atomic
def task_follow(*, by: Actor, task: ResolutionTask, text: str, at: datetime) -> TaskNote:
    """Say how far a task is; those whose task it is may, and those who work in the place."""
    held = _take(by=by, task=task)
    note = TaskNote.objects.create(
        task=held,
        text=public_words(text, what=_("How far it is"), limit=NOTE_LIMIT, required=True),
        role=by.role_label_at(held.resolution.place_path)[:160],
        at=at,
    )
    facts = {"what": held.what, "note": note.text}
    entry_append(kind="deliberation.task.followed", obj=held.resolution, by=by, at=at, facts=facts)
    return note


@transaction.atomic
def task_finish(*, by: Actor, task: ResolutionTask, outcome: str, evidence: str = "", at: datetime) -> ResolutionTask:
    """Say that a task is done, and what shows it: in words, and with a link if there is one."""
    held = _take(by=by, task=task)
    link = evidence.strip()
    if link and (len(link) > LINK_LIMIT or not link.startswith("https://")):
        raise LinkUnfit(limit=LINK_LIMIT)
    held.outcome = public_words(outcome, what=_("What shows that it is done"), limit=NOTE_LIMIT, required=True)
    held.evidence, held.done_at = link, at
    held.save(update_fields=["outcome", "evidence", "done_at"])
    facts = {"what": held.what, "outcome": held.outcome, "late": local_day(at) > held.due_on}
    entry_append(kind="deliberation.task.done", obj=held.resolution, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def task_move(*, by: Actor, task: ResolutionTask, due_on: date, reason: str, at: datetime) -> ResolutionTask:
    """Set another day for a task, with a public reason. Those who work in the place may; a unit asks them."""
    held = _take(by=by, task=task)
    if not by.works_at(held.resolution.place_path):
        raise NotAllowed
    _check_due(due_on, at=at)
    why = public_words(reason, what=_("Reason"), limit=NOTE_LIMIT, required=True)
    if due_on == held.due_on:
        return held
    facts = {"what": held.what, "was": held.due_on.isoformat(), "due_on": due_on.isoformat(), "reason": why}
    held.due_on = due_on
    held.save(update_fields=["due_on"])
    entry_append(kind="deliberation.task.moved", obj=held.resolution, by=by, at=at, facts=facts)
    _tell(
        held,
        event=f"moved-{due_on.isoformat()}",
        subject=_("Another day for a task: %(what)s") % {"what": held.what},
        at=at,
    )
    return held


@transaction.atomic
def resolution_open_need(*, by: Actor, resolution: Resolution, at: datetime) -> Need:
    """Make a need of a resolution, so that it goes the way of every need; a second time gives the same one.

    Locks the resolution. The voice of the need is the resolution's own: it is no household's.
    """
    held = Resolution.objects.select_for_update(of=("self",)).select_related("place", "need").get(pk=resolution.pk)
    if not by.works_at(held.place_path):
        raise ResolutionMissing
    if held.need is not None:
        return held.need
    voice = person_identify(by=by, source="resolution", key=held.code, at=at)
    draft = Draft(
        place=held.place,
        person=voice,
        title=held.title,
        text=held.text,
        channel=ServiceRequest.Channel.PAPER,
        idempotency_key=f"resolution-{held.code}",
    )
    held.need = request_file(by=by, draft=draft, at=at).need
    held.save(update_fields=["need"])
    facts = {"need": held.need.code}
    entry_append(kind="deliberation.resolution.opened_need", obj=held, by=by, at=at, facts=facts)
    return held.need


def tasks_follow_up(*, at: datetime) -> int:
    """Remind the organisations of what is due within three days or overdue, each once; return how many were told."""
    today = local_day(at)
    due = ResolutionTask.objects.filter(done_at__isnull=True, due_on__lte=today + SOON)
    tasks = list(due.select_related("resolution", "organisation").order_by("due_on", "pk"))
    members = members_of({task.organisation_id for task in tasks}, at)
    told = 0
    for task in tasks:
        overdue = task.due_on < today
        words = _("Overdue: %(what)s") if overdue else _("Due soon: %(what)s")
        told += notices_tell(
            about=f"resolution-{task.resolution_id}",
            event=f"task-{task.pk}-{'overdue' if overdue else 'soon'}-{task.due_on.isoformat()}",
            subject=words % {"what": task.what},
            body=task.resolution.title,
            link=_link(task),
            accounts=members.get(task.organisation_id, []),
            at=at,
        )
    return told


def _require_decided(topic: Topic | None, point: Point | None) -> None:
    if point is None:
        assert topic is not None
        if topic.state not in (Topic.State.CLOSED, Topic.State.RESOLVED):
            raise TopicNotClosed
        return
    if point.minutes.state != Minutes.State.FINAL:
        raise MinutesNotFinal
    if Minutes.objects.filter(meeting=point.minutes.meeting, number__gt=point.minutes.number, state="final").exists():
        raise MinutesCorrected
    if not point.decision:
        raise PointUndecided


def _take(*, by: Actor, task: ResolutionTask) -> ResolutionTask:
    """Lock a task that is not done, for its organisation or for those who work in the place."""
    rows = ResolutionTask.objects.select_for_update(of=("self",)).select_related("resolution", "organisation")
    held = rows.filter(pk=task.pk).first()
    if held is None or not can_follow(by, organisation_id=held.organisation_id, place_path=held.resolution.place_path):
        raise ResolutionMissing
    if held.done_at is not None:
        raise TaskDone
    return held


def _check_due(due_on: date, *, at: datetime) -> None:
    today = local_day(at)
    if not today <= due_on <= today + timedelta(days=366 * YEARS_AHEAD):
        raise DueUnfit(years=YEARS_AHEAD)


def _tell(task: ResolutionTask, *, event: str, subject: str, at: datetime) -> None:
    notices_tell(
        about=f"resolution-{task.resolution_id}",
        event=f"task-{task.pk}-{event}",
        subject=subject,
        body=task.resolution.title,
        link=_link(task),
        accounts=members_of([task.organisation_id], at).get(task.organisation_id, []),
        at=at,
    )


def _link(task: ResolutionTask) -> str:
    return reverse("deliberation:bench_resolution", args=[task.resolution.code])
