"""Reads of places; each takes a fixed number of queries, however large the tree."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from yiting.places.codes import code_normalise
from yiting.places.errors import CodeUnknown, PlaceMissing
from yiting.places.models import CODED_LEVELS, CodeChange, Level, Place

OFFERED_COMMUNITIES = 300

_ORDER = {level: rank for rank, level in enumerate(Level)}
_RUNS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class PlaceOption:
    """One place in a picker; depth counts from the root of the picked tree."""

    id: int
    name: str
    level: str
    depth: int


@dataclass(frozen=True, slots=True)
class PlacePick:
    """What the picker shows: the communities to choose from, and what lies below the one chosen."""

    communities: list[Place]
    community: Place | None
    estates: list[Place]
    estate: Place | None
    buildings: list[Place]
    building: Place | None

    @property
    def chosen(self) -> Place | None:
        """The most precise place chosen so far."""
        return self.building or self.estate or self.community


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One place on the page over a subtree; depth counts from its root."""

    place: Place
    depth: int

    @property
    def indent(self) -> str:
        """Wide spaces that set the name in, as deep as it stands below the root's children."""
        return "\u3000" * max(self.depth - 1, 0)


def get_place(pk: int | str) -> Place:
    """Return a place by its key, or raise PlaceMissing."""
    place = Place.objects.filter(pk=int(pk)).first() if _is_key(pk) else None
    if place is None:
        raise PlaceMissing
    return place


def get_place_by_code(code: str) -> Place:
    """Return the place that carries this code, or that an older list gave it to; else raise CodeUnknown.

    Two queries for a code in use, one more for each yearly change that an old one went through.
    """
    wanted = code_normalise(code)
    seen: set[str] = set()
    current: str | None = wanted
    while current is not None and current not in seen:
        place = Place.objects.filter(code=current).first()
        if place is not None:
            return place
        seen.add(current)
        changes = CodeChange.objects.filter(old_code=current).order_by("-year", "-pk")
        current = changes.values_list("new_code", flat=True).first()
    raise CodeUnknown(code=code)


def children_of(place: Place) -> list[Place]:
    """List the places directly below one, by name as people count: 2 before 10."""
    return _by_name(Place.objects.filter(parent=place))


def subtree(place: Place) -> QuerySet[Place]:
    """The place and everything below it, for further filtering by queries of other modules."""
    return Place.objects.filter(path__startswith=place.path)


def list_subtree(place: Place) -> list[Place]:
    """List a place and everything below it in the order of the tree. One query."""
    return [row.place for row in list_tree(place)]


def subtree_ids(place: Place) -> list[int]:
    """List the keys of a place and of everything below it."""
    return list(subtree(place).order_by("pk").values_list("pk", flat=True))


def list_ancestors(place: Place) -> list[Place]:
    """List the places above one, from the top down, without itself. One query."""
    keys = _path_keys(place)[:-1]
    found = Place.objects.in_bulk(keys) if keys else {}
    return [found[key] for key in keys]


def list_tree(root: Place) -> list[TreeRow]:
    """List a place and everything below it in the order of the tree. One query."""
    below: dict[int | None, list[Place]] = {}
    for place in subtree(root):
        below.setdefault(place.parent_id, []).append(place)
    rows: list[TreeRow] = []
    waiting = [(place, 0) for place in below.get(root.parent_id, []) if place.pk == root.pk]
    while waiting:
        place, depth = waiting.pop()
        rows.append(TreeRow(place, depth))
        waiting += [(child, depth + 1) for child in reversed(_by_name(below.get(place.pk, [])))]
    return rows


def place_options(root: Place) -> list[PlaceOption]:
    """List a place and everything below it for a picker, in the order of the tree. One query."""
    return [PlaceOption(row.place.pk, row.place.name, row.place.level, row.depth) for row in list_tree(root)]


def short_name(place: Place) -> str:
    """Name a place so that it is not mistaken: a building with its estate. No query when `parent` is loaded."""
    if place.level == Level.BUILDING and place.parent is not None:
        return f"{place.parent.name} {place.name}"
    return place.name


def full_name(place: Place, down_from: str = "community") -> str:
    """Name a place with those above it, from a level down: “天骄社区 仁和家园 3号楼”. One query."""
    return full_names([place], down_from)[place.pk]


def full_names(places: Iterable[Place], down_from: str = "community") -> dict[int, str]:
    """Name several places with those above them, by their keys. One query for all."""
    listed = list(places)
    above = {key for place in listed for key in _path_keys(place)}
    found = Place.objects.in_bulk(list(above)) if above else {}
    top = _ORDER[Level(down_from)]
    names = {}
    for place in listed:
        line = [found[key] for key in _path_keys(place)[:-1] if _ORDER[Level(found[key].level)] >= top]
        names[place.pk] = " ".join([one.name for one in line] + [place.name])
    return names


def list_places(pks: Iterable[int]) -> list[Place]:
    """List places by their keys, by name."""
    return _by_name(Place.objects.filter(pk__in=list(pks)))


def list_communities() -> list[Place]:
    """List the communities that a resident can choose: those that have estates, or all while none has.

    At most two queries.
    """
    with_estates = Place.objects.filter(level=Level.COMMUNITY, children__level=Level.ESTATE).distinct()
    found = _by_name(with_estates[:OFFERED_COMMUNITIES])
    return found or _by_name(Place.objects.filter(level=Level.COMMUNITY)[:OFFERED_COMMUNITIES])


def place_pick(
    *, community: int | str | None = None, estate: int | str | None = None, building: int | str | None = None
) -> PlacePick:
    """Return what the picker shows; a choice that does not fit the one above it is dropped.

    The only community there is counts as chosen. At most five queries.
    """
    communities = list_communities()
    chosen = _one_of(communities, community) or _stored(community, Level.COMMUNITY)
    if chosen is None and len(communities) == 1:
        chosen = communities[0]
    estates = children_of(chosen) if chosen else []
    chosen_estate = _one_of(estates, estate)
    buildings = children_of(chosen_estate) if chosen_estate else []
    return PlacePick(communities, chosen, estates, chosen_estate, buildings, _one_of(buildings, building))


def household_count(place: Place) -> int | None:
    """How many households a place has: its own count, or the sum of those nearest below; None if unknown."""
    if place.households is not None:
        return place.households
    counted: list[Place] = []
    for one in subtree(place).filter(households__isnull=False).order_by("path"):
        if not any(one.path.startswith(higher.path) for higher in counted):
            counted.append(one)
    return sum(one.households or 0 for one in counted) if counted else None


def is_coded(level: str) -> bool:
    """Say whether places of this level carry division codes."""
    return level in CODED_LEVELS


def _by_name(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (_natural(place.name), place.pk))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Split a name into words and numbers so that 2号楼 comes before 10号楼."""
    runs: Sequence[str] = _RUNS.split(name)
    return [(0, int(run), "") if run.isdecimal() else (1, 0, run) for run in runs if run]


def _path_keys(place: Place) -> list[int]:
    return [int(key) for key in place.path.strip("/").split("/")]


def _is_key(pk: int | str | None) -> bool:
    text = str(pk)
    return text.isascii() and text.isdigit() and len(text) < 19


def _one_of(places: Iterable[Place], pk: int | str | None) -> Place | None:
    return next((place for place in places if str(place.pk) == str(pk)), None)


def _stored(pk: int | str | None, level: Level) -> Place | None:
    return Place.objects.filter(pk=int(str(pk)), level=level).first() if _is_key(pk) else None
