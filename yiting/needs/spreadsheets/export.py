"""Writing spreadsheets that do nothing when they are opened."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | bool | dt.datetime | dt.date | None

MAX_ROWS: Final = 1_048_576
"""The rows of a sheet; what is beyond them goes on to a further sheet."""
MAX_CELL: Final = 32_767
"""The characters of a cell."""

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def escape_cell(value: str) -> str:
    """The value with an apostrophe before it where a spreadsheet would take it for a formula.

    Blanks before the sign do not help an attacker: spreadsheets cut them off, so they are looked through.
    """
    return "'" + value if value.lstrip(" \u3000\u00a0").startswith(_DANGEROUS) else value


def write_xlsx(
    target: Path | str | IO[bytes], sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Value]]]]
) -> None:
    """Writes each sheet (its headers, its rows) row by row; memory does not grow with the rows.

    Texts are escaped and never become formulas, links or numbers. A time is written as its own zone reads it.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        writer = _Writer(book)
        for name, (headers, rows) in sheets.items():
            writer.sheet(name, headers, rows)
        if not sheets:
            book.add_worksheet()


class _Writer:
    """The sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.names: set[str] = set()
        self.bold: Format = book.add_format({"bold": True})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def sheet(self, name: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        sheet, at = self._begin(name, headers)
        for row in rows:
            if at >= MAX_ROWS:
                sheet, at = self._begin(name, headers)
            for column, value in enumerate(row):
                self._write(sheet, at, column, value)
            at += 1

    def _begin(self, name: str, headers: Sequence[str]) -> tuple[Worksheet, int]:
        sheet = self.book.add_worksheet(self._free_name(name))
        for column, header in enumerate(headers):
            sheet.write_string(0, column, escape_cell(header)[:MAX_CELL], self.bold)
        sheet.freeze_panes(1, 0)
        return sheet, 1

    def _free_name(self, name: str) -> str:
        clean = _NOT_IN_NAMES.sub(" ", name).strip("' ")[:31] or "Sheet"
        free, number = clean, 1
        while free.casefold() in self.names:
            number += 1
            ending = f" ({number})"
            free = clean[: 31 - len(ending)] + ending
        self.names.add(free.casefold())
        return free

    def _write(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, str):
            text = escape_cell(value)
            # The format has no room for more; the sign shows that something is left out.
            sheet.write_string(row, column, text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…")
        else:
            sheet.write_number(row, column, value)
