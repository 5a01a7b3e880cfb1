"""Spreadsheets as offices have them: read into typed rows or named problems, and written without harm."""

from .columns import FIELDS
from .errors import SheetRefused
from .export import escape_cell, write_xlsx
from .kinds import MAX_FILE_BYTES
from .mapping import mapping_read
from .rows import CellProblem, ParsedRow, Row, parse_row
from .table import Table, open_table

__all__ = [
    "FIELDS",
    "MAX_FILE_BYTES",
    "CellProblem",
    "ParsedRow",
    "Row",
    "SheetRefused",
    "Table",
    "escape_cell",
    "mapping_read",
    "open_table",
    "parse_row",
    "write_xlsx",
]
