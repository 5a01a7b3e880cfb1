"""The notices app: the outbox and the inbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """The notices app."""

    name = "yiting.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Take part in the copies and erasures of people."""
        from yiting.notices import holding  # noqa: PLC0415  models are only there once the apps are ready

        holding.register()
