"""Activities as lines of a list, and their time as people say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.activities.models import Activity, Host, SignUp
from yiting.activities.repeating import zone_of
from yiting.places.models import Place
from yiting.places.queries import short_name


@dataclass(frozen=True, slots=True)
class Room:
    """How many heads have a seat, how many wait, and how many there is room for at all."""

    taken: int
    waiting: int
    capacity: int | None

    @property
    def left(self) -> int | None:
        """How many more fit; None where there is no limit. While somebody waits, nothing is free."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """One activity as a line of a list."""

    pk: int
    code: str
    title: str
    kind: str
    kind_code: str
    day: date
    when: str
    hours: str
    starts_at: datetime
    ends_at: datetime
    place: Place
    place_name: str
    where: str
    hosts: tuple[str, ...]
    state: str
    state_label: str
    listed: bool
    in_series: bool
    sign_up_for: str
    room: Room

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state == Activity.State.CANCELLED


def list_cards(activities: Iterable[Activity]) -> list[ActivityCard]:
    """Activities as lines, in the order given. A fixed number of queries, however many they are."""
    rows = list(activities)
    prefetch_related_objects(rows, "kind", "place__parent", "hosts__organisation")
    rooms = rooms_of(rows)
    return [
        ActivityCard(
            pk=row.pk,
            code=row.code,
            title=row.title,
            kind=row.kind.name,
            kind_code=row.kind.code,
            day=row.starts_at.astimezone(zone_of(row.place.zone)).date(),
            when=when_words(row),
            hours=hours_words(row),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            place_name=short_name(row.place),
            where=row.where,
            hosts=host_names(row),
            state=row.state,
            state_label=str(row.get_state_display()),
            listed=row.listed,
            in_series=row.series_id is not None,
            sign_up_for=row.sign_up_for,
            room=rooms[row.pk],
        )
        for row in rows
    ]


def rooms_of(rows: Sequence[Activity]) -> dict[int, Room]:
    """The seats of several activities. One query."""
    found: dict[tuple[int, str], int] = {}
    counted = SignUp.objects.filter(activity__in=[row.pk for row in rows]).order_by().values_list("activity", "state")
    for key, state, heads in counted.annotate(heads=Sum("heads")):
        found[key, state] = heads
    return {
        row.pk: Room(
            taken=found.get((row.pk, SignUp.State.SEAT), 0),
            waiting=found.get((row.pk, SignUp.State.WAITING), 0),
            capacity=row.capacity,
        )
        for row in rows
    }


def host_names(activity: Activity) -> tuple[str, ...]:
    """Who holds it, the lead first."""
    hosts = sorted(activity.hosts.all(), key=lambda one: (one.part != Host.Part.LEAD, one.position, one.pk))
    return tuple(host.organisation.name for host in hosts)


def when_words(activity: Activity) -> str:
    """When it is, in the place's own time: in words where only those are known, else days or hours."""
    if activity.when:
        return activity.when
    zone = zone_of(activity.place.zone)
    start, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    if activity.whole_days:
        last = end - timedelta(days=1)
        first_said, last_said = day_words(start.date()), day_words(last.date())
        if last.date() <= start.date():
            return first_said
        return _("%(start)s to %(end)s") % {"start": first_said, "end": last_said}
    if end == start:
        return _("%(day)s, %(start)s") % {"day": day_words(start.date()), "start": date_format(start, "G:i")}
    if end.date() == start.date():
        return _("%(day)s, %(start)s to %(end)s") % {
            "day": day_words(start.date()),
            "start": date_format(start, "G:i"),
            "end": date_format(end, "G:i"),
        }
    return _("%(start)s to %(end)s") % {
        "start": f"{day_words(start.date())} {date_format(start, 'G:i')}",
        "end": f"{day_words(end.date())} {date_format(end, 'G:i')}",
    }


def hours_words(activity: Activity) -> str:
    """When it is, for a list that says the day already."""
    zone = zone_of(activity.place.zone)
    start, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    if activity.when or activity.whole_days or end.date() != start.date():
        return _("The whole day") if _is_one_day(activity) else when_words(activity)
    if end == start:
        return date_format(start, "G:i")
    return _("%(start)s to %(end)s") % {"start": date_format(start, "G:i"), "end": date_format(end, "G:i")}


def _is_one_day(activity: Activity) -> bool:
    lasts = activity.ends_at - activity.starts_at
    return activity.whole_days and not activity.when and lasts <= timedelta(hours=25)


def day_words(day: date) -> str:
    """A day with its weekday and its year."""
    return date_format(day, _("l, j M Y"))
