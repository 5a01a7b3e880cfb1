"""The ledger for programs: how it stands, its entries, and proofs that can be checked without trusting us."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from yiting.ledger import queries

INDEX_LIMIT = 2**53  # what every JSON reader holds exactly

router = Router(tags=["ledger"])
Index = Annotated[int, Path(..., ge=0, lt=INDEX_LIMIT)]


class CheckpointOut(Schema):
    """How the ledger stands: `checkpoint` is the signed note of C2SP, `verifier_key` checks it."""

    origin: str
    size: int
    root: str
    checkpoint: str
    verifier_key: str


class EntryOut(Schema):
    """One entry. The facts of an entry that is not public, or that was erased, are empty."""

    index: int
    kind: str
    object_type: str
    object_id: str
    at: datetime
    role: str
    sentence: str
    facts: dict[str, Any]
    is_public: bool
    is_erased: bool


class EntryPage(Schema):
    """Some entries, the newest first, and the number before which the next page ends."""

    items: list[EntryOut]
    before: int | None


class EntryQuery(Schema):
    """Which entries."""

    before: Annotated[int | None, Field(ge=0, lt=INDEX_LIMIT)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 30


class ProofOut(Schema):
    """That an entry stands in the tree of `size` entries, as docs/verify_receipt.py checks it."""

    format: int
    index: int
    size: int
    root: str
    leaf: str
    path: list[str]
    entry: str
    checkpoint: str
    verifier_key: str
    opening: dict[str, str] | None


class ConsistencyOut(Schema):
    """That the tree of `second` entries begins with the whole tree of `first`."""

    format: int
    first: int
    second: int
    first_root: str
    second_root: str
    path: list[str]


class SizeQuery(Schema):
    """At which size to prove it; the present one if nothing is said."""

    size: Annotated[int | None, Field(ge=1, lt=INDEX_LIMIT)] = None


class SizesQuery(Schema):
    """Between which sizes to prove it."""

    first: Annotated[int, Field(ge=0, lt=INDEX_LIMIT)]
    second: Annotated[int, Field(ge=0, lt=INDEX_LIMIT)]


@router.get("/ledger/checkpoint", response=CheckpointOut, summary="How the ledger stands")
def ledger_checkpoint(request: HttpRequest) -> queries.Overview:
    """Return the size, the root and the signed checkpoint."""
    return queries.get_overview()


@router.get("/ledger/entries", response=EntryPage, summary="Entries, newest first")
def ledger_entries(request: HttpRequest, asked: Query[EntryQuery]) -> dict[str, object]:
    """List entries from the newest down, each in a sentence and with its public facts."""
    rows = queries.list_recent(before=asked.before, limit=asked.limit + 1)
    shown = rows[: asked.limit]
    return {"items": shown, "before": shown[-1].index if len(rows) > asked.limit else None}


@router.get("/ledger/entries/{index}/proof", response=ProofOut, summary="Proof of one entry")
def ledger_proof(request: HttpRequest, index: Index, asked: Query[SizeQuery]) -> dict[str, Any]:
    """Prove that an entry stands in the ledger, now or when it had `size` entries."""
    return queries.inclusion(index, asked.size).as_dict()


@router.get("/ledger/consistency", response=ConsistencyOut, summary="Proof between two sizes")
def ledger_consistency(request: HttpRequest, asked: Query[SizesQuery]) -> dict[str, Any]:
    """Prove that between two sizes entries were only added."""
    return queries.consistency(asked.first, asked.second).as_dict()
