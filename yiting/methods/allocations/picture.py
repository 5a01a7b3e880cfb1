"""Pictures of an outcome, which say no more than the tables beside them.

The comparison has a row for each project that won anywhere, a column for each rule and a mark where it won. Bars show
amounts one under another, each made of parts: who paid for a project, or what each group got.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yiting.methods.allocations.election import Election
from yiting.methods.allocations.results import Outcome

INK: Final = "#1f2a2e"
ACCENT: Final = "#1d5c63"
RULE: Final = "#d8d0c0"
NAME: Final = 260
COLUMN: Final = 44
ROW: Final = 32
# in letters; a Chinese character is as wide as two
LONGEST: Final = 32
# Bars are drawn as wide as a telephone is. White letters can be read on each of these.
WIDE: Final = 360
BAR: Final = 54
PARTS: Final = (ACCENT, "#8a4b2a", "#3f5f8a", "#6b4a7d", "#4e6b2f", "#7a3b4f")


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount and its parts, in the order of the parts' names; `said` is the amount in words."""

    name: str
    parts: tuple[float, ...]
    said: str


def comparison_svg(
    election: Election, outcomes: Sequence[Outcome], *, title: str, names: Sequence[str], legend: Mapping[str, str]
) -> str:
    """Write the picture as SVG; `names` are what the outcomes are called, `legend` what the projects are called."""
    votes = dict(zip((project.id for project in election.projects), election.votes, strict=True))
    shown = sorted({name for outcome in outcomes for name in outcome.winners}, key=lambda name: (-votes[name], name))
    head = ROW * (len(outcomes) + 1)
    width, height = NAME + COLUMN * max(len(outcomes), 4), head + ROW * (len(shown) + 1)
    drawn = []
    for number, name in enumerate(names):
        # each rule is named on a line of its own, with a number that stands over its column
        drawn.append(_text(8, 24 + ROW * number, f"{number + 1}  {name}"))
        drawn.append(_text(NAME + COLUMN * number + COLUMN / 2, head + 8, str(number + 1), anchor="middle"))
    for row, project in enumerate(shown):
        y = head + ROW * (row + 1)
        drawn.append(f'<line x1="8" y1="{y - 18}" x2="{width - 8}" y2="{y - 18}" stroke="{RULE}"/>')
        drawn.append(_text(8, y + 4, _cut(legend.get(project, project))))
        for column, outcome in enumerate(outcomes):
            if project in outcome.winners:
                x = NAME + COLUMN * column + COLUMN / 2
                drawn.append(f'<circle cx="{x:g}" cy="{y - 1}" r="9" fill="{ACCENT}"/>')
    return _whole(drawn, width, height, mark="ballot-comparison", title=title)


def bars_svg(bars: Sequence[Bar], *, parts: Sequence[str], title: str, mark: str) -> str:
    """Write bars as SVG; `parts` are what the parts are called, none if a bar has but one; `mark` is the title's id."""
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    drawn = []
    for number, name in enumerate(parts):
        drawn.append(_box(8, 8 + 26 * number, 20, number))
        drawn.append(_text(18, 23 + 26 * number, str(number + 1), anchor="middle", fill="#fff"))
        drawn.append(_text(36, 23 + 26 * number, _cut(name)))
    head = 26 * len(parts) + 8
    for row, bar in enumerate(bars):
        y = head + BAR * row
        drawn.append(_text(8, y + 16, _cut(bar.name)))
        drawn.append(_text(WIDE - 8, y + 16, bar.said, anchor="end"))
        x = 8.0
        for number, part in enumerate(bar.parts):
            width = (WIDE - 16) * part / most
            if width:
                drawn.append(_box(x, y + 24, width, number))
            if parts and width > 16:
                drawn.append(_text(x + width / 2, y + 39, str(number + 1), anchor="middle", fill="#fff"))
            x += width
    return _whole(drawn, WIDE, head + BAR * len(bars), mark=mark, title=title)


def _whole(drawn: Sequence[str], width: float, height: float, *, mark: str, title: str) -> str:
    top = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="{mark}" font-family="sans-serif" font-size="15" fill="{INK}">'
    )
    return "\n".join([top, f'<title id="{mark}">{html.escape(title)}</title>', *drawn, "</svg>", ""])


def _box(x: float, y: float, width: float, number: int) -> str:
    fill = PARTS[number % len(PARTS)]
    return f'<rect x="{x:.2f}" y="{y:g}" width="{width:.2f}" height="20" fill="{fill}" stroke="#fff"/>'


def _cut(name: str) -> str:
    """Leave out what would run into the columns."""
    width = 0
    for at, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > LONGEST:
            return name[: at - 1] + "…"
    return name


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{fill}">{html.escape(text)}</text>'
