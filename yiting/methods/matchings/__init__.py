"""Offers and asks matched: the best assignment of all, provably, and suggestions for one.

Pure functions on frozen dataclasses: offers, asks and `Rules` go in; `best_assignment` gives an `Assignment` with the
parts of every fit and the prices that prove it, `suggestions_for_ask` and `suggestions_for_offer` the best few.
"""

from yiting.methods.matchings.assign import Assignment, Left, Pair, Price, best_assignment
from yiting.methods.matchings.check import assignment_check
from yiting.methods.matchings.errors import (
    AmountInvalid,
    CarriedInvalid,
    DaysReversed,
    DuplicateId,
    EmptyId,
    MatchingInvalid,
    Overbooked,
    PlaceInvalid,
    PointsInvalid,
    RulesInvalid,
    UnknownId,
    WeightInvalid,
)
from yiting.methods.matchings.fit import Fit, Part, PartName, fit_of
from yiting.methods.matchings.problem import Ask, Fixed, Offer, Place, Points, Rules
from yiting.methods.matchings.suggest import suggestions_for_ask, suggestions_for_offer

__all__ = [
    "AmountInvalid",
    "Ask",
    "Assignment",
    "CarriedInvalid",
    "DaysReversed",
    "DuplicateId",
    "EmptyId",
    "Fit",
    "Fixed",
    "Left",
    "MatchingInvalid",
    "Offer",
    "Overbooked",
    "Pair",
    "Part",
    "PartName",
    "Place",
    "PlaceInvalid",
    "Points",
    "PointsInvalid",
    "Price",
    "Rules",
    "RulesInvalid",
    "UnknownId",
    "WeightInvalid",
    "assignment_check",
    "best_assignment",
    "fit_of",
    "suggestions_for_ask",
    "suggestions_for_offer",
]
