"""Tags and filters on every page without loading: icons, the way, QR codes, times, sums, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import segno
from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.people.models import RoleKind
from yiting.places import clock
from yiting.projects.money import yuan_shown
from yiting.web import humane
from yiting.web.icons import ICONS, PAVILION

register = template.Library()

STATES = ("done", "now", "next")
WORDS_OF_THE_WAY = 6


class Step(Protocol):
    """One word of the way of a need or project."""

    @property
    def word(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def note(self) -> str: ...


def _zone(place: object) -> str:
    return str(getattr(place, "zone", place) or settings.TIME_ZONE)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon in the colour of the text; without a label it is hidden from screen readers."""
    if name == "pavilion":
        box, drawing = "0 0 48 40", PAVILION
    else:
        box, drawing = "0 0 24 24", ICONS[name]
    heard = (
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true" focusable="false"')
    )
    # The drawings are constants of ours, never text from a visitor.
    return format_html('<svg class="icon" viewBox="{}" {}>{}</svg>', box, heard, mark_safe(drawing))  # noqa: S308


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """Draw a QR code as SVG: dark on white with its quiet zone, also on a dark page and on paper."""
    code = segno.make(str(text), error="m", micro=False)
    drawing = code.svg_inline(omitsize=True, border=4, dark="#111111", light="#ffffff", svgclass=None)
    heard = label or _("QR code: %(text)s") % {"text": text}
    # Drawn by segno out of modules: the text itself never enters the markup.
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', heard, mark_safe(drawing))  # noqa: S308


@register.inclusion_tag("_way.html")
def way(steps: Sequence[Step], form: str = "full") -> dict[str, Any]:
    """Draw the way: six words in order, each done, now or next; `form` 'mini' is six dots for lists."""
    if len(steps) != WORDS_OF_THE_WAY or any(step.state not in STATES for step in steps):
        raise ValueError("the way has six steps, each done, now or next")
    return {"steps": steps, "form": form, "now": next((s for s in steps if s.state == "now"), None)}


@register.simple_tag
def moment(at: datetime | None, place: object = None) -> SafeString:
    """A `<time>` that says how long ago, with the exact minute of the place for who wants it."""
    if not at:
        return SafeString("")
    zone, now = _zone(place), clock.now()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"),
        humane.exact_time(at, zone=zone, now=now),
        humane.how_long_ago(at, zone=zone, now=now),
    )


@register.filter
def place_time(at: datetime | date | None, place: object = None) -> str:
    """A time in the place's zone (a Place, a zone name, or the server's zone); a date stays a date."""
    if not at:
        return ""
    zone, now = _zone(place), clock.now()
    if isinstance(at, datetime):
        return humane.exact_time(at, zone=zone, now=now)
    return humane.day_text(at, today=now.astimezone(ZoneInfo(zone)).date())


@register.filter
def ago(at: datetime | None, place: object = None) -> str:
    """How long ago (or how soon), as a person would say it, in the place's zone."""
    return "" if not at else humane.how_long_ago(at, zone=_zone(place), now=clock.now())


@register.filter
def since(start: datetime | None, until: datetime | None = None) -> str:
    """How long it has lasted, up to now or to `until`."""
    return "" if not start else humane.how_long(start, now=until or clock.now())


@register.filter
def fen(amount: int | str | None) -> str:
    """Integer fen as yuan text; nothing for an unknown amount. Floats are refused: money is counted."""
    if amount in (None, ""):
        return ""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError("money is integer fen")
    return yuan_shown(amount)


def _counted(sentence: str, count: int) -> SafeString:
    number = format_html('<span class="count">{}</span>', f"{count:,}")
    return mark_safe(conditional_escape(sentence) % {"count": number})  # noqa: S308 - escaped just here


@register.filter
def household_count(count: int | None) -> SafeString:
    """'23 households', the figure set off."""
    number = int(count or 0)
    return _counted(ngettext("%(count)s household", "%(count)s households", number), number)


@register.filter
def people_count(count: int | None) -> SafeString:
    """'31 people', the figure set off."""
    number = int(count or 0)
    return _counted(ngettext("%(count)s person", "%(count)s people", number), number)


@register.filter
def role_name(label: str) -> str:
    """The role of a ledger entry in words: 'worker@天骄社区' is the community worker of 天骄社区."""
    kind, _at, organisation = str(label).partition("@")
    name = str(RoleKind(kind).label) if kind in RoleKind.values else kind
    return _("%(role)s, %(organisation)s") % {"role": name, "organisation": organisation} if organisation else name


@register.filter
def object_name(object_type: str) -> str:
    """What an entry of the ledger is about, in words: 'needs.need' is a need."""
    names = {
        "needs.need": _("need"),
        "needs.servicerequest": _("message"),
        "needs.reply": _("answer"),
        "needs.importrun": _("spreadsheet read in"),
        "activities.activity": _("activity"),
        "activities.series": _("series of activities"),
        "alliances.alliance": _("alliance"),
        "alliances.offer": _("offer"),
        "alliances.ask": _("ask"),
        "alliances.match": _("promise"),
        "alliances.relation": _("relation in the chain"),
        "alliances.pool": _("pool"),
        "alliances.resourcekind": _("kind of resource"),
        "projects.project": _("project"),
        "ledger.entry": _("entry"),
    }
    return str(names.get(object_type, object_type))
