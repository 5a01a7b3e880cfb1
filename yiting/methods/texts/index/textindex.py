"""The index: texts added, replaced, removed and searched, in memory or in a folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.letters import plain_letters
from yiting.methods.texts.index.errors import IndexDamaged, IndexOfAnotherVersion, IndexThere
from yiting.methods.texts.index.explaining import Phrases, Similar
from yiting.methods.texts.index.folders import (
    Manifest,
    Note,
    Stamp,
    files_sweep,
    fresh_name,
    lock_give,
    lock_take,
    manifest_write,
    manifests_read,
    stamp_of,
)
from yiting.methods.texts.index.merging import segments_merge_into, segments_merged
from yiting.methods.texts.index.searching import Snapshot, likest, nearest
from yiting.methods.texts.index.segments import DTYPES, Entry, Segment, hashes_of, segment_build
from yiting.methods.texts.index.storing import ArrayFile, arrays_read
from yiting.methods.texts.index.terms import CODES, MOST_LETTERS, read_terms

DEFAULT_FLOOR: Final = 0.15
"""Below this score two texts hardly share more than the way people write."""

_AT_ONCE: Final = 8_192
_LETTERS_AT_ONCE: Final = 2**22
_ALWAYS_JOINED: Final = 512
_MOST_IN_MEMORY: Final = 32_768
_MOST_GONE: Final = 0.2
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A segment, which of its rows are gone (None for none), and its file ("" while it is in memory only)."""

    segment: Segment
    gone: NDArray[np.bool_] | None = None
    file: str = ""

    @property
    def gone_count(self) -> int:
        return 0 if self.gone is None else int(np.count_nonzero(self.gone))


class TextIndex:
    """Known texts, to be searched by likeness. Make one with `create`, or take up a folder with `open`.

    Whoever adds or removes becomes the folder's one writer until `commit` or `close`; what was added is found at once
    by this object, and by others after the commit, when they `refresh`. An object that only searches may serve many
    threads; one that writes, one.

    No text is kept: of each there are its id, its shelf and the numbers of its pairs of letters, without their order.
    Those of a removed text are not found from then on, and leave the disk with the next `compact` and `commit`.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock: IO[bytes] | None = None
        self._stamp: Stamp | None = None
        self._manifest = Manifest()
        self._parts: tuple[_Part, ...] = ()
        self._counts = np.zeros(CODES, dtype=np.int32)
        self._size = 0
        self._changed = self._compacted = self._worn = False
        self._snapshot = self._seen()
        self.damage: IndexDamaged | IndexOfAnotherVersion | None = None
        """Why the last commit could not be read, when the one before it was taken up instead."""

    @classmethod
    def create(cls, folder: Path | None = None) -> Self:
        """Make an empty index in a folder, which is made when it is missing; in memory without one.

        Refuses with IndexThere when the folder holds one, with IndexBusy when another process is at it.
        """
        index = cls(folder)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            index._lock = lock_take(folder)
            if stamp_of(folder) is not None:
                index._release()
                raise IndexThere(f"{folder} holds an index already: open it, or take another folder.")
            index._changed = True
            index.commit()
        return index

    @classmethod
    def renew(cls, folder: Path) -> Self:
        """Make an empty index in a folder in place of whatever is in it, also of one that is damaged.

        Refuses with IndexBusy when another process is at it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        index = cls(folder)
        index._lock = lock_take(folder)
        index._changed = index._compacted = True
        index.commit()
        return index

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Take up the last good state of the index in a folder; every byte is checked, none is loaded.

        Refuses with IndexMissing, IndexDamaged or IndexOfAnotherVersion.
        """
        index = cls(folder)
        index._load()
        return index

    def __len__(self) -> int:
        return self._size

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and bool(self.holds([id])[0])

    def holds(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """Which of these ids are here."""
        found = np.zeros(len(ids), dtype=np.bool_)
        hashes = hashes_of(ids)
        for part in self._parts:
            rows = part.segment.rows_of(ids, hashes)
            here = rows >= 0
            if part.gone is not None:
                here &= ~part.gone[rows]
            found |= here
        return found

    def ids(self) -> Iterator[str]:
        """Every id, in no order that means anything."""
        for part in self._parts:
            for row in range(len(part.segment)):
                if part.gone is None or not part.gone[row]:
                    yield part.segment.id_of(row)

    @property
    def worn(self) -> bool:
        """Whether the files may still hold what was removed or replaced; `compact` and `commit` take it out."""
        return self._worn

    @property
    def note(self) -> Note:
        """What the caller of the last commit wanted kept beside it."""
        return self._manifest.note

    def begin(self) -> None:
        """Become the writer, on top of what others committed, until `commit` or `close`; `add` and the like do too.

        Refuses with IndexBusy while another process writes.
        """
        if self._folder is not None and self._lock is None:
            lock = lock_take(self._folder)
            try:
                if self._changed or stamp_of(self._folder) != self._stamp:
                    self._load()
            except BaseException:
                lock_give(lock)
                raise
            self._lock = lock

    def add(self, entries: Entry | Iterable[Entry]) -> int:
        """Add texts, in place of those with the same ids; return how many were handed over.

        Many at once are quicker than one by one. Refuses with IndexBusy while another process writes.
        """
        self.begin()
        added = 0
        for some in _batches([entries] if isinstance(entries, Entry) else entries):
            added += len(some)
            # of two with one id the last one stands
            different = list({entry.id: entry for entry in some}.values())
            ids = [entry.id for entry in different]
            hashes = hashes_of(ids)
            self._forget(ids, hashes)
            segment = segment_build(different, hashes)
            self._counts[segment.vocabulary] += np.diff(segment.posting_starts).astype(np.int32)
            self._size += len(segment)
            self._parts = (*self._parts, _Part(segment))
            self._join_small()
            self._snapshot = self._seen()
            self._changed = True
        return added

    def remove(self, ids: Iterable[str]) -> int:
        """Take texts out; return how many were there. Refuses with IndexBusy while another process writes."""
        self.begin()
        wanted = list(dict.fromkeys(ids))
        removed = self._forget(wanted, hashes_of(wanted))
        self._snapshot = self._seen()
        self._changed |= removed > 0
        return removed

    def clear(self) -> None:
        """Take all texts out; their files leave the disk with the commit."""
        self.begin()
        self._parts, self._size = (), 0
        self._counts = np.zeros(CODES, dtype=np.int32)
        self._manifest = replace(self._manifest, note={})
        self._changed, self._compacted, self._worn = True, True, False
        self._snapshot = self._seen()

    def search(
        self,
        text: str,
        *,
        k: int = 10,
        shelf: int | Collection[int] | None = None,
        floor: float = DEFAULT_FLOOR,
        beside: Iterable[Entry] = (),
    ) -> list[Similar]:
        """Return up to `k` texts whose score is at least `floor`, the most similar first, ties by id.

        Only texts on `shelf` (one or some; None: any) are looked at. The score is 1 for the same text, and is the
        geometric mean of how much of `text` is found in the other and of the cosine of the two, over pairs of letters
        weighed by how telling they are. Past some thousands of texts that share a pair of letters those that share
        the rarest pairs are compared. A few texts that are not here yet may be given `beside`: they are compared in
        the same way, each in place of the one here with its id.
        """
        snapshot = self._snapshot
        shelves = [shelf] if isinstance(shelf, int) else shelf
        codes = read_terms([text]).codes
        extra = {one.id: one for one in beside if shelves is None or one.shelf in shelves}
        found = nearest(snapshot, codes, k=k + len(extra), shelves=shelves, floor=floor)
        hits = [(hit, snapshot.segments[hit.segment]) for hit in found]
        hits = [(hit, segment) for hit, segment in hits if segment.id_of(hit.row) not in extra]
        if extra:
            near = segment_build(list(extra.values()), hashes_of(list(extra)))
            hits += [(hit, near) for hit in likest(snapshot, near, codes, floor=floor)]
            hits.sort(key=lambda pair: (-pair[0].score, pair[1].id_of(pair[0].row)))
        if not hits:
            return []
        phrases = Phrases(plain_letters([text[:MOST_LETTERS]], punctuation=True)[0], snapshot.weights)
        return [
            Similar(segment.id_of(hit.row), hit.score, phrases.shared(segment.codes_of(hit.row)))
            for hit, segment in hits[: max(k, 0)]
        ]

    def commit(self, note: Note | None = None) -> None:
        """Make what was added and removed the state that others open, with `note` beside it; stop being the writer.

        Either all of it is there afterwards or, should the process die, nothing. Does nothing in memory.
        """
        if self._folder is None:
            return
        if note is not None and dict(note) != dict(self._manifest.note):
            self.begin()
            self._manifest = replace(self._manifest, note=dict(note))
            self._changed = True
        if self._lock is None:
            return
        if self._changed:
            self._parts = tuple(self._saved(self._folder, self._tidied(part)) for part in self._parts)
            self._manifest = Manifest(
                number=self._manifest.number + 1,
                segments=tuple(part.file for part in self._parts),
                gone=self._save_gone(self._folder),
                worn=self._worn,
                note=self._manifest.note,
            )
            manifest_write(self._folder, self._manifest, keep_before=not self._compacted)
            files_sweep(self._folder)
            self._stamp = stamp_of(self._folder)
            self._changed = self._compacted = False
            self._snapshot = self._seen()
        self._release()

    def compact(self) -> None:
        """Put everything into one part without what was removed: quickest to search, and nothing removed is kept.

        With the commit after it the files of before leave the disk, those of the state to fall back on too.
        """
        self.begin()
        if len(self._parts) > 1 or any(part.gone_count for part in self._parts):
            self._parts = (self._joined(self._parts),) if self._size else ()
        self._changed, self._compacted, self._worn = True, True, False
        self._snapshot = self._seen()

    def refresh(self) -> bool:
        """Take up what others committed since; cheap when nothing was. Return whether there was something."""
        if self._folder is None or self._lock is not None:
            return False
        if stamp_of(self._folder) == self._stamp:
            return False
        self._load()
        return True

    def close(self) -> None:
        """Let others write; what was not committed is lost to all but this object."""
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _release(self) -> None:
        if self._lock is not None:
            lock_give(self._lock)
            self._lock = None

    def _load(self) -> None:
        """Read the newest manifest whose files are whole."""
        assert self._folder is not None
        for left in reversed(range(_TRIES)):
            stamp = stamp_of(self._folder)
            refusal: IndexDamaged | IndexOfAnotherVersion | None = None
            for manifest in manifests_read(self._folder):
                if isinstance(manifest, Manifest):
                    try:
                        self._take(manifest, self._folder)
                    except (IndexDamaged, IndexOfAnotherVersion) as error:
                        refusal = refusal or error
                        continue
                    self._stamp, self.damage = stamp, refusal
                    return
                refusal = refusal or manifest
            # files may be swept while they are read: then there is a newer manifest
            if refusal is not None and (not left or stamp == stamp_of(self._folder)):
                raise refusal

    def _take(self, manifest: Manifest, folder: Path) -> None:
        known = {part.file: part.segment for part in self._parts if part.file}
        gone = arrays_read(folder / manifest.gone) if manifest.gone else {}
        parts = []
        for name in manifest.segments:
            segment = known.get(name) or Segment.of(arrays_read(folder / name))
            dead = None
            if name in gone:
                dead = np.zeros(len(segment), dtype=np.bool_)
                dead[gone[name]] = True
            parts.append(_Part(segment, dead, name))
        counts = np.zeros(CODES, dtype=np.int32)
        for part in parts:
            counts[part.segment.vocabulary] += np.diff(part.segment.posting_starts).astype(np.int32)
            if part.gone is not None:
                rows = np.flatnonzero(part.gone).tolist()
                counts -= _counted([part.segment.codes_of(row) for row in rows])
        self._parts, self._counts, self._manifest = tuple(parts), counts, manifest
        self._size = sum(len(part.segment) - part.gone_count for part in parts)
        self._changed, self._compacted, self._worn = False, False, manifest.worn
        self._snapshot = self._seen()

    def _forget(self, ids: Sequence[str], hashes: NDArray[np.uint64]) -> int:
        """Mark texts as gone, and drop a part of which nothing is left; return how many were there."""
        removed, parts = 0, []
        for part in self._parts:
            rows = part.segment.rows_of(ids, hashes)
            rows = rows[rows >= 0]
            if part.gone is not None:
                rows = rows[~part.gone[rows]]
            if len(rows):
                gone = np.zeros(len(part.segment), dtype=np.bool_) if part.gone is None else part.gone.copy()
                gone[rows] = True
                for row in rows.tolist():
                    self._counts[part.segment.codes_of(row)] -= 1
                part = replace(part, gone=gone)
                removed += len(rows)
            if part.gone_count < len(part.segment):
                parts.append(part)
        self._size -= removed
        self._worn |= removed > 0
        self._parts = tuple(parts)
        return removed

    def _join_small(self) -> None:
        """Keep parts few: the last ones are joined until each is larger than the one after it."""
        parts = list(self._parts)
        first = len(parts) - 1
        last = len(parts[-1].segment) if parts else 0
        while first > 0 and len(parts[first - 1].segment) <= max(last, _ALWAYS_JOINED):
            first -= 1
            last += len(parts[first].segment)
        if first < len(parts) - 1:
            parts[first:] = [self._joined(parts[first:])]
        self._parts = tuple(parts)

    def _joined(self, parts: Sequence[_Part]) -> _Part:
        segments, gone = [part.segment for part in parts], [part.gone for part in parts]
        if self._folder is None or sum(map(len, segments)) <= _MOST_IN_MEMORY:
            return _Part(segments_merged(segments, gone))
        path = fresh_name(self._folder, "segment")
        segments_merge_into(path, segments, gone)
        return _Part(Segment.of(arrays_read(path)), file=path.name)

    def _tidied(self, part: _Part) -> _Part:
        """Write a part anew when much of it is gone."""
        return self._joined([part]) if part.gone_count > _MOST_GONE * len(part.segment) else part

    def _saved(self, folder: Path, part: _Part) -> _Part:
        if part.file:
            return part
        path = fresh_name(folder, "segment")
        with ArrayFile(path) as file:
            for name, dtype in DTYPES.items():
                file.write(name, [getattr(part.segment, name)], dtype)
        return _Part(Segment.of(arrays_read(path)), part.gone, path.name)

    def _save_gone(self, folder: Path) -> str:
        gone = {part.file: np.flatnonzero(part.gone) for part in self._parts if part.gone is not None}
        if not gone:
            return ""
        path = fresh_name(folder, "gone")
        with ArrayFile(path) as file:
            for name, rows in gone.items():
                file.write(name, [rows], "<u4")
        return path.name

    def _seen(self) -> Snapshot:
        parts = self._parts
        return Snapshot(tuple(p.segment for p in parts), tuple(p.gone for p in parts), self._counts, self._size)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Some thousands of texts at a time, fewer when they are long."""
    batch: list[Entry] = []
    letters = 0
    for entry in entries:
        batch.append(entry)
        letters += min(len(entry.text), MOST_LETTERS)
        if len(batch) == _AT_ONCE or letters >= _LETTERS_AT_ONCE:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _counted(rows: Sequence[NDArray[np.uint32]]) -> NDArray[np.int32]:
    codes = np.concatenate(rows) if rows else np.zeros(0, dtype=np.uint32)
    return np.bincount(codes, minlength=CODES).astype(np.int32)
