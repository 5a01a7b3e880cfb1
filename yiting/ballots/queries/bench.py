"""The workbench of rounds: what can be chosen in its forms, paper ballots, and who may be handed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yiting.activities.queries import read_code
from yiting.ballots.errors import CandidateMissing, PaperMissing, RoundMissing
from yiting.ballots.marks import Difference, differing
from yiting.ballots.models import Candidate, Paper, PaperEntry, RollEntry, Round
from yiting.ballots.policies import can_check, can_manage, can_serve
from yiting.ballots.queries.rounds import find_round
from yiting.ballots.states import PREPARING
from yiting.people.actors import Actor
from yiting.people.models import Account, Organisation
from yiting.people.queries import list_deputies, list_members
from yiting.people.queries.roles import path_under
from yiting.places.models import Level, Place
from yiting.places.queries import full_names

PLACES_OFFERED = 500
ORGANISATIONS_OFFERED = 500
ACCOUNTS_OFFERED = 500


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """How the paper of a round stands."""

    counts: tuple[tuple[str, int], ...]
    handed_out: int
    unfinished: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One paper to be entered; what others read is told only where two readings differ."""

    paper: Paper
    readings: int
    own: bool
    differences: tuple[Difference, ...]
    unfit: tuple[str, ...]
    """Why readers hold that it cannot be counted, where others read marks."""


def get_bench_round(code: str, by: Actor) -> Round:
    """A round that the actor runs; one elsewhere is not there. One query."""
    found = find_round(code)
    if not can_manage(by, place_path=found.place_path):
        raise RoundMissing
    return found


def get_served_round(code: str, by: Actor) -> Round:
    """A round for which the actor serves voters; one elsewhere is not there. One query."""
    found = find_round(code)
    if not can_serve(by, place_path=found.place_path):
        raise RoundMissing
    return found


def get_checked_candidate(code: str, number: int, by: Actor) -> Candidate:
    """A candidate that the actor runs or has to check; others are not there. Two queries."""
    round = find_round(code)
    found = (
        Candidate.objects.filter(round=round, number=number)
        .select_related("round__place", "place", "department", "need", "resolution", "project", "override")
        .first()
    )
    if found is None or not can_check(by, department_id=found.department_id, place_path=round.place_path):
        raise CandidateMissing(number=number)
    return found


def list_to_check(by: Actor) -> list[Candidate]:
    """What the departments of the actor have to check. One query."""
    mine = Candidate.objects.filter(
        department__in=by.handling_ids, state=Candidate.State.PROPOSED, round__state__in=PREPARING
    )
    return list(mine.select_related("round").order_by("round__check_until_on", "pk")[:PLACES_OFFERED])


def list_places(by: Actor, *, within: Place | None = None) -> list[Place]:
    """Where the actor may open a round, or where its candidates may lie, as a tree down to estates. One query."""
    wanted = Q(path__startswith=within.path) if within is not None else path_under("path", by.work_paths)
    found = Place.objects.filter(wanted).exclude(level=Level.BUILDING).order_by("path")[:PLACES_OFFERED]
    return sorted(found, key=_branch)


def list_buildings(by: Actor, round: Round) -> list[tuple[Place, str]]:
    """The buildings of the round's place in which the actor works, by their full names. Two queries."""
    wanted = path_under("path", by.work_paths) & Q(path__startswith=round.place_path, level=Level.BUILDING)
    found = sorted(Place.objects.filter(wanted), key=_branch)
    names = full_names(found)
    return [(one, names[one.pk]) for one in found]


def list_categories(round: Round) -> list[str]:
    """The kinds of a round's candidates. One query."""
    found = Candidate.objects.filter(round=round).exclude(category="")
    return list(found.order_by("category").values_list("category", flat=True).distinct())


def list_organisations() -> list[Organisation]:
    """Organisations that can be named or asked. One query."""
    return list(Organisation.objects.filter(active=True).order_by("name", "pk")[:ORGANISATIONS_OFFERED])


def list_accounts(by: Actor) -> list[Account]:
    """Accounts that can be appointed as observers: whoever holds a role in the actor's places. One query."""
    held = Account.objects.filter(path_under("roles__place__path", by.work_paths), is_active=True)
    return list(held.distinct().order_by("username")[:ACCOUNTS_OFFERED])


def list_known_voters(round: Round, *, at: datetime) -> Sequence[Account]:
    """The deputies or members who have not used their vote. A fixed number of queries an organisation."""
    if round.who == Round.Who.DEPUTIES:
        known = list_deputies(round.place, at, since_by=round.opens_on)
    else:
        known = [one for body in round.organisations.order_by("pk") for one in list_members(body, at)]
    voted = set(RollEntry.objects.filter(round=round, account__isnull=False).values_list("account", flat=True))
    return [one for one in dict.fromkeys(known) if one.pk not in voted]


def get_paper_desk(round: Round) -> PaperDesk:
    """How many papers stand where, and which are half entered. Three queries."""
    found = Paper.objects.filter(round=round).order_by().values("state").annotate(number=Count("pk"))
    counts = {row["state"]: row["number"] for row in found}
    half = Paper.objects.filter(round=round, state__in=(Paper.State.ENTERED, Paper.State.DIFFERENT))
    return PaperDesk(
        counts=tuple((str(label), counts.get(value, 0)) for value, label in Paper.State.choices),
        handed_out=RollEntry.objects.filter(round=round, way=RollEntry.Way.PAPER).count(),
        unfinished=tuple(half.order_by("state", "pk")),
    )


def get_paper_page(round: Round, serial: str, by: Actor) -> PaperPage:
    """A paper to be entered. Two queries."""
    paper = Paper.objects.filter(round=round, serial=read_code(serial)[:12]).first()
    if paper is None:
        raise PaperMissing
    entries = list(PaperEntry.objects.filter(paper=paper).order_by("pk"))
    differs = paper.state == Paper.State.DIFFERENT
    return PaperPage(
        paper=paper,
        readings=len(entries),
        own=any(one.account_id == by.account_id for one in entries),
        differences=differing([one.marks for one in entries]) if differs else (),
        unfit=tuple(one.unfit for one in entries if one.unfit) if differs else (),
    )


def _branch(place: Place) -> list[int]:
    return [int(key) for key in place.path.strip("/").split("/")]
