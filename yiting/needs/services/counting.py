"""What a standing need owes to its requests: how many said it, by person and by household, since when, and where.

One caller forty times is one voice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from yiting.needs.models import Need, ServiceRequest, Support
from yiting.places.models import Level, Place

BELOW_A_COMMUNITY = (Level.ESTATE, Level.BUILDING)
WITHIN_A_COMMUNITY = (Level.COMMUNITY, *BELOW_A_COMMUNITY)
DERIVED = ["people_count", "household_count", "request_count", "first_at", "last_at", "place", "place_path"]


def recount(roots: Iterable[int]) -> None:
    """Bring these standing needs up to date with their requests and supports, in five statements at most."""
    ids = sorted(set(roots))
    if not ids:
        return
    people: dict[int, set[int]] = defaultdict(set)
    households: dict[int, set[tuple[str, int]]] = defaultdict(set)
    paths: dict[int, set[str]] = defaultdict(set)
    unsaid: dict[int, set[str]] = defaultdict(set)
    times: dict[int, list[datetime]] = defaultdict(list)
    asked = ServiceRequest.objects.filter(need__root__in=ids).values_list(
        "need__root_id", "person_id", "person__household_id", "place__path", "place__level", "filed_at"
    )
    joined = Support.objects.filter(need__root__in=ids, withdrawn_at__isnull=True).values_list(
        "need__root_id", "person_id", "person__household_id"
    )
    for root, person, household, path, level, filed_at in asked:
        assert root is not None
        _count(people[root], households[root], person, household)
        # whoever picked no estate left the place open, and does not widen what others said of it
        (paths if level in BELOW_A_COMMUNITY else unsaid)[root].add(path)
        times[root].append(filed_at)
    for root, person, household in joined:
        assert root is not None
        _count(people[root], households[root], person, household)
    where = {root: common_path(paths[root] or unsaid[root]) for root in ids}
    places = _places(set(where.values()))
    needs = list(Need.objects.filter(pk__in=ids))
    for need in needs:
        need.people_count, need.household_count = len(people[need.pk]), len(households[need.pk])
        need.request_count = len(times[need.pk])
        if times[need.pk]:
            need.first_at, need.last_at = min(times[need.pk]), max(*times[need.pk], need.last_at)
        place = places.get(where[need.pk])
        if place is not None:
            need.place, need.place_path = place, place.path
    Need.objects.bulk_update(needs, DERIVED)


def common_path(paths: Set[str]) -> str:
    """Return the path of the smallest place that holds all of these: two buildings of one estate, the estate."""
    split = [path.strip("/").split("/") for path in paths]
    shared = []
    for steps in zip(*split, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return f"/{'/'.join(shared)}/" if shared else ""


def _count(people: set[int], households: set[tuple[str, int]], person: int, household: int | None) -> None:
    people.add(person)
    # somebody whose household is not known is counted as one of their own
    households.add(("person", person) if household is None else ("household", household))


def _places(paths: Set[str]) -> Mapping[str, Place]:
    """Return the places within a community; what would lie above one leaves a need where it is."""
    return {place.path: place for place in Place.objects.filter(path__in=paths, level__in=WITHIN_A_COMMUNITY)}
