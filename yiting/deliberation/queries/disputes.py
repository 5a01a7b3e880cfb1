"""Quarrels, through one gate: whoever is neither a party nor the mediator finds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from yiting.deliberation.codes import read_code
from yiting.deliberation.errors import DisputeMissing
from yiting.deliberation.models import Dispute, DisputeParty
from yiting.deliberation.policies import can_mediate
from yiting.people import cipher
from yiting.people.actors import Actor
from yiting.people.models import Account, Person, Role
from yiting.people.queries import get_actor, held_on, local_day
from yiting.people.queries.roles import path_under

MEDIATORS_OFFERED = 200
HANDLING = ("worker", "street", "admin")


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A record in the list of one of its own; it holds no contents."""

    code: str
    place_name: str
    state: str
    state_label: str
    opened_at: datetime
    mediating: bool


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party, by number; `person` is for the mediator, who may read the name through the logging gate."""

    pk: int
    number: int
    person: Person
    is_me: bool
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Something noted down; `number` is the party's, or 0 for the mediator."""

    number: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputePage:
    """All that stands in the record."""

    dispute: Dispute
    place_name: str
    subject: str
    agreement: str
    parties: list[PartyRow]
    notes: list[NoteRow]
    mediating: bool
    without_mediator: bool

    @property
    def is_open(self) -> bool:
        """Whether anything can be added."""
        return self.dispute.state != Dispute.State.CLOSED

    @property
    def may_hand_over(self) -> bool:
        """Whether the reader says who goes on: the mediator, or a party once the mediator has gone."""
        return self.is_open and (self.mediating or self.without_mediator)

    @property
    def may_agree(self) -> bool:
        """Whether the reader is a party who has not agreed yet to the text that lies there."""
        mine = any(party.is_me and party.agreed_at is None for party in self.parties)
        return self.is_open and bool(self.agreement) and mine


def get_dispute(code: str, *, by: Actor) -> Dispute:
    """A record of which the actor is a party or the mediator; another is not there. One query, two for a party."""
    found = Dispute.objects.select_related("place").filter(code=read_code(code)[:16]).first()
    if found is None or not (_mediates(by, found) or _is_party(by, found)):
        raise DisputeMissing
    return found


def get_dispute_page(code: str, *, by: Actor, at: datetime) -> DisputePage:
    """The record, opened. A fixed number of queries."""
    dispute = get_dispute(code, by=by)
    parties = list(dispute.parties.select_related("person").order_by("position"))
    numbers = {party.pk: party.position for party in parties}
    mediating = _mediates(by, dispute)
    return DisputePage(
        dispute=dispute,
        place_name=dispute.place.name,
        subject=cipher.decrypt(dispute.subject),
        agreement=cipher.decrypt(dispute.agreement),
        parties=[
            PartyRow(one.pk, one.position, one.person, one.person_id == by.person_id, one.agreed_at) for one in parties
        ],
        notes=[
            NoteRow(numbers.get(note.party_id or 0, 0), cipher.decrypt(note.text), note.at)
            for note in dispute.notes.order_by("at", "pk")
        ],
        mediating=mediating,
        without_mediator=not mediating and mediator_gone(dispute, at=at),
    )


def mediator_gone(dispute: Dispute, *, at: datetime) -> bool:
    """Whether its mediator no longer works in the place, or has no account any more. Up to three queries."""
    return not get_actor(dispute.mediator, at).works_at(dispute.place_path)


def get_party(dispute: Dispute, pk: int) -> DisputeParty:
    """A party of this record. One query."""
    found = DisputeParty.objects.filter(dispute=dispute, pk=pk).first()
    if found is None:
        raise DisputeMissing
    return found


def list_disputes(by: Actor) -> list[DisputeRow]:
    """The records that are the actor's own: open ones first, no contents. One query."""
    if by.account_id is None:
        return []
    mine = Q(mediator=by.account_id) & path_under("place_path", by.work_paths)
    if by.person_id is not None:
        mine |= Q(pk__in=DisputeParty.objects.filter(person=by.person_id).values("dispute"))
    found = Dispute.objects.filter(mine).select_related("place").order_by("-opened_at", "-pk")
    rows = [
        DisputeRow(
            code=one.code,
            place_name=one.place.name,
            state=one.state,
            state_label=str(one.get_state_display()),
            opened_at=one.opened_at,
            mediating=_mediates(by, one),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: row.state == Dispute.State.CLOSED)


def list_mediators(dispute: Dispute, *, at: datetime) -> list[Account]:
    """Who else works in the place and could take the record over. One query."""
    prefixes = Q(pk__in=[])
    path = ""
    for part in dispute.place_path.strip("/").split("/"):
        path += f"/{part}"
        prefixes |= Q(place__path=f"{path}/")
    roles = Role.objects.filter(prefixes, held_on(local_day(at)), kind__in=HANDLING)
    found = Account.objects.filter(pk__in=roles.values("account"), is_active=True).exclude(pk=dispute.mediator_id)
    return list(found.order_by("username", "pk")[:MEDIATORS_OFFERED])


def dispute_copies(person: Person) -> list[dict[str, Any]]:
    """What a party gets with their copy: that there is a record. One query.

    What stands in it does not go along, since an administrator may make the copy: the party reads it on its page.
    """
    parties = DisputeParty.objects.filter(person=person).select_related("dispute").order_by("pk")
    return [
        {
            "kind": "dispute",
            "code": party.dispute.code,
            "opened_at": party.dispute.opened_at.isoformat(),
            "state": party.dispute.state,
            "agreed_at": party.agreed_at.isoformat() if party.agreed_at else None,
        }
        for party in parties
    ]


def _mediates(by: Actor, dispute: Dispute) -> bool:
    return bool(can_mediate(by, mediator_id=dispute.mediator_id, place_path=dispute.place_path))


def _is_party(by: Actor, dispute: Dispute) -> bool:
    if by.account_id is None or by.person_id is None:
        return False
    return DisputeParty.objects.filter(dispute=dispute, person=by.person_id).exists()
