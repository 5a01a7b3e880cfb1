"""The ledger in the administration: to be looked at, by nobody to be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from yiting.ledger.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin[Any]):
    """Entries, the newest first."""

    list_display = ("index", "kind", "object_type", "object_id", "at", "role")
    list_filter = ("object_type",)
    search_fields = ("object_id", "kind")
    ordering = ("-index",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False
