"""The refusals of a rotation, each with the place that is wrong and what to do about it."""

from __future__ import annotations


class RotationInvalid(ValueError):
    """What was given does not describe a rotation; `place` says where, `reason` what is wrong and the remedy."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class SwapRefused(ValueError):
    """Two turns cannot change places; the message says why."""
