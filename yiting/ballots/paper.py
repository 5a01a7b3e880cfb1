"""Paper ballots as PDF, set by typst (the extra `pdf`) in a font with Chinese letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiting.ballots.models import Candidate, Kind, Paper, Round
from yiting.ballots.queries.rounds import CandidateRow, list_limits
from yiting.ballots.wording import how_to_fill
from yiting.places.printing import print_pdf, qr_printed
from yiting.projects.money import yuan_text

TEMPLATES = Path(__file__).parent / "templates" / "ballots"


def papers_pdf(round: Round, papers: Sequence[Paper], rows: Sequence[CandidateRow], *, address: str) -> bytes:
    """One page a ballot: the list with its boxes, the number in the corner, and a stub with the number to keep."""
    listed = [row for row in rows if row.candidate.state == Candidate.State.FEASIBLE]
    data = {
        "title": round.title,
        "place": round.place.name,
        "until": _("Until %(day)s") % {"day": date_format(round.closes_on, "DATE_FORMAT")},
        "how": " ".join([how_to_fill(round), *(one.words for one in list_limits(round))]),
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
                "qr": qr_printed(f"{address}?receipt={paper.serial}"),
            }
            for paper in papers
        ],
    }
    return print_pdf(TEMPLATES / "papers.typ", data)


def _mark_name(kind: str) -> str:
    return {Kind.POINTS: _("Points"), Kind.RANKING: _("Rank")}.get(Kind(kind), _("Mark"))
