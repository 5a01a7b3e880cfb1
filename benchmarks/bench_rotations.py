"""Measure the planning of hosts in turn against a round-robin that skips who is unavailable, in the same run.

    python benchmarks/bench_rotations.py [--runs 3] [--json]

Four works: a year of 24 units and 52 activities with random blackouts; that year again after one unit fell ill for
a month; 500 units and 365 activities; 200 units and 52 activities. Each is done for several seeds, and the slowest
seed is given, each seed being the best of a few runs. The round-robin takes the next unit in line that is there; it
is timed on the same problems, and its plan is counted by the same measures. Every plan of ours is held against
`plan_check` before anything is printed.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from yiting.methods.rotations import Activity, Assignment, Period, Plan, Problem, Unit, plan_check, rotation_plan
from yiting.methods.rotations.board import board_of
from yiting.methods.rotations.plan import hosts_of, plan_of

FIRST = date(2027, 1, 1)
DAYS = 365
KINDS = ("学", "享", "办", "建", "促")
SEEDS = range(5)
MONTH = 30


def year(units: int, activities: int, seed: int) -> Problem:
    """Make a year with up to three blackouts of one to eight weeks a unit."""
    chance = random.Random(seed)

    def blackout() -> Period:
        first = FIRST + timedelta(days=chance.randrange(DAYS))
        return Period(first, first + timedelta(days=chance.randrange(7, 57)))

    return Problem(
        units=tuple(
            Unit(id=f"u{at:03}", unavailable=tuple(blackout() for _ in range(chance.randrange(4))))
            for at in range(units)
        ),
        activities=tuple(
            Activity(
                id=f"a{at:03}",
                day=FIRST + timedelta(days=at * DAYS // activities),
                kind=KINDS[chance.randrange(len(KINDS))],
            )
            for at in range(activities)
        ),
    )


def fall_ill(problem: Problem, plan: Plan, seed: int) -> tuple[Problem, int]:
    """Let the host of some activity be away for the month around it; returns its number of turns in that month."""
    chance = random.Random(seed)
    host = {pair.activity: pair.unit for pair in plan.assignments}
    day_of = {activity.id: activity.day for activity in problem.activities}
    ill = host[chance.choice(problem.activities).id]
    first = min(day for name, day in day_of.items() if host[name] == ill) - timedelta(days=chance.randrange(MONTH))
    away = Period(first, first + timedelta(days=MONTH - 1))
    turns = sum(host[name] == ill and away.holds(day) for name, day in day_of.items())
    units = tuple(
        replace(unit, unavailable=(*unit.unavailable, away)) if unit.id == ill else unit for unit in problem.units
    )
    return replace(problem, units=units, previous=plan.assignments), turns


def round_robin(problem: Problem) -> tuple[Assignment, ...]:
    """Go round the units in order, passing over whoever is unavailable."""
    made = []
    at = 0
    for activity in problem.activities:
        for step in range(len(problem.units)):
            unit = problem.units[(at + step) % len(problem.units)]
            if not any(period.holds(activity.day) for period in unit.unavailable):
                at += step + 1
                made.append(Assignment(activity.id, unit.id))
                break
        else:
            raise SystemExit(f"nobody can host {activity.id}: choose other seeds")
    return tuple(made)


def timed(work: Callable[[], object], runs: int) -> float:
    """Run the work a few times and return the shortest time."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def measure_one(problem: Problem, runs: int) -> dict[str, float | int | bool]:
    """Plan one problem, check the plan, and count the round-robin's by the same measures."""
    plan = rotation_plan(problem)
    if faults := plan_check(problem, plan):
        raise SystemExit(f"a plan does not hold, so nothing measured would mean anything: {faults[0]}")
    board = board_of(problem)
    naive = plan_of(board, hosts_of(board, round_robin(problem)), is_optimal=False, way="heuristic")
    return {
        "seconds": timed(lambda: rotation_plan(problem), runs),
        "round_robin_seconds": timed(lambda: round_robin(problem), runs),
        "optimal": plan.is_optimal,
        "spread": plan.spread,
        "running": plan.running,
        "repeats": plan.repeats,
        "changes": plan.changes,
        "round_robin_spread": naive.spread,
        "round_robin_running": naive.running,
        "round_robin_repeats": naive.repeats,
        "round_robin_changes": naive.changes,
    }


def worst(rows: list[dict[str, float | int | bool]]) -> dict[str, float | int | bool]:
    """The worst of all seeds, figure by figure."""
    return {
        name: min(row[name] for row in rows) if name == "optimal" else round(max(row[name] for row in rows), 4)
        for name in rows[0]
    }


def measure(runs: int) -> dict[str, dict[str, float | int | bool]]:
    """Take all measurements."""
    found: dict[str, dict[str, float | int | bool]] = {}
    for units, activities in ((24, 52), (200, 52), (500, 365)):
        problems = [year(units, activities, seed) for seed in SEEDS]
        found[f"{units} units, {activities} activities"] = worst([measure_one(problem, runs) for problem in problems])
        cases = [fall_ill(problem, rotation_plan(problem), seed) for seed, problem in enumerate(problems)]
        rows = [measure_one(problem, runs) | {"turns_of_the_month": turns} for problem, turns in cases]
        for row in rows:
            row["changes_beyond_twice_the_month"] = max(0, row["changes"] - 2 * row["turns_of_the_month"])
        found[f"{units} units, {activities} activities, one ill for a month"] = worst(rows)
    return found


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the planning of hosts in turn.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs must be 1 or more")
    result = measure(arguments.runs)
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    for group, values in result.items():
        print(f"{group} (the worst of {len(SEEDS)} seeds):")
        for name, value in values.items():
            print(f"  {name.replace('_', ' '):<34}{value:>10}")


if __name__ == "__main__":
    main()
