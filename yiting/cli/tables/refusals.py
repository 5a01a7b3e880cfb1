"""What cannot be read or written ends a command with one line and the code of bad input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from yiting.cli.output import refuse
from yiting.needs.spreadsheets import SheetRefused


class TableRefused(Exception):
    """A file that a command cannot use; the message names the place and the remedy."""


@contextmanager
def refusals_said() -> Iterator[None]:
    """End the command with the one line of a refusal raised within; no settings, database or keys are needed."""
    if not settings.configured:
        settings.configure(USE_I18N=False, CLOCK_BEHIND=timedelta(0))
    try:
        yield
    except TableRefused as refusal:
        refuse(refusal)
    except SheetRefused as refusal:
        refuse(refusal.message)
