"""What follows a count: objections with public answers, a council's decision otherwise, and the end.

What is locked is the row of the round, so a candidate is not withdrawn while its round becomes final.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from yiting.ballots.errors import (
    CountStale,
    LegalBasisMissing,
    NotAllowed,
    NotCountedYet,
    ObjectionMissing,
    ObjectionsOpen,
    ObjectionsOver,
    OverrideUnfit,
    TooEarly,
)
from yiting.ballots.models import Allocation, Candidate, Objection, Override, Round
from yiting.ballots.policies import can_manage, can_object
from yiting.ballots.queries.built import get_built, get_last_count, list_withdrawn
from yiting.ballots.services.gates import guarded, lock_candidate, lock_round, take_round, touch
from yiting.ballots.services.telling import tell
from yiting.ballots.states import change_state, day_at
from yiting.ballots.winners import kept_out
from yiting.ballots.wording import fitting, read_reason
from yiting.methods.texts import one_line
from yiting.people.actors import Actor
from yiting.people.queries import get_own_person, home_path
from yiting.projects.money import yuan_text

BASIS_LIMIT = 200
State = Round.State


def objection_raise(*, by: Actor, round: Round, text: str, at: datetime) -> Objection:
    """A resident objects to a result while its days last; the words are public. Staff note what came on paper."""
    with guarded(round, at=at):
        held = lock_round(round, at=at)
        person = get_own_person(by)
        decision = can_object(by, place_path=held.place_path, home_path=home_path(person))
        if not decision:
            raise NotAllowed(decision.reason)
        if held.state != State.OBJECTING or day_at(at, held.place) > held.objections_until_on:
            raise ObjectionsOver(day=held.objections_until_on.isoformat())
        words = read_reason(text, what=_("Objection"))
        number = held.objections.count() + 1
        on_paper = bool(can_manage(by, place_path=held.place_path))
        who = None if on_paper else person
        objection = Objection.objects.create(round=held, number=number, person=who, text=words, at=at)
        touch(held, "objection.raised", by=by, at=at, facts={"number": number})
    return objection


def objection_answer(*, by: Actor, round: Round, number: int, answer: str, at: datetime) -> Objection:
    """Answer an objection in public; whoever raised it is told. The last answer stands."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        objection = held.objections.select_related("person").filter(number=number).first()
        if objection is None:
            raise ObjectionMissing
        if held.state != State.OBJECTING:
            raise ObjectionsOver(day=held.objections_until_on.isoformat())
        objection.answer = read_reason(answer, what=_("Answer"))
        objection.answered_role, objection.answered_at = by.role_label_at(held.place_path), at
        objection.save(update_fields=["answer", "answered_role", "answered_at"])
        touch(held, "objection.answered", by=by, at=at, facts={"number": number, "answer": objection.answer})
        if objection.person is not None:
            event, subject = f"objection-{number}", _("Your objection to the result was answered")
            tell(held, event=event, subject=subject, body=objection.answer, persons=[objection.person], at=at)
    return objection


def winner_override(
    *, by: Actor, round: Round, number: int, takes_in: bool, reason: str, legal_basis: str, at: datetime
) -> Override:
    """Decide otherwise than the rule about one candidate, with a public reason and the law that lets the council.

    The count stays as it is and is shown beside what was decided.
    """
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        _require_fresh(held)
        if held.state != State.OBJECTING:
            raise NotCountedYet
        candidate = lock_candidate(held, number)
        words = read_reason(reason, what=_("Reason"))
        basis = fitting(one_line(legal_basis), what=_("Legal basis"), limit=BASIS_LIMIT)
        if not basis:
            raise LegalBasisMissing
        _require_sense(held, candidate, takes_in=takes_in)
        override = Override.objects.create(
            candidate=candidate,
            takes_in=takes_in,
            reason=words,
            legal_basis=basis,
            role=by.role_label_at(held.place_path),
            at=at,
        )
        facts = {"number": number, "takes_in": takes_in, "reason": words, "legal_basis": basis}
        touch(held, "winner.overridden", by=by, at=at, facts=facts)
    return override


def override_take_back(*, by: Actor, round: Round, number: int, reason: str, at: datetime) -> None:
    """Let the rule stand again about one candidate, with a public reason; the ledger keeps what had been decided."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        _require_fresh(held)
        if held.state != State.OBJECTING:
            raise NotCountedYet
        candidate = lock_candidate(held, number)
        override = Override.objects.filter(candidate=candidate).first()
        if override is None:
            raise OverrideUnfit(what=_("Nothing was decided otherwise about “%(title)s”.") % {"title": candidate.title})
        words = read_reason(reason, what=_("Reason"))
        override.delete()
        if not override.takes_in:
            _require_fit(held, get_built(held.pk))
        touch(held, "override.taken_back", by=by, at=at, facts={"number": number, "reason": words})


def round_finish(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Make the result final, once the days of objections are over and each has its answer."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        change_state(held, State.FINAL)
        counted = _require_fresh(held)
        if day_at(at, held.place) <= held.objections_until_on:
            raise TooEarly(day=held.objections_until_on.isoformat())
        waiting = held.objections.filter(answered_at__isnull=True).count()
        if waiting:
            raise ObjectionsOpen(number=waiting)
        built = get_built(held.pk)
        _require_fit(held, built)
        held.reason = read_reason(reason, what=_("Reason"))
        facts = {
            "reason": held.reason,
            "by_rule": counted.winners,
            "winners": list(built),
            "turn": counted.turn,
        }
        touch(held, "round.final", by=by, at=at, facts=facts)
    return held


def _require_fresh(held: Round) -> Allocation:
    """The last count of a locked round. Refuses one that a withdrawal has made stale."""
    counted = get_last_count(held)
    if counted is None:
        raise NotCountedYet
    if counted.left_out != list_withdrawn(held):
        raise CountStale
    return counted


def _require_sense(held: Round, candidate: Candidate, *, takes_in: bool) -> None:
    """Refuse what would change nothing, what cannot be done, and what there is no money for."""
    if candidate.state != Candidate.State.FEASIBLE:
        raise OverrideUnfit(what=_("“%(title)s” cannot be built.") % {"title": candidate.title})
    if Override.objects.filter(candidate=candidate).exists():
        what = _("It was decided about “%(title)s” already. Take that back first.")
        raise OverrideUnfit(what=what % {"title": candidate.title})
    now = get_built(held.pk)
    if takes_in == (candidate.number in now):
        what = _("“%(title)s” is built already.") if takes_in else _("“%(title)s” is not built anyway.")
        raise OverrideUnfit(what=what % {"title": candidate.title})
    if takes_in:
        _require_fit(held, (*now, candidate.number))


def _require_fit(held: Round, numbers: Sequence[int]) -> None:
    """Refuse what cannot stand together: a new count beside what was decided before it may come to that."""
    built = list(Candidate.objects.filter(round=held, number__in=numbers))
    cost = sum(one.cost_fen or 0 for one in built)
    if cost > held.budget_fen:
        what = _("Everything together would cost %(cost)s yuan, and there are %(budget)s. Take another out first.")
        raise OverrideUnfit(what=what % {"cost": yuan_text(cost), "budget": yuan_text(held.budget_fen)})
    limits = list(held.limits.all())
    for one in built:
        kept = kept_out(one, [other for other in built if other != one], limits)
        if kept:
            raise OverrideUnfit(what=kept)
