"""The whole texts that the ledger holds digests of: minutes, resolutions, versions of a convention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yiting.deliberation.models import ConventionVersion, Minutes, Point, Resolution


def minutes_words(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What stands in minutes, as one text each. Three queries."""
    rows = Minutes.objects.filter(pk__in=ids).prefetch_related("points__said")
    return {str(row.pk): {"minutes": "\n".join(_lines(row))} for row in rows}


def resolution_words(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """The text of resolutions. One query."""
    return {str(pk): {"text": text} for pk, text in Resolution.objects.filter(pk__in=ids).values_list("pk", "text")}


def convention_words(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """The articles of versions of conventions, as one text each. Two queries."""
    rows = ConventionVersion.objects.filter(pk__in=ids).prefetch_related("articles")
    return {
        str(row.pk): {
            "articles": "\n".join(
                f"{one.number}\t{one.heading}\t{one.text}"
                for one in sorted(row.articles.all(), key=lambda one: one.number)
            )
        }
        for row in rows
    }


def _lines(minutes: Minutes) -> list[str]:
    lines = []
    for point in sorted(minutes.points.all(), key=lambda one: one.position):
        lines.append(_point_line(point))
        lines += [f"{one.role}\t{one.text}" for one in sorted(point.said.all(), key=lambda one: one.position)]
        lines += [point.decision, point.dissent]
    return lines


def _point_line(point: Point) -> str:
    votes = (point.votes_for, point.votes_against, point.abstained)
    return "\t".join([str(point.position), point.title, *("" if one is None else str(one) for one in votes)])
