"""The activities app: what has a time, a place and hosts, and who comes."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "yiting.activities"
    verbose_name = "Activities"
