"""The only ways to a need for writing: found, permitted, locked and fresh."""

from __future__ import annotations

from collections.abc import Iterable

from yiting.needs.errors import ChangedMeanwhile, NeedAlreadyMerged, NeedMissing, NotYours
from yiting.needs.models import Need
from yiting.people.actors import Actor


def require_work(by: Actor, place_path: str) -> None:
    """Refuse, as if it were not there, whoever has no working role over the place."""
    if not by.works_at(place_path):
        raise NotYours


def lock_needs(ids: Iterable[int]) -> dict[int, Need]:
    """Lock needs in key order, so that two who lock the same ones cannot wait for each other."""
    return {need.pk: need for need in Need.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")}


def lock_family(roots: Iterable[int]) -> list[Need]:
    """Lock every need that stands under these roots, in key order."""
    return list(Need.objects.select_for_update().filter(root_id__in=list(roots)).order_by("pk"))


def take_need(*, by: Actor, need: Need, seen: int | None = None, handler_too: bool = False) -> Need:
    """Lock one standing need for a change by someone who works there; `seen` is the version they looked at.

    With `handler_too` the organisation that has the need in hand may as well, wherever its own place is.
    """
    locked = lock_needs([need.pk]).get(need.pk)
    if locked is None:
        raise NeedMissing
    if not (handler_too and locked.handler_id in by.handling_ids):
        require_work(by, locked.place_path)
    if locked.parent_id is not None:
        raise NeedAlreadyMerged(title=locked.title)
    if seen is not None and seen != locked.version:
        raise ChangedMeanwhile
    return locked
