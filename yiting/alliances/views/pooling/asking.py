"""What every page of pooling asks of a request: who it is, and which alliance it is about."""

from __future__ import annotations

from django.http import HttpRequest

from yiting.alliances.errors import AllianceMissing
from yiting.alliances.models import Alliance
from yiting.alliances.queries.pooling import find_alliance
from yiting.people.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def alliance_of(request: HttpRequest, slug: str) -> Alliance | None:
    """The alliance in the address, which must be there, or the one in the filter, which may be any or none."""
    if slug:
        found = find_alliance(slug)
        if found is None:
            raise AllianceMissing
        return found
    wanted = request.GET.get("alliance", "")[:40]
    return find_alliance(wanted) if wanted else None
