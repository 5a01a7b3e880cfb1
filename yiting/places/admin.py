"""Places in the administration: to be looked at; changes go through the pages and services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from yiting.places.models import CodeChange, Place


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """The tree of places."""

    list_display = ("name", "level", "code", "code_year", "code_is_local", "households")
    list_filter = ("level", "code_is_local")
    search_fields = ("name", "code")
    list_select_related = ("parent",)


@admin.register(CodeChange)
class CodeChangeAdmin(ReadOnlyAdmin):
    """Changes of division codes."""

    list_display = ("old_code", "new_code", "year", "note")
    search_fields = ("old_code", "new_code")
