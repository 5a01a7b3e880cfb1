"""Topics: prepared by the community, proposed by residents or taken from a need; opened, closed and resolved.

What is locked is the row of the topic, before the ledger's head: nobody votes while it closes, so that what is
counted at the end is what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import (
    ClosingDayUnfit,
    InvitedMissing,
    NeedElsewhere,
    NotAllowed,
    NotForYou,
    NumberUnfit,
    PersonalInside,
    QuestionMissing,
    ReasonMissing,
    StepNotPossible,
    SupportedAlready,
    TopicClosed,
    TopicMissing,
    TopicOfNeedStands,
)
from yiting.deliberation.models import Invitation, Topic, TopicSupport, Vote
from yiting.deliberation.policies import can_moderate, can_speak_as
from yiting.deliberation.queries.topics import may_take_part
from yiting.deliberation.services.analysing import analyse_at_the_end
from yiting.deliberation.services.notifying import tell_of_topic
from yiting.deliberation.services.wordings import public_words
from yiting.deliberation.states import change_state, last_day
from yiting.deliberation.wording import why_held
from yiting.ledger.services import entry_append
from yiting.methods.texts import mask_personal, one_line
from yiting.needs.models import Need
from yiting.needs.models import State as NeedState
from yiting.needs.services import need_discuss
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Organisation, Person
from yiting.places.models import Place

QUESTION_LIMIT = 120
BACKGROUND_LIMIT = 4_000
REASON_LIMIT = 400
# How long a topic is open when nobody says otherwise, and how long it may be at most.
DAYS_OPEN, DAYS_MOST = 21, 366
SUPPORTS_NEEDED, SUPPORTS_MOST = 20, 100_000
GROUP_LEAST, GROUP_MOST = 3, 1_000
State = Topic.State
# What residents who support a proposal put their name to.
_SUPPORTED = ("question", "place", "who")


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic as it is to be: the question, what one should know, where, and who takes part."""

    question: str
    place: Place
    background: str = ""
    who: str = Topic.Who.RESIDENTS
    organisations: Sequence[Organisation] = ()
    supports_needed: int = SUPPORTS_NEEDED
    smallest_group: int = 5


@transaction.atomic
def topic_draft(*, by: Actor, plan: TopicPlan, at: datetime) -> Topic:
    """Prepare a topic of the community; it is not public until it opens."""
    _require_place(by, plan.place)
    topic = _new(plan, origin=Topic.Origin.OFFICE, at=at)
    _append("drafted", topic, by=by, at=at, facts={"question": topic.question}, public=False)
    return topic


@transaction.atomic
def topic_from_need(*, by: Actor, need: Need, plan: TopicPlan, at: datetime) -> Topic:
    """Prepare a topic about a need; a need that is sorted goes to the pavilion with it."""
    _require_place(by, plan.place)
    if not need.place_path.startswith(plan.place.path):
        raise NeedElsewhere
    Need.objects.select_for_update().get(pk=need.pk)
    known = Topic.objects.filter(need=need, question=one_line(plan.question))
    if known.exclude(state__in=(State.CLOSED, State.RESOLVED)).exists():
        raise TopicOfNeedStands
    if need.state != NeedState.DISCUSSED:
        need_discuss(by=by, need=need, at=at)
    topic = _new(plan, origin=Topic.Origin.NEED, need=need, at=at)
    facts = {"question": topic.question, "need": need.code}
    _append("drafted", topic, by=by, at=at, facts=facts, public=False)
    return topic


@transaction.atomic
def topic_propose(
    *, by: Actor, person: Person, place: Place, question: str, background: str = "", at: datetime
) -> Topic:
    """A resident's proposal: public at once, it opens when enough people support it. The first is who proposes."""
    require_speaks(by, person)
    why = why_held(f"{question}\n{background}")
    if why:
        raise PersonalInside(why=why)
    plan = TopicPlan(question=question, place=place, background=background)
    topic = _new(plan, origin=Topic.Origin.RESIDENTS, proposer=person, at=at)
    require_part(by, topic, person)
    TopicSupport.objects.create(topic=topic, person=person, at=at)
    _append("proposed", topic, by=by, at=at, facts={"question": topic.question})
    return topic


@transaction.atomic
def topic_change(*, by: Actor, topic: Topic, plan: TopicPlan, at: datetime) -> Topic:
    """Change what a topic asks and of whom, before it opens; afterwards only its background, for votes were cast."""
    held = take_topic(by=by, topic=topic)
    _require_place(by, plan.place)
    fields = _checked(plan)
    if held.state in (State.CLOSED, State.RESOLVED):
        raise TopicClosed
    is_proposal = held.origin == Topic.Origin.RESIDENTS
    if held.state != State.DRAFT:
        fields = {"background": fields["background"]}
    elif is_proposal and any(getattr(held, name) != fields[name] for name in _SUPPORTED):
        raise SupportedAlready
    elif held.need_id is not None and not _need_of(held).place_path.startswith(plan.place.path):
        raise NeedElsewhere
    if not is_proposal:
        fields.pop("supports_needed", None)
    for name, value in fields.items():
        setattr(held, name, value)
    held.changed_at = at
    held.save()
    if held.state == State.DRAFT:
        _invite(held, plan)
    is_public = held.state != State.DRAFT or is_proposal
    facts = {"question": held.question, "background": _digest(held.background)}
    _append("changed", held, by=by, at=at, facts=facts, public=is_public)
    return open_when_enough(held, at=at) if is_proposal and held.state == State.DRAFT else held


@transaction.atomic
def topic_open(*, by: Actor, topic: Topic, closes_at: datetime, reason: str, at: datetime) -> Topic:
    """Open a topic until a day; who proposed or prepared it waits for nothing else."""
    held = take_topic(by=by, topic=topic)
    if held.state != State.DRAFT:
        raise StepNotPossible(state=held.get_state_display(), target=State.OPEN.label)
    return open_held(held, by=by, closes_at=closes_at, reason=reason, kind="opened", at=at)


@transaction.atomic
def topic_reopen(*, by: Actor, topic: Topic, closes_at: datetime, reason: str, at: datetime) -> Topic:
    """Put the last day off, or open again what was closed, with the reason."""
    held = take_topic(by=by, topic=topic)
    if held.state == State.DRAFT:
        raise StepNotPossible(state=held.get_state_display(), target=State.OPEN.label)
    return open_held(held, by=by, closes_at=closes_at, reason=reason, kind="reopened", at=at)


@transaction.atomic
def topic_begin_closing(*, by: Actor, topic: Topic, reason: str, at: datetime) -> Topic:
    """Begin the last days: votes are still taken, new statements no more, so that all get their votes."""
    held = take_topic(by=by, topic=topic)
    return begin_closing_held(held, by=by, reason=reason, at=at)


@transaction.atomic
def topic_close(*, by: Actor, topic: Topic, reason: str, at: datetime) -> Topic:
    """Close a topic, or decline a proposal; the ledger keeps a digest of all votes as they stand."""
    held = take_topic(by=by, topic=topic)
    return close_held(held, by=by, reason=reason, at=at)


@transaction.atomic
def topic_resolve(*, by: Actor, topic: Topic, reason: str, at: datetime) -> Topic:
    """Say what came of a closed topic."""
    held = take_topic(by=by, topic=topic)
    _move(held, State.RESOLVED, "resolved", by=by, reason=reason, at=at)
    tell_of_topic(held, "resolved", subject=_("What was talked over in the pavilion has a result"), at=at)
    return held


def take_topic(*, by: Actor, topic: Topic) -> Topic:
    """Lock a topic for a change by those who work in its place; for others it is not there."""
    held = lock_topic(topic)
    if not can_moderate(by, place_path=held.place_path):
        raise TopicMissing
    return held


def lock_topic(topic: Topic) -> Topic:
    """Lock a topic and read it anew."""
    held = Topic.objects.select_for_update(of=("self",)).select_related("place").filter(pk=topic.pk).first()
    if held is None:
        raise TopicMissing
    return held


def open_held(held: Topic, *, by: Actor, closes_at: datetime, reason: str, kind: str, at: datetime) -> Topic:
    """Open a locked topic until a day."""
    if not at < closes_at <= at + timedelta(days=DAYS_MOST):
        raise ClosingDayUnfit(days=DAYS_MOST)
    if held.state != State.OPEN:  # putting off the last day of an open one is no change of state
        change_state(held, State.OPEN)
    held.closes_at, held.closed_at = closes_at, None
    is_first, held.opened_at = held.opened_at is None, held.opened_at or at
    facts: dict[str, object] = {"until": last_day(closes_at, held.place).isoformat()}
    _store(held, kind, by=by, reason=reason, at=at, facts=facts)
    if is_first:
        tell_of_topic(held, "opened", subject=_("It is being talked over in the pavilion. You can vote."), at=at)
    return held


def open_when_enough(held: Topic, *, at: datetime) -> Topic:
    """Open a locked proposal that has the supports it needs."""
    number = held.supports.count()
    if number < held.supports_needed:
        return held
    reason = _("%(number)s residents support it") % {"number": number}
    until = at + timedelta(days=DAYS_OPEN)
    return open_held(held, by=system_actor("supports"), closes_at=until, reason=reason, kind="opened", at=at)


def close_held(held: Topic, *, by: Actor, reason: str, at: datetime) -> Topic:
    """Close a locked topic, and have its votes analysed."""
    change_state(held, State.CLOSED)
    held.closed_at = at
    votes, digest = _counted(held)
    analyse_at_the_end(held)
    return _store(held, "closed", by=by, reason=reason, at=at, facts={"votes": votes, "digest": digest})


def begin_closing_held(held: Topic, *, by: Actor, reason: str, at: datetime) -> Topic:
    """Begin the last days of a locked topic."""
    return _move(held, State.CLOSING, "closing", by=by, reason=reason, at=at)


def read_reason(reason: str) -> str:
    """The reason as it may stand in public; refuses none and one that is too long."""
    words = public_words(one_line(reason), what=_("Reason"), limit=REASON_LIMIT)
    if not words:
        raise ReasonMissing
    return words


def _move(held: Topic, target: Topic.State, kind: str, *, by: Actor, reason: str, at: datetime) -> Topic:
    change_state(held, target)
    return _store(held, kind, by=by, reason=reason, at=at)


def _store(
    held: Topic, kind: str, *, by: Actor, reason: str, at: datetime, facts: dict[str, object] | None = None
) -> Topic:
    held.reason, held.changed_at = read_reason(reason), at
    held.save(update_fields=["state", "reason", "closes_at", "opened_at", "closed_at", "changed_at"])
    _append(kind, held, by=by, at=at, facts={"reason": held.reason, **(facts or {})})
    return held


def _new(
    plan: TopicPlan, *, origin: Topic.Origin, need: Need | None = None, proposer: Person | None = None, at: datetime
) -> Topic:
    topic = Topic.objects.create(
        code=fresh_code(8),
        origin=origin,
        need=need,
        proposer=proposer,
        created_at=at,
        changed_at=at,
        **_checked(plan) | ({} if proposer is not None else {"supports_needed": 0}),
    )
    _invite(topic, plan)
    return topic


def _checked(plan: TopicPlan) -> dict[str, object]:
    """The fields of a plan, read strictly."""
    question = mask_personal(one_line(plan.question))
    background = public_words(plan.background, what=_("Background"), limit=BACKGROUND_LIMIT)
    if not question or len(question) > QUESTION_LIMIT:
        raise QuestionMissing(limit=QUESTION_LIMIT)
    if plan.who == Topic.Who.INVITED and not plan.organisations:
        raise InvitedMissing
    if not 1 <= plan.supports_needed <= SUPPORTS_MOST:
        raise NumberUnfit(what=_("Supports needed"), least=1, most=SUPPORTS_MOST)
    if not GROUP_LEAST <= plan.smallest_group <= GROUP_MOST:
        raise NumberUnfit(what=_("Smallest group shown"), least=GROUP_LEAST, most=GROUP_MOST)
    return {
        "question": question,
        "background": background,
        "place": plan.place,
        "place_path": plan.place.path,
        "who": Topic.Who(plan.who),
        "supports_needed": plan.supports_needed,
        "smallest_group": plan.smallest_group,
    }


def _invite(topic: Topic, plan: TopicPlan) -> None:
    topic.invitations.all().delete()
    if plan.who == Topic.Who.INVITED:
        Invitation.objects.bulk_create(
            Invitation(topic=topic, organisation=one) for one in {one.pk: one for one in plan.organisations}.values()
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _counted(held: Topic) -> tuple[int, str]:
    """How many votes stand, and a digest of them all in a fixed order."""
    rows = Vote.objects.filter(participant__topic=held).order_by("participant__number", "statement__number")
    digest, count = hashlib.sha256(), 0
    for number, statement, value in rows.values_list("participant__number", "statement__number", "value").iterator():
        digest.update(f"{number} {statement} {value}\n".encode())
        count += 1
    return count, digest.hexdigest()


def _need_of(held: Topic) -> Need:
    assert held.need is not None, "asked only where there is one"
    return held.need


def _append(
    kind: str, topic: Topic, *, by: Actor, at: datetime, facts: Mapping[str, object] | None = None, public: bool = True
) -> None:
    entry_append(kind=f"deliberation.topic.{kind}", obj=topic, by=by, at=at, facts=facts or {}, public=public)


def _require_place(by: Actor, place: Place) -> None:
    if not can_moderate(by, place_path=place.path):
        raise TopicMissing


def require_speaks(by: Actor, person: Person) -> None:
    """Refuse whoever speaks with another's voice."""
    decision = can_speak_as(by, person_id=person.pk)
    if not decision:
        raise NotAllowed(decision.reason)


def require_part(by: Actor, held: Topic, person: Person) -> None:
    """Refuse those whom the topic is not for, with the reason."""
    is_invited = held.who == Topic.Who.INVITED
    invited = frozenset(held.invitations.values_list("organisation", flat=True)) if is_invited else frozenset()
    decision = may_take_part(by, held, [person.pk], invited=invited)
    if not decision:
        raise NotForYou(decision.reason)
