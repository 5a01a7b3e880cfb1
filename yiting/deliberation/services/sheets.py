"""Voting on paper: sheets are printed with a number, entered by two people, and counted where both read the same.

A line counts once two people read the same mark there; until all lines do, the sheet is entered again. Whoever enters
it again replaces what they read before, so that one person alone makes no vote.
What is locked is the row of the topic, as for every vote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from yiting.deliberation.codes import fresh_code
from yiting.deliberation.errors import (
    MarksUnfit,
    NotAllowed,
    NothingToPrint,
    NumberUnfit,
    SheetCounted,
    SheetMissing,
    TopicClosed,
)
from yiting.deliberation.marks import Mark, Reading, read_passes
from yiting.deliberation.models import Sheet, SheetEntry, Statement, Topic, VoteValue
from yiting.deliberation.services.analysing import analyse_later
from yiting.deliberation.services.topics import take_topic
from yiting.deliberation.services.votes import participant_of, put_vote, require_voting
from yiting.deliberation.states import VOTING
from yiting.ledger.services import entry_append
from yiting.people.actors import Actor

SHEETS_MOST = 200
LINES_MOST = 12
SERIAL = 8


@transaction.atomic
def sheets_print(*, by: Actor, topic: Topic, number: int, at: datetime) -> list[Sheet]:
    """Make so many sheets, each with its own number. They carry the statements with the fewest votes, in order."""
    held = take_topic(by=by, topic=topic)
    if held.state not in (*VOTING, Topic.State.DRAFT):
        raise TopicClosed
    if not 1 <= number <= SHEETS_MOST:
        raise NumberUnfit(what=_("Number of sheets"), least=1, most=SHEETS_MOST)
    shown = Statement.objects.filter(topic=held, state=Statement.State.SHOWN)
    fewest = shown.annotate(cast=Count("votes")).order_by("cast", "number")[:LINES_MOST]
    lines = sorted(one.number for one in fewest)
    if not lines:
        raise NothingToPrint
    sheets = Sheet.objects.bulk_create(
        Sheet(topic=held, serial=fresh_code(SERIAL), lines=lines, printed_at=at) for _n in range(number)
    )
    is_public = held.state != Topic.State.DRAFT
    entry_append(kind="deliberation.sheets.printed", obj=held, by=by, at=at, facts={"number": number}, public=is_public)
    return sheets


@transaction.atomic
def sheet_enter(*, by: Actor, sheet: Sheet, marks: Sequence[Mark], at: datetime) -> Sheet:
    """Enter what stands on a sheet, line by line; None is a line without a mark. Locks the topic."""
    held = take_topic(by=by, topic=sheet.topic)
    paper = Sheet.objects.filter(pk=sheet.pk, topic=held).first()
    if paper is None:
        raise SheetMissing
    if paper.state == Sheet.State.COUNTED:
        raise SheetCounted
    require_voting(held, at=at)
    if len(marks) != len(paper.lines) or any(mark is not None and mark not in VoteValue.values for mark in marks):
        raise MarksUnfit
    if by.account_id is None:
        raise NotAllowed(_("Each entry is somebody's own: sign in with your account."))
    passes = list(paper.entries.order_by("turn").values_list("marks", flat=True))
    settled = read_passes(passes).settled  # counted already: nobody reads these lines again
    kept = [settled.get(line, mark) for line, mark in enumerate(marks)]
    said = {"marks": kept, "role": by.role_label_at(held.place_path), "at": at}
    SheetEntry.objects.update_or_create(
        sheet=paper, account_id=by.account_id, defaults=said, create_defaults=said | {"turn": len(passes) + 1}
    )
    passes = list(paper.entries.order_by("turn").values_list("marks", flat=True))
    reading = read_passes(passes)
    _count_lines(held, paper, reading, at=at)
    if not reading.open:
        paper.state = Sheet.State.COUNTED
        entry_append(kind="deliberation.sheet.counted", obj=held, by=by, at=at)
    else:
        paper.state = Sheet.State.ENTERED if len(passes) == 1 else Sheet.State.DIFFERENT
    paper.save(update_fields=["state", "participant"])
    return paper


def _count_lines(held: Topic, paper: Sheet, reading: Reading, *, at: datetime) -> None:
    """Write the settled marks as votes, also on what is held back now: they count once it is shown again."""
    marked = {paper.lines[line]: mark for line, mark in reading.settled.items() if mark is not None}
    statements = list(Statement.objects.filter(topic=held, number__in=marked).order_by("number"))
    if not statements:
        return
    if paper.participant is None:
        paper.participant = participant_of(held, None, at=at)
    before = paper.participant.events.count()
    for one in statements:
        mark = marked[one.number]
        assert mark is not None, "only marked lines are counted"
        put_vote(paper.participant, one, mark, printed=True, at=at)
    analyse_later(held, added=paper.participant.events.count() - before)
