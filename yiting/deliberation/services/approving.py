"""From minutes that are written to minutes that stand: asking, approving, correcting, publishing.

What is scarce: becoming final, which happens once. What is locked: the row of the minutes, before approvals are
counted and until the transaction ends; so of two who approve at the same moment the second sees the first.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.activities.errors import NotYet
from yiting.activities.models import CheckIn
from yiting.deliberation.errors import (
    AnsweredThemselves,
    MinutesEmpty,
    MinutesNotAsked,
    MinutesNotFinal,
    MinutesNotOpen,
    NotAllowed,
    NotThere,
    QuorumMissed,
    TooFewThere,
)
from yiting.deliberation.models import Approval, Meeting, Minutes, Point, Said
from yiting.deliberation.policies import can_speak_as
from yiting.deliberation.queries.words import minutes_words
from yiting.deliberation.services.meetings import lock_minutes, take_minutes
from yiting.deliberation.services.notifying import members_of
from yiting.deliberation.services.wordings import public_words
from yiting.ledger.services import entry_append
from yiting.notices.services import notices_tell
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Organisation, Person

WORD_LIMIT = 400
REASON_LIMIT = 400


@transaction.atomic
def minutes_ask(*, by: Actor, minutes: Minutes, at: datetime) -> Minutes:
    """Ask those who were there whether the minutes are right.

    Refuses minutes in which nothing stands, decisions by fewer than the quorum, and a list of those who were there
    that is shorter than the number who must approve.
    """
    held = take_minutes(by=by, minutes=minutes)
    if held.state != Minutes.State.DRAFT:
        raise MinutesNotOpen
    meeting, activity = held.meeting, held.meeting.activity
    if at < activity.starts_at:
        raise NotYet
    points = Point.objects.filter(minutes=held)
    lines = Exists(Said.objects.filter(point=OuterRef("pk")))
    if not points.filter(Q(lines) | ~Q(decision="") | ~Q(dissent="")).exists():
        raise MinutesEmpty
    came = CheckIn.objects.filter(activity=activity)
    there = int(came.aggregate(heads=Sum("heads"))["heads"] or 0)
    if there < meeting.quorum and points.exclude(decision="").exists():
        raise QuorumMissed(there=there, needed=meeting.quorum)
    voices = list(came.exclude(person=None, organisation=None).select_related("person").order_by("pk"))
    if len(voices) < meeting.approvals_needed:
        raise TooFewThere(needed=meeting.approvals_needed, there=len(voices))
    held.state, held.asked_at = Minutes.State.ASKED, at
    held.save(update_fields=["state", "asked_at"])
    entry_append(kind="deliberation.minutes.asked", obj=held, by=by, at=at, facts={"version": held.number})
    members = members_of([one.organisation_id for one in voices if one.organisation_id is not None], at)
    notices_tell(
        about=f"meeting-{meeting.pk}",
        event=f"asked-{held.number}-{at:%Y%m%d%H%M%S}",
        subject=_("You were there: please read the minutes of “%(title)s”") % {"title": activity.title},
        link=reverse("deliberation:meeting", args=[activity.code]),
        persons=[one.person for one in voices if one.person is not None and one.person.erased_at is None],
        accounts=[account for found in members.values() for account in found],
        at=at,
    )
    return held


@transaction.atomic
def minutes_take_back(*, by: Actor, minutes: Minutes, at: datetime) -> Minutes:
    """Write on at minutes that were asked about; what was said about them falls, since the words will change."""
    held = take_minutes(by=by, minutes=minutes)
    if held.state != Minutes.State.ASKED:
        raise MinutesNotAsked
    given = held.approvals.count()
    held.approvals.all().delete()
    held.state, held.asked_at = Minutes.State.DRAFT, None
    held.save(update_fields=["state", "asked_at"])
    facts = {"version": held.number, "answers": given}
    entry_append(kind="deliberation.minutes.taken_back", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def approval_give(
    *,
    by: Actor,
    minutes: Minutes,
    person: Person | None = None,
    organisation: Organisation | None = None,
    agrees: bool,
    word: str = "",
    at: datetime,
) -> Approval:
    """Say that the minutes are right, or object with a word; once each, changeable until they are final.

    Locks the minutes. Those who were there are asked: a person, or somebody of a unit; who keeps the minutes may
    write an answer down for them. With as many approvals as the office set, the minutes are final, objections or not:
    these stand beside them.
    """
    held = lock_minutes(minutes)
    _require_voice(by, held, person=person, organisation=organisation)
    came = CheckIn.objects.filter(activity=held.meeting.activity, person=person, organisation=organisation)
    if held.state != Minutes.State.ASKED:
        raise MinutesNotAsked
    if not came.filter(at__lte=held.asked_at).exists():
        raise NotThere
    said = public_words(word, what=_("Your word"), limit=WORD_LIMIT, required=not agrees)
    by_keeper = not _is_own(by, person=person, organisation=organisation)
    known = held.approvals.filter(person=person, organisation=organisation).first()
    if by_keeper and known is not None and not known.by_keeper:
        raise AnsweredThemselves
    given, _created = Approval.objects.update_or_create(
        minutes=held,
        person=person,
        organisation=organisation,
        defaults={"agrees": agrees, "word": said, "by_keeper": by_keeper, "at": at},
    )
    facts = {"version": held.number, "agrees": agrees, "by_keeper": by_keeper}
    who = by if by_keeper or organisation is not None else RESIDENT
    entry_append(kind="deliberation.approval.given", obj=held, by=who, at=at, facts=facts, public=False)
    _make_final(held, by=by, at=at)
    return given


@transaction.atomic
def minutes_correct(*, by: Actor, meeting: Meeting, reason: str, at: datetime) -> Minutes:
    """Begin a new version of final minutes, with all that stands in the last; the old stays as it is."""
    last = Minutes.objects.filter(meeting=meeting).order_by("-number").first()
    held = take_minutes(by=by, minutes=last or Minutes())
    if held.state != Minutes.State.FINAL or Minutes.objects.filter(meeting=meeting, number__gt=held.number).exists():
        raise MinutesNotFinal
    why = public_words(reason, what=_("Reason"), limit=REASON_LIMIT, required=True)
    fresh = Minutes.objects.create(meeting=held.meeting, number=held.number + 1, correction=why, begun_at=at)
    lines: list[Said] = []
    for point in held.points.prefetch_related("said").order_by("position"):
        said = list(point.said.all())
        point.pk, point.minutes, point.version = None, fresh, 0
        point.save(force_insert=True)
        lines += [Said(point=point, position=one.position, role=one.role, text=one.text) for one in said]
    Said.objects.bulk_create(lines)
    facts = {"version": fresh.number, "reason": why}
    entry_append(kind="deliberation.minutes.corrected", obj=fresh, by=by, at=at, facts=facts)
    return fresh


@transaction.atomic
def minutes_publish(*, by: Actor, minutes: Minutes, at: datetime) -> Minutes:
    """Show final minutes to everybody; publishing twice changes nothing."""
    held = take_minutes(by=by, minutes=minutes)
    if held.state != Minutes.State.FINAL:
        raise MinutesNotFinal
    if held.published_at is None:
        held.published_at = at
        held.save(update_fields=["published_at"])
        entry_append(kind="deliberation.minutes.published", obj=held, by=by, at=at, facts={"version": held.number})
    return held


@transaction.atomic
def approval_words_forget(*, person: Person) -> None:
    """Part of erasing a person: their words go, what they said counts on."""
    Approval.objects.filter(person=person).update(word="")


def _make_final(held: Minutes, *, by: Actor, at: datetime) -> None:
    given = list(held.approvals.all())
    answers = [one.agrees for one in given]
    if sum(answers) < held.meeting.approvals_needed:
        return
    held.state, held.final_at = Minutes.State.FINAL, at
    held.save(update_fields=["state", "final_at"])
    entry_append(
        kind="deliberation.minutes.final",
        obj=held,
        by=by,
        at=at,
        facts={
            "version": held.number,
            "approvals": sum(answers),
            "objections": len(answers) - sum(answers),
            "written_down": sum(one.by_keeper for one in given),
        },
        words=minutes_words([str(held.pk)])[str(held.pk)],
    )


def _is_own(by: Actor, *, person: Person | None, organisation: Organisation | None) -> bool:
    """Whether the person says it, or somebody of the unit; a browser without an account speaks for its person."""
    if organisation is not None:
        return organisation.pk in by.organisation_ids
    return person is not None and (by.person_id == person.pk or (by.account_id is None and not by.everywhere))


def _require_voice(by: Actor, held: Minutes, *, person: Person | None, organisation: Organisation | None) -> None:
    if (person is None) == (organisation is None):
        raise NotThere
    if by.works_at(held.meeting.activity.place_path):
        return
    if organisation is not None and organisation.pk not in by.organisation_ids:
        raise NotAllowed
    if person is not None and not (decision := can_speak_as(by, person_id=person.pk)):
        raise NotAllowed(decision.reason)
