"""Statements: what participants and the community put up for a vote, and what is decided about them.

What a rule holds back is kept and waits for somebody to look at it; every decision is public with its reason.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.deliberation.errors import (
    DecisionUnfit,
    LastDays,
    StatementKnown,
    StatementMissing,
    StatementsEnough,
    StatementUnfit,
    TopicClosed,
)
from yiting.deliberation.models import Moderation, Participant, Statement, Topic
from yiting.deliberation.queries.alike import plain
from yiting.deliberation.services.topics import lock_topic, read_reason, require_part, require_speaks, take_topic
from yiting.deliberation.services.votes import participant_of, require_voting
from yiting.deliberation.states import VOTING
from yiting.deliberation.wording import why_held
from yiting.ledger.services import entry_append
from yiting.methods.texts import mask_personal, one_line
from yiting.people.actors import RESIDENT, Actor, system_actor
from yiting.people.models import Person

TEXT_LIMIT = 140
A_VOICE = 20
Decision = Moderation.Decision
_STATE_OF = {
    Decision.HELD: Statement.State.HELD,
    Decision.SHOWN: Statement.State.SHOWN,
    Decision.DECLINED: Statement.State.DECLINED,
    Decision.SAME: Statement.State.DECLINED,
}


@transaction.atomic
def statement_add(
    *,
    by: Actor,
    topic: Topic,
    person: Person,
    text: str,
    is_meta: bool = False,
    voices: Collection[int] = (),
    at: datetime,
) -> Statement:
    """Say something to vote on. Locks the topic. Refused in the last days; held back when a rule says so.

    `voices` are the persons that the same browser is: who took part before signing in is still one participant.
    """
    held = lock_topic(topic)
    require_speaks(by, person)
    require_voting(held, at=at)
    if held.state == Topic.State.CLOSING:
        raise LastDays
    require_part(by, held, person)
    text = _read_text(held, text)
    author = participant_of(held, person, voices=voices, at=at)
    if author.statements.count() >= A_VOICE:
        raise StatementsEnough(limit=A_VOICE)
    # by whom is nobody's business: the role and the unit of an account would say it
    said = _add(held, text, author=author, is_seed=False, is_meta=is_meta, by=RESIDENT, at=at)
    why = why_held(text)
    if why:
        _decide(held, said, Decision.HELD, reason=str(why), by=system_actor("rules"), at=at)
    return said


@transaction.atomic
def statement_seed(*, by: Actor, topic: Topic, text: str, is_meta: bool = False, at: datetime) -> Statement:
    """A statement of the community, to begin with. Locks the topic."""
    held = take_topic(by=by, topic=topic)
    if held.state in (Topic.State.CLOSED, Topic.State.RESOLVED):
        raise TopicClosed
    return _add(held, _read_text(held, text), author=None, is_seed=True, is_meta=is_meta, by=by, at=at)


@transaction.atomic
def statement_moderate(
    *, by: Actor, statement: Statement, decision: str, reason: str, same_as: Statement | None = None, at: datetime
) -> Statement:
    """Decide about a statement, with a public reason. Locks the topic.

    What is shown is shown without the numbers in it that belong to a person. Votes on what is no longer shown are
    kept and not counted; showing it again counts them.
    """
    held = take_topic(by=by, topic=statement.topic)
    said = Statement.objects.filter(pk=statement.pk, topic=held).first()
    if said is None:
        raise StatementMissing
    if held.state not in (*VOTING, Topic.State.DRAFT):
        raise TopicClosed
    if decision not in Decision.values or (decision == Decision.SAME) != (same_as is not None):
        raise DecisionUnfit
    if decision == Decision.SHOWN and not said.text:  # its author was erased while it was held back
        raise DecisionUnfit
    if same_as is not None and (
        same_as.pk == said.pk or same_as.topic_id != held.pk or same_as.state != Statement.State.SHOWN
    ):
        raise DecisionUnfit
    said.same_as = same_as
    if decision == Decision.SHOWN:
        said.text = mask_personal(said.text)[:200]
    _decide(held, said, Decision(decision), reason=read_reason(reason), by=by, at=at)
    return said


def _add(
    held: Topic,
    text: str,
    *,
    author: Participant | None,
    is_seed: bool,
    is_meta: bool,
    by: Actor,
    at: datetime,
) -> Statement:
    said = Statement.objects.create(
        topic=held,
        number=Statement.objects.filter(topic=held).count(),
        author=author,
        text=text,
        is_seed=is_seed,
        is_meta=is_meta,
        state=Statement.State.SHOWN,
        at=at,
    )
    entry_append(
        kind="deliberation.statement.added",
        obj=held,
        by=by,
        at=at,
        facts={"number": said.number},
        public=held.state != Topic.State.DRAFT,
    )
    return said


def _decide(held: Topic, said: Statement, decision: Decision, *, reason: str, by: Actor, at: datetime) -> None:
    said.state = _STATE_OF[decision]
    said.save(update_fields=["state", "same_as", "text"])
    role = by.role_label_at(held.place_path)
    Moderation.objects.create(statement=said, decision=decision, reason=reason, role=role, at=at)
    facts = {"number": said.number, "decision": str(decision.label), "reason": reason}
    is_public = held.state != Topic.State.DRAFT
    entry_append(kind="deliberation.statement.moderated", obj=held, by=by, at=at, facts=facts, public=is_public)


def _read_text(held: Topic, text: str) -> str:
    """One sentence, not said yet word for word."""
    words = one_line(text)
    if not 1 <= len(words) <= TEXT_LIMIT:
        raise StatementUnfit(limit=TEXT_LIMIT, length=len(words))
    wanted = plain(words)
    shown = Statement.objects.filter(topic=held, state=Statement.State.SHOWN).order_by("number")
    for number, known in shown.values_list("number", "text"):
        if plain(known) == wanted:
            raise StatementKnown(number=number)
    return words


def moderation_reasons() -> tuple[str, ...]:
    """Reasons that fit most decisions, offered to be chosen; anybody can write another."""
    return (
        _("It says two things at once; please say them one by one."),
        _("It is not about this question."),
        _("It attacks a person instead of speaking about the matter."),
        _("It names somebody or tells what belongs to a person."),
        _("It says the same as another statement."),
        _("Nothing speaks against it."),
    )
