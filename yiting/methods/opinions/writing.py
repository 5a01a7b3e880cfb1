"""Writes the CSV files that Polis publishes, so that votes can be analysed elsewhere."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yiting.methods.opinions.votes import AGREE, DISAGREE, Statement, Votes

PARTICIPANTS: Final = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
COMMENTS: Final = (
    *("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"),
    *("is-meta", "is-seed"),
)
BALLOTS: Final = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
SUMMARY: Final = (
    *("topic", "url", "voters", "voters-in-conv", "commenters", "comments", "groups", "conversation-description"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a statement, and when (milliseconds since 1970)."""

    author: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote as it was cast, at a time in milliseconds since 1970."""

    at: int
    statement: str
    participant: str
    vote: int


def participants_csv(
    votes: Votes, *, written: Mapping[str, int] | None = None, membership: Mapping[str, int] | None = None
) -> str:
    """Write `participants-votes.csv`; `written` counts a person's statements.

    The column of groups stays empty unless a membership is given: it would tell who belongs to which group.
    """
    rows = []
    for at, name in enumerate(votes.participants):
        here = slice(int(votes.starts[at]), int(votes.starts[at + 1]))
        values = votes.values[here]
        cells = [""] * len(votes.statements)
        for column, value in zip(votes.columns[here].tolist(), values.tolist(), strict=True):
            cells[column] = str(value)
        about = (
            name,
            (membership or {}).get(name, ""),
            (written or {}).get(name, 0),
            len(values),
            int((values == AGREE).sum()),
            int((values == DISAGREE).sum()),
        )
        rows.append((*about, *cells))
    return _csv((*PARTICIPANTS, *(statement.id for statement in votes.statements)), rows)


def comments_csv(votes: Votes, *, written: Mapping[str, Written] | None = None) -> str:
    """Write `comments.csv`, with the marks that are needed to find the groups again."""
    width = len(votes.statements)
    agrees, disagrees = [0] * width, [0] * width
    for column, value in zip(votes.columns.tolist(), votes.values.tolist(), strict=True):
        agrees[column] += value == AGREE
        disagrees[column] += value == DISAGREE
    return _csv(
        COMMENTS,
        [
            _comment(statement, agrees[at], disagrees[at], (written or {}).get(statement.id, Written()))
            for at, statement in enumerate(votes.statements)
        ],
    )


def ballots_csv(ballots: Iterable[Ballot]) -> str:
    """Write `votes.csv` in the order given: the last of a person on a statement counts."""
    return _csv(BALLOTS, [(one.at, _day(one.at), one.statement, one.participant, one.vote) for one in ballots])


def summary_csv(
    *, topic: str, url: str, description: str, voters: int, commenters: int, comments: int, groups: int
) -> str:
    """Write `summary.csv`."""
    values = (topic, url, voters, voters, commenters, comments, groups, description)
    return _csv(None, list(zip(SUMMARY, values, strict=True)))


def _comment(statement: Statement, agrees: int, disagrees: int, written: Written) -> tuple[object, ...]:
    return (
        *(written.at, _day(written.at), statement.id, written.author, agrees, disagrees),
        *(-1 if statement.is_rejected else 1, statement.text),
        *(str(statement.is_meta).lower(), str(statement.is_seed).lower()),
    )


def _day(at: int) -> str:
    """Write a time as Polis does, in UTC."""
    day, month, date, clock, year = time.asctime(time.gmtime(at // 1000)).split()
    return f"{day} {month} {int(date):02} {clock} UTC {year}"


def _csv(header: Sequence[str] | None, rows: Iterable[Sequence[object]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return page.getvalue()
