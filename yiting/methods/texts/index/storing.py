"""Arrays in a file: checked when read, then mapped into memory and not loaded.

A file is a head (name of the format, version), the arrays one after the other, a table of them in JSON and a foot
that says where the table is. Nothing in it is ever executed. A file is written once and never changed.
"""

import json
import mmap
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.index.errors import IndexDamaged, IndexOfAnotherVersion

VERSION: Final = 1

_HEAD: Final = b"yiting text index %08d\n"
_FOOT: Final = b"table %020d %012d %010d\n"
_STEP: Final = 64
_AT_ONCE: Final = 2**24

Arrays = dict[str, NDArray[Any]]


class ArrayFile:
    """A file of arrays in the making; each array is handed over in parts. It is there when `close` is done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb")
        self._table: dict[str, dict[str, int | str]] = {}
        self._file.write(_HEAD % VERSION)

    def write(self, name: str, parts: Iterable[NDArray[Any]], dtype: str) -> None:
        """Write one array of little-endian `dtype`, given as its parts in order."""
        self._file.write(b"\0" * (-self._file.tell() % _STEP))
        begin, check = self._file.tell(), 0
        for part in parts:
            data = np.ascontiguousarray(part, dtype=np.dtype(dtype)).view(np.uint8).data
            check = zlib.crc32(data, check)
            self._file.write(data)
        size = self._file.tell() - begin
        self._table[name] = {"dtype": dtype, "begin": begin, "size": size, "check": check}

    def close(self) -> None:
        """Write the table, and see all of it on the disk."""
        table = json.dumps(self._table).encode()
        at = self._file.tell()
        self._file.write(table)
        self._file.write(_FOOT % (at, len(table), zlib.crc32(table)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()
            self._path.unlink(missing_ok=True)


def arrays_read(path: Path) -> Arrays:
    """Map the arrays of a file, after a look at every byte of them; about a second for each four gigabytes.

    Refuses a file cut short or changed with IndexDamaged, one of another version with IndexOfAnotherVersion.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < len(_HEAD % 0) + len(_FOOT % (0, 0, 0)):
                raise IndexDamaged(f"{path} is cut short: delete the folder and build the index anew.")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read ({error}): delete the folder and build the index anew.") from error
    _check_head(path, mapped[: len(_HEAD % 0)])
    whole = np.frombuffer(mapped, dtype=np.uint8)
    arrays: Arrays = {}
    for name, entry in _table_of(path, mapped).items():
        data = whole[entry["begin"] : entry["begin"] + entry["size"]]
        if _check_of(data) != entry["check"]:
            raise IndexDamaged(f"{path} is changed in {name}: delete the folder and build the index anew.")
        arrays[name] = data.view(np.dtype(entry["dtype"]))
    return arrays


def _check_head(path: Path, head: bytes) -> None:
    fixed = len(_HEAD % 0) - 9
    version = head[fixed:-1]
    if head[:fixed] != (_HEAD % 0)[:fixed] or not version.isdigit():
        raise IndexDamaged(f"{path} is no file of an index: delete the folder and build the index anew.")
    if int(version) != VERSION:
        raise IndexOfAnotherVersion(
            f"{path} is of version {int(version)}, this program reads {VERSION}: delete the folder and build it anew."
        )


def _table_of(path: Path, mapped: mmap.mmap) -> Mapping[str, Any]:
    foot = mapped[-len(_FOOT % (0, 0, 0)) :].split()
    if len(foot) == 4 and foot[0] == b"table" and all(part.isdigit() for part in foot[1:]):
        at, size, check = map(int, foot[1:])
        table = mapped[at : at + size]
        if len(table) == size and zlib.crc32(table) == check:
            found: Mapping[str, Any] = json.loads(table)
            return found
    raise IndexDamaged(f"{path} is cut short: delete the folder and build the index anew.")


def _check_of(data: NDArray[np.uint8]) -> int:
    check = 0
    for start in range(0, len(data), _AT_ONCE):
        check = zlib.crc32(data[start : start + _AT_ONCE].data, check)
    return check
