"""Limits of a kind: at most so many candidates of it, or at most so much money for them, whatever the votes are."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from yiting.ballots.errors import KindMissing, LimitMissing, NumberUnfit, SettledAlready
from yiting.ballots.models import Candidate, KindLimit, Round
from yiting.ballots.services.gates import guarded, take_round, touch
from yiting.ballots.states import PREPARING
from yiting.ballots.wording import read_word
from yiting.people.actors import Actor

MOST_MOST = 1_000


def limit_set(
    *, by: Actor, round: Round, category: str, most: int | None = None, most_cost_fen: int | None = None, at: datetime
) -> KindLimit:
    """Limit a kind of candidates while the list is being made; the last limit of a kind stands."""
    with guarded(round, at=at):
        held = _preparing(by=by, round=round, at=at)
        word = read_word(category, what=_("Kind"))
        if not Candidate.objects.filter(round=held, category=word).exclude(category="").exists():
            raise KindMissing(word=word)
        if most is None and most_cost_fen is None:
            raise LimitMissing
        if most is not None and not 1 <= most <= MOST_MOST:
            raise NumberUnfit(what=_("How many at most"), least=1, most=MOST_MOST)
        if most_cost_fen is not None and not 0 < most_cost_fen <= held.budget_fen:
            raise NumberUnfit(what=_("Money at most, in yuan"), least=1, most=held.budget_fen // 100)
        limit, _is_new = KindLimit.objects.update_or_create(
            round=held, category=word, defaults={"most": most, "most_cost_fen": most_cost_fen}
        )
        facts = {"category": word, "most": most, "most_cost_fen": most_cost_fen}
        touch(held, "limit.set", by=by, at=at, facts=facts)
    return limit


def limit_lift(*, by: Actor, round: Round, category: str, at: datetime) -> None:
    """Take a limit back while the list is being made; one that is not there stays so."""
    with guarded(round, at=at):
        held = _preparing(by=by, round=round, at=at)
        number, _models = KindLimit.objects.filter(round=held, category=category).delete()
        if number:
            touch(held, "limit.lifted", by=by, at=at, facts={"category": category})


def _preparing(*, by: Actor, round: Round, at: datetime) -> Round:
    held = take_round(by=by, round=round, at=at)
    if held.state not in PREPARING:
        raise SettledAlready
    return held
