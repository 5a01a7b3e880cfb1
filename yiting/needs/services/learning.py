"""The reader of categories, taught by what staff have decided so far."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Max

from yiting.methods.texts import Classifier, classifier_fit
from yiting.needs.models import Category, ServiceRequest, Suggestion
from yiting.needs.services.categories import SEPARATOR

LESSONS = 5_000


def category_reader() -> Classifier:
    """Return the classifier over today's tree and decisions; it is built anew only when those change."""
    newest = Suggestion.objects.filter(kind=Suggestion.Kind.CATEGORY).exclude(answer=Suggestion.Answer.OPEN)
    latest = newest.aggregate(at=Max("answered_at"))["at"]
    tree = Category.objects.aggregate(last=Max("id"))["last"]
    return _taught(tree, latest)


@lru_cache(maxsize=1)
def _taught(_tree: int | None, _latest: object) -> Classifier:
    names = Category.objects.filter(active=True).order_by("id").values_list("full_name", flat=True)
    paths = [tuple(name.split(SEPARATOR)) for name in names]
    decided = (
        ServiceRequest.objects.filter(
            need__root__category__isnull=False, need__root__is_public=True, erased_at__isnull=True
        )
        .order_by("-id")
        .values_list("title", "text", "need__root__category__full_name")[:LESSONS]
    )
    return classifier_fit([(f"{title}\n{text}", tuple(name.split(SEPARATOR))) for title, text, name in decided], paths)
