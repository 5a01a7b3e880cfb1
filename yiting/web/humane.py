"""Times and sums as people say them: 'yesterday 17:05', '3 days ago', '¥1,200'. The present is passed in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def exact_time(at: datetime, *, zone: str, now: datetime) -> str:
    """The day and the minute in the place's own time; the year only when it is not this one."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    return date_format(local, _("j M, G:i") if local.year == today.year else _("j M Y, G:i"))


def day_text(on: date, *, today: date) -> str:
    """A day; the year only when it is not this one."""
    return date_format(on, _("j M") if on.year == today.year else _("j M Y"))


def how_long_ago(at: datetime, *, zone: str, now: datetime) -> str:
    """When something was or will be, as a person would say it: near times by distance, far ones by date."""
    place = ZoneInfo(zone)
    local, today = at.astimezone(place), now.astimezone(place)
    seconds = int((now - at).total_seconds())
    days = (today.date() - local.date()).days
    if 0 <= seconds < MINUTE:
        return _("just now")
    if MINUTE <= seconds < HOUR:
        minutes = seconds // MINUTE
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    words = {0: _("today %(time)s"), 1: _("yesterday %(time)s"), -1: _("tomorrow %(time)s")}
    if days in words:
        return words[days] % {"time": date_format(local, "G:i")}
    if 1 < days <= 7:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if -7 <= days < -1:
        return ngettext("in %(count)s day", "in %(count)s days", -days) % {"count": -days}
    return day_text(local.date(), today=today.date())


def how_long(start: datetime, *, now: datetime) -> str:
    """How long something has lasted, in its largest whole unit up to days; never negative."""
    seconds = max(0, int((now - start).total_seconds()))
    if seconds < MINUTE:
        return _("less than a minute")
    if seconds < HOUR:
        count = seconds // MINUTE
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < DAY:
        count = seconds // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = seconds // DAY
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
