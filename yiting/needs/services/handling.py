"""Handling a need: who does it, what the clock waits for, what is answered, and the right to say no with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.ledger.services import entry_append
from yiting.needs import models
from yiting.needs.errors import (
    ClockAlreadyStopped,
    ClockRuns,
    NobodyAssigned,
    NoteMissing,
    NotYours,
    StepNotPossible,
)
from yiting.needs.gates import lock_needs, take_need
from yiting.needs.models import Assignment, Need, Pause, Reply, ReturnReason, State
from yiting.needs.services.judging import ask_for_judgement
from yiting.needs.services.telling import tell_organisation, tell_supporters
from yiting.needs.states import OPEN_STATES, change_state
from yiting.needs.timing import set_deadline
from yiting.people.actors import Actor
from yiting.people.models import Organisation


@transaction.atomic
def need_assign(
    *, by: Actor, need: Need, organisation: Organisation, seen: int | None = None, at: datetime
) -> Assignment:
    """Give a need to an organisation, which is told; an assignment that stood before ends."""
    held = take_need(by=by, need=need, seen=seen)
    if held.state not in OPEN_STATES:
        raise StepNotPossible(state=State(held.state).label, target=State.DOING.label)
    if held.state == State.HEARD:
        change_state(held, State.SORTED)
        held.is_public = True
    Assignment.objects.filter(need=held, ended_at__isnull=True).update(ended_at=at)
    assignment = Assignment.objects.create(need=held, organisation=organisation, role_label=by.role_label, at=at)
    held.handler = organisation
    _save(held)
    entry_append(kind="needs.need.assigned", obj=held, by=by, at=at, facts={"organisation": organisation.name})
    tell_organisation(
        held,
        organisation,
        _("A need was given to you: %(title)s") % {"title": held.title},
        event=f"assigned-{assignment.pk}",
        at=at,
    )
    return assignment


@transaction.atomic
def assignment_accept(*, by: Actor, need: Need, at: datetime) -> Assignment:
    """The organisation takes it on; from here the need is being done."""
    held, assignment = _standing(by, need)
    if assignment.accepted_at is not None:
        return assignment
    assignment.accepted_at = at
    assignment.save(update_fields=["accepted_at"])
    if held.state not in (State.DOING, State.CHOSEN):
        change_state(held, State.DOING)
    _save(held)
    entry_append(
        kind="needs.need.accepted",
        obj=held,
        by=by,
        at=at,
        facts={"organisation": assignment.organisation.name},
    )
    return assignment


@transaction.atomic
def assignment_return(
    *,
    by: Actor,
    need: Need,
    reason: ReturnReason,
    note: str,
    route_to: Organisation | None = None,
    at: datetime,
) -> Assignment:
    """The organisation says no by a published reason, and where to go instead; the need waits to be assigned anew."""
    if not note.strip():
        raise NoteMissing
    held, assignment = _standing(by, need)
    assignment.returned_at = assignment.ended_at = at
    assignment.reason, assignment.note, assignment.route_to = reason, note.strip()[:400], route_to
    assignment.save()
    held.handler = None
    if held.state == State.DOING:
        change_state(held, State.SORTED)
    _save(held)
    entry_append(
        kind="needs.need.handed_back",
        obj=held,
        by=by,
        at=at,
        facts={
            "organisation": assignment.organisation.name,
            "reason": reason.name,
            "note": assignment.note,
            "route_to": route_to.name if route_to else "",
        },
    )
    return assignment


@transaction.atomic
def need_return(*, by: Actor, need: Need, reason: ReturnReason, note: str, at: datetime) -> Need:
    """End a need by a published reason. Everybody who asked is told why; whether it counts is the reason's rule."""
    if not note.strip():
        raise NoteMissing
    held = take_need(by=by, need=need)
    change_state(held, State.RETURNED)
    Assignment.objects.filter(need=held, ended_at__isnull=True).update(ended_at=at)
    _end_pause(held, at=at)
    held.excluded_reason = reason if reason.excluded else None
    held.handler, held.closed_at, held.due_at, held.unsolved = None, at, None, False
    _save(held)
    reply = Reply.objects.create(need=held, role_label=by.role_label, text=note.strip(), is_final=True, at=at)
    facts = {"reason": reason.name, "excluded": reason.excluded}
    entry_append(kind="needs.need.returned", obj=held, by=by, at=at, facts=facts)
    entry_append(
        kind="needs.reply.sent",
        obj=reply,
        by=by,
        at=at,
        facts={"need": held.code},
        words={"text": reply.text},
    )
    tell_supporters(
        held,
        subject=_("“%(title)s” cannot be done: %(reason)s") % {"title": held.title, "reason": reason.name},
        body=reply.text,
        event=f"returned-{reply.pk}",
        at=at,
    )
    return held


@transaction.atomic
def clock_pause(*, by: Actor, need: Need, waiting_for: str, at: datetime) -> Pause:
    """Stop the clock while somebody, who must be named, is waited for."""
    if not waiting_for.strip():
        raise NoteMissing
    held = take_need(by=by, need=need, handler_too=True)
    if held.waiting_since is not None:
        raise ClockAlreadyStopped(waiting_for=held.waiting_for)
    held.waiting_for, held.waiting_since = waiting_for.strip()[:120], at
    pause = Pause.objects.create(need=held, waiting_for=held.waiting_for, started_at=at)
    set_deadline(held)
    _save(held)
    entry_append(kind="needs.clock.stopped", obj=held, by=by, at=at, facts={"waiting_for": held.waiting_for})
    return pause


@transaction.atomic
def clock_resume(*, by: Actor, need: Need, at: datetime) -> Need:
    """Let the clock run on; the working time that was left is left still."""
    held = take_need(by=by, need=need, handler_too=True)
    if held.waiting_since is None:
        raise ClockRuns
    waited_for = held.waiting_for
    _end_pause(held, at=at)
    set_deadline(held)
    _save(held)
    entry_append(kind="needs.clock.resumed", obj=held, by=by, at=at, facts={"waited_for": waited_for})
    return held


@transaction.atomic
def need_reply(*, by: Actor, need: Need, text: str, final: bool = False, at: datetime) -> Reply:
    """Answer everybody who asked, at once. A final answer asks them to judge; an interim one changes no state."""
    if not text.strip():
        raise NoteMissing
    held = take_need(by=by, need=need, handler_too=True)
    reply = Reply.objects.create(
        need=held,
        organisation=held.handler,
        role_label=by.role_label,
        text=text.strip(),
        is_final=final,
        at=at,
    )
    if final:
        if held.state == State.HEARD:
            change_state(held, State.SORTED)
            held.is_public = True
        change_state(held, State.JUDGING)
        _end_pause(held, at=at)
        held.answered_at, held.due_at, held.unsolved = at, None, False
        held.judged_with_project = False
        ask_for_judgement(held, at=at)
    _save(held)
    entry_append(
        kind="needs.reply.sent",
        obj=reply,
        by=by,
        at=at,
        facts={"need": held.code},
        words={"text": reply.text},
    )
    entry_append(kind="needs.need.answered", obj=held, by=by, at=at, facts={"final": final})
    tell_supporters(
        held,
        subject=_("There is an answer to “%(title)s”") % {"title": held.title},
        body=reply.text,
        event=f"reply-{reply.pk}",
        at=at,
    )
    return reply


@transaction.atomic
def need_discuss(*, by: Actor, need: Need, at: datetime) -> Need:
    """Take a need to the pavilion, to be talked over by the residents."""
    held = take_need(by=by, need=need)
    change_state(held, State.DISCUSSED)
    _save(held)
    entry_append(kind="needs.need.discussed", obj=held, by=by, at=at)
    return held


@transaction.atomic
def needs_choose(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """The needs were taken up by a project: they are chosen, and their own clocks rest."""
    return _move_all(by, needs, State.CHOSEN, "needs.need.chosen", {"project": note}, at=at)


@transaction.atomic
def needs_build(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """Work on the needs' project has begun."""
    return _move_all(by, needs, State.DOING, "needs.need.building", {"project": note}, at=at)


@transaction.atomic
def needs_deliver(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """What serves the needs was delivered: those who asked are to judge it, with the project and not once more."""
    moved = _move_all(by, needs, State.JUDGING, "needs.need.delivered", {"project": note}, at=at)
    for need in moved:
        need.answered_at, need.unsolved, need.judged_with_project = at, False, True
        need.save(update_fields=["answered_at", "unsolved", "judged_with_project"])
        tell_supporters(
            need,
            subject=_("“%(title)s” has been done. How is it? You decide.") % {"title": need.title},
            body=note,
            event=f"delivered-{at:%Y%m%d%H%M}",
            at=at,
        )
    return moved


@transaction.atomic
def needs_reopen(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """Residents say that it is not solved: the needs are being done again."""
    moved = _move_all(by, needs, State.DOING, "needs.need.reopened", {"note": note}, at=at)
    Need.objects.filter(pk__in=[need.pk for need in moved]).update(
        unsolved=True, closed_at=None, judged_with_project=False
    )
    return moved


@transaction.atomic
def needs_close(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """The judging of what serves the needs has come to its end: they are closed with it."""
    moved = _move_all(by, needs, State.CLOSED, "needs.need.closed", {"by": "project", "project": note}, at=at)
    Need.objects.filter(pk__in=[need.pk for need in moved]).update(closed_at=at)
    return moved


@transaction.atomic
def needs_release(*, by: Actor, needs: Sequence[Need], note: str, at: datetime) -> list[Need]:
    """The project was given up: its needs wait for another way."""
    return _move_all(by, needs, State.SORTED, "needs.need.released_from_project", {"note": note}, at=at)


def _move_all(
    by: Actor, needs: Sequence[Need], target: State, kind: str, facts: dict[str, object], *, at: datetime
) -> list[Need]:
    locked = lock_needs({need.root_id or need.pk for need in needs})
    moved = []
    for need in locked.values():
        if not by.works_at(need.place_path):
            raise NotYours
        if need.state == target:
            continue
        if need.state == State.HEARD:
            change_state(need, State.SORTED)
            need.is_public = True
        change_state(need, target)
        need.due_at = None
        _save(need)
        entry_append(kind=kind, obj=need, by=by, at=at, facts=facts)
        moved.append(need)
    return moved


def _standing(by: Actor, need: Need) -> tuple[Need, Assignment]:
    """Return the locked need and its standing assignment, which must be to an organisation of the asker."""
    held = lock_needs([need.pk])[need.pk]
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(need=held, ended_at__isnull=True)
        .first()
    )
    if assignment is None or not (assignment.organisation_id in by.handling_ids or by.works_at(held.place_path)):
        raise NobodyAssigned
    return held, assignment


def _end_pause(need: Need, *, at: datetime) -> None:
    models.Pause.objects.filter(need=need, ended_at__isnull=True).update(ended_at=at)
    need.waiting_for, need.waiting_since = "", None


def _save(need: Need) -> None:
    need.version += 1
    need.save()
