"""What cannot be taken is refused at once, by its own name, with a remedy, and at no cost of memory."""

import datetime as dt
import io
import pathlib
import random
import resource
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiting.needs.spreadsheets import (
    MAX_FILE_BYTES,
    SheetRefused,
    cellscan,
    delimited,
    open_table,
    parse_row,
    unpacking,
)
from yiting.needs.spreadsheets.errors import (
    ColumnsMissing,
    FileBroken,
    FileEmpty,
    FileNotThere,
    FileSwells,
    FileTooLarge,
    GridTooLarge,
    NoSheet,
    NotASpreadsheet,
    NotText,
    OldWorkbook,
    PasswordProtected,
    QuoteNeverClosed,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 6, 1, tzinfo=ZONE)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c></row>'

File = Callable[[str, bytes], pathlib.Path]


@pytest.fixture(autouse=True)
def read_in_english() -> Iterator[None]:
    """What is asserted are the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path: pathlib.Path) -> File:
    def write(name: str, content: bytes) -> pathlib.Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def book_bytes() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["编号", "标题", "内容"])
    book.active.append([1, "路灯不亮", "三号楼前的路灯坏了"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(**parts: bytes | None) -> bytes:
    """A sound workbook with parts put in, or taken out where None; `__` in a name stands for a slash."""
    changed = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_bytes())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def with_sheet(rows: str, before: str = "") -> bytes:
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return with_parts(xl__worksheets__sheet1_dot_xml=sheet.encode())


def squeezed_otherwise() -> bytes:
    """A workbook packed in a way that no spreadsheet program uses."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return buffer.getvalue()


def refusal_of(path: pathlib.Path) -> SheetRefused | None:
    """Reads all of a file; its refusal if it is refused, with a message in words."""
    try:
        for row in open_table(path):
            parse_row(row, zone=ZONE, now=NOW)
    except SheetRefused as refusal:
        return refusal if str(refusal.message) else None
    return None


@pytest.mark.parametrize(
    ("name", "content", "refusal", "told"),
    [
        ("a.csv", b"", FileEmpty, "a.csv"),
        ("a.xlsx", b"", FileEmpty, "a.xlsx"),
        ("a.csv", b" \r\n\t\r\n,,,\r\n", FileEmpty, "a.csv"),
        ("a.csv", b"\xef\xbb\xbf", FileEmpty, "a.csv"),
        ("a.xlsx", OLE + b"\0" * 2000 + "Workbook".encode("utf-16-le"), OldWorkbook, ".xlsx"),
        ("a.csv", OLE + b"\0" * 2000, OldWorkbook, ".csv"),
        (
            "a.xlsx",
            OLE + b"\0" * 2**21 + "EncryptedPackage".encode("utf-16-le"),
            PasswordProtected,
            "password",
        ),
        ("a.xlsx", b"%PDF-1.7\n", NotASpreadsheet, "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", NotASpreadsheet, "picture"),
        ("a.xls", b"<html><body><table><tr><td>1", NotASpreadsheet, "web page"),
        ("a.xls", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', NotASpreadsheet, "web page"),
        (
            "a.xlsx",
            with_parts(word__document_dot_xml=b"<a/>", xl__workbook_dot_xml=None),
            NotASpreadsheet,
            "text doc",
        ),
        (
            "a.xlsx",
            with_parts(content_dot_xml=b"<a/>", xl__workbook_dot_xml=None),
            NotASpreadsheet,
            "OpenDocument",
        ),
        ("a.xlsx", with_parts(xl__workbook_dot_bin=b"", xl__workbook_dot_xml=None), NotASpreadsheet, "xlsb"),
        ("a.xlsx", with_parts(xl__workbook_dot_xml=None), NotASpreadsheet, "archive"),
        ("a.xlsx", book_bytes()[:-200], FileBroken, "damaged"),
        ("a.xlsx", b"PK\x03\x04" + b"0" * 500, FileBroken, "damaged"),
        ("a.xlsx", with_parts(xl__workbook_dot_xml=b"<workbook><sheets/></workbook>"), NoSheet, "sheet"),
        ("a.xlsx", with_parts(xl___rels__workbook_dot_xml_dot_rels=None), FileBroken, "damaged"),
        ("a.xlsx", with_parts(xl__worksheets__sheet1_dot_xml=b"<worksheet>"), FileBroken, "damaged"),
        ("a.xlsx", with_sheet(ROW, '<!DOCTYPE a [<!ENTITY b "c">]>'), FileBroken, "damaged"),
        ("a.xlsx", with_sheet('<row r="1"><c r="A1" t="s"><v>999</v></c></row>'), FileBroken, "damaged"),
        ("a.xlsx", with_sheet('<row r="1"><c r="A1" t="s"><v>x</v></c></row>'), FileBroken, "damaged"),
        ("a.xlsx", with_sheet('<row r="x"><c r="A1"><v>1</v></c></row>'), FileBroken, "damaged"),
        ("a.xlsx", with_sheet('<row r="1"><c r="$A$1"><v>1</v></c></row>'), FileBroken, "damaged"),
        ("a.xlsx", with_sheet('<row r="1"><c r="A1" t="??"><v>1</v></c></row>'), FileBroken, "Sheet"),
        ("a.xlsx", with_parts(xl__styles_dot_xml=b"<styleSheet></cellXfs>"), FileBroken, "the workbook"),
        ("a.xlsx", squeezed_otherwise(), FileBroken, "damaged"),
        ("a.xlsx", with_sheet(""), FileEmpty, "empty"),
        ("a.csv", b"\n" * 20, ColumnsMissing, "first 10 rows"),
        ("a.csv", random.Random(7).randbytes(5000), NotText, "not readable"),
        ("a.csv", "编号,标题\n1,".encode() + bytes(range(1, 9)) * 20, NotText, "not readable"),
        ("a.csv", "甲,乙\n1,2\n".encode(), ColumnsMissing, "甲、乙"),
        ("a.csv", ("甲,乙\n" * 10 + "标题,内容\n").encode(), ColumnsMissing, "甲,text"),
        ("a.csv", '标题,内容\n1,2\n3,"没有完\n4,5\n'.encode(), QuoteNeverClosed, "row 3"),
        ("a.csv", ("标题,内容\n" + "," * 300_000).encode(), GridTooLarge, "row 2"),
        ("a.csv", ("标题,内容\n" + '"\n"' + (',"\n"' * 300_000)).encode(), GridTooLarge, "row 2"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None if isinstance(value, bytes) else str(value),
)
def test_each_bad_file_has_its_own_refusal(
    name: str, content: bytes, refusal: type[SheetRefused], told: str, file: File
) -> None:
    with pytest.raises(refusal) as raised:
        open_table(file(name, content))
    assert type(raised.value) is refusal
    assert told in str(raised.value.message)
    assert "%(" not in str(raised.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: pathlib.Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / ("long" * 1_000)):
        with pytest.raises(FileNotThere):
            open_table(path)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_two_hundred_megabytes_are_refused_by_their_size(name: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(FileTooLarge) as raised:
        open_table(path)
    assert "200 MB" in str(raised.value)
    assert f"{MAX_FILE_BYTES // 2**20} MB" in str(raised.value)


def memory_of(action: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refused_as_swelling(path: pathlib.Path) -> None:
    with pytest.raises(FileSwells):
        open_table(path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/picture.png"])
@pytest.mark.parametrize("lying", [False, True])
def test_a_zip_bomb_is_refused_before_it_unpacks(part: str, lying: bool, file: File) -> None:
    start = f'<worksheet xmlns="{MAIN}"><sheetData>' if "sheet1" in part else f'<sst xmlns="{MAIN}"><si><t>'
    size = 60 * 1024 * 1024
    content = with_parts(**{part.replace("/", "__").replace(".", "_dot_"): start.encode() + b" " * size})
    if lying:
        # Both places where a zip archive keeps the unpacked size now say 100 bytes.
        true, false = struct.pack("<I", size + len(start)), struct.pack("<I", 100)
        assert content.count(true) == 2
        content = content.replace(true, false)
    path = file("bomb.xlsx", content)
    used = memory_of(lambda: refused_as_swelling(path))
    assert used < 16 * 1024 * 1024


def test_many_parts_that_are_much_together_are_refused(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 1_000_000)
    noise = random.Random(7).randbytes(300_000)
    parts = {f"xl__media__{number}_dot_png": noise for number in range(4)}
    refused_as_swelling(file("a.xlsx", with_parts(**parts)))


def test_an_archive_of_thousands_of_parts_is_refused(file: File) -> None:
    parts = {f"xl__media__{number}_dot_png": b"" for number in range(3_000)}
    refused_as_swelling(file("a.xlsx", with_parts(**parts)))


def test_two_parts_of_one_name_are_refused(file: File) -> None:
    with pytest.raises(FileBroken):
        open_table(file("a.xlsx", with_parts(XL__WORKBOOK_dot_XML=b"<workbook/>")))


@pytest.mark.parametrize(
    "rows",
    [
        ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        ROW + '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD2"><f>1</f></c></row>',
        '<row r="1048576"><c t="inlineStr"><is><t>标题</t></is></c></row><row r="1">'
        + "<c><v>1</v></c>" * 20
        + "</row>",
    ],
)
def test_a_cell_far_away_is_refused_before_the_grid_is_made(rows: str, file: File) -> None:
    path = file("far.xlsx", with_sheet(rows))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(GridTooLarge) as raised:
        open_table(path)
    assert "1048576" in str(raised.value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_empty_cells_far_away_are_no_reason_to_refuse(file: File) -> None:
    path = file("far.xlsx", with_sheet(ROW + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    assert open_table(path).row_count == 0


def test_one_long_string_shown_a_thousand_times_is_refused(file: File) -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 200_000}</t></si></sst>'.encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 1_002))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{ROW}{cells}</sheetData></worksheet>'.encode()
    content = with_parts(xl__sharedStrings_dot_xml=strings, xl__worksheets__sheet1_dot_xml=sheet)
    with pytest.raises(GridTooLarge):
        open_table(file("a.xlsx", content))


def test_a_sheet_of_countless_empty_rows_is_refused(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cellscan, "MAX_ELEMENTS", 1_000)
    assert open_table(file("a.xlsx", with_sheet(ROW + "<row/>" * 900))).row_count == 0
    with pytest.raises(GridTooLarge):
        open_table(file("a.xlsx", with_sheet(ROW + "<row/>" * 1_000)))


def test_more_rows_than_a_spreadsheet_has_are_refused(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_ROWS", 20)
    assert open_table(file("a.csv", ("标题,内容\n" * 20).encode())).row_count == 19
    with pytest.raises(GridTooLarge):
        open_table(file("a.csv", ("标题,内容\n" * 21).encode()))


def test_an_error_in_a_cell_is_kept_as_what_one_sees(file: File) -> None:
    row = '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    (read,) = open_table(file("a.xlsx", with_sheet(ROW + row)))
    assert read.cells == {"title": "#DIV/0!"}


def test_a_workbook_with_all_sheets_hidden_is_refused(file: File) -> None:
    with zipfile.ZipFile(io.BytesIO(book_bytes())) as archive:
        book = archive.read("xl/workbook.xml").replace(b'state="visible"', b'state="hidden"')
    assert b"hidden" in book
    with pytest.raises(NoSheet):
        open_table(file("a.xlsx", with_parts(xl__workbook_dot_xml=book)))


def test_an_encrypted_part_is_told_as_a_password(file: File) -> None:
    content = bytearray(book_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    with pytest.raises(PasswordProtected):
        open_table(file("a.xlsx", bytes(content)))


def test_text_streams_and_is_never_held_whole(file: File) -> None:
    path = file("a.csv", ("编号,标题,内容\n" + f"1,路灯,{'坏' * 400}\n" * 10_000).encode())
    assert path.stat().st_size > 10_000_000
    assert memory_of(lambda: sum(1 for _row in open_table(path))) < 4_000_000


anything = st.binary(max_size=400) | st.text(max_size=200).map(str.encode)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(body=anything, start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", OLE, "编号,标题\n".encode()]))
def test_any_bytes_are_read_or_refused_in_words(body: bytes, start: bytes, file: File) -> None:
    path = file("a.csv", start + body)
    refusal = refusal_of(path)
    if start in (b"PK\x03\x04", OLE):
        assert refusal is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_workbook_with_any_byte_changed_is_read_or_refused_in_words(
    changes: list[tuple[int, int]], file: File
) -> None:
    content = bytearray(book_bytes())
    for place, value in changes:
        content[place % len(content)] = value
    refusal = refusal_of(file("a.xlsx", bytes(content)))
    assert refusal is None or "a.xlsx" in str(refusal.message) or isinstance(refusal, ColumnsMissing | GridTooLarge)
