"""Paper: ballots are printed with a number, entered by two different people, and counted where both read the same.

A worker who reads something else is shown where; either looks again and enters anew, or a third reads it. As soon as
two readings agree the marks go into the box, the readings are deleted, and of the number only "counted" stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiting.activities.queries import fresh_code, read_code
from yiting.ballots.errors import (
    MorePapersThanVoters,
    NotAllowed,
    NotOpen,
    NumberUnfit,
    PaperMissing,
    PaperUsed,
    StepNotPossible,
)
from yiting.ballots.models import Paper, PaperEntry, RollEntry, Round
from yiting.ballots.receipts import Marks, fresh_salt
from yiting.ballots.services.casting import Pairs, drop_in, marks_for
from yiting.ballots.services.gates import guarded, take_counter, take_round, touch
from yiting.ballots.states import day_at
from yiting.ballots.wording import read_reason
from yiting.people.actors import Actor

PAPERS_MOST = 500
SERIAL = 8
State = Paper.State


@dataclass(frozen=True, slots=True)
class Difference:
    """One candidate that two readers read differently; None is no mark."""

    number: int
    marks: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PaperReading:
    """How a paper stands after a reading, and where the readings differ."""

    state: str
    differences: tuple[Difference, ...] = ()


def papers_print(*, by: Actor, round: Round, number: int, at: datetime) -> list[Paper]:
    """Make so many paper ballots, each with its own number, once the list is public."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state not in (Round.State.PUBLISHED, Round.State.VOTING):
            raise StepNotPossible(state=held.get_state_display(), target=State.PRINTED.label)
        if not 1 <= number <= PAPERS_MOST:
            raise NumberUnfit(what=_("Number of ballots"), least=1, most=PAPERS_MOST)
        papers = Paper.objects.bulk_create(Paper(round=held, serial=fresh_code(SERIAL)) for _n in range(number))
        touch(held, "papers.printed", by=by, at=at, facts={"number": number})
    return papers


def paper_enter(*, by: Actor, round: Round, serial: str, pairs: Pairs, at: datetime) -> PaperReading:
    """Enter what stands on a paper. Papers may be entered after the last day, until voting is closed by hand."""
    with guarded(round, at=at):
        held = take_counter(by=by, round=round, at=at)
        if held.state != Round.State.VOTING or day_at(at, held.place) < held.opens_on:
            raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())
        if by.account_id is None:
            raise NotAllowed(_("Each reading is somebody's own: sign in with your account."))
        paper = _take_paper(held, serial)
        marks = marks_for(held, pairs, printed=True)
        written = [list(pair) for pair in marks]
        PaperEntry.objects.update_or_create(paper=paper, account_id=by.account_id, defaults={"marks": written})
        readings = list(paper.entries.order_by("pk").values_list("marks", flat=True))
        if readings.count(written) >= 2:
            _count(held, paper, marks)
            return PaperReading(State.COUNTED)
        paper.state = State.ENTERED if len(readings) == 1 else State.DIFFERENT
        paper.save(update_fields=["state"])
        return PaperReading(paper.state, differing(readings))


def paper_spoil(*, by: Actor, round: Round, serial: str, reason: str, at: datetime) -> Paper:
    """Set a paper aside that cannot be counted, with the reason: nothing or too much is marked on it, say."""
    with guarded(round, at=at):
        held = take_counter(by=by, round=round, at=at)
        if held.state != Round.State.VOTING:
            raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())
        paper = _take_paper(held, serial)
        paper.state, paper.reason = State.SPOILED, read_reason(reason, what=_("Reason"))
        paper.save(update_fields=["state", "reason"])
        paper.entries.all().delete()
        touch(held, "paper.spoiled", by=by, at=at, facts={"reason": paper.reason})
    return paper


def differing(readings: Sequence[Sequence[Sequence[int]]]) -> tuple[Difference, ...]:
    """Where several readings of one paper differ, candidate by candidate."""
    read = [{int(number): int(mark) for number, mark in marks} for marks in readings]
    numbers = sorted({number for marks in read for number in marks})
    rows = [Difference(number, tuple(marks.get(number) for marks in read)) for number in numbers]
    return tuple(row for row in rows if len(set(row.marks)) > 1)


def _count(held: Round, paper: Paper, marks: Marks) -> None:
    handed = RollEntry.objects.filter(round=held, way=RollEntry.Way.PAPER).count()
    if Paper.objects.filter(round=held, state=State.COUNTED).count() >= handed:
        raise MorePapersThanVoters(handed=handed)
    drop_in(held, marks, salt=fresh_salt(), on_paper=True)
    paper.state = State.COUNTED
    paper.save(update_fields=["state"])
    paper.entries.all().delete()


def _take_paper(held: Round, serial: str) -> Paper:
    paper = Paper.objects.filter(round=held, serial=read_code(serial)[:SERIAL]).first()
    if paper is None:
        raise PaperMissing
    if paper.state in (State.COUNTED, State.SPOILED):
        raise PaperUsed(serial=serial)
    return paper
