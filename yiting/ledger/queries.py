"""Reads of the ledger: timelines, pages of entries, and proofs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from yiting.ledger import canonical, keys
from yiting.ledger.errors import EntryMissing, ObjectNotInLedger, SizeWrong
from yiting.ledger.models import Entry, Head, Node
from yiting.ledger.registry import list_verbs, verb_sentence
from yiting.methods import merkle

__all__ = [
    "Consistency",
    "Overview",
    "Proof",
    "TimelineRow",
    "consistency",
    "get_entry",
    "get_overview",
    "inclusion",
    "list_entries",
    "list_recent",
    "list_verbs",
    "read_nodes",
    "receipt_proof",
    "verb_sentence",
]

PAGE_ROWS = 30


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One entry as a page shows it; facts are empty where they were erased or are not for this page."""

    index: int
    kind: str
    object_type: str
    object_id: str
    at: datetime
    role: str
    facts: dict[str, Any]
    is_public: bool
    is_erased: bool

    @property
    def sentence(self) -> str:
        """What the entry tells, in a sentence."""
        return verb_sentence(self)


@dataclass(frozen=True, slots=True)
class Overview:
    """The ledger at this moment: how large, its root, the signed checkpoint and the key that checks it."""

    size: int
    root: str
    checkpoint: str
    verifier_key: str
    origin: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands in the tree of `size` entries; all hashes in hexadecimal.

    `opening` (salt, facts, digests of words) is there only for those who may see it. `checkpoint` is signed
    and there only at the present size.
    """

    index: int
    size: int
    root: str
    leaf: str
    path: list[str]
    entry: str
    checkpoint: str
    verifier_key: str
    opening: dict[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """The proof as its JSON document, which docs/verify_receipt.py checks."""
        return {"format": canonical.FORMAT, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the tree of `second` entries begins with the whole tree of `first`."""

    first: int
    second: int
    first_root: str
    second_root: str
    path: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The proof as its JSON document."""
        return {"format": canonical.FORMAT, **asdict(self)}


def read_nodes(wanted: Sequence[merkle.NodeId]) -> Mapping[merkle.NodeId, bytes]:
    """Read the hashes of finished nodes in one query."""
    indexes_of_level: dict[int, list[int]] = {}
    for level, index in wanted:
        indexes_of_level.setdefault(level, []).append(index)
    condition = Q()
    for level, indexes in indexes_of_level.items():
        condition |= Q(level=level, index__in=indexes)
    if not condition:
        return {}
    rows = Node.objects.filter(condition).values_list("level", "index", "hash")
    return {(level, index): bytes.fromhex(hash_) for level, index, hash_ in rows}


def entry_text(entry: Entry) -> str:
    """Write a stored entry in the canonical form that its leaf hashes."""
    return canonical.entry_text(
        index=entry.index,
        kind=entry.kind,
        object_type=entry.object_type,
        object_id=entry.object_id,
        at=entry.at,
        role=entry.role,
        is_public=entry.is_public,
        commitment=entry.commitment,
    )


def get_overview() -> Overview:
    """How the ledger stands; an empty one has a signed head too."""
    head = Head.objects.filter(pk=Head.ONLY).first()
    if head is None:
        root = merkle.EMPTY_ROOT
        name = keys.origin()
        return Overview(0, root.hex(), keys.sign_head(0, root), keys.verifier_key(name), name)
    name = head.note.partition("\n")[0] or keys.origin()
    return Overview(head.size, head.root, head.note, keys.verifier_key(name), name)


def list_entries(object_type: str, object_ids: Iterable[object], *, public_only: bool = False) -> list[TimelineRow]:
    """List what the ledger tells of objects of one type, the oldest first: a page's timeline. One query."""
    keys_ = [str(object_id) for object_id in object_ids]
    entries = Entry.objects.filter(object_type=object_type, object_id__in=keys_)
    if public_only:
        entries = entries.filter(is_public=True)
    return [_timeline_row(entry, with_facts=True) for entry in entries.select_related("opening").order_by("index")]


def list_recent(*, before: int | None = None, limit: int = PAGE_ROWS) -> list[TimelineRow]:
    """List the newest entries, or those before a given one; facts only of public entries. One query."""
    entries = Entry.objects.select_related("opening").order_by("-index")
    if before is not None:
        entries = entries.filter(index__lt=before)
    return [_timeline_row(entry, with_facts=entry.is_public) for entry in entries[:limit]]


def get_entry(index: int) -> TimelineRow:
    """One entry for its page; facts only of a public one."""
    entry = _stored_entry(index)
    return _timeline_row(entry, with_facts=entry.is_public)


def inclusion(index: int, size: int | None = None) -> Proof:
    """Prove that an entry stands in the ledger, now or when it had `size` entries.

    Open to anyone, so the commitment is opened only for a public entry that holds no words: its salt would
    let strangers try texts against the digests.
    """
    entry = _stored_entry(index)
    opening = entry.opening if hasattr(entry, "opening") else None
    may_open = entry.is_public and opening is not None and opening.words == canonical.NO_WORDS
    return _proof(entry, size, with_opening=may_open)


def receipt_proof(obj: Model) -> Proof:
    """Prove the first entry about an object, opened: for whoever holds its receipt, and nobody else."""
    entry = (
        Entry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
        .select_related("opening")
        .order_by("index")
        .first()
    )
    if entry is None:
        raise ObjectNotInLedger
    return _proof(entry, None, with_opening=True)


def consistency(first: int, second: int) -> Consistency:
    """Prove that between two sizes entries were only added, none changed or taken away."""
    size = get_overview().size
    if not 0 <= first <= second <= size:
        raise SizeWrong(first=first, second=second, size=size)
    return Consistency(
        first=first,
        second=second,
        first_root=merkle.root_from(first, read_nodes).hex(),
        second_root=merkle.root_from(second, read_nodes).hex(),
        path=[step.hex() for step in merkle.consistency_proof(first, second, read_nodes)],
    )


def _stored_entry(index: int) -> Entry:
    entry = Entry.objects.filter(index=index).select_related("opening").first() if 0 <= index < 2**63 else None
    if entry is None:
        raise EntryMissing(index=index, size=get_overview().size)
    return entry


def _proof(entry: Entry, size: int | None, *, with_opening: bool) -> Proof:
    overview = get_overview()
    size = overview.size if size is None else size
    if not entry.index < size <= overview.size:
        raise SizeWrong(first=entry.index, second=size, size=overview.size)
    opening = entry.opening if with_opening and hasattr(entry, "opening") else None
    return Proof(
        index=entry.index,
        size=size,
        root=merkle.root_from(size, read_nodes).hex(),
        leaf=entry.leaf,
        path=[step.hex() for step in merkle.inclusion_proof(entry.index, size, read_nodes)],
        entry=entry_text(entry),
        checkpoint=overview.checkpoint if size == overview.size else "",
        verifier_key=overview.verifier_key,
        opening=(
            {"salt": opening.salt, "facts": opening.facts, "words": opening.words}
            if opening is not None and opening.erased_in is None
            else None
        ),
    )


def _timeline_row(entry: Entry, *, with_facts: bool) -> TimelineRow:
    opening = entry.opening if hasattr(entry, "opening") else None
    is_erased = opening is None or opening.erased_in is not None
    return TimelineRow(
        index=entry.index,
        kind=entry.kind,
        object_type=entry.object_type,
        object_id=entry.object_id,
        at=entry.at,
        role=entry.role,
        facts=_facts(opening.facts) if opening is not None and not is_erased and with_facts else {},
        is_public=entry.is_public,
        is_erased=is_erased,
    )


def _facts(text: str) -> dict[str, Any]:
    """Read stored facts; a text spoilt behind our back shows as none here and is named by verifying."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
