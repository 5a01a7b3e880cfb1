"""Going over the whole ledger: every row is computed again, and the first entry that does not hold is named.

Rows are read in batches, so memory does not grow with the ledger. Of each batch these are compared: the
entry's canonical bytes with its leaf hash; the opening with the commitment; the finished nodes, leaves first,
with those computed anew; the live words of the objects with the digests committed to last. At the end the
root must be the signed one. An opening may be empty only if the entry it points at is an erasure naming it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _

from yiting.ledger import canonical, keys
from yiting.ledger.models import Entry, Head, Node, Opening
from yiting.ledger.registry import OPENING_ERASED, find_witness
from yiting.methods import merkle

BATCH = 2000
# What databases and their converters raise over a field that somebody wrote nonsense into.
_UNREADABLE = (ValueError, TypeError, OverflowError, DatabaseError)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """What going over the ledger found; `first_bad` is the number of the first entry that does not hold."""

    size: int
    root: str
    ok: bool
    first_bad: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Fault:
    """Something that does not hold, and the entry to which it is laid; None when only the head is wrong.

    `row` is the entry where it is there and is itself at fault; `gone` says that it is not there to be read.
    """

    index: int | None
    reason: str
    row: "_Row | None" = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry with its opening as they are stored: anything, once somebody has edited them."""

    index: int
    kind: Any
    object_type: Any
    object_id: Any
    at: Any
    role: Any
    is_public: Any
    commitment: Any
    leaf: Any
    salt: Any
    facts: Any
    words: Any
    erased_in: Any


_FIELDS = (
    "index", "kind", "object_type", "object_id", "at", "role", "is_public", "commitment", "leaf",
    "opening__salt", "opening__facts", "opening__words", "opening__erased_in",
)  # fmt: skip


class _Tree:
    """The tree as computed anew, of which only the right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: dict[merkle.NodeId, bytes] = {}

    def grow(self, leaves: Sequence[bytes]) -> list[merkle.Node]:
        """Add leaves; return the nodes that they finish."""
        nodes = merkle.append_many(self.size, leaves, self._read)
        self.size += len(leaves)
        known = self._edge | {(node.level, node.index): node.hash for node in nodes}
        edge = [(level, (self.size >> level) - 1) for level in range(64) if self.size >> level & 1]
        self._edge = {node: known[node] for node in edge}
        return nodes

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return merkle.root_from(self.size, self._read)

    def _read(self, wanted: Sequence[merkle.NodeId]) -> Mapping[merkle.NodeId, bytes]:
        return {node: self._edge[node] for node in wanted}


def ledger_verify(*, progress: Progress | None = None, batch: int = BATCH) -> Verification:
    """Go over the whole ledger and name the first entry that does not hold, whatever row was edited.

    `progress` is told how many entries of how many are done. Entries appended meanwhile are left for the next
    time. It only reads.
    """
    size, root, head_fault = _signed_head()
    tree = _Tree()
    pending: _Fault | None = None
    fault: _Fault | None = None
    for start in range(0, size, batch):
        stop = min(start + batch, size)
        rows, fault = _read_sound(start, stop)
        nodes = tree.grow([bytes.fromhex(row.leaf) for row in rows])
        fault = _first(fault, _nodes_fault(start, nodes), _erasures_fault(rows))
        if pending is None:
            pending = _words_fault(rows)
        if fault is not None:
            break
        if progress is not None:
            progress(stop, size)
    if fault is None and pending is None:
        fault = _surplus_fault() or head_fault or _root_fault(tree, root)
    fault = _weighed(pending, fault)
    if fault is None:
        return Verification(size, root, True, None, "")
    return Verification(size, root, False, fault.index, fault.reason)


def _signed_head() -> tuple[int, str, _Fault | None]:
    """Return size and root as signed; where the signature does not hold, as stored, with the fault."""
    head = Head.objects.filter(pk=Head.ONLY).first()
    if head is None:
        return 0, merkle.EMPTY_ROOT.hex(), None
    try:
        signed = keys.read_head(head.note)
    except ValueError:
        return head.size, str(head.root), _Fault(None, _("The head does not carry our signature."))
    fault = None
    if (signed.size, signed.root.hex()) != (head.size, head.root):
        fault = _Fault(None, _("The stored head is not the one that was signed."))
    return signed.size, signed.root.hex(), fault


def _root_fault(tree: _Tree, root: str) -> _Fault | None:
    if tree.root().hex() == root:
        return None
    return _Fault(None, _("The entries agree with one another but not with the signed head: all were written anew."))


def _surplus_fault() -> _Fault | None:
    """Find rows beyond the head. They are read before the head, which may grow meanwhile."""
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    entries, nodes = Entry.objects.count(), Node.objects.count()
    head = Head.objects.filter(pk=Head.ONLY).first()
    size = head.size if head is not None else 0
    if entries > size or (last is not None and not (isinstance(last, int) and last < size)):
        return _Fault(size, _("There are entries that the head does not count."), gone=True)
    if nodes > sum(size >> level for level in range(size.bit_length())):
        return _Fault(None, _("The tree holds nodes that no entry stands under."))
    return None


def _first(*faults: _Fault | None) -> _Fault | None:
    found = [fault for fault in faults if fault is not None]
    return min(found, key=lambda fault: -1 if fault.index is None else fault.index, default=None)


def _weighed(pending: _Fault | None, fault: _Fault | None) -> _Fault | None:
    """Choose between words that differ and a fault of the rows.

    Words are compared with the last entry that committed to them. If a later entry about the same object is
    spoilt or gone, that one is at fault, not the words that an earlier entry knew.
    """
    if pending is None or fault is None or fault.index is None or pending.index is None:
        return pending or fault
    if fault.index < pending.index:
        return fault
    return fault if fault.gone or _tells_of(fault.row, pending.row) else pending


def _tells_of(row: _Row | None, other: _Row | None) -> bool:
    """Say whether a spoilt row was, as taken down, about the object of another."""
    if row is None or other is None:
        return False
    if (row.object_type, row.object_id) == (other.object_type, other.object_id):
        return True
    about_other = replace(row, object_type=other.object_type, object_id=other.object_id)
    return bool(_leaf(about_other) == row.leaf)


def _read_sound(start: int, stop: int) -> tuple[list[_Row], _Fault | None]:
    """Read the rows from start up to the first that does not agree with itself, and that one's fault."""
    rows, fault = _read_rows(start, stop)
    sound: list[_Row] = []
    for index in range(start, stop if fault is None or fault.index is None else fault.index):
        row = rows.get(index)
        if row is None:
            return sound, _Fault(index, _("The entry is not there any more."), gone=True)
        wrong = _row_wrong(row)
        if wrong:
            return sound, _Fault(index, wrong, row)
        sound.append(row)
    return sound, fault


def _read_rows(start: int, stop: int) -> tuple[dict[int, _Row], _Fault | None]:
    """Read the rows of a batch; a row that the database cannot even hand over is found by halving."""
    try:
        found = Entry.objects.filter(index__gte=start, index__lt=stop).values_list(*_FIELDS)
        return {values[0]: _Row(*values) for values in found}, None
    except _UNREADABLE:
        if stop - start == 1:
            return {}, _Fault(start, _unreadable(), gone=True)
    middle = (start + stop) // 2
    rows, fault = _read_rows(start, middle)
    if fault is not None:
        return rows, fault
    more, fault = _read_rows(middle, stop)
    return rows | more, fault


def _unreadable() -> str:
    return _("The entry cannot be read: a field holds what it never can.")


def _leaf(row: _Row) -> str:
    """Hash a row as an entry; empty when its fields are not such that an entry can have them."""
    try:
        text = canonical.entry_text(
            index=row.index,
            kind=row.kind,
            object_type=row.object_type,
            object_id=row.object_id,
            at=row.at,
            role=row.role,
            is_public=row.is_public,
            commitment=row.commitment,
        )
        return merkle.leaf_hash(text.encode()).hex()
    except (AttributeError, TypeError, ValueError, OverflowError):
        return ""


def _row_wrong(row: _Row) -> str:
    """Say what about a row does not agree with itself; empty when all does."""
    leaf = _leaf(row)
    if leaf == "":
        return _unreadable()
    if leaf != row.leaf:
        return _("The entry is not the one that was taken down: its leaf hash differs.")
    if row.salt is None:
        return _("What opens the entry is gone, and no entry tells of an erasure.")
    if row.erased_in is not None:
        return _("The entry was erased, yet contents are there.") if row.salt or row.facts or row.words else ""
    try:
        holds = canonical.commitment_hash(row.salt, row.facts, row.words) == row.commitment
    except (TypeError, ValueError):
        holds = False
    return "" if holds else _("The facts or the salt of the entry are not those that were committed to.")


def _nodes_fault(start: int, nodes: Sequence[merkle.Node]) -> _Fault | None:
    """Compare finished nodes with the stored ones, in the order in which they were finished.

    A wrong node is laid to the first entry under it: with it begins the part of the tree that does not hold.
    """
    stop = start + sum(node.level == 0 for node in nodes)
    stored = _stored_nodes(start, stop)
    for node in nodes:
        if stored.get((node.level, node.index)) != node.hash.hex():
            reason = _("The tree above the entry does not hold: its node %(level)s/%(index)s is another or gone.")
            return _Fault(node.index << node.level, reason % {"level": node.level, "index": node.index})
    return None


def _stored_nodes(start: int, stop: int) -> dict[tuple[Any, Any], Any]:
    """Read the stored nodes that the leaves from start up to stop finish."""
    finished = Q()
    for level in range(stop.bit_length()):
        if start >> level < stop >> level:
            finished |= Q(level=level, index__gte=start >> level, index__lt=stop >> level)
    if not finished:
        return {}
    return {
        (level, index): hash_
        for level, index, hash_ in Node.objects.filter(finished).values_list("level", "index", "hash")
    }


def _erasures_fault(rows: Sequence[_Row]) -> _Fault | None:
    """Check that each emptied entry is named by its erasure, and that each erasure emptied what it names."""
    emptied = [row for row in rows if row.erased_in is not None]
    told = _erasures({row.erased_in for row in emptied})
    for row in emptied:
        erasure = told.get(row.erased_in)
        # An erasure that is itself spoilt is named in its own turn, not through the entries that it emptied.
        if erasure is None or row.index not in erasure:
            return _Fault(row.index, _("The entry is empty, and no entry tells of its erasure."), row)
    named = {index: row.index for row in rows if row.kind == OPENING_ERASED for index in _named(row)}
    pointing = dict(Opening.objects.filter(pk__in=named).values_list("pk", "erased_in")) if named else {}
    for index, erasure_index in sorted(named.items()):
        if pointing.get(index) != erasure_index:
            return _Fault(index, _("The entry was erased, yet contents are there."))
    return None


class _Anything:
    """Contains every number: the entries that an erasure named which cannot be read any more."""

    def __contains__(self, index: object) -> bool:
        return True


def _erasures(indexes: set[Any]) -> dict[Any, Any]:
    """For entries that should tell of erasures, the entries they name; a spoilt one may have named any."""
    told: dict[Any, Any] = {}
    numbers = [index for index in indexes if isinstance(index, int)]
    rows, unreadable = _read_listed(numbers) if numbers else ({}, set())
    for index in numbers:
        row = rows.get(index)
        if index in unreadable or (row is not None and _row_wrong(row)):
            told[index] = _Anything()
        elif row is None:
            told[index] = _Anything() if 0 <= index < _signed_head()[0] else ()
        elif row.kind == OPENING_ERASED:
            told[index] = _named(row)
    return told


def _read_listed(indexes: Sequence[int]) -> tuple[dict[int, _Row], set[int]]:
    """Read listed rows at once; only if the database cannot hand one over, one by one."""
    try:
        found = Entry.objects.filter(index__in=indexes).values_list(*_FIELDS)
        return {values[0]: _Row(*values) for values in found}, set()
    except _UNREADABLE:
        read = {index: _read_rows(index, index + 1) for index in indexes}
    rows = {index: row for found_rows, _fault in read.values() for index, row in found_rows.items()}
    return rows, {index for index, (_rows, fault) in read.items() if fault is not None}


def _named(row: _Row) -> list[int]:
    """The entries that an erasure names; a spoilt text names none."""
    try:
        named = json.loads(row.facts)["entries"]
    except (ValueError, KeyError, TypeError):
        return []
    return [index for index in named if isinstance(index, int)] if isinstance(named, list) else []


def _words_fault(rows: Sequence[_Row]) -> _Fault | None:
    """Compare live words with the digests committed to last; what differs is read and compared again."""
    for row in _differing(rows):
        # Since we read it, its object may have been changed or erased with an entry of its own.
        again, fault = _read_sound(row.index, row.index + 1)
        if fault is None and _differing(again):
            return _Fault(row.index, _("The contents are not those that were committed to."), row)
    return None


def _differing(rows: Sequence[_Row]) -> list[_Row]:
    of_type: dict[str, list[_Row]] = {}
    for row in rows:
        if row.erased_in is None and row.words != canonical.NO_WORDS:
            of_type.setdefault(row.object_type, []).append(row)
    differing = []
    for object_type, worded in of_type.items():
        fetch = find_witness(object_type)
        if fetch is None:
            continue
        ids = sorted({row.object_id for row in worded})
        live = fetch(ids)
        # After the live words, so that a change between the two readings counts as superseding.
        latest = _latest_words(object_type, ids)
        differing += [row for row in worded if not _words_hold(row, live.get(row.object_id, {}), latest)]
    return sorted(differing, key=lambda row: row.index)


def _latest_words(object_type: str, ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """For each object and word, the last entry that committed to it."""
    openings = (
        Opening.objects.filter(entry__object_type=object_type, entry__object_id__in=ids)
        .exclude(words__in=[canonical.NO_WORDS, ""])
        .order_by("entry_id")
        .values_list("entry__object_id", "entry_id", "words")
    )
    return {(object_id, name): index for object_id, index, words in openings for name in _digests(words)}


def _words_hold(row: _Row, live: Mapping[str, str], latest: Mapping[tuple[str, str], int]) -> bool:
    return all(
        name in live and canonical.word_digest(row.salt, live[name]) == digest
        for name, digest in _digests(row.words).items()
        if latest.get((row.object_id, name), row.index) == row.index
    )


def _digests(words: Any) -> dict[str, Any]:
    try:
        digests = json.loads(words)
    except (ValueError, TypeError):
        return {}
    return digests if isinstance(digests, dict) else {}
