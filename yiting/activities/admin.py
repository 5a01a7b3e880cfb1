"""Activities in the administration: to be looked at; they are changed on the workbench, through the ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from yiting.activities.models import Activity, Kind


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


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    """Activities, the latest first; who came is not shown here."""

    list_display = ("code", "title", "starts_at", "state", "sequence")
    list_filter = ("state", "kind")
    search_fields = ("code", "title")
    ordering = ("-starts_at", "-pk")


@admin.register(Kind)
class KindAdmin(ReadOnlyAdmin):
    """The kinds of activities."""

    list_display = ("code", "name", "position", "active")
    ordering = ("position", "pk")
