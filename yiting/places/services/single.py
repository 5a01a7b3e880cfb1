"""Writes of one place at a time.

Adding locks the parent's row until the transaction ends: two who add below the same place at once stand in
line, so no local code is given twice and the second of two equal names is told.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from yiting.places import codes, rules
from yiting.places.errors import (
    CodeMissing,
    CodeNotHere,
    CodeTaken,
    LocalCodesUsedUp,
    NameTaken,
    PlaceMissing,
    PlaceNotSaid,
    YearNotLater,
)
from yiting.places.models import CODED_LEVELS, ROLE_LIMIT, SOURCE_LIMIT, CodeChange, Level, Place

Number = Decimal | float | str


@transaction.atomic
def place_add(
    *,
    by_role: str,
    parent: Place | None,
    level: str,
    name: str,
    at: datetime,
    code: str | None = None,
    code_year: int | None = None,
    households: int | None = None,
    households_on_allowance: int | None = None,
    counted_on: date | None = None,
    source: str = "",
    latitude: Number | None = None,
    longitude: Number | None = None,
) -> Place:
    """Add a place to the tree.

    Province to community carry a division code and its year; a community without one gets the next local code
    under its street and is marked so. Estates and buildings carry none.
    """
    wanted = Level(level)
    above = _lock(parent) if parent is not None else None
    rules.check_level(wanted, above)
    cleaned = rules.checked_name(name)
    rules.check_counts(households, households_on_allowance)
    point = rules.checked_point(latitude, longitude)
    place = Place(
        level=wanted,
        name=cleaned,
        parent=above,
        zone=above.zone if above else Place._meta.get_field("zone").default,
        households=households,
        households_on_allowance=households_on_allowance,
        counted_on=counted_on,
        source=source.strip()[:SOURCE_LIMIT],
        latitude=point[0],
        longitude=point[1],
        recorded_by=by_role[:ROLE_LIMIT],
        recorded_at=at,
    )
    rules.check_counted_on(counted_on, _day_at(place, at))
    if wanted in CODED_LEVELS:
        place.code, place.code_year, place.code_is_local = _code_for(wanted, above, code, code_year, at)
    elif code:
        raise CodeNotHere(level=wanted.label)
    else:
        _check_name_free(above, cleaned)
    return _insert(place, above)


@transaction.atomic
def place_count(
    *,
    by_role: str,
    place: Place,
    households: int | None,
    households_on_allowance: int | None,
    counted_on: date | None,
    source: str,
    at: datetime,
) -> Place:
    """Set a place's household counts, with the day of the count and where the figures come from."""
    locked = _lock(place)
    rules.check_counts(households, households_on_allowance)
    rules.check_counted_on(counted_on, _day_at(locked, at))
    locked.households = households
    locked.households_on_allowance = households_on_allowance
    locked.counted_on = counted_on
    locked.source = source.strip()[:SOURCE_LIMIT]
    fields = ["households", "households_on_allowance", "counted_on", "source"]
    return _update(locked, by_role, at, fields)


@transaction.atomic
def place_rename(*, by_role: str, place: Place, name: str, at: datetime) -> Place:
    """Give a place another name."""
    locked = _lock(place)
    cleaned = rules.checked_name(name)
    if locked.level not in CODED_LEVELS and cleaned != locked.name:
        _check_name_free(locked.parent, cleaned)
    locked.name = cleaned
    return _update(locked, by_role, at, ["name"])


@transaction.atomic
def place_locate(
    *, by_role: str, place: Place, latitude: Number | None, longitude: Number | None, at: datetime
) -> Place:
    """Set or clear a place's point (WGS-84)."""
    locked = _lock(place)
    locked.latitude, locked.longitude = rules.checked_point(latitude, longitude)
    return _update(locked, by_role, at, ["latitude", "longitude"])


@transaction.atomic
def place_recode(*, by_role: str, place: Place, code: str, year: int, note: str, at: datetime) -> Place:
    """Give a place the code of a later yearly list; the old one keeps finding it."""
    locked = _lock(place)
    if locked.level not in CODED_LEVELS:
        raise CodeNotHere(level=Level(locked.level).label)
    fresh = rules.checked_code(code, Level(locked.level), locked.parent, year)
    if fresh == locked.code:
        return locked
    if locked.code_year is not None and year < locked.code_year:
        raise YearNotLater(name=locked.name, code_year=locked.code_year, year=year)
    _check_code_free(fresh)
    if locked.code is not None:
        defaults = {"new_code": fresh, "note": note.strip()[:SOURCE_LIMIT]}
        CodeChange.objects.update_or_create(old_code=locked.code, year=year, defaults=defaults)
    locked.code, locked.code_year = fresh, year
    locked.code_is_local = codes.is_local(fresh, Level(locked.level))
    return _update(locked, by_role, at, ["code", "code_year", "code_is_local"])


@transaction.atomic
def place_default(*, at: datetime) -> Place:
    """Return the place that is meant where none is said: the lowest, down to a community, that holds all.

    Where there is no place at all, a community without a code is made, to be renamed and given its code
    later. Several trees side by side are refused.
    """
    roots = list(Place.objects.filter(parent=None)[:2])
    if len(roots) > 1:
        raise PlaceNotSaid
    if not roots:
        place = Place(level=Level.COMMUNITY, name=gettext("Our community"), recorded_by="", recorded_at=at)
        return _insert(place, None)
    place = roots[0]
    while place.level != Level.COMMUNITY:
        below = list(Place.objects.filter(parent=place)[:2])
        if len(below) != 1 or below[0].level not in CODED_LEVELS:
            break
        place = below[0]
    return place


def _lock(place: Place) -> Place:
    locked = Place.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=place.pk).first()
    if locked is None:
        raise PlaceMissing
    return locked


def _code_for(
    level: Level, parent: Place | None, code: str | None, year: int | None, at: datetime
) -> tuple[str, int, bool]:
    if code:
        checked = rules.checked_code(code, level, parent, year)
        _check_code_free(checked)
        return checked, year or at.year, codes.is_local(checked, level)
    if level != Level.COMMUNITY or parent is None or parent.level != Level.STREET or parent.code is None:
        raise CodeMissing(level=level.label)
    taken = Place.objects.filter(code__startswith=parent.code[:9]).values_list("code", flat=True)
    retired = CodeChange.objects.filter(old_code__startswith=parent.code[:9]).values_list("old_code", flat=True)
    # A local code that was replaced still finds its place, so it is not given to another.
    free = codes.free_local_code(parent.code, [one for one in (*taken, *retired) if one])
    if free is None:
        raise LocalCodesUsedUp(parent=parent.name)
    return free, year or at.year, True


def _check_code_free(code: str) -> None:
    holder = Place.objects.filter(code=code).first()
    if holder is not None:
        raise CodeTaken(code=code, name=holder.name)


def _check_name_free(parent: Place | None, name: str) -> None:
    if parent is not None and Place.objects.filter(parent=parent, name=name).exists():
        raise NameTaken(parent=parent.name, name=name)


def _insert(place: Place, parent: Place | None) -> Place:
    # The path holds the key, which the insert gives out; until then a text that no path can be stands there.
    place.path = f"new {place.level} {place.parent_id} {place.code or place.name}"
    place.save(force_insert=True)
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    return place


def _update(place: Place, by_role: str, at: datetime, fields: list[str]) -> Place:
    place.recorded_by, place.recorded_at = by_role[:ROLE_LIMIT], at
    place.save(update_fields=[*fields, "recorded_by", "recorded_at"])
    return place


def _day_at(place: Place, at: datetime) -> date:
    return at.astimezone(ZoneInfo(place.zone)).date()
