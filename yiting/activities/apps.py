"""The activities app: what has a time, a place and hosts, and who comes."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "yiting.activities"
    verbose_name = "Activities"

    def ready(self) -> None:
        from yiting.activities import holding, verbs  # noqa: PLC0415  the ledger can only be told once apps are ready

        verbs.register()
        holding.register()
