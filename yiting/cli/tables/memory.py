"""Work that must hold a whole file in memory is refused when the memory is not there, before it is spent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yiting.cli.tables.refusals import TableRefused

SHARE: Final = 0.7
"""The most of the free memory that a command takes for itself."""

_GIB: Final = 1024**3
_MEMINFO: Final = Path("/proc/meminfo")
_GROUP: Final = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Room:
    """What a piece of work needs: bytes for each row and for each character of its texts, as measured."""

    work: str
    per_row: int
    per_character: int
    remedy: str

    def need(self, rows: int, characters: int) -> int:
        """The bytes that the work takes at its height."""
        return rows * self.per_row + characters * self.per_character

    def check(self, name: str, rows: int, characters: int, *, free: int | None) -> None:
        """Refuse the file of this name when it has more than can be held in `free` bytes (None: nobody knows)."""
        need = self.need(rows, characters)
        if free is not None and need > free * SHARE:
            raise TableRefused(
                f"{name} has about {rows:,} rows; {self.work} them needs about {need / _GIB:.1f} GiB of memory and "
                f"{free / _GIB:.1f} GiB are free. {self.remedy}"
            )


def memory_free() -> int | None:
    """The bytes of memory that may still be taken; None where the system does not tell."""
    known = [found for found in (_of_machine(), _of_group()) if found is not None]
    return min(known, default=None)


def _of_machine() -> int | None:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _of_group() -> int | None:
    """What a container may still take."""
    try:
        limit = (_GROUP / "memory.max").read_text(encoding="ascii").strip()
        used = (_GROUP / "memory.current").read_text(encoding="ascii").strip()
        return max(0, int(limit) - int(used))
    except (OSError, ValueError):
        return None
