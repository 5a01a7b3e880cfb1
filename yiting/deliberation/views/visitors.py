"""Whose voice a browser speaks with, and how fast: the same session as on every other page."""

from __future__ import annotations

from django.http import HttpRequest

from yiting.people.sessions import actor_of, count_pace, speaker_of, voices_of, web_address

__all__ = ["actor_of", "keep_pace", "speaker_of", "voices_of", "web_address"]

MINUTES = 10
# What may be done in ten minutes: by one browser, and by all that share an address (a hall full of people). A voice is
# somebody's first vote in a topic: whoever clears their cookies to vote again is soon stopped.
PACE = {"vote": (200, 4_000), "voice": (5, 120), "say": (15, 300), "support": (30, 600), "propose": (5, 60)}


def keep_pace(request: HttpRequest, what: str) -> None:
    """Count one more of what is done; raises TooOften when it is far more than people do."""
    a_browser, an_address = PACE[what]
    count_pace(request, f"topics:{what}", a_browser=a_browser, an_address=an_address, minutes=MINUTES)
