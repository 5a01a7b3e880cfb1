"""The mapping file, for columns whose names are not known."""

import json
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from .columns import mapping_check
from .delimited import DELIMITERS, DelimitedGrid, encoding_of
from .errors import FileTooLarge, MappingWrong, brief, said
from .kinds import MEGABYTE, Kind, kind_of
from .texts import line_clean

_MAX_BYTES: Final = MEGABYTE


def mapping_read(path: Path) -> dict[str, str]:
    """Column name to field, out of a JSON object or of CSV lines `column,field`; '' leaves a column aside."""
    if kind_of(path) is not Kind.TEXT:
        raise MappingWrong(problem=_("the file must be CSV with two columns, 'column,field', or JSON."))
    if path.stat().st_size > _MAX_BYTES:
        raise FileTooLarge(name=path.name, size=round(path.stat().st_size / MEGABYTE), limit=1)
    encoding = encoding_of(path)
    text = path.read_text(encoding=encoding.name, errors=encoding.errors).strip()
    mapping = _json_read(text) if text.startswith(("{", "[")) else _lines_read(path)
    if not mapping:
        raise MappingWrong(problem=_("the file names no column."))
    mapping_check(mapping)
    return mapping


def _json_read(text: str) -> dict[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MappingWrong(problem=_("the file is not valid JSON.")) from error
    if not isinstance(document, dict) or not all(isinstance(field, str) for field in document.values()):
        raise MappingWrong(problem=_('JSON must be one object, column to field: {"内容": "text"}.'))
    return {line_clean(column): line_clean(field) for column, field in document.items()}


def _lines_read(path: Path) -> dict[str, str]:
    encoding = encoding_of(path)
    mapping: dict[str, str] = {}
    for delimiter in DELIMITERS:
        rows = [(number, cells) for number, cells in DelimitedGrid(path, encoding, delimiter).rows() if any(cells)]
        if any(len(cells) > 1 for _number, cells in rows):
            break
    for number, cells in rows:
        pair = [line_clean(cell) for cell in cells]
        if [cell.casefold() for cell in pair[:2]] == ["column", "field"]:
            continue
        if len(pair) < 2 or not pair[0] or any(pair[2:]):
            raise MappingWrong(
                problem=said(
                    _("line %(row)s must be 'column,field', but is '%(line)s'."),
                    row=number,
                    line=brief(",".join(cells)),
                )
            )
        mapping[pair[0]] = pair[1]
    return mapping
