"""The picture of a comparison: a row for each project that won anywhere, a column for each rule, a mark where it won.

It says no more than the table beside it.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
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
    top = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="ballot-comparison" font-family="sans-serif" font-size="15" fill="{INK}">'
    )
    return "\n".join([top, f'<title id="ballot-comparison">{html.escape(title)}</title>', *drawn, "</svg>", ""])


def _cut(name: str) -> str:
    """Leave out what would run into the columns."""
    width = 0
    for at, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > LONGEST:
            return name[: at - 1] + "…"
    return name


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{html.escape(text)}</text>'
