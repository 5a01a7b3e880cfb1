"""Reading CSV as it comes: any of the usual encodings and delimiters, quotes with newlines inside."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from .columns import HEADER_WITHIN, header_find
from .errors import GridTooLarge, NotText, QuoteNeverClosed
from .kinds import MAX_FILE_BYTES

DELIMITERS: Final = (",", "\t", ";")
MAX_ROWS: Final = 1_048_576
"""The most records of an upload, as in a sheet of a workbook."""
MAX_SEPARATORS: Final = 200_000
"""The most separators in one record, those inside of quoted text too."""
DAMAGED: Final = re.compile("[\udc80-\udcff]")
"""A byte that is no text in its encoding, kept so that its row can be named (PEP 383)."""

_CHUNK: Final = 128 * 1024
_PROBE: Final = "probe"
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MAX_CONTROL: Final = 0.05
# With less than a tenth of the non-ASCII unreadable it is damaged text rather than another encoding.
_MAX_DAMAGE: Final = 0.1
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE: Final = ("utf-16-le", "utf-16-be")
_LAST_RESORT: Final = ["big5hkscs", "big5", "shift_jis", "euc_kr", "cp1252"]


@dataclass(frozen=True)
class Encoding:
    """How to turn the bytes of a file into text."""

    name: str
    errors: str = "strict"


@dataclass
class _Tally:
    """What decoding a whole file gave."""

    characters: int = 0
    foreign: int = 0
    damaged: int = 0
    control: int = 0

    @property
    def is_text(self) -> bool:
        return self.control <= self.characters * _MAX_CONTROL

    @property
    def is_nearly_right(self) -> bool:
        return self.damaged <= (self.foreign - self.damaged) * _MAX_DAMAGE


def _tally(path: Path, encoding: Encoding) -> _Tally | None:
    decoder = codecs.getincrementaldecoder(encoding.name)(encoding.errors)
    tally = _Tally()
    with path.open("rb") as file:
        more = True
        while more:
            chunk = file.read(_CHUNK)
            more = bool(chunk)
            try:
                text = decoder.decode(chunk, final=not more)
            except UnicodeError:
                return None
            tally.characters += len(text)
            tally.foreign += len(text) - len(text.encode("ascii", "ignore"))
            tally.damaged += len(DAMAGED.findall(text)) if encoding.errors == "surrogateescape" else 0
            tally.control += len(_CONTROL.findall(text))
    return tally


def encoding_of(path: Path) -> Encoding:
    """The encoding in which the whole file is text, found by decoding all of it; or a refusal."""
    with path.open("rb") as file:
        start = file.read(64 * 1024)
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), None)
    if marked is not None:
        candidates = [Encoding(marked)]
        if marked == "utf-8-sig":
            candidates.append(Encoding(marked, "surrogateescape"))
    elif wide := _wide_without_mark(start):
        candidates = [Encoding(wide), Encoding("utf-8"), Encoding("gb18030")]
    else:
        candidates = [
            Encoding("utf-8"),
            Encoding("utf-8", "surrogateescape"),
            Encoding("gb18030"),
            Encoding("gb18030", "surrogateescape"),
        ]
    for candidate in candidates:
        tally = _tally(path, candidate)
        if tally is not None and tally.is_nearly_right:
            if not tally.is_text:
                break
            return candidate
    else:
        guess = from_bytes(start, cp_isolation=_LAST_RESORT).best() if marked is None else None
        if guess is not None:
            candidate = Encoding(guess.encoding)
            tally = _tally(path, candidate)
            if tally is not None and tally.is_text:
                return candidate
    raise NotText(name=path.name)


def _wide_without_mark(start: bytes) -> str | None:
    """UTF-16 without its mark has zeros, and shows line ends and separators on one reading only."""
    if 0 not in start:
        return None
    signs = {name: sum(map(start.decode(name, "ignore").count, "\n\r,;\t")) for name in _WIDE}
    best = max(_WIDE, key=lambda name: signs[name])
    return best if signs[best] >= 2 else None


class _Lines:
    """The lines of a file, counting the separators of the record at hand before a list is made of them."""

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self.separators = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.separators += line.count(self._delimiter)
            if self.separators > MAX_SEPARATORS:
                raise _TooWide
            yield line


class _TooWide(Exception):
    """One record with more cells than any table has."""


class DelimitedGrid:
    """The records of a text file, numbered from 1 as a spreadsheet shows them."""

    def __init__(self, path: Path, encoding: Encoding, delimiter: str, *, bounded: bool = True) -> None:
        self._path = path
        self._encoding = encoding
        self._delimiter = delimiter
        self._bounded = bounded
        self.last_row: int | None = None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every record, blank ones too, read as it is asked for."""
        return self._records(())

    def measure(self) -> None:
        """Counts the records once through, and refuses a quotation mark that is never closed."""
        number, cells = 0, [""]
        for record in self._records((_PROBE,)):
            number, cells = record
        # An open quotation mark swallows whatever follows: see whether it swallowed the probe.
        if cells != [_PROBE]:
            raise QuoteNeverClosed(name=self._path.name, row=number)
        self.last_row = number - 1

    def _records(self, more: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        encoding = self._encoding
        number = 0
        with self._path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
            lines = _Lines(chain(file, more), self._delimiter)
            reader = csv.reader(lines, delimiter=self._delimiter)
            while True:
                number += 1
                lines.separators = 0
                # The limit is one for the whole program: it is put back before anybody else can notice.
                limit = csv.field_size_limit(MAX_FILE_BYTES)
                try:
                    cells = next(reader, None)
                except _TooWide as error:
                    raise self._too_large(number, MAX_SEPARATORS) from error
                except csv.Error as error:
                    # Only an open quotation mark makes one cell of so much.
                    raise QuoteNeverClosed(name=self._path.name, row=number) from error
                finally:
                    csv.field_size_limit(limit)
                if cells is None:
                    return
                if self._bounded and number > MAX_ROWS + len(more):
                    raise self._too_large(number, len(cells))
                yield number, cells

    def _too_large(self, rows: int, columns: int) -> GridTooLarge:
        return GridTooLarge(sheet=self._path.name, rows=rows, columns=columns)


def delimited_grid(path: Path, mapping: Mapping[str, str] | None, *, bounded: bool = True) -> DelimitedGrid:
    """The text file under the delimiter that makes most sense of its header; of any length when not `bounded`."""
    encoding = encoding_of(path)
    grids = [DelimitedGrid(path, encoding, delimiter, bounded=bounded) for delimiter in DELIMITERS]
    best = max(grids, key=lambda grid: _merit(grid, mapping))
    best.measure()
    return best


def _merit(grid: DelimitedGrid, mapping: Mapping[str, str] | None) -> tuple[int, int]:
    top = list(islice(grid.rows(), HEADER_WITHIN))
    header = header_find(top, mapping)
    return len(header.positions) if header else 0, max((len(cells) for _number, cells in top), default=0)
