"""The folder of an index: which files make it up now, and who may write.

`manifest.json` names the files of the last commit and is put in place with one renaming, so that a process that dies
on the way leaves the commit before it; `manifest.previous.json` is that of the commit before, and its files stay.
"""

import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Final

from yiting.methods.texts.index.errors import IndexBusy, IndexDamaged, IndexMissing, IndexOfAnotherVersion
from yiting.methods.texts.index.storing import VERSION

Note = Mapping[str, str | int]
Stamp = tuple[int, int, int]

_FORMAT: Final = "yiting text index"
_NOW, _BEFORE, _LOCK = "manifest.json", "manifest.previous.json", "writing.lock"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one commit: segments, oldest first, and which of their rows are removed.

    `worn` says that files of this commit or the one before may hold removed texts; `note` is the caller's own.
    """

    number: int = 0
    segments: tuple[str, ...] = ()
    gone: str = ""
    worn: bool = False
    note: Note = field(default_factory=dict)

    def files(self) -> set[str]:
        """The names of all files."""
        return {*self.segments, self.gone} - {""}


def manifests_read(folder: Path) -> Iterator[Manifest | IndexDamaged | IndexOfAnotherVersion]:
    """The manifests of a folder, the newest first, or why one cannot be read. Refuses a folder without any."""
    found = False
    for name in (_NOW, _BEFORE):
        try:
            data = (folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            found = True
            yield IndexDamaged(f"{folder / name} cannot be read ({error}): delete the folder and build the index anew.")
            continue
        found = True
        try:
            yield _read(folder / name, data)
        except (IndexDamaged, IndexOfAnotherVersion) as error:
            yield error
    if not found:
        raise IndexMissing(f"There is no index in {folder}: make one first.")


def _read(path: Path, data: bytes) -> Manifest:
    head, _, body = data.partition(b"\n")
    if head != b"%010d" % zlib.crc32(body):
        raise IndexDamaged(f"{path} is cut short or changed: delete the folder and build the index anew.")
    content = json.loads(body)
    if content.pop("format") != _FORMAT or content.pop("version") != VERSION:
        raise IndexOfAnotherVersion(f"{path} is of another version: delete the folder and build the index anew.")
    content["segments"] = tuple(content["segments"])
    return Manifest(**content)


def manifest_write(folder: Path, manifest: Manifest, *, keep_before: bool) -> None:
    """Make `manifest` the one that holds; all its files are on the disk already. Only the writer may.

    The one before it is kept as well, to fall back on, or dropped, so that nothing is left of what was removed.
    """
    body = json.dumps({"format": _FORMAT, "version": VERSION, **asdict(manifest)}, ensure_ascii=False).encode()
    fresh = folder / "manifest.new"
    with fresh.open("wb") as file:
        file.write(b"%010d\n" % zlib.crc32(body) + body)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)
    if keep_before and (folder / _NOW).exists():
        kept = folder / "manifest.kept"
        kept.unlink(missing_ok=True)
        os.link(folder / _NOW, kept)
        kept.replace(folder / _BEFORE)
    fresh.replace(folder / _NOW)
    if not keep_before:
        (folder / _BEFORE).unlink(missing_ok=True)
    _sync(folder)


def files_sweep(folder: Path) -> None:
    """Delete files that neither the last commit nor the one before it names. Only the writer may."""
    named: set[str] = set()
    for manifest in manifests_read(folder):
        if not isinstance(manifest, Manifest):
            return
        named |= manifest.files()
    for path in folder.glob("*.arrays"):
        if path.name not in named:
            # a system that keeps mapped files open sweeps them the next time
            with suppress(OSError):
                path.unlink()


def fresh_name(folder: Path, kind: str) -> Path:
    """A name for a new file, one that no file here has."""
    number = 1 + max((int(path.stem.rpartition("-")[2]) for path in folder.glob(f"{kind}-*.arrays")), default=0)
    return folder / f"{kind}-{number:08d}.arrays"


def stamp_of(folder: Path) -> Stamp | None:
    """What changes with every commit; one question to the file system."""
    try:
        state = (folder / _NOW).stat()
    except OSError:
        return None
    return (state.st_ino, state.st_mtime_ns, state.st_size)


def lock_take(folder: Path) -> IO[bytes]:
    """Become the writer until the file is closed or the process ends; refuses with IndexBusy while another is."""
    file = (folder / _LOCK).open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise IndexBusy(f"Another process is writing to {folder}: try again when it is done.") from error
    return file


def lock_give(file: IO[bytes]) -> None:
    """Let others write."""
    file.close()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
