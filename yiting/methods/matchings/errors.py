"""The refusals of a matching, each with the place that is wrong and what to do about it."""

from __future__ import annotations


class MatchingInvalid(ValueError):
    """What was given cannot be matched; `place` says where, `reason` what is wrong and the remedy."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class EmptyId(MatchingInvalid):
    """An offer or ask has no id."""


class DuplicateId(MatchingInvalid):
    """Two offers, or two asks, have one id."""


class AmountInvalid(MatchingInvalid):
    """An amount is no whole number from 1 to `MOST_AMOUNT`."""


class WeightInvalid(MatchingInvalid):
    """A weight is no whole number from 1 to `MOST_WEIGHT`."""


class CarriedInvalid(MatchingInvalid):
    """A load is no whole number from 0 up."""


class DaysReversed(MatchingInvalid):
    """A range of days ends before it begins."""


class PlaceInvalid(MatchingInvalid):
    """A place is no point on the earth."""


class PointsInvalid(MatchingInvalid):
    """The points of a fit's parts are no whole numbers in their range."""


class RulesInvalid(MatchingInvalid):
    """Two rules do not go together."""


class UnknownId(MatchingInvalid):
    """A fixed or excluded pair names an offer or ask that is not there."""


class Overbooked(MatchingInvalid):
    """The fixed pairs promise more of an offer than there is."""
