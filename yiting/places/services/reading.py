"""Division lists as files: CSV with a header, in the encodings and with the column names of offices."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import FileUnreadable
from yiting.places.models import Level

MOST_BYTES = 100 * 1024 * 1024

COLUMNS = {
    "level": ("level", "级别", "层级", "类型"),
    "code": ("code", "代码", "区划代码", "统计用区划代码", "行政区划代码"),
    "name": ("name", "名称", "区划名称", "地名"),
    "year": ("year", "code_year", "年份", "年度", "版本"),
    "parent": ("parent", "parent_code", "上级", "上级代码", "所属"),
    "old_code": ("old_code", "replaces", "原代码", "旧代码"),
}
_LEVEL_WORDS = {
    "省": Level.PROVINCE, "自治区": Level.PROVINCE, "市": Level.CITY, "地级": Level.CITY, "县": Level.COUNTY,
    "区县": Level.COUNTY, "旗": Level.COUNTY, "街道": Level.STREET, "乡镇": Level.STREET, "镇": Level.STREET,
    "乡": Level.STREET, "社区": Level.COMMUNITY, "村": Level.COMMUNITY, "居委会": Level.COMMUNITY,
    "村委会": Level.COMMUNITY, "小区": Level.ESTATE, "楼栋": Level.BUILDING, "楼": Level.BUILDING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of a division list as written; `number` counts as a spreadsheet does, the header being 1."""

    number: int
    level: str = ""
    code: str = ""
    name: str = ""
    year: str = ""
    parent: str = ""
    old_code: str = ""


def places_read(path: Path) -> Iterator[PlaceRow]:
    """Read a division list: columns level, code, name, year, parent, old_code in any order."""
    if not path.is_file():
        raise FileUnreadable(name=path.name, reason=_("there is no such file"))
    if path.stat().st_size > MOST_BYTES:
        raise FileUnreadable(name=path.name, reason=_("it is larger than 100 MB"))
    text = _decoded(path)
    header = text.partition("\n")[0]
    separator = max(",\t;", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        columns = _columns(next(reader, []))
    except csv.Error as error:
        raise FileUnreadable(name=path.name, reason=str(error)) from error
    if "name" not in columns or not {"code", "level"} & set(columns):
        raise FileUnreadable(name=path.name, reason=_("it needs the columns name and code, or name, level and parent"))
    return _rows(reader, columns, path.name)


def level_of(word: str) -> Level | None:
    """Return the level that a word of the file means; None for one that is not known."""
    cleaned = word.strip().lower()
    if cleaned in Level.values:
        return Level(cleaned)
    return _LEVEL_WORDS.get(cleaned)


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(name=path.name, reason=_("it is neither in UTF-8 nor in GB18030"))


def _columns(header: list[str]) -> dict[str, int]:
    meant = {word: field for field, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for position, title in enumerate(header):
        field = meant.get(title.strip().lower())
        if field is not None:
            found.setdefault(field, position)
    return found


def _rows(reader: Iterator[list[str]], columns: dict[str, int], name: str) -> Iterator[PlaceRow]:
    try:
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                values = {field: cells[at].strip() for field, at in columns.items() if at < len(cells)}
                yield PlaceRow(number=number, **values)
    except csv.Error as error:
        raise FileUnreadable(name=name, reason=str(error)) from error
