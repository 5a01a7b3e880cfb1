"""Reads the `.pb` files of Pabulib: META, PROJECTS and VOTES, each a table parted by semicolons.

What cannot be read safely is refused with its line and field. What real files do and harms nobody (a ballot that
breaks the election's own rules of length or points, a count that does not agree) is a warning.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter
from typing import Final

from yiting.methods.allocations.election import (
    KINDS,
    Election,
    Kind,
    Limit,
    Project,
    choices_checked,
    election_of_counts,
    points_checked,
)
from yiting.methods.allocations.errors import AllocationInvalid
from yiting.methods.allocations.numerals import number_read

SECTIONS: Final = ("META", "PROJECTS", "VOTES")
LONGEST_CELL: Final = 1_000_000
PIECE: Final = 1 << 16
LIMITS: Final = (
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "max_points",
    "min_sum_points",
    "max_sum_points",
)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something read all the same: its kind, the first line, in how many ballots it stands."""

    kind: str
    line: int
    ballots: int


@dataclass(frozen=True, eq=False, slots=True)
class PbFile:
    """What a file says."""

    election: Election
    meta: dict[str, str]
    warnings: tuple[Warned, ...]


def pb_read(text: str, *, groups: str = "") -> PbFile:
    """Read a file; `groups` names a column of VOTES that says which group a voter belongs to."""
    text = text.removeprefix("\ufeff")
    sections = _sections(text)
    meta = _meta_read(*sections["META"])
    kind = _kind(meta)
    budget = _positive("META, field budget", meta.get("budget", ""))
    projects = _projects_read(*sections["PROJECTS"])
    ballots = _Ballots(projects, kind, meta, groups)
    ballots.read(*sections["VOTES"])
    election = election_of_counts(
        projects,
        ballots.counts,
        budget=budget,
        kind=kind,
        limits=_limits_read(meta.get("limits", "[]")),
        groups=tuple(ballots.groups) or ("",),
    )
    warnings = list(ballots.warnings())
    for field, number in (("num_votes", election.voters), ("num_projects", len(projects))):
        if field in meta and meta[field] != str(number):
            warnings.append(Warned(field, 0, number))
    return PbFile(election, meta, tuple(warnings))


def _sections(text: str) -> dict[str, tuple[str, int]]:
    """Cut the file into its sections, each with the number of its first line."""
    found: dict[str, tuple[str, int]] = {}
    starts: list[tuple[str, int, int, int]] = []
    at, number = 0, 1
    votes_begun = False
    while at < len(text) and not votes_begun:
        end = text.find("\n", at) + 1 or len(text)
        line = text[at:end]
        word = line.strip().rstrip(";").strip().strip('"').upper()
        if word in SECTIONS:
            if any(word == name for name, *_ in starts):
                raise AllocationInvalid(f"line {number}", f"the section {word} begins a second time; keep one")
            starts.append((word, at, end, number + 1))
            votes_begun = word == "VOTES"
        elif not starts and line.strip():
            raise AllocationInvalid(f"line {number}", "the file must begin with META; is it a .pb file?")
        at = end
        number += 1
    ends = [start for _, start, *_ in starts[1:]] + [len(text)]
    for (name, _, begin, line_number), end in zip(starts, ends, strict=False):
        found[name] = (text[begin:end], line_number)
    for name in SECTIONS:
        if name not in found:
            raise AllocationInvalid("the file", f"it has no section {name}; add it")
    if [name for name, *_ in starts] != list(SECTIONS):
        raise AllocationInvalid("the file", "its sections must be META, PROJECTS and VOTES, in this order")
    return found


def _rows(part: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold anything, with the line in which each begins."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        begin = 1
        reader = csv.reader(_lines(part), delimiter=";", strict=True)
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                yield first + begin - 1, cells
            begin = reader.line_num + 1
    except csv.Error as error:
        raise AllocationInvalid(f"line {first + begin - 1}", f"its quotes do not match ({error})") from None
    finally:
        csv.field_size_limit(before)


def _lines(part: str) -> Iterator[str]:
    at = 0
    while at < len(part):
        end = part.find("\n", at) + 1 or len(part)
        yield part[at:end]
        at = end


def _meta_read(part: str, first: int) -> dict[str, str]:
    meta: dict[str, str] = {}
    for number, cells in _rows(part, first):
        if [cell.strip().lower() for cell in cells[:2]] == ["key", "value"]:
            continue
        key = cells[0].strip()
        if len(cells) < 2:
            raise AllocationInvalid(f"line {number}, field {key[:40]}", "it has no value; write key;value")
        if key in meta:
            raise AllocationInvalid(f"line {number}, field {key[:40]}", "it stands there twice; keep one")
        meta[key] = cells[1].strip()
    return meta


def _kind(meta: dict[str, str]) -> Kind:
    kind = meta.get("vote_type", "")
    for known in KINDS:
        if kind == known:
            return known
    raise AllocationInvalid("META, field vote_type", f"{kind[:40]!r} is not known; it is one of {', '.join(KINDS)}")


def _limits_read(written: str) -> list[Limit]:
    """The limits of categories, a field of our own: a list in JSON of objects as `writing` makes them."""
    place = "META, field limits"
    try:
        rows = json.loads(written)
    except ValueError:
        raise AllocationInvalid(
            place, "it is no JSON; write a list of objects with category, most, most_cost"
        ) from None
    limits = []
    for row in rows if isinstance(rows, list) else [None]:
        known = {"category", "most", "most_cost", "least"}
        if not isinstance(row, dict) or not row.get("category") or not known.issuperset(row):
            raise AllocationInvalid(place, "each limit is an object with category, and most, most_cost or least")
        for name in ("most", "least"):
            if name in row and not (type(row[name]) is int and row[name] >= 0):
                raise AllocationInvalid(f"{place}, {name}", "write a whole number of projects, 0 or more")
        most_cost = number_read(f"{place}, most_cost", str(row["most_cost"])) if "most_cost" in row else None
        limits.append(Limit(str(row["category"]), row.get("most"), most_cost, row.get("least", 0)))
    return limits


def _positive(place: str, value: str) -> int | Fraction:
    number = number_read(place, value)
    if number <= 0:
        raise AllocationInvalid(place, f"it is {value[:40]}; it must be more than 0")
    return number


def _projects_read(part: str, first: int) -> tuple[Project, ...]:
    rows = _rows(part, first)
    header = _header(rows, first, "PROJECTS", ("project_id", "cost"))
    seen: dict[str, int] = {}
    projects = []
    for number, cells in rows:
        _same_length(number, cells, header)
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        name = row["project_id"]
        place = f"line {number}, field project_id"
        if not name or "," in name:
            raise AllocationInvalid(place, f"{name[:40]!r} is no id; write one without a comma")
        if name in seen:
            raise AllocationInvalid(place, f"{name[:40]} stands already in line {seen[name]}; keep one of them")
        seen[name] = number
        projects.append(
            Project(
                name,
                _positive(f"line {number}, field cost", row["cost"]),
                name=_said(row, "name"),
                categories=_listed(row, "category", "categories"),
                targets=_listed(row, "target", "targets"),
                exclusive=_said(row, "exclusive"),
            )
        )
    if not projects:
        raise AllocationInvalid(f"line {first}", "PROJECTS names no project; add one")
    return tuple(projects)


def _said(row: dict[str, str], name: str) -> str:
    value = row.get(name, "")
    return "" if value.lower() == "none" else value


def _listed(row: dict[str, str], *names: str) -> tuple[str, ...]:
    value = next((_said(row, name) for name in names if name in row), "")
    return tuple(sorted({entry.strip() for entry in value.split(",") if entry.strip()}))


def _header(rows: Iterator[tuple[int, list[str]]], first: int, section: str, needed: Sequence[str]) -> list[str]:
    number, cells = next(rows, (first, []))
    header = [cell.strip() for cell in cells]
    for name in needed:
        if name not in header:
            raise AllocationInvalid(f"line {number}", f'{section} has no column "{name}"; add it')
    if len(set(header)) < len(header):
        raise AllocationInvalid(f"line {number}", f"{section} has a column twice; keep one")
    return header


def _same_length(number: int, cells: list[str], header: list[str]) -> None:
    if len(cells) != len(header):
        raise AllocationInvalid(
            f"line {number}",
            f"it has {len(cells)} fields, the head of its section {len(header)}; quote fields that hold a semicolon",
        )


class _Ballots:
    """The section VOTES: each different ballot is understood once, at the line where it stands first."""

    def __init__(self, projects: tuple[Project, ...], kind: Kind, meta: dict[str, str], group: str) -> None:
        self._columns = {project.id: at for at, project in enumerate(projects)}
        self._costs = [project.cost for project in projects]
        self._kind, self._group = kind, group
        self._bounds = [
            (name, name.startswith("max"), name.partition("_")[2], number_read(f"META, field {name}", meta[name]))
            for name in LIMITS
            if meta.get(name, "")
        ]
        # most elections bound the length alone, and most ballots keep to it
        self._lengths: tuple[int | Fraction, int | Fraction] = (1, 0)
        if all(measure == "length" for _, _, measure, _ in self._bounds):
            least = [bound for _, is_most, _, bound in self._bounds if not is_most]
            most = [bound for _, is_most, _, bound in self._bounds if is_most]
            self._lengths = (max(least, default=0), min(most, default=len(projects)))
        self._warned: dict[str, tuple[int, int]] = {}
        self.groups: dict[str, int] = {}
        self.counts: dict[tuple[tuple[int, ...], tuple[int | Fraction, ...], int], int] = {}

    def warnings(self) -> Iterator[Warned]:
        """What was read all the same."""
        for kind, (line, ballots) in self._warned.items():
            yield Warned(kind, line, ballots)

    def read(self, part: str, first: int) -> None:
        """Count the ballots."""
        head = part[: part.find("\n") + 1]
        needed = ["voter_id", "vote"]
        if self._kind in ("cumulative", "scoring"):
            needed.append("points")
        if self._group:
            needed.append(self._group)
        if '"' in part or not head.strip():
            rows = _rows(part, first)
            header = _header(rows, first, "VOTES", needed)
        else:
            header = _header(iter([(first, head.split(";"))]), first, "VOTES", needed)
            rows = _plain_rows(part, len(head), first + 1)
        who, *wanted = (header.index(name) for name in needed)
        width = len(header)
        # one field is its own key, two or more a tuple of them
        times: dict[str | tuple[str, ...], int] = {}
        firsts: dict[str | tuple[str, ...], int] = {}
        key_of = itemgetter(*wanted)
        voters: set[str] = set()
        add = voters.add
        for number, cells in rows:
            if len(cells) != width:
                _same_length(number, cells, header)
            voter = cells[who].strip()
            if voter in voters:
                raise AllocationInvalid(
                    f"line {number}, field voter_id",
                    f"{voter[:40]} voted already in a line above; keep one ballot",
                )
            add(voter)
            key = key_of(cells)
            if key in times:
                times[key] += 1
            else:
                times[key], firsts[key] = 1, number
        # a set of as many names as there are voters is large
        voters.clear()
        for key, count in times.items():
            self._understand((key,) if isinstance(key, str) else key, count, firsts[key])

    def _understand(self, key: tuple[str, ...], count: int, number: int) -> None:
        names = _split(key[0])
        try:
            choices = tuple([self._columns[name] for name in names])
        except KeyError:
            choices = ()
        if len(set(choices)) != len(names):
            choices = choices_checked(f"line {number}, field vote", names, self._columns)
        points: tuple[int | Fraction, ...] = ()
        if self._kind in ("cumulative", "scoring"):
            place = f"line {number}, field points"
            given = [number_read(place, value) for value in _split(key[1])]
            points = points_checked(place, given, len(choices))
        if self._kind == "choose-1" and len(choices) > 1:
            raise AllocationInvalid(f"line {number}, field vote", "it names more than one project; choose one")
        if not self._lengths[0] <= len(choices) <= self._lengths[1]:
            for kind in self._broken(choices, points):
                line, ballots = self._warned.get(kind, (number, 0))
                self._warned[kind] = (min(line, number), ballots + count)
        if self._kind in ("approval", "choose-1"):
            choices = tuple(sorted(choices))
        group = key[-1].strip() if self._group else ""
        counted = (choices, points, self.groups.setdefault(group, len(self.groups)))
        self.counts[counted] = self.counts.get(counted, 0) + count

    def _broken(self, choices: tuple[int, ...], points: tuple[int | Fraction, ...]) -> Iterator[str]:
        """Name the election's own rules that a ballot does not keep."""
        for name, is_most, measure, bound in self._bounds:
            value: int | Fraction
            if measure == "length":
                value = len(choices)
            elif measure == "sum_cost":
                value = sum(self._costs[at] for at in choices)
            elif not points:
                continue
            else:
                value = sum(points) if measure == "sum_points" else max(points)
            if (value > bound) if is_most else (value < bound):
                yield name


def _split(cell: str) -> list[str]:
    if not cell.strip() or cell.strip().lower() == "none":
        return []
    return [name.strip() for name in cell.split(",")] if " " in cell else cell.strip().split(",")


def _plain_rows(part: str, begin: int, number: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of a section without quotes, far faster than a reader of CSV, a piece of the text at a time."""
    while begin < len(part):
        end = part.find("\n", begin + PIECE) + 1 or len(part)
        lines = part[begin:end].split("\n")
        for line in lines:
            if line and not line.isspace():
                yield number, line.rstrip("\r").split(";")
            number += 1
        # a piece ends with a line feed, after which nothing stands yet
        number -= 1
        begin = end
