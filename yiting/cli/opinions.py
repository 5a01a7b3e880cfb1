"""`yiting opinions`: the groups in who voted what, from the files of Polis, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yiting.cli.output import refuse, show_json, tell

# The analysis brings scipy with it, which no other command should wait for.
if TYPE_CHECKING:
    from yiting.methods.opinions import Analysis, Votes

MOST_BYTES = 512 * 1024 * 1024
REASONS = {
    "too-few-people": "Too few people took part to speak of groups.",
    "too-few-votes": "Too few people voted often enough to speak of groups.",
    "all-alike": "Everybody gave one and the same answer to everything: there is one group.",
    "one-group": "One group foretells the votes as well as more would: there is one group.",
}

app = typer.Typer(help="Opinion groups.", no_args_is_help=True)


class Method(StrEnum):
    """How groups are made."""

    stable = "stable"
    polis = "polis"


@app.callback()
def opinions() -> None:
    """Opinion groups, and what all of them can live with."""


@app.command()
def analyse(
    file: Annotated[
        Path, typer.Argument(help="participants-votes.csv or votes.csv, as Polis publishes them.", show_default=False)
    ],
    comments: Annotated[
        Path | None, typer.Option(help="comments.csv: which statements are meta, seeds or rejected.")
    ] = None,
    method: Annotated[Method, typer.Option(help="Groups that foretell votes, or those that Polis makes.")] = (
        Method.stable
    ),
    svg: Annotated[Path | None, typer.Option(help="Write the picture of the groups there, as SVG.")] = None,
    least: Annotated[int, typer.Option(min=1, help="The picture shows no group of fewer people than this.")] = 5,
    bootstraps: Annotated[
        int,
        typer.Option(min=0, max=200, help="So many samples tell how firm groups are; each is one more analysis."),
    ] = 0,
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False,
) -> None:
    """Find groups that vote alike, what stands for each of them, and what all of them agree with."""
    from yiting.methods.opinions import (
        OpinionsInvalid,
        conversation_read,
        groups_confidence,
        picture_of,
        picture_svg,
        published,
    )
    from yiting.methods.opinions import analyse as found_in

    votes_text = _text(file)
    comments_text = "" if comments is None else _text(comments)
    try:
        votes = conversation_read(votes_text)
    except OpinionsInvalid as error:
        refuse(f"{file.name}: {error}.")
    if comments is not None:
        votes = _told(votes, comments, comments_text)
    found = found_in(votes, method=method.value)
    firmness = groups_confidence(votes, found, samples=bootstraps) if bootstraps else ()
    if svg is not None:
        picture = picture_of(published(found, least=least))
        names = {group.id: f"Group {group.id}" for group in found.groups}
        _write(svg, picture_svg(picture, title="Opinion groups, by the number of people in each", names=names))
    if json_out:
        show_json(_document(found, firmness))
        if found.reason:
            tell(REASONS[found.reason])
    else:
        _tell(votes, found, firmness)


def _document(found: Analysis, firmness: Sequence[float]) -> dict[str, Any]:
    """The shape is stable; fields may be added."""
    confidence = dict(zip([group.id for group in found.groups], firmness, strict=False))
    return {
        "participants": found.participants,
        "statements": found.statements,
        "groups": [
            {
                "id": group.id,
                "members": list(group.members),
                "confidence": round(confidence[group.id], 4) if group.id in confidence else None,
                "representative": [
                    {
                        "statement_id": one.statement_id,
                        "agree": one.agree,
                        "z": round(one.z, 4),
                        "probability": round(one.probability, 4),
                        "relative": round(one.relative, 4),
                    }
                    for one in group.representative
                ],
            }
            for group in found.groups
        ],
        "consensus": [common.statement_id for common in found.consensus],
        "divisive": list(found.divisive),
        "bridging": list(found.bridging),
        "uniform": list(found.uniform),
        "ungrouped": list(found.ungrouped),
        "method": found.method,
        "reason": found.reason,
    }


def _tell(votes: Votes, found: Analysis, firmness: Sequence[float]) -> None:
    texts = {statement.id: f"{statement.id}  {statement.text}".rstrip() for statement in votes.statements}
    tell(f"{found.participants} participants, {found.statements} statements, {found.votes} votes.")
    if found.reason:
        tell(REASONS[found.reason])
    for common in found.consensus[:10]:
        tell(f"All {'agree' if common.agree else 'disagree'}: {texts[common.statement_id]}")
    for group, firm in zip_longest(found.groups, firmness):
        comes_back = "" if firm is None else f", {firm:.0%} of it comes back in other samples"
        tell(f"Group {group.id}, {group.size} people{comes_back}:")
        for one in group.representative:
            tell(f"  {'agrees' if one.agree else 'disagrees'} ({one.alike} of {one.votes}): {texts[one.statement_id]}")
    for statement in found.divisive[:10]:
        tell(f"Divides: {texts[statement]}")


def _told(votes: Votes, file: Path, text: str) -> Votes:
    from yiting.methods.opinions import OpinionsInvalid, comments_read, statements_replaced

    try:
        return statements_replaced(votes, comments_read(text))
    except OpinionsInvalid as error:
        refuse(f"{file.name}: {error}.")


def _text(file: Path) -> str:
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            refuse(f"{file.name} has {size} bytes, more than {MOST_BYTES}; take a part of it.")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        refuse(f"{file} cannot be read ({error.strerror}); look at its name and place.")
    except UnicodeDecodeError as error:
        refuse(f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8.")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{file} cannot be written ({error.strerror}); look at its place.")
