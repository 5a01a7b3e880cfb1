"""How many said it: by person and by household. One caller forty times is one voice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Max, Min

from yiting.needs.models import Need, ServiceRequest, Support


def recount(roots: Iterable[int]) -> None:
    """Bring the counts of these standing needs up to date, in four statements however many there are."""
    ids = sorted(set(roots))
    if not ids:
        return
    people: dict[int, set[int]] = defaultdict(set)
    households: dict[int, set[tuple[str, int]]] = defaultdict(set)
    asked = ServiceRequest.objects.filter(need__root__in=ids)
    joined = Support.objects.filter(need__root__in=ids, withdrawn_at__isnull=True)
    for rows in (asked, joined):
        for root, person, household in rows.values_list("need__root_id", "person_id", "person__household_id"):
            assert root is not None
            people[root].add(person)
            # somebody whose household is not known is counted as one of their own
            households[root].add(("person", person) if household is None else ("household", household))
    spans = {
        row["need__root"]: row
        for row in asked.order_by().values("need__root").annotate(n=Count("id"), first=Min("filed_at"), last=Max("filed_at"))
    }
    needs = list(Need.objects.filter(pk__in=ids))
    for need in needs:
        need.people_count = len(people[need.pk])
        need.household_count = len(households[need.pk])
        span = spans.get(need.pk)
        need.request_count = span["n"] if span else 0
        if span:
            need.first_at, need.last_at = span["first"], max(span["last"], need.last_at)
    Need.objects.bulk_update(needs, ["people_count", "household_count", "request_count", "first_at", "last_at"])
