"""The alliances app: who is allied with whom, whose turn it is, and what each can give."""

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    name = "yiting.alliances"
    verbose_name = "Alliances"
