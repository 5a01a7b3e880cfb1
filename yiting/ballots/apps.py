"""The ballots app: a year's projects are chosen, by residents or by deputies, and everybody can recount it."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "yiting.ballots"
    verbose_name = "Ballots"

    def ready(self) -> None:
        from yiting.ballots import holding, verbs  # noqa: PLC0415  the ledger can only be told once the apps are ready

        verbs.register()
        holding.register()
