"""Tables of the alliances module; constraints only, no rules."""

from yiting.alliances.models.alliance import Alliance, JointActivity, JointKind, Membership, Reported
from yiting.alliances.models.chain import Relation
from yiting.alliances.models.pooling import Ask, Match, MatchDay, Offer, Pool, ResourceKind
from yiting.alliances.models.turns import Absence, Proposal, Turn, TurnPlan, TurnSwap

__all__ = [
    "Absence",
    "Alliance",
    "Ask",
    "JointActivity",
    "JointKind",
    "Match",
    "MatchDay",
    "Membership",
    "Offer",
    "Pool",
    "Proposal",
    "Relation",
    "Reported",
    "ResourceKind",
    "Turn",
    "TurnPlan",
    "TurnSwap",
]
