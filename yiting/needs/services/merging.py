"""Uniting needs that are the same matter, and taking that back. Every voice stays where it was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yiting.ledger.services import entry_append
from yiting.methods.texts import mask_personal
from yiting.needs import search
from yiting.needs.codes import fresh_code
from yiting.needs.errors import (
    ChangedMeanwhile,
    MergeWithItself,
    NeedAlreadyMerged,
    NeedsInDifferentPlaces,
    NotMerged,
    SplitTakesAll,
)
from yiting.needs.gates import lock_family, lock_needs, require_work, take_need
from yiting.needs.models import Merge, Need, ServiceRequest, State, Suggestion
from yiting.needs.services.counting import recount
from yiting.people.actors import Actor
from yiting.places.models import Level, Place


@transaction.atomic
def needs_merge(
    *, by: Actor, keep: Need, absorb: Need, reason: str = "", seen: int | None = None, at: datetime
) -> Need:
    """Merge one standing need into another and return the one kept; `seen` is the version of `absorb` looked at.

    Locks both in key order, then the family of the absorbed one. Refuses NeedAlreadyMerged, MergeWithItself,
    NeedsInDifferentPlaces and, for the second of two at once, ChangedMeanwhile.
    """
    if keep.pk == absorb.pk:
        raise MergeWithItself
    locked = lock_needs([keep.pk, absorb.pk])
    kept, gone = locked[keep.pk], locked[absorb.pk]
    require_work(by, kept.place_path)
    require_work(by, gone.place_path)
    for need in (gone, kept):
        if need.parent_id is not None:
            raise NeedAlreadyMerged(title=need.title)
    if seen is not None and seen != gone.version:
        raise ChangedMeanwhile
    if not same_community(kept.place_path, gone.place_path):
        raise NeedsInDifferentPlaces(first=kept.title, second=gone.title)
    for member in lock_family([gone.pk]):
        member.root = kept
        member.save(update_fields=["root"])
    gone.parent, gone.root = kept, kept
    gone.version += 1
    gone.save(update_fields=["parent", "root", "version"])
    Merge.objects.create(keep=kept, absorbed=gone, reason=reason, role_label=by.role_label, at=at)
    if kept.state == State.HEARD:
        kept.state = State.SORTED
    kept.is_public = kept.is_public or gone.is_public
    kept.version += 1
    kept.last_at = max(kept.last_at, gone.last_at)
    kept.save(update_fields=["state", "is_public", "version", "last_at"])
    entry_append(kind="needs.need.merged", obj=gone, by=by, at=at, facts={"into": kept.code, "reason": reason})
    entry_append(
        kind="needs.need.absorbed",
        obj=kept,
        by=by,
        at=at,
        facts={"need": gone.code, "title": mask_personal(gone.title)},
    )
    _settle([gone.pk], [kept.pk])
    recount([kept.pk])
    kept.refresh_from_db()
    return kept


@transaction.atomic
def merge_undo(*, by: Actor, absorbed: Need, at: datetime) -> Need:
    """Take a merge back: the absorbed need, with all that had been merged into it, stands for itself again."""
    locked = lock_needs([absorbed.pk] + ([absorbed.root_id] if absorbed.root_id else []))
    need = locked[absorbed.pk]
    require_work(by, need.place_path)
    if need.parent_id is None:
        raise NotMerged
    before = need.root_id or need.pk
    family = lock_family([before])
    for member in _under(need, family):
        member.root = need
        member.save(update_fields=["root"])
    need.parent, need.root = None, need
    need.version += 1
    need.save(update_fields=["parent", "root", "version"])
    Merge.objects.filter(absorbed=need, undone_at__isnull=True).update(undone_at=at)
    Need.objects.filter(pk=before).update(version=F("version") + 1)
    old_root = locked[before]
    entry_append(kind="needs.need.unmerged", obj=need, by=by, at=at, facts={"from": old_root.code})
    entry_append(
        kind="needs.need.released",
        obj=old_root,
        by=by,
        at=at,
        facts={"need": need.code, "title": mask_personal(need.title)},
    )
    _refuse_again(need, old_root, by=by, at=at)
    recount([need.pk, before])
    need.refresh_from_db()
    return need


@transaction.atomic
def need_split(*, by: Actor, need: Need, requests: Iterable[ServiceRequest], title: str, at: datetime) -> Need:
    """Take some requests out of a need into a need of their own, and return it; merging it back undoes the split."""
    root = take_need(by=by, need=need)
    chosen = list(
        ServiceRequest.objects.select_for_update()
        .filter(pk__in=[request.pk for request in requests], need__root=root)
        .order_by("filed_at", "id")
    )
    if not chosen or len(chosen) == ServiceRequest.objects.filter(need__root=root).count():
        raise SplitTakesAll
    first, last = chosen[0], chosen[-1]
    split = Need.objects.create(
        code=fresh_code(8),
        title=(title.strip() or first.title)[:200],
        quote=first.text[:200],
        place=first.place,
        place_path=first.place.path,
        category=root.category,
        urgency=root.urgency,
        state=State.SORTED,
        is_public=root.is_public,
        first_at=first.filed_at,
        last_at=last.filed_at,
        started_at=root.started_at,
        due_at=root.due_at,
    )
    split.root = split
    split.save(update_fields=["root"])
    origins = {request.need_id for request in chosen}
    ServiceRequest.objects.filter(pk__in=[request.pk for request in chosen]).update(need=split)
    root.version += 1
    root.save(update_fields=["version"])
    facts = {"need": split.code, "title": mask_personal(split.title), "requests": len(chosen)}
    entry_append(kind="needs.need.split", obj=root, by=by, at=at, facts=facts)
    entry_append(kind="needs.need.split_off", obj=split, by=by, at=at, facts={"from": root.code})
    _refuse_again(split, root, by=by, at=at)
    for changed in (*origins, split.pk):
        search.reindex(changed)
    recount([root.pk, split.pk])
    split.refresh_from_db()
    return split


def same_community(first: str, second: str) -> bool:
    """Say whether two place paths lie in one community, or one within the other."""
    if first.startswith(second) or second.startswith(first):
        return True
    shared = []
    for one, other in zip(first.strip("/").split("/"), second.strip("/").split("/"), strict=False):
        if one != other:
            break
        shared.append(int(one))
    levels = (Level.COMMUNITY, Level.ESTATE, Level.BUILDING)
    return Place.objects.filter(pk__in=shared, level__in=levels).exists()


def _under(need: Need, family: Sequence[Need]) -> list[Need]:
    """Return those of a family that were merged, directly or through others, into a need."""
    under, grown = {need.pk}, True
    while grown:
        more = {member.pk for member in family if member.parent_id in under} - under
        grown = bool(more)
        under |= more
    return [member for member in family if member.pk in under and member.pk != need.pk]


def _settle(absorbed: list[int], kept: list[int]) -> None:
    """Take open suggestions off needs that no longer stand, and those that a merge has just fulfilled."""
    open_ones = Suggestion.objects.filter(answer=Suggestion.Answer.OPEN)
    touched = set(open_ones.filter(target__in=absorbed).values_list("need_id", flat=True))
    open_ones.filter(need__in=absorbed).update(answer=Suggestion.Answer.CHANGED)
    open_ones.filter(target__in=absorbed).update(answer=Suggestion.Answer.CHANGED)
    count_suggestions([*absorbed, *kept, *touched])


def _refuse_again(need: Need, other: Need, *, by: Actor, at: datetime) -> None:
    """Remember that staff told two needs apart, so that the merge is not proposed again."""
    for one, target in ((need, other), (other, need)):
        Suggestion.objects.update_or_create(
            need=one,
            kind=Suggestion.Kind.MERGE,
            target=target,
            category=None,
            urgency="",
            defaults={
                "answer": Suggestion.Answer.REFUSED,
                "role_label": by.role_label,
                "answered_at": at,
                "at": at,
                "score": 0,
            },
        )
    count_suggestions([need.pk, other.pk])


def count_suggestions(needs: Iterable[int]) -> None:
    """Bring the number of open suggestions shown in the inbox up to date."""
    ids = sorted(set(needs))
    open_ones = list(
        Suggestion.objects.filter(need__in=ids, answer=Suggestion.Answer.OPEN).values_list("need_id", flat=True)
    )
    rows = list(Need.objects.filter(pk__in=ids))
    for need in rows:
        need.suggestion_count = open_ones.count(need.pk)
    Need.objects.bulk_update(rows, ["suggestion_count"])
