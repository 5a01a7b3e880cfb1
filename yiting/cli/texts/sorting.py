"""`yiting texts train` and `yiting texts classify`: categories learned from a table, and given to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from yiting.cli.output import progress_bar, show_json, tell
from yiting.cli.tables import (
    BadRows,
    Column,
    OutTable,
    Room,
    Source,
    TableRefused,
    lines_of,
    out_check,
    refusals_said,
    tables_write,
)
from yiting.cli.tables.writing import place_check, written_whole
from yiting.cli.texts import options
from yiting.cli.texts.reading import SAID, open_messages, within
from yiting.places.clock import now

if TYPE_CHECKING:
    from yiting.methods.texts.categories import CategoryModel

SEPARATOR: Final = "/"
"""Stands between the levels of a category in one cell."""
# 1,652 messages took 105 MB, of which most is there for any number.
ROOM: Final = Room(
    work="learning from",
    per_row=12_000,
    per_character=120,
    remedy="Train on some of the rows; some tens of thousands teach nearly all there is.",
)

_LEVELS: Final = ("category", "category2", "category3")
_LABELS: Final = (Column("id"), Column("label"), Column("probability", "number"))
_AT_ONCE: Final = 2_000

Labelled = tuple[str, str, float]


def train(
    file: options.File,
    out: Annotated[Path, typer.Option("--out", help="File to write the model to.")],
    text: options.Text = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Column of the labels ('a/b/c' for levels); give it up to three times for a column a level."),
    ] = None,
    title: options.Title = None,
    folds: Annotated[int, typer.Option(min=2, max=20, help="Parts of the cross-validation.")] = 5,
    json_out: options.JsonOut = False,
) -> None:
    """Learn categories from labelled messages; tells how well held-out messages were sorted (macro-F1)."""
    from yiting.methods.texts.categories import CategoryError, categories_train, cross_validate

    bad = BadRows()
    with refusals_said():
        place_check(out)
        if out.is_dir():
            raise TableRefused(f"{out} is a folder; give the name of a file in it.")
        if out.exists() and file.exists() and out.samefile(file):
            raise TableRefused(f"{out} is the file that is read; give another name to --out.")
        source = open_messages(file, {"text": text, "title": title, **_levels(label or [])})
        source.need("category", what="the label")
        texts, labels = _examples(source, bad, levels=max(1, len(label or [])))
        try:
            with progress_bar("cross-validating"):
                report = cross_validate(texts, labels, folds=folds)
            with progress_bar("training"):
                model = categories_train(texts, labels)
        except CategoryError as refusal:
            raise TableRefused(f"{source.name}: {refusal}") from refusal
        with written_whole([out]) as (draft,):
            model.save(draft)
    found = report.as_dict()
    if json_out:
        show_json({**found, "out": str(out), "bad": bad.kept})
    tell(f"{out}: learned from {len(texts)} messages; macro-F1 {found['macro_f1']:.4f} over {folds} folds")
    bad.say()


def classify(
    model: Annotated[Path, typer.Argument(help="A model that `yiting texts train` wrote.")],
    file: options.File,
    out: options.Out,
    text: options.Text = None,
    id_: options.Id = None,
    title: options.Title = None,
    sure_only: Annotated[
        bool, typer.Option("--sure-only", help="Leave the label blank where the model is not sure.")
    ] = False,
    json_out: options.JsonOut = False,
) -> None:
    """Give each message the likeliest label and its probability; a file of any size, in parts."""
    bad = BadRows()
    counted = _Counted()
    with refusals_said():
        out_check(out, source=file)
        learned = _load(model)
        source = open_messages(file, {"text": text, "external_id": id_, "title": title})
        with progress_bar(f"sorting {source.name}") as bar:
            rows = counted.counting(learned, source, bad, by_row=id_ == "", sure_only=sure_only, progress=bar)
            tables_write(out, [OutTable("labels", _LABELS, rows)])
    if json_out:
        show_json({**counted.as_dict(), "threshold": learned.threshold, "out": str(out), "bad": bad.kept})
    tell(f"{out}: {counted.messages} messages, {counted.not_sure} of them not sure, {bad.count} bad rows")
    bad.say()


def _levels(columns: Sequence[str]) -> dict[str, str]:
    if len(columns) > len(_LEVELS):
        raise TableRefused(f"--label is given {len(columns)} times; a category has at most {len(_LEVELS)} levels.")
    return dict(zip(_LEVELS, columns, strict=False))


def _examples(source: Source, bad: BadRows, *, levels: int) -> tuple[list[str], list[str]]:
    """The texts that have a label, and their labels; what has none is passed over."""
    texts: list[str] = []
    labels: list[str] = []
    with progress_bar(f"reading {source.name}") as bar:
        lines = lines_of(source, fields=["title", "text", *_LEVELS[:levels]], bad=bad, now=now(), progress=bar)
        for line in within(ROOM, source, lines):
            names = [line.cells.get(level, "") for level in _LEVELS[:levels]]
            if names[0]:
                texts.append(line.whole)
                labels.append(SEPARATOR.join(name for name in names if name))
    return texts, labels


def _load(path: Path) -> CategoryModel:
    from yiting.methods.texts.categories import CategoryModel, ModelUnreadable

    if not path.is_file():
        raise TableRefused(f"{path}: there is no such model; write one with: yiting texts train FILE --out {path}")
    try:
        return CategoryModel.load(path)
    except (ModelUnreadable, OSError) as refusal:
        raise TableRefused(f"{path}: {refusal}") from refusal


class _Counted:
    """What was sorted, counted as it passes."""

    def __init__(self) -> None:
        self.messages = 0
        self.not_sure = 0
        self._labels: Counter[str] = Counter()

    def counting(
        self, model: CategoryModel, source: Source, bad: BadRows, *, by_row: bool, sure_only: bool, progress: Any
    ) -> Iterator[Labelled]:
        """The rows to write, made in parts of a fixed size: nothing of the file is held."""
        from yiting.methods.texts.categories import NotSure

        lines = lines_of(source, fields=SAID, bad=bad, now=now(), count_rows=by_row, progress=progress)
        while part := list(islice(lines, _AT_ONCE)):
            for line, found in zip(part, model.classify([line.whole for line in part]), strict=True):
                unsure = isinstance(found, NotSure)
                label = "" if unsure and sure_only else SEPARATOR.join(found.path)
                self.messages += 1
                self.not_sure += unsure
                self._labels[label] += 1
                yield line.id, label, round(found.probability, 6)

    def as_dict(self) -> dict[str, Any]:
        """How many messages got each label."""
        return {"messages": self.messages, "not_sure": self.not_sure, "labels": dict(self._labels.most_common())}
