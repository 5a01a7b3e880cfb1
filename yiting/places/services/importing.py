"""Taking in a whole division list: good rows go in, bad ones are told with number, column and reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from yiting.places import codes, rules
from yiting.places.errors import CodeTaken, PlaceError, PlaceMissing
from yiting.places.models import ROLE_LIMIT, Level, Place
from yiting.places.queries import get_place_by_code
from yiting.places.services.reading import PlaceRow, level_of
from yiting.places.services.single import place_add, place_recode

CHUNK = 2000
_UNPLACED = "new "

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that did not go in, and why."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class ImportOutcome:
    """What became of the rows; `changed` counts places that took a newer list's name, year or code."""

    added: int = 0
    known: int = 0
    changed: int = 0
    bad: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row whose own fields are in order; its place in the tree is still to be found."""

    number: int
    level: Level
    code: str
    name: str
    year: int
    parent: str
    old_code: str


def places_import(
    *, by_role: str, rows: Iterable[PlaceRow], at: datetime, progress: Progress | None = None
) -> ImportOutcome:
    """Take in the rows of a division list, in any order, in one transaction; twice adds nothing.

    A division without a parent's code goes under the nearest place whose code its own begins with. Estates
    and buildings name theirs: the community's code, or "code/estate".
    """
    outcome = ImportOutcome()
    of_level: dict[Level, list[_Wanted]] = {level: [] for level in Level}
    for row in rows:
        try:
            wanted = _wanted(row)
        except _Bad as bad:
            outcome.bad.append(BadRow(row.number, bad.column, bad.reason))
            continue
        of_level[wanted.level].append(wanted)
    with transaction.atomic():
        for level, listed in of_level.items():
            for start in range(0, len(listed), CHUNK):
                chunk = listed[start : start + CHUNK]
                _store(level, chunk, by_role, at, outcome)
                if progress is not None:
                    progress(len(chunk))
    outcome.bad.sort(key=lambda bad: bad.row)
    return outcome


class _Bad(Exception):
    """A row that cannot go in; stays inside this file."""

    def __init__(self, column: str, reason: object) -> None:
        super().__init__(column)
        self.column, self.reason = column, str(reason)


@contextmanager
def _column(name: str) -> Iterator[None]:
    """Lay a refusal to a column of the row."""
    try:
        yield
    except PlaceError as refused:
        raise _Bad(name, refused.message) from refused


def _wanted(row: PlaceRow) -> _Wanted:
    level = level_of(row.level) if row.level else None
    if row.level and level is None:
        raise _Bad("level", _("“%(level)s” is no level of places") % {"level": row.level})
    with _column("name"):
        name = rules.checked_name(row.name)
    if not row.code:
        if level is None or not row.parent:
            raise _Bad("parent", _("a row without a code must give its level and what it stands under"))
        return _Wanted(row.number, level, "", name, 0, row.parent, "")
    with _column("code"):
        code = codes.code_normalise(row.code)
        level = level or codes.code_level(code)
        codes.code_check(code, level)
    year = int(row.year[:4]) if row.year[:4].isascii() and row.year[:4].isdigit() else 0
    with _column("year"):
        rules.checked_code(code, level, None, year)
    with _column("old_code"):
        old_code = codes.code_normalise(row.old_code) if row.old_code else ""
    return _Wanted(row.number, level, code, name, year, row.parent, old_code)


def _store(level: Level, chunk: Sequence[_Wanted], by_role: str, at: datetime, outcome: ImportOutcome) -> None:
    known = _by_code(code for wanted in chunk for code in (wanted.code, wanted.old_code, *_codes_above(wanted)))
    fresh: dict[str, Place] = {}
    for wanted in chunk:
        try:
            with _column("code"):
                if not wanted.code:
                    _store_uncoded(wanted, by_role, at, outcome)
                elif wanted.code in fresh:
                    _check_same_name(wanted, fresh[wanted.code].name)
                    outcome.known += 1
                elif wanted.code in known:
                    _store_known(wanted, known[wanted.code], by_role, at, outcome)
                elif wanted.old_code in known:
                    place = known[wanted.old_code]
                    place_recode(
                        by_role=by_role,
                        place=place,
                        code=wanted.code,
                        year=wanted.year,
                        note=wanted.name,
                        at=at,
                    )
                    outcome.changed += 1
                else:
                    fresh[wanted.code] = _new_place(wanted, known, by_role, at)
        except _Bad as bad:
            outcome.bad.append(BadRow(wanted.number, bad.column, bad.reason))
    _insert(list(fresh.values()))
    outcome.added += len(fresh)


def _store_uncoded(wanted: _Wanted, by_role: str, at: datetime, outcome: ImportOutcome) -> None:
    with _column("parent"):
        parent = _find(wanted.parent)
    if Place.objects.filter(parent=parent, level=wanted.level, name=wanted.name).exists():
        outcome.known += 1
        return
    with _column("level"):
        place_add(by_role=by_role, parent=parent, level=wanted.level, name=wanted.name, at=at)
    outcome.added += 1


def _store_known(wanted: _Wanted, place: Place, by_role: str, at: datetime, outcome: ImportOutcome) -> None:
    if wanted.year <= (place.code_year or 0):
        _check_same_name(wanted, place.name)
        outcome.known += 1
        return
    place.name, place.code_year = wanted.name, wanted.year
    place.recorded_by, place.recorded_at = by_role[:ROLE_LIMIT], at
    place.save(update_fields=["name", "code_year", "recorded_by", "recorded_at"])
    outcome.changed += 1


def _check_same_name(wanted: _Wanted, name: str) -> None:
    if wanted.name != name:
        raise _Bad("code", CodeTaken(code=wanted.code, name=name).message)


def _new_place(wanted: _Wanted, known: dict[str, Place], by_role: str, at: datetime) -> Place:
    parent: Place | None
    with _column("parent"):
        if wanted.parent:
            parent = known.get(_filled(wanted.parent)) or _find(wanted.parent)
        else:
            parent = next((known[code] for code in codes.codes_above(wanted.code) if code in known), None)
        rules.check_level(wanted.level, parent)
        rules.check_under_parent(wanted.code, parent)
    return Place(
        level=wanted.level,
        name=wanted.name,
        code=wanted.code,
        code_year=wanted.year,
        code_is_local=codes.is_local(wanted.code, wanted.level),
        parent=parent,
        path=f"{_UNPLACED}{wanted.code}",
        recorded_by=by_role[:ROLE_LIMIT],
        recorded_at=at,
    )


def _insert(places: Sequence[Place]) -> None:
    """Insert places, then write their paths in one statement: a path holds the key that inserting gives."""
    if not places:
        return
    made = Place.objects.bulk_create(places)
    above = Subquery(Place.objects.filter(pk=OuterRef("parent_id")).values("path")[:1])
    Place.objects.filter(pk__in=[place.pk for place in made]).update(
        path=Concat(Coalesce(above, Value("/")), Cast("pk", CharField()), Value("/"), output_field=CharField())
    )


def _find(text: str) -> Place:
    """Find the place that "code" or "code/name/name" means."""
    code, *names = [part.strip() for part in text.split("/")]
    place = get_place_by_code(code)
    for name in names:
        below = Place.objects.filter(parent=place, name=name).first()
        if below is None:
            raise PlaceMissing(_("%(parent)s has no place called %(name)s"), parent=place.name, name=name)
        place = below
    return place


def _by_code(wanted: Iterable[str]) -> dict[str, Place]:
    unique = {code for code in wanted if code}
    return {place.code: place for place in Place.objects.filter(code__in=unique) if place.code}


def _codes_above(wanted: _Wanted) -> list[str]:
    return [_filled(wanted.parent), *(codes.codes_above(wanted.code) if wanted.code else [])]


def _filled(code: str) -> str:
    return code.ljust(codes.CODE_DIGITS, "0")
