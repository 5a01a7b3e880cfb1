"""Statements of a topic that say nearly the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiting.deliberation.models import Statement, Topic
from yiting.methods.texts import Entry, TextIndex, normalise

# Above this two short sentences share much of what they say; it is only pointed out, so better once too often.
FLOOR = 0.42
MOST = 3
# The key of a text that is no statement yet.
NOT_SAID = 0


@dataclass(frozen=True, slots=True)
class AlikeStatement:
    """A statement that says nearly what another says."""

    pk: int
    number: int
    text: str
    score: float


def list_alike(topic: Topic, text: str) -> list[AlikeStatement]:
    """The shown statements of a topic most like a text, the likest first. One query."""
    shown = Statement.objects.filter(topic=topic, state=Statement.State.SHOWN)
    return nearest_of(list(shown.order_by("number")), {NOT_SAID: text})[NOT_SAID]


def nearest_of(statements: list[Statement], texts: Mapping[int, str]) -> dict[int, list[AlikeStatement]]:
    """The statements most like each of some texts; a text goes by the key of its statement, which is not like itself.

    No query.
    """
    by_key = {str(one.pk): one for one in statements}
    index = TextIndex.create()
    index.add(Entry(key, one.text) for key, one in by_key.items())
    return {
        pk: [
            AlikeStatement(by_key[hit.id].pk, by_key[hit.id].number, by_key[hit.id].text, hit.score)
            for hit in index.search(text, k=MOST + 1, floor=FLOOR)
            if hit.id != str(pk)
        ][:MOST]
        for pk, text in texts.items()
    }


def plain(text: str) -> str:
    """A text as it is compared word for word: one written form, no blanks or marks at its end."""
    return "".join(normalise(text).lower().split()).strip("。.!！?？,，;；")
