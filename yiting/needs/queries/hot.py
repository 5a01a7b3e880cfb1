"""Hot matters, ready to be printed or shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiting.needs.models import HotSnapshot, ServiceRequest
from yiting.needs.services.heating import hot_compute
from yiting.places.models import Place


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
