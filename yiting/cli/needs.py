"""`yiting needs`: read spreadsheets in, and rank what is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yiting.cli.boot import boot
from yiting.cli.output import progress_bar, refuse, show_json, tell

app = typer.Typer(help="Residents' needs.", no_args_is_help=True)
JsonOut = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
PlaceCode = Annotated[str | None, typer.Option("--place", help="12-digit division code of the place.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file of messages.")],
    place: PlaceCode = None,
    mapping: Annotated[Path | None, typer.Option(help="JSON or CSV file that says which column is what.")] = None,
    json_out: JsonOut = False,
) -> None:
    """Read a spreadsheet of messages in. Reading the same file twice adds nothing; bad rows are named."""
    boot()
    from yiting.needs.services import import_file
    from yiting.needs.spreadsheets import SheetRefused, mapping_read
    from yiting.people.actors import system_actor
    from yiting.places.clock import now
    from yiting.places.errors import Refused
    from yiting.places.queries import get_place_by_code
    from yiting.places.services import place_default

    if not file.is_file():
        refuse(f"{file}: no such file")
    try:
        where = get_place_by_code(place) if place else place_default(at=now())
        with progress_bar(file.name) as bar:
            run = import_file(
                by=system_actor("import"),
                path=file,
                name=file.name,
                place=where,
                mapping=mapping_read(mapping) if mapping else None,
                at=now(),
                progress=bar,
            )
    except (Refused, SheetRefused) as refusal:
        refuse(refusal.message)
    if json_out:
        show_json({"added": run.added, "known": run.known, "bad": run.bad})
    else:
        tell(f"{file.name}: {run.added} added, {run.known} known before, {len(run.bad)} bad")
        for bad in run.bad:
            tell(f"  row {bad['row']}, {bad['column']}: {bad['reason']}")


@app.command()
def hotspots(
    place: PlaceCode = None,
    top: Annotated[int, typer.Option(help="How many matters.")] = 20,
    json_out: JsonOut = False,
) -> None:
    """Rank the matters by how many people say them, how lately, and whether they grow, with the reasons."""
    boot()
    from yiting.needs.queries.hot import list_hot
    from yiting.places.clock import now
    from yiting.places.errors import Refused
    from yiting.places.queries import get_place_by_code

    try:
        where = get_place_by_code(place) if place else None
    except Refused as refusal:
        refuse(refusal.message)
    rows = list_hot(place=where, at=now(), top=top)
    if json_out:
        show_json(rows)
        return
    for row in rows:
        tell(f"{row['rank']:>3}  {row['people']:>4} people  heat {row['heat']:.2f}  {row['title']}")


@app.command()
def categories(
    file: Annotated[
        Path | None, typer.Argument(help="CSV with level1, level2, level3; the program's own by default.")
    ] = None,
) -> None:
    """Load a category tree (names no longer in it are retired, not deleted), the published reasons for a return and
    the usual kinds of activities."""
    boot()
    from yiting.activities.services import kinds_set_up
    from yiting.needs.errors import TreeUnreadable
    from yiting.needs.services import categories_load, read_tree, reasons_load

    if file is not None and not file.is_file():
        refuse(f"{file}: no such file")
    try:
        added = categories_load(paths=read_tree(file))
    except TreeUnreadable as refusal:
        refuse(refusal.message)
    tell(f"{added} categories, {reasons_load()} reasons and {kinds_set_up()} kinds of activities added")


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it anew out of the database.")] = False,
    json_out: JsonOut = False,
) -> None:
    """Bring this host's index of what was said up to date: what is erased leaves it, what was missed comes in."""
    boot()
    from yiting.methods.texts.index import IndexBusy
    from yiting.needs.services import index_rebuild, index_tidy

    try:
        changed = index_rebuild() if rebuild else index_tidy()
    except IndexBusy as refusal:
        refuse(str(refusal))
    if json_out:
        show_json({"changed": changed})
    else:
        tell(f"{changed} requests came or went")
