"""A file of messages, read for a method that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from yiting.cli.output import progress_bar
from yiting.cli.tables import BadRows, Line, Room, Source, lines_of, source_open
from yiting.cli.tables.lines import unique
from yiting.cli.tables.memory import memory_free

SAID: Final = ("external_id", "title", "text")
"""What every command reads of a message."""

_FIRST_LOOK: Final = 1_000
_NEXT_LOOK: Final = 20_000


def open_messages(file: Path, named: Mapping[str, str | None]) -> Source:
    """Open a table that must have a column of texts, or of titles at least."""
    source = source_open(file, named)
    source.need("text", "title", what="the text")
    return source


def lines_unique(
    source: Source, *, fields: Sequence[str], bad: BadRows, now: datetime, by_row: bool, room: Room
) -> Iterator[Line]:
    """Read the good rows for work that holds them all, each with an id of its own; `by_row` calls them after numbers.

    Refuses as soon as it shows that there is no room for them.
    """
    with progress_bar(f"reading {source.name}") as bar:
        lines = lines_of(source, fields=fields, bad=bad, now=now, count_rows=by_row, progress=bar)
        yield from within(room, source, unique(lines, source.name))


def within(room: Room, source: Source, lines: Iterable[Line]) -> Iterator[Line]:
    """Pass lines on, asking after the first of them and now and then whether there is room for all.

    What earlier asking found room for may be taken by now: the memory that was free at the start is what counts.
    """
    free = memory_free()
    rows = characters = 0
    for line in lines:
        rows += 1
        characters += sum(map(len, line.cells.values()))
        if rows == _FIRST_LOOK or rows % _NEXT_LOOK == 0:
            expected = max(rows, source.row_count or 0)
            room.check(source.name, expected, characters * expected // rows, free=free)
        yield line
    room.check(source.name, rows, characters, free=free)
