"""Casting: a ballot goes into the box and the vote is used up, in one transaction that leaves no thread between them.

What is locked is the row of the round: two taps at once, or two people of one household, end in one ballot. The box
gets no person, time, address or number of a request, and the ledger no entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from yiting.ballots.errors import BallotUnfit, PassUnknown, ReceiptTaken, SecondBallot
from yiting.ballots.marks import Ways, read_marks
from yiting.ballots.models import Ballot, Candidate, RollEntry, Round
from yiting.ballots.queries.roll import estate_of, has_voted, own_voter, voter_by_pass
from yiting.ballots.receipts import Marks, Receipt, is_salt, make_leaf
from yiting.ballots.services.gates import guarded, lock_round, require_voting
from yiting.ballots.services.roll import enter
from yiting.people.actors import Actor
from yiting.places.models import Place

Pairs = Sequence[tuple[int, int]]


def ballot_check(*, by: Actor, round: Round, pairs: Pairs, pass_code: str = "", at: datetime) -> Marks:
    """Read a ballot as it would be cast, and refuse what would be refused; nothing goes into the box."""
    with guarded(round, at=at):
        held = lock_round(round, at=at)
        require_voting(held, at=at)
        voter = voter_by_pass(held, pass_code)[0] if pass_code else own_voter(held, by=by)
        if has_voted(held, voter):
            raise SecondBallot
        return marks_for(held, pairs)


def ballot_cast(*, by: Actor, round: Round, pairs: Pairs, salt: str, pass_code: str = "", at: datetime) -> Receipt:
    """Put a ballot in the box, once and for all; return its receipt. With a `pass_code` it is the shared tablet's.

    The salt is the secret number of the form (see `fresh_salt`). The same form sent twice gives the same receipt.
    """
    with guarded(round, at=at):
        held = lock_round(round, at=at)
        require_voting(held, at=at)
        if not is_salt(salt):
            raise BallotUnfit(what=_("The secret number of this form is broken. Open the ballot anew."))
        known = _known(held, pairs, salt)
        try:
            if pass_code:
                voter, leave = voter_by_pass(held, pass_code)
                enter(held, voter, way=RollEntry.Way.COUNTER)
                leave.delete()
            else:
                voter = own_voter(held, by=by)
                enter(held, voter, way=RollEntry.Way.OWN)
        except (SecondBallot, PassUnknown):
            if known is not None:
                return known
            raise
        if known is not None:
            raise ReceiptTaken
        return drop_in(held, marks_for(held, pairs), salt=salt, estate=estate_of(voter))


def marks_for(held: Round, pairs: Pairs, *, printed: bool = False) -> Marks:
    """Read marks against the list of a locked round."""
    checked = (Candidate.State.FEASIBLE, Candidate.State.WITHDRAWN)
    listed = {one.number: one for one in Candidate.objects.filter(round=held, state__in=checked)}
    ways = Ways(held.kind, held.most, held.budget_fen)
    return read_marks(pairs, ways=ways, listed=listed, printed=printed)


def drop_in(held: Round, marks: Marks, *, salt: str, estate: Place | None = None, on_paper: bool = False) -> Receipt:
    """Put marks into the box of a locked round."""
    leaf = make_leaf(held.code, marks, salt)
    written = [list(pair) for pair in marks]
    Ballot.objects.create(round=held, marks=written, salt=salt, leaf=leaf, estate=estate, on_paper=on_paper)
    return Receipt(leaf, salt, marks)


def _known(held: Round, pairs: Pairs, salt: str) -> Receipt | None:
    """The receipt of a form that is in the box already."""
    marks = tuple(sorted(pairs))
    leaf = make_leaf(held.code, marks, salt)
    return Receipt(leaf, salt, marks) if Ballot.objects.filter(round=held, leaf=leaf).exists() else None
