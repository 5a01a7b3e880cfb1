"""Notices in Django's own administration: to look at, never to write."""

from django.contrib import admin
from django.http import HttpRequest

from yiting.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has the parameter in its stubs only
    """The outbox, without the texts: what was told is between the office and the reader."""

    list_display = ("key", "channel", "state", "failure", "tries", "created_at", "sent_at")
    list_filter = ("state", "channel", "failure")
    search_fields = ("key", "topic")
    ordering = ("-created_at", "-pk")
    fields = (
        "key",
        "channel",
        "topic",
        "link",
        "state",
        "failure",
        "tries",
        "created_at",
        "next_try_at",
        "lease_until",
        "sent_at",
        "read_at",
    )
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Notices are queued by services only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Notices are changed by services only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Notices are kept."""
        return False
