"""Tables of deliberation; constraints only, no rules."""

from yiting.deliberation.models.analysis import Analysis
from yiting.deliberation.models.conventions import Article, Convention, ConventionVersion
from yiting.deliberation.models.disputes import Dispute, DisputeNote, DisputeParty
from yiting.deliberation.models.meetings import Approval, Meeting, MeetingInvitation, Minutes, Point, Said
from yiting.deliberation.models.paper import Sheet, SheetEntry
from yiting.deliberation.models.resolutions import Resolution, ResolutionTask, TaskNote
from yiting.deliberation.models.topics import Evidence, Invitation, Topic, TopicSupport
from yiting.deliberation.models.voting import Moderation, Participant, Statement, Vote, VoteEvent, VoteValue

__all__ = [
    "Analysis",
    "Approval",
    "Article",
    "Convention",
    "ConventionVersion",
    "Dispute",
    "DisputeNote",
    "DisputeParty",
    "Evidence",
    "Invitation",
    "Meeting",
    "MeetingInvitation",
    "Minutes",
    "Moderation",
    "Participant",
    "Point",
    "Resolution",
    "ResolutionTask",
    "Said",
    "Sheet",
    "SheetEntry",
    "Statement",
    "TaskNote",
    "Topic",
    "TopicSupport",
    "Vote",
    "VoteEvent",
    "VoteValue",
]
