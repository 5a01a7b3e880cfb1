"""The season's review as a spreadsheet: the same figures, each beside the address of what it was counted from."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.urls import reverse
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from yiting.alliances.queries.review import SeasonReview

Row = Sequence[object]


def review_workbook(review: SeasonReview, *, base: str) -> bytes:
    """Write the review as XLSX; `base` is the address of the site, before the path of a page."""
    out = io.BytesIO()
    # words of people stay words: nothing that begins with "=" is taken for a formula
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    title = f"{review.alliance.name} {review.season}"
    book.set_properties({"title": title})
    for name, heads, rows in _sheets(review, base=base):
        sheet = book.add_worksheet(name[:31])
        _fill(sheet, heads, rows, bold)
    book.close()
    return out.getvalue()


def _sheets(review: SeasonReview, *, base: str) -> list[tuple[str, Row, list[Row]]]:
    def address(name: str, *args: object) -> str:
        return base + reverse(name, args=list(args))

    turns_address = address("alliances:turns", review.alliance.slug)
    activities: list[Row] = [
        (
            str(row.day),
            row.title,
            row.kind,
            "、".join(row.hosts),
            row.units if row.is_counted else "",
            row.people if row.is_counted else "",
            row.good,
            row.fair,
            row.poor,
            row.questions,
            address("activities:activity", row.code),
        )
        for row in review.held
    ]
    turns: list[Row] = [
        (
            str(turn.day),
            turn.host,
            turn.kind,
            turn.label,
            f"{turns_address}?year={turn.day.year}#{turn.key}",
        )
        for turn in review.turns
    ]
    pool: list[Row] = [
        (row.what, row.offers, row.promised_text, row.delivered_text, base + row.url) for row in review.pool.rows
    ]
    needs: list[Row] = [(need.title, address("needs:need", need.code)) for need in review.pool.needs]
    return [
        (
            _("Activities"),
            (
                _("Day"),
                _("Activity"),
                _("Kind"),
                _("Hosts"),
                _("Units that came"),
                _("People who came"),
                _("Good"),
                _("So-so"),
                _("Not good"),
                _("Questions"),
                _("Record"),
            ),
            activities,
        ),
        (_("Turns"), (_("Day"), _("Host"), _("Kind"), _("What became of it"), _("Record")), turns),
        (_("Resources"), (_("What"), _("Offers"), _("Promised"), _("Delivered"), _("Record")), pool),
        (_("Needs that were served"), (_("Need"), _("Record")), needs),
    ]


def _fill(sheet: Worksheet, heads: Row, rows: Sequence[Row], bold: object) -> None:
    sheet.write_row(0, 0, heads, bold)
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, row)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
