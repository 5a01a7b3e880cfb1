"""The gate of every write: the round's row is locked first, and what is refused is counted without a person.

What is scarce: the one vote of a person, household or account, and the money. What is locked: the row of the round,
before a candidate, a paper or the ledger's head. So nobody votes while a round closes or a candidate is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from yiting.ballots.errors import BallotsRefused, CandidateMissing, ClockSetBack, NotOpen, RoundMissing
from yiting.ballots.models import Candidate, RefusedAttempts, Round
from yiting.ballots.policies import can_manage, can_serve
from yiting.ballots.states import day_at, is_open
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

# How long an act may have waited for the lock of its round.
WAITED = timedelta(minutes=1)


@contextmanager
def guarded(round: Round, *, at: datetime) -> Iterator[None]:
    """One transaction; a refusal undoes it whole and is then counted in the round's history, by kind and day.

    Whoever wraps this in a transaction of their own and lets the refusal out takes the count back with it.
    """
    try:
        with transaction.atomic():
            yield
    except BallotsRefused as refusal:
        if refusal.attempt:
            _count_attempt(round, refusal.attempt, at=at)
        raise


def take_round(*, by: Actor, round: Round, at: datetime) -> Round:
    """Lock a round for a change by those who work in its place; for others it is not there."""
    held = lock_round(round, at=at)
    if not can_manage(by, place_path=held.place_path):
        raise RoundMissing
    return held


def take_counter(*, by: Actor, round: Round, at: datetime) -> Round:
    """Lock a round for those who serve voters in any part of its place; for others it is not there."""
    held = lock_round(round, at=at)
    if not can_serve(by, place_path=held.place_path):
        raise RoundMissing
    return held


def lock_round(round: Round, *, at: datetime) -> Round:
    """Lock a round and read it anew. Refuses what would happen before the last thing that is recorded.

    Whoever waited for the lock is a little older than what was done meanwhile; that is no clock set back.
    """
    held = Round.objects.select_for_update(of=("self",)).select_related("place").filter(pk=round.pk).first()
    if held is None:
        raise RoundMissing
    if at < held.changed_at - WAITED:
        zone = ZoneInfo(held.place.zone)
        raise ClockSetBack(at=_shown(at, zone), last=_shown(held.changed_at, zone))
    return held


def lock_candidate(held: Round, number: int) -> Candidate:
    """A candidate of a locked round."""
    candidate = Candidate.objects.select_related("place", "department").filter(round=held, number=number).first()
    if candidate is None:
        raise CandidateMissing(number=number)
    return candidate


def require_voting(held: Round, *, at: datetime) -> None:
    """Refuse what comes before voting opens and after its last day, also when nobody has closed it by hand yet."""
    if not is_open(held, at=at):
        raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())


def touch(
    held: Round, kind: str, *, by: Actor, at: datetime, facts: Mapping[str, object] | None = None, public: bool = True
) -> None:
    """Store a locked round with its last moment and tell the ledger."""
    held.changed_at = max(at, held.changed_at)
    held.save()
    entry_append(kind=f"ballots.{kind}", obj=held, by=by, at=at, facts=facts or {}, public=public)


def _count_attempt(round: Round, why: str, *, at: datetime) -> None:
    with transaction.atomic():
        on = day_at(at, round.place)
        row, _created = RefusedAttempts.objects.get_or_create(round_id=round.pk, why=why, on=on)
        RefusedAttempts.objects.filter(pk=row.pk).update(number=F("number") + 1)


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
