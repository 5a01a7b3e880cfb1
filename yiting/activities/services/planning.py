"""Planning an activity, changing it, cancelling it, and saying how it went.

What is scarce are its seats; what is locked is the row of the activity, before the ledger's head. Whoever changes
it holds that row, so that seats are neither given away while the plan shrinks nor counted twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.activities.codes import fresh_code
from yiting.activities.errors import (
    ActivityMissing,
    CancelledAlready,
    CapacityTooSmall,
    ChangedMeanwhile,
    HeldAlready,
    NotAllowed,
    NotYet,
    ReasonMissing,
    ReportMissing,
    TextUnfit,
)
from yiting.activities.models import Activity, Host, Series
from yiting.activities.policies import can_manage
from yiting.activities.services.plans import ABOUT_LIMIT, SHARED, TIMES, Plan, checked, plan_of
from yiting.activities.services.seats import move_up, seats_taken
from yiting.activities.services.telling import tell_signed_up
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

REASON_LIMIT = 400
# A change of these is told to those who signed up; of the others the page and the calendar tell.
TOLD = frozenset({"title", "place", "where", "when", "starts_at", "ends_at", "whole_days"})


@transaction.atomic
def activity_plan(*, by: Actor, plan: Plan, at: datetime) -> Activity:
    """Plan an activity. Refuses one that nobody holds and one that ends before it starts."""
    plan = checked(plan)
    require_manage(by, place_path=plan.place.path, host_ids=plan.host_ids)
    activity = new_activity(plan, at=at)
    activity.save()
    set_hosts(activity, plan)
    entry_append(
        kind="activities.activity.planned", obj=activity, by=by, at=at, facts={"title": plan.title, **plan_facts(plan)}
    )
    return activity


@transaction.atomic
def activity_change(*, by: Actor, activity: Activity, plan: Plan, seen: int | None = None, at: datetime) -> Activity:
    """Change what is planned of this activity alone; those who signed up are told when time or place change.

    Locks the activity. `seen` is the sequence that was looked at. More room lets those who wait move up.
    """
    held = take_activity(by=by, activity=activity, seen=seen)
    if held.state == Activity.State.CANCELLED:
        raise CancelledAlready
    plan = checked(plan, was=plan_of(held))
    require_manage(by, place_path=plan.place.path, host_ids=plan.host_ids)
    changed = apply_plan(held, plan, at=at)
    if changed:
        entry_append(
            kind="activities.activity.changed", obj=held, by=by, at=at, facts={"changed": changed, **plan_facts(plan)}
        )
        after_change(held, changed, at=at)
    return held


@transaction.atomic
def activity_cancel(*, by: Actor, activity: Activity, reason: str, at: datetime) -> Activity:
    """Cancel an activity with a reason for those who wanted to come; cancelling twice changes nothing."""
    held = take_activity(by=by, activity=activity)
    if held.state == Activity.State.CANCELLED:
        return held
    cancel_held(held, reason=read_reason(reason), at=at)
    entry_append(kind="activities.activity.cancelled", obj=held, by=by, at=at, facts={"reason": held.cancel_reason})
    return held


@transaction.atomic
def activity_report(*, by: Actor, activity: Activity, report: str, at: datetime) -> Activity:
    """Say shortly how it went; with that it counts as held. It can be said better later."""
    held = take_activity(by=by, activity=activity)
    if held.state == Activity.State.CANCELLED:
        raise CancelledAlready
    if held.starts_at > at:
        raise NotYet
    text = report.strip()
    if not text:
        raise ReportMissing
    if len(text) > ABOUT_LIMIT:
        raise TextUnfit(what=_("Report"), length=len(text), limit=ABOUT_LIMIT)
    if held.state == Activity.State.HELD and held.report == text:
        return held
    held.state, held.report, held.report_at = Activity.State.HELD, text, at
    held.save(update_fields=["state", "report", "report_at"])
    entry_append(kind="activities.activity.held", obj=held, by=by, at=at)
    return held


def take_activity(*, by: Actor, activity: Activity, seen: int | None = None) -> Activity:
    """Lock an activity for a change by someone who manages it."""
    held = (
        Activity.objects.select_for_update(of=("self",)).select_related("place", "kind").filter(pk=activity.pk).first()
    )
    if held is None:
        raise ActivityMissing
    require_manage(by, place_path=held.place_path, host_ids=host_ids(held))
    if seen is not None and seen != held.sequence:
        raise ChangedMeanwhile
    return held


def require_manage(by: Actor, *, place_path: str, host_ids: frozenset[int]) -> None:
    """Refuse whoever may not manage an activity there, with the reason."""
    decision = can_manage(by, place_path=place_path, host_ids=host_ids)
    if not decision:
        raise NotAllowed(decision.reason)


def host_ids(activity: Activity) -> frozenset[int]:
    """The organisations that hold an activity."""
    return frozenset(activity.hosts.values_list("organisation", flat=True))


def new_activity(plan: Plan, *, series: Series | None = None, start: datetime | None = None, at: datetime) -> Activity:
    """An activity as planned, not stored yet."""
    return Activity(
        code=fresh_code(8),
        series=series,
        series_start_at=start,
        place_path=plan.place.path,
        changed_at=at,
        created_at=at,
        **{name: getattr(plan, name) for name in (*SHARED, *TIMES)},
    )


def set_hosts(activity: Activity, plan: Plan) -> None:
    """Write down who holds it."""
    assert plan.lead is not None, "a checked plan has a lead"
    parts = [(plan.lead, Host.Part.LEAD), *((one, Host.Part.CO) for one in plan.co_hosts)]
    Host.objects.bulk_create(
        Host(activity=activity, organisation=one, part=part, position=position)
        for position, (one, part) in enumerate(parts)
    )


def apply_plan(held: Activity, plan: Plan, *, at: datetime) -> list[str]:
    """Write a checked plan into a locked activity; return the names of what changed. More room moves people up."""
    before = plan_of(held)
    changed = [name for name in (*SHARED, *TIMES) if getattr(before, name) != getattr(plan, name)]
    if (before.lead, before.co_hosts) != (plan.lead, tuple(plan.co_hosts)):
        changed.append("hosts")
        held.hosts.all().delete()
        set_hosts(held, plan)
    if not changed:
        return []
    if plan.capacity is not None and plan.capacity != before.capacity:
        taken = seats_taken(held)
        if plan.capacity < taken:
            raise CapacityTooSmall(taken=taken)
    for name in (*SHARED, *TIMES):
        setattr(held, name, getattr(plan, name))
    held.place_path = plan.place.path
    touch(held, at=at)
    held.save()
    return changed


def after_change(held: Activity, changed: list[str], *, at: datetime) -> None:
    """Let people move up where there is more room, and tell what concerns those who come."""
    if "capacity" in changed:
        move_up(held, at=at)
    if TOLD & set(changed):
        tell_signed_up(
            held,
            subject=_("Changed: “%(title)s”. Look at the time and place again.") % {"title": held.title},
            event=f"changed-{held.sequence}",
            at=at,
        )


def cancel_held(held: Activity, *, reason: str, at: datetime) -> None:
    """Cancel a locked activity and tell those who signed up."""
    if held.state == Activity.State.HELD:
        raise HeldAlready
    held.state, held.cancel_reason = Activity.State.CANCELLED, reason
    touch(held, at=at)
    held.save(update_fields=["state", "cancel_reason", "sequence", "changed_at"])
    tell_signed_up(
        held, subject=_("Cancelled: “%(title)s”") % {"title": held.title}, body=reason, event="cancelled", at=at
    )


def read_reason(reason: str) -> str:
    """The reason, trimmed; refuses none."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()[:REASON_LIMIT]


def touch(held: Activity, *, at: datetime) -> None:
    """Count a change that calendars must see."""
    held.sequence += 1
    held.changed_at = at


def plan_facts(plan: Plan) -> dict[str, Any]:
    """What the ledger keeps of a plan."""
    return {
        "kind": plan.kind.code,
        "place": plan.place.name,
        "starts_at": plan.starts_at.isoformat(),
        "ends_at": plan.ends_at.isoformat(),
        "hosts": [one.name for one in (plan.lead, *plan.co_hosts) if one is not None],
        "capacity": plan.capacity,
    }
