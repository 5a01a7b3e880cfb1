"""Tables of the needs module; constraints only, no rules."""

from yiting.needs.models.asking import ImportRun, Photo, ServiceRequest, Support
from yiting.needs.models.handling import Assignment, Judgement, Pause, Reply, ReturnReason, SecondLook
from yiting.needs.models.need import Category, HotSnapshot, Merge, Need, SavedView, State, Suggestion, Urgency

__all__ = [
    "Assignment",
    "Category",
    "HotSnapshot",
    "ImportRun",
    "Judgement",
    "Merge",
    "Need",
    "Pause",
    "Photo",
    "Reply",
    "ReturnReason",
    "SavedView",
    "SecondLook",
    "ServiceRequest",
    "State",
    "Suggestion",
    "Support",
    "Urgency",
]
