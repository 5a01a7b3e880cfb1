"""A second opinion: a plan held against the wishes and against its own figures, counted anew from the problem alone.

Nothing of the planner is used, only plain loops, so that an error in it cannot hide here.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor

from yiting.methods.rotations.plan import Plan
from yiting.methods.rotations.problem import Activity, Problem, Unit

_Turn = list[Activity]


def plan_check(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Name everything that does not hold of a plan; empty when it keeps all wishes, is fairest, and counts rightly.

    Checked are the wishes, that no path of turns would make it fairer (so that fairness is optimal), and the four
    figures. That no other plan has fewer turns running, repeats or changes is not checked.
    """
    unit_of = {unit.id: unit for unit in problem.units}
    faults = list(_hosting(problem, plan, unit_of))
    if faults:
        return tuple(faults)
    host = {pair.activity: pair.unit for pair in plan.assignments}
    turns = _turns(problem)
    for turn in turns:
        if len({host[activity.id] for activity in turn}) != 1:
            faults.append(f"the season of {turn[0].id} has more than one host")
    faults += [fault for turn in turns for activity in turn for fault in _kept(activity, unit_of[host[activity.id]])]
    faults += [
        f"{pin.activity} is fixed for {pin.unit}, not for {host[pin.activity]}"
        for pin in problem.fixed
        if host[pin.activity] != pin.unit
    ]
    counts = Counter(host[turn[0].id] for turn in turns)
    faults += [
        f"{unit.id} hosts {counts[unit.id]} times, more than {unit.most}"
        for unit in problem.units
        if unit.most is not None and counts[unit.id] > unit.most
    ]
    if faults:
        return tuple(faults)
    faults += _figures(problem, plan, host, turns)
    faults += _unfair(problem, host, turns)
    return tuple(faults)


def _hosting(problem: Problem, plan: Plan, unit_of: Mapping[str, Unit]) -> Iterator[str]:
    times = Counter(pair.activity for pair in plan.assignments)
    for activity in problem.activities:
        if times[activity.id] != 1:
            yield f"{activity.id} has {times[activity.id]} hosts"
    known = {activity.id for activity in problem.activities}
    for pair in plan.assignments:
        if pair.activity not in known:
            yield f"{pair.activity} is not an activity"
        if pair.unit not in unit_of:
            yield f"{pair.unit} is not a unit"


def _kept(activity: Activity, unit: Unit) -> Iterator[str]:
    if any(period.first <= activity.day <= period.last for period in unit.unavailable):
        yield f"{unit.id} hosts {activity.id} while unavailable"
    if not any(period.first <= activity.day <= period.last for period in unit.memberships):
        yield f"{unit.id} hosts {activity.id} while no member"
    if unit.kinds is not None and activity.kind not in unit.kinds:
        yield f"{unit.id} hosts {activity.id}, which is of a kind that it does not host"


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _turns(problem: Problem) -> list[_Turn]:
    ordered = sorted(problem.activities, key=lambda activity: (activity.day, activity.id))
    if problem.rule == "activity":
        return [[activity] for activity in ordered]
    seasons: dict[tuple[int, int], _Turn] = {}
    for activity in ordered:
        seasons.setdefault(_quarter(activity.day), []).append(activity)
    return list(seasons.values())


def _past(problem: Problem) -> list[tuple[date, str]]:
    past = sorted((held.day, held.unit) for held in problem.history)
    if problem.rule == "activity":
        return past
    first: dict[tuple[tuple[int, int], str], date] = {}
    for day, unit in past:
        first.setdefault((_quarter(day), unit), day)
    return sorted((day, unit) for (_, unit), day in first.items())


def _standings(problem: Problem, host: Mapping[str, str], turns: list[_Turn]) -> dict[str, tuple[int, Fraction]]:
    """Each unit's turns less the whole of its share, and what is left of the share."""
    past = _past(problem)
    share = {unit.id: Fraction(unit.owed) for unit in problem.units}
    for days in [[day] for day, _ in past] + [[activity.day for activity in turn] for turn in turns]:
        there = [
            unit
            for unit in problem.units
            if all(any(p.first <= day <= p.last for p in unit.memberships) for day in days)
        ]
        whole = sum(Fraction(unit.weight) for unit in there)
        for unit in there:
            share[unit.id] += Fraction(unit.weight) / whole
    count = Counter(unit for _, unit in past) + Counter(host[turn[0].id] for turn in turns)
    return {name: (count[name] - floor(due), due - floor(due)) for name, due in share.items()}


def _figures(problem: Problem, plan: Plan, host: Mapping[str, str], turns: list[_Turn]) -> Iterator[str]:
    standing = _standings(problem, host, turns)
    there = [
        standing[unit.id][0]
        for unit in problem.units
        if any(
            all(any(p.first <= activity.day <= p.last for p in unit.memberships) for activity in turn) for turn in turns
        )
    ]
    spread = max(there) - min(there) if there else 0
    if plan.spread != spread:
        yield f"the spread is {spread}, not {plan.spread}"
    line = [((day, 0, unit), unit, _quarter(day)) for day, unit in _past(problem)]
    line += [((turn[0].day, 1, _turn_key(problem, turn)), host[turn[0].id], _quarter(turn[0].day)) for turn in turns]
    line.sort()
    running = sum(
        one[1] == other[1] and 1 in (one[0][1], other[0][1]) and not (problem.rule == "season" and one[2] == other[2])
        for one, other in pairwise(line)
    )
    if plan.running != running:
        yield f"{running} turns run, not {plan.running}"
    planned = {activity.kind for activity in problem.activities if activity.kind}
    kinds = Counter((held.unit, held.kind) for held in problem.history if held.kind in planned)
    kinds.update((host[activity.id], activity.kind) for activity in problem.activities if activity.kind)
    repeats = sum(times * (times - 1) // 2 for times in kinds.values())
    if plan.repeats != repeats:
        yield f"{repeats} pairs repeat a kind, not {plan.repeats}"
    changes = sum(host[pair.activity] != pair.unit for pair in problem.previous if pair.activity in host)
    if plan.changes != changes:
        yield f"{changes} activities changed hosts, not {plan.changes}"


def _turn_key(problem: Problem, turn: _Turn) -> str:
    return turn[0].id if problem.rule == "activity" else ""


def _unfair(problem: Problem, host: Mapping[str, str], turns: list[_Turn]) -> Iterator[str]:
    """Find a path on which a turn could pass from a unit to one that stands lower."""
    pins = defaultdict(set)
    for pin in problem.fixed:
        pins[pin.activity].add(pin.unit)
    standing = _standings(problem, host, turns)
    counts = Counter(host[turn[0].id] for turn in turns)
    passes: dict[str, set[str]] = defaultdict(set)
    for turn in turns:
        for unit in problem.units:
            if all(not list(_kept(activity, unit)) and pins[activity.id] <= {unit.id} for activity in turn):
                passes[host[turn[0].id]].add(unit.id)
    full = {unit.id for unit in problem.units if unit.most is not None and counts[unit.id] >= unit.most}
    for giver in sorted(counts):
        reached, queue = {giver}, deque([giver])
        while queue:
            fresh = passes[queue.popleft()] - reached
            reached |= fresh
            queue.extend(sorted(fresh))
        level, rest = standing[giver]
        for taker in sorted(reached - full - {giver}):
            if (standing[taker][0] + 1, -standing[taker][1]) < (level, -rest):
                yield f"a turn could pass from {giver} to {taker}, who stands lower"
