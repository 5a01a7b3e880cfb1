"""Sorting: category, urgency and title decided by staff, with or against what the system suggests."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.ledger.services import entry_append
from yiting.methods.texts import mask_personal
from yiting.needs import search
from yiting.needs.errors import AlreadyAnswered
from yiting.needs.gates import require_work, take_need
from yiting.needs.models import Category, Need, State, Suggestion
from yiting.needs.services.merging import count_suggestions, needs_merge
from yiting.needs.states import change_state
from yiting.needs.timing import set_deadline
from yiting.people.actors import Actor


@transaction.atomic
def need_sort(
    *,
    by: Actor,
    need: Need,
    category: Category | None = None,
    urgency: str | None = None,
    title: str | None = None,
    public: bool | None = None,
    seen: int | None = None,
    at: datetime,
) -> Need:
    """Decide what a need is about; what is left out stays. A heard need becomes a sorted, public one."""
    held = take_need(by=by, need=need, seen=seen)
    facts: dict[str, object] = {}
    if category is not None and category.pk != held.category_id:
        held.category = category
        facts["category"] = category.full_name
    if urgency is not None and urgency != held.urgency:
        held.urgency = urgency
        facts["urgency"] = urgency
    if title is not None and title.strip() and title.strip() != held.title:
        held.title = title.strip()[:200]
        facts["title"] = mask_personal(held.title)
    if public is not None and public != held.is_public:
        held.is_public = public
        facts["public"] = public
    if held.state == State.HEARD:
        change_state(held, State.SORTED)
        held.is_public = public is not False
        facts["state"] = State.SORTED.value
    if not facts:
        return held
    set_deadline(held)
    held.version += 1
    held.save()
    if "title" in facts:
        search.index([(held.pk, held.title)])
    _answer_by_deed(held, by=by, at=at)
    entry_append(kind="needs.need.sorted", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def suggestion_answer(
    *,
    by: Actor,
    suggestion: Suggestion,
    accept: bool,
    category: Category | None = None,
    urgency: str | None = None,
    at: datetime,
) -> Need:
    """Accept or refuse a suggestion, or decide otherwise by naming a category or urgency. A refusal is remembered."""
    held = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("need", "target", "category")
        .get(pk=suggestion.pk)
    )
    require_work(by, held.need.place_path)
    if held.answer != Suggestion.Answer.OPEN:
        raise AlreadyAnswered
    otherwise = category is not None or urgency is not None
    held.answer = (
        Suggestion.Answer.CHANGED if otherwise else Suggestion.Answer.ACCEPTED if accept else Suggestion.Answer.REFUSED
    )
    held.role_label, held.answered_at = by.role_label, at
    held.save(update_fields=["answer", "role_label", "answered_at"])
    entry_append(
        kind=f"needs.suggestion.{held.answer}",
        obj=held.need,
        by=by,
        at=at,
        facts={"kind": held.kind},
        public=False,
    )
    need = held.need
    if otherwise:
        need = need_sort(by=by, need=need, category=category, urgency=urgency, at=at)
    elif accept and held.kind == Suggestion.Kind.MERGE and held.target is not None:
        keep = Need.objects.get(pk=held.target.root_id or held.target.pk)
        need = needs_merge(by=by, keep=keep, absorb=need, reason="suggestion", at=at)
    elif accept and held.kind == Suggestion.Kind.CATEGORY:
        need = need_sort(by=by, need=need, category=held.category, at=at)
    elif accept:
        need = need_sort(by=by, need=need, urgency=held.urgency, at=at)
    count_suggestions([held.need_id, need.pk])
    need.refresh_from_db()
    return need


def _answer_by_deed(need: Need, *, by: Actor, at: datetime) -> None:
    """What staff decided by hand answers the open suggestions about it."""
    open_ones = Suggestion.objects.filter(need=need, answer=Suggestion.Answer.OPEN)
    done = {"role_label": by.role_label, "answered_at": at}
    if need.category_id is not None:
        categories = open_ones.filter(kind=Suggestion.Kind.CATEGORY)
        categories.filter(category=need.category_id).update(answer=Suggestion.Answer.ACCEPTED, **done)
        categories.exclude(category=need.category_id).update(answer=Suggestion.Answer.CHANGED, **done)
    open_ones.filter(kind=Suggestion.Kind.URGENCY, urgency=need.urgency).update(
        answer=Suggestion.Answer.ACCEPTED, **done
    )
    count_suggestions([need.pk])
