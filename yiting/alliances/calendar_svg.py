"""A year's turns as a picture: a row a unit, a column a month, a mark with its day where the unit hosts.

Drawn for a phone of 360 px, where one unit of the drawing is about one pixel, and only enlarged on wider screens. The
table beside it says the same, so the picture itself is one image to a screen reader.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiting.alliances.queries.turns import Away, TurnRow
from yiting.alliances.queries.units import Unit

LABEL, MONTH, ROW, HEAD = 72, 21, 30, 20
WIDTH = LABEL + 12 * MONTH
LINE = 12  # half-width characters in a line of a label
MARK = 17
MOST_IN_CELL = 2


def year_calendar(
    units: Sequence[Unit], turns: Iterable[TurnRow], aways: Iterable[Away], *, year: int, today: date
) -> SafeString:
    """Draw the turns of a year; units stand in the order in which they are given."""
    row_of = {unit.number: row for row, unit in enumerate(units)}
    cells: dict[tuple[int, int], list[TurnRow]] = {}
    for turn in turns:
        if turn.day.year == year and turn.number in row_of:
            cells.setdefault((row_of[turn.number], turn.day.month), []).append(turn)
    height = HEAD + ROW * len(units)
    parts = [_ground(len(units), height)]
    parts += [_away(away, row_of[away.number], year) for away in aways if away.number in row_of]
    parts += [_label(unit, row) for row, unit in enumerate(units)]
    parts += [_cell(cells[at], *at) for at in sorted(cells)]
    if today.year == year:
        parts.append(format_html('<path class="today" d="M{} {}V{}"/>', _across(today), HEAD - 4, height))
    return format_html(
        '<svg class="turn-calendar" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        height,
        _("Turns of %(year)s as a calendar; the table below says the same.") % {"year": year},
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _ground(rows: int, height: int) -> SafeString:
    """The heads of the months, a line under each row, and a stronger line where a quarter begins."""
    heads = format_html_join(
        "",
        '<text class="month" x="{}" y="13">{}</text>',
        ((_left(month) + MONTH / 2, month) for month in range(1, 13)),
    )
    lines = format_html_join(
        "", '<path class="rule" d="M0 {}H{}"/>', ((HEAD + ROW * row, WIDTH) for row in range(rows + 1))
    )
    quarters = format_html_join(
        "", '<path class="quarter" d="M{} 4V{}"/>', ((_left(month), height) for month in (1, 4, 7, 10))
    )
    return format_html("{}{}{}", heads, lines, quarters)


def _label(unit: Unit, row: int) -> SafeString:
    lines = _broken(unit.name if unit.is_filled else _("No. %(number)s") % {"number": unit.number})
    top = HEAD + ROW * row + (19 if len(lines) == 1 else 13)
    return format_html_join(
        "", '<text class="unit" x="0" y="{}">{}</text>', ((top + 12 * at, line) for at, line in enumerate(lines))
    )


def _cell(turns: Sequence[TurnRow], row: int, month: int) -> SafeString:
    """One mark, or two above one another; more than fit are counted."""
    left, top = _left(month) + (MONTH - MARK) / 2, HEAD + ROW * row
    if len(turns) > MOST_IN_CELL:
        return _mark(turns[0], f"×{len(turns)}", left, top + (ROW - MARK) / 2, MARK)
    tall = MARK if len(turns) == 1 else 13
    gap = (ROW - tall * len(turns)) / (len(turns) + 1)
    return format_html_join(
        "",
        "{}",
        ((_mark(turn, str(turn.day.day), left, top + gap + (tall + gap) * at, tall),) for at, turn in enumerate(turns)),
    )


def _mark(turn: TurnRow, text: str, left: float, top: float, tall: float) -> SafeString:
    return format_html(
        '<g class="turn {}"><rect x="{}" y="{}" width="{}" height="{}" rx="4"/><text x="{}" y="{}">{}</text></g>',
        turn.state,
        _round(left),
        _round(top),
        MARK,
        _round(tall),
        _round(left + MARK / 2),
        _round(top + tall / 2 + 3.7),
        text,
    )


def _away(away: Away, row: int, year: int) -> SafeString:
    """The days on which a unit is away, as a band across its row."""
    first, last = max(away.from_on, date(year, 1, 1)), min(away.to_on, date(year, 12, 31))
    if last < first:
        return SafeString("")
    left, right = _across(first), _across(last, at_end=True)
    return format_html(
        '<rect class="away" x="{}" y="{}" width="{}" height="{}"/>',
        left,
        HEAD + ROW * row + 1,
        _round(max(right - left, 1)),
        ROW - 2,
    )


def _across(day: date, *, at_end: bool = False) -> float:
    """Where a day stands between the left and the right end of its month."""
    days = calendar.monthrange(day.year, day.month)[1]
    return _round(_left(day.month) + MONTH * (day.day - (not at_end)) / days)


def _left(month: int) -> int:
    return LABEL + MONTH * (month - 1)


def _round(number: float) -> float:
    return round(number, 1)


def _broken(name: str) -> list[str]:
    """A name in at most two lines of a label; the rest is left to the table."""
    lines, wide = [""], 0
    for letter in name:
        width = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if wide + width > LINE:
            if len(lines) == 2:
                lines[1] = lines[1][:-1] + "…"
                break
            lines.append("")
            wide = 0
        lines[-1] += letter
        wide += width
    return lines
