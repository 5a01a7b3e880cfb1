"""Tables of ballots; constraints only, no rules."""

from yiting.ballots.models.candidates import Candidate
from yiting.ballots.models.results import Allocation, Objection, Override
from yiting.ballots.models.rounds import (
    Completion,
    Kind,
    KindLimit,
    Observer,
    RefusedAttempts,
    Round,
    Rule,
    Satisfaction,
    Threshold,
    Ties,
)
from yiting.ballots.models.voting import Ballot, Paper, PaperEntry, RollEntry, VotingPass

__all__ = [
    "Allocation",
    "Ballot",
    "Candidate",
    "Completion",
    "Kind",
    "KindLimit",
    "Objection",
    "Observer",
    "Override",
    "Paper",
    "PaperEntry",
    "RefusedAttempts",
    "RollEntry",
    "Round",
    "Rule",
    "Satisfaction",
    "Threshold",
    "Ties",
    "VotingPass",
]
