"""More texts than memory holds: kept in a temporary file and read again when they are asked for."""

import mmap
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self, overload


class SpilledTexts(Sequence[str]):
    """Texts out of `texts`, which is read once, kept in a file that is gone when this is closed.

    It serves wherever a sequence of texts does. 8 bytes a text stay in memory. `folder` is where the file is made
    (None: where the system makes such files); it takes about three bytes a Chinese character.
    """

    def __init__(self, texts: Iterable[str], folder: str | None = None) -> None:
        self._ends = array("q", [0])
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed with this
        for text in texts:
            # half of a surrogate pair, from a broken file, must come back as it was
            self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))
        self._file.flush()
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self._ends[-1] else b""

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._read(i) for i in range(*at.indices(len(self)))]
        return self._read(range(len(self))[at])

    def __iter__(self) -> Iterator[str]:
        return map(self._read, range(len(self)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file up; the texts cannot be read any more."""
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    def _read(self, i: int) -> str:
        return self._bytes[self._ends[i] : self._ends[i + 1]].decode("utf-8", "surrogatepass")
