"""The category tree: an office replaces it with its own list of names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction

from yiting.methods.texts import DEFAULT_TREE
from yiting.needs.errors import TreeUnreadable
from yiting.needs.models import Category, ReturnReason

SEPARATOR = " › "
LEVELS = ("level1", "level2", "level3")


def read_tree(path: Path | None = None) -> list[tuple[str, ...]]:
    """Return the paths of a CSV file with level1, level2, level3, or of the tree that comes with the program.

    Raises TreeUnreadable for a file of another kind, or without a single name.
    """
    if path is None:
        return list(DEFAULT_TREE)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[(row[level] or "").strip() for level in LEVELS] for row in csv.DictReader(file)]
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise TreeUnreadable(name=path.name) from error
    paths = [tuple(filter(None, row)) for row in rows if row[0]]
    if not paths:
        raise TreeUnreadable(name=path.name)
    return paths


@transaction.atomic
def categories_load(*, paths: Iterable[Sequence[str]]) -> int:
    """Add the missing names of a tree and retire those no longer in it; return how many were added.

    A retired category stays with the needs that carry it and is offered no more.
    """
    known = {category.full_name: category for category in Category.objects.all()}
    wanted: set[str] = set()
    added = 0
    for path in paths:
        parent: Category | None = None
        for level, name in enumerate(path, start=1):
            full_name = SEPARATOR.join(path[:level])
            wanted.add(full_name)
            if full_name not in known:
                known[full_name] = Category.objects.create(name=name, parent=parent, level=level, full_name=full_name)
                added += 1
            parent = known[full_name]
    Category.objects.exclude(full_name__in=wanted).update(active=False)
    Category.objects.filter(full_name__in=wanted).update(active=True)
    return added


def reasons_load() -> int:
    """Add the published reasons for a return that come with the program; return how many were added."""
    added = 0
    for position, (code, name, explanation, excluded) in enumerate(DEFAULT_REASONS):
        _reason, created = ReturnReason.objects.get_or_create(
            code=code,
            defaults={"name": name, "explanation": explanation, "excluded": excluded, "position": position},
        )
        added += created
    return added


# Data an office may rename: the names are stored, not translated.
DEFAULT_REASONS = (
    ("not-ours", "不归我们管", "这件事由别的单位负责。我们会写明该找谁，并转过去。", True),
    ("no-power", "没有这个权限", "街道和社区没有办这件事的权限，需要上级决定。", True),
    ("no-money", "今年没有这笔钱", "今年的预算里没有这一项，会放进明年的候选。", True),
    ("answered", "已经答复过", "同一件事已经答复过，情况没有变化。", False),
    ("unlawful", "不符合法律规定", "照这个要求办会违反法律法规，我们写明是哪一条。", True),
)
