"""The alliances app: who is allied with whom, whose turn it is, and what each can give."""

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    name = "yiting.alliances"
    verbose_name = "Alliances"

    def ready(self) -> None:
        from yiting.alliances import verbs  # noqa: PLC0415  the ledger can only be told once the apps are ready

        verbs.register()
