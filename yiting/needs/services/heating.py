"""Hot matters: which matters of a place are said by how many, how lately, and whether they grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.methods.texts import HotMatter, Message, group, hot_matters
from yiting.needs.models import HotSnapshot, Need, ServiceRequest, Suggestion, Support
from yiting.needs.services.telling import tell_place
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
    return _ranked(_said_under(place), at=at, limit=limit, known=None)


def hot_refresh(*, place: Place, at: datetime) -> HotSnapshot:
    """Rank the matters of a place, keep the result for its page, and tell its staff what has begun to grow.

    A matter keeps its name from one ranking to the next, so that staff are told once, when it begins: doing all
    this again at once tells nobody. The ranking holds no lock; who ranked meanwhile wins, and is not told twice.
    """
    before = HotSnapshot.objects.filter(place=place).first()
    earlier: list[dict[str, Any]] = before.matters if before else []
    known = {pk: row["name"] for row in earlier if row.get("name") for pk in row.get("request_ids", ())}
    said = _said_under(place)
    matters = _ranked(said, at=at, limit=SHOWN, known=known)
    wanted = {pk for matter in matters for pk in map(int, matter.request_ids)}
    growing_before = {row["name"] for row in earlier if row.get("name") and row.get("why", {}).get("alert")}
    with transaction.atomic():
        standing = HotSnapshot.objects.select_for_update().filter(place=place).first()
        if standing is not None and (before is None or standing.at != before.at):
            return standing
        need_of = {
            str(pk): code
            for pk, code in ServiceRequest.objects.filter(pk__in=wanted).values_list("pk", "need__root__code")
        }
        rows = [_row(matter, need_of) for matter in matters]
        snapshot, _created = HotSnapshot.objects.update_or_create(
            place=place, defaults={"matters": rows, "considered": len(said.messages), "at": at}
        )
        for matter, row in zip(matters, rows, strict=True):
            if matter.why["alert"] and matter.name not in growing_before:
                _tell_growth(place, matter, row["needs"], at=at)
    return snapshot


def hot_refresh_all(*, at: datetime) -> int:
    """Rank anew the matters of every street and community in which something was said; return how many places."""
    paths = list(Need.objects.order_by().values_list("place_path", flat=True).distinct())
    ids = {int(pk) for path in paths for pk in path.strip("/").split("/")}
    places = Place.objects.filter(pk__in=ids, level__in=(Level.STREET, Level.COMMUNITY)).order_by("pk")
    done = 0
    for place in places:
        hot_refresh(place=place, at=at)
        done += 1
    return done


def _said_under(place: Place | None) -> Said:
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


def _ranked(said: Said, *, at: datetime, limit: int | None, known: Mapping[str, str] | None) -> list[HotMatter]:
    """`known` are the matters' names by request, of an earlier ranking: a matter goes on under its name."""
    groups = group(
        said.messages,
        must_link=said.must_link,
        cannot_link=said.cannot_link,
        known_places=said.known_places,
        known=known,
    )
    return hot_matters(said.messages, now=at, groups=groups, limit=limit)


def _row(matter: HotMatter, need_of: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rank": matter.rank,
        "name": matter.name,
        "title": matter.title,
        "people": matter.people,
        "heat": matter.heat,
        "why": matter.why,
        "requests": len(matter.request_ids),
        "request_ids": list(matter.request_ids),
        "needs": sorted({need_of[pk] for pk in matter.request_ids if pk in need_of}),
    }


def _tell_growth(place: Place, matter: HotMatter, codes: list[str], *, at: datetime) -> None:
    subject = _("More people than usual: %(title)s") % {"title": matter.title}
    body = _("%(lately)s people in the last 30 days; about %(expected)s would be usual.") % {
        "lately": matter.why["last_30_days"],
        "expected": round(matter.why["expected"] or 0),
    }
    tell_place(
        place,
        subject=subject,
        body=body,
        event=f"grows-{matter.name}-{at:%Y%m%d}",
        code=codes[0] if codes else None,
        at=at,
    )
