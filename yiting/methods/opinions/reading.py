"""Reads the CSV files that Polis publishes: `participants-votes.csv` or `votes.csv`, and `comments.csv`.

In both files of votes 1 is agree, 0 pass and -1 disagree. In `votes.csv` the last row of a person and a statement
counts. `is-meta` and `is-seed` of `comments.csv` may be missing; `moderated` is -1 for what was rejected.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from typing import Final

from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.votes import Statement, Votes, statements_replaced, votes_of, votes_of_arrays

ABOUT: Final = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
VOTES: Final = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}
TRUTHS: Final = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False, "": False}
LONGEST_CELL: Final = 1_000_000


def conversation_read(text: str, *, comments: str = "") -> Votes:
    """Read a file of votes of either kind, which its first line tells, and what `comments.csv` says of statements."""
    rows = _rows(text)
    header = next(rows, (1, []))[1]
    if "voter-id" in header:
        votes = _votes_read(header, rows)
    elif "participant" in header:
        votes = _participants_read(header, rows)
    else:
        raise OpinionsInvalid(
            "row 1", 'it has neither a column "participant" (participants-votes.csv) nor "voter-id" (votes.csv)'
        )
    return statements_replaced(votes, comments_read(comments)) if comments else votes


def comments_read(text: str) -> tuple[Statement, ...]:
    """Read what is known of the statements."""
    rows = _rows(text)
    header = next(rows, (1, []))[1]
    _needs(header, "comment-id", "comment-body")
    found: dict[str, Statement] = {}
    for number, cells in rows:
        row = dict(zip(header, cells, strict=True))
        name = row["comment-id"].strip()
        if not name or name in found:
            wrong = f"{name} stands there twice; keep one" if name else "it is empty; write the id"
            raise OpinionsInvalid(f"row {number}, column comment-id", wrong)
        moderated = row.get("moderated", "").strip()
        if moderated not in {"", "-1", "0", "1"}:
            raise OpinionsInvalid(f"row {number}, column moderated", f"it must be -1, 0 or 1, not {moderated[:40]!r}")
        found[name] = Statement(
            name,
            text=row["comment-body"],
            is_seed=_truth(number, "is-seed", row),
            is_meta=_truth(number, "is-meta", row),
            is_rejected=moderated == "-1",
        )
    return tuple(found.values())


def summary_read(text: str) -> dict[str, str]:
    """Read `summary.csv`, a key and a value in each row."""
    found = {}
    for number, cells in _lines(text):
        if len(cells) != 2:
            raise OpinionsInvalid(f"row {number}", f"it must have a key and a value, not {len(cells)} cells")
        found[cells[0].strip()] = cells[1]
    return found


def _votes_read(header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Votes:
    _needs(header, "comment-id", "voter-id", "vote")
    statement, voter, vote = (header.index(name) for name in ("comment-id", "voter-id", "vote"))

    def cast() -> Iterator[tuple[str, str, int]]:
        for number, cells in rows:
            names = cells[voter].strip(), cells[statement].strip()
            for name, column in zip(names, ("voter-id", "comment-id"), strict=True):
                if not name:
                    raise OpinionsInvalid(f"row {number}, column {column}", "it is empty; write the id")
            yield *names, _vote(number, "vote", cells[vote])

    return votes_of(cast())


def _participants_read(header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Votes:
    who = header.index("participant")
    statements = [(at, name) for at, name in enumerate(header) if name not in ABOUT]
    people: dict[str, int] = {}
    placed, columns, values = array("l"), array("l"), array("b")
    for number, cells in rows:
        name = cells[who].strip()
        if not name:
            raise OpinionsInvalid(f"row {number}, column participant", "it is empty; write the id")
        if name in people:
            raise OpinionsInvalid(
                f"row {number}, column participant", f"{name} stands already in row {people[name]}; keep one of them"
            )
        row = len(people)
        people[name] = number
        for column, (at, statement) in enumerate(statements):
            if cells[at]:
                placed.append(row)
                columns.append(column)
                values.append(_vote(number, statement, cells[at]))
    return votes_of_arrays(tuple(people), [Statement(name) for _, name in statements], placed, columns, values)


def _vote(number: int, column: str, cell: str) -> int:
    vote = VOTES.get(cell.strip())
    if vote is None:
        raise OpinionsInvalid(
            f"row {number}, column {column}", f"{cell[:40]!r} is no vote; write 1 (agree), 0 (pass) or -1 (disagree)"
        )
    return vote


def _truth(number: int, column: str, row: dict[str, str]) -> bool:
    cell = row.get(column, "").strip()
    if cell.lower() not in TRUTHS:
        raise OpinionsInvalid(f"row {number}, column {column}", f"it must be true or false, not {cell[:40]!r}")
    return TRUTHS[cell.lower()]


def _needs(header: list[str], *names: str) -> None:
    for name in names:
        if name not in header:
            raise OpinionsInvalid("row 1", f'it has no column "{name}"; add it')


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows with their numbers, the header first; each must have as many cells as the header."""
    header: list[str] = []
    for number, cells in _lines(text):
        if not header:
            header = [name.strip() for name in cells]
            twice = next((name for at, name in enumerate(header) if name in header[:at]), None)
            if twice is not None:
                raise OpinionsInvalid(f"row {number}", f'it has the column "{twice}" twice; keep one')
            yield number, header
        elif len(cells) != len(header):
            raise OpinionsInvalid(f"row {number}", f"it has {len(cells)} cells, the first row {len(header)}")
        else:
            yield number, cells


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold anything, counted as a spreadsheet counts them."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        for number, cells in enumerate(csv.reader(_cut(text), strict=True), 1):
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise OpinionsInvalid("the file", f"it is no CSV ({error}); save it as CSV in UTF-8") from None
    finally:
        csv.field_size_limit(before)


def _cut(text: str) -> Iterator[str]:
    """Give the lines of a text one by one; a file of text in memory would take four times its size."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
