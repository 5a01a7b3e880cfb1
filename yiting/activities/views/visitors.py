"""Whose voice a browser speaks with, and how fast: the same session as on every other page."""

from __future__ import annotations

from django.http import HttpRequest

from yiting.people.sessions import actor_of, count_pace, speaker_of, voices_of, web_address

__all__ = ["actor_of", "keep_pace", "speaker_of", "voices_of", "web_address"]

MINUTES = 10
# What may be done in ten minutes: by one browser, and by all that share an address (a hall full of people).
A_BROWSER, AN_ADDRESS = 60, 1_500


def keep_pace(request: HttpRequest, what: str) -> None:
    """Count one more of what is done; raises TooOften when it is far more than people do."""
    count_pace(request, f"activities:{what}", a_browser=A_BROWSER, an_address=AN_ADDRESS, minutes=MINUTES)
