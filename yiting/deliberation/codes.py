"""Short codes that a person can read aloud, write down and type: no vowels, no look-alikes."""

from __future__ import annotations

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def fresh_code(length: int) -> str:
    """Return a random code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(text: str) -> str:
    """Return what was meant by a typed code: blanks and dashes dropped, upper case."""
    return "".join(character for character in text.upper() if character in ALPHABET)
