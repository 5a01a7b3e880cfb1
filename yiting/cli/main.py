"""The `yiting` command. Each group of commands has a file of its own."""

from __future__ import annotations

import typer

from yiting.cli import (
    ballots,
    deliberation,
    demo,
    development,
    ledger,
    needs,
    opinions,
    people,
    places,
    rotations,
    serving,
    texts,
)

app = typer.Typer(
    name="yiting",
    help="Yiting (议亭): residents' needs heard, merged, made into projects, delivered and judged.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(needs.app, name="needs")
app.add_typer(ledger.app, name="ledger")
app.add_typer(places.app, name="places")
app.add_typer(people.app, name="people")
app.add_typer(opinions.app, name="opinions")
app.add_typer(ballots.app, name="ballots")
app.add_typer(rotations.app, name="rotations")
app.add_typer(texts.app, name="texts")
app.add_typer(deliberation.app, name="deliberation")
app.command("demo")(demo.play)
app.command("serve")(serving.serve)
app.command("worker")(serving.work)
app.command("migrate")(serving.migrate)
app.command("round")(serving.day_round)
app.command("test")(development.test)
app.command("check")(development.check)
app.command("translate")(development.translate)


def run() -> None:
    """Entry point of the installed command."""
    app()
