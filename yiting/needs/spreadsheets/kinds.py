"""What a file really is, by its size and first bytes and never by its name."""

import re
from enum import Enum
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from .errors import (
    FileEmpty,
    FileNotThere,
    FileTooLarge,
    NotASpreadsheet,
    OldWorkbook,
    PasswordProtected,
    StrOrPromise,
)

MEGABYTE: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 50 * MEGABYTE
"""The largest file taken in one go; checked before a byte is read."""


class Kind(Enum):
    """The two kinds of file that are read."""

    WORKBOOK = "workbook"
    TEXT = "text"


_PICTURE: Final = _("a picture")
_ARCHIVE: Final = _("an archive")
# First bytes of files that are often sent by mistake, with what to call them.
_MAGIC: Final[tuple[tuple[bytes, StrOrPromise], ...]] = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"{\\rtf", _("a text document")),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"SQLite format 3\x00", _("a database")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90\x00", _("a program")),
)
_MARKUP: Final = rb"\s*<(?:!doctype|html|head|meta|body|table|style|\?xml)"
_WEB_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?" + _MARKUP, re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def kind_of(path: Path, *, limit: int | None = MAX_FILE_BYTES) -> Kind:
    """Says how to read the file, or refuses it with its remedy; `limit` is the most bytes that it may have."""
    name = path.name
    try:
        start = _start_of_measured(path, limit)
        protected = start.startswith(_OLE) and holds(path, _ENCRYPTED) > 0
    except OSError as error:
        raise FileNotThere(name=name) from error
    if start.startswith(_ZIP):
        return Kind.WORKBOOK
    if start.startswith(_OLE):
        raise PasswordProtected(name=name) if protected else OldWorkbook(name=name)
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            raise NotASpreadsheet(name=name, kind=kind)
    if _WEB_PAGE.match(start):
        raise NotASpreadsheet(name=name, kind=_("a web page"))
    return Kind.TEXT


def _start_of_measured(path: Path, limit: int | None) -> bytes:
    if not path.is_file():
        raise FileNotThere(name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty(name=path.name)
    if limit is not None and size > limit:
        most = limit // MEGABYTE
        raise FileTooLarge(name=path.name, size=max(round(size / MEGABYTE), most + 1), limit=most)
    with path.open("rb") as file:
        return file.read(4096)


def holds(path: Path, needle: bytes) -> int:
    """How often these bytes occur in the file."""
    count = 0
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(MEGABYTE):
            count += (before + chunk).count(needle)
            before = (before + chunk)[1 - len(needle) :]
    return count
