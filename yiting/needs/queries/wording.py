"""How stored things are put into words for residents: masked words, days, roles without names."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.methods.texts import mask_personal


def shown_words(text: str) -> str:
    """A resident's words as a public page shows them: without the numbers that lead to a person."""
    masked = mask_personal(text)
    if "‹" not in masked:
        return masked
    for token, said in (
        ("‹phone›", _("[telephone number]")),
        ("‹id›", _("[identity number]")),
        ("‹card›", _("[card number]")),
        ("‹mail›", _("[mail address]")),
        ("‹account›", _("[account name]")),
    ):
        masked = masked.replace(token, said)
    return masked


def day(at: datetime, *, zone: str, now: datetime) -> str:
    """A day in the place's own time; the year only when it is not this one."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    return date_format(local, _("j M") if local.year == today.year else _("j M Y"))


def short_day(at: datetime, *, zone: str) -> str:
    """A day in as few characters as the notes of the way have room for."""
    return date_format(at.astimezone(ZoneInfo(zone)), _("M j"))


def role_words(label: str) -> str:
    """A role of the ledger as people say it: "worker@天骄社区" is "天骄社区, community worker"."""
    kind, _at, organisation = label.partition("@")
    names = {
        "worker": _("community worker"),
        "street": _("street office"),
        "deputy": _("people’s deputy"),
        "alliance": _("alliance"),
        "admin": _("administrator"),
        "resident": _("a resident"),
    }
    if kind.startswith("system"):
        return _("by itself, at its hour")
    said = names.get(kind, kind)
    return _("%(organisation)s, %(role)s") % {"organisation": organisation, "role": said} if organisation else said


def code_in_fours(code: str) -> str:
    """A code as it is read aloud and typed: in groups of four."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
