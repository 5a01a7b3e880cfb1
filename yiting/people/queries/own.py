"""What a person may see of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from yiting.people import cipher
from yiting.people.actors import Actor
from yiting.people.models import Account, Person, PersonalReading, RoleKind
from yiting.people.phones import masked_phone
from yiting.people.queries.numbers import get_account_phone
from yiting.people.queries.roles import RoleRow, held_on, local_day, role_row


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of somebody's record, as that person sees it."""

    who: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that the page 'mine' shows about the person who opens it."""

    account: Account
    person_id: int | None
    name: str
    phone: str
    home: str
    home_state: str
    home_proved_at: datetime | None
    home_proved_by: str
    phone_verified: bool
    roles: tuple[RoleRow, ...]
    readings: tuple[ReadingRow, ...]


def get_own_person(by: Actor) -> Person | None:
    """The actor's own person, when they have one."""
    return Person.objects.filter(pk=by.person_id).first() if by.person_id is not None else None


def person_lives_at(persons: Collection[int], place_path: str) -> bool:
    """Whether one of some persons lives in a place: a confirmed home, and a telephone number that is proved."""
    found = Person.objects.filter(
        pk__in=persons, household__place__path__startswith=place_path, home_proved_at__isnull=False
    )
    return found.filter(record__phone_verified_at__isnull=False).exists()


def home_path(person: Person | None) -> str:
    """The path of a person's confirmed home; empty when none is confirmed."""
    if person is None or person.household is None or person.home_proved_at is None:
        return ""
    return person.household.place.path


def get_own_page(account: Account, at: datetime) -> OwnPage:
    """What the page 'mine' shows; the reader is the person themself, so that no reading is logged."""
    person = Person.objects.select_related("record").filter(account_id=account.pk).first()
    record = getattr(person, "record", None)
    day = local_day(at)
    roles = account.roles.filter(held_on(day)).select_related("organisation", "place").order_by("since_on", "pk")
    readings = PersonalReading.objects.filter(person=person).order_by("-at", "-pk")[:20] if person else []
    phone, verified = get_account_phone(account) or (cipher.decrypt(record.phone) if record else "", False)
    return OwnPage(
        account=account,
        person_id=person.pk if person else None,
        name=cipher.decrypt(record.name) if record else "",
        phone=masked_phone(phone) if phone else "",
        home=cipher.decrypt(record.home) if record else "",
        home_state=_home_state(person),
        home_proved_at=person.home_proved_at if person else None,
        home_proved_by=_who(person.home_proved_by) if person and person.home_proved_by else "",
        phone_verified=verified,
        roles=tuple(role_row(role) for role in roles),
        readings=tuple(ReadingRow(_who(row.role_label), _purpose(row.purpose), row.at) for row in readings),
    )


def _home_state(person: Person | None) -> str:
    """Whether a home is none, only told somewhere, waiting, confirmed, or was refused."""
    if person is None or (person.household_id is None and person.home_told_at is None):
        return "none"
    if person.household_id is None:
        return "refused"
    if person.home_proved_at is not None:
        return "proved"
    return "waiting" if person.home_told_at is not None else "told"


def _who(role_label: str) -> str:
    kind, _at, organisation = role_label.partition("@")
    if kind in RoleKind.values:
        return " · ".join(part for part in (str(RoleKind(kind).label), organisation) if part)
    return gettext("This site itself") if kind.startswith("system:") else role_label


def _purpose(purpose: str) -> str:
    known = {
        "notice": gettext("to send you a message"),
        "copy for the person": gettext("to make a copy for you"),
    }
    return known.get(purpose, purpose)
