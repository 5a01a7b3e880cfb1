"""Tables for the tests of `yiting texts`, written in each of the three forms that are read."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Sequence

from arro3.core import Array, DataType, Field, RecordBatch, Schema
from arro3.io import write_parquet

from yiting.needs.spreadsheets import write_xlsx

FORMS = ("csv", "xlsx", "parquet")
Rows = Sequence[Sequence[str]]


def table(path: pathlib.Path, columns: Sequence[str], rows: Rows, encoding: str = "utf-8") -> pathlib.Path:
    """Write a table as the ending of its name says."""
    if path.suffix == ".csv":
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    elif path.suffix == ".xlsx":
        write_xlsx(path, {"Sheet1": (columns, rows)})
    else:
        schema = Schema([Field(column, DataType.string()) for column in columns])
        cells = {column: [row[at] for row in rows] for at, column in enumerate(columns)}
        batch = {column: Array(values, DataType.string()) for column, values in cells.items()}
        write_parquet(RecordBatch.from_pydict(batch, schema=schema), str(path))
    return path


def read_csv(path: pathlib.Path) -> list[list[str]]:
    """Read what a command wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
