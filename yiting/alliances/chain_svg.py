"""The chain drawn as SVG: boxes in layers, an arrow from who gives to who receives."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiting.alliances.models import Relation
from yiting.methods.chains import Drawing, Edge

BOX: Final = (136, 46)
LINE_LETTERS: Final = 9
# Space around the drawing for strokes and arrow heads.
MARGIN: Final = 12
Point = tuple[float, float]


def draw_chain(
    drawing: Drawing, names: Mapping[str, str], *, marked: frozenset[tuple[str, str]] = frozenset()
) -> SafeString:
    """Draw a layout with the names of its units; the pairs in `marked` are the way asked for."""
    middles = {node.unit: (float(node.x), float(node.y)) for node in drawing.nodes}
    # a line may bend around boxes, beside them all; between its points it never leaves their span
    bends = [float(x) for edge in drawing.edges for x, _y in edge.points]
    left = min([x - BOX[0] / 2 for x, _y in middles.values()] + bends, default=0) - MARGIN
    right = max([x + BOX[0] / 2 for x, _y in middles.values()] + bends, default=0) + MARGIN
    top = min((y for _x, y in middles.values()), default=0) - BOX[1] / 2 - MARGIN
    bottom = max((y for _x, y in middles.values()), default=0) + BOX[1] / 2 + MARGIN
    edges = format_html_join("", "{}", ((_edge(edge, names, marked),) for edge in drawing.edges))
    boxes = format_html_join("", "{}", ((_box(middles[unit], names[unit]),) for unit in middles))
    size = (round(right - left), round(bottom - top))
    return format_html(
        '<svg class="chain" viewBox="{} {} {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<defs><marker id="chain-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10Z"/></marker></defs>{}{}</svg>',
        round(left),
        round(top),
        *size,
        *size,
        _("The chain as a picture; the table below says the same."),
        edges,
        boxes,
    )


def _edge(edge: Edge, names: Mapping[str, str], marked: frozenset[tuple[str, str]]) -> SafeString:
    points = [(float(x), float(y)) for x, y in edge.points]
    points[0] = _rim(points[0], points[1])
    points[-1] = _rim(points[-1], points[-2])
    relation = edge.relation
    label = _("%(upstream)s gives %(downstream)s: %(kind)s") % {
        "upstream": names[relation.source],
        "downstream": names[relation.target],
        "kind": Relation.Kind(relation.kind).label,
    }
    return format_html(
        '<path class="edge {}{}" d="{}" marker-end="url(#chain-head)"><title>{}</title></path>',
        relation.kind,
        " marked" if (relation.source, relation.target) in marked else "",
        _curve(points),
        label,
    )


def _curve(points: list[Point]) -> str:
    """A path through the points that leaves and enters the boxes upright."""
    said = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (to_y - y) / 2
        said += f"C{x:g} {y + half:g} {to_x:g} {to_y - half:g} {to_x:g} {to_y:g}"
    return said


def _rim(middle: Point, towards: Point) -> Point:
    """Where the line leaves the box: at its lower or upper side, or beside it when the other stands level."""
    x, y = middle
    if towards[1] == y:
        return x + (BOX[0] / 2 if towards[0] > x else -BOX[0] / 2), y
    return x, y + (BOX[1] / 2 if towards[1] > y else -BOX[1] / 2)


def _box(middle: Point, name: str) -> SafeString:
    x, y = middle
    lines = [name[:LINE_LETTERS], name[LINE_LETTERS:]] if len(name) > LINE_LETTERS else [name]
    if len(lines[-1]) > LINE_LETTERS:
        lines[-1] = lines[-1][: LINE_LETTERS - 1] + "…"
    first = y + 5 - 9 * (len(lines) - 1)
    texts = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((f"{x:g}", f"{first + 18 * n:g}", line) for n, line in enumerate(lines))
    )
    return format_html(
        '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="8"/><text>{}</text></g>',
        name,
        f"{x - BOX[0] / 2:g}",
        f"{y - BOX[1] / 2:g}",
        *BOX,
        texts,
    )
