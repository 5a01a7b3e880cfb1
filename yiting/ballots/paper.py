"""Paper ballots as PDF, set by typst (the extra `pdf`) in a font with Chinese letters."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.ballots.errors import FontMissing, PdfMissing
from yiting.ballots.models import Candidate, Kind, Paper, Round
from yiting.ballots.queries.rounds import CandidateRow
from yiting.ballots.wording import how_to_fill
from yiting.projects.money import yuan_text

TEMPLATES = Path(__file__).parent / "templates" / "ballots"
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


def papers_pdf(round: Round, papers: Sequence[Paper], rows: Sequence[CandidateRow], *, address: str) -> bytes:
    """One page a ballot: the list with its boxes, the number in the corner, and a stub with the number to keep."""
    font = require_printer()
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    listed = [row for row in rows if row.candidate.state == Candidate.State.FEASIBLE]
    data = {
        "font": font,
        "title": round.title,
        "place": round.place.name,
        "until": _("Until %(day)s") % {"day": date_format(round.closes_on, "DATE_FORMAT")},
        "how": how_to_fill(round),
        "columns": [_("In favour"), _("Against"), _("Abstain")]
        if round.kind == Kind.YES_NO
        else [_mark_name(round.kind)],
        "number": _("Paper ballot"),
        "back": _("No name, please. Fold it and put it into the box; two people enter it, and it counts once."),
        "keep": _("Keep this. There you can see whether this number was counted; it tells nobody what you marked."),
        "address": address,
        "lines": [
            [str(row.candidate.number), row.candidate.title, row.place_name, f"¥{yuan_text(row.candidate.cost_fen)}"]
            for row in listed
        ],
        "papers": [
            {
                "serial": f"{paper.serial[:4]}-{paper.serial[4:]}",
                "qr": segno.make(f"{address}?receipt={paper.serial}", error=_QR_LEVEL, micro=False).svg_inline(
                    scale=4, border=2
                ),
            }
            for paper in papers
        ],
    }
    written = json.dumps(data, ensure_ascii=False)
    made = typst.compile((TEMPLATES / "papers.typ").read_bytes(), format="pdf", sys_inputs={"data": written})
    assert isinstance(made, bytes), "one document of pages"
    return made


def require_printer() -> str:
    """The font to print with. Refuses, with what to do, where typst or a font is absent."""
    if importlib.util.find_spec("typst") is None:
        raise PdfMissing
    font = _font()
    if not font:
        raise FontMissing
    return font


def _mark_name(kind: str) -> str:
    return {Kind.POINTS: _("Points"), Kind.RANKING: _("Place")}.get(Kind(kind), _("Mark"))


@cache
def _font() -> str:
    import typst  # noqa: PLC0415  an extra: only who prints needs it

    known = set(typst.Fonts().families())
    return next((name for name in FONTS if name in known), "")
