"""A quarrel and its mediation: opened, noted, perhaps agreed, closed; for its parties and its mediator alone.

Texts are sealed at rest. The ledger holds that something was done and by which role, and nothing else. What is
locked: the row of the record, so that nobody agrees to a text that changes under them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import (
    AgreementMissing,
    DisputeClosed,
    DisputeMissing,
    NotAllowed,
    PartiesUnfit,
    WordsMissing,
    WordsTooLong,
)
from yiting.deliberation.models import Dispute, DisputeNote, DisputeParty
from yiting.deliberation.policies import can_mediate
from yiting.deliberation.queries.disputes import mediator_gone
from yiting.ledger.services import entry_append
from yiting.people import cipher
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Account, Person
from yiting.people.queries import get_actor
from yiting.people.services import person_identify
from yiting.places.models import Place

SUBJECT_LIMIT, TEXT_LIMIT, PARTIES_LIMIT, NAME_LIMIT = 200, 4_000, 10, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarreller:
    """A party as they are written down: a telephone number leads to the person, a name is kept in their record."""

    name: str = ""
    phone: str = ""


@transaction.atomic
def dispute_open(*, by: Actor, place: Place, subject: str, parties: Sequence[Quarreller], at: datetime) -> Dispute:
    """Open a record; who opens it, and works in the place, mediates."""
    if by.account_id is None or not by.works_at(place.path):
        raise NotAllowed
    if not 2 <= len(parties) <= PARTIES_LIMIT or any(not (one.name.strip() or one.phone.strip()) for one in parties):
        raise PartiesUnfit(limit=PARTIES_LIMIT)
    persons = [
        person_identify(
            by=by, source="bench", name=one.name.strip()[:NAME_LIMIT] or None, phone=one.phone.strip() or None, at=at
        )
        for one in parties
    ]
    if len({person.pk for person in persons}) != len(persons):
        raise PartiesUnfit(limit=PARTIES_LIMIT)
    if any(person.pk == by.person_id or person.account_id == by.account_id for person in persons):
        raise NotAllowed(_("Whoever mediates is no party to it. Let a colleague open the record."))
    dispute = Dispute.objects.create(
        code=fresh_code(12),
        place=place,
        place_path=place.path,
        mediator_id=by.account_id,
        subject=_sealed(subject, what=_("What the quarrel is about"), limit=SUBJECT_LIMIT),
        opened_at=at,
    )
    DisputeParty.objects.bulk_create(
        DisputeParty(dispute=dispute, person=person, position=position)
        for position, person in enumerate(persons, start=1)
    )
    _told(dispute, "opened", by=by, at=at)
    return dispute


@transaction.atomic
def dispute_note(*, by: Actor, dispute: Dispute, text: str, at: datetime) -> DisputeNote:
    """Note something down, as a party or as the mediator."""
    held = _take(by=by, dispute=dispute)
    note = DisputeNote.objects.create(
        dispute=held,
        party=None if _mediates(by, held) else _party(by, held),
        text=_sealed(text, what=_("Note"), limit=TEXT_LIMIT),
        at=at,
    )
    _told(held, "noted", by=by, at=at)
    return note


@transaction.atomic
def dispute_agreement_set(*, by: Actor, dispute: Dispute, text: str, at: datetime) -> Dispute:
    """Lay a text before the parties, as the mediator; whoever agreed to another text is asked anew."""
    held = _take(by=by, dispute=dispute, mediating=True)
    held.agreement = _sealed(text, what=_("Agreement"), limit=TEXT_LIMIT)
    held.state = Dispute.State.OPEN
    held.save(update_fields=["agreement", "state"])
    held.parties.update(agreed_at=None)
    _told(held, "worded", by=by, at=at)
    return held


@transaction.atomic
def dispute_agree(*, by: Actor, dispute: Dispute, party: DisputeParty | None = None, at: datetime) -> Dispute:
    """Agree to the text, as a party; the mediator writes it down for a party who agreed in person."""
    held = _take(by=by, dispute=dispute)
    if not held.agreement:
        raise AgreementMissing
    if _mediates(by, held):
        mine = held.parties.filter(pk=party.pk).first() if party is not None else None
    else:
        mine = _party(by, held)
    if mine is None:
        raise DisputeMissing
    if mine.agreed_at is None:
        mine.agreed_at = at
        mine.save(update_fields=["agreed_at"])
        _told(held, "agreed", by=by, at=at)
    if not held.parties.filter(agreed_at__isnull=True).exists():
        held.state = Dispute.State.AGREED
        held.save(update_fields=["state"])
    return held


@transaction.atomic
def dispute_close(*, by: Actor, dispute: Dispute, at: datetime) -> Dispute:
    """Close a record, agreed or not, as the mediator; nothing is added to it afterwards."""
    held = _take(by=by, dispute=dispute, mediating=True)
    held.state, held.closed_at = Dispute.State.CLOSED, at
    held.save(update_fields=["state", "closed_at"])
    _told(held, "closed", by=by, at=at)
    return held


@transaction.atomic
def dispute_hand_over(*, by: Actor, dispute: Dispute, mediator: Account, at: datetime) -> Dispute:
    """Give the record to another who works in the place; a mediator who gives it away no longer sees it.

    Once the mediator no longer works there, a party says who goes on; otherwise the record would be stuck.
    """
    held = _take(by=by, dispute=dispute)
    if not (_mediates(by, held) or mediator_gone(held, at=at)):
        raise DisputeMissing
    if not mediator.is_active or not get_actor(mediator, at).works_at(held.place_path):
        raise NotAllowed
    if held.parties.filter(person__account=mediator).exists():
        raise NotAllowed
    held.mediator = mediator
    held.save(update_fields=["mediator"])
    _told(held, "handed_over", by=by, at=at)
    return held


@transaction.atomic
def disputes_forget(*, person: Person) -> None:
    """Part of erasing a person: what they wrote and what the mediator wrote goes; the last party takes it all along."""
    for party in DisputeParty.objects.filter(person=person).select_related("dispute").order_by("pk"):
        held = Dispute.objects.select_for_update().get(pk=party.dispute_id)
        others = held.parties.exclude(pk=party.pk).filter(person__erased_at__isnull=True)
        held.subject = ""
        if others.exists():
            held.notes.filter(party=party).update(text="")
            held.notes.filter(party=None).update(text="")
        else:
            held.notes.update(text="")
            held.agreement = ""
        held.save(update_fields=["subject", "agreement"])


def disputes_rotate(*, by: Actor) -> int:
    """Seal every record anew under the newest key; for the system, after a key was added. Returns how many texts."""
    if not by.everywhere:
        raise NotAllowed
    done = 0
    for key in Dispute.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            held = Dispute.objects.select_for_update().get(pk=key)
            held.subject, held.agreement = cipher.rotate(held.subject), cipher.rotate(held.agreement)
            held.save(update_fields=["subject", "agreement"])
            notes = list(held.notes.all())
            for note in notes:
                note.text = cipher.rotate(note.text)
            DisputeNote.objects.bulk_update(notes, ["text"])
            done += sum(map(bool, (held.subject, held.agreement, *(note.text for note in notes))))
    return done


def _take(*, by: Actor, dispute: Dispute, mediating: bool = False) -> Dispute:
    """Lock an open record for one of its own; for others, and for a party at the mediator's acts, it is not there."""
    held = Dispute.objects.select_for_update().filter(pk=dispute.pk).first()
    if held is None or not (_mediates(by, held) or (not mediating and _party(by, held) is not None)):
        raise DisputeMissing
    if held.state == Dispute.State.CLOSED:
        raise DisputeClosed
    return held


def _mediates(by: Actor, held: Dispute) -> bool:
    return bool(can_mediate(by, mediator_id=held.mediator_id, place_path=held.place_path))


def _party(by: Actor, held: Dispute) -> DisputeParty | None:
    """Whoever is signed in as a party; a browser without an account is nobody here."""
    if by.account_id is None or by.person_id is None:
        return None
    return held.parties.filter(person=by.person_id).first()


def _sealed(text: str, *, what: str | Promise, limit: int) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise WordsMissing(what=what)
    if len(words) > limit:
        raise WordsTooLong(what=what, length=len(words), limit=limit)
    return cipher.encrypt(words)


def _told(held: Dispute, what: str, *, by: Actor, at: datetime) -> None:
    # the role of whoever acts would say who is a party
    entry_append(kind=f"deliberation.dispute.{what}", obj=held, by=RESIDENT, at=at, public=False)
