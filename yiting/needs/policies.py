"""May I? Pure questions about needs; a no is always told as 'not there'."""

from __future__ import annotations

from dataclasses import dataclass, field

from yiting.people.actors import RESIDENT, Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: the actor, the voices that are theirs, and the receipts shown in this session."""

    by: Actor = RESIDENT
    person_ids: frozenset[int] = field(default_factory=frozenset)
    receipts: tuple[str, ...] = ()


def can_see_need(*, is_public: bool, works_there: bool, asked: bool) -> bool:
    """Once staff have sorted it a need is public; before, it is for those who asked or handle it."""
    return is_public or works_there or asked
