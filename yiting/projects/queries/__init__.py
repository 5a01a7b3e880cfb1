"""Every read of the projects module that a page or another module needs."""

from yiting.projects.queries.asked import get_project_for_need, get_why_none, list_people_who_asked
from yiting.projects.queries.board import BoardFilters, BoardPage, ProjectCard, get_board, list_cards
from yiting.projects.queries.page import ProjectPage, find_project, get_picture, get_project_page

__all__ = [
    "BoardFilters",
    "BoardPage",
    "ProjectCard",
    "ProjectPage",
    "find_project",
    "get_board",
    "get_picture",
    "get_project_for_need",
    "get_project_page",
    "get_why_none",
    "list_cards",
    "list_people_who_asked",
]
