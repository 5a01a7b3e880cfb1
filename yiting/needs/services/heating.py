"""Hot matters, ranked anew and kept for their pages; staff are told what has begun to grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.methods.texts import HotMatter
from yiting.needs.models import HotSnapshot, Need, ServiceRequest
from yiting.needs.queries.hot import SHOWN, ranked, said_under
from yiting.needs.services.telling import tell_place
from yiting.places.models import Level, Place


def hot_refresh(*, place: Place, at: datetime) -> HotSnapshot:
    """Rank the matters of a place, keep the result for its page, and tell its staff what has begun to grow.

    A matter keeps its name from one ranking to the next, so that staff are told once, when it begins: doing all
    this again at once tells nobody. The ranking holds no lock; who ranked meanwhile wins, and is not told twice.
    """
    before = HotSnapshot.objects.filter(place=place).first()
    earlier: list[dict[str, Any]] = before.matters if before else []
    known = {pk: row["name"] for row in earlier if row.get("name") for pk in row.get("request_ids", ())}
    said = said_under(place)
    matters = ranked(said, at=at, limit=SHOWN, known=known)
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
