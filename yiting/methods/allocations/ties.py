"""Published orders that break ties: the one that stands earlier wins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from yiting.methods.allocations.errors import AllocationInvalid


def drawn_order(projects: Iterable[str], *, seed: str) -> tuple[str, ...]:
    """Order projects by the SHA-256 of a public seed, a line feed and the id; anybody can do it again."""
    return tuple(sorted(projects, key=lambda name: (hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest(), name)))


def order_checked(projects: Sequence[str], order: Sequence[str] | None) -> tuple[str, ...]:
    """Take the ids as texts where no order was published; refuse one that is not of the same projects."""
    if order is None:
        return tuple(sorted(projects))
    if sorted(order) != sorted(projects):
        raise AllocationInvalid("order", "it must name each project once")
    return tuple(order)
