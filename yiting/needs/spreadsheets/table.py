"""Opening a spreadsheet: one face for workbooks and text files."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from .columns import HEADER_WITHIN, Header, columns_missing, header_find, mapping_check, mapping_met
from .delimited import delimited_grid
from .errors import FileEmpty
from .kinds import Kind, kind_of
from .rows import Row
from .workbook import sheet_grids

_NO_MAPPING: Final[Mapping[str, str]] = {}


class Grid(Protocol):
    """Numbered rows of text, which can be gone through again and again."""

    last_row: int | None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row from the first, blank ones too, with its number."""


class Table:
    """A spreadsheet with its header understood; iterating gives its rows, blank ones left out."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._grid: Grid | None = grid
        self._header = header
        self.columns: tuple[str, ...] = tuple(column for column in header.columns if column)
        self.recognised: dict[str, str] = header.recognised
        self.unknown: tuple[str, ...] = header.unknown
        # For a progress bar: blank rows in between are counted, those at the end of a workbook are not.
        self.row_count: int | None = None if grid.last_row is None else max(0, grid.last_row - header.number)

    @property
    def header_row(self) -> int:
        """The spreadsheet's number of the row with the names."""
        return self._header.number

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """The rows below the row with this number, so that an import can go on where it stopped."""
        if self._grid is None:
            raise ValueError("the table is closed")
        start = max(after, self._header.number)
        width = len(self._header.columns)
        for number, cells in self._grid.rows():
            if number <= start or not any(cell.strip() for cell in cells):
                continue
            yield Row(
                number=number,
                cells={
                    field: cells[position] if position < len(cells) else ""
                    for field, position in self._header.positions.items()
                },
                columns=self.recognised,
                surplus=sum(1 for cell in cells[width:] if cell.strip()),
            )

    def close(self) -> None:
        """Lets go of what was read; closing twice is fine."""
        self._grid = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_table(path: Path, *, mapping: Mapping[str, str] | None = None) -> Table:
    """Opens an .xlsx, .csv or .tsv file, whatever its name says, and finds its header.

    `mapping` gives a field to columns whose names are not known ('' to leave a column aside).
    Raises a SheetRefused with place and remedy, before memory is spent on the file.
    """
    chosen = _NO_MAPPING if mapping is None else mapping
    mapping_check(chosen)
    grids: Iterator[Grid]
    grids = sheet_grids(path) if kind_of(path) is Kind.WORKBOOK else iter([delimited_grid(path, chosen)])
    seen: list[Sequence[str]] = []
    for grid in grids:
        top = list(islice(grid.rows(), HEADER_WITHIN))
        header = header_find(top, chosen)
        if header is not None:
            mapping_met(chosen, header)
            return Table(grid, header)
        seen += [cells for _number, cells in top]
    if len(seen) < HEADER_WITHIN and not any(cell.strip() for cells in seen for cell in cells):
        raise FileEmpty(name=path.name)
    raise columns_missing(seen)
