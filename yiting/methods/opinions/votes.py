"""Who voted what on which statement: a sparse table in an order of its own, whatever order it came in."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from yiting.methods.opinions.errors import OpinionsInvalid

AGREE: Final = 1
PASS: Final = 0
DISAGREE: Final = -1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was voted on; meta and rejected ones form no groups."""

    id: str
    text: str = ""
    is_seed: bool = False
    is_meta: bool = False
    is_rejected: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether votes on it say which group a person belongs to."""
        return not (self.is_meta or self.is_rejected)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The votes of all participants, row by row: those of row i lie from `starts[i]` to `starts[i + 1]`.

    Participants and statements stand in the order of `order_of`; the columns within a row rise. So the same votes
    are the same table, in whatever order they were cast.
    """

    participants: tuple[str, ...]
    statements: tuple[Statement, ...]
    starts: Ints = field(repr=False)
    columns: NDArray[np.int32] = field(repr=False)
    values: NDArray[np.int8] = field(repr=False)

    @property
    def count(self) -> int:
        """How many votes there are."""
        return len(self.values)

    @property
    def rows(self) -> Ints:
        """The row of each vote."""
        return np.repeat(np.arange(len(self.participants)), np.diff(self.starts))

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which statements say something about groups."""
        return np.array([statement.is_counted for statement in self.statements], bool)

    def row_of(self, participant: str) -> int | None:
        """Where a participant stands, if anywhere."""
        return _found(self.participants, participant)

    def column_of(self, statement: str) -> int | None:
        """Where a statement stands, if anywhere."""
        return _found([known.id for known in self.statements], statement)


def order_of(name: str) -> tuple[int, int, str]:
    """Numbers by their value, then texts."""
    if name.isascii() and name.isdigit() and len(name) < 19:
        return (0, int(name), name)
    return (1, 0, name)


def votes_of(
    cast: Iterable[tuple[str, str, int]], *, statements: Sequence[Statement] = (), participants: Sequence[str] = ()
) -> Votes:
    """Gather votes (participant, statement, vote); of several by one person on one statement the last one counts.

    Participants and statements that are listed stand in the table even without a vote; what is voted on but not
    listed is added.
    """
    people = {name: at for at, name in enumerate(participants)}
    known = list(statements)
    places = {statement.id: at for at, statement in enumerate(known)}
    if len(people) < len(participants) or len(places) < len(known):
        raise OpinionsInvalid(*_twice(participants, known))
    rows, columns, values = array("l"), array("l"), array("b")
    for number, (participant, statement, vote) in enumerate(cast, 1):
        if vote not in (AGREE, PASS, DISAGREE):
            raise OpinionsInvalid(f"vote {number}", f"{vote!r} is no vote; write 1 (agree), 0 (pass) or -1 (disagree)")
        if statement not in places:
            places[statement] = len(known)
            known.append(Statement(statement))
        rows.append(people.setdefault(participant, len(people)))
        columns.append(places[statement])
        values.append(vote)
    return votes_of_arrays(tuple(people), known, rows, columns, values)


def votes_of_table(participants: Sequence[str], statements: Sequence[Statement], table: ArrayLike) -> Votes:
    """Take a dense table, a row a participant and a column a statement; what is not a number (NaN) is missing."""
    dense = np.asarray(table, float)
    if dense.shape != (len(participants), len(statements)):
        raise OpinionsInvalid(
            "the table", f"it is {dense.shape} for {len(participants)} participants and {len(statements)} statements"
        )
    rows, columns = np.nonzero(~np.isnan(dense))
    return votes_of_arrays(participants, statements, rows, columns, dense[rows, columns])


def votes_of_arrays(
    participants: Sequence[str], statements: Sequence[Statement], rows: ArrayLike, columns: ArrayLike, values: ArrayLike
) -> Votes:
    """Take votes as three arrays of one length: row, column, vote; the last of a cell counts."""
    if len(set(participants)) < len(participants) or len({known.id for known in statements}) < len(statements):
        raise OpinionsInvalid(*_twice(participants, statements))
    row, column = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
    vote = np.array(values)
    people, row = _ordered(participants, row)
    names, column = _ordered([known.id for known in statements], column)
    unknown = ~np.isin(vote, (AGREE, PASS, DISAGREE))
    if unknown.any():
        at = int(unknown.argmax())
        raise OpinionsInvalid(
            f"participant {people[row[at]]}, statement {names[column[at]]}",
            f"{vote[at]} is no vote; write 1 (agree), 0 (pass) or -1 (disagree)",
        )
    cells = row * max(1, len(names)) + column
    if (np.diff(cells) <= 0).any():
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
        is_last = np.ones(len(cells), bool)
        is_last[:-1] = cells[1:] != cells[:-1]
        kept = order[is_last]
        row, column, vote = row[kept], column[kept], vote[kept]
    by_id = {known.id: known for known in statements}
    starts = np.zeros(len(people) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(people)), out=starts[1:])
    return _sealed(people, tuple(by_id[name] for name in names), starts, column, vote)


def vote_added(votes: Votes, *, participant: str, statement: str, vote: int) -> Votes:
    """Give the votes with one more, or with one changed."""
    if vote not in (AGREE, PASS, DISAGREE):
        raise OpinionsInvalid(
            f"participant {participant}, statement {statement}",
            f"{vote!r} is no vote; write 1 (agree), 0 (pass) or -1 (disagree)",
        )
    people, statements, starts, columns = votes.participants, votes.statements, votes.starts, votes.columns
    row, column = votes.row_of(participant), votes.column_of(statement)
    if row is None:
        row = bisect_left(people, order_of(participant), key=order_of)
        people = (*people[:row], participant, *people[row:])
        starts = np.insert(starts, row, starts[row])
    if column is None:
        column = bisect_left(statements, order_of(statement), key=lambda known: order_of(known.id))
        statements = (*statements[:column], Statement(statement), *statements[column:])
        columns = np.where(columns >= column, columns + 1, columns).astype(np.int32)
    first, last = int(starts[row]), int(starts[row + 1])
    at = first + int(np.searchsorted(columns[first:last], column))
    if at < last and columns[at] == column:
        values = votes.values.copy()
        values[at] = vote
        return _sealed(people, statements, starts, columns, values)
    later = starts.copy()
    later[row + 1 :] += 1
    return _sealed(people, statements, later, np.insert(columns, at, column), np.insert(votes.values, at, vote))


def statements_replaced(votes: Votes, statements: Iterable[Statement]) -> Votes:
    """Give the votes with what is now known of their statements; statements nobody voted on yet are added."""
    known = {statement.id: statement for statement in votes.statements}
    told = {statement.id: statement for statement in statements}
    if told.keys() <= known.keys():
        return replace(votes, statements=tuple(told.get(one.id, one) for one in votes.statements))
    return votes_of_arrays(
        votes.participants,
        [told.get(one.id, one) for one in votes.statements] + [one for name, one in told.items() if name not in known],
        votes.rows,
        votes.columns,
        votes.values,
    )


def _ordered(names: Sequence[str], places: Ints) -> tuple[tuple[str, ...], Ints]:
    """Sort names, and point at them in their new order."""
    keys = [order_of(name) for name in names]
    if all(before < after for before, after in pairwise(keys)):
        return tuple(names), places
    order = sorted(range(len(names)), key=keys.__getitem__)
    moved = np.empty(len(names), np.int64)
    moved[order] = np.arange(len(names))
    return tuple(names[at] for at in order), moved[places]


def _found(ids: Sequence[str], wanted: str) -> int | None:
    at = bisect_left(ids, order_of(wanted), key=order_of)
    return at if at < len(ids) and ids[at] == wanted else None


def _twice(participants: Sequence[str], statements: Sequence[Statement]) -> tuple[str, str]:
    """Name what is there twice."""
    for what, names in (("participant", participants), ("statement", [known.id for known in statements])):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                return f"{what} {name}", "it stands there twice; keep one"
            seen.add(name)
    raise AssertionError("nothing is there twice")


def _sealed(
    people: tuple[str, ...],
    statements: tuple[Statement, ...],
    starts: Ints,
    columns: NDArray[Any],
    values: NDArray[Any],
) -> Votes:
    """Make the table; nobody may write to its arrays afterwards."""
    arrays = np.asarray(starts, np.int64), np.asarray(columns, np.int32), np.asarray(values, np.int8)
    for one in arrays:
        one.setflags(write=False)
    return Votes(people, statements, *arrays)
