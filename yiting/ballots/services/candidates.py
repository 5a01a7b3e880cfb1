"""Candidates: from needs and resolutions or written, checked by the competent department, withdrawn with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from yiting.ballots.errors import (
    AlreadyProject,
    CandidateElsewhere,
    CandidateKnown,
    CandidateMissing,
    CostMissing,
    NumberUnfit,
    SettledAlready,
    StepNotPossible,
    WithdrawnAlready,
)
from yiting.ballots.models import Candidate, Override, Round
from yiting.ballots.policies import can_check
from yiting.ballots.services.gates import guarded, lock_candidate, lock_round, take_round, touch
from yiting.ballots.services.telling import tell_voters
from yiting.ballots.states import PREPARING
from yiting.ballots.wording import fitting, read_reason, read_title, read_word
from yiting.deliberation.models import Resolution
from yiting.needs.models import Need
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place
from yiting.projects.models import Project, Stage
from yiting.projects.queries import get_project_for_need

PURPOSE_LIMIT = 4_000
COST_MOST_FEN = 10**14
State = Candidate.State


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePlan:
    """A candidate as it is to be. What comes from a need or a resolution names it."""

    title: str
    place: Place
    purpose: str = ""
    category: str = ""
    alternatives: str = ""
    cost_fen: int | None = None
    department: Organisation | None = None
    need: Need | None = None
    resolution: Resolution | None = None


def candidate_add(*, by: Actor, round: Round, plan: CandidatePlan, at: datetime) -> Candidate:
    """Put a candidate on the list while it is being made; a need that is a project already brings its visits along."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state not in PREPARING:
            raise SettledAlready
        checked = _checked(held, plan)
        need = plan.need.root if plan.need is not None and plan.need.root is not None else plan.need
        _require_new(held, need, plan.resolution)
        last = Candidate.objects.filter(round=held).aggregate(last=Max("number"))["last"] or 0
        candidate = Candidate.objects.create(
            round=held,
            number=last + 1,
            need=need,
            resolution=plan.resolution,
            project=_project_of(need or (plan.resolution.need if plan.resolution is not None else None)),
            **checked,
        )
        touch(held, "candidate.added", by=by, at=at, facts=_facts(candidate))
    return candidate


def candidate_change(*, by: Actor, round: Round, number: int, plan: CandidatePlan, at: datetime) -> Candidate:
    """Change what a candidate is until the list is public. What was checked must be checked again."""
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state not in PREPARING:
            raise SettledAlready
        candidate = lock_candidate(held, number)
        if candidate.state == State.WITHDRAWN:
            raise WithdrawnAlready(title=candidate.title)
        for name, value in _checked(held, plan).items():
            setattr(candidate, name, value)
        candidate.state, candidate.check_reason, candidate.checked_role = State.PROPOSED, "", ""
        candidate.checked_at = None
        candidate.save()
        touch(held, "candidate.changed", by=by, at=at, facts=_facts(candidate))
    return candidate


def candidate_check(
    *,
    by: Actor,
    round: Round,
    number: int,
    feasible: bool,
    reason: str,
    cost_fen: int | None = None,
    at: datetime,
) -> Candidate:
    """The competent department says whether it can be done, what it costs, and why: in public."""
    with guarded(round, at=at):
        held = lock_round(round, at=at)
        candidate = Candidate.objects.filter(round=held, number=number).first()
        department_id = candidate.department_id if candidate is not None else None
        if candidate is None or not can_check(by, department_id=department_id, place_path=held.place_path):
            raise CandidateMissing(number=number)
        if held.state not in PREPARING:
            raise SettledAlready
        if candidate.state == State.WITHDRAWN:
            raise WithdrawnAlready(title=candidate.title)
        if cost_fen is not None:
            candidate.cost_fen = _cost(cost_fen)
        if feasible and candidate.cost_fen is None:
            raise CostMissing
        candidate.state = State.FEASIBLE if feasible else State.UNFEASIBLE
        candidate.check_reason = read_reason(reason, what=_("Reason"))
        candidate.checked_role, candidate.checked_at = by.role_label, at
        candidate.save()
        facts = {
            "number": number,
            "title": candidate.title,
            "reason": candidate.check_reason,
            "cost_fen": candidate.cost_fen,
        }
        found = "found_feasible" if feasible else "found_unfeasible"
        touch(held, f"candidate.{found}", by=by, at=at, facts=facts)
    return candidate


def candidate_withdraw(*, by: Actor, round: Round, number: int, reason: str, at: datetime) -> Candidate:
    """Take a candidate back with a public reason, also while people vote and until the result is final.

    Ballots in the box keep what they say of the others; the count leaves this one out, and whoever has voted is told.
    """
    with guarded(round, at=at):
        held = take_round(by=by, round=round, at=at)
        if held.state in (Round.State.FINAL, Round.State.CALLED_OFF):
            raise StepNotPossible(state=held.get_state_display(), target=State.WITHDRAWN.label)
        candidate = lock_candidate(held, number)
        if candidate.state == State.WITHDRAWN:
            raise WithdrawnAlready(title=candidate.title)
        candidate.state, candidate.withdrawn_at = State.WITHDRAWN, at
        candidate.withdrawn_reason = read_reason(reason, what=_("Reason"))
        candidate.save()
        # what a council decided about it has nothing left to decide
        Override.objects.filter(candidate=candidate).delete()
        facts = {"number": number, "title": candidate.title, "reason": candidate.withdrawn_reason}
        touch(held, "candidate.withdrawn", by=by, at=at, facts=facts)
        tell_voters(
            held,
            event=f"withdrawn-{number}",
            subject=_("A project on the ballot that you voted on was withdrawn"),
            body=_("No. %(number)s was withdrawn: %(reason)s. Your ballot counts for all the others.")
            % {"number": number, "reason": candidate.withdrawn_reason},
            at=at,
        )
    return candidate


def _checked(held: Round, plan: CandidatePlan) -> dict[str, object]:
    if not plan.place.path.startswith(held.place_path):
        raise CandidateElsewhere(place=plan.place.name)
    for source in (plan.need, plan.resolution):
        if source is not None and not (
            source.place_path.startswith(held.place_path) or held.place_path.startswith(source.place_path)
        ):
            raise CandidateElsewhere(place=source.place.name)
    return {
        "title": read_title(plan.title),
        "purpose": fitting(plan.purpose.replace("\x00", "").strip(), what=_("Purpose"), limit=PURPOSE_LIMIT),
        "place": plan.place,
        "category": read_word(plan.category, what=_("Kind")),
        "alternatives": read_word(plan.alternatives, what=_("Alternatives")),
        "cost_fen": None if plan.cost_fen is None else _cost(plan.cost_fen),
        "department": plan.department,
    }


def _cost(fen: int) -> int:
    if not 0 < fen <= COST_MOST_FEN:
        raise NumberUnfit(what=_("Cost in yuan"), least=1, most=COST_MOST_FEN // 100)
    return fen


def _require_new(held: Round, need: Need | None, resolution: Resolution | None) -> None:
    known = Candidate.objects.filter(round=held)
    for twin in (need and known.filter(need=need).first(), resolution and known.filter(resolution=resolution).first()):
        if twin:
            raise CandidateKnown(number=twin.number)


def _project_of(need: Need | None) -> Project | None:
    """The project that already stands for a need; refuses one that was chosen before."""
    project = get_project_for_need(need) if need is not None else None
    if project is not None and project.stage != Stage.CANDIDATE:
        raise AlreadyProject(title=project.title)
    return project


def _facts(candidate: Candidate) -> dict[str, object]:
    """What the ledger keeps of a candidate; a need and a resolution by their codes alone."""
    return {
        "number": candidate.number,
        "title": candidate.title,
        "place": candidate.place.name,
        "category": candidate.category,
        "alternatives": candidate.alternatives,
        "cost_fen": candidate.cost_fen,
        "need": candidate.need.code if candidate.need is not None else "",
        "resolution": candidate.resolution.code if candidate.resolution is not None else "",
    }
