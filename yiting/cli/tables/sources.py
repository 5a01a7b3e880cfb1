"""One face for the three kinds of table: columns that are known by name, and rows of text under their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from yiting.cli.tables.parquet import ParquetRows, is_parquet
from yiting.cli.tables.refusals import TableRefused
from yiting.needs.spreadsheets.columns import HEADER_WITHIN, Header, header_find, plain_name
from yiting.needs.spreadsheets.delimited import delimited_grid
from yiting.needs.spreadsheets.errors import FileEmpty, brief
from yiting.needs.spreadsheets.kinds import Kind, kind_of
from yiting.needs.spreadsheets.table import Grid
from yiting.needs.spreadsheets.texts import line_clean
from yiting.needs.spreadsheets.workbook import sheet_grids

OPTIONS: Final[Mapping[str, str]] = {
    "text": "--text",
    "title": "--title",
    "external_id": "--id",
    "user": "--user",
    "filed_at": "--time",
    "category": "--label",
    "place": "--place",
    "reply": "--reply",
    "replied_at": "--replied",
}
"""The option that names a column of one's own for a field."""

_MOST_SHOWN: Final = 30


class Rows(Protocol):
    """Numbered rows that can be gone through again and again."""

    row_count: int | None

    def rows(self, positions: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The number of every row and its cells at these positions."""


@dataclass(frozen=True)
class Source:
    """An open table: its columns' names, where each field stands, and its rows."""

    name: str
    columns: tuple[str, ...]
    positions: Mapping[str, int]
    body: Rows

    @property
    def row_count(self) -> int | None:
        """How many rows there are below the names; blank ones in between are counted."""
        return self.body.row_count

    def need(self, *fields: str, what: str) -> None:
        """Refuse the table unless it has one of these fields at least; `what` says in words what it would hold."""
        if not any(field in self.positions for field in fields):
            raise _unnamed(self.name, self.columns, OPTIONS[fields[0]], what)


class _GridRows:
    """The rows of a sheet or of a text file below its header."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._grid = grid
        self._header = header
        self.row_count = None if grid.last_row is None else max(0, grid.last_row - header.number)

    def rows(self, positions: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """Blank rows are left out; a filled cell beyond the named columns follows the asked ones."""
        width = len(self._header.columns)
        for number, cells in self._grid.rows():
            if number <= self._header.number or not any(cell.strip() for cell in cells):
                continue
            asked = [cells[position] if position < len(cells) else "" for position in positions]
            yield number, asked + [cell for cell in cells[width:] if cell.strip()]


def source_open(path: Path, named: Mapping[str, str | None]) -> Source:
    """Open a table whatever its name says; `named` gives the user's own column for a field, None where none is named.

    Columns that are not named are found by the names that offices give them. Raises TableRefused or SheetRefused.
    """
    chosen = _chosen(named)
    if is_parquet(path):
        parquet = ParquetRows(path)
        header = header_find([(0, parquet.columns)], chosen)
        return _source(path.name, parquet.columns, header, parquet, chosen)
    grids: Iterator[Grid]
    if kind_of(path, limit=None) is Kind.WORKBOOK:
        grids = sheet_grids(path)
    else:
        grids = iter([delimited_grid(path, chosen, bounded=False)])
    seen: list[Sequence[str]] = []
    for grid in grids:
        top = list(islice(grid.rows(), HEADER_WITHIN))
        header = header_find(top, chosen)
        if header is not None:
            return _source(path.name, header.columns, header, _GridRows(grid, header), chosen)
        seen += [cells for _number, cells in top]
    if not any(cell.strip() for cells in seen for cell in cells):
        raise FileEmpty(name=path.name)
    widest = max(seen, key=lambda cells: sum(1 for cell in cells if cell.strip()))
    _refuse_absent(path.name, widest, chosen)
    raise _unnamed(path.name, widest, OPTIONS["text"], "the text")


def _source(name: str, columns: Sequence[str], header: Header | None, body: Rows, chosen: Mapping[str, str]) -> Source:
    _refuse_absent(name, columns, chosen)
    if header is None:
        raise _unnamed(name, columns, OPTIONS["text"], "the text")
    return Source(name, tuple(columns), header.positions, body)


def _chosen(named: Mapping[str, str | None]) -> dict[str, str]:
    """Column to field for the columns that the user named."""
    chosen: dict[str, str] = {}
    for field, column in named.items():
        if not column:
            continue
        if column in chosen:
            raise TableRefused(f"{column} is named with {OPTIONS[chosen[column]]} and {OPTIONS[field]}; keep one.")
        chosen[column] = field
    return chosen


def _refuse_absent(name: str, columns: Sequence[str], chosen: Mapping[str, str]) -> None:
    there = {plain_name(column) for column in columns}
    for column, field in chosen.items():
        if plain_name(column) not in there:
            raise TableRefused(
                f"{name} has no column {brief(column)} ({OPTIONS[field]}). Its columns: {_shown(columns)}"
            )


def _unnamed(name: str, columns: Sequence[str], option: str, what: str) -> TableRefused:
    return TableRefused(
        f"{name} has no column whose name says that it is {what}; name it with {option}. Its columns: {_shown(columns)}"
    )


def _shown(columns: Sequence[str]) -> str:
    names = [brief(line_clean(column), 20) for column in columns if column.strip()]
    return ", ".join(names[:_MOST_SHOWN]) + (", …" if len(names) > _MOST_SHOWN else "")
