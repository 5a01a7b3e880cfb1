"""Following the XML of a workbook as its reader would, to learn what it would cost before it is read."""

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.parsers import expat

_CELL: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")


MAX_ELEMENTS: Final = 12_000_000
"""The most rows, cells and values in one sheet, empty ones too; following them takes some twenty seconds."""


class TooMuch(Exception):
    """A sheet with more in it than is worth the waiting."""


class Unsound(Exception):
    """A part that dresses up as what it is not."""


class Follower(Protocol):
    """Listens to one part of a workbook."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """Characters inside it."""

    def end(self, tag: str) -> None:
        """It ends."""


@dataclass
class SheetScan:
    """What one sheet holds."""

    rows: int = 0
    columns: int = 0
    characters: int = 0
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """Text of cells which the reader leaves blank: formulas never calculated, and errors such as #N/A."""


class CellFollower:
    """Measures the cells of one sheet without keeping them."""

    def __init__(self, string_lengths: "array[int]") -> None:
        self.scan = SheetScan()
        self._string_lengths = string_lengths
        self._elements = 0
        self._row = -1
        self._column = 0
        self._at = (0, 0)
        self._type = ""
        self._inside = ""
        self._formula: list[str] = []
        self._value: list[str] = []

    @property
    def row(self) -> int:
        """The row at hand, counted from 1."""
        return self._row + 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Notes where a row or cell stands, and whether the cell holds anything."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise TooMuch
        local = tag.rpartition(":")[2]
        if local == "c":
            self._begin_cell(attributes)
        elif local == "row":
            self._begin_row(attributes.get("r"))
        elif local in ("v", "f", "is"):
            self.scan.rows = max(self.scan.rows, self._at[0] + 1)
            self.scan.columns = max(self.scan.columns, self._at[1] + 1)
            self._inside = local

    def _begin_row(self, number: str | None) -> None:
        if number is not None and not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Unsound
        self._row = self._row + 1 if number is None else int(number) - 1
        self._column = 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._at = (self._row, self._column) if reference is None else _position(reference)
        self._column = self._at[1] + 1
        self._type = attributes.get("t", "")
        self._formula.clear()
        self._value.clear()

    def text(self, data: str) -> None:
        """Counts and keeps, for this cell only, what it holds."""
        if self._inside:
            self.scan.characters += len(data)
            if self._inside == "f":
                self._formula.append(data)
            elif self._inside == "v":
                self._value.append(data)

    def end(self, tag: str) -> None:
        """Closes a cell."""
        local = tag.rpartition(":")[2]
        if local == "c":
            self._end_cell("".join(self._value))
        elif local in ("v", "f", "is"):
            self._inside = ""

    def _end_cell(self, value: str) -> None:
        if self._type == "s" and value:
            if not (value.isascii() and value.isdigit() and len(value) < 10):
                raise Unsound
            if int(value) >= len(self._string_lengths):
                # A string from a list that we have not seen could be of any length.
                raise Unsound
            self.scan.characters += self._string_lengths[int(value)]
        elif self._type == "e" and value:
            self.scan.shown[self._at] = value
        elif self._formula and not value:
            self.scan.shown[self._at] = "=" + "".join(self._formula)


def _position(reference: str) -> tuple[int, int]:
    match = _CELL.match(reference)
    if match is None:
        raise Unsound
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class StringFollower:
    """Learns how long each shared string is."""

    def __init__(self) -> None:
        self.lengths: array[int] = array("L")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A new string begins with each `si`."""
        if tag.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def text(self, data: str) -> None:
        """Adds to the string at hand."""
        if self.lengths:
            self.lengths[-1] += len(data)

    def end(self, tag: str) -> None:
        """Nothing that ends matters here."""


class BookFollower:
    """Collects the sheets that a workbook lists, and the targets of its relationships."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Notes a sheet or a relationship."""
        local = tag.rpartition(":")[2]
        if local == "sheet":
            identifier = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets[attributes.get("name", "")] = identifier
        elif local == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def text(self, data: str) -> None:
        """No text matters here."""

    def end(self, tag: str) -> None:
        """Nothing that ends matters here."""


def _refuse_doctype(*_arguments: object) -> None:
    raise Unsound


def feeder(follower: Follower) -> Callable[[bytes, bool], object]:
    """The feeding end of a parser that reports to this follower."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    # A spreadsheet never declares a document type; one that does is after our memory.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = follower.start
    parser.EndElementHandler = follower.end
    parser.CharacterDataHandler = follower.text
    return parser.Parse
