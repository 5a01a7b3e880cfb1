"""Where somebody lives: told by themself, and confirmed by those who work there before it gives a vote.

What is locked: the row of the person, so that nobody confirms a home that is changed at the same moment.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.people import cipher
from yiting.people.actors import Actor
from yiting.people.errors import DoorMissing, HomeChanged, HomeMissing, HouseholdPlaceWrong, NotAllowed
from yiting.people.models import Household, Person, PersonalRecord
from yiting.people.services.persons import HOME_LEVELS, household_of
from yiting.places.models import Place


@transaction.atomic
def home_tell(*, by: Actor, person: Person, place: Place, door: str, at: datetime) -> Person:
    """Say where one lives, instead of what was said before; it counts once it is confirmed. The same again changes
    nothing."""
    if by.person_id != person.pk:
        raise NotAllowed
    if place.level not in HOME_LEVELS:
        raise HouseholdPlaceWrong(place=place.name)
    if not door.strip():
        raise DoorMissing
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    household = household_of(place, door)
    if household.pk == held.household_id and (held.home_told_at is not None or held.home_proved_at is not None):
        return held
    held.household, held.home_told_at, held.home_proved_at, held.home_proved_by = household, at, None, ""
    held.save(update_fields=["household", "home_told_at", "home_proved_at", "home_proved_by"])
    record = PersonalRecord.objects.select_for_update().filter(person=held).first()
    record = record or PersonalRecord(person=held, consent_how="own page", consent_at=at)
    record.home = cipher.encrypt(f"{place.name} {door.strip()}")
    record.save()
    return held


@transaction.atomic
def home_confirm(*, by: Actor, person: Person, household: Household, at: datetime) -> Person:
    """Confirm that somebody lives in the home they told, as one who works there and has satisfied themself."""
    held = _take(by=by, person=person, household=household)
    held.home_proved_at, held.home_proved_by = at, by.role_label_at(household.place.path)[:120]
    held.save(update_fields=["home_proved_at", "home_proved_by"])
    return held


@transaction.atomic
def home_refuse(*, by: Actor, person: Person, household: Household, at: datetime) -> Person:
    """Say that somebody does not live in the home they told; they may tell it anew."""
    held = _take(by=by, person=person, household=household)
    held.household, held.home_proved_by = None, by.role_label_at(household.place.path)[:120]
    held.save(update_fields=["household", "home_proved_by"])
    return held


def _take(*, by: Actor, person: Person, household: Household) -> Person:
    """Lock a person whose home waits for those who work there; nobody answers for their own."""
    held = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, home_told_at__isnull=False).first()
    if held is None or not by.works_at(household.place.path):
        raise HomeMissing
    if by.person_id == held.pk:
        raise NotAllowed
    if held.household_id != household.pk or held.home_proved_at is not None:
        raise HomeChanged
    return held
