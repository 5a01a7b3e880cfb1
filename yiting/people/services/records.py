"""Personal records: read with a reason and a log line, given to the person as a copy, erased, sealed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import transaction

from yiting.people import cipher, policies
from yiting.people.actors import Actor, Decision
from yiting.people.errors import NotAllowed, PersonErased, PurposeMissing
from yiting.people.models import Account, Household, Person, PersonalReading, PersonalRecord, PhoneClaim

_CHUNK = 500
Sealed = TypeVar("Sealed", PersonalRecord, PhoneClaim)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Name, telephone and home in the clear, empty where unknown. Never stored, logged or exported."""

    name: str = ""
    phone: str = ""
    home: str = ""


class Holding(Protocol):
    """What another module holds about a person: given out with the copy, erased with the person."""

    def export(self, person: Person, by: Actor) -> list[dict[str, Any]]:
        """Everything held about the person, ready for JSON; what is theirs alone only if `by` is they."""
        ...

    def erase(self, person: Person, by: Actor, at: datetime) -> None:
        """Take out what identifies the person; counts and proofs stay."""
        ...


_holdings: dict[str, Holding] = {}


def register_holding(name: str, holding: Holding) -> None:
    """Let a module above take part in copies and erasures; called once from its AppConfig.ready()."""
    _holdings[name] = holding


def personal_read(*, by: Actor, person: Person, purpose: str, at: datetime, place_path: str = "") -> PersonalData:
    """Open somebody's record and note who looked and why.

    `place_path` is the place of the person's matter that the caller has before them: the actor must handle
    matters there. The person may read their own, which is not noted; the system reads everywhere, noted.
    """
    return personal_read_many(by=by, persons=[person], purpose=purpose, at=at, place_path=place_path)[person.pk]


def personal_read_many(
    *, by: Actor, persons: Sequence[Person], purpose: str, at: datetime, place_path: str = ""
) -> dict[int, PersonalData]:
    """Open several records at once, for a matter that all these persons share; one log line for each."""
    if not purpose.strip():
        raise PurposeMissing
    for person in persons:
        _demand(policies.can_read_personal(by, person_id=person.pk, place_path=place_path))
    keys = [person.pk for person in persons]
    with transaction.atomic():
        records = {record.person_id: record for record in PersonalRecord.objects.filter(person_id__in=keys)}
        PersonalReading.objects.bulk_create(
            PersonalReading(
                person_id=key,
                account_id=by.account_id,
                role_label=by.role_label_at(place_path)[:120],
                purpose=purpose.strip()[:200],
                at=at,
            )
            for key in records
            if key != by.person_id
        )
    return {key: _opened(records[key]) if key in records else PersonalData() for key in keys}


def personal_update(
    *, by: Actor, person: Person, name: str | None = None, home: str | None = None, at: datetime
) -> None:
    """The person corrects their own name or the words of their home; a number changes by code."""
    if by.person_id != person.pk:
        raise NotAllowed
    with transaction.atomic():
        record = PersonalRecord.objects.select_for_update().filter(person=person).first()
        record = record or PersonalRecord(person=person, consent_how="own page", consent_at=at)
        if name is not None:
            record.name = cipher.encrypt(name.strip())
        if home is not None:
            record.home = cipher.encrypt(home.strip())
        record.save()


def person_export(*, by: Actor, person: Person, at: datetime, place_path: str = "") -> dict[str, Any]:
    """The copy of everything kept about a person, which the law promises them, ready for JSON."""
    if person.erased_at is not None:
        raise PersonErased
    _demand(policies.can_export_personal(by, person_id=person.pk, place_path=place_path))
    with transaction.atomic():
        data = personal_read(by=by, person=person, purpose="copy for the person", at=at, place_path=place_path)
        record = PersonalRecord.objects.filter(person=person).first()
        account = Account.objects.filter(person=person).first()
        copy: dict[str, Any] = {
            "exported_at": at.isoformat(),
            "person": {
                "name": data.name,
                "phone": data.phone,
                "home": data.home,
                "source": person.source,
                "consent_how": record.consent_how if record else "",
                "consent_at": record.consent_at.isoformat() if record and record.consent_at else None,
            },
            "account": _account_copy(account) if account else None,
            "readings": [
                {"role": reading.role_label, "purpose": reading.purpose, "at": reading.at.isoformat()}
                for reading in person.readings.order_by("at", "pk")
            ],
        }
        for name, holding in _holdings.items():
            copy[name] = holding.export(person, by)
    return copy


def person_erase(*, by: Actor, person: Person, at: datetime, place_path: str = "") -> None:
    """Forget a person: record, keys, household and account link go; the bare row stays, so that counts hold.

    Holds the person's row locked, so that a message arriving meanwhile finds the old person or a new one.
    Erasing twice changes nothing.
    """
    with transaction.atomic():
        # what others write about the person meanwhile needs only its key: with that locked too, both could wait
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.erased_at is not None:
            return
        _demand(policies.can_erase_personal(by, person_id=person.pk, place_path=place_path))
        for holding in _holdings.values():
            holding.erase(person, by, at)
        if person.account_id is not None:
            PhoneClaim.objects.filter(account_id=person.account_id).delete()
        PersonalRecord.objects.filter(person=person).delete()
        person.keys.all().delete()
        household_id = person.household_id
        person.household = None
        person.home_told_at = person.home_proved_at = None
        person.home_proved_by = ""
        person.account = None
        person.source_key = ""
        person.erased_at = at
        person.save()
        if household_id is not None:
            Household.objects.filter(pk=household_id, persons__isnull=True).delete()


def personal_rotate(*, by: Actor) -> int:
    """Seal every record anew under the newest key; returns how many. For the system, after a key was added.

    Each chunk is its own transaction with its rows locked: the site stays open, and a stopped run is simply
    started again.
    """
    if not by.everywhere:
        raise NotAllowed
    return _rotate_all(PersonalRecord, ("name", "phone", "home")) + _rotate_all(PhoneClaim, ("phone",))


def _rotate_all(model: type[Sealed], fields: tuple[str, ...]) -> int:
    done = last = 0
    while True:
        with transaction.atomic():
            rows = list(model._default_manager.select_for_update().filter(pk__gt=last).order_by("pk")[:_CHUNK])
            for row in rows:
                for field in fields:
                    setattr(row, field, cipher.rotate(getattr(row, field)))
            model._default_manager.bulk_update(rows, list(fields))
        if not rows:
            return done
        last = rows[-1].pk
        done += len(rows)


def _opened(record: PersonalRecord) -> PersonalData:
    return PersonalData(
        name=cipher.decrypt(record.name), phone=cipher.decrypt(record.phone), home=cipher.decrypt(record.home)
    )


def _account_copy(account: Account) -> dict[str, Any]:
    return {
        "username": account.username,
        "public_name": account.public_name,
        "language": account.language,
        "created_at": account.created_at.isoformat(),
        "roles": [
            {
                "kind": role.kind,
                "organisation": role.organisation.name if role.organisation else "",
                "place": role.place.name,
                "since_on": role.since_on.isoformat(),
                "until_on": role.until_on.isoformat() if role.until_on else None,
            }
            for role in account.roles.select_related("organisation", "place").order_by("since_on", "pk")
        ],
    }


def _demand(decision: Decision) -> None:
    if not decision:
        raise NotAllowed(decision.reason)
