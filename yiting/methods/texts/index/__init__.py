"""A search index of texts: add, replace, remove, and the most similar ones in about a millisecond among a million.

`TextIndex.create()` in memory, `TextIndex.create(folder)` on disk, `TextIndex.open(folder)` what is there.
"""

from yiting.methods.texts.index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOfAnotherVersion,
    IndexRefused,
    IndexThere,
)
from yiting.methods.texts.index.explaining import Similar
from yiting.methods.texts.index.segments import Entry
from yiting.methods.texts.index.textindex import DEFAULT_FLOOR, TextIndex

__all__ = [
    "DEFAULT_FLOOR",
    "Entry",
    "IndexBusy",
    "IndexDamaged",
    "IndexMissing",
    "IndexOfAnotherVersion",
    "IndexRefused",
    "IndexThere",
    "Similar",
    "TextIndex",
]
