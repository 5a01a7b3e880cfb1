"""What the commands are asked for, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="A table: .csv, .xlsx or .parquet.")]
JsonOut = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Text = Annotated[
    str | None, typer.Option("--text", help="Column of the texts; known ones (留言详情, 内容, text …) are found.")
]
Title = Annotated[str | None, typer.Option("--title", help="Column of the titles, if there are any.")]
Id = Annotated[
    str | None, typer.Option("--id", help="Column of the ids; '' to call rows after their numbers.", show_default=False)
]
Time = Annotated[str | None, typer.Option("--time", help="Column of the times, in any usual form.")]
User = Annotated[str | None, typer.Option("--user", help="Column that tells who wrote.")]
Place = Annotated[
    str | None, typer.Option("--place", help="Column of places that people picked; places in the texts are found.")
]
Out = Annotated[Path, typer.Option("--out", help="File to write: .csv, .xlsx or .parquet.")]
OutIfAny = Annotated[Path | None, typer.Option("--out", help="File to write: .csv, .xlsx or .parquet.")]
