"""The clock: the one place where the time is read. Views and commands ask it and pass `at=` on."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return timezone.now()
