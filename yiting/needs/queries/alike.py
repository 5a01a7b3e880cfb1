"""Known needs that sound like a new text, so that one tap can support instead of repeating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yiting.methods.texts.index import Similar
from yiting.needs import likeness
from yiting.needs.models import Need, ServiceRequest, State
from yiting.needs.states import OPEN_STATES
from yiting.people.actors import Actor
from yiting.places.queries import short_name

FLOOR = 0.17
CANDIDATES = 100

_OF_ROOT = ("need__root", "need__root__place_path")


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

    @property
    def is_done(self) -> bool:
        """Is it built or answered already, so that it is judged rather than joined?"""
        return self.state in (State.JUDGING, State.CLOSED)


def list_alike(
    text: str,
    place_path: str,
    *,
    k: int = 3,
    floor: float = FLOOR,
    public_only: bool = True,
    by: Actor | None = None,
    leave_out: int | None = None,
    closed_since: datetime | None = None,
) -> list[Alike]:
    """Return the k standing needs around a place that sound most like a text, best first; four queries.

    The place and everything above it up to its community is searched, so that a building's resident sees what
    the whole community said. Needs that wait to be judged are found too, closed ones from `closed_since` on. A
    refused suggestion of `leave_out` is left out for good by whoever stores it.
    """
    around = _around(place_path)
    said = likeness.find(text, around, k=CANDIDATES, floor=floor)
    standing = ServiceRequest.objects.filter(
        pk__in=[int(similar.id) for similar in said],
        place__path__startswith=around,
        erased_at__isnull=True,
    ).filter(_alive(closed_since))
    if public_only:
        standing = standing.filter(need__root__is_public=True)
    roots = {str(pk): (root, path) for pk, root, path in standing.values_list("pk", *_OF_ROOT)}
    best: dict[int, Similar] = {}
    for similar in said:
        root, path = roots.get(similar.id, (None, ""))
        if root is None or root == leave_out or root in best or not (by is None or by.works_at(path)):
            continue
        if len(best) < k:
            best[root] = similar
    needs = Need.objects.filter(pk__in=best).select_related("place__parent").in_bulk()
    return [
        Alike(
            need_id=pk,
            code=needs[pk].code,
            title=needs[pk].title,
            place=short_name(needs[pk].place),
            state=needs[pk].state,
            people=needs[pk].people_count,
            households=needs[pk].household_count,
            score=similar.score,
            shared=similar.shared,
        )
        for pk, similar in best.items()
    ]


def _alive(closed_since: datetime | None) -> Q:
    alive = Q(need__root__state__in=(*OPEN_STATES, State.JUDGING))
    if closed_since is not None:
        alive |= Q(need__root__state=State.CLOSED, need__root__closed_at__gte=closed_since)
    return alive


def _around(place_path: str) -> str:
    """Return the path of the place two levels up: building to community, estate to street's own community."""
    parts = place_path.strip("/").split("/")
    depth = max(1, len(parts) - 1)
    return "/" + "/".join(parts[:depth]) + "/"
