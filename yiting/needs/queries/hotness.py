"""Why a hot matter stands where it stands, in words a resident reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.needs.queries.wording import day

_LEAST_SAID = 0.001


def reasons_in_words(why: Mapping[str, Any], *, zone: str, now: datetime) -> list[str]:
    """Say the parts of a matter's heat that count: lately, growing, joined, against, last said when.

    What a stored ranking does not tell is left out.
    """
    lately, before = int(why.get("last_30_days", 0)), int(why.get("before_that", 0))
    supports, objections = int(why.get("supports", 0)), int(why.get("objections", 0))
    reasons = []
    if lately:
        reasons.append(
            ngettext("%(count)s person in the last 30 days", "%(count)s people in the last 30 days", lately)
            % {"count": lately}
        )
    if why.get("alert"):
        reasons.append(_("clearly more people than usual"))
    elif "growth" in why and why["growth"] is None:
        reasons.append(_("too early to tell whether it grows"))
    if float(why.get("growth") or 0) > 0 and lately > before:
        grown = _("%(count)s in the 30 days before") % {"count": before}
        reasons.append(grown if before else _("nobody said it before that"))
    if supports:
        reasons.append(
            ngettext("%(count)s joined with a tap", "%(count)s joined with a tap", supports) % {"count": supports}
        )
    if objections:
        reasons.append(
            ngettext("%(count)s is against it", "%(count)s are against it", objections) % {"count": objections}
        )
    last = parse_datetime(str(why.get("last") or ""))
    if last is not None and last.tzinfo is not None:
        reasons.append(_("last said on %(day)s") % {"day": day(last, zone=zone, now=now)})
    return reasons


def growth_in_figures(why: Mapping[str, Any]) -> str:
    """Say on which figures it stands that a matter may grow; nothing where it does not or was not tested."""
    if not why.get("growth") or why.get("p_value") is None or why.get("expected") is None:
        return ""
    p_value = float(why["p_value"])
    return _(
        "%(lately)s people in the last 30 days; at the rate of the %(days)s days before, %(expected)s would be usual. "
        "By chance alone so many or more would speak with a probability of %(chance)s."
    ) % {
        "lately": int(why.get("last_30_days", 0)),
        "days": round(float(why.get("earlier_days", 0))),
        "expected": f"{float(why['expected']):.1f}",
        "chance": f"{p_value:.3f}" if p_value >= _LEAST_SAID else _("less than %(share)s") % {"share": _LEAST_SAID},
    }
