"""The box: shuffled every day and at closing, sealed into a tree, opened by observers alone.

A row that is written later lies later in the database, whatever its key: in the order of a table's pages, in the
numbers of its rows and in the transactions that wrote them, one could lay the roll beside the box and guess whose
ballot is whose. So both are rewritten, all rows in a new random order and in one transaction: every day while voting is
open, and at closing. After that their order says nothing.

What this does not hide, and nothing in one database can: somebody who reads the live tables between two shuffles, or
keeps copies of the database, its write-ahead log or its backups from one voter to the next, sees which row came with
which. Keep such copies under the same lock as the box; on paper nobody has this power. A voter who shows somebody the
salt shows them the ballot.
"""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from yiting.ballots.errors import NotAllowed, NotOpen, PapersOpen, TooEarly
from yiting.ballots.models import Ballot, Observer, Paper, PaperEntry, RefusedAttempts, RollEntry, Round, VotingPass
from yiting.ballots.receipts import tree_root
from yiting.ballots.services.gates import guarded, lock_round, take_round, touch
from yiting.ballots.services.telling import tell
from yiting.ballots.states import CLOSED, change_state, day_at
from yiting.ballots.wording import read_reason
from yiting.people.actors import Actor
from yiting.people.models import Account
from yiting.people.queries import list_deputies, list_members

State = Round.State
_AT_ONCE = 1_000
_dice = secrets.SystemRandom()


def voting_open(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Open voting on its day. Deputies and members are counted now and told; of residents nobody knows the number."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        return open_held(held, by=by, reason=reason, at=at)


def open_held(held: Round, *, by: Actor, reason: str, at: datetime) -> Round:
    """Open voting in a locked round."""
    change_state(held, State.VOTING)
    if day_at(at, held.place) < held.opens_on:
        raise TooEarly(day=held.opens_on.isoformat())
    if day_at(at, held.place) > held.closes_on:
        raise NotOpen(opens=held.opens_on.isoformat(), closes=held.closes_on.isoformat())
    held.reason = read_reason(reason, what=_("Reason"))
    voters = _known_voters(held, at=at)
    held.electorate = None if voters is None else len(voters)
    held.shuffled_on = day_at(at, held.place)
    touch(held, "voting.opened", by=by, at=at, facts={"reason": held.reason, "electorate": held.electorate})
    subject = _("You can vote now: %(title)s") % {"title": held.title}
    tell(held, event="opened", subject=subject, accounts=voters or (), at=at)
    return held


def voting_close(*, by: Actor, round: Round, reason: str, at: datetime) -> Round:
    """Close voting: the box is shuffled for the last time, and the root over all receipts goes into the ledger.

    Residents vote to the end of the last day; deputies and members may be done on it earlier.
    """
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        return close_held(held, by=by, reason=reason, at=at)


def close_held(held: Round, *, by: Actor, reason: str, at: datetime) -> Round:
    """Close voting in a locked round."""
    change_state(held, State.COUNTING)
    today = day_at(at, held.place)
    if today < held.closes_on or (today == held.closes_on and held.who == Round.Who.RESIDENTS):
        raise TooEarly(day=held.closes_on.isoformat())
    half = Paper.objects.filter(round=held, state__in=(Paper.State.ENTERED, Paper.State.DIFFERENT)).count()
    if half:
        raise PapersOpen(number=half)
    settle(held)
    leaves = list(Ballot.objects.filter(round=held).values_list("leaf", flat=True))
    held.root, held.ballot_count = tree_root(leaves), len(leaves)
    held.reason = read_reason(reason, what=_("Reason"))
    tell_attempts(held, by=by, at=at)
    facts = {
        "reason": held.reason,
        "ballots": held.ballot_count,
        "root": held.root,
        "on_roll": RollEntry.objects.filter(round=held).count(),
        "papers": Paper.objects.filter(round=held, state=Paper.State.COUNTED).count(),
    }
    touch(held, "voting.closed", by=by, at=at, facts=facts)
    return held


def settle(held: Round) -> None:
    """Take the last threads off the roll and the box of a locked round in which nobody votes any more."""
    VotingPass.objects.filter(round=held).delete()
    PaperEntry.objects.filter(paper__round=held).delete()
    RollEntry.objects.filter(round=held).update(seal="")
    hide_few(held)
    shuffle(held)


def box_shuffle(*, by: Actor, round: Round, at: datetime) -> int:
    """Rewrite the box and the roll of an open round in a new random order; return how many ballots there are.

    Codes for the tablet that were not used are gone, and the ledger is told how much was refused on the days past.
    """
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state != State.VOTING:
            return 0
        VotingPass.objects.filter(round=held).delete()
        tell_attempts(held, by=by, at=at)
        held.shuffled_on = day_at(at, held.place)
        held.save(update_fields=["shuffled_on"])
        return shuffle(held)


def shuffle(held: Round) -> int:
    """Rewrite the box and the roll of a locked round, each in an order of its own and under new keys."""
    _rewrite(RollEntry, RollEntry.objects.filter(round=held))
    return _rewrite(Ballot, Ballot.objects.filter(round=held))


def hide_few(held: Round) -> None:
    """Take the estate, or that it was paper, off the ballots of a locked round where fewer came of the kind than the
    smallest group that is shown."""
    ballots = Ballot.objects.filter(round=held)
    counts: Counter[tuple[int | None, bool]] = Counter(ballots.values_list("estate", "on_paper"))
    rest = counts.pop((None, False), 0)
    # A small rest would be told by what is missing from the whole, so the smallest groups join it.
    for (estate, on_paper), number in sorted(counts.items(), key=lambda one: (one[1], one[0][0] or 0)):
        if number < held.smallest_group or 0 < rest < held.smallest_group:
            ballots.filter(estate=estate, on_paper=on_paper).update(estate=None, on_paper=False)
            rest += number


def tell_attempts(held: Round, *, by: Actor, at: datetime) -> None:
    """Tell the ledger how much was refused in a locked round since it was last told, by kind and day."""
    rows = RefusedAttempts.objects.filter(round=held).order_by("on", "why")
    for row in rows:
        if row.number > row.told:
            facts = {"why": row.why, "number": row.number - row.told, "on": row.on.isoformat()}
            touch(held, "attempts.refused", by=by, at=at, facts=facts)
            row.told = row.number
            row.save(update_fields=["told"])


def openings_read(*, by: Actor, round: Round, at: datetime) -> list[dict[str, Any]]:
    """Open every ballot for an appointed observer, after closing: salt, marks and leaf. The ledger tells of it."""
    with guarded(round, at=at):
        held = lock_round(round, at=at)
        is_observer = by.account_id is not None and Observer.objects.filter(round=held, account=by.account_id).exists()
        if not is_observer or held.state not in CLOSED:
            raise NotAllowed(_("Only an appointed observer may open the ballots, once voting is closed."))
        touch(held, "box.opened", by=by, at=at)
    rows = Ballot.objects.filter(round=held).order_by("leaf")
    return [{"leaf": one.leaf, "marks": one.marks, "salt": one.salt} for one in rows]


def _rewrite(model: type[Model], rows: Iterable[Any]) -> int:
    """Delete rows and write them again in random order under new random keys, in the caller's transaction."""
    kept = list(rows)
    _dice.shuffle(kept)
    for start in range(0, len(kept), _AT_ONCE):
        model._default_manager.filter(pk__in=[row.pk for row in kept[start : start + _AT_ONCE]]).delete()
    for row in kept:
        row.pk = uuid.uuid4()
        row._state.adding = True
    model._default_manager.bulk_create(kept, batch_size=_AT_ONCE)
    return len(kept)


def _known_voters(held: Round, *, at: datetime) -> list[Account] | None:
    """The accounts that may vote, where there is a list of them."""
    if held.who == Round.Who.DEPUTIES:
        return list_deputies(held.place, at, since_by=held.opens_on)
    if held.who == Round.Who.MEMBERS:
        members = {one.pk: one for body in held.organisations.order_by("pk") for one in list_members(body, at)}
        return list(members.values())
    return None
