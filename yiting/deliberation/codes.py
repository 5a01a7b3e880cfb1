"""The codes of topics, meetings and resolutions are of the same kind as those of activities."""

from yiting.activities.queries import fresh_code, read_code

__all__ = ["fresh_code", "read_code"]
