"""Every write of the projects module, one function a use case."""

from yiting.projects.services.judging import (
    evaluation_give,
    evaluation_words_forget,
    project_looks_ask,
    projects_close,
)
from yiting.projects.services.planning import (
    milestone_set,
    need_decline,
    project_choose,
    project_deliver,
    project_drop,
    project_open,
    project_plan,
    project_serve,
    project_start,
    served_needs,
    visit_record,
)
from yiting.projects.services.showing import project_photo_add

__all__ = [
    "evaluation_give",
    "evaluation_words_forget",
    "milestone_set",
    "need_decline",
    "project_choose",
    "project_deliver",
    "project_drop",
    "project_looks_ask",
    "project_open",
    "project_photo_add",
    "project_plan",
    "project_serve",
    "project_start",
    "projects_close",
    "served_needs",
    "visit_record",
]
