"""Encryption at rest and blind indexes for personal data.

Texts are sealed with Fernet (AES-128-CBC and HMAC-SHA256) under the newest of `settings.YITING_KEYS`; older
keys still open what they sealed, so that a key can be changed while the program runs. Equality of secret
texts is looked up through HMAC-SHA256 under `settings.YITING_INDEX_KEY`, one keyed space for each kind.
"""

import hashlib
import hmac
import unicodedata
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from yiting.people.errors import RecordUnreadable


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current_box() -> MultiFernet:
    return _box(tuple(settings.YITING_KEYS))


def encrypt(text: str) -> str:
    """Seal a text; the empty text stays empty, since it says nothing."""
    return _current_box().encrypt(text.encode()).decode() if text else ""


def decrypt(sealed: str) -> str:
    """Open a sealed text; raises RecordUnreadable when no key fits or it was tampered with."""
    if not sealed:
        return ""
    try:
        return _current_box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise RecordUnreadable from None


def rotate(sealed: str) -> str:
    """Seal the same text anew under the newest key."""
    if not sealed:
        return ""
    try:
        return _current_box().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise RecordUnreadable from None


def blind_index(kind: str, text: str) -> str:
    """A keyed hash under which equal texts of a kind meet, differences that mean nothing levelled."""
    message = f"{kind}\x1f{normalised(text)}".encode()
    return hmac.new(settings.YITING_INDEX_KEY, message, hashlib.sha256).hexdigest()


def normalised(text: str) -> str:
    """Level width, case and spaces, which people vary without meaning anything."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
