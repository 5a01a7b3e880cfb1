"""Full-text search of needs by pairs of characters, so that a word of two characters is found.

Each need has one document of its words cut into overlapping pairs ("遮阳棚" is "遮阳 阳棚"); a phrase of pairs finds
exactly the places where the characters stand together. PostgreSQL keeps it as a tsvector, SQLite as an FTS5 table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from yiting.methods.texts import normalise
from yiting.needs.models import Need, ServiceRequest

PIECE = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")
PAIRS_LIMIT = 4_000


def pairs(text: str) -> list[str]:
    """Return the pairs of characters of a text, in order; Latin words and numbers stay whole."""
    found: list[str] = []
    for piece in PIECE.findall(normalise(text)):
        if piece.isascii() or len(piece) == 1:
            found.append(piece)
        else:
            found.extend(piece[i : i + 2] for i in range(len(piece) - 1))
    return found


def index(documents: Iterable[tuple[int, str]]) -> None:
    """Add words to the documents of needs (in the caller's transaction)."""
    texts: dict[int, list[str]] = defaultdict(list)
    for need_id, text in documents:
        texts[need_id].append(text)
    if not texts:
        return
    stored = _stored(texts)
    rows = []
    for need_id, parts in texts.items():
        grams = " , ".join(filter(None, [stored.get(need_id, ""), *(" ".join(pairs(part)) for part in parts)]))
        rows.append((need_id, " ".join(grams.split()[:PAIRS_LIMIT])))
    _write(rows)


def reindex(need_id: int) -> None:
    """Build a need's document anew from its requests and its title (in the caller's transaction)."""
    texts = ServiceRequest.objects.filter(need=need_id).order_by("filed_at", "id").values_list("title", "text")
    words = [f"{title}\n{text}" for title, text in texts]
    words += Need.objects.filter(pk=need_id).values_list("title", flat=True)
    grams = " , ".join(" ".join(pairs(one)) for one in words)
    _write([(need_id, " ".join(grams.split()[:PAIRS_LIMIT]))])


def matching(phrase: str, *, limit: int = 1_000) -> list[int] | None:
    """Return the ids of needs in whose words every part of the phrase stands, newest first; None for no phrase."""
    parts = [found for part in phrase.split() if (found := pairs(part))]
    if not parts:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = " & ".join("(" + " <-> ".join(_quoted(pair) for pair in part) + ")" for part in parts)
            cursor.execute(
                "SELECT need_id FROM needs_words WHERE words @@ %s::tsquery ORDER BY need_id DESC LIMIT %s",
                [query, limit],
            )
        else:
            query = " AND ".join('"' + " ".join(part) + '"' for part in parts)
            cursor.execute(
                "SELECT rowid FROM needs_words WHERE needs_words MATCH %s ORDER BY rowid DESC LIMIT %s",
                [query, limit],
            )
        return [row[0] for row in cursor.fetchall()]


def _quoted(pair: str) -> str:
    return "'" + pair.replace("'", "''") + "'"


def _stored(ids: Iterable[int]) -> dict[int, str]:
    wanted = list(ids)
    marks = ",".join(["%s"] * len(wanted))
    column = "need_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, grams FROM needs_words WHERE {column} IN ({marks})", wanted)  # noqa: S608  only placeholders are put in
        return dict(cursor.fetchall())


def _write(rows: Sequence[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO needs_words (need_id, grams) VALUES (%s, %s)"
                " ON CONFLICT (need_id) DO UPDATE SET grams = EXCLUDED.grams",
                rows,
            )
        else:
            cursor.executemany("DELETE FROM needs_words WHERE rowid = %s", [(need_id,) for need_id, _grams in rows])
            cursor.executemany("INSERT INTO needs_words (rowid, grams) VALUES (%s, %s)", rows)
