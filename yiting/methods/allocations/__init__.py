"""Allocations: from how people voted under a budget to what is built, fairly, exactly and explained.

Pure functions on frozen dataclasses: `election_of` or `pb_read` give an `Election`, `elect` an `Outcome`, `explained`
why it came out so. Results do not hang on rounding: doubles are fast, whole numbers decide what is near.
"""

from yiting.methods.allocations.comparison import compared
from yiting.methods.allocations.electing import elect
from yiting.methods.allocations.election import (
    Cast,
    Election,
    Limit,
    Project,
    cost_replaced,
    election_of,
    election_of_arrays,
    supporters_added,
)
from yiting.methods.allocations.errors import AllocationInvalid, TooManyWays
from yiting.methods.allocations.explanation import (
    Explanation,
    GroupSatisfaction,
    Loss,
    Payment,
    explained,
    groups_satisfied,
    lower_cost,
    more_votes,
)
from yiting.methods.allocations.majority import Count, MajorityOutcome, majority
from yiting.methods.allocations.picture import Bar, bars_svg, comparison_svg
from yiting.methods.allocations.reading import PbFile, Warned, pb_read
from yiting.methods.allocations.results import COMPLETIONS, RULES, SATISFACTIONS, Outcome, Tie
from yiting.methods.allocations.ties import drawn_order
from yiting.methods.allocations.writing import pb_write

__all__ = [
    "COMPLETIONS",
    "RULES",
    "SATISFACTIONS",
    "AllocationInvalid",
    "Bar",
    "Cast",
    "Count",
    "Election",
    "Explanation",
    "GroupSatisfaction",
    "Limit",
    "Loss",
    "MajorityOutcome",
    "Outcome",
    "Payment",
    "PbFile",
    "Project",
    "Tie",
    "TooManyWays",
    "Warned",
    "bars_svg",
    "compared",
    "comparison_svg",
    "cost_replaced",
    "drawn_order",
    "elect",
    "election_of",
    "election_of_arrays",
    "explained",
    "groups_satisfied",
    "lower_cost",
    "majority",
    "more_votes",
    "pb_read",
    "pb_write",
    "supporters_added",
]
