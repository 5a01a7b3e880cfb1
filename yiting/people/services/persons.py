"""Who speaks: finding the person behind a message, or making a new pseudonymous one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from yiting.people import cipher
from yiting.people.actors import Actor
from yiting.people.errors import HouseholdPlaceWrong, NotAllowed
from yiting.people.homes import normal_home
from yiting.people.models import Account, Household, Person, PersonalRecord, PersonKey
from yiting.people.phones import normal_phone
from yiting.places.models import Level, Place

HOME_LEVELS = {Level.ESTATE, Level.BUILDING}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """What a message tells about who speaks; everything may be left out."""

    source: str
    key: str | None = None
    phone: str | None = None
    name: str | None = None
    home: str | None = None
    household_place: Place | None = None
    home_seen: bool = False
    consent_how: str = ""

    @property
    def bears_personal_data(self) -> bool:
        """Whether anything has to be sealed away."""
        return bool(self.phone or self.name or self.home)


def person_identify(
    *,
    by: Actor,
    source: str,
    key: str | None = None,
    phone: str | None = None,
    name: str | None = None,
    home: str | None = None,
    household_place: Place | None = None,
    home_seen: bool = False,
    account: Account | None = None,
    consent_how: str = "",
    at: datetime,
) -> Person:
    """Find the person behind a message, or make one.

    The account's own person comes first, then the source's key, then the telephone number. Nothing known
    makes a new anonymous person. Known data is completed, never overwritten; of a person with an account only
    by themself and by staff. A number typed by an account is kept to call back but identifies nobody until it
    was proved by a code: otherwise anybody could sign up and take over what somebody else once said.

    A home is the speaker's word. `home_seen` says that somebody who works at the place has satisfied themself that
    they live there; it goes before a home that was only told.

    Two calls at once with the same key or number end in the same person: the unique constraints decide, and
    the loser looks again.
    """
    if account is not None and by.account_id != account.pk and not by.everywhere:
        raise NotAllowed
    known = Identity(
        source=source,
        key=key or None,
        phone=normal_phone(phone) if phone else None,
        name=(name or "").strip() or None,
        home=(home or "").strip() or None,
        household_place=household_place,
        home_seen=home_seen,
        consent_how=consent_how,
    )
    if home_seen and (household_place is None or not by.works_at(household_place.path)):
        raise NotAllowed
    if known.home and household_place is not None and household_place.level not in HOME_LEVELS:
        raise HouseholdPlaceWrong(place=household_place.name)
    try:
        with transaction.atomic():
            return _find_or_make(by, known, account, at)
    except IntegrityError:
        with transaction.atomic():
            return _find_or_make(by, known, account, at)


def persons_identify(*, by: Actor, rows: Sequence[Identity], at: datetime) -> list[Person]:
    """Find or make the persons of many messages at once, in their order, for importers.

    Rows that carry only a key, or nothing, cost a few queries for all of them together; rows with a number, a
    name or a home go one by one through `person_identify`.
    """
    with transaction.atomic():
        by_key = _persons_by_key(rows)
        missing = {
            (row.source, _key_index(row))
            for row in rows
            if row.key and not row.bears_personal_data and (row.source, _key_index(row)) not in by_key
        }
        for person in Person.objects.bulk_create(
            [Person(source=source, source_key=index) for source, index in sorted(missing)], batch_size=_CHUNK
        ):
            by_key[person.source, person.source_key] = person
        nobodies = [row for row in rows if not row.key and not row.bears_personal_data]
        fresh = iter(Person.objects.bulk_create([Person(source=row.source) for row in nobodies], batch_size=_CHUNK))
        found = []
        for row in rows:
            if row.bears_personal_data:
                found.append(
                    person_identify(
                        by=by,
                        source=row.source,
                        key=row.key,
                        phone=row.phone,
                        name=row.name,
                        home=row.home,
                        household_place=row.household_place,
                        consent_how=row.consent_how,
                        at=at,
                    )
                )
            elif row.key:
                found.append(by_key[row.source, _key_index(row)])
            else:
                found.append(next(fresh))
        return found


def _persons_by_key(rows: Sequence[Identity]) -> dict[tuple[str, str], Person]:
    wanted = sorted({_key_index(row) for row in rows if row.key})
    known: dict[tuple[str, str], Person] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for person in Person.objects.filter(source_key__in=chunk):
            known[person.source, person.source_key] = person
        for alias in PersonKey.objects.filter(source_key__in=chunk).select_related("person"):
            known[alias.source, alias.source_key] = alias.person
    return known


def _key_index(row: Identity) -> str:
    return cipher.blind_index(f"key:{row.source}", row.key or "")


def _find_or_make(by: Actor, known: Identity, account: Account | None, at: datetime) -> Person:
    key_index = _key_index(known) if known.key else ""
    phone_index = cipher.blind_index("phone", known.phone) if known.phone else ""
    person = _find(known, key_index, phone_index, account)
    if person is None:
        person = Person.objects.create(source=known.source, source_key=key_index, account=account)
    elif key_index:
        _remember_key(person, known.source, key_index)
    theirs = person.account_id is None or by.account_id == person.account_id or by.is_staff
    if theirs:
        _join_household(by, person, known, at)
        _complete_record(person, known, phone_index if person.account_id is None else "", at)
    return person


def _find(known: Identity, key_index: str, phone_index: str, account: Account | None) -> Person | None:
    if account is not None:
        return Person.objects.filter(account=account).first()
    if key_index:
        by_key = Person.objects.filter(source=known.source, source_key=key_index).first()
        if by_key is not None:
            return by_key
        alias = PersonKey.objects.select_related("person").filter(source=known.source, source_key=key_index).first()
        if alias is not None:
            return alias.person
    if phone_index:
        return Person.objects.filter(record__phone_index=phone_index).first()
    return None


def _remember_key(person: Person, source: str, key_index: str) -> None:
    if (person.source, person.source_key) == (source, key_index):
        return
    if Person.objects.filter(source=source, source_key=key_index).exists():
        return  # the key is another voice's; the account or number that was found first counts
    PersonKey.objects.get_or_create(source=source, source_key=key_index, defaults={"person": person})


def _join_household(by: Actor, person: Person, known: Identity, at: datetime) -> None:
    if not known.home or known.household_place is None or person.home_proved_at is not None:
        return
    if person.household_id is not None and not known.home_seen:
        return
    person.household = household_of(known.household_place, known.home)
    if known.home_seen:
        person.home_proved_at, person.home_proved_by = at, by.role_label_at(known.household_place.path)[:120]
    person.save(update_fields=["household", "home_proved_at", "home_proved_by"])


def household_of(place: Place, home: str) -> Household:
    """The household of a home in an estate or a building, however its unit and room are written."""
    key = cipher.blind_index("home", f"{place.pk}|{normal_home(home)}")
    return Household.objects.get_or_create(key=key, defaults={"place": place})[0]


def _complete_record(person: Person, known: Identity, phone_index: str, at: datetime) -> None:
    if not known.bears_personal_data:
        return
    record = PersonalRecord.objects.filter(person=person).first() or PersonalRecord(person=person)
    if known.phone and not record.phone:
        record.phone = cipher.encrypt(known.phone)
        if phone_index and not PersonalRecord.objects.filter(phone_index=phone_index).exists():
            record.phone_index = phone_index
    if known.name and not record.name:
        record.name = cipher.encrypt(known.name)
    if known.home and not record.home:
        record.home = cipher.encrypt(known.home)
    if known.consent_how and not record.consent_how:
        record.consent_how, record.consent_at = known.consent_how, at
    record.save()
