"""The exact bytes that the ledger hashes: entries, facts and commitments; see docs/reference/ledger.md.

Every JSON text here has its keys sorted, no spaces, and characters outside ASCII as themselves in UTF-8.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from django.utils.functional import Promise

from yiting.ledger.errors import FactsUnfit

FORMAT = 1
SALT_BYTES = 32
NO_WORDS = "{}"

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment and all that opens it."""

    hash: str
    salt: str
    facts: str
    words: str


def json_text(value: object) -> str:
    """Write a value in the one form that is hashed."""
    return _encoder.encode(value)


def time_text(at: datetime) -> str:
    """Write a moment in UTC with all six digits of its microseconds: 2024-05-20T02:00:00.000000Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_text(
    *,
    index: int,
    kind: str,
    object_type: str,
    object_id: str,
    at: datetime,
    role: str,
    is_public: bool,
    commitment: str,
) -> str:
    """Write an entry as it stands in the tree; its UTF-8 bytes are what the leaf hash covers."""
    return json_text(
        {
            "at": time_text(at),
            "commitment": commitment,
            "format": FORMAT,
            "index": index,
            "kind": kind,
            "object": f"{object_type}:{object_id}",
            "public": is_public,
            "role": role,
        }
    )


def plain(value: object) -> object:
    """Bring facts into the few kinds of value that have one canonical form, or raise FactsUnfit."""
    if value is None or isinstance(value, str | bool | int):
        return _storable(value) if isinstance(value, str) else value
    if isinstance(value, Promise):
        return _storable(str(value))
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_storable(str(name)): plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    raise FactsUnfit(kind=type(value).__name__)


def word_digest(salt: str, text: str) -> str:
    """Digest one text with the entry's salt."""
    return sha256(_salt_bytes(salt) + text.encode("utf-8", "surrogatepass")).hexdigest()


def commitment_hash(salt: str, facts: str, words: str) -> str:
    """Hash a salt with the canonical texts of facts and of the words' digests."""
    return sha256(_salt_bytes(salt) + f'{{"facts":{facts},"words":{words}}}'.encode()).hexdigest()


def commit(facts: Mapping[str, object], words: Mapping[str, str]) -> Commitment:
    """Commit to facts and words with a fresh salt."""
    salt = secrets.token_hex(SALT_BYTES)
    facts_text = json_text(plain(facts))
    words_text = json_text({name: word_digest(salt, text) for name, text in words.items()})
    return Commitment(commitment_hash(salt, facts_text, words_text), salt, facts_text, words_text)


def _salt_bytes(salt: str) -> bytes:
    """Read a salt back; it has one spelling only, so that not even a capital goes unseen."""
    raw = bytes.fromhex(salt)
    if raw.hex() != salt:
        raise ValueError("a salt is written in small hexadecimal digits without spaces")
    return raw


def _storable(text: str) -> str:
    """Replace what no database text column takes: a NUL, and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
