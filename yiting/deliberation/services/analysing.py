"""What the votes amount to: computed after the commit when enough came in, or when somebody asks for it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django_tasks import task

from yiting.deliberation.errors import TopicMissing
from yiting.deliberation.models import Analysis, Topic, VoteEvent
from yiting.deliberation.policies import can_moderate
from yiting.deliberation.queries.matrix import read_votes
from yiting.methods.opinions import analyse, groups_published, picture_of, published
from yiting.people.actors import Actor, system_actor
from yiting.places.clock import now

# Anew after so many votes, and after a twentieth of what was counted: few in a large topic do not move it.
VOTES, SHARE = 20, 20


def analyse_later(held: Topic, *, added: int) -> None:
    """Have a topic analysed after the commit when the votes just added fill the step. Two queries."""
    last = _last(held)
    step = max(VOTES, (last.votes if last else 0) // SHARE)
    fresh = _fresh(held, last)
    if fresh // step > (fresh - added) // step:
        transaction.on_commit(partial(topic_analyse_task.enqueue, held.pk), robust=True)


@task()
def topic_analyse_task(topic: int) -> None:
    """Analyse a topic, in the worker."""
    found = Topic.objects.filter(pk=topic).first()
    if found is not None:
        topic_analyse(by=system_actor("analysis"), topic=found, at=now())


def topic_analyse(*, by: Actor, topic: Topic, at: datetime) -> Analysis | None:
    """Compute what the votes amount to and keep it; groups keep their names from the analysis before.

    Nothing is computed while fewer votes came than make a group that may be shown: pages that changed with each vote
    would tell who cast it. Takes no lock: it reads votes as they stand, and two at once give the same.
    """
    if not can_moderate(by, place_path=topic.place_path):
        raise TopicMissing
    last = _last(topic)
    newest = VoteEvent.objects.filter(participant__topic=topic).aggregate(newest=Max("pk"))["newest"] or 0
    closed = topic.state in (Topic.State.CLOSED, Topic.State.RESOLVED)
    fresh = _fresh(topic, last)
    if fresh == 0 or (fresh < topic.smallest_group and not closed):
        return last
    votes = read_votes(topic)
    found = analyse(votes, earlier=last.members if last else None)
    shown = published(found, least=topic.smallest_group)
    return Analysis.objects.create(
        topic=topic,
        votes=votes.count,
        participants=len(votes.participants),
        last_event=newest,
        shown={**asdict(shown), "picture": asdict(picture_of(shown))},
        members=dict(found.membership),
        folded=groups_published(found, least=topic.smallest_group),
        at=at,
    )


def _last(topic: Topic) -> Analysis | None:
    return Analysis.objects.filter(topic=topic).order_by("-pk").first()


def _fresh(topic: Topic, last: Analysis | None) -> int:
    return VoteEvent.objects.filter(participant__topic=topic, pk__gt=last.last_event if last else 0).count()
