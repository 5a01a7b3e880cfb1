"""`yiting texts similar`: the messages of a file that are most like a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Final

import typer

from yiting.cli.output import show_json, tell
from yiting.cli.tables import BadRows, Room, TableRefused, refusals_said
from yiting.cli.texts import options
from yiting.cli.texts.reading import SAID, lines_unique, open_messages
from yiting.places.clock import now

# Of 200,000 messages of 109 characters each took 2.6 KB.
ROOM: Final = Room(
    work="searching",
    per_row=600,
    per_character=20,
    remedy="Split the file by place or by year, or close other programs.",
)

_SHOWN: Final = 60


def similar(
    file: options.File,
    wanted: Annotated[str, typer.Argument(metavar="TEXT", help="The text to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, help="How many to show at most.")] = 10,
    text: options.Text = None,
    id_: options.Id = None,
    title: options.Title = None,
    json_out: options.JsonOut = False,
) -> None:
    """Find the messages most like a text, with the words that they share."""
    from yiting.methods.texts.index import Entry, TextIndex

    bad = BadRows()
    with refusals_said():
        if not wanted.strip():
            raise TableRefused("The text to look for is empty; put it between quotation marks after the file.")
        source = open_messages(file, {"text": text, "external_id": id_, "title": title})
        heads: dict[str, str] = {}

        def entries() -> Iterator[Entry]:
            for line in lines_unique(source, fields=SAID, bad=bad, now=now(), by_row=id_ == "", room=ROOM):
                heads[line.id] = (line.title or line.text)[:_SHOWN]
                yield Entry(line.id, line.whole)

        index = TextIndex.create()
        index.add(entries())
        found = index.search(wanted, k=k)
    bad.say()
    if json_out:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        tell(f"{one.score:.2f}  {one.id}  {heads[one.id]}  ({'、'.join(one.shared)})")
    if not found:
        tell(f"{source.name}: nothing like it among {len(heads)} messages")
