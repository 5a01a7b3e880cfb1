"""Django's entry to the ledger module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yiting.ledger.registry import register_own_verbs


class LedgerConfig(AppConfig):
    """The ledger: an append-only log of every change of state."""

    name = "yiting.ledger"
    label = "ledger"
    verbose_name = _("Ledger")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the ledger's own verb."""
        register_own_verbs()
