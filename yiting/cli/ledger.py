"""`yiting ledger`: check that nothing was quietly changed, and print proofs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from yiting.cli.boot import boot
from yiting.cli.output import progress_bar, refuse, show_json, tell

app = typer.Typer(help="The public ledger.", no_args_is_help=True)
JsonOut = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


@app.command()
def verify(json_out: JsonOut = False) -> None:
    """Recompute the whole ledger; name the first entry that does not hold. Exits 1 when one does not."""
    boot()
    from yiting.ledger.services import ledger_verify

    with progress_bar("ledger") as bar:
        found = ledger_verify(progress=bar)
    if json_out:
        show_json(asdict(found))
    elif found.ok:
        tell(f"{found.size} entries, all hold. Root {found.root}")
    elif found.first_bad is None:
        tell(f"The ledger as a whole does not hold: {found.reason}")
    else:
        tell(f"Entry {found.first_bad} does not hold: {found.reason}")
    if not found.ok:
        raise typer.Exit(1)


@app.command()
def prove(
    index: Annotated[int, typer.Argument(help="Index of the entry, from 0.")],
    size: Annotated[int | None, typer.Option(help="Size of the ledger to prove against; today's by default.")] = None,
) -> None:
    """Print the proof that an entry is in the ledger."""
    boot()
    from yiting.ledger.queries import inclusion
    from yiting.places.errors import Refused

    try:
        show_json(inclusion(index, size).as_dict())
    except Refused as refusal:
        refuse(refusal.message)


@app.command()
def consistency(
    first: Annotated[int, typer.Argument(help="The earlier size.")],
    second: Annotated[int, typer.Argument(help="The later size.")],
) -> None:
    """Print the proof that the ledger of one size is the beginning of the ledger of another."""
    boot()
    from yiting.ledger import queries
    from yiting.places.errors import Refused

    try:
        show_json(queries.consistency(first, second).as_dict())
    except Refused as refusal:
        refuse(refusal.message)
