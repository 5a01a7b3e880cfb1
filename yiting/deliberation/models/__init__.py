"""Tables of deliberation; constraints only, no rules."""

from yiting.deliberation.models.analysis import Analysis
from yiting.deliberation.models.paper import Sheet, SheetEntry
from yiting.deliberation.models.topics import Evidence, Invitation, Topic, TopicSupport
from yiting.deliberation.models.voting import Moderation, Participant, Statement, Vote, VoteEvent, VoteValue

__all__ = [
    "Analysis",
    "Evidence",
    "Invitation",
    "Moderation",
    "Participant",
    "Sheet",
    "SheetEntry",
    "Statement",
    "Topic",
    "TopicSupport",
    "Vote",
    "VoteEvent",
    "VoteValue",
]
