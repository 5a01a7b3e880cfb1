"""What a rule answers: the winners in the order chosen, each step, and every tie that was met."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Rule = Literal["greedy", "equal-shares", "phragmen", "max-welfare"]
Satisfaction = Literal["cost", "cardinality", "cc", "score"]
Completion = Literal["none", "add1", "add1-exhaustive", "greedy"]
RULES: Final = ("greedy", "equal-shares", "phragmen", "max-welfare")
SATISFACTIONS: Final = ("cost", "cardinality", "cc", "score")
COMPLETIONS: Final = ("none", "add1", "add1-exhaustive", "greedy")


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that stood equal, in the published order, and the one that it chose."""

    projects: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who won; `added` is what each voter was given beyond an equal share before the last run of Equal Shares."""

    rule: Rule
    satisfaction: Satisfaction | None
    completion: Completion
    winners: tuple[str, ...]
    cost: Fraction
    ties: tuple[Tie, ...]
    order: tuple[str, ...]
    added: int = 0
    completed: tuple[str, ...] = ()
