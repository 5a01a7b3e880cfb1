"""Projects in the administration: to be looked at; they are changed on the workbench, through the ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from yiting.projects.models import Evaluation, NoProject, Project


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that nobody changes here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    """Projects, the newest year first."""

    list_display = ("code", "title", "year", "stage", "version")
    list_filter = ("stage", "year")
    search_fields = ("code", "title")
    ordering = ("-year", "-pk")


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    """Judgements without whose they are."""

    list_display = ("project_id", "look", "verdict", "basis", "at")
    list_filter = ("verdict", "look")
    fields = ("look", "verdict", "basis", "word", "at")
    ordering = ("-at", "-pk")


@admin.register(NoProject)
class NoProjectAdmin(ReadOnlyAdmin):
    """Why needs became no project."""

    list_display = ("need_id", "year", "reason", "at")
    ordering = ("-at", "-pk")
