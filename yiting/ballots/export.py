"""The ballots of a closed round as a file that anybody can count: Pabulib, or a table of a deputies' vote.

The ballots stand in an order of their contents and are numbered anew, so that no line tells when it came or which
receipt is its own. Withdrawn candidates are left out; a ballot that wanted nothing else is an empty one. The scripts
`recount_ballots.py` and `recount_deputies.py` of the documentation count these files again.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache

from yiting.ballots.electing import counted_by, make_election, published_order, votes_needed
from yiting.ballots.errors import NotClosedYet
from yiting.ballots.models import Candidate, Completion, Kind, KindLimit, Round, Rule
from yiting.ballots.queries.built import list_withdrawn
from yiting.ballots.services.counting import filled
from yiting.ballots.states import CLOSED
from yiting.methods.allocations import pb_write

_DAY = "%d.%m.%Y"
_SAID = {1: "yes", -1: "no", 0: "abstain"}


@dataclass(frozen=True, slots=True)
class BallotsFile:
    """A file by its name and its text."""

    name: str
    text: str


def ballots_file(round: Round) -> BallotsFile:
    """Write the ballots of a closed round. One query where it was written since the last withdrawal; six before."""
    if round.state not in CLOSED:
        raise NotClosedYet(closes=round.closes_on.isoformat())
    return _written(round.code, tuple(list_withdrawn(round)))


@lru_cache(maxsize=4)
def _written(code: str, _withdrawn: tuple[int, ...]) -> BallotsFile:
    """A large file takes seconds, and anybody may ask for it; so the few that are asked for now are kept."""
    round = Round.objects.select_related("place").get(code=code)
    listed = list(Candidate.objects.filter(round=round, state=Candidate.State.FEASIBLE).order_by("number"))
    limits = list(round.limits.order_by("category"))
    if round.kind == Kind.YES_NO:
        return BallotsFile(f"{round.code}.csv", _table(round, listed, limits))
    meta = {
        "description": f"{round.title}; ties go to the project that stands first in this file",
        "country": "China",
        "unit": round.place.name,
        "instance": str(round.year),
        "rule": round.rule,
        "date_begin": round.opens_on.strftime(_DAY),
        "date_end": round.closes_on.strftime(_DAY),
        "currency": "CNY",
        "satisfaction": counted_by(round),
        "ties": "listed",
        "completion": round.completion if round.rule == Rule.EQUAL_SHARES else Completion.NONE,
    }
    election = make_election(round, listed, filled(round), limits)
    return BallotsFile(f"{round.code}.pb", pb_write(election, meta=meta))


def _table(round: Round, listed: list[Candidate], limits: list[KindLimit]) -> str:
    """One column a candidate, in the order that breaks ties, with costs in fen and the limits of kinds; then one line a
    ballot."""
    ordered = published_order(round, listed)
    ballots = filled(round)
    rows = sorted([_SAID[dict(marks).get(one.number, 0)] for one in ordered] for marks, _group in ballots)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["project", *(one.number for one in ordered)])
    writer.writerow(["cost", *(one.cost_fen for one in ordered)])
    writer.writerow(["alternatives", *(one.alternatives for one in ordered)])
    writer.writerow(["kind", *(one.category for one in ordered)])
    writer.writerows(["limit", one.category, one.most, one.most_cost_fen] for one in limits)
    writer.writerow(["budget", round.budget_fen])
    writer.writerow(["needed", votes_needed(round, ballots=len(ballots))])
    writer.writerows([number, *row] for number, row in enumerate(rows, start=1))
    return out.getvalue()
