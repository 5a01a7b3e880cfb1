"""Words that will be public: numbers that belong to a person are masked before anything is stored."""

from __future__ import annotations

from django.utils.functional import Promise

from yiting.deliberation.errors import WordsMissing, WordsTooLong
from yiting.methods.texts import mask_personal


def public_words(text: str, *, what: str | Promise, limit: int, required: bool = False) -> str:
    """Return the text trimmed and masked; refuses what is missing or too long."""
    words = mask_personal(text.replace("\x00", "").replace("\r\n", "\n")).strip()
    if required and not words:
        raise WordsMissing(what=what)
    if len(words) > limit:
        raise WordsTooLong(what=what, length=len(words), limit=limit)
    return words
