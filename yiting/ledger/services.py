"""Writes of the ledger: entries go in behind one lock and never change; erasing drops what opens them.

What is scarce: the next index. What is locked: the one row of Head, with SELECT FOR UPDATE, taken after every
other lock of the caller's transaction and held until it ends. So two transactions that append stand in line,
the second reads the size that the first left, and an index is neither lost nor given twice. On SQLite the
writing transaction itself is that lock. Once: an entry and its nodes are inserted, never updated.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import connections, models, router

from yiting.ledger import canonical, keys, registry
from yiting.ledger.errors import KindUnfit, OutsideTransaction, WitnessMissing
from yiting.ledger.models import ROLE_LIMIT, Entry, Head, Node, Opening
from yiting.ledger.queries import entry_text, read_nodes
from yiting.ledger.registry import (
    OPENING_ERASED,
    list_verbs,
    register_verbs,
    register_witness,
    verb_sentence,
)
from yiting.ledger.verification import Verification, ledger_verify
from yiting.methods import merkle

__all__ = [
    "NewEntry",
    "Verification",
    "entries_append",
    "entry_append",
    "ledger_verify",
    "list_verbs",
    "opening_erase",
    "register_verbs",
    "register_witness",
    "verb_sentence",
]

_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*){2,}")
_INSERT_AT_ONCE = 2000


class HasRole(Protocol):
    """Whoever does something: all that the ledger takes down of them is their role."""

    @property
    def role_label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be appended: what happened to which object, and what of it is committed to."""

    kind: str
    obj: models.Model
    by: HasRole
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    public: bool = True


def entry_append(
    *,
    kind: str,
    obj: models.Model,
    by: HasRole,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    words: Mapping[str, str] | None = None,
    public: bool = True,
) -> Entry:
    """Append one entry in the caller's transaction.

    `facts` are small values shown in the timeline; of `words` (whole texts) only salted digests are kept, and
    the registered witness of the object's type must be able to read them back. `public` says whether anyone
    may see the facts.
    """
    new = NewEntry(kind, obj, by, at, facts or {}, words or {}, public)
    return entries_append([new])[0]


def entries_append(new_entries: Iterable[NewEntry]) -> list[Entry]:
    """Append several entries in their order, in the caller's transaction: one lock, one signature."""
    listed = list(new_entries)
    if not connections[router.db_for_write(Entry)].in_atomic_block:
        raise OutsideTransaction
    if not listed:
        return []
    for new in listed:
        _check_new(new)
    head = _lock_head()
    entries, openings = [], []
    for index, new in enumerate(listed, start=head.size):
        entry, opening = _entry_and_opening(index, new)
        entries.append(entry)
        openings.append(opening)
    nodes = merkle.append_many(head.size, [bytes.fromhex(entry.leaf) for entry in entries], read_nodes)
    Entry.objects.bulk_create(entries, batch_size=_INSERT_AT_ONCE)
    Opening.objects.bulk_create(openings, batch_size=_INSERT_AT_ONCE)
    _insert_nodes(nodes)
    head.size += len(entries)
    root = merkle.root_from(head.size, read_nodes)
    head.root, head.note = root.hex(), keys.sign_head(head.size, root)
    head.save(update_fields=["size", "root", "note"])
    return entries


def opening_erase(*, obj: models.Model, by: HasRole, at: datetime) -> Entry | None:
    """Drop salt, facts and digests of an object's entries that are not public or hold words.

    Their proofs keep holding, and a new entry tells of the erasure and names those it emptied. Where there is
    nothing (left) to erase, nothing is written and None returned.
    """
    if not connections[router.db_for_write(Entry)].in_atomic_block:
        raise OutsideTransaction
    _lock_head()
    object_type, object_id = object_name(obj)
    personal = (
        Opening.objects.filter(entry__object_type=object_type, entry__object_id=object_id, erased_in__isnull=True)
        .filter(models.Q(entry__is_public=False) | ~models.Q(words=canonical.NO_WORDS))
        .exclude(entry__kind=OPENING_ERASED)
    )
    indexes = sorted(personal.values_list("entry_id", flat=True))
    if not indexes:
        return None
    told = entry_append(kind=OPENING_ERASED, obj=obj, by=by, at=at, facts={"entries": indexes})
    Opening.objects.filter(entry_id__in=indexes).update(salt="", facts="", words="", erased_in=told.index)
    return told


def object_name(obj: models.Model) -> tuple[str, str]:
    """Name an object as the ledger does: its model's label and its key."""
    return obj._meta.label_lower, str(obj.pk)


def _check_new(new: NewEntry) -> None:
    if not _KIND.fullmatch(new.kind):
        raise KindUnfit(kind=new.kind)
    object_type, _key = object_name(new.obj)
    if new.words and registry.find_witness(object_type) is None:
        raise WitnessMissing(object_type=object_type)
    if new.obj.pk is None:
        raise ValueError(f"{new.obj!r} is not stored yet: append its entry after its insert")
    if new.at.tzinfo is None:
        raise ValueError(f"{new.kind}: the time of an entry must be aware")


def _lock_head() -> Head:
    head = Head.objects.select_for_update().filter(pk=Head.ONLY).first()
    if head is None:
        Head.objects.bulk_create([Head(pk=Head.ONLY, root=merkle.EMPTY_ROOT.hex())], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(pk=Head.ONLY)
    return head


def _insert_nodes(nodes: Sequence[merkle.Node]) -> None:
    """Insert nodes past the ORM: there are two for each entry, and making models of them takes longest."""
    connection = connections[router.db_for_write(Node)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in ("level", "index", "hash"))
    rows = [(node.level, node.index, node.hash.hex()) for node in nodes]
    with connection.cursor() as cursor:
        # Only our own names stand in the text.
        sql = f"INSERT INTO {quote(Node._meta.db_table)} ({columns}) VALUES (%s, %s, %s)"  # noqa: S608
        cursor.executemany(sql, rows)


def _entry_and_opening(index: int, new: NewEntry) -> tuple[Entry, Opening]:
    object_type, object_id = object_name(new.obj)
    commitment = canonical.commit(new.facts, new.words)
    entry = Entry(
        index=index,
        kind=new.kind,
        object_type=object_type,
        object_id=object_id,
        at=new.at,
        role=new.by.role_label[:ROLE_LIMIT],
        is_public=new.public,
        commitment=commitment.hash,
    )
    entry.leaf = merkle.leaf_hash(entry_text(entry).encode()).hex()
    opening = Opening(entry=entry, salt=commitment.salt, facts=commitment.facts, words=commitment.words)
    return entry, opening
