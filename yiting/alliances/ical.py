"""An alliance's calendar: its joint activities as their module writes them, and beside them the turns to be announced.

A turn is a whole day. One that was skipped is cancelled, so that calendars take it out; one that was announced is
left out, since its activity stands there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Event

from yiting.activities.ical import KEPT
from yiting.alliances.models import Alliance, Turn
from yiting.alliances.queries.problems import day_of, is_announced, list_turns, state_of, zone_of
from yiting.alliances.queries.units import unit_name


def turn_events(alliance: Alliance, *, at: datetime) -> list[Event]:
    """The turns of an alliance as events, as far back as feeds reach. One query."""
    zone = zone_of(alliance)
    since = (at - KEPT).date()
    turns = (turn for turn in list_turns(alliance) if not is_announced(turn) and day_of(turn, zone) >= since)
    return [_event(alliance, turn, zone) for turn in turns]


def _event(alliance: Alliance, turn: Turn, zone: ZoneInfo) -> Event:
    day = day_of(turn, zone)
    kind = turn.joint_kind.name if turn.joint_kind else alliance.name
    event = Event()
    event.add("uid", f"{turn.key}.{alliance.slug}@turns.yiting")
    event.add("dtstamp", turn.changed_at)
    event.add("last-modified", turn.changed_at)
    event.add("sequence", turn.sequence)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _("%(kind)s · %(host)s hosts") % {"kind": kind, "host": unit_name(turn.membership)})
    skipped = state_of(turn) == Turn.State.SKIPPED
    event.add("status", "CANCELLED" if skipped else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [kind])
    return event
