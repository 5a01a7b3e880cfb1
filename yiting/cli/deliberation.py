"""`yiting deliberation`: topics of the pavilion."""

from __future__ import annotations

from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from yiting.cli.boot import boot
from yiting.cli.output import refuse, show_json, tell

app = typer.Typer(help="Topics that residents talk over.", no_args_is_help=True)


@app.callback()
def topics() -> None:
    """Keep `export` a command of its own."""


@app.command("export")
def export(
    topic: Annotated[str, typer.Argument(help="Code of the topic, as in its address.")],
    folder: Annotated[Path, typer.Argument(help="Folder for the files; made when it is not there.")],
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a topic as the CSV files of Polis. Nobody is in them; numbers are drawn anew each time."""
    boot()
    from django.conf import settings
    from django.urls import reverse

    from yiting.deliberation.queries.polis import export_topic
    from yiting.deliberation.queries.topics import find_topic
    from yiting.places.errors import Refused

    try:
        found = find_topic(topic)
        address = settings.YITING_PUBLIC_URL + reverse("deliberation:topic", args=[found.code])
        made = export_topic(found, draw=SystemRandom(), address=address)
    except Refused as refusal:
        refuse(refusal.message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as trouble:
        refuse(f"{folder}: {trouble.strerror}")
    if json_out:
        show_json(
            {
                "topic": found.code,
                "participants": made.participants,
                "statements": made.statements,
                "votes": made.votes,
                "groups": made.groups,
                "files": sorted(made.files),
            }
        )
    else:
        tell(f"{made.participants} participants, {made.statements} statements, {made.votes} votes in {folder}")
        if not made.groups:
            tell("No groups are written: there are none, or one of them is too small to be shown.")
