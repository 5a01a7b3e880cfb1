"""Views of the inbox that a worker keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.needs.errors import NotYours, ViewNameUnfit
from yiting.needs.models import SavedView
from yiting.people.actors import Actor

NAME_LIMIT = 40


@transaction.atomic
def view_save(*, by: Actor, name: str, query: str, at: datetime) -> SavedView:
    """Keep a filter under a name of one's own; the same name is written over."""
    if by.account_id is None:
        raise NotYours
    if not name.strip() or len(name.strip()) > NAME_LIMIT:
        raise ViewNameUnfit(limit=NAME_LIMIT)
    view, _created = SavedView.objects.update_or_create(
        account_id=by.account_id, name=name.strip(), defaults={"query": query[:400], "at": at}
    )
    return view


@transaction.atomic
def view_delete(*, by: Actor, view: SavedView) -> None:
    """Forget a view of one's own."""
    if view.account_id != by.account_id:
        raise NotYours
    view.delete()
