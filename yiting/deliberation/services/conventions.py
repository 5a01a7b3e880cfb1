"""The conventions of estates and communities: each version comes from a resolution, and none is overwritten.

What is scarce: the next number of a version. What is locked: the row of the convention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import (
    AmendedAlready,
    AmendmentUnfit,
    ChangedMeanwhile,
    ConventionKnown,
    ConventionMissing,
    MeetingElsewhere,
    NumberUnfit,
    ResolutionMissing,
)
from yiting.deliberation.models import Article, Convention, ConventionVersion, Resolution
from yiting.deliberation.queries.words import convention_words
from yiting.deliberation.services.wordings import public_words
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

TITLE_LIMIT, HEADING_LIMIT, TEXT_LIMIT, ARTICLES_LIMIT = 120, 60, 2_000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChange:
    """How one article is to read: a number that stands, or None for a new one; `text` None strikes it out."""

    number: int | None = None
    heading: str = ""
    text: str | None = None


@transaction.atomic
def convention_make(
    *,
    by: Actor,
    resolution: Resolution,
    title: str,
    articles: Sequence[ArticleChange],
    in_force_on: date | None = None,
    at: datetime,
) -> Convention:
    """Write down the first text of a convention, for the place of the resolution that it comes from."""
    if not by.works_at(resolution.place_path):
        raise ResolutionMissing
    name = public_words(title, what=_("Title"), limit=TITLE_LIMIT, required=True)
    convention, is_new = Convention.objects.get_or_create(
        place_id=resolution.place_id,
        title=name,
        defaults={"code": fresh_code(8), "place_path": resolution.place_path, "made_at": at},
    )
    if not is_new:
        raise ConventionKnown
    _write(convention, resolution, {}, articles, in_force_on=in_force_on, by=by, at=at)
    return convention


@transaction.atomic
def convention_amend(
    *,
    by: Actor,
    convention: Convention,
    resolution: Resolution,
    changes: Sequence[ArticleChange],
    seen: int | None = None,
    in_force_on: date | None = None,
    at: datetime,
) -> ConventionVersion:
    """Change articles by a resolution of the place or of one around it; the whole text becomes a new version.

    `seen` is the version whose text was changed: refused when another has come since, which would be undone. Locks
    the convention. An article keeps its number for good; the number of one struck out is not given again.
    """
    held = Convention.objects.select_for_update().filter(pk=convention.pk).first()
    if held is None or not by.works_at(held.place_path):
        raise ConventionMissing
    if not held.place_path.startswith(resolution.place_path):
        raise MeetingElsewhere(what=resolution.title)
    if held.versions.filter(resolution=resolution).exists():
        raise AmendedAlready
    last = held.versions.order_by("-number").first()
    if seen is not None and (last is None or last.number != seen):
        raise ChangedMeanwhile
    standing = {one.number: one for one in last.articles.all()} if last is not None else {}
    return _write(held, resolution, standing, changes, in_force_on=in_force_on, by=by, at=at)


def _write(
    convention: Convention,
    resolution: Resolution,
    standing: dict[int, Article],
    changes: Sequence[ArticleChange],
    *,
    in_force_on: date | None,
    by: Actor,
    at: datetime,
) -> ConventionVersion:
    before = {number: (one.heading, one.text) for number, one in standing.items()}
    after = _amended(before, changes, used=_highest(convention))
    touched = sorted(number for number in before.keys() | after.keys() if before.get(number) != after.get(number))
    if not touched or not after:
        raise AmendmentUnfit
    if len(after) > ARTICLES_LIMIT:
        raise NumberUnfit(what=_("Articles"), least=1, most=ARTICLES_LIMIT)
    version = ConventionVersion.objects.create(
        convention=convention,
        number=convention.versions.count() + 1,
        resolution=resolution,
        in_force_on=in_force_on or resolution.decided_on,
        made_at=at,
    )
    Article.objects.bulk_create(
        Article(version=version, number=number, heading=heading, text=text)
        for number, (heading, text) in sorted(after.items())
    )
    entry_append(
        kind="deliberation.convention.amended" if before else "deliberation.convention.made",
        obj=version,
        by=by,
        at=at,
        facts={
            "title": convention.title,
            "version": version.number,
            "resolution": resolution.code,
            "articles": touched,
            "in_force_on": version.in_force_on.isoformat(),
        },
        words=convention_words([str(version.pk)])[str(version.pk)],
    )
    return version


def _amended(
    before: dict[int, tuple[str, str]], changes: Sequence[ArticleChange], *, used: int
) -> dict[int, tuple[str, str]]:
    after = dict(before)
    named = [change.number for change in changes if change.number is not None]
    if len(named) != len(set(named)) or not set(named) <= before.keys():
        raise AmendmentUnfit
    for change in changes:
        if change.text is None:
            if change.number is None:
                raise AmendmentUnfit
            del after[change.number]
            continue
        if change.number is None:
            used += 1
        heading = public_words(change.heading, what=_("Heading"), limit=HEADING_LIMIT)
        text = public_words(change.text, what=_("Article"), limit=TEXT_LIMIT, required=True)
        after[used if change.number is None else change.number] = (heading, text)
    return after


def _highest(convention: Convention) -> int:
    """The highest number that an article of any version ever had."""
    return int(Article.objects.filter(version__convention=convention).aggregate(top=Max("number"))["top"] or 0)
