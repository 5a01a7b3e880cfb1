"""The clock: the one place where the time is read. Views and commands ask it and pass `at=` on."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, aware and in UTC; in the demo, whose clock is set back, that of its story."""
    return in_step(timezone.now())


def in_step(at: datetime) -> datetime:
    """What this clock showed when the machine's own stood at `at`: libraries stamp by the machine's."""
    return at - settings.CLOCK_BEHIND


def machine_now() -> datetime:
    """The present moment by the machine's own clock, for libraries that wait by it; elsewhere ask `now`."""
    return timezone.now()
