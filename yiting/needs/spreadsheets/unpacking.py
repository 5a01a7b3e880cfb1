"""Looking through an .xlsx before it is opened: nothing is handed to the reader that could eat the memory."""

import posixpath
import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from .cellscan import (
    BookFollower,
    CellFollower,
    Follower,
    SheetScan,
    StringFollower,
    TooMuch,
    Unsound,
    feeder,
)
from .errors import (
    FileBroken,
    FileSwells,
    GridTooLarge,
    NoSheet,
    NotASpreadsheet,
    PasswordProtected,
    StrOrPromise,
)
from .kinds import MEGABYTE, holds

MAX_UNPACKED_BYTES: Final = 400 * MEGABYTE
"""The most that a workbook may unpack to, as counted while unpacking and not only as its directory claims."""
MAX_RATIO: Final = 100
"""A part that unpacks to more than this times its size, and to more than RATIO_FROM_BYTES, is a bomb."""
RATIO_FROM_BYTES: Final = 20 * MEGABYTE
MAX_PARTS: Final = 2_000
CHUNK: Final = 256 * 1024

_BOOK: Final = "xl/workbook.xml"
_RELATIONSHIPS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedstrings.xml"
# What else comes in a zip archive, by a part that only it has.
_OTHERS: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("word/document.xml", _("a text document")),
    ("ppt/presentation.xml", _("a presentation")),
    ("xl/workbook.bin", _("an .xlsb workbook")),
    ("content.xml", _("an OpenDocument file")),
)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    Unsound,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class WorkbookScan:
    """A workbook that may be opened: what each of its sheets holds, by name."""

    sheets: Mapping[str, SheetScan]


def workbook_scan(path: Path) -> WorkbookScan:
    """Unpacks every part once, keeping nothing; refuses bombs, damage and what is no workbook."""
    try:
        if holds(path, b"PK\x01\x02") > MAX_PARTS:
            raise _swollen(path.name)
        with zipfile.ZipFile(path) as archive:
            return _Unpacking(path.name, archive).scan()
    except _BROKEN as error:
        raise FileBroken(name=path.name, place=_("the file as a whole")) from error


def _swollen(name: str) -> FileSwells:
    return FileSwells(name=name, limit=MAX_UNPACKED_BYTES // MEGABYTE)


class _Unpacking:
    """One pass over the parts of one archive."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name = name
        self.archive = archive
        self.unpacked = 0
        self.parts: dict[str, zipfile.ZipInfo] = {}

    def scan(self) -> WorkbookScan:
        self._list_parts()
        book, relationships, strings = BookFollower(), BookFollower(), StringFollower()
        followers: dict[str, Follower] = {_BOOK: book, _RELATIONSHIPS: relationships, _STRINGS: strings}
        for part, follower in followers.items():
            if part in self.parts:
                self._follow(part, follower)
        if not book.sheets:
            raise NoSheet(name=self.name)
        # A part that two sheets share is followed once, and no part outside the list is left uncounted.
        paths = {
            name: self._path(relationships.targets.get(identifier, "")) for name, identifier in book.sheets.items()
        }
        scans: dict[str, SheetScan] = {}
        for name, part in paths.items():
            scans[part] = scans.get(part) or self._sheet(name, part, strings.lengths)
        for part in self.parts.keys() - followers.keys() - scans.keys():
            for _chunk in self._chunks(part):
                pass
        return WorkbookScan({name: scans[part] for name, part in paths.items()})

    def _list_parts(self) -> None:
        infos = self.archive.infolist()
        for info in infos:
            if info.flag_bits & 0x1:
                raise PasswordProtected(name=self.name)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unsound
            self.parts[info.filename.replace("\\", "/").lower()] = info
        if _BOOK not in self.parts:
            kinds = [kind for part, kind in _OTHERS if part in self.parts]
            raise NotASpreadsheet(name=self.name, kind=kinds[0] if kinds else _("an archive"))
        if len(self.parts) != len(infos):
            # Two parts of one name: which of them a reader takes is anybody's guess.
            raise Unsound
        claimed = sum(info.file_size for info in infos)
        if claimed > MAX_UNPACKED_BYTES or any(_bomb(info.file_size, info.compress_size) for info in infos):
            raise _swollen(self.name)

    def _path(self, target: str) -> str:
        path = target.lower().removeprefix("/")
        path = path if path.startswith("xl/") else posixpath.join("xl", path)
        if path not in self.parts:
            raise Unsound
        return path

    def _sheet(self, name: str, part: str, string_lengths: "array[int]") -> SheetScan:
        follower = CellFollower(string_lengths)
        try:
            self._follow(part, follower)
        except TooMuch as error:
            raise GridTooLarge(sheet=name, rows=follower.row, columns=follower.scan.columns) from error
        return follower.scan

    def _follow(self, part: str, follower: Follower) -> None:
        feed = feeder(follower)
        for chunk in self._chunks(part):
            feed(chunk, False)
        feed(b"", True)

    def _chunks(self, part: str) -> Iterator[bytes]:
        info = self.parts[part]
        # The directory may lie about the size, and zipfile stops where it says: let it look one byte beyond.
        info.file_size = MAX_UNPACKED_BYTES + 1
        out = 0
        with self.archive.open(info) as file:
            while chunk := file.read(CHUNK):
                out += len(chunk)
                self.unpacked += len(chunk)
                if self.unpacked > MAX_UNPACKED_BYTES or _bomb(out, info.compress_size):
                    raise _swollen(self.name)
                yield chunk


def _bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM_BYTES and unpacked > MAX_RATIO * packed
