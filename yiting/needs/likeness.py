"""The index that finds requests which say the same: a folder made from the database, which can always be made again.

Each host has a folder of its own below YITING_DATA_DIR, one for each database. Beside the index stands up to where the
requests were read in: the key of one and its code, which is by chance and so tells this database from any other and
from an older state of itself. What was filed later is compared as it is read from the database, so that nothing is
missed; what is found is looked up there, so that nothing is shown that is gone. The folder holds no texts (see
`TextIndex`), and of erased requests nothing.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from yiting.methods.texts.index import Entry, IndexBusy, IndexMissing, IndexRefused, Similar, TextIndex
from yiting.needs.models import ServiceRequest
from yiting.places.models import CODED_LEVELS, Place

BATCH = 5_000
STEP = 1_000
"""Requests that somebody who asks brings into an index that is far behind."""
TAIL = 300
"""Requests that are compared though they are not in the index yet."""
LATE = 100
"""So many keys back requests are looked for again: a transaction may end after one with a higher key."""
PATIENCE = 3.0
"""Seconds to wait for another writer before what was erased is left to the daily round."""

_log = logging.getLogger(__name__)
_read: dict[Path, TextIndex] = {}
_written: dict[Path, TextIndex] = {}
_reading = threading.Lock()
_writing = threading.Lock()

Row = tuple[int, str, str, str, str]
"""Key, code, title, text and path of the place."""


def find(text: str, around: str, *, k: int, floor: float) -> list[Similar]:
    """Return the requests most like a text by their keys, near the place of a path; two queries.

    All that are there under the path are looked at, but others of the same community may come too. An index that is
    far behind is brought a step on first.
    """
    shelves = _shelves_around(around)
    index = _opened()
    rows = _tail(index, around)
    if rows is None or len(rows) == TAIL:
        catch_up(most=STEP)
        index = _opened()
        rows = _tail(index, around)
    if rows is None:
        index = TextIndex.create()
        rows = _tail(index, around) or []
    beside = [Entry(str(pk), f"{title}\n{words}", min(shelves)) for pk, _, title, words, _ in rows if title or words]
    return index.search(text, k=k, shelf=shelves, floor=floor, beside=beside)


def catch_up(*, most: int | None = None) -> int:
    """Read into the index what was filed since, at most so many; return how many. Does nothing while another does.

    Nothing is done within a transaction either: what it wrote may yet be undone.
    """
    if connection.in_atomic_block or _writing.locked():
        return 0
    try:
        with _pen() as index:
            return _catch_up(index, most)
    except IndexBusy:
        return 0


def tidy() -> int:
    """Catch up, take out what is erased and read in what was missed; return how many requests came or went.

    What was taken out since the last time leaves the disk. Does nothing within a transaction, or while another writes.
    """
    changed = catch_up()
    if connection.in_atomic_block:
        return changed
    try:
        with _pen() as index:
            kept = np.sort(np.fromiter(_kept().values_list("pk", flat=True).iterator(chunk_size=BATCH), dtype=np.int64))
            known = np.sort(np.fromiter((int(id) for id in index.ids()), dtype=np.int64))
            gone = index.remove(map(str, np.setdiff1d(known, kept, assume_unique=True).tolist()))
            missed = np.setdiff1d(kept[kept <= _mark(index)[0]], known, assume_unique=True).tolist()
            for start in range(0, len(missed), BATCH):
                rows = _kept().filter(pk__in=missed[start : start + BATCH]).values_list(*_COLUMNS)
                index.add(_entries(list(rows)))
            if index.worn:
                index.compact()
            index.commit()
            return changed + gone + len(missed)
    except IndexBusy:
        return changed


def rebuild() -> int:
    """Make the index anew; return how many requests it holds. Refuses with IndexBusy while another process writes."""
    with _writing:
        _written.pop(folder(), None)
        TextIndex.renew(folder()).close()
    return catch_up()


def forget(keys: Sequence[int]) -> None:
    """Take requests out, after the commit that erased their words."""
    if not folder().exists():
        return
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with _pen() as index:
                index.remove(map(str, keys))
                index.commit()
            return
        except IndexBusy:
            if time.monotonic() > until:
                _log.warning("the index is being written to: erased requests leave it in the daily round")
                return
            time.sleep(0.05)


def folder() -> Path:
    """Where the index of the database in use stands."""
    name = f"{connection.vendor} {connection.settings_dict.get('HOST')} {connection.settings_dict['NAME']}"
    return Path(settings.YITING_DATA_DIR) / "index" / f"needs-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


_COLUMNS = ("pk", "code", "title", "text", "place__path")


def _kept() -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.filter(erased_at__isnull=True)


def _opened() -> TextIndex:
    """The index as it is now; an empty one when there is none, or none that can be read."""
    path = folder()
    with _reading:
        index = _read.pop(path, None)
        try:
            if index is None:
                index = TextIndex.open(path)
            else:
                index.refresh()
        except IndexMissing:
            return TextIndex.create()
        except (IndexRefused, OSError) as refusal:
            _log.warning("the index of requests is made anew: %s", refusal)
            return TextIndex.create()
        _read[path] = index
        return index


@contextmanager
def _pen() -> Iterator[TextIndex]:
    """The index, of which one is the writer until the end."""
    with _writing:
        index = _to_write(folder())
        try:
            yield index
        finally:
            index.close()


def _to_write(path: Path) -> TextIndex:
    if path not in _written:
        try:
            _written[path] = TextIndex.open(path)
        except IndexRefused as refusal:
            if not isinstance(refusal, IndexMissing):
                _log.warning("the index of requests is made anew: %s", refusal)
            _written[path] = TextIndex.renew(path)
    index = _written[path]
    try:
        index.begin()
    except IndexBusy:
        raise
    except (IndexRefused, OSError):
        # it was deleted or damaged since it was opened
        index = _written[path] = TextIndex.renew(path)
        index.begin()
    return index


def _mark(index: TextIndex) -> tuple[int, str]:
    return int(index.note.get("mark", 0)), str(index.note.get("code", ""))


def _catch_up(index: TextIndex, most: int | None) -> int:
    added, (mark, code) = 0, _mark(index)
    if mark and not _stands(mark, code):
        index.clear()
        mark = 0
    size = BATCH if most is None else most + LATE
    while True:
        index.begin()
        rows: list[Row] = list(_kept().filter(pk__gte=mark - LATE).order_by("pk").values_list(*_COLUMNS)[:size])
        known = index.holds([str(row[0]) for row in rows])
        fresh = [row for row, there in zip(rows, known.tolist(), strict=True) if not there]
        if not fresh:
            return added
        index.add(_entries(fresh))
        added += len(fresh)
        if rows[-1][0] > mark:
            mark, code = rows[-1][:2]
        index.commit({"mark": mark, "code": code})
        if most is not None or len(rows) < size:
            return added


def _stands(mark: int, code: str) -> bool:
    return ServiceRequest.objects.filter(pk=mark, code=code).exists()


def _entries(rows: Sequence[Row]) -> Iterable[Entry]:
    paths = [_keys(row[4]) for row in rows]
    coded = set(
        Place.objects.filter(pk__in={key for path in paths for key in path}, level__in=CODED_LEVELS).values_list(
            "pk", flat=True
        )
    )
    for (pk, _, title, words, _), path in zip(rows, paths, strict=True):
        yield Entry(str(pk), f"{title}\n{words}", _shelf(path, coded))


def _shelves_around(path: str) -> set[int]:
    """The shelves on which all that was said under a path stands. One query."""
    found = Place.objects.filter(Q(path__startswith=path) | Q(pk__in=_keys(path)), level__in=CODED_LEVELS)
    paths = dict(found.values_list("pk", "path"))
    return {_shelf(_keys(path), paths.keys()), *(pk for pk, there in paths.items() if there.startswith(path))}


def _shelf(path: Sequence[int], coded: Iterable[int]) -> int:
    """A community is a shelf, with all below it; so is each place above."""
    return next((key for key in reversed(path) if key in coded), path[0])


def _keys(path: str) -> list[int]:
    return [int(key) for key in path.strip("/").split("/")]


def _tail(index: TextIndex, around: str) -> list[Row] | None:
    """The newest requests under a path that are not in the index for sure; None when it is of another database."""
    mark, code = _mark(index)
    late = ServiceRequest.objects.filter(pk__gte=mark - LATE).filter(Q(pk=mark) | Q(place__path__startswith=around))
    rows: list[Row] = list(late.order_by("-pk").values_list(*_COLUMNS)[:TAIL])
    if mark and not any(row[:2] == (mark, code) for row in rows) and not _stands(mark, code):
        return None
    return [row for row in rows if row[4].startswith(around)]
