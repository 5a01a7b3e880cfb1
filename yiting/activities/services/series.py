"""Series: activities by a repeat rule. Each is a row of its own, so that it can be signed up for, moved, cancelled.

"This and the following" parts a series in two: the earlier keeps its rule up to there, the later begins anew. What
is locked are the rows concerned, in key order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction

from yiting.activities.errors import SeriesMissing
from yiting.activities.models import Activity, Series
from yiting.activities.repeating import Start, read_rule, with_count, zone_of
from yiting.activities.services.planning import (
    after_change,
    apply_plan,
    cancel_held,
    new_activity,
    plan_facts,
    read_reason,
    require_manage,
    set_hosts,
    take_activity,
)
from yiting.activities.services.plans import Plan, checked, plan_of
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor


@transaction.atomic
def series_plan(*, by: Actor, plan: Plan, rule: str, at: datetime) -> Series:
    """Plan a series: the plan is that of its first activity, the rule (RFC 5545) says on which days the others are.

    Refuses a rule without an end, with more than 100 activities or over more than two years, and one that does not
    fall on the first day.
    """
    plan = checked(plan)
    require_manage(by, place_path=plan.place.path, host_ids=plan.host_ids)
    kept, starts = read_rule(rule, starts_at=plan.starts_at, zone=plan.place.zone)
    series = Series.objects.create(rule=kept, zone=plan.place.zone, starts_at=plan.starts_at)
    for start in starts:
        one = planned_for(plan, start, zone=series.zone)
        activity = new_activity(one, series=series, start=start.at, at=at)
        activity.save()
        set_hosts(activity, one)
    facts = {"title": plan.title, "rule": kept, **plan_facts(plan)}
    entry_append(kind="activities.series.planned", obj=series, by=by, at=at, facts=facts)
    return series


@transaction.atomic
def series_change(*, by: Actor, activity: Activity, plan: Plan, seen: int | None = None, at: datetime) -> Series:
    """Change this activity and those that follow it by the rule. What was cancelled of them stays cancelled.

    Of activities that had been moved on their own the new plan holds again.
    """
    held = take_activity(by=by, activity=activity, seen=seen)
    series = _series_of(held)
    plan = checked(plan, was=plan_of(held))
    require_manage(by, place_path=plan.place.path, host_ids=plan.host_ids)
    rows = _this_and_following(held)
    kept, starts = read_rule(with_count(series.rule, len(rows)), starts_at=plan.starts_at, zone=plan.place.zone)
    later = _part(series, rows, rule=kept, zone=plan.place.zone, starts_at=plan.starts_at)
    for row, start in zip(rows, starts, strict=True):
        row.series, row.series_start_at = later, start.at
        changed = apply_plan(row, planned_for(plan, start, zone=later.zone), at=at)
        row.save(update_fields=["series", "series_start_at"])
        if changed and row.state == Activity.State.PLANNED:
            after_change(row, changed, at=at)
    entry_append(kind="activities.series.changed", obj=later, by=by, at=at, facts={"rule": kept, **plan_facts(plan)})
    return later


@transaction.atomic
def series_cancel(*, by: Actor, activity: Activity, reason: str, at: datetime) -> Series:
    """Cancel this activity and those that follow it; those that were held stay held."""
    held = take_activity(by=by, activity=activity)
    series = _series_of(held)
    reason = read_reason(reason)
    for row in _this_and_following(held):
        if row.state == Activity.State.PLANNED:
            cancel_held(row, reason=reason, at=at)
    entry_append(kind="activities.series.cancelled", obj=series, by=by, at=at, facts={"reason": reason})
    return series


def planned_for(plan: Plan, start: Start, *, zone: str) -> Plan:
    """The plan of the first day, for another day of the series: the same hours on the wall clock."""
    shift = start.local - _wall(plan.starts_at, zone)
    return replace(
        plan,
        starts_at=start.at,
        ends_at=_shifted(plan.ends_at, shift, zone),
        sign_up_until=None if plan.sign_up_until is None else _shifted(plan.sign_up_until, shift, zone),
    )


def _wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(zone_of(zone)).replace(tzinfo=None)


def _shifted(at: datetime, shift: timedelta, zone: str) -> datetime:
    return (_wall(at, zone) + shift).replace(tzinfo=zone_of(zone)).astimezone(UTC)


def _series_of(held: Activity) -> Series:
    if held.series_id is None or held.series_start_at is None:
        raise SeriesMissing
    return Series.objects.select_for_update().get(pk=held.series_id)


def _this_and_following(held: Activity) -> list[Activity]:
    rows = Activity.objects.select_for_update(of=("self",)).select_related("place", "kind")
    return list(
        rows.filter(series=held.series_id, series_start_at__gte=held.series_start_at)
        .prefetch_related("hosts__organisation")
        .order_by("series_start_at", "pk")
    )


def _part(series: Series, rows: list[Activity], *, rule: str, zone: str, starts_at: datetime) -> Series:
    """Return the series that the rows are of from now on: a new one, or the same if they are all of it."""
    earlier = Activity.objects.filter(series=series).exclude(pk__in=[row.pk for row in rows]).count()
    if earlier:
        series.rule = with_count(series.rule, earlier)
        series.save(update_fields=["rule"])
        return Series.objects.create(rule=rule, zone=zone, starts_at=starts_at)
    # the old starts are freed first: a series has each start once
    Activity.objects.filter(series=series).update(series_start_at=None)
    series.rule, series.zone, series.starts_at = rule, zone, starts_at
    series.save(update_fields=["rule", "zone", "starts_at"])
    return series
