"""From a need to a project: proposing, choosing, visiting, building, finishing, giving up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yiting.deliberation.models import Resolution
from yiting.deliberation.services import resolution_open_need
from yiting.ledger.services import entry_append
from yiting.needs.models import Need, State
from yiting.needs.queries import fresh_code
from yiting.needs.services import needs_build, needs_choose, needs_deliver, needs_release, needs_reopen
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place
from yiting.projects.errors import (
    ChangedMeanwhile,
    FinishedAlready,
    NeedElsewhere,
    NeedTaken,
    NoNeedGiven,
    ProjectMissing,
    ReasonMissing,
    TitleMissing,
)
from yiting.projects.models import FieldVisit, Milestone, NoProject, Project, ProjectNeed, Stage
from yiting.projects.queries.asked import served_roots
from yiting.projects.services.judging import ask_for_evaluation
from yiting.projects.stages import change_stage

TITLE_LIMIT = 120
# A need that was returned, or answered and closed, on its own keeps that end; the project does not move it.
ENDED = (State.RETURNED, State.CLOSED)


@transaction.atomic
def project_open(
    *,
    by: Actor,
    from_needs: Sequence[Need],
    title: str,
    year: int,
    place: Place,
    purpose: str = "",
    lead: Organisation | None = None,
    budget_fen: int | None = None,
    from_resolution: Resolution | None = None,
    at: datetime,
) -> Project:
    """Propose a project that serves one need or several; who benefits is drawn from the place.

    Refuses a project without a need, a need outside the place and one that another project serves. A resolution
    that asks for it becomes a need when none is given.
    """
    _require_work(by, place.path)
    if from_resolution is not None:
        if not (from_resolution.place_path.startswith(place.path) or place.path.startswith(from_resolution.place_path)):
            raise NeedElsewhere(title=from_resolution.title)
        from_needs = from_needs or [resolution_open_need(by=by, resolution=from_resolution, at=at)]
    if not from_needs:
        raise NoNeedGiven
    project = Project.objects.create(
        code=fresh_code(8),
        title=_title(title),
        purpose=purpose.strip(),
        year=year,
        place=place,
        place_path=place.path,
        lead=lead,
        resolution=from_resolution,
        budget_fen=budget_fen,
        households=place.households,
        households_on_allowance=place.households_on_allowance,
        created_at=at,
    )
    facts: dict[str, Any] = {
        "year": year,
        "title": project.title,
        "budget_fen": budget_fen,
        "place": place.name,
    }
    if from_resolution is not None:
        facts["resolution"] = from_resolution.code
    entry_append(kind="projects.project.proposed", obj=project, by=by, at=at, facts=facts)
    project_serve(by=by, project=project, needs=from_needs, at=at)
    return project


@transaction.atomic
def project_serve(*, by: Actor, project: Project, needs: Sequence[Need], at: datetime) -> Project:
    """Add needs to a project that is not finished; they come to stand where it stands."""
    held = take_project(by=by, project=project)
    if held.stage not in (Stage.CANDIDATE, Stage.CHOSEN, Stage.BUILDING):
        raise FinishedAlready(title=held.title)
    if not needs:
        raise NoNeedGiven
    roots = Need.objects.select_for_update().filter(pk__in={need.root_id or need.pk for need in needs}).order_by("pk")
    standing = {
        link.need_id: link
        for link in ProjectNeed.objects.select_related("project").filter(need__in=roots, ended_at__isnull=True)
    }
    for need in roots:
        if not (need.place_path.startswith(held.place_path) or held.place_path.startswith(need.place_path)):
            raise NeedElsewhere(title=need.title)
        link = standing.get(need.pk)
        if link is not None and link.project_id != held.pk:
            raise NeedTaken(title=need.title, project=link.project.title)
        if link is None:
            ProjectNeed.objects.create(project=held, need=need, added_at=at)
            # the code alone: a title holds a resident's words, which no public fact may keep for ever
            entry_append(kind="projects.need.added", obj=held, by=by, at=at, facts={"need": need.code})
    if held.stage != Stage.CANDIDATE:
        _move_needs(by, held, at=at)
    return held


@transaction.atomic
def need_decline(*, by: Actor, need: Need, year: int, reason: str, at: datetime) -> NoProject:
    """Say in public why a need does not become a project this year."""
    _require_work(by, need.place_path)
    if not reason.strip():
        raise ReasonMissing
    declined, _created = NoProject.objects.update_or_create(
        need_id=need.root_id or need.pk,
        year=year,
        defaults={"reason": reason.strip()[:400], "role_label": by.role_label, "at": at},
    )
    entry_append(kind="projects.need.declined", obj=need, by=by, at=at, facts={"year": year, "reason": declined.reason})
    return declined


@transaction.atomic
def project_choose(
    *, by: Actor, project: Project, on: date | None = None, seen: int | None = None, at: datetime
) -> Project:
    """The candidate becomes a project of its year, and its needs are chosen with it."""
    held = take_project(by=by, project=project, seen=seen)
    change_stage(held, Stage.CHOSEN)
    held.chosen_on = on
    _save(held)
    entry_append(kind="projects.project.chosen", obj=held, by=by, at=at, facts={"year": held.year})
    _move_needs(by, held, at=at)
    return held


@transaction.atomic
def project_plan(
    *,
    by: Actor,
    project: Project,
    purpose: str | None = None,
    lead: Organisation | None = None,
    budget_fen: int | None = None,
    spent_fen: int | None = None,
    seen: int | None = None,
    at: datetime,
) -> Project:
    """Change what is planned: purpose, who leads, the money. What is left out stays as it is."""
    held = take_project(by=by, project=project, seen=seen)
    facts: dict[str, Any] = {}
    if purpose is not None and purpose.strip() != held.purpose:
        held.purpose = facts["purpose"] = purpose.strip()
    if lead is not None and lead.pk != held.lead_id:
        held.lead = lead
        facts["lead"] = lead.name
    if budget_fen is not None and budget_fen != held.budget_fen:
        held.budget_fen = facts["budget_fen"] = budget_fen
    if spent_fen is not None and spent_fen != held.spent_fen:
        held.spent_fen = facts["spent_fen"] = spent_fen
    if facts:
        _save(held)
        entry_append(kind="projects.project.changed", obj=held, by=by, at=at, facts=facts)
    return held


@transaction.atomic
def visit_record(
    *,
    by: Actor,
    project: Project,
    organisations: Sequence[Organisation] = (),
    with_deputies: bool = False,
    deputies: int | None = None,
    findings: str = "",
    visited_on: date | None = None,
    when: str = "",
    at: datetime,
) -> FieldVisit:
    """Record a visit on the spot. Deputies of the place may record theirs as well as those who work there."""
    held = _lock(project)
    if not (by.works_at(held.place_path) or by.deputy_at(held.place_path)):
        raise ProjectMissing
    visit = FieldVisit.objects.create(
        project=held,
        visited_on=visited_on,
        when=when.strip(),
        with_deputies=with_deputies or bool(deputies),
        deputies=deputies,
        findings=findings.strip(),
        role_label=by.role_label,
        at=at,
    )
    visit.organisations.set(organisations)
    who = "、".join(organisation.name for organisation in organisations)
    facts = {
        "who": who,
        "deputies": visit.with_deputies,
        "when": when or (str(visited_on) if visited_on else ""),
    }
    entry_append(kind="projects.visit.held", obj=held, by=by, at=at, facts=facts)
    return visit


@transaction.atomic
def milestone_set(
    *,
    by: Actor,
    project: Project,
    title: str,
    planned_on: date | None = None,
    done_on: date | None = None,
    done_when: str = "",
    note: str = "",
    at: datetime,
) -> Milestone:
    """Plan a step, or note that it is done; a step is known by its title."""
    held = take_project(by=by, project=project)
    milestone, created = Milestone.objects.get_or_create(
        project=held, title=_title(title), defaults={"position": held.milestones.count()}
    )
    milestone.planned_on = planned_on or milestone.planned_on
    milestone.note = note.strip()[:400] or milestone.note
    was_done = milestone.done_on is not None or bool(milestone.done_when)
    milestone.done_on, milestone.done_when = done_on or milestone.done_on, done_when or milestone.done_when
    milestone.save()
    done = milestone.done_on is not None or bool(milestone.done_when)
    if created or done != was_done:
        kind = "projects.milestone.done" if done else "projects.milestone.set"
        entry_append(kind=kind, obj=held, by=by, at=at, facts={"title": milestone.title})
    return milestone


@transaction.atomic
def project_start(
    *, by: Actor, project: Project, on: date | None = None, seen: int | None = None, at: datetime
) -> Project:
    """Work begins, or goes on after it seemed finished; the needs are being done."""
    held = take_project(by=by, project=project, seen=seen)
    finished = held.stage in (Stage.DELIVERED, Stage.CLOSED)
    change_stage(held, Stage.BUILDING)
    held.started_on = held.started_on if finished else on
    _save(held)
    entry_append(kind="projects.project.started", obj=held, by=by, at=at, facts={"on": str(on or "")})
    if finished:
        judged = [need for need in served_needs(held) if need.state in (State.JUDGING, State.CLOSED)]
        needs_reopen(by=by, needs=judged, note=held.title, at=at)
    else:
        _move_needs(by, held, at=at)
    return held


@transaction.atomic
def project_deliver(
    *,
    by: Actor,
    project: Project,
    on: date | None = None,
    when: str = "",
    seen: int | None = None,
    at: datetime,
) -> Project:
    """It is finished: everybody who asked is told and asked to judge, now and again after 30 and 180 days."""
    held = take_project(by=by, project=project, seen=seen)
    change_stage(held, Stage.DELIVERED)
    held.delivered_on, held.delivered_when, held.delivered_at = on, when.strip(), at
    _save(held)
    facts = {"when": when or str(on or "")}
    entry_append(kind="projects.project.delivered", obj=held, by=by, at=at, facts=facts)
    _move_needs(by, held, at=at)
    ask_for_evaluation(held, at=at)
    return held


@transaction.atomic
def project_drop(*, by: Actor, project: Project, reason: str, seen: int | None = None, at: datetime) -> Project:
    """Give a project up, with a reason for the residents; its needs wait for another way."""
    if not reason.strip():
        raise ReasonMissing
    held = take_project(by=by, project=project, seen=seen)
    needs = [need for need in served_needs(held) if need.state in (State.CHOSEN, State.DOING)]
    chosen = held.stage != Stage.CANDIDATE
    change_stage(held, Stage.DROPPED)
    held.drop_reason = reason.strip()[:400]
    _save(held)
    ProjectNeed.objects.filter(project=held, ended_at__isnull=True).update(ended_at=at)
    entry_append(kind="projects.project.dropped", obj=held, by=by, at=at, facts={"reason": held.drop_reason})
    if chosen:
        needs_release(by=by, needs=needs, note=held.drop_reason, at=at)
    return held


def served_needs(project: Project) -> list[Need]:
    """Return the needs a project serves today."""
    return list(served_roots(project).order_by("pk"))


def take_project(*, by: Actor, project: Project, seen: int | None = None) -> Project:
    """Lock a project for a change by someone who works there; `seen` is the version they looked at."""
    held = _lock(project)
    _require_work(by, held.place_path)
    if seen is not None and seen != held.version:
        raise ChangedMeanwhile
    return held


def _move_needs(by: Actor, project: Project, *, at: datetime) -> None:
    """Bring the needs to where their project stands, but for those that came to their own end."""
    needs = [need for need in served_needs(project) if need.state not in ENDED]
    if project.stage == Stage.CHOSEN:
        # one that has an answer already waits for its judgement, and is not chosen backwards
        needs_choose(by=by, needs=[n for n in needs if n.state != State.JUDGING], note=project.title, at=at)
    elif project.stage == Stage.BUILDING:
        needs_build(by=by, needs=needs, note=project.title, at=at)
    elif project.stage == Stage.DELIVERED:
        needs_deliver(by=by, needs=needs, note=project.title, at=at)


def _lock(project: Project) -> Project:
    held = Project.objects.select_for_update().filter(pk=project.pk).first()
    if held is None:
        raise ProjectMissing
    return held


def _require_work(by: Actor, place_path: str) -> None:
    if not by.works_at(place_path):
        raise ProjectMissing


def _title(title: str) -> str:
    title = title.strip()
    if not title or len(title) > TITLE_LIMIT:
        raise TitleMissing(limit=TITLE_LIMIT)
    return title


def _save(project: Project) -> None:
    project.version += 1
    project.save()
