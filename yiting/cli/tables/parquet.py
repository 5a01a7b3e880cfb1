"""Reading Parquet batch by batch; every cell becomes the text one would see in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from arro3.core import RecordBatch, RecordBatchReader
from arro3.io import read_parquet

from yiting.cli.tables.refusals import TableRefused
from yiting.needs.spreadsheets.workbook import cell_text

MAGIC: Final = b"PAR1"

_BATCH: Final = 4_096
_TAIL: Final = 8


def is_parquet(path: Path) -> bool:
    """Does the file begin as a Parquet file does, whatever its name says?"""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


class ParquetRows:
    """The rows of one Parquet file, numbered from 1 since no row of names stands above them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._check_tail()
        self.columns: tuple[str, ...] = tuple(self._open().schema.names)
        # Read once through before any work is begun, so that damage is found first.
        self.row_count: int | None = sum(batch.num_rows for batch in self._batches())

    def rows(self, positions: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The number of every row and the texts of its cells at these positions, read as they are asked for."""
        number = 0
        for batch in self._batches():
            try:
                columns = [[_text(value) for value in batch.column(position).to_pylist()] for position in positions]
            except (ValueError, OverflowError) as error:
                # A time beyond the years that there are.
                raise self._damaged(f"what follows row {number}") from error
            for offset in range(batch.num_rows):
                yield number + offset + 1, [column[offset] for column in columns]
            number += batch.num_rows

    def _batches(self) -> Iterator[RecordBatch]:
        batches = self._open()
        number = 0
        while True:
            try:
                batch = next(batches, None)
            except (KeyboardInterrupt, SystemExit, MemoryError):
                raise
            except BaseException as error:
                raise self._damaged(f"what follows row {number}") from error
            if batch is None:
                return
            number += batch.num_rows
            yield batch

    def _open(self) -> RecordBatchReader:
        try:
            return read_parquet(self._path, batch_size=_BATCH)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:
            # A fault of the reader can be a panic, which is not even an Exception.
            raise self._damaged("its list of columns") from error

    def _check_tail(self) -> None:
        """Refuse what is cut short before the reader sees it: it would speak of it in many lines."""
        size = self._path.stat().st_size
        with self._path.open("rb") as file:
            file.seek(max(0, size - _TAIL))
            tail = file.read()
        length = int.from_bytes(tail[:4], "little") if len(tail) == _TAIL else size
        if not tail.endswith(MAGIC) or length + _TAIL + len(MAGIC) > size:
            raise self._damaged("its end")

    def _damaged(self, place: str) -> TableRefused:
        return TableRefused(
            f"{self._path.name} is damaged or cut short: {place} cannot be read. Copy it again from where it came."
        )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        # Some programs write their texts as bytes; what is none is kept so that its row can be named.
        return value.decode("utf-8", "surrogateescape")
    return cell_text(value)
