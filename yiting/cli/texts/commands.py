"""The commands of the group."""

from __future__ import annotations

import typer

from yiting.cli.texts import answering, grouping, searching, sorting

app = typer.Typer(help="The text engine on tables of one's own: .csv, .xlsx, .parquet.", no_args_is_help=True)
app.command("groups")(grouping.groups)
app.command("similar")(searching.similar)
app.command("train")(sorting.train)
app.command("classify")(sorting.classify)
app.command("hot")(grouping.hot)
app.command("answers")(answering.answers)
