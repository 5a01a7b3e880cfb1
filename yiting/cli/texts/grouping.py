"""`yiting texts groups` and `yiting texts hot`: which messages say the same, and what most people speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from yiting.cli.output import progress_bar, show_json, tell
from yiting.cli.tables import (
    BadRows,
    Column,
    Line,
    OutTable,
    Room,
    TableRefused,
    lines_of,
    out_check,
    refusals_said,
    source_open,
    tables_write,
)
from yiting.cli.tables.lines import ZONE
from yiting.cli.texts import options
from yiting.cli.texts.reading import SAID, lines_unique, open_messages
from yiting.needs.spreadsheets.dates import NotAMoment, moment_read
from yiting.places.clock import now

if TYPE_CHECKING:
    from yiting.methods.texts import Groups, HotMatter, Message

# Messages of 109 characters took 22 KB each when 20,000 were grouped, 16 KB when 60,000 were.
ROOM: Final = Room(
    work="grouping",
    per_row=9_000,
    per_character=110,
    remedy="Split the file by place or by year, or group it on a cluster (docs/howto/scale-out.md).",
)

_GROUPS: Final = (Column("id"), Column("duplicate_group"), Column("matter_group"))
_MATTERS: Final = (
    Column("rank", "count"),
    Column("matter"),
    Column("title"),
    Column("quote"),
    Column("people", "count"),
    Column("messages", "count"),
    Column("supports", "count"),
    Column("objections", "count"),
    Column("heat", "number"),
    Column("recency", "number"),
    Column("growth", "number"),
    Column("last_30_days", "count"),
    Column("before_that", "count"),
    Column("p_value", "number"),
    Column("alert"),
    Column("first"),
    Column("last"),
    Column("places"),
    Column("keywords"),
)
_MESSAGES: Final = (
    Column("id"),
    Column("matter"),
    Column("rank", "count"),
    Column("time"),
    Column("title"),
    Column("text"),
)


def groups(
    file: options.File,
    out: options.Out,
    text: options.Text = None,
    id_: options.Id = None,
    title: options.Title = None,
    place: options.Place = None,
    known: Annotated[
        Path | None, typer.Option(help="The file written last time: groups that are still there keep their names.")
    ] = None,
    json_out: options.JsonOut = False,
) -> None:
    """Group messages that are copies of one another, and, one level up, that are about the same matter."""
    from yiting.methods.texts import group
    from yiting.methods.texts.identity import named_groups

    bad = BadRows()
    with refusals_said():
        out_check(out, source=file)
        source = open_messages(file, {"text": text, "external_id": id_, "title": title, "place": place})
        before = _known(known)
        fields = [*SAID, *(["place"] if place else [])]
        lines = list(lines_unique(source, fields=fields, bad=bad, now=now(), by_row=id_ == "", room=ROOM))
        with progress_bar("grouping"):
            found = group([_message(line) for line in lines], known=before[1])
            duplicates = named_groups(found.duplicates, before[0])
        rows = ((line.id, duplicates[line.id], found.names[line.id]) for line in lines)
        tables_write(out, [OutTable("groups", _GROUPS, rows)])
    counts = {
        "messages": len(lines),
        "duplicate_groups": len(found.duplicates),
        "matter_groups": len(found.matters),
        "with_a_duplicate": sum(len(ids) for ids in found.duplicates if len(ids) > 1),
        "with_others_in_their_matter": sum(len(ids) for ids in found.matters if len(ids) > 1),
        "out": str(out),
        "bad": bad.kept,
    }
    if json_out:
        show_json(counts)
    tell(
        f"{out}: {len(lines)} messages, {len(found.duplicates)} groups of near-duplicates, "
        f"{len(found.matters)} matters, {bad.count} bad rows"
    )
    bad.say()


def hot(
    file: options.File,
    out: options.OutIfAny = None,
    text: options.Text = None,
    time: options.Time = None,
    user: options.User = None,
    id_: options.Id = None,
    title: options.Title = None,
    place: options.Place = None,
    at: Annotated[
        str | None, typer.Option(help="The day to look from, such as 2020-01-31; by default the last in the file.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many matters to show; the file written has all.")] = 20,
    json_out: options.JsonOut = False,
) -> None:
    """Rank the matters by how many people speak of them, how lately and whether they grow, with the reasons."""
    from yiting.methods.texts import group, hot_matters

    bad = BadRows()
    with refusals_said():
        if out is not None:
            out_check(out, source=file)
        named = {"text": text, "filed_at": time, "user": user, "external_id": id_, "title": title, "place": place}
        source = open_messages(file, named)
        fields = [*SAID, "filed_at", "user", "supports", "objections", *(["place"] if place else [])]
        lines = list(lines_unique(source, fields=fields, bad=bad, now=now(), by_row=id_ == "", room=ROOM))
        messages = [_message(line) for line in lines]
        seen_from = _seen_from(at, messages)
        with progress_bar("ranking"):
            found = group(messages)
            matters = hot_matters(messages, now=seen_from, groups=found)
        if out is not None:
            tables_write(out, _hot_tables(lines, found, matters))
    bad.say()
    if json_out:
        show_json([_as_json(matter) for matter in matters[:top]])
        return
    for matter in matters[:top]:
        tell(f"{matter.rank:>3}  {matter.people:>4} people  heat {matter.heat:.2f}  {matter.title}")
    if out is not None:
        tell(f"{out}: {len(matters)} matters, {len(lines)} messages, {bad.count} bad rows")


def _message(line: Line) -> Message:
    from yiting.methods.texts import Message

    return Message(
        id=line.id,
        title=line.title,
        body=line.text,
        person=line.cells.get("user", ""),
        at=line.moments.get("filed_at"),
        supports=line.counts.get("supports", 0),
        objections=line.counts.get("objections", 0),
        place=line.cells.get("place") or None,
    )


def _seen_from(at: str | None, messages: Iterable[Message]) -> datetime:
    """The moment to look from: the one asked for, else the last in the file, so that a file has one ranking."""
    if at is not None:
        try:
            return moment_read(at, zone=ZONE, now=datetime.max.replace(tzinfo=ZONE))
        except NotAMoment as refusal:
            raise TableRefused(f"--at: {refusal.reason}") from refusal
    return max((message.at for message in messages if message.at is not None), default=now())


def _known(path: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the groups and of the matters in a file written before, by id."""
    duplicates: dict[str, str] = {}
    matters: dict[str, str] = {}
    if path is None:
        return duplicates, matters
    duplicate, matter = (column.name for column in _GROUPS[1:])
    # The two columns are read as texts of any kind are.
    source = source_open(path, {"external_id": "id", "text": duplicate, "title": matter})
    for line in lines_of(source, fields=SAID, bad=BadRows(), now=now()):
        duplicates[line.id], matters[line.id] = line.text, line.title
    return duplicates, matters


def _as_json(matter: HotMatter) -> dict[str, Any]:
    return {
        "rank": matter.rank,
        "title": matter.title,
        "request_ids": list(matter.request_ids),
        "people": matter.people,
        "heat": matter.heat,
        "why": matter.why,
    }


def _hot_tables(lines: Sequence[Line], found: Groups, matters: Sequence[HotMatter]) -> list[OutTable]:
    name_of = {matter.rank: found.names[matter.request_ids[0]] for matter in matters}
    ranks = {name: rank for rank, name in name_of.items()}
    messages = (_message_row(line, found.names, ranks) for line in lines)
    return [
        OutTable("matters", _MATTERS, (_matter_row(matter, name_of[matter.rank]) for matter in matters)),
        OutTable("messages", _MESSAGES, messages),
    ]


def _matter_row(matter: HotMatter, name: str) -> list[Any]:
    why: Mapping[str, Any] = matter.why
    cells = {
        **why,
        "rank": matter.rank,
        "matter": name,
        "title": matter.title,
        "quote": matter.quote,
        "heat": matter.heat,
        "alert": "yes" if why["alert"] else "",
        "first": _clock_time(datetime.fromisoformat(why["first"])) if why["first"] else None,
        "last": _clock_time(datetime.fromisoformat(why["last"])) if why["last"] else None,
        "places": "、".join(why["places"]),
        "keywords": "、".join(why["keywords"]),
    }
    return [cells[column.name] for column in _MATTERS]


def _message_row(line: Line, matter_of: Mapping[str, str], ranks: Mapping[str, int]) -> list[Any]:
    matter = matter_of[line.id]
    time = line.moments.get("filed_at")
    return [line.id, matter, ranks.get(matter), time and _clock_time(time), line.title, line.text]


def _clock_time(moment: datetime) -> str:
    """The moment as clocks in China showed it, which is how spreadsheets have it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
