"""How commands speak: one JSON document on standard output, everything else on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Thing = TypeVar("Thing")

said = Console(stderr=True, soft_wrap=True, highlight=False)


def show_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_json_rows(things: Iterable[Thing], shape: Callable[[Thing], Any]) -> Iterator[Thing]:
    """Pass things on, printing each as a row of one JSON document that is never held whole."""
    typer.echo("[", nl=False)
    divider = "\n"
    for thing in things:
        typer.echo(divider + "  " + json.dumps(shape(thing), ensure_ascii=False, default=str), nl=False)
        divider = ",\n"
        yield thing
    typer.echo("\n]")


def tell(text: object) -> None:
    """Say something to whoever sits there, on standard error, as it is (no markup is read in it)."""
    said.print(str(text), markup=False)


def refuse(text: object) -> NoReturn:
    """End with one clear line and the code of bad input."""
    tell(text)
    raise typer.Exit(2)


@contextmanager
def progress_bar(label: str) -> Iterator[Any]:
    """Show a bar on standard error; gives a function of (done, total or None)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=said, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def move(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield move
