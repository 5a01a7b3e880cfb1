"""Paper: voting sheets and the poster as PDF, set by typst (the extra `pdf`) in a font with Chinese letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.deliberation.models import Sheet, Topic
from yiting.deliberation.states import last_day
from yiting.places.printing import print_pdf, qr_printed

TEMPLATES = Path(__file__).parent / "templates" / "deliberation"


def sheets_pdf(topic: Topic, sheets: Sequence[Sheet], *, texts: Mapping[int, str], address: str) -> bytes:
    """One page a sheet: the statements with three boxes each, and the sheet's own number in the corner."""
    data = {
        **_common(topic, address),
        "how": _("Put one cross in each line. What you do not want to answer, leave empty. No name, please."),
        "back": _("Give it back to the community; it is entered twice and counted once."),
        "columns": [_("Agree"), _("Disagree"), _("Pass")],
        "number": _("Sheet"),
        "sheets": [
            {
                "serial": f"{sheet.serial[:4]}-{sheet.serial[4:]}",
                "lines": [[str(number), texts.get(number, "")] for number in sheet.lines],
            }
            for sheet in sheets
        ],
    }
    return print_pdf(TEMPLATES / "sheets.typ", data)


def poster_pdf(topic: Topic, *, address: str) -> bytes:
    """One page to hang up: the question, and the code that leads to it."""
    data = {
        **_common(topic, address),
        "scan": _("Scan this and say with one tap whether you agree."),
        "paper": _("No telephone at hand? Ask the community for a paper sheet."),
    }
    return print_pdf(TEMPLATES / "poster.typ", data)


def _common(topic: Topic, address: str) -> dict[str, object]:
    until = ""
    if topic.closes_at is not None:
        until = _("Until %(day)s") % {"day": date_format(last_day(topic.closes_at, topic.place), "DATE_FORMAT")}
    return {
        "question": topic.question,
        "place": topic.place.name,
        "until": until,
        "address": address,
        "qr": qr_printed(address),
    }
