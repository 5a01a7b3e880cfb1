"""What was asked at an activity, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiting.activities.models import Activity
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.queries.lists import ListedNeed, listed

SHOWN = 50


@dataclass(frozen=True, slots=True)
class AskedAt:
    """How much was asked, the matters that may be read, and how many were not looked through yet."""

    count: int
    items: list[ListedNeed]
    unseen: int


def count_asked_at(activity: Activity) -> int:
    """How many questions were asked at an activity. One query."""
    return ServiceRequest.objects.filter(activity=activity).count()


def get_asked_at(activity: Activity, *, at: datetime) -> AskedAt:
    """What was asked at an activity. Three queries."""
    asked = ServiceRequest.objects.filter(activity=activity)
    roots = Need.objects.filter(pk__in=asked.values("need__root"))
    rows = roots.filter(is_public=True).select_related("place__parent", "handler", "category")
    return AskedAt(
        count=asked.count(),
        items=[listed(need, at=at) for need in rows.order_by("-last_at", "-pk")[:SHOWN]],
        unseen=roots.filter(is_public=False).count(),
    )
