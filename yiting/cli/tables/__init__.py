"""Tables on the user's own disk, CSV, XLSX or Parquet: read row by row, written whole or not at all."""

from yiting.cli.tables.lines import BadRows, Line, lines_of
from yiting.cli.tables.memory import Room
from yiting.cli.tables.refusals import TableRefused, refusals_said
from yiting.cli.tables.sources import Source, source_open
from yiting.cli.tables.writing import Column, OutTable, out_check, tables_write

__all__ = [
    "BadRows",
    "Column",
    "Line",
    "OutTable",
    "Room",
    "Source",
    "TableRefused",
    "lines_of",
    "out_check",
    "refusals_said",
    "source_open",
    "tables_write",
]
