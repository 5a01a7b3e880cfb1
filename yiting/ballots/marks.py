"""What may stand on a ballot: the marks of each kind, read strictly. Pure.

A mark is a whole number beside a candidate: 1 for "wanted", so many points, a place in an order (1 is the first), or
for (1), against (-1) and abstain (0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiting.ballots.errors import BallotUnfit, CandidateWithdrawn, OverBudget
from yiting.ballots.models import Candidate, Kind
from yiting.ballots.receipts import Marks
from yiting.projects.money import yuan_text

FOR, AGAINST, ABSTAIN = 1, -1, 0


@dataclass(frozen=True, slots=True)
class Ways:
    """How ballots of a round are filled in."""

    kind: str
    most: int | None
    budget_fen: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One candidate that two readers read differently; None is no mark."""

    number: int
    marks: tuple[int | None, ...]


def read_marks(
    pairs: Sequence[tuple[int, int]], *, ways: Ways, listed: Mapping[int, Candidate], printed: bool = False
) -> Marks:
    """Read the marks of one ballot against the list; refuses with the candidate that is wrong.

    A printed ballot may carry a candidate that was withdrawn since: nobody can tell the paper.
    """
    twice = [number for number, times in Counter(number for number, _mark in pairs).items() if times > 1]
    if twice:
        raise BallotUnfit(what=_("No. %(number)s is marked twice.") % {"number": twice[0]})
    for number, _mark in pairs:
        candidate = listed.get(number)
        if candidate is None:
            raise BallotUnfit(what=_("No. %(number)s is not on the list.") % {"number": number})
        if candidate.state == Candidate.State.WITHDRAWN and not printed:
            raise CandidateWithdrawn(title=candidate.title, reason=candidate.withdrawn_reason)
    if not pairs:
        raise BallotUnfit(what=_("Nothing is marked. Mark at least one."))
    marks = tuple(sorted((number, mark) for number, mark in pairs))
    _CHECKS[ways.kind](marks, ways, listed)
    return marks


def differing(readings: Sequence[Sequence[Sequence[int]]]) -> tuple[Difference, ...]:
    """Where several readings of one paper differ, candidate by candidate."""
    read = [{int(number): int(mark) for number, mark in marks} for marks in readings]
    numbers = sorted({number for marks in read for number in marks})
    rows = [Difference(number, tuple(marks.get(number) for marks in read)) for number in numbers]
    return tuple(row for row in rows if len(set(row.marks)) > 1)


def _ones(marks: Marks) -> None:
    if any(mark != 1 for _number, mark in marks):
        raise BallotUnfit(what=_("A candidate is marked or not; there are no other marks on this ballot."))


def _approval(marks: Marks, _ways: Ways, _listed: Mapping[int, Candidate]) -> None:
    _ones(marks)


def _up_to(marks: Marks, ways: Ways, _listed: Mapping[int, Candidate]) -> None:
    _ones(marks)
    if len(marks) > (ways.most or 0):
        what = _("%(given)s are marked; at most %(most)s may be.") % {"given": len(marks), "most": ways.most}
        raise BallotUnfit(what=what)


def _points(marks: Marks, ways: Ways, _listed: Mapping[int, Candidate]) -> None:
    if any(mark < 1 for _number, mark in marks):
        raise BallotUnfit(what=_("Points are whole numbers from 1 up."))
    given = sum(mark for _number, mark in marks)
    if given > (ways.most or 0):
        what = _("%(given)s points are given out; there are %(most)s.") % {"given": given, "most": ways.most}
        raise BallotUnfit(what=what)


def _ranking(marks: Marks, _ways: Ways, _listed: Mapping[int, Candidate]) -> None:
    if sorted(mark for _number, mark in marks) != list(range(1, len(marks) + 1)):
        raise BallotUnfit(what=_("Number them 1, 2, 3 and so on, each number once and none left out."))


def _knapsack(marks: Marks, ways: Ways, listed: Mapping[int, Candidate]) -> None:
    _ones(marks)
    cost = sum(listed[number].cost_fen or 0 for number, _mark in marks)
    if cost > ways.budget_fen:
        over = cost - ways.budget_fen
        raise OverBudget(cost=yuan_text(cost), budget=yuan_text(ways.budget_fen), over=yuan_text(over))
    groups = Counter(listed[number].alternatives for number, _mark in marks if listed[number].alternatives)
    for words, times in groups.items():
        if times > 1:
            raise BallotUnfit(what=_("Only one of “%(words)s” can be built. Mark one of them.") % {"words": words})


def _yes_no(marks: Marks, _ways: Ways, _listed: Mapping[int, Candidate]) -> None:
    if any(mark not in (FOR, AGAINST, ABSTAIN) for _number, mark in marks):
        raise BallotUnfit(what=_("Each candidate takes for, against or abstain."))


_CHECKS = {
    Kind.APPROVAL: _approval,
    Kind.UP_TO: _up_to,
    Kind.POINTS: _points,
    Kind.RANKING: _ranking,
    Kind.KNAPSACK: _knapsack,
    Kind.YES_NO: _yes_no,
}
