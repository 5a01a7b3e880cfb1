"""Counting: the published rule over the sealed ballots. Anybody can do the same with the published files."""

from __future__ import annotations

from datetime import datetime

from yiting.ballots.electing import ON_PAPER, Filled, count
from yiting.ballots.errors import CountStale, CountStands, StepNotPossible, TooHardToCount
from yiting.ballots.models import Allocation, Ballot, Candidate, Round
from yiting.ballots.queries.built import get_last_count, list_withdrawn
from yiting.ballots.services.gates import guarded, take_round, touch
from yiting.ballots.states import change_state
from yiting.methods.allocations import TooManyWays
from yiting.people.actors import Actor
from yiting.places.models import Place
from yiting.places.queries import full_names

State = Round.State


def round_count(*, by: Actor, round: Round, at: datetime) -> Allocation:
    """Count a closed round and open it to objections; again only when a candidate was withdrawn since.

    Every count stays: the last one stands, the earlier ones are shown beside it.
    """
    with guarded(round, at=at):
        held, left_out = _countable(by=by, round=round, at=at)
    # a large round takes seconds, in which the rest of the town goes on
    listed = list(Candidate.objects.filter(round=held, state=Candidate.State.FEASIBLE).order_by("number"))
    try:
        counted = count(held, listed, filled(held), list(held.limits.order_by("category")))
    except TooManyWays:
        raise TooHardToCount from None
    with guarded(round, at=at):
        held, left_out_now = _countable(by=by, round=round, at=at)
        if left_out_now != left_out:
            raise CountStale
        made = Allocation.objects.create(
            round=held,
            turn=Allocation.objects.filter(round=held).count() + 1,
            winners=list(counted.winners),
            cost_fen=counted.cost_fen,
            left_out=left_out,
            ties=list(counted.ties),
            explanation=counted.explanation,
            counted_at=at,
        )
        if held.state == State.COUNTING:
            change_state(held, State.OBJECTING)
        facts = {"turn": made.turn, "winners": made.winners, "cost_fen": made.cost_fen, "left_out": left_out}
        touch(held, "result.counted", by=by, at=at, facts=facts)
    return made


def _countable(*, by: Actor, round: Round, at: datetime) -> tuple[Round, list[int]]:
    """Lock a round that may be counted now, and say which candidates are left out."""
    held = take_round(by=by, round=round, at=at)
    if held.state not in (State.COUNTING, State.OBJECTING):
        raise StepNotPossible(state=held.get_state_display(), target=State.OBJECTING.label)
    left_out = list_withdrawn(held)
    last = get_last_count(held)
    if last is not None and last.left_out == left_out:
        raise CountStands
    return held, left_out


def filled(round: Round) -> list[Filled]:
    """The ballots of a closed round, in the order of their leaves, each with the group it may be told of with."""
    rows = list(Ballot.objects.filter(round=round).order_by("leaf").values_list("marks", "estate", "on_paper"))
    places = Place.objects.filter(pk__in={estate for _marks, estate, _paper in rows if estate is not None})
    names = full_names(list(places))
    return [
        (marks, ON_PAPER if on_paper else names[estate] if estate is not None else "")
        for marks, estate, on_paper in rows
    ]
