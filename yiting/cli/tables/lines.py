"""Rows as the methods want them: the good ones one by one, the bad ones set aside under their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from yiting.cli.output import tell
from yiting.cli.tables.refusals import TableRefused
from yiting.cli.tables.sources import Source
from yiting.needs.spreadsheets.dates import NotAMoment, moment_read
from yiting.needs.spreadsheets.rows import NotACount, count_read, damage_in, surplus_in
from yiting.needs.spreadsheets.texts import line_clean, text_clean

ZONE: Final = ZoneInfo("Asia/Shanghai")
"""Where times are written without a zone they are China's."""

_TEXTS: Final = frozenset(("text", "reply"))
_MOMENTS: Final = frozenset(("filed_at", "replied_at"))
_COUNTS: Final = frozenset(("supports", "objections"))
_MOST_KEPT: Final = 1_000
_MOST_TOLD: Final = 20
_STEP: Final = 500


class BadRows:
    """The rows that were left out and why; the first thousand are kept, all are counted."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[dict[str, object]] = []

    def note(self, row: int, column: str, reason: str) -> None:
        """Set one row aside."""
        self.count += 1
        if len(self.kept) < _MOST_KEPT:
            self.kept.append({"row": row, "column": column, "reason": reason})

    def say(self) -> None:
        """Name the first of them to whoever sits there."""
        for bad in self.kept[:_MOST_TOLD]:
            tell(f"  row {bad['row']}, {bad['column']}: {bad['reason']}")
        if self.count > _MOST_TOLD:
            tell(f"  and {self.count - _MOST_TOLD} further bad rows")


@dataclass(frozen=True, slots=True)
class Line:
    """One good row. `id` is as in the file; a row without one is called after its number."""

    number: int
    id: str
    cells: Mapping[str, str]
    moments: Mapping[str, datetime]
    counts: Mapping[str, int]

    @property
    def title(self) -> str:
        """What stands in the column of titles."""
        return self.cells.get("title", "")

    @property
    def text(self) -> str:
        """What stands in the column of texts."""
        return self.cells.get("text", "")

    @property
    def whole(self) -> str:
        """Title and text together."""
        return "\n".join(part for part in (self.title, self.text) if part)


class _Unfit(Exception):
    """A row that cannot be taken: the column and the reason."""


def lines_of(
    source: Source,
    *,
    fields: Sequence[str],
    bad: BadRows,
    now: datetime,
    count_rows: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[Line]:
    """Read the good rows of a table, only these fields of them; bad ones go to `bad`.

    `now` (aware) is the latest time believed; with `count_rows` rows are called after their numbers though there is a
    column of ids.
    """
    there = [field for field in fields if field in source.positions]
    if count_rows and "external_id" in there:
        there.remove("external_id")
    reader = _Reader(source, there, now)
    done = 0
    for number, cells in source.body.rows([source.positions[field] for field in there]):
        try:
            yield reader.line(number, cells)
        except _Unfit as unfit:
            bad.note(number, *unfit.args)
        done += 1
        if progress is not None and done % _STEP == 0:
            progress(done, source.row_count)
    if progress is not None:
        progress(done, done)


def unique(lines: Iterator[Line], name: str) -> Iterator[Line]:
    """Pass the lines of the file of this name on; refuses it when two rows have one id."""
    rows: dict[str, int] = {}
    for line in lines:
        before = rows.setdefault(line.id, line.number)
        if before != line.number:
            raise TableRefused(
                f"{name}: rows {before} and {line.number} both have the id {line.id}. "
                "Give each its own, name another column with --id, or call rows after their numbers with --id ''"
            )
        yield line


class _Reader:
    """Turns the cells of one row into a line."""

    def __init__(self, source: Source, fields: Sequence[str], now: datetime) -> None:
        self._fields = fields
        self._now = now
        self._columns = {field: source.columns[source.positions[field]] for field in fields}

    def line(self, number: int, cells: Sequence[str]) -> Line:
        width = len(self._fields)
        if len(cells) > width:
            raise _Unfit(next(iter(self._columns.values())), str(surplus_in(len(cells) - width)))
        texts: dict[str, str] = {}
        moments: dict[str, datetime] = {}
        counts: dict[str, int] = {}
        for field, cell in zip(self._fields, cells, strict=True):
            damage = damage_in(cell)
            if damage is not None:
                raise _Unfit(self._columns[field], str(damage))
            text = text_clean(cell) if field in _TEXTS else line_clean(cell)
            try:
                if field in _COUNTS:
                    counts[field] = count_read(text)
                elif field not in _MOMENTS:
                    texts[field] = text
                elif text:
                    moments[field] = moment_read(text, zone=ZONE, now=self._now)
            except (NotAMoment, NotACount) as refusal:
                raise _Unfit(self._columns[field], str(refusal.reason)) from refusal
        return Line(number, self._id(number, texts), texts, moments, counts)

    def _id(self, number: int, texts: Mapping[str, str]) -> str:
        if "external_id" not in texts:
            return str(number)
        # A bare number could be the id of another row.
        return texts["external_id"] or f"row {number}"
