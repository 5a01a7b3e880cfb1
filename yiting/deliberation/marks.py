"""What several passes over one paper sheet say. Pure: marks in, a reading out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# One of the three votes, or None where nothing is marked.
Mark = int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What several passes over a sheet say: the lines that two read alike, and those still open."""

    settled: Mapping[int, Mark]
    open: tuple[int, ...]


def read_passes(passes: Sequence[Sequence[Mark]]) -> Reading:
    """Read several passes over the same lines: a line is settled by the first mark that two of them read."""
    settled: dict[int, Mark] = {}
    still_open = []
    for line, marks in enumerate(zip(*passes, strict=True)):
        seen: Counter[Mark] = Counter()
        for mark in marks:
            seen[mark] += 1
            if seen[mark] == 2:
                settled[line] = mark
                break
        else:
            still_open.append(line)
    return Reading(settled, tuple(still_open))
