"""Seats of an activity: counted, and given to those who wait. Callers hold the activity locked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from yiting.activities.models import Activity, SignUp
from yiting.activities.services.telling import tell_sign_up


def seats_taken(held: Activity, *, but: SignUp | None = None) -> int:
    """How many heads have a seat, perhaps without those of one sign-up."""
    found = SignUp.objects.filter(activity=held, state=SignUp.State.SEAT)
    if but is not None:
        found = found.exclude(pk=but.pk)
    return int(found.aggregate(heads=Sum("heads"))["heads"] or 0)


def room_left(held: Activity, *, but: SignUp | None = None) -> int | None:
    """How many more heads there is room for; None where there is no limit."""
    return None if held.capacity is None else max(held.capacity - seats_taken(held, but=but), 0)


def move_up(held: Activity, *, at: datetime) -> int:
    """Give free seats to those who wait, strictly in their order, and tell them; return how many moved up."""
    if held.state != Activity.State.PLANNED or held.ends_at < at:
        return 0
    moved = 0
    room = room_left(held)
    waiting = SignUp.objects.filter(activity=held, state=SignUp.State.WAITING).order_by("signed_at", "pk")
    for sign_up in waiting.select_related("person", "organisation"):
        if room is not None and sign_up.heads > room:
            break  # nobody overtakes
        sign_up.state, sign_up.moved_up_at = SignUp.State.SEAT, at
        sign_up.save(update_fields=["state", "moved_up_at"])
        tell_sign_up(
            sign_up,
            held,
            subject=_("You have a place now: “%(title)s”") % {"title": held.title},
            event=f"seat-{at:%Y%m%d%H%M%S%f}",
            at=at,
        )
        room = None if room is None else room - sign_up.heads
        moved += 1
    return moved
