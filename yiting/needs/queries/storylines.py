"""What happened to a need, told from the ledger: the timeline of a page is the ledger and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import ngettext

from yiting.ledger.queries import TimelineRow, verb_sentence
from yiting.needs.models import State
from yiting.needs.queries.ways import STEP_OF
from yiting.needs.queries.wording import role_words, shown_words

TOLD_ONE_BY_ONE = 2
# The need that was merged into another tells the same thing as the one that took it in.
TOLD_BY_THE_OTHER = frozenset({"needs.need.merged"})


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One line of a timeline, as `_timeline.html` shows it."""

    sentence: str
    at: datetime
    role: str
    note: str = ""
    index: int | None = None
    waiting: bool = False


def story(entries: Iterable[TimelineRow], *, root_id: int, waiting_since: datetime | None) -> tuple[StoryRow, ...]:
    """Tell the entries in their order; many of one kind in a row are told once, with their number."""
    told = [entry for entry in entries if entry.kind not in TOLD_BY_THE_OTHER or entry.object_id == str(root_id)]
    rows: list[StoryRow] = []
    for kind, run in groupby(told, key=lambda entry: entry.kind):
        alike = list(run)
        if len(alike) > TOLD_ONE_BY_ONE:
            rows.append(_told_together(alike))
            continue
        waits = kind == "needs.clock.stopped" and waiting_since is not None
        rows += [_told(entry, waiting=waits and entry.at == waiting_since) for entry in alike]
    return tuple(rows)


def reached(entries: Sequence[TimelineRow], root_id: int) -> dict[State, datetime]:
    """When the standing need last reached each step, as far as the ledger tells."""
    return {STEP_OF[e.kind]: e.at for e in entries if e.kind in STEP_OF and e.object_id == str(root_id)}


def _told(entry: TimelineRow, *, waiting: bool) -> StoryRow:
    return StoryRow(
        sentence=shown_words(verb_sentence(entry)),
        at=entry.at,
        role=role_words(entry.role),
        index=entry.index,
        waiting=waiting,
    )


def _told_together(alike: Sequence[TimelineRow]) -> StoryRow:
    last = alike[-1]
    more = len(alike) - 1
    return StoryRow(
        sentence=shown_words(verb_sentence(last)),
        at=last.at,
        role=role_words(last.role),
        note=ngettext("and %(count)s more like this before", "and %(count)s more like this before", more)
        % {"count": more},
        index=last.index,
    )
