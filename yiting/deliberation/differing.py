"""What differs between two texts, piece by piece, for eyes that see no colours as well."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands in both, only in the old, or only in the new."""

    kind: str
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """Return the new text with what went and what came, in order; joined, either text comes out again."""
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(SAME, old[i1:i2]))
            continue
        if i2 > i1:
            found.append(Piece(GONE, old[i1:i2]))
        if j2 > j1:
            found.append(Piece(NEW, new[j1:j2]))
    return found
