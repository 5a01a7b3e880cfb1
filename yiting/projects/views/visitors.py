"""Whose voice a browser speaks with: the same as on the pages of needs, so that one session is one person."""

from yiting.needs.views.resident_session import actor_of, keep_pace, speaker_of, speaks_for, visitor_of

__all__ = ["actor_of", "keep_pace", "speaker_of", "speaks_for", "visitor_of"]
