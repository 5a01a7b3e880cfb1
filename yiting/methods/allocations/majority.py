"""Deputies' vote on a list: a project is adopted with more than a part of all deputies voting yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yiting.methods.allocations.board import board_of
from yiting.methods.allocations.election import Limit, Project, election_of
from yiting.methods.allocations.errors import AllocationInvalid
from yiting.methods.allocations.results import Tie
from yiting.methods.allocations.ties import order_checked


@dataclass(frozen=True, slots=True)
class Count:
    """How deputies voted on a project."""

    yes: int
    no: int = 0
    abstain: int = 0


@dataclass(frozen=True, slots=True)
class MajorityOutcome:
    """Winners in the order chosen; those with too few yes; those with enough for which money or seats ran out."""

    winners: tuple[str, ...]
    refused: tuple[str, ...]
    left_over: tuple[str, ...]
    needed: int
    cost: Fraction
    ties: tuple[Tie, ...]


def majority(
    projects: Sequence[Project],
    counts: Mapping[str, Count],
    *,
    base: int,
    threshold: Fraction = Fraction(1, 2),
    budget: int | Fraction | None = None,
    seats: int | None = None,
    limits: Sequence[Limit] = (),
    order: Sequence[str] | None = None,
) -> MajorityOutcome:
    """Adopt what more than `threshold` of `base` deputies (all elected, or all present) voted for, most yes first.

    A tie is noted only where it decides who is adopted.
    """
    if base < 1 or not 0 <= threshold < 1:
        raise AllocationInvalid("majority", "there must be a deputy, and a threshold from 0 to below 1")
    for project in projects:
        count = counts.get(project.id)
        if count is None:
            raise AllocationInvalid(f"project {project.id}", "its votes are missing; give yes, no and abstain")
        if min(count.yes, count.no, count.abstain) < 0 or count.yes + count.no + count.abstain > base:
            raise AllocationInvalid(f"project {project.id}", f"its votes must be 0 or more and together at most {base}")
    money = budget if budget is not None else sum(project.cost for project in projects)
    published = order_checked([project.id for project in projects], order)
    board = board_of(election_of(projects, (), budget=money, limits=limits), "cardinality", published)
    needed = int(threshold * base) + 1
    adopted = [at for at, project in enumerate(projects) if counts[project.id].yes >= needed]
    waiting = list(adopted)
    chosen: list[int] = []
    left = board.budget
    ties: list[Tie] = []
    while True:
        if seats is not None and len(chosen) >= seats:
            break
        waiting = [at for at in waiting if board.costs[at] <= left and board.room.lets(at, chosen)]
        if not waiting:
            break
        most = max(counts[projects[at].id].yes for at in waiting)
        best = board.first([at for at in waiting if counts[projects[at].id].yes == most], ties)
        waiting.remove(best)
        chosen.append(best)
        left -= board.costs[best]
    winners = tuple(projects[at].id for at in chosen)
    return MajorityOutcome(
        winners=winners,
        refused=tuple(project.id for project in projects if counts[project.id].yes < needed),
        left_over=tuple(projects[at].id for at in adopted if at not in chosen),
        needed=needed,
        cost=sum((Fraction(projects[at].cost) for at in chosen), Fraction(0)),
        ties=tuple(tie for tie in ties if not set(tie.projects) <= set(winners)),
    )
