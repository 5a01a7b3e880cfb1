"""The refusal of what does not describe an election, with the place that is wrong and what to do about it."""

from __future__ import annotations


class AllocationInvalid(ValueError):
    """What was given cannot be decided; `place` says where it is wrong, `reason` what is wrong and the remedy."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


class TooManyWays(AllocationInvalid):
    """The best choice cannot be proven: too many ways to choose would have to be held beside one another."""
