"""The key that signs the head, and the name under which it signs."""

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from yiting.methods import merkle

LOCAL_HOST = "yiting.local"


def signing_key() -> Ed25519PrivateKey:
    """Return the Ed25519 key at settings.YITING_LEDGER_KEY; made on first use, for its owner's eyes only."""
    return _key_at(Path(settings.YITING_LEDGER_KEY))


def origin() -> str:
    """Return the ledger's name in its checkpoints: the public address without its scheme, and /ledger."""
    address = urlsplit(getattr(settings, "YITING_PUBLIC_URL", "") or "")
    return f"{address.netloc or LOCAL_HOST}{address.path.rstrip('/')}/ledger"


def verifier_key(name: str) -> str:
    """Return the public key in the form in which tools for signed notes take it: name+id+key."""
    return merkle.note_verifier_key(name, signing_key().public_key())


def sign_head(size: int, root: bytes) -> str:
    """Write and sign the checkpoint of a tree."""
    return merkle.note_sign(origin(), merkle.checkpoint_body(origin(), size, root), signing_key())


def read_head(note: str) -> merkle.Checkpoint:
    """Return what a stored checkpoint says, if our key signed it; raise NoteInvalid or ValueError if not.

    The name is taken from the note itself: it changes with the public address, the key does not.
    """
    name = note.partition("\n")[0]
    body = merkle.note_verify(note, name, signing_key().public_key())
    return merkle.checkpoint_read(body)


@lru_cache(maxsize=8)
def _key_at(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        _make_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} holds no Ed25519 key")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(draft, path)  # never overwrites: two processes starting at once agree on one key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
