"""Paper: ballots are printed with a number, entered by two different people, and counted where both read the same.

A worker who reads something else is shown where; either looks again and enters anew, or a third reads it. As soon as
two readings agree the marks go into the box, the readings are deleted, and of the number only "counted" stays. That a
paper cannot be counted is a reading, too: nobody sets one aside alone.
"""

from __future__ import annotations

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
from yiting.ballots.marks import Difference, differing
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
        held, paper, reader = _take_paper(by=by, round=round, serial=serial, at=at)
        marks = marks_for(held, pairs, printed=True)
        if not _agrees(paper, reader, marks=marks):
            return _reading(paper)
        _count(held, paper, marks)
    return PaperReading(State.COUNTED)


def paper_spoil(*, by: Actor, round: Round, serial: str, reason: str, at: datetime) -> PaperReading:
    """Say why a paper cannot be counted: nothing or too much is marked, say. Set aside when a second reader agrees."""
    with guarded(round, at=at):
        held, paper, reader = _take_paper(by=by, round=round, serial=serial, at=at)
        said = read_reason(reason, what=_("Reason"))
        if not _agrees(paper, reader, unfit=said):
            return _reading(paper)
        paper.state, paper.reason = State.SPOILED, said
        paper.save(update_fields=["state", "reason"])
        paper.entries.all().delete()
        touch(held, "paper.spoiled", by=by, at=at, facts={"reason": said})
    return PaperReading(State.SPOILED)


def _agrees(paper: Paper, reader: int, *, marks: Marks = (), unfit: str = "") -> bool:
    """Keep what somebody reads, instead of what they read before; does another reader read the same?"""
    written = [list(pair) for pair in marks]
    PaperEntry.objects.update_or_create(paper=paper, account_id=reader, defaults={"marks": written, "unfit": unfit})
    others = paper.entries.exclude(account_id=reader)
    return any(one.marks == written and bool(one.unfit) == bool(unfit) for one in others)


def _reading(paper: Paper) -> PaperReading:
    readings = list(paper.entries.order_by("pk").values_list("marks", flat=True))
    paper.state = State.ENTERED if len(readings) == 1 else State.DIFFERENT
    paper.save(update_fields=["state"])
    return PaperReading(paper.state, differing(readings))


def _count(held: Round, paper: Paper, marks: Marks) -> None:
    handed = RollEntry.objects.filter(round=held, way=RollEntry.Way.PAPER).count()
    if Paper.objects.filter(round=held, state=State.COUNTED).count() >= handed:
        raise MorePapersThanVoters(handed=handed)
    drop_in(held, marks, salt=fresh_salt(), on_paper=True)
    paper.state = State.COUNTED
    paper.save(update_fields=["state"])
    paper.entries.all().delete()


def _take_paper(*, by: Actor, round: Round, serial: str, at: datetime) -> tuple[Round, Paper, int]:
    held = take_counter(by=by, round=round, at=at)
    if held.state != Round.State.VOTING or day_at(at, held.place) < held.opens_on:
        raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())
    if by.account_id is None:
        raise NotAllowed(_("Each reading is somebody's own: sign in with your account."))
    paper = Paper.objects.filter(round=held, serial=read_code(serial)[:SERIAL]).first()
    if paper is None:
        raise PaperMissing
    if paper.state in (State.COUNTED, State.SPOILED):
        raise PaperUsed(serial=serial)
    return held, paper, by.account_id
