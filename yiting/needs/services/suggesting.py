"""What the system proposes for a new need: the same matter, a category, an urgency. Staff decide; a refusal is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django_tasks import task

from yiting.methods.texts import urgency as read_urgency
from yiting.needs.models import Category, Need, ServiceRequest, State, Suggestion
from yiting.needs.queries.alike import list_alike
from yiting.needs.services.categories import SEPARATOR
from yiting.needs.services.indexing import index_catch_up
from yiting.needs.services.learning import category_guess
from yiting.needs.services.merging import count_suggestions
from yiting.places.clock import now

MERGE_FLOOR = 0.2
MERGES = 3
BATCH = 50


def suggest_after_commit(needs: Sequence[int]) -> None:
    """Have suggestions made for these needs once the transaction is committed."""
    for start in range(0, len(needs), BATCH):
        transaction.on_commit(partial(suggest.enqueue, list(needs[start : start + BATCH])))


@task()
def suggest(needs: list[int]) -> None:
    """Make suggestions for needs."""
    index_catch_up()
    needs_suggest(needs=needs, at=now())


def needs_suggest(*, needs: Sequence[int], at: datetime) -> int:
    """Propose for each of these needs what has not been proposed before; return how many proposals were made."""
    standing = Need.objects.filter(pk__in=needs, parent__isnull=True).exclude(state__in=(State.RETURNED, State.CLOSED))
    made = 0
    for need in standing.select_related("category").order_by("pk"):
        words = _words(need)
        with transaction.atomic():
            fresh = [
                *_merges(need, words, at=at),
                *_category(need, words, at=at),
                *_urgency(need, words, at=at),
            ]
            known = set(Suggestion.objects.filter(need=need).values_list("kind", "target", "category", "urgency"))
            fresh = [s for s in fresh if (s.kind, s.target_id, s.category_id, s.urgency) not in known]
            Suggestion.objects.bulk_create(fresh, ignore_conflicts=True)
            count_suggestions([need.pk])
        made += len(fresh)
    return made


def _words(need: Need) -> str:
    first = ServiceRequest.objects.filter(need=need).order_by("filed_at", "id").first()
    return f"{first.title}\n{first.text}" if first is not None else need.title


def _merges(need: Need, words: str, *, at: datetime) -> list[Suggestion]:
    """Older needs nearby that sound the same; of two needs only the younger is proposed to go into the older."""
    found = list_alike(words, need.place_path, k=MERGES + 1, floor=MERGE_FLOOR, public_only=False, leave_out=need.pk)
    return [
        Suggestion(
            need=need,
            kind=Suggestion.Kind.MERGE,
            target_id=alike.need_id,
            score=alike.score,
            because=list(alike.shared),
            at=at,
        )
        for alike in found
        if alike.need_id < need.pk
    ][:MERGES]


def _category(need: Need, words: str, *, at: datetime) -> list[Suggestion]:
    if need.category_id is not None or Suggestion.objects.filter(need=need, kind=Suggestion.Kind.CATEGORY).exists():
        return []
    guess = category_guess(words)
    if guess is None:
        return []
    category = Category.objects.filter(full_name=SEPARATOR.join(guess.path), active=True).first()
    if category is None:
        return []
    return [
        Suggestion(
            need=need,
            kind=Suggestion.Kind.CATEGORY,
            category=category,
            score=guess.probability,
            because=list(guess.because),
            at=at,
        )
    ]


def _urgency(need: Need, words: str, *, at: datetime) -> list[Suggestion]:
    read = read_urgency(words)
    if read.level == "normal" or read.level == need.urgency:
        return []
    return [
        Suggestion(
            need=need,
            kind=Suggestion.Kind.URGENCY,
            urgency=read.level,
            score=1.0,
            because=list(read.because),
            at=at,
        )
    ]
