"""The needs app: what residents ask for, merged, handled and judged."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "yiting.needs"
    verbose_name = "Needs"

    def ready(self) -> None:
        from yiting.needs import holding, witnesses  # noqa: PLC0415  models are only there once the apps are ready

        witnesses.register()
        holding.register()
