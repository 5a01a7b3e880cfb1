"""The voting page: what stands on the ballot, and whether the reader may vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiting.ballots.models import Candidate, Round, VotingPass
from yiting.ballots.queries.roll import has_voted, may_vote, own_voter, pass_digest
from yiting.ballots.queries.rounds import CandidateRow, LimitRow, find_round, list_candidates, list_limits
from yiting.ballots.receipts import Marks
from yiting.ballots.states import is_open
from yiting.people.actors import Actor, Decision


@dataclass(frozen=True, slots=True)
class VotePage:
    """A ballot to be filled in. `part` is None at the shared tablet, where a code says who may vote."""

    round: Round
    is_open: bool
    rows: tuple[CandidateRow, ...]
    withdrawn: tuple[Candidate, ...]
    limits: tuple[LimitRow, ...]
    part: Decision | None
    voted: bool


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One line of a ballot, to be looked at before it is cast."""

    candidate: Candidate
    mark: int


def get_vote_page(code: str, *, by: Actor | None, at: datetime) -> VotePage:
    """The ballot of a round for somebody, or for the tablet. A fixed number of queries."""
    round = find_round(code)
    rows = list_candidates(round)
    part = may_vote(round, by=by) if by is not None else None
    return VotePage(
        round=round,
        is_open=is_open(round, at=at),
        rows=tuple(row for row in rows if row.candidate.state == Candidate.State.FEASIBLE),
        withdrawn=tuple(row.candidate for row in rows if row.candidate.state == Candidate.State.WITHDRAWN),
        limits=list_limits(round),
        part=part,
        voted=bool(part) and by is not None and has_voted(round, own_voter(round, by=by)),
    )


def list_marks(page: VotePage, marks: Marks) -> tuple[MarkRow, ...]:
    """Marks beside their candidates, in the order of the list, or of a ranking."""
    known = {row.candidate.number: row.candidate for row in page.rows}
    rows = [MarkRow(known[number], mark) for number, mark in marks]
    return tuple(sorted(rows, key=lambda row: row.mark)) if page.round.kind == "ranking" else tuple(rows)


def is_pass(round: Round, code: str) -> bool:
    """Whether a code from the counter opens a ballot now. One query."""
    return VotingPass.objects.filter(round=round, digest=pass_digest(round, code)).exists()
