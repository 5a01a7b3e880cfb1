"""Paper: voting sheets and the poster as PDF, set by typst (the extra `pdf`) in a font with Chinese letters."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.deliberation.errors import FontMissing, PdfMissing
from yiting.deliberation.models import Sheet, Topic
from yiting.deliberation.states import last_day

TEMPLATES = Path(__file__).parent / "templates" / "deliberation"
# The first of these that the machine has is used.
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
# Codes are printed with so much resistance to dirt and folds.
_QR_LEVEL = "m"


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
    return _set("sheets.typ", data)


def poster_pdf(topic: Topic, *, address: str) -> bytes:
    """One page to hang up: the question, and the code that leads to it."""
    data = {
        **_common(topic, address),
        "scan": _("Scan this and say with one tap whether you agree."),
        "paper": _("No telephone at hand? Ask the community for a paper sheet."),
    }
    return _set("poster.typ", data)


def require_printer() -> str:
    """The font to print with. Refuses, with what to do, where typst or a font is absent."""
    if importlib.util.find_spec("typst") is None:
        raise PdfMissing
    font = _font()
    if not font:
        raise FontMissing
    return font


def _common(topic: Topic, address: str) -> dict[str, object]:
    until = ""
    if topic.closes_at is not None:
        until = _("Until %(day)s") % {"day": date_format(last_day(topic.closes_at, topic.place), "DATE_FORMAT")}
    return {
        "question": topic.question,
        "place": topic.place.name,
        "until": until,
        "address": address,
        "qr": segno.make(address, error=_QR_LEVEL, micro=False).svg_inline(scale=4, border=2),
    }


def _set(name: str, data: Mapping[str, object]) -> bytes:
    font = require_printer()
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    written = json.dumps({**data, "font": font}, ensure_ascii=False)
    made = typst.compile((TEMPLATES / name).read_bytes(), format="pdf", sys_inputs={"data": written})
    assert isinstance(made, bytes), "one document of pages"
    return made


@cache
def _font() -> str:
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    known = set(typst.Fonts().families())
    return next((name for name in FONTS if name in known), "")
