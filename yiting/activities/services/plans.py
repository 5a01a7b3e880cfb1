"""What is handed in to plan an activity: plain values, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yiting.activities.errors import (
    EndsBeforeStart,
    HostClosed,
    HostMissing,
    KindRetired,
    SignUpEndsLate,
    TextUnfit,
    TimeUnfit,
    TitleMissing,
)
from yiting.activities.models import Activity, Host, Kind
from yiting.activities.repeating import zone_of
from yiting.people.models import Organisation
from yiting.places.models import Place

TITLE_LIMIT = 120
ABOUT_LIMIT = 4_000
LONGEST = timedelta(days=366)
SHARED = ("kind", "title", "about", "place", "where", "when", "listed", "sign_up_for", "capacity", "source")
TIMES = ("starts_at", "ends_at", "whole_days", "sign_up_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An activity as it is handed in. Times are aware; of whole days the last is the one that holds the end."""

    kind: Kind
    title: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    lead: Organisation | None
    co_hosts: Sequence[Organisation] = ()
    about: str = ""
    where: str = ""
    when: str = ""
    whole_days: bool = False
    listed: bool = True
    sign_up_for: str = Activity.SignUpFor.NOBODY
    capacity: int | None = None
    sign_up_until: datetime | None = None
    source: str = ""

    @property
    def host_ids(self) -> frozenset[int]:
        """The organisations that hold it."""
        return frozenset(one.pk for one in (self.lead, *self.co_hosts) if one is not None)


def plan_of(activity: Activity) -> Plan:
    """The plan as it stands, to begin a change from. Two queries unless the hosts are loaded."""
    hosts = sorted(activity.hosts.all(), key=lambda host: (host.position, host.pk))
    return Plan(
        **{name: getattr(activity, name) for name in (*SHARED, *TIMES)},
        lead=next((host.organisation for host in hosts if host.part == Host.Part.LEAD), None),
        co_hosts=tuple(host.organisation for host in hosts if host.part == Host.Part.CO),
    )


def checked(plan: Plan, *, was: Plan | None = None) -> Plan:
    """Return the plan with its texts trimmed and whole days made whole; raises the first refusal.

    What stood in the plan before may stay, be it a kind or a host that is no longer there to choose.
    """
    zone = zone_of(plan.place.zone)
    plan = replace(
        plan,
        title=plan.title.strip(),
        about=plan.about.strip(),
        where=plan.where.strip(),
        when=plan.when.strip(),
        source=plan.source.strip(),
        co_hosts=_co_hosts(plan),
        capacity=plan.capacity or None,
    )
    if not plan.title or len(plan.title) > TITLE_LIMIT:
        raise TitleMissing(limit=TITLE_LIMIT)
    for what, text, limit in (
        (_("What it is about"), plan.about, ABOUT_LIMIT),
        (_("Where exactly"), plan.where, 120),
        (_("When, in words"), plan.when, 60),
        (_("Source"), plan.source, 120),
    ):
        if len(text) > limit:
            raise TextUnfit(what=what, length=len(text), limit=limit)
    if plan.lead is None:
        raise HostMissing
    for host in (plan.lead, *plan.co_hosts):
        if not host.active and (was is None or host.pk not in was.host_ids):
            raise HostClosed(name=host.name)
    if not plan.kind.active and (was is None or plan.kind != was.kind):
        raise KindRetired(name=plan.kind.name)
    return _in_time(plan, zone)


def _co_hosts(plan: Plan) -> tuple[Organisation, ...]:
    lead = plan.lead.pk if plan.lead is not None else None
    return tuple({one.pk: one for one in plan.co_hosts if one.pk != lead}.values())


def _in_time(plan: Plan, zone: ZoneInfo) -> Plan:
    if plan.starts_at.tzinfo is None or plan.ends_at.tzinfo is None:
        raise ValueError("the times of an activity must be aware")
    # calendars and rules know seconds at most, and people minutes
    plan = replace(plan, starts_at=_minute(plan.starts_at), ends_at=_minute(plan.ends_at))
    if plan.ends_at < plan.starts_at:
        raise EndsBeforeStart
    if plan.whole_days:
        plan = replace(plan, starts_at=_midnight(plan.starts_at, zone), ends_at=_day_after(plan, zone))
    if plan.ends_at - plan.starts_at > LONGEST:
        raise TimeUnfit(days=LONGEST.days)
    if plan.sign_up_until is not None and plan.sign_up_until > plan.ends_at:
        raise SignUpEndsLate
    return plan


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _midnight(at: datetime, zone: ZoneInfo, *, days: int = 0) -> datetime:
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _day_after(plan: Plan, zone: ZoneInfo) -> datetime:
    """The midnight that ends the last day; an end that is a midnight after the start stands."""
    end = plan.ends_at.astimezone(zone)
    stands = end.time() == time() and plan.ends_at > plan.starts_at
    return _midnight(plan.ends_at, zone, days=0 if stands else 1)
