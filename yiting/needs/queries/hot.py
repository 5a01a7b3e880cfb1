"""Hot matters: which matters of a place are said by how many, how lately, and whether they grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiting.methods.texts import HotMatter, Message, group, hot_matters
from yiting.needs.models import HotSnapshot, ServiceRequest, Suggestion, Support
from yiting.places.models import Level, Place
from yiting.places.queries import short_name

WINDOW = 20_000
"""The newest requests of a place that are ranked: some twenty seconds of the worker where there are so many."""
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What was said under a place, and what staff decided about its belonging together."""

    messages: list[Message]
    must_link: list[tuple[str, str]]
    cannot_link: list[tuple[str, str]]
    known_places: frozenset[str]


def hot_compute(*, place: Place | None, at: datetime, limit: int | None = SHOWN) -> list[HotMatter]:
    """Rank the matters among the newest requests under a place, obeying what staff merged and told apart."""
    return ranked(said_under(place), at=at, limit=limit, known=None)


def list_hot(*, place: Place | None, at: datetime, top: int) -> list[dict[str, Any]]:
    """Rank the matters of a place, or of all, now; requests are named as in the file they came from, else by code."""
    matters = hot_compute(place=place, at=at, limit=top)[:top]
    wanted = {int(pk) for matter in matters for pk in matter.request_ids}
    names = {
        str(pk): external if external and not external.startswith("#") else code
        for pk, external, code in ServiceRequest.objects.filter(pk__in=wanted).values_list("pk", "external_id", "code")
    }
    return [
        {
            "rank": matter.rank,
            "title": matter.title,
            "request_ids": [names[pk] for pk in matter.request_ids],
            "people": matter.people,
            "heat": matter.heat,
            "why": matter.why,
        }
        for matter in matters
    ]


def get_hot(place: Place) -> HotSnapshot | None:
    """Return the ranked matters of a place as last computed."""
    return HotSnapshot.objects.filter(place=place).first()


def said_under(place: Place | None) -> Said:
    """What was said under a place, newest first, and what staff decided about it. Four queries."""
    path = place.path if place else "/"
    asked = ServiceRequest.objects.filter(erased_at__isnull=True, need__place_path__startswith=path)
    rows = list(asked.select_related("place__parent", "need").order_by("-filed_at", "-id")[:WINDOW])
    standing = Support.objects.filter(withdrawn_at__isnull=True, need__place_path__startswith=path)
    supports = Counter(standing.order_by().values_list("need__root_id", flat=True))
    first_of: dict[int, str] = {}
    messages, must_link = [], []
    for row in rows:
        name = str(row.pk)
        root = row.need.root_id or row.need_id
        if root in first_of:
            must_link.append((first_of[root], name))
        fresh = root not in first_of
        first_of.setdefault(root, name)
        messages.append(
            Message(
                id=name,
                title=row.title,
                body=row.text,
                person=str(row.person_id),
                at=row.filed_at,
                supports=row.supports_reported + (supports[root] if fresh else 0),
                objections=row.objections_reported,
                place=short_name(row.place) if row.place.level in (Level.ESTATE, Level.BUILDING) else None,
            )
        )
    told_apart = Suggestion.objects.filter(
        kind=Suggestion.Kind.MERGE, answer=Suggestion.Answer.REFUSED, need__place_path__startswith=path
    )
    cannot_link = [
        (first_of[one], first_of[other])
        for one, other in told_apart.values_list("need__root", "target__root")
        if one in first_of and other in first_of and one != other
    ]
    estates = Place.objects.filter(level=Level.ESTATE, path__startswith=path)
    known_places = frozenset(estates.values_list("name", flat=True))
    return Said(messages, must_link, cannot_link, known_places)


def ranked(said: Said, *, at: datetime, limit: int | None, known: Mapping[str, str] | None) -> list[HotMatter]:
    """Rank what was said; `known` names the matters of an earlier ranking by request, and a matter keeps its name."""
    groups = group(
        said.messages,
        must_link=said.must_link,
        cannot_link=said.cannot_link,
        known_places=said.known_places,
        known=known,
    )
    return hot_matters(said.messages, now=at, groups=groups, limit=limit)
