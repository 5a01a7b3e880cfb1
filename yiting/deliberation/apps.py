"""The deliberation app: residents talk a matter over, find what everybody can live with, and resolve it."""

from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "yiting.deliberation"
    verbose_name = "Deliberation"

    def ready(self) -> None:
        from yiting.deliberation import holding, verbs  # noqa: PLC0415  the ledger can only be told once apps are ready

        verbs.register()
        holding.register()
