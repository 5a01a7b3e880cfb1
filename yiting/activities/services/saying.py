"""What people think of an activity, their own calendar link, and what is forgotten with them."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from yiting.activities.errors import CancelledAlready, NotAllowed, NotYet, VerdictMissing
from yiting.activities.models import Activity, Feedback, FeedLink, SignUp
from yiting.activities.policies import can_speak_for_person
from yiting.activities.services.coming import sign_up_withdraw
from yiting.activities.services.planning import host_ids
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Person

WORD_LIMIT = 200


@transaction.atomic
def feedback_give(
    *, by: Actor, activity: Activity, person: Person, verdict: str, word: str = "", at: datetime
) -> Feedback:
    """Say how it was: a tap and, if one likes, a word; once a person, changeable."""
    if verdict not in Feedback.Verdict.values:
        raise VerdictMissing
    if activity.state == Activity.State.CANCELLED:
        raise CancelledAlready
    if activity.starts_at > at:
        raise NotYet
    decision = can_speak_for_person(
        by, person_id=person.pk, place_path=activity.place_path, host_ids=host_ids(activity)
    )
    if not decision:
        raise NotAllowed(decision.reason)
    feedback, _created = Feedback.objects.update_or_create(
        activity=activity,
        person=person,
        defaults={"verdict": verdict, "word": word.strip()[:WORD_LIMIT], "at": at},
    )
    return feedback


def feed_link_renew(*, by: Actor, person: Person, at: datetime) -> str:
    """Make the secret link to a person's calendar; one made before leads nowhere from now on."""
    _own(by, person)
    token = secrets.token_urlsafe(32)
    FeedLink.objects.update_or_create(person=person, defaults={"token_hash": token_hash(token), "made_at": at})
    return token


def feed_link_revoke(*, by: Actor, person: Person) -> None:
    """End the secret link of a person."""
    _own(by, person)
    FeedLink.objects.filter(person=person).delete()


def token_hash(token: str) -> str:
    """What is kept of a secret link."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def coming_forget(*, person: Person, at: datetime) -> None:
    """Part of erasing a person: words and link go, seats not used yet are freed; every count stays."""
    Feedback.objects.filter(person=person).update(word="")
    FeedLink.objects.filter(person=person).delete()
    ahead = SignUp.objects.filter(person=person, activity__ends_at__gt=at).exclude(state=SignUp.State.WITHDRAWN)
    for mine in ahead.select_related("activity").order_by("activity_id"):
        sign_up_withdraw(by=system_actor("erasure"), sign_up=mine, at=at)


def _own(by: Actor, person: Person) -> None:
    if by.person_id not in (None, person.pk):
        raise NotAllowed
