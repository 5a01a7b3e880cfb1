"""`yiting texts answers`: what answers say and what they leave out, told to the one who writes them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from yiting.cli.output import progress_bar, show_json_rows, tell
from yiting.cli.tables import BadRows, Column, OutTable, Source, lines_of, out_check, refusals_said, tables_write
from yiting.cli.texts import options
from yiting.cli.texts.reading import SAID, open_messages
from yiting.places.clock import now

if TYPE_CHECKING:
    from yiting.methods.texts.answers import AnswerCheck

    Checked = tuple[str, AnswerCheck]

_PARTS: Final = ("who", "found", "done", "when", "call")
_ANSWERS: Final = (
    Column("id"),
    Column("kind"),
    Column("score", "number"),
    Column("addresses", "number"),
    Column("complete", "number"),
    Column("days", "number"),
    *(Column(part) for part in _PARTS),
    Column("missing"),
)


def answers(
    file: options.File,
    out: options.OutIfAny = None,
    text: options.Text = None,
    reply: Annotated[str | None, typer.Option(help="Column of the answers.")] = None,
    time: options.Time = None,
    replied: Annotated[str | None, typer.Option(help="Column of the times of the answers.")] = None,
    id_: options.Id = None,
    title: options.Title = None,
    json_out: options.JsonOut = False,
) -> None:
    """Check each answer beside its message: is it about it, and does it say who, what was found, what is done, by when
    and whom to call? It advises the one who writes and grades nobody.
    """
    bad = BadRows()
    summary = _Summary()
    with refusals_said():
        if out is not None:
            out_check(out, source=file)
        named = {"text": text, "title": title, "reply": reply, "filed_at": time, "replied_at": replied}
        source = open_messages(file, {**named, "external_id": id_})
        source.need("reply", what="the answer")
        with progress_bar(f"checking {source.name}") as bar:
            checked = summary.noting(_checked(source, bad, by_row=id_ == "", progress=bar))
            if json_out:
                checked = show_json_rows(checked, _as_json)
            if out is None:
                for _ in checked:
                    pass
            else:
                tables_write(out, [OutTable("answers", _ANSWERS, map(_row, checked))])
    summary.say(source.name)
    bad.say()


def _checked(source: Source, bad: BadRows, *, by_row: bool, progress: Any) -> Iterator[Checked]:
    """The check of each row, as it is read: nothing of the file is held."""
    from yiting.methods.texts.answers import answer_check

    fields = [*SAID, "reply", "filed_at", "replied_at"]
    for line in lines_of(source, fields=fields, bad=bad, now=now(), count_rows=by_row, progress=progress):
        asked_at, answered_at = line.moments.get("filed_at"), line.moments.get("replied_at")
        yield line.id, answer_check(line.whole, line.cells["reply"], asked_at=asked_at, answered_at=answered_at)


class _Summary:
    """Counts over a whole file; nobody is ranked."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._days = array("d")

    def noting(self, checked: Iterator[Checked]) -> Iterator[Checked]:
        """Pass the checks on, counting them."""
        for id_, check in checked:
            self._kinds[check.kind] += 1
            self._missing.update({missing.code for missing in check.missing})
            if check.days is not None:
                self._days.append(check.days)
            yield id_, check

    def say(self, name: str) -> None:
        """Tell what was counted."""
        total = sum(self._kinds.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in self._kinds.most_common())
        tell(f"{name}: {total} answers checked" + (f" ({kinds})" if kinds else ""))
        for code, count in self._missing.most_common():
            tell(f"  {count:>6} lack {code}")
        if self._days:
            tell(f"  half were given within {median(self._days):.1f} days")


def _as_json(one: Checked) -> dict[str, Any]:
    id_, check = one
    return {"id": id_, **check.to_dict()}


def _row(one: Checked) -> list[Any]:
    id_, check = one
    parts = ["、".join(check.parts.get(part, ())) for part in _PARTS]
    missing = " ".join(missing.code for missing in check.missing)
    return [id_, check.kind, check.score, check.addresses, check.complete, check.days, *parts, missing]
