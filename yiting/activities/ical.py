"""Activities as iCalendar (RFC 5545), and the feeds in which calendars fetch them again and again.

A series is one master with its rule; days that are not in the list are EXDATEs, and those that were moved, renamed or
cancelled are events of their own with a RECURRENCE-ID. What is cancelled stays in the feed as cancelled, so that
calendars take it out; SEQUENCE and LAST-MODIFIED rise with every change. The same activities give the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from yiting.activities.models import Activity, Series
from yiting.activities.repeating import read_rule, zone_of
from yiting.people.errors import TooOften
from yiting.people.sessions import count_pace
from yiting.places.clock import now

PRODUCT = "-//Yiting//Activities//ZH"
REFRESH = timedelta(hours=1)
MAX_AGE = 15 * 60
KEPT = timedelta(days=400)
# A calendar that asks every second is answered; one that asks twice as often is told to wait.
MINUTES = 10
MOST_FETCHES = 1_200


def calendar_of(
    activities: Iterable[Activity], *, name: str, base: str, whole_series: bool = True, also: Sequence[Event] = ()
) -> bytes:
    """Write activities as a calendar. `base` is the address of the site, before the path of a page.

    `also` are further events of whole days, as another module writes them.

    `place`, `kind`, `series` and `hosts` with their organisations should be loaded (`with_all`). Without
    `whole_series` each activity stands alone: for a single one, or the list of what one person goes to.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    listed = list(activities)
    by_series: dict[Series, list[Activity]] = defaultdict(list)
    for activity in listed:
        if whole_series and activity.series is not None and activity.series_start_at is not None:
            by_series[activity.series].append(activity)
        else:
            calendar.add_component(_alone(activity, base=base))
    for series, rows in by_series.items():
        for event in _together(series, sorted(rows, key=_rule_start), base=base):
            calendar.add_component(event)
    if listed:
        first, last = min(one.starts_at for one in listed), max(one.ends_at for one in listed)
        # the rules of a year before and after cover every start of a series and every change of clocks in between
        year = timedelta(days=366)
        calendar.add_missing_timezones(
            first_date=(min([first, *(series.starts_at for series in by_series)]) - year).date(),
            last_date=(last + 2 * year).date(),
        )
    for event in also:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def feed_answer(
    request: HttpRequest,
    found: QuerySet[Activity],
    *,
    name: str,
    file_name: str,
    whole_series: bool = True,
    also: Sequence[Event] = (),
) -> HttpResponse:
    """Answer a calendar program: 304 after one query when nothing changed, 429 when it asks beyond reason.

    `found` are the activities in any order; what ended long ago is left out, unless its series still goes on.
    """
    try:
        count_pace(request, f"feed:{request.path}", an_address=MOST_FETCHES, minutes=MINUTES)
    except TooOften:
        return HttpResponse(status=TooOften.status, headers={"Retry-After": str(MINUTES * 60)})
    since = now() - KEPT
    fresh = Q(ends_at__gte=since) | Q(series__in=Activity.objects.filter(ends_at__gte=since).values("series"))
    # by their keys: however they were found, each is in the calendar once
    kept = Activity.objects.filter(fresh, pk__in=found.order_by().values("pk"))
    state = kept.aggregate(changed=Max("changed_at"), number=Count("pk"), steps=Sum("sequence"))
    changed: datetime | None = state["changed"]
    said = f"{name}|{get_language()}|{changed and changed.isoformat()}|{state['number']}|{state['steps']}"
    digest = sha256(said.encode())
    for event in also:
        digest.update(event.to_ical())
    etag = quote_etag(digest.hexdigest()[:32])
    # what else is in it may have changed later than the activities: then the tag alone tells
    modified = int(changed.timestamp()) if changed is not None and not also else None
    response = get_conditional_response(request, etag=etag, last_modified=modified) or HttpResponse(
        calendar_of(with_all(kept), name=name, base=site_address(request), whole_series=whole_series, also=also),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=False, filename=file_name) or ""},
    )
    response["ETag"] = etag
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = f"private, max-age={MAX_AGE}"
    return response


def with_all(found: QuerySet[Activity]) -> QuerySet[Activity]:
    """The activities with all that a calendar says of them, in a fixed number of queries."""
    loaded = found.select_related("place", "kind", "series").prefetch_related("hosts__organisation")
    return loaded.order_by("starts_at", "pk")


def site_address(request: HttpRequest) -> str:
    """The address of the site, for links that are followed elsewhere."""
    return str(settings.YITING_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/"))


def _alone(activity: Activity, *, base: str) -> Event:
    event = Event()
    event.add("uid", f"{activity.uid}@activities.yiting")
    zone = zone_of(activity.place.zone)
    _add_times(event, _wall(activity.starts_at, zone), _wall(activity.ends_at, zone), zone, activity.whole_days)
    _add_words(event, activity, base=base)
    _add_state(event, sequence=activity.sequence, changed=activity.changed_at)
    return event


def _together(series: Series, rows: Sequence[Activity], *, base: str) -> list[Event]:
    """The master, with EXDATEs for the days not in the list, and one event for each day that differs from it."""
    zone = zone_of(series.zone)
    rule, starts = read_rule(series.rule, starts_at=series.starts_at, zone=series.zone)
    local_of = {start.at: start.local for start in starts}
    model = next((row for row in rows if _as_the_rule_says(row)), rows[0])
    whole, lasts = model.whole_days, _wall(model.ends_at, zone) - _wall(model.starts_at, zone)
    master = Event()
    master.add("uid", f"{series.uid}@series.yiting")
    _add_times(master, starts[0].local, starts[0].local + lasts, zone, whole)
    master.add("rrule", {name: value.split(",") for name, _eq, value in (p.partition("=") for p in rule.split(";"))})
    there = {_rule_start(row) for row in rows}
    gone = [_point(start.local, zone, whole) for start in starts if start.at not in there]
    if gone:
        master.add("exdate", gone, parameters={"VALUE": "DATE"} if whole else {})
    _add_words(master, model, base=base, status="CONFIRMED")
    _add_state(master, sequence=max(row.sequence for row in rows), changed=max(row.changed_at for row in rows))
    events = [master]
    for row in rows:
        if _as_the_rule_says(row) and _said(row, zone) == _said(model, zone):
            continue
        event = _alone(row, base=base)
        event["uid"] = master["uid"]
        start = _rule_start(row)
        # a start that the rule no longer gives, since a zone was redrawn, stands by its own clock
        event.add("recurrence-id", _point(local_of.get(start, _wall(start, zone)), zone, whole))
        events.append(event)
    return events


def _rule_start(activity: Activity) -> datetime:
    assert activity.series_start_at is not None, "an activity of a series has the start that the rule gave"
    return activity.series_start_at


def _as_the_rule_says(row: Activity) -> bool:
    return row.starts_at == row.series_start_at and row.state != Activity.State.CANCELLED


def _said(row: Activity, zone: ZoneInfo) -> tuple[Any, ...]:
    """All that a calendar says of one day of a series, but for the day."""
    lasts = _wall(row.ends_at, zone) - _wall(row.starts_at, zone)
    shared = (row.title, row.about, row.where, row.when, row.place_id, row.kind_id, row.whole_days)
    return (*shared, lasts, _host_names(row))


def _add_times(event: Event, start: datetime, end: datetime, zone: ZoneInfo, whole: bool) -> None:
    event.add("dtstart", _point(start, zone, whole))
    event.add("dtend", _point(end, zone, whole))
    event.add("transp", "TRANSPARENT" if whole else "OPAQUE")


def _add_words(event: Event, activity: Activity, *, base: str, status: str = "") -> None:
    cancelled = activity.state == Activity.State.CANCELLED and not status
    place = activity.place
    event.add("summary", activity.title)
    lines = [
        _("Cancelled: %(reason)s") % {"reason": activity.cancel_reason} if cancelled else "",
        activity.when,
        activity.about,
        _("Held by %(hosts)s") % {"hosts": _host_names(activity)},
    ]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("location", f"{place.name} {activity.where}".strip())
    if place.latitude is not None and place.longitude is not None:
        event.add("geo", (float(place.latitude), float(place.longitude)))
    event.add("categories", [activity.kind.name])
    event.add("url", base + reverse("activities:activity", args=[activity.code]))
    event.add("status", status or ("CANCELLED" if cancelled else "CONFIRMED"))


def _add_state(event: Event, *, sequence: int, changed: datetime) -> None:
    stamp = changed.astimezone(UTC).replace(microsecond=0)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)


def _host_names(activity: Activity) -> str:
    hosts = sorted(activity.hosts.all(), key=lambda host: (host.position, host.pk))
    return "、".join(host.organisation.name for host in hosts)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """A moment as the clock on the wall shows it."""
    return at.astimezone(zone).replace(tzinfo=None)


def _point(wall: datetime, zone: ZoneInfo, whole: bool) -> Any:
    return wall.date() if whole else wall.replace(tzinfo=zone)
