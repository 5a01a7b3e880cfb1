"""Reading .xlsx through calamine, once it is known to be safe; every cell becomes the text one sees."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .cellscan import SheetScan
from .errors import FileBroken, GridTooLarge, NoSheet, StrOrPromise
from .unpacking import workbook_scan

MAX_GRID_CELLS: Final = 8_000_000
"""The most cells in the rectangle of a sheet; the reader holds all of it, some 32 bytes a cell."""
MAX_SHEET_CHARACTERS: Final = 100_000_000
"""The most characters in a sheet, each shared string counted wherever it is shown."""


def cell_text(value: object) -> str:
    """The text of a cell as one sees it: 24.0 is '24', a date is written with its hour."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


class SheetGrid:
    """The rows of one sheet, numbered as the spreadsheet numbers them."""

    def __init__(self, sheet: CalamineSheet, scan: SheetScan) -> None:
        self._sheet = sheet
        self._shown = scan.shown
        end = sheet.end
        self.last_row: int | None = 0 if end is None else end[0] + 1

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row from the first, blank ones too, with its number."""
        start = self._sheet.start
        left = start[1] if start is not None else 0
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            if self._shown:
                for position, text in enumerate(texts):
                    texts[position] = text or self._shown.get((number - 1, left + position), "")
            yield number, texts


@contextmanager
def _faults(path: Path, place: StrOrPromise) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # The reader has a class for each fault, and a panic in it is not even an Exception.
        raise FileBroken(name=path.name, place=place) from error


def sheet_grids(path: Path) -> Iterator[SheetGrid]:
    """The visible sheets of a workbook, one after the other, each measured before it is read."""
    scan = workbook_scan(path)
    with path.open("rb") as file, _faults(path, _("the workbook")):
        book = CalamineWorkbook.from_filelike(file)
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not visible:
        raise NoSheet(name=path.name)
    for name in visible:
        with _faults(path, name):
            # A sheet that the two readings of the workbook do not both know is a KeyError, and a fault.
            sheet_scan = scan.sheets[name]
        area = sheet_scan.rows * sheet_scan.columns
        if area > MAX_GRID_CELLS or sheet_scan.characters > MAX_SHEET_CHARACTERS:
            raise GridTooLarge(sheet=name, rows=sheet_scan.rows, columns=sheet_scan.columns)
        with _faults(path, name):
            sheet = book.get_sheet_by_name(name)
        yield SheetGrid(sheet, sheet_scan)
