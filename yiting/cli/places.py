"""`yiting places`: the tree of divisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yiting.cli.boot import boot
from yiting.cli.output import progress_bar, refuse, show_json, tell

app = typer.Typer(help="Places.", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV file with the columns code, name, year; level and parent if need be.")
    ],
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Read a division list in. The same list adds nothing again; bad rows are named."""
    boot()
    from yiting.places.clock import now
    from yiting.places.errors import Refused
    from yiting.places.services import places_import, places_read

    if not file.is_file():
        refuse(f"{file}: no such file")
    try:
        with progress_bar(file.name) as bar:
            found = places_import(
                by_role="system:command",
                rows=places_read(file),
                at=now(),
                progress=lambda done: bar(done, None),
            )
    except Refused as refusal:
        refuse(refusal.message)
    bad = [{"row": row.row, "column": row.column, "reason": row.reason} for row in found.bad]
    if json_out:
        show_json({"added": found.added, "changed": found.changed, "known": found.known, "bad": bad})
    else:
        tell(f"{found.added} added, {found.changed} changed, {found.known} known before, {len(bad)} bad")
        for row in bad:
            tell(f"  row {row['row']}, {row['column']}: {row['reason']}")
