"""Tables of the activities module; constraints only, no rules."""

from yiting.activities.models.activity import Activity, Host, Kind, Series

__all__ = ["Activity", "Host", "Kind", "Series"]
