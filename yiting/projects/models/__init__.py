"""Tables of the projects module; constraints only, no rules."""

from yiting.projects.models.evaluation import Evaluation, ProjectLook
from yiting.projects.models.project import (
    FieldVisit,
    Milestone,
    NoProject,
    Project,
    ProjectNeed,
    ProjectPhoto,
    Stage,
)

__all__ = [
    "Evaluation",
    "FieldVisit",
    "Milestone",
    "NoProject",
    "Project",
    "ProjectLook",
    "ProjectNeed",
    "ProjectPhoto",
    "Stage",
]
