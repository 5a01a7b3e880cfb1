"""The picture of groups: a circle each, as large as its people are many, near those that vote alike.

Nobody stands in it alone. It is made from what may be shown, and it says no more than the table beside it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from yiting.methods.opinions.publication import Published

SIDE: Final = 320.0
LARGEST: Final = 72.0
SMALLEST: Final = 26.0
MARGIN: Final = 12.0
ROUNDS: Final = 200
COLOURS: Final = ("#8a1c1c", "#1d4e89", "#2f5d34", "#6b3f87", "#7a4a00")


@dataclass(frozen=True, slots=True)
class Circle:
    """A group in the picture."""

    group_id: int
    x: float
    y: float
    radius: float
    size: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Circles that touch neither each other nor the edge."""

    width: float
    height: float
    circles: tuple[Circle, ...]


def picture_of(shown: Published) -> Picture:
    """Lay out the groups."""
    if not shown.groups:
        return Picture(0.0, 0.0, ())
    most = max(group.size for group in shown.groups)
    wide = max(
        max(group.x for group in shown.groups) - min(group.x for group in shown.groups),
        max(group.y for group in shown.groups) - min(group.y for group in shown.groups),
    )
    scale = SIDE / wide if wide > 0 else 0.0
    circles = [
        Circle(
            group.id,
            group.x * scale,
            -group.y * scale,
            max(SMALLEST, LARGEST * math.sqrt(group.size / most)),
            group.size,
        )
        for group in shown.groups
    ]
    circles = _parted(circles)
    left = min(circle.x - circle.radius for circle in circles) - MARGIN
    top = min(circle.y - circle.radius for circle in circles) - MARGIN
    moved = tuple(
        replace(circle, x=round(circle.x - left, 1), y=round(circle.y - top, 1), radius=round(circle.radius, 1))
        for circle in circles
    )
    return Picture(
        width=math.ceil(max(circle.x + circle.radius for circle in moved) + MARGIN),
        height=math.ceil(max(circle.y + circle.radius for circle in moved) + MARGIN),
        circles=moved,
    )


def picture_svg(picture: Picture, *, title: str, names: Mapping[int, str]) -> str:
    """Write the picture as SVG; `names` are what the groups are called."""
    drawn = []
    for number, circle in enumerate(picture.circles):
        colour = COLOURS[number % len(COLOURS)]
        name = html.escape(names.get(circle.group_id, str(circle.group_id)))
        drawn += [
            f'<circle cx="{circle.x:g}" cy="{circle.y:g}" r="{circle.radius:g}" fill="{colour}"/>',
            f'<text x="{circle.x:g}" y="{circle.y - 3:g}" font-size="15">{name}</text>',
            f'<text x="{circle.x:g}" y="{circle.y + 16:g}" font-size="14">{circle.size}</text>',
        ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width:g} {picture.height:g}" role="img"'
        ' aria-labelledby="opinion-groups" font-family="sans-serif" fill="#ffffff" text-anchor="middle">'
    )
    return "\n".join([head, f'<title id="opinion-groups">{html.escape(title)}</title>', *drawn, "</svg>", ""])


def _parted(circles: list[Circle]) -> list[Circle]:
    """Push circles that overlap apart, along the line between them."""
    for _ in range(ROUNDS):
        is_still = True
        for one in range(len(circles)):
            for other in range(one + 1, len(circles)):
                a, b = circles[one], circles[other]
                across, down = b.x - a.x, b.y - a.y
                distance = math.hypot(across, down)
                short = a.radius + b.radius + MARGIN - distance
                if short <= 0.1:
                    continue
                is_still = False
                # circles on one spot part sideways
                right, below = (across / distance, down / distance) if distance > 0 else (1.0, 0.0)
                circles[one] = replace(a, x=a.x - right * short / 2, y=a.y - below * short / 2)
                circles[other] = replace(b, x=b.x + right * short / 2, y=b.y + below * short / 2)
        if is_still:
            break
    return circles
