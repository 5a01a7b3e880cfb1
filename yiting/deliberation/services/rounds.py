"""What comes with time: the last days begin, topics close on their day, and what was left is analysed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.deliberation.models import Topic
from yiting.deliberation.services.analysing import topic_analyse
from yiting.deliberation.services.topics import begin_closing_held, close_held, lock_topic
from yiting.deliberation.states import VOTING
from yiting.people.actors import Actor

LAST_DAYS = timedelta(days=3)


def topics_round(*, by: Actor, at: datetime) -> dict[str, int]:
    """Begin the last days of topics, close those whose day has come, analyse them; a second run changes nothing."""
    done = {"closing": 0, "closed": 0}
    due = Topic.objects.filter(state__in=VOTING, closes_at__lte=at + LAST_DAYS).order_by("pk")
    for topic in due:
        moved = _move_on(topic, by=by, at=at)
        if moved:
            done[moved] += 1
    for topic in Topic.objects.filter(state__in=(*VOTING, Topic.State.CLOSED), opened_at__isnull=False).order_by("pk"):
        topic_analyse(by=by, topic=topic, at=at)
    return done


@transaction.atomic
def _move_on(topic: Topic, *, by: Actor, at: datetime) -> str:
    """Move one topic on as its day asks; says to where."""
    held = lock_topic(topic)
    if held.state not in VOTING or held.closes_at is None:
        return ""
    if held.closes_at <= at:
        close_held(held, by=by, reason=_("Its last day is over"), at=at)
        return "closed"
    short = held.opened_at is not None and held.closes_at - held.opened_at <= LAST_DAYS
    if held.state == Topic.State.OPEN and held.closes_at <= at + LAST_DAYS and not short:
        begin_closing_held(held, by=by, reason=_("It closes in three days"), at=at)
        return "closing"
    return ""
