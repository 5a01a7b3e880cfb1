"""The projects app: what is built for needs, in public, and what the residents say of it."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "yiting.projects"
    verbose_name = "Projects"

    def ready(self) -> None:
        from yiting.projects import holding, verbs  # noqa: PLC0415  the ledger can only be told once the apps are ready

        verbs.register()
        holding.register()
