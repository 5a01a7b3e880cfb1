"""What an analysis says: groups, what each of them says, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from yiting.methods.opinions.mixture import Fit
from yiting.methods.opinions.votes import Floats

Method = Literal["stable", "polis"]
Reason = Literal["", "too-few-people", "too-few-votes", "all-alike", "one-group"]


class Tally(NamedTuple):
    """How some people voted on a statement."""

    agrees: int
    passes: int
    disagrees: int

    @property
    def votes(self) -> int:
        """How many of them voted on it."""
        return self.agrees + self.passes + self.disagrees


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that tells a group from the others, with the tests of Polis.

    `alike` of `votes` in the group agree (or, where `agree` is false, disagree); `probability` is their smoothed
    share, `relative` that share against the others' share; `probability_z` and `z` are the tests of the two.
    """

    statement_id: str
    agree: bool
    votes: int
    alike: int
    probability: float
    relative: float
    probability_z: float
    z: float


@dataclass(frozen=True, slots=True)
class Group:
    """People who vote alike; `x`, `y` is where they stand in the middle, `spread` how far apart they stand."""

    id: int
    members: tuple[str, ...] = field(repr=False)
    x: float
    y: float
    spread: float
    representative: tuple[Representative, ...]

    @property
    def size(self) -> int:
        """How many people it has."""
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Opinion:
    """How a statement was voted on, by everybody and by each group, in the order of the groups.

    `consensus` is the product over the groups of the smoothed share that agrees, `refusal` of that which disagrees;
    `divisiveness` the width between the groups' mean votes, from 0 to 1; `bridging` the smaller of the shares that
    agree in the two groups that are farthest apart. Without groups all four are 0. Where `is_counted`
    is false (meta and rejected statements) it had no part in forming the groups.
    """

    statement_id: str
    is_counted: bool
    agrees: int
    passes: int
    disagrees: int
    by_group: tuple[Tally, ...]
    consensus: float
    refusal: float
    divisiveness: float
    bridging: float


@dataclass(frozen=True, slots=True)
class Common:
    """A statement that the majority of every group agrees with (or disagrees with, where `agree` is false)."""

    statement_id: str
    agree: bool
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What an update starts from."""

    statements: tuple[str, ...]
    axes: Floats
    fit: Fit | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was found. It names participants: what may be shown to others is `published` from it.

    `reason` says why there are not several groups: "too-few-people" and "too-few-votes" give none at all, "all-alike"
    and "one-group" (one group foretells held-back votes as well as more would) exactly one.
    `losses` has, for each number of groups that was tried, the mean loss on held-back votes.
    """

    method: Method
    participants: int
    statements: int
    votes: int
    reason: Reason
    groups: tuple[Group, ...]
    opinions: tuple[Opinion, ...] = field(repr=False)
    consensus: tuple[Common, ...]
    divisive: tuple[str, ...]
    bridging: tuple[str, ...]
    uniform: tuple[str, ...] = field(repr=False)
    ungrouped: tuple[str, ...] = field(repr=False)
    losses: Mapping[int, float]
    state: State = field(repr=False, compare=False)

    @property
    def membership(self) -> dict[str, int]:
        """Tell the group of each person who is in one."""
        return {member: group.id for group in self.groups for member in group.members}
