"""How many turns each unit is due: its share of every turn held or planned while it was a member.

A turn is shared out among those who are members on all of its days, by weight. A newcomer therefore has no share in
what was before it, a leaver none in what comes after, and who was ill keeps its share and so is owed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from yiting.methods.rotations.problem import Unit


def shares(units: Sequence[Unit], turns: Sequence[Sequence[date]]) -> list[Fraction]:
    """The turns that each unit is due, exactly, `owed` included; `turns` holds the days of each turn."""
    changes = sorted(
        {period.first.toordinal() for unit in units for period in unit.memberships}
        | {period.last.toordinal() + 1 for unit in units for period in unit.memberships}
    )
    # Days between two changes of membership are alike, so one of them stands for all.
    alike: Counter[frozenset[int]] = Counter()
    example: dict[int, date] = {}
    for days in turns:
        stretch_of = {bisect_right(changes, day.toordinal()): day for day in days}
        example.update(stretch_of)
        alike[frozenset(stretch_of)] += 1
    due = [Counter[Fraction]() for _ in units]
    for stretches, times in alike.items():
        days = [example[stretch] for stretch in stretches]
        present = [at for at, unit in enumerate(units) if all(unit.is_member(day) for day in days)]
        whole = sum((Fraction(units[at].weight) for at in present), Fraction(0))
        for at in present:
            due[at][whole] += times
    return [
        sum((times * Fraction(unit.weight) / whole for whole, times in counts.items()), Fraction(unit.owed))
        for unit, counts in zip(units, due, strict=True)
    ]
