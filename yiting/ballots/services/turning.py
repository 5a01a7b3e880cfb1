"""What comes with time: voting opens and closes on its day, and the box of an open round is shuffled every day."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from yiting.ballots.models import Paper, Round
from yiting.ballots.services.box import box_shuffle, voting_close, voting_open
from yiting.ballots.states import day_at
from yiting.people.actors import Actor

State = Round.State


def rounds_turn(*, by: Actor, at: datetime) -> dict[str, int]:
    """Open and close what is due and shuffle every open box; a second run the same day does nothing.

    A round with paper is closed by hand, once all of it is entered.
    """
    done = {"opened": 0, "closed": 0, "shuffled": 0}
    waiting = Round.objects.filter(state__in=(State.PUBLISHED, State.VOTING), changed_at__lte=at)
    for round in waiting.select_related("place").order_by("pk"):
        today = day_at(at, round.place)
        if round.state == State.PUBLISHED and round.opens_on <= today <= round.closes_on:
            voting_open(by=by, round=round, reason=_("The day has come"), at=at)
            done["opened"] += 1
        elif round.state == State.VOTING and today > round.closes_on and not Paper.objects.filter(round=round).exists():
            voting_close(by=by, round=round, reason=_("The last day is over"), at=at)
            done["closed"] += 1
        elif round.state == State.VOTING and round.shuffled_on != today:
            box_shuffle(by=by, round=round, at=at)
            done["shuffled"] += 1
    return done
