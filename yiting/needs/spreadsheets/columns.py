"""Which column means what: finding the header and reading its names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from .errors import ColumnsMissing, MappingWrong, brief, said
from .names import NAMES
from .texts import line_clean

HEADER_WITHIN: Final = 10
"""The header is looked for in this many rows from the top."""

NEEDED: Final = ("text", "title")
"""A table is taken when it has at least one of these."""

FIELDS: Final = tuple(NAMES)
"""Every field that a column can mean."""

# Offices in Hong Kong, Macao and Taiwan, and some fonts, write the same names in these forms.
_TRADITIONAL: Final = str.maketrans(
    "編號戶題時間詳內類點贊讚數對見覆標籤樣訴電區樓棟聯絡絡機應開建議來處辦實發創",
    "编号户题时间详内类点赞赞数对见复标签样诉电区楼栋联络络机应开建议来处办实发创",
)
_IGNORED: Final = re.compile(r"[\s_\-*:：.·]+|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\x00-\x1f\x7f]+")
_BRACKETED: Final = re.compile(r"[(\[【〔<][^()\[\]【】〔〕<>]*[)\]】〕>]")


def plain_name(name: str) -> str:
    """A column's name without what writers vary: width, case, spaces, marks, traditional forms."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_TRADITIONAL)
    return _IGNORED.sub("", folded)


_FIELD_OF: Final = {
    plain_name(name): (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)
}


def field_named(column: str) -> tuple[str, int] | None:
    """The field that a column's name stands for, with how sure the name is (0 is surest)."""
    plain = plain_name(column)
    found = _FIELD_OF.get(plain)
    if found is None:
        # '留言时间(必填)' and '标题【30字内】' mean what they mean without the remark.
        found = _FIELD_OF.get(plain_name(_BRACKETED.sub("", unicodedata.normalize("NFKC", column))))
    return found


@dataclass(frozen=True)
class Header:
    """The row of names above a table, read."""

    number: int
    columns: tuple[str, ...]
    positions: Mapping[str, int]

    @property
    def sufficient(self) -> bool:
        """Whether the table says anything at all."""
        return any(field in self.positions for field in NEEDED)

    @property
    def recognised(self) -> dict[str, str]:
        """Field to column name, in the order of the columns."""
        ordered = sorted(self.positions.items(), key=lambda item: item[1])
        return {field: self.columns[position] for field, position in ordered}

    @property
    def unknown(self) -> tuple[str, ...]:
        """The named columns that are left aside."""
        taken = set(self.positions.values())
        return tuple(name for position, name in enumerate(self.columns) if name and position not in taken)


def _header_of(number: int, cells: Sequence[str], chosen: Mapping[str, str]) -> Header:
    columns = tuple(line_clean(cell.encode("utf-8", "replace").decode()) for cell in cells)
    claims: dict[str, tuple[int, int]] = {}
    for position, column in enumerate(columns):
        plain = plain_name(column)
        if plain in chosen:
            claim = (chosen[plain], -1) if chosen[plain] else None
        else:
            claim = field_named(column) if plain else None
        if claim is None:
            continue
        field, rank = claim
        if field not in claims or rank < claims[field][0]:
            claims[field] = (rank, position)
    return Header(number, columns, {field: position for field, (_rank, position) in claims.items()})


def header_find(rows: Iterable[tuple[int, Sequence[str]]], mapping: Mapping[str, str] | None) -> Header | None:
    """The row among these that names most columns; None when none names a text or a title."""
    chosen = {plain_name(column): field for column, field in (mapping or {}).items()}
    headers = [_header_of(number, cells, chosen) for number, cells in rows]
    sufficient = [header for header in headers if header.sufficient]
    if not sufficient:
        return None
    return max(sufficient, key=lambda header: (len(header.positions), -header.number))


def columns_missing(rows: Iterable[Sequence[str]]) -> ColumnsMissing:
    """The refusal that shows which columns were seen and how to name one."""
    filled = [[brief(cell, 20) for cell in row if cell.strip()] for row in rows]
    widest = max(filled, key=len, default=[])
    seen = "、".join(widest[:20]) + ("…" if len(widest) > 20 else "")
    return ColumnsMissing(rows=HEADER_WITHIN, seen=seen or "—", example=widest[0] if widest else "内容")


def mapping_check(mapping: Mapping[str, str]) -> None:
    """Refuses a mapping with a field that does not exist or one field given to two columns."""
    taken: dict[str, str] = {}
    for column, field in mapping.items():
        if not field:
            continue
        if field not in NAMES:
            raise MappingWrong(
                problem=said(
                    _("there is no field '%(field)s' (column %(column)s). The fields are: %(fields)s."),
                    field=brief(field),
                    column=brief(column),
                    fields=", ".join(FIELDS),
                )
            )
        if field in taken:
            raise MappingWrong(
                problem=said(
                    _("the columns %(first)s and %(second)s are both given to '%(field)s'. Please keep one."),
                    first=brief(taken[field]),
                    second=brief(column),
                    field=field,
                )
            )
        taken[field] = column


def mapping_met(mapping: Mapping[str, str], header: Header) -> None:
    """Refuses a mapping that names a column the table does not have: a slip would lose it silently."""
    there = {plain_name(column) for column in header.columns}
    absent = [column for column in mapping if plain_name(column) not in there]
    if absent:
        raise MappingWrong(
            problem=said(
                _("the table has no column %(absent)s. Its columns are: %(seen)s."),
                absent="、".join(brief(column, 20) for column in absent),
                seen="、".join(brief(column, 20) for column in header.columns if column),
            )
        )
