"""`yiting rotations`: hosts in turn, planned from a file, without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yiting.cli.output import refuse, show_json, tell

# The planner brings scipy with it, which no other command should wait for.
if TYPE_CHECKING:
    from yiting.methods.rotations import Document, Plan

MOST_BYTES = 64 * 1024 * 1024

app = typer.Typer(help="Hosts in turn.", no_args_is_help=True)


@app.callback()
def rotations() -> None:
    """Hosts in turn, as fairly as can be."""


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="The units, activities and history, as JSON.", show_default=False)],
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False,
    ics_out: Annotated[bool, typer.Option("--ics", help="Print an iCalendar on standard output.")] = False,
    stamp: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%SZ"], help="When the plan was made (UTC); by default, when the file last changed."
        ),
    ] = None,
) -> None:
    """Plan who hosts which activity. Exits 1 when no plan keeps all wishes, and names those that clash."""
    if json_out and ics_out:
        refuse("Give --json or --ics, not both: standard output holds one document.")
    from yiting.methods.rotations import RotationImpossible, clashes_json, plan_calendar, plan_json, rotation_plan

    document = _read(file)
    for field in document.ignored:
        tell(f"{field} is not known and was not read.")
    try:
        found = rotation_plan(document.problem)
    except RotationImpossible as impossible:
        if json_out:
            show_json(clashes_json(impossible.clashes, document))
        for clash in impossible.clashes:
            tell(f"Clash: {clash.text}.")
        raise typer.Exit(1) from None
    if json_out:
        show_json(plan_json(found, document))
    elif ics_out:
        made = stamp or datetime.fromtimestamp(file.stat().st_mtime, UTC)
        made = made if made.tzinfo else made.replace(tzinfo=UTC)
        typer.echo(plan_calendar(document.problem, found, stamp=made), nl=False)
    else:
        _tell_plan(document, found)


def _tell_plan(document: Document, found: Plan) -> None:
    days = {activity.id: activity.day for activity in document.problem.activities}
    for pair in found.assignments:
        tell(f"{days[pair.activity]}  {pair.activity}  {pair.unit}")
    proof = "proven best" if found.is_optimal else "fairest, the rest not proven best"
    tell(f"Spread {found.spread}, turns running {found.running}, repeats {found.repeats}; {proof}.")


def _read(file: Path) -> Document:
    from yiting.methods.rotations import RotationInvalid, document_read

    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            refuse(f"{file.name} has {size} bytes, more than {MOST_BYTES}; plan a shorter period.")
        text = file.read_bytes().decode("utf-8-sig")
        return document_read(json.loads(text, parse_float=Decimal, object_pairs_hook=_no_twice))
    except OSError as error:
        refuse(f"{file} cannot be read ({error.strerror}); look at its name and place.")
    except UnicodeDecodeError as error:
        refuse(f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8.")
    except json.JSONDecodeError as error:
        refuse(f"{file.name}, line {error.lineno}, column {error.colno}: {error.msg}; mend the JSON there.")
    except RecursionError:
        refuse(f"{file.name} nests too deeply to be a rotation; look whether it is the right file.")
    except RotationInvalid as error:
        refuse(f"{file.name}: {error}.")
    except ValueError as error:
        refuse(f"{file.name}: {error}; mend the JSON there.")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a field twice: one of the two would be lost."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f'an object has "{name}" twice')
        found[name] = value
    return found
