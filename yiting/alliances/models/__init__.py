"""Tables of the alliances module; constraints only, no rules."""

from yiting.alliances.models.alliance import Alliance, JointActivity, JointKind, Membership, Reported

__all__ = ["Alliance", "JointActivity", "JointKind", "Membership", "Reported"]
