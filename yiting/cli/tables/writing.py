"""Writing tables: under another name first, so that a command that is stopped leaves no half file."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet
from xlsxwriter.exceptions import XlsxFileError

from yiting.cli.tables.refusals import TableRefused
from yiting.needs.spreadsheets import escape_cell, write_xlsx

Cell = str | int | float | None
ENDINGS: Final = (".csv", ".xlsx", ".parquet")

_BATCH: Final = 4_096


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written: its name and what its cells are."""

    name: str
    kind: Literal["text", "count", "number"] = "text"


@dataclass(frozen=True)
class OutTable:
    """A table to be written, its rows made as they are asked for."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def out_check(out: Path, *, source: Path) -> None:
    """Refuse, before any work, a place where nothing can be written; `source` is the file that is read."""
    if out.suffix.lower() not in ENDINGS:
        raise TableRefused(f"{out}: the name must end in {', '.join(ENDINGS)}, which tells what is written.")
    if out.is_dir():
        raise TableRefused(f"{out} is a folder; give the name of a file in it.")
    place_check(out)
    if out.exists() and source.exists() and out.samefile(source):
        raise TableRefused(f"{out} is the file that is read; give another name to --out.")


def place_check(out: Path) -> None:
    """Refuse a file whose folder is not there or takes no file."""
    if not out.parent.is_dir():
        raise TableRefused(f"{out}: there is no folder {out.parent}; make it first.")
    if not os.access(out.parent, os.W_OK | os.X_OK):
        raise TableRefused(f"{out}: no file may be written into the folder {out.parent}; choose another.")


def tables_write(out: Path, tables: Sequence[OutTable]) -> list[Path]:
    """Write tables as the ending of `out` says, all of them or none, and return the files.

    A workbook holds them all; of other kinds each further table is a file `out`-name of its own.
    """
    if out.suffix.lower() == ".xlsx":
        parts = {out: tables}
    else:
        names = [out, *(out.with_name(f"{out.stem}-{table.name}{out.suffix}") for table in tables[1:])]
        parts = {path: [table] for path, table in zip(names, tables, strict=True)}
    write = _WRITERS[out.suffix.lower()]
    with written_whole(list(parts)) as drafts:
        for draft, inside in zip(drafts, parts.values(), strict=True):
            write(draft, inside)
    return list(parts)


@contextmanager
def written_whole(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Give names to write to; what is there becomes `paths` when all went well, and is taken away when not."""
    drafts = [path.with_name(f".{path.name}.{os.getpid()}.part") for path in paths]
    with ExitStack() as undone:
        for draft in drafts:
            undone.callback(draft.unlink, missing_ok=True)
        try:
            yield drafts
            for draft, path in zip(drafts, paths, strict=True):
                draft.replace(path)
        except (OSError, XlsxFileError) as error:
            reason = getattr(error, "strerror", None) or error
            raise TableRefused(f"{paths[0]} could not be written: {reason}.") from error


def _write_csv(path: Path, tables: Sequence[OutTable]) -> None:
    (table,) = tables
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in table.columns)
        for row in table.rows:
            writer.writerow(escape_cell(cell) if isinstance(cell, str) else cell for cell in row)


def _write_workbook(path: Path, tables: Sequence[OutTable]) -> None:
    with path.open("wb") as file:
        write_xlsx(file, {table.name: ([column.name for column in table.columns], table.rows) for table in tables})


def _write_parquet(path: Path, tables: Sequence[OutTable]) -> None:
    (table,) = tables
    faults: list[BaseException] = []
    schema = Schema([Field(column.name, _TYPES[column.kind]()) for column in table.columns])
    write_parquet(RecordBatchReader.from_batches(schema, _batches(table, faults)), str(path))
    if faults:
        raise faults[0]


def _batches(table: OutTable, faults: list[BaseException]) -> Iterator[RecordBatch]:
    """The rows in batches; what goes wrong in making them is kept, for the writer would tell it in its own words."""
    rows = iter(table.rows)
    while True:
        part: list[Sequence[Cell]] = []
        try:
            for row in rows:
                part.append(row)
                if len(part) == _BATCH:
                    break
        except BaseException as fault:
            faults.append(fault)
            return
        if not part:
            return
        cells = zip(*part, strict=True)
        yield RecordBatch.from_pydict(
            {
                column.name: Array(list(values), _TYPES[column.kind]())
                for column, values in zip(table.columns, cells, strict=True)
            }
        )


_TYPES: Final[Mapping[str, Callable[[], DataType]]] = {
    "text": DataType.string,
    "count": DataType.int64,
    "number": DataType.float64,
}
_WRITERS: Final[Mapping[str, Callable[[Path, Sequence[OutTable]], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".parquet": _write_parquet,
}
