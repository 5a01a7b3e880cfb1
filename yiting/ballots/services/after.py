"""After the vote: candidates and winners as projects, with their money, through the services of projects."""

from __future__ import annotations

from datetime import datetime

from yiting.ballots.errors import AlreadyProject, NotAWinner, NotCountedYet, StepNotPossible
from yiting.ballots.models import Candidate, Round
from yiting.ballots.queries.built import get_built, get_last_count
from yiting.ballots.services.gates import guarded, lock_candidate, take_round, touch
from yiting.ballots.states import PREPARING, day_at
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.services import Draft, request_file
from yiting.people.actors import Actor
from yiting.people.services import person_identify
from yiting.projects.models import Project, Stage
from yiting.projects.queries import get_project_for_need
from yiting.projects.services import project_choose, project_open, project_plan


def candidate_open_project(*, by: Actor, round: Round, number: int, at: datetime) -> Project:
    """Open a candidate among the projects, where visits on the spot are recorded; a second time gives the same one."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        candidate = lock_candidate(held, number)
        if held.state not in PREPARING or candidate.state == Candidate.State.WITHDRAWN:
            raise StepNotPossible(state=candidate.get_state_display(), target=Stage.CANDIDATE.label)
        if candidate.project is None:
            _open(held, candidate, by=by, at=at)
            touch(held, "candidate.project_opened", by=by, at=at, facts={"number": number})
        assert candidate.project is not None, "opened just now or before"
        return candidate.project


def winner_open(*, by: Actor, round: Round, number: int, at: datetime) -> Project:
    """Make a winner of a final round a project of its year, with its money; a second time changes nothing."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        counted = get_last_count(held)
        if counted is None or held.state != Round.State.FINAL:
            raise NotCountedYet
        candidate = lock_candidate(held, number)
        if number not in get_built(held.pk):
            raise NotAWinner(title=candidate.title)
        if candidate.project is None:
            _open(held, candidate, by=by, at=at)
        project = candidate.project
        assert project is not None, "opened just now or before"
        if project.stage == Stage.CANDIDATE:
            project_plan(by=by, project=project, budget_fen=candidate.cost_fen, at=at)
            project = project_choose(by=by, project=project, on=day_at(at, held.place), at=at)
            facts = {"number": number, "year": held.year, "project": project.code, "cost_fen": candidate.cost_fen}
            touch(held, "winner.opened", by=by, at=at, facts=facts)
        return project


def _open(held: Round, candidate: Candidate, *, by: Actor, at: datetime) -> None:
    """Give a candidate its project: the one that its need has already, or a new one."""
    need = _need_of(held, candidate, by=by, at=at)
    project = get_project_for_need(need) if need is not None else None
    if project is not None and project.stage != Stage.CANDIDATE:
        raise AlreadyProject(title=project.title)
    if project is None:
        project = project_open(
            by=by,
            from_needs=[need] if need is not None else [],
            title=candidate.title,
            year=held.year,
            place=candidate.place,
            purpose=candidate.purpose,
            lead=candidate.department,
            budget_fen=candidate.cost_fen,
            from_resolution=candidate.resolution,
            at=at,
        )
    candidate.project = project
    candidate.save(update_fields=["project"])


def _need_of(held: Round, candidate: Candidate, *, by: Actor, at: datetime) -> Need | None:
    """The need that a project will serve; what was only written goes the way of every need. None for a resolution's.

    The voice of such a need is the candidate's own: it is no household's.
    """
    if candidate.need is not None or candidate.resolution is not None:
        return candidate.need
    key = f"{held.code}-{candidate.number}"
    draft = Draft(
        place=candidate.place,
        person=person_identify(by=by, source="ballots", key=key, at=at),
        title=candidate.title,
        text=candidate.purpose or candidate.title,
        channel=ServiceRequest.Channel.PAPER,
        idempotency_key=f"ballots-{key}",
    )
    candidate.need = request_file(by=by, draft=draft, at=at).need
    candidate.save(update_fields=["need"])
    return candidate.need
