"""The deliberation app: residents talk a matter over, find what everybody can live with, and resolve it."""

from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "yiting.deliberation"
    verbose_name = "Deliberation"
