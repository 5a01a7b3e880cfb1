"""People in Django's own administration: to look, not to write; every write goes through a service."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from yiting.people.models import Account, ApiToken, Organisation, PersonalReading, Role


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one base for several tables
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Accounts without their passwords."""

    list_display = ("username", "public_name", "is_active", "is_staff", "last_login")
    search_fields = ("username", "public_name")
    exclude = ("password",)


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    """Organisations."""

    list_display = ("name", "kind", "place", "active")
    list_select_related = ("place",)
    list_filter = ("kind", "active")
    search_fields = ("name",)


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin):
    """Roles, past ones too."""

    list_display = ("account", "kind", "organisation", "place", "since_on", "until_on")
    list_select_related = ("account", "organisation", "place")
    list_filter = ("kind",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens by their first characters."""

    list_display = ("label", "prefix", "organisation", "created_at", "revoked_at", "last_used_at")
    list_select_related = ("organisation",)
    exclude = ("token_hash",)


@admin.register(PersonalReading)
class PersonalReadingAdmin(ReadOnlyAdmin):
    """Who looked at whose record; the record itself is never shown here."""

    list_display = ("at", "role_label", "purpose", "person")
    list_select_related = ("person",)
