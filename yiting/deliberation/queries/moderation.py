"""Decisions about statements: the public log, and for those who decide what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiting.deliberation.models import Moderation, Statement, Topic
from yiting.deliberation.queries.alike import AlikeStatement, nearest_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision as anybody may read it; the words of what is not shown are not told."""

    number: int
    text: str
    decision: str
    reason: str
    role: str
    same_as: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement with those it is like and the last decision about it, for those who decide."""

    statement: Statement
    alike: list[AlikeStatement]
    last: Moderation | None


def list_log(topic: Topic, *, page: int = 1, size: int = PAGE) -> tuple[list[LogRow], bool]:
    """The public log of a topic, the newest first, and whether more follows. One query."""
    found = Moderation.objects.filter(statement__topic=topic).select_related("statement__same_as").order_by("-pk")
    skip = (max(page, 1) - 1) * size
    rows = list(found[skip : skip + size + 1])
    return [_log_row(row) for row in rows[:size]], len(rows) > size


def list_judged(topic: Topic) -> list[Judged]:
    """All statements of a topic, those held back first, then the newest. Two queries."""
    found = list(Statement.objects.filter(topic=topic).select_related("same_as").order_by("-number"))
    last: dict[int, Moderation] = {}
    for one in Moderation.objects.filter(statement__topic=topic).order_by("pk"):
        last[one.statement_id] = one
    shown = [one for one in found if one.state == Statement.State.SHOWN]
    found.sort(key=lambda one: (one.state != Statement.State.HELD, -one.number))
    alike = nearest_of(shown, {one.pk: one.text for one in found})
    return [Judged(one, alike[one.pk], last.get(one.pk)) for one in found]


def _log_row(row: Moderation) -> LogRow:
    said = row.statement
    return LogRow(
        number=said.number,
        text=said.text if said.state == Statement.State.SHOWN else "",
        decision=str(row.get_decision_display()),
        reason=row.reason,
        role=row.role,
        same_as=said.same_as.number if said.same_as is not None else None,
        at=row.at,
    )
