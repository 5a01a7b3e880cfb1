"""The refusals of a chain."""

from __future__ import annotations


class ChainInvalid(ValueError):
    """What was given is no chain; `place` says where, `reason` what is wrong and the remedy."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
