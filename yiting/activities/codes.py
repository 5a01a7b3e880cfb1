"""Short codes that a person can read aloud, write down and type: no vowels, no look-alikes."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.utils.crypto import salted_hmac

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def fresh_code(length: int) -> str:
    """Return a random code; twelve characters carry 57 bits, which nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(text: str) -> str:
    """Return what was meant by a typed code: blanks and dashes dropped, upper case."""
    return "".join(character for character in text.upper() if character in ALPHABET)


def door_mark(uid: UUID) -> str:
    """What the code at the door carries beside the activity's own: it cannot be made up from afar."""
    return salted_hmac("yiting.activities.door", str(uid), algorithm="sha256").hexdigest()[:20]
