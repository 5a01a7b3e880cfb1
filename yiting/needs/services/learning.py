"""What category a text seems to be of, learned from what staff have decided so far."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.db.models import Max, QuerySet
from django.utils.timezone import localdate

from yiting.methods.texts.categories import (
    CategoryModel,
    CategorySuggestion,
    Classifier,
    NotSure,
    categories_train,
    classifier_fit,
)
from yiting.needs.models import Category, ServiceRequest, Suggestion
from yiting.needs.services.categories import SEPARATOR
from yiting.places import clock

LESSONS = 5_000
"""The newest decided requests that are learned from: some seconds of work for the worker."""
ENOUGH = 2_000
"""From so many on everything is learned from them; before, a lexicon helped by them is right more often."""
_GROWN = 1.1


def category_guess(words: str) -> CategorySuggestion | None:
    """Return the likeliest category with the words that speak for it; None when it cannot be told surely enough."""
    reader = _reader()
    if isinstance(reader, Classifier):
        return next(iter(reader.suggest(words, k=1)), None)
    (answer,) = reader.classify([words])
    if isinstance(answer, NotSure):
        return None
    return replace(answer, because=tuple(word for word, _ in reader.explain(words, answer.path)))


def _reader() -> Classifier | CategoryModel:
    """The reader over today's tree and decisions.

    While decisions are few, each is learned from at once; later once a day, corrections included, and when they have
    grown by a tenth.
    """
    tree = Category.objects.aggregate(last=Max("id"))["last"]
    lessons = _decided().count()
    if lessons >= ENOUGH:
        return _taught_by_lessons(tree, localdate(clock.now()), math.floor(math.log(lessons, _GROWN)))
    decided = Suggestion.objects.filter(kind=Suggestion.Kind.CATEGORY).exclude(answer=Suggestion.Answer.OPEN)
    return _taught(tree, decided.aggregate(at=Max("answered_at"))["at"], lessons)


@lru_cache(maxsize=1)
def _taught(_tree: int | None, _latest: object, _lessons: int) -> Classifier:
    names = Category.objects.filter(active=True).order_by("id").values_list("full_name", flat=True)
    texts, paths = _lessons_read()
    return classifier_fit(list(zip(texts, paths, strict=True)), [tuple(name.split(SEPARATOR)) for name in names])


@lru_cache(maxsize=1)
def _taught_by_lessons(_tree: int | None, _day: date, _size: int) -> CategoryModel:
    texts, paths = _lessons_read()
    return categories_train(texts, paths)


def _lessons_read() -> tuple[list[str], list[tuple[str, ...]]]:
    rows = list(_decided().order_by("-id").values_list("title", "text", "need__root__category__full_name")[:LESSONS])
    return [f"{title}\n{text}" for title, text, _ in rows], [tuple(name.split(SEPARATOR)) for _, _, name in rows]


def _decided() -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.filter(
        need__root__category__active=True, need__root__is_public=True, erased_at__isnull=True
    )
