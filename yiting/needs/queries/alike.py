"""Known needs that sound like a new text, so that one tap can support instead of repeating."""

from __future__ import annotations

from dataclasses import dataclass

from yiting.needs import likeness
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.states import OPEN_STATES
from yiting.people.actors import Actor
from yiting.places.queries import short_name

FLOOR = 0.17
CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Alike:
    """A standing need that sounds like a text: its score from 0 to 1 and the terms both share."""

    need_id: int
    code: str
    title: str
    place: str
    state: str
    people: int
    households: int
    score: float
    shared: tuple[str, ...]


def list_alike(
    text: str,
    place_path: str,
    *,
    k: int = 3,
    floor: float = FLOOR,
    public_only: bool = True,
    by: Actor | None = None,
    leave_out: int | None = None,
) -> list[Alike]:
    """Return the k standing needs around a place that sound most like a text, best first; three queries.

    The place and everything above it up to its community is searched, so that a building's resident sees what
    the whole community said. A refused suggestion of `leave_out` is left out for good by whoever stores it.
    """
    around = _around(place_path)
    said = likeness.find(text, around, k=CANDIDATES, floor=floor)
    standing = ServiceRequest.objects.filter(
        pk__in=[int(similar.id) for similar in said],
        place__path__startswith=around,
        erased_at__isnull=True,
        need__root__state__in=OPEN_STATES,
    )
    if public_only:
        standing = standing.filter(need__root__is_public=True)
    requests = {str(one.pk): one for one in standing.select_related("need__root__place__parent")}
    best: dict[int, Alike] = {}
    for similar in said:
        need = requests[similar.id].need.root if similar.id in requests else None
        if need is None or need.pk in best or need.pk == leave_out or not _may_see(by, need):
            continue
        best[need.pk] = Alike(
            need_id=need.pk,
            code=need.code,
            title=need.title,
            place=short_name(need.place),
            state=need.state,
            people=need.people_count,
            households=need.household_count,
            score=similar.score,
            shared=similar.shared,
        )
    return list(best.values())[:k]


def _may_see(by: Actor | None, need: Need) -> bool:
    return by is None or by.works_at(need.place_path)


def _around(place_path: str) -> str:
    """Return the path of the place two levels up: building to community, estate to street's own community."""
    parts = place_path.strip("/").split("/")
    depth = max(1, len(parts) - 1)
    return "/" + "/".join(parts[:depth]) + "/"
