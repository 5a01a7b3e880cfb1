"""Why a hot matter stands where it stands, in words a resident reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiting.needs.queries.wording import day


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
    if float(why.get("growth", 0)) > 0:
        grown = _("growing: %(count)s in the 30 days before") % {"count": before}
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
