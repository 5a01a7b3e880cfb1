"""Picking a page of needs: first the keys, inside an index, then the rows of those keys alone.

One query with its joins would let the database read every need before it orders them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from yiting.needs.models import Category, Need


def keys_of(found: QuerySet[Need], limit: int) -> list[int]:
    """Return the keys of the first needs of an ordered query. One query."""
    return list(found.values_list("pk", flat=True)[:limit])


def in_order(keys: Sequence[int], rows: QuerySet[Need]) -> list[Need]:
    """Return the needs of these keys, as `rows` loads them, in the order of the keys. One query."""
    loaded = rows.in_bulk(list(keys))
    return [loaded[key] for key in keys if key in loaded]


def keys_below(category: Category) -> list[int]:
    """Return the keys of a category and of all that stand under it. One query."""
    under = Category.objects.filter(full_name__startswith=f"{category.full_name} › ")
    return [category.pk, *under.values_list("pk", flat=True)]
