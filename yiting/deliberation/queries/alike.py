"""Statements of a topic that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiting.deliberation.models import Statement, Topic
from yiting.methods.texts import Entry, TextIndex, normalise

# Above this two short sentences share much of what they say; it is only pointed out, so better once too often.
FLOOR = 0.42
MOST = 3


@dataclass(frozen=True, slots=True)
class AlikeStatement:
    """A statement that says nearly what another says."""

    pk: int
    number: int
    text: str
    score: float


def list_alike(topic: Topic, text: str, *, but: Iterable[int] = ()) -> list[AlikeStatement]:
    """The shown statements of a topic most like a text, the likest first. One query."""
    shown = Statement.objects.filter(topic=topic, state=Statement.State.SHOWN).exclude(pk__in=list(but))
    return nearest(list(shown.order_by("number")), text)


def nearest(statements: list[Statement], text: str) -> list[AlikeStatement]:
    """Those of some statements that are most like a text. No query."""
    return nearest_of(statements, [text])[0]


def nearest_of(statements: list[Statement], texts: list[str], *, but: Sequence[int] = ()) -> list[list[AlikeStatement]]:
    """For each of some texts the statements most like it; `but` names one for each that is left out. No query."""
    by_key = {str(one.pk): one for one in statements}
    index = TextIndex.create()
    index.add(Entry(key, one.text) for key, one in by_key.items())
    out = [str(pk) for pk in but] or [""] * len(texts)
    return [
        [
            AlikeStatement(by_key[hit.id].pk, by_key[hit.id].number, by_key[hit.id].text, hit.score)
            for hit in index.search(text, k=MOST + 1, floor=FLOOR)
            if hit.id != own
        ][:MOST]
        for text, own in zip(texts, out, strict=True)
    ]


def plain(text: str) -> str:
    """A text as it is compared word for word: one written form, no blanks or marks at its end."""
    return "".join(normalise(text).lower().split()).strip("。.!！?？,，;；")
