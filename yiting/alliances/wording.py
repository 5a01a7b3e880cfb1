"""Words for what became of turns, the same on pages and in spreadsheets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OUTCOMES = {
    "held": _("held"),
    "stepped_in": _("held by one who stepped in"),
    "skipped": _("skipped, nobody stepped in"),
    "planned": _("nothing said yet"),
}


def outcome_label(outcome: str) -> str:
    """What became of a turn, in words."""
    return str(OUTCOMES[outcome])
