"""What the votes amount to: computed after the commit when enough came in, or when somebody asks for it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django_tasks import task

from yiting.deliberation.errors import TopicMissing
from yiting.deliberation.models import Analysis, Moderation, Topic, VoteEvent
from yiting.deliberation.policies import can_moderate
from yiting.deliberation.queries.matrix import read_votes
from yiting.methods.opinions import analyse, groups_published, picture_of, published, statement_reach
from yiting.people.actors import Actor, system_actor
from yiting.places.clock import now

# Anew after so many votes, and after a twentieth of what was counted: few in a large topic do not move it.
VOTES, SHARE = 20, 20


def analyse_later(held: Topic, *, added: int) -> None:
    """Have a topic analysed after the commit when the votes just added fill the step. Two queries."""
    last = _last(held)
    step = max(VOTES, (last.votes if last else 0) // SHARE)
    fresh = _since(held, last).count()
    if fresh // step > (fresh - added) // step:
        transaction.on_commit(partial(topic_analyse_task.enqueue, held.pk), robust=True)


def analyse_at_the_end(held: Topic) -> None:
    """Have a topic analysed after the commit that closes it: a large one takes longer than whoever closes it waits."""
    transaction.on_commit(partial(topic_analyse_task.enqueue, held.pk), robust=True)


@task()
def topic_analyse_task(topic: int) -> None:
    """Analyse a topic, in the worker."""
    found = Topic.objects.filter(pk=topic).first()
    if found is not None:
        topic_analyse(by=system_actor("analysis"), topic=found, at=now())


def topic_analyse(*, by: Actor, topic: Topic, at: datetime) -> Analysis | None:
    """Compute what the votes amount to and keep it; groups keep their names from the analysis before.

    Two results that differ by a few people's votes would tell how these voted. So votes count once as many people as
    make a group that may be shown have voted since the last result, also at the end. What was decided about
    statements counts at once, with the votes that are counted already. Takes no lock: two at once give the same.
    """
    if not can_moderate(by, place_path=topic.place_path):
        raise TopicMissing
    last = _last(topic)
    until = _countable(topic, last)
    decided = Moderation.objects.filter(statement__topic=topic).aggregate(newest=Max("pk"))["newest"] or 0
    if not until or (last is not None and (until, decided) == (last.last_event, last.last_decision)):
        return last
    votes = read_votes(topic, until=until)
    found = analyse(votes, earlier=last.members if last else None)
    shown = published(found, least=topic.smallest_group)
    return Analysis.objects.create(
        topic=topic,
        votes=votes.count,
        participants=len(votes.participants),
        last_event=until,
        last_decision=decided,
        reach=statement_reach(found),
        shown={**asdict(shown), "picture": asdict(picture_of(shown))},
        members=dict(found.membership),
        folded=groups_published(found, least=topic.smallest_group),
        at=at,
    )


def _last(topic: Topic) -> Analysis | None:
    return Analysis.objects.filter(topic=topic).order_by("-pk").first()


def _since(topic: Topic, last: Analysis | None) -> QuerySet[VoteEvent]:
    return VoteEvent.objects.filter(participant__topic=topic, pk__gt=last.last_event if last else 0)


def _countable(topic: Topic, last: Analysis | None) -> int:
    """The newest vote that a result may count; 0 when there is none."""
    fresh = _since(topic, last).aggregate(newest=Max("pk"), people=Count("participant", distinct=True))
    is_over = topic.state in (Topic.State.CLOSED, Topic.State.RESOLVED)
    if fresh["people"] >= topic.smallest_group or (last is None and is_over):
        return int(fresh["newest"] or 0)
    return last.last_event if last is not None else 0
