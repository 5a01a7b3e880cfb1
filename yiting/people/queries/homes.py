"""Homes: where one may say that one lives, and what waits for the community to confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiting.people.actors import Actor
from yiting.people.errors import BuildingUnknown, HomeMissing
from yiting.people.homes import normal_home
from yiting.people.models import Person
from yiting.people.queries.roles import path_under
from yiting.places.models import Level, Place
from yiting.places.queries import short_name

WAITING_SHOWN = 100
ESTATES_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home that waits to be confirmed. The door and the name are read through the gate that notes it."""

    person: Person
    household_id: int
    place_name: str
    place_path: str
    told_at: datetime


def estate_options() -> list[tuple[Place, str]]:
    """The estates that a home may lie in, with their communities. One query."""
    found = Place.objects.filter(level=Level.ESTATE).select_related("parent").order_by("path")[:ESTATES_LIMIT]
    return [(one, f"{one.parent.name} · {one.name}" if one.parent else one.name) for one in found]


def building_named(estate: Place, name: str) -> tuple[Place, str]:
    """The building of an estate by its name, and what of the name belongs to the door. One query.

    An estate of which no buildings are known takes the name as a part of the door.
    """
    known = list(Place.objects.filter(parent=estate, level=Level.BUILDING).order_by("path"))
    if not known:
        return estate, name.strip()
    wanted = normal_home(name)
    found = next((one for one in known if normal_home(one.name) == wanted), None)
    if found is None:
        raise BuildingUnknown(
            estate=estate.name, building=name.strip(), known="、".join(one.name for one in known[:60])
        )
    return found, ""


def list_homes_waiting(by: Actor) -> list[HomeRow]:
    """The homes that wait for somebody who works there, the longest waiting first. One query."""
    waiting = Person.objects.filter(
        path_under("household__place__path", by.work_paths), home_told_at__isnull=False, home_proved_at__isnull=True
    )
    found = waiting.select_related("household__place__parent").order_by("home_told_at", "pk")[:WAITING_SHOWN]
    return [
        HomeRow(
            person=one,
            household_id=one.household.pk,
            place_name=short_name(one.household.place),
            place_path=one.household.place.path,
            told_at=one.home_told_at,
        )
        for one in found
        if one.household is not None and one.home_told_at is not None and one.pk != by.person_id
    ]


def get_home_waiting(by: Actor, person_id: int) -> Person:
    """Somebody whose home waits for the actor. One query."""
    found = (
        Person.objects.filter(pk=person_id, home_told_at__isnull=False)
        .filter(path_under("household__place__path", by.work_paths))
        .select_related("household__place")
        .first()
    )
    if found is None:
        raise HomeMissing
    return found
