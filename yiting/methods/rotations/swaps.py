"""Two units change turns, when both agree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from yiting.methods.rotations.board import board_of
from yiting.methods.rotations.errors import SwapRefused
from yiting.methods.rotations.plan import Plan, hosts_of, plan_of
from yiting.methods.rotations.problem import Problem, problem_check


def plan_swap(
    problem: Problem, plan: Plan, *, first: str, second: str, agreed: Collection[str]
) -> tuple[Problem, Plan]:
    """Let the hosts of two activities change turns; the swap stands when the period is planned again.

    `agreed` names the units that said yes. Returns the problem with both turns fixed and the swapped plan as its
    earlier one, and that plan, which is called optimal only if it is as good as one that was. By the season the whole
    quarters change hosts. Raises `SwapRefused` when one of the two did not agree, cannot host the other's turn, or
    has both.
    """
    problem_check(problem)
    board = board_of(problem)
    row_of = {activity.id: row for row, turn in enumerate(board.turns) for activity in turn.activities}
    for name in (first, second):
        if name not in row_of:
            raise SwapRefused(f"{name} is no activity of this plan; name two that are")
    host = hosts_of(board, plan.assignments)
    one, other = row_of[first], row_of[second]
    if host[one] == host[other]:
        raise SwapRefused(f"{board.units[host[one]].id} hosts both {first} and {second}; name turns of two units")
    for column in (host[one], host[other]):
        if board.units[column].id not in agreed:
            raise SwapRefused(f"{board.units[column].id} has not agreed; a swap needs the consent of both")
    touched = {activity.id for row in (one, other) for activity in board.turns[row].activities}
    host[one], host[other] = host[other], host[one]
    kept = tuple(pin for pin in problem.fixed if pin.activity not in touched)
    free = board_of(replace(problem, fixed=kept))
    for row in (one, other):
        if not free.eligible[row, host[row]]:
            unit, turn = free.units[host[row]].id, free.turns[row].key
            reasons = [bar.wish.text for bar in free.bars if bar.stops(row, int(host[row]))]
            raise SwapRefused(f"{unit} cannot host {turn}: {'; '.join(reasons)}")
    swapped = plan_of(board, host, is_optimal=False, way=plan.way)
    pins = tuple(pair for pair in swapped.assignments if pair.activity in touched)
    is_as_good = (swapped.running, swapped.repeats, swapped.changes) == (plan.running, plan.repeats, plan.changes)
    swapped = replace(swapped, is_optimal=plan.is_optimal and is_as_good)
    return replace(problem, fixed=kept + pins, previous=swapped.assignments), swapped
