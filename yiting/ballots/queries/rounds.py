"""The public page of a round, and the list of rounds: calendar, rule, candidates with their evidence, last year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q

from yiting.activities.queries import read_code
from yiting.ballots.errors import RoundMissing
from yiting.ballots.models import Candidate, Observer, RefusedAttempts, Round
from yiting.ballots.states import CLOSED, DAY_NAMES, day_at, is_open
from yiting.ballots.wording import limit_words
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.people.actors import Actor
from yiting.people.queries.roles import path_under
from yiting.places.queries import full_names
from yiting.projects.models import FieldVisit
from yiting.projects.queries import ProjectCard, list_cards

PAGE = 20


@dataclass(frozen=True, slots=True)
class RoundCard:
    """One round in a list."""

    code: str
    title: str
    year: int
    place_name: str
    state: str
    state_label: str
    budget_fen: int
    candidates: int
    until: date


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the public calendar."""

    name: str
    day: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit on the spot, as projects recorded it."""

    on: date | None
    when: str
    organisations: tuple[str, ...]
    with_deputies: bool
    findings: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate with what is known of it."""

    candidate: Candidate
    place_name: str
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit of a kind, in words."""

    category: str
    words: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round as everybody sees it."""

    round: Round
    place_name: str
    organisations: tuple[str, ...]
    steps: tuple[Step, ...]
    is_open: bool
    listed: tuple[CandidateRow, ...]
    others: tuple[CandidateRow, ...]
    limits: tuple[LimitRow, ...]
    last_year: tuple[ProjectCard, ...]
    refused: tuple[RefusedAttempts, ...]
    rows: tuple[TimelineRow, ...]

    @property
    def candidates(self) -> tuple[CandidateRow, ...]:
        """All of them in the order of their numbers."""
        return tuple(sorted((*self.listed, *self.others), key=lambda row: row.candidate.number))

    @property
    def withdrawn(self) -> tuple[Candidate, ...]:
        """What was on the list and is withdrawn."""
        gone = Candidate.State.WITHDRAWN
        return tuple(row.candidate for row in self.others if row.candidate.state == gone)


@dataclass(frozen=True, slots=True)
class RoundList:
    """One page of rounds; `after` is the next one's address, if there is one."""

    rows: tuple[RoundCard, ...]
    after: int | None


def list_rounds(*, by: Actor | None = None, page: int = 1) -> RoundList:
    """The rounds, the newest year first; of those in the places of `by` alone, if one is given. Two queries."""
    found = Round.objects.select_related("place").annotate(on_list=Count("candidates")).order_by("-year", "-pk")
    if by is not None:
        found = found.filter(path_under("place_path", by.work_paths) | Q(place__in=_above(by)))
    start = (page - 1) * PAGE
    rows = list(found[start : start + PAGE + 1])
    names = full_names([one.place for one in rows])
    cards = tuple(_card(one, names, number=one.on_list) for one in rows[:PAGE])
    return RoundList(cards, page + 1 if len(rows) > PAGE else None)


def find_round(code: str) -> Round:
    """A round by its code, however it was typed."""
    found = Round.objects.select_related("place").filter(code=read_code(code)).first()
    if found is None:
        raise RoundMissing
    return found


def get_round_page(code: str, *, at: datetime) -> RoundPage:
    """The page of a round, in a fixed number of queries."""
    found = find_round(code)
    rows = list_candidates(found)
    listed = tuple(row for row in rows if row.candidate.state == Candidate.State.FEASIBLE)
    return RoundPage(
        round=found,
        place_name=full_names([found.place])[found.place_id],
        organisations=tuple(found.organisations.order_by("name").values_list("name", flat=True)),
        steps=_steps(found, today=day_at(at, found.place)),
        is_open=is_open(found, at=at),
        listed=listed,
        others=tuple(row for row in rows if row not in listed),
        limits=list_limits(found),
        last_year=last_year_projects(found),
        refused=tuple(RefusedAttempts.objects.filter(round=found).order_by("-on", "why")),
        rows=tuple(list_entries("ballots.round", [found.pk], public_only=True)),
    )


def list_candidates(round: Round) -> tuple[CandidateRow, ...]:
    """All candidates of a round in their order, each with the visits that projects recorded. Four queries."""
    visits = FieldVisit.objects.prefetch_related("organisations").order_by("at", "pk")
    found = list(
        Candidate.objects.filter(round=round)
        .select_related("place", "department", "need", "resolution", "project")
        .prefetch_related(Prefetch("project__visits", queryset=visits))
        .order_by("number")
    )
    names = full_names([one.place for one in found])
    return tuple(CandidateRow(one, names[one.place_id], _visits(one)) for one in found)


def observes(round: Round, by: Actor) -> bool:
    """Whether somebody was appointed to open the ballots of a closed round. One query."""
    if by.account_id is None or round.state not in CLOSED:
        return False
    return Observer.objects.filter(round=round, account=by.account_id).exists()


def list_limits(round: Round) -> tuple[LimitRow, ...]:
    """The limits of kinds of a round. One query."""
    return tuple(LimitRow(one.category, limit_words(one)) for one in round.limits.order_by("category"))


def last_year_projects(round: Round) -> tuple[ProjectCard, ...]:
    """What the round before it in the same place chose, with its money and how residents judge it."""
    before = Candidate.objects.filter(
        round__place=round.place_id,
        round__year__lt=round.year,
        round__state=Round.State.FINAL,
        project__isnull=False,
        project__chosen_on__isnull=False,
    )
    newest = before.order_by("-round__year", "-round").values_list("round", flat=True).first()
    if newest is None:
        return ()
    chosen = before.filter(round=newest).select_related("project__place").order_by("number")
    return tuple(list_cards([one.project for one in chosen if one.project is not None]))


def _steps(round: Round, *, today: date) -> tuple[Step, ...]:
    days = {str(name): getattr(round, key) for key, name in DAY_NAMES.items()}
    return tuple(Step(name, day, day < today) for name, day in days.items())


def _visits(candidate: Candidate) -> tuple[Visit, ...]:
    if candidate.project is None:
        return ()
    return tuple(
        Visit(
            on=one.visited_on,
            when=one.when,
            organisations=tuple(body.name for body in one.organisations.all()),
            with_deputies=one.with_deputies,
            findings=one.findings,
        )
        for one in candidate.project.visits.all()
    )


def _card(round: Round, names: Mapping[int, str], *, number: int) -> RoundCard:
    return RoundCard(
        code=round.code,
        title=round.title,
        year=round.year,
        place_name=names[round.place_id],
        state=round.state,
        state_label=str(Round.State(round.state).label),
        budget_fen=round.budget_fen,
        candidates=number,
        until=round.closes_on,
    )


def _above(by: Actor) -> set[int]:
    """The places above those in which somebody works: they serve at the counter for a round of the whole street."""
    return {int(key) for path in by.work_paths for key in path.split("/") if key}
