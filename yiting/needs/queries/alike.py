"""Known needs that sound like a new text, so that one tap can support instead of repeating."""

from __future__ import annotations

from dataclasses import dataclass

from yiting.methods.texts import corpus_build, most_similar
from yiting.needs import search
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.states import OPEN_STATES
from yiting.people.actors import Actor
from yiting.places.queries import short_name

FLOOR = 0.17
CANDIDATES = 150
WORDS_EACH = 3


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
    """Return the k standing needs around a place that sound most like a text, best first; four queries.

    The place and everything above it up to its community is searched, so that a building's resident sees what
    the whole community said. A refused suggestion of `leave_out` is left out for good by whoever stores it.
    """
    found = search.alike(text, _around(place_path), limit=CANDIDATES)
    roots = dict(Need.objects.filter(pk__in=found).values_list("pk", "root"))
    standing = Need.objects.filter(pk__in=set(roots.values()), state__in=OPEN_STATES).select_related("place__parent")
    if public_only:
        standing = standing.filter(is_public=True)
    needs = {need.pk: need for need in standing if need.pk != leave_out}
    if by is not None:
        needs = {pk: need for pk, need in needs.items() if by.works_at(need.place_path)}
    said: dict[int, list[tuple[str, str]]] = {}
    for need_id, title, words in (
        ServiceRequest.objects.filter(need__in=found).order_by("-filed_at", "-id").values_list("need", "title", "text")
    ):
        said.setdefault(roots[need_id], []).append((title, words))
    documents = [
        (f"{pk}:{i}", title, words)
        for pk in needs
        for i, (title, words) in enumerate(said.get(pk, [(needs[pk].title, needs[pk].quote)])[:WORDS_EACH])
    ]
    best: dict[int, Alike] = {}
    for similar in most_similar(corpus_build(documents), text, k=len(documents), floor=floor):
        need = needs[int(similar.id.split(":")[0])]
        if need.pk not in best:
            best[need.pk] = Alike(
                need_id=need.pk,
                code=need.code,
                title=need.title,
                place=short_name(need.place),
                state=need.state,
                people=need.people_count,
                households=need.household_count,
                score=similar.score,
                shared=tuple(similar.shared),
            )
    return list(best.values())[:k]


def _around(place_path: str) -> str:
    """Return the path of the place two levels up: building to community, estate to street's own community."""
    parts = place_path.strip("/").split("/")
    depth = max(1, len(parts) - 1)
    return "/" + "/".join(parts[:depth]) + "/"
