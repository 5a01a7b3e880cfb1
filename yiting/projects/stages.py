"""The declared transitions of a project."""

from __future__ import annotations

from yiting.projects.errors import StageNotPossible
from yiting.projects.models import Project, Stage

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.CANDIDATE: frozenset({Stage.CHOSEN, Stage.DROPPED}),
    Stage.CHOSEN: frozenset({Stage.BUILDING, Stage.DELIVERED, Stage.DROPPED}),
    Stage.BUILDING: frozenset({Stage.DELIVERED, Stage.DROPPED}),
    Stage.DELIVERED: frozenset({Stage.BUILDING, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.BUILDING}),
    Stage.DROPPED: frozenset(),
}


def change_stage(project: Project, target: Stage) -> None:
    """Set the project's stage along a declared transition, or refuse."""
    current = Stage(project.stage)
    if target not in TRANSITIONS[current]:
        raise StageNotPossible(stage=current.label, target=target.label)
    project.stage = target
