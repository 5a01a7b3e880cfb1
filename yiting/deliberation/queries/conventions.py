"""Conventions: the text in force, its history, and what differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery

from yiting.deliberation.codes import read_code
from yiting.deliberation.differing import Piece, pieces
from yiting.deliberation.errors import ConventionMissing
from yiting.deliberation.models import Article, Convention, ConventionVersion, Resolution
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.people.queries.roles import path_under
from yiting.places.queries import full_names, short_name

LISTED = 200
ADDED, REMOVED, CHANGED, UNCHANGED = "added", "removed", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class ConventionCard:
    """A convention in a list."""

    code: str
    title: str
    place_name: str
    version: int
    in_force_on: date | None


@dataclass(frozen=True, slots=True)
class ArticleChanged:
    """An article beside what it was."""

    number: int
    kind: str
    heading: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class ConventionPage:
    """The text that is shown, whether it is the one in force, and all versions, the newest first."""

    convention: Convention
    place_names: str
    shown: ConventionVersion
    articles: list[Article]
    in_force: ConventionVersion | None
    versions: list[ConventionVersion]
    rows: list[TimelineRow]

    @property
    def is_in_force(self) -> bool:
        """Whether the text that is shown holds today."""
        return self.in_force is not None and self.in_force.pk == self.shown.pk

    @property
    def is_ahead(self) -> bool:
        """Whether the text that is shown is still to come into force."""
        return self.in_force is None or self.shown.number > self.in_force.number


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says otherwise than an older one."""

    convention: Convention
    old: ConventionVersion
    new: ConventionVersion
    articles: list[ArticleChanged]

    @property
    def changed(self) -> int:
        """How many articles differ."""
        return sum(one.kind != UNCHANGED for one in self.articles)


def list_conventions(*, by: Actor | None = None) -> list[ConventionCard]:
    """All conventions, or those of the actor's places, by place. One query."""
    last = ConventionVersion.objects.filter(convention=OuterRef("pk")).order_by("-number")
    found = Convention.objects.all() if by is None else Convention.objects.filter(_under(by))
    rows = found.select_related("place__parent").annotate(
        last_number=Subquery(last.values("number")[:1]), last_on=Subquery(last.values("in_force_on")[:1])
    )
    return [
        ConventionCard(row.code, row.title, short_name(row.place), row.last_number or 0, row.last_on)
        for row in rows.order_by("place_path", "title", "pk")[:LISTED]
    ]


def find_convention(code: str) -> Convention:
    """The convention behind a code, as typed. One query."""
    found = Convention.objects.select_related("place__parent").filter(code=read_code(code)[:16]).first()
    if found is None:
        raise ConventionMissing
    return found


def get_convention_page(code: str, *, version: int | None = None, at: datetime) -> ConventionPage:
    """The text in force, or the version asked for. A fixed number of queries."""
    convention = find_convention(code)
    versions = list_versions(convention)
    today = local_day(at)
    in_force = next((one for one in versions if one.in_force_on <= today), None)
    wanted = next((one for one in versions if one.number == version), None)
    if version is not None and wanted is None:
        raise ConventionMissing
    shown = wanted or in_force or versions[0]
    rows = list_entries("deliberation.conventionversion", [one.pk for one in versions], public_only=True)
    return ConventionPage(
        convention=convention,
        place_names=full_names([convention.place])[convention.place_id],
        shown=shown,
        articles=list_articles(shown),
        in_force=in_force,
        versions=versions,
        rows=rows,
    )


def get_difference(code: str, *, old: int, new: int) -> Difference:
    """What version `new` says otherwise than version `old`. Four queries."""
    convention = find_convention(code)
    versions = {one.number: one for one in list_versions(convention)}
    if old not in versions or new not in versions:
        raise ConventionMissing
    before = {one.number: one for one in list_articles(versions[old])}
    after = {one.number: one for one in list_articles(versions[new])}
    return Difference(
        convention=convention,
        old=versions[old],
        new=versions[new],
        articles=[_changed(n, before.get(n), after.get(n)) for n in sorted(before.keys() | after.keys())],
    )


def list_versions(convention: Convention) -> list[ConventionVersion]:
    """All versions, the newest first. One query."""
    found = ConventionVersion.objects.filter(convention=convention).select_related("resolution")
    return list(found.order_by("-number"))


def list_articles(version: ConventionVersion) -> list[Article]:
    """The articles of a version, in order. One query."""
    return list(Article.objects.filter(version=version).order_by("number"))


def get_bench_convention(code: str, by: Actor) -> Convention:
    """A convention of the actor's places; another is not there. One query."""
    found = find_convention(code)
    if not by.works_at(found.place_path):
        raise ConventionMissing
    return found


def list_resolutions_for(convention: Convention) -> list[Resolution]:
    """Resolutions that could amend it: of its place or around it, not used yet, the newest first. One query."""
    around = Q(pk__in=[])
    path = ""
    for part in convention.place_path.strip("/").split("/"):
        path += f"/{part}"
        around |= Q(place_path=f"{path}/")
    used = ConventionVersion.objects.filter(convention=convention).values("resolution")
    return list(Resolution.objects.filter(around).exclude(pk__in=used).order_by("-decided_on", "-pk")[:LISTED])


def _under(by: Actor) -> Q:
    return path_under("place_path", by.work_paths)


def _changed(number: int, old: Article | None, new: Article | None) -> ArticleChanged:
    before, after = _text(old), _text(new)
    if old is None:
        kind = ADDED
    elif new is None:
        kind = REMOVED
    else:
        kind = UNCHANGED if before == after else CHANGED
    heading = (new or old).heading if new or old else ""  # type: ignore[union-attr]  # one of the two is there
    return ArticleChanged(number, kind, heading, pieces(before, after))


def _text(article: Article | None) -> str:
    if article is None:
        return ""
    return f"{article.heading}\n{article.text}" if article.heading else article.text
