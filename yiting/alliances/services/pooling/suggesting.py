"""The best assignment of what is offered to what is asked for, stored as suggestions to both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yiting.alliances.errors import AskMissing
from yiting.alliances.models import Alliance, Match
from yiting.alliances.policies import may_manage_alliance
from yiting.alliances.queries.pooling.fitting import Scope, get_scope, parts_of
from yiting.methods.matchings import best_assignment
from yiting.people.actors import Actor
from yiting.people.queries import local_day
from yiting.places.models import Place


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a run changed among the suggestions; a second run over the same changes nothing."""

    added: int
    changed: int
    kept: int
    dropped: int


@transaction.atomic
def matches_suggest(
    *, by: Actor, place: Place | None = None, alliance: Alliance | None = None, at: datetime
) -> Suggested:
    """Suggest the best assignment over what is open: for the asks of a place, of an alliance, or of everybody.

    A pair that was refused or given up is not suggested again. What a side has said yes to is taken off first and
    stays as it is; suggestions that no longer belong to the best assignment are dropped. Suggestions promise
    nothing, so nothing is told to the ledger.
    """
    permitted = (
        by.everywhere
        or (place is not None and by.works_at(place.path))
        or (alliance is not None and may_manage_alliance(by, alliance))
    )
    if not permitted:
        raise AskMissing
    scope = get_scope(place=place, alliance=alliance, day=local_day(at))
    wanted = _wanted(scope, at)
    held = scope.known.select_for_update(of=("self",)).order_by("pk")
    known = {(match.offer_id, match.ask_id): match for match in held}
    gone = [match.pk for pair, match in known.items() if pair not in wanted]
    # one that a side said yes to meanwhile is a suggestion no more, and stays
    dropped, _each = Match.objects.filter(pk__in=gone, state=Match.State.SUGGESTED).delete()
    new = [match for pair, match in wanted.items() if pair not in known]
    Match.objects.bulk_create(new, ignore_conflicts=True)
    changed = []
    for pair in known.keys() & wanted.keys():
        old, now = known[pair], wanted[pair]
        if (old.amount, old.fit, old.parts) != (now.amount, now.fit, now.parts):
            old.amount, old.fit, old.parts = now.amount, now.fit, now.parts
            changed.append(old)
    Match.objects.bulk_update(changed, ["amount", "fit", "parts"])
    kept = len(known.keys() & wanted.keys()) - len(changed)
    return Suggested(added=len(new), changed=len(changed), kept=kept, dropped=dropped)


def _wanted(scope: Scope, at: datetime) -> dict[tuple[int, int], Match]:
    """The pairs of the best assignment as suggestions; a whole thing for no more days than are free."""
    found = {}
    for pair in best_assignment(scope.offers, scope.asks, rules=scope.rules).pairs:
        key = (int(pair.offer), int(pair.ask))
        found[key] = Match(
            offer_id=key[0],
            ask_id=key[1],
            amount=min(pair.amount, scope.free_days.get(key, pair.amount)),
            fit=pair.fit.points,
            parts=parts_of(pair.fit),
            suggested_at=at,
        )
    return found
