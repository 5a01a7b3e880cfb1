"""From the cells of a row to typed values, or to what is wrong with them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from .dates import NotAMoment, moment_read
from .errors import StrOrPromise, brief, said
from .texts import line_clean, text_clean, title_from

MAX_TEXT: Final = 20_000
"""The most characters in a message or a reply."""
MAX_LINES: Final[Mapping[str, int]] = {
    "external_id": 64,
    "user": 100,
    "title": 200,
    "category": 100,
    "category2": 100,
    "category3": 100,
    "place": 200,
    "estate": 100,
    "building": 100,
    "phone": 64,
    "name": 100,
    "channel": 64,
}
"""The most characters in each field of one line."""
MAX_COUNT: Final = 2_147_483_647

_NO_LETTER: Final = re.compile("[\ud800-\udfff]")
"""Bytes that no encoding knows (as `delimited` keeps them) and halves of characters."""
_WHOLE: Final = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0*)?")


@dataclass(frozen=True)
class Row:
    """A row of a table: the text of each recognised cell, under the number the spreadsheet shows."""

    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to the name above its column, for messages."""
    surplus: int = 0
    """Filled cells to the right of the last named column."""


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell; `reason` is lazy text, `str()` gives it in the reader's language."""

    column: str
    reason: StrOrPromise


@dataclass(frozen=True)
class ParsedRow:
    """A row as typed values; blank cells are '' or 0 or None."""

    number: int
    external_id: str
    user: str
    title: str
    filed_at: dt.datetime | None
    text: str
    category: str
    category2: str
    category3: str
    supports: int
    objections: int
    reply: str
    replied_at: dt.datetime | None
    place: str
    estate: str
    building: str
    phone: str
    name: str
    channel: str


class NotACount(Exception):
    """A cell that cannot be taken as a count, with the reason for the one who sent it."""

    def __init__(self, reason: StrOrPromise) -> None:
        super().__init__()
        self.reason = reason


def count_read(value: str) -> int:
    """The count that a cell holds, 0 when it is blank; NotACount when it is no whole number of 0 or more."""
    plain = line_clean(unicodedata.normalize("NFKC", value))
    if not plain:
        return 0
    match = _WHOLE.fullmatch(plain)
    # Twelve digits are beyond any count, and int() refuses thousands of them.
    number = int(match[1].replace(",", "")) if match is not None and len(match[1]) <= 12 else None
    if number is None or number > MAX_COUNT:
        raise NotACount(
            said(_("'%(value)s' is not a count. Please write a whole number of 0 or more."), value=brief(plain))
        )
    return number


def damage_in(value: str) -> StrOrPromise | None:
    """What is to be said of a cell with characters that no encoding gave; None when it is sound."""
    if not _NO_LETTER.search(value):
        return None
    return said(
        _("some characters are damaged: '%(value)s'. Please type them anew or save the file as UTF-8."),
        value=brief(value),
    )


def surplus_in(count: int) -> StrOrPromise:
    """What is to be said of a row with more cells than the header has names."""
    return said(
        _(
            "the row has %(count)s more cells than the header. If a text contains the separator, "
            "please put the text between quotation marks."
        ),
        count=count,
    )


class _Reader:
    """Reads the cells of one row, gathering problems instead of stopping at the first."""

    def __init__(self, row: Row, zone: ZoneInfo, now: dt.datetime) -> None:
        self.row = row
        self.zone = zone
        self.now = now
        self.problems: list[CellProblem] = []

    def problem(self, name: str, reason: StrOrPromise) -> None:
        self.problems.append(CellProblem(self.row.columns.get(name, name), reason))

    def cell(self, name: str) -> str:
        value = self.row.cells.get(name, "")
        damage = damage_in(value)
        if damage is None:
            return value
        self.problem(name, damage)
        return ""

    def measured(self, name: str, value: str, limit: int) -> str:
        if len(value) > limit:
            self.problem(
                name,
                said(
                    _("the text has %(length)s characters; at most %(limit)s are taken. Please shorten it."),
                    length=len(value),
                    limit=limit,
                ),
            )
        return value

    def line(self, name: str) -> str:
        return self.measured(name, line_clean(self.cell(name)), MAX_LINES[name])

    def text(self, name: str) -> str:
        return self.measured(name, text_clean(self.cell(name)), MAX_TEXT)

    def count(self, name: str) -> int:
        try:
            return count_read(self.cell(name))
        except NotACount as refusal:
            self.problem(name, refusal.reason)
            return 0

    def moment(self, name: str) -> dt.datetime | None:
        value = line_clean(self.cell(name))
        if not value:
            return None
        try:
            return moment_read(value, zone=self.zone, now=self.now)
        except NotAMoment as refusal:
            self.problem(name, refusal.reason)
            return None


def parse_row(row: Row, *, zone: ZoneInfo, now: dt.datetime) -> ParsedRow | list[CellProblem]:
    """The row as typed values, or every problem in it; never raises for what stands in a cell.

    Times without an offset are taken in `zone`; `now` (aware) is the latest moment believed.
    A missing title is made from the text; a missing text is the title.
    """
    reader = _Reader(row, zone, now)
    if row.surplus:
        reader.problem("text", surplus_in(row.surplus))
    title, text = reader.line("title"), reader.text("text")
    if not title and not text and not reader.problems:
        reader.problem("text", _("both the text and the title are empty. Please fill in one of them."))
    parsed = ParsedRow(
        number=row.number,
        external_id=reader.line("external_id"),
        user=reader.line("user"),
        title=title or title_from(text),
        filed_at=reader.moment("filed_at"),
        text=text or title,
        category=reader.line("category"),
        category2=reader.line("category2"),
        category3=reader.line("category3"),
        supports=reader.count("supports"),
        objections=reader.count("objections"),
        reply=reader.text("reply"),
        replied_at=reader.moment("replied_at"),
        place=reader.line("place"),
        estate=reader.line("estate"),
        building=reader.line("building"),
        phone=reader.line("phone"),
        name=reader.line("name"),
        channel=reader.line("channel"),
    )
    return reader.problems or parsed
