"""A spreadsheet that we write does nothing when it is opened, and holds what it was given."""

import datetime as dt
import io
import pathlib
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.needs.spreadsheets import escape_cell, export, open_table, write_xlsx

ZONE = ZoneInfo("Asia/Shanghai")


def read(buffer: io.BytesIO) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "\u3000@"])
def test_what_a_spreadsheet_would_run_is_escaped(start: str) -> None:
    assert escape_cell(start + "1+1") == "'" + start + "1+1"


@pytest.mark.parametrize("value", ["", " ", "路灯", "1=1", "a@b", "'=1", "😀"])
def test_all_else_is_left_alone(value: str) -> None:
    assert escape_cell(value) == value


@given(st.text())
def test_nothing_escaped_begins_like_a_formula(value: str) -> None:
    escaped = escape_cell(value)
    assert not escaped.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert escaped.removeprefix("'") == value.removeprefix("'")


def test_values_keep_their_type_and_texts_never_run() -> None:
    buffer = io.BytesIO()
    moment = dt.datetime(2019, 2, 28, 11, 25, 5, tzinfo=ZONE)
    rows = [["=1+1", "https://例子.cn", "007", 3, 2.5, True, None, moment, moment.date()]]
    write_xlsx(buffer, {"需求": (["=编号", *"bcdefghi"], rows)})
    sheet = read(buffer)["需求"]
    assert [cell.value for cell in sheet[1]][:2] == ["'=编号", "b"]
    naive = moment.replace(tzinfo=None)
    day = naive.replace(hour=0, minute=0, second=0)
    assert [cell.value for cell in sheet[2]] == [
        "'=1+1",
        "https://例子.cn",
        "007",
        3,
        2.5,
        True,
        None,
        naive,
        day,
    ]
    assert {cell.data_type for cell in sheet[2]} == {"s", "n", "b", "d"}
    assert all(cell.hyperlink is None for cell in sheet[2])


def test_sheets_get_names_that_a_workbook_allows() -> None:
    buffer = io.BytesIO()
    names = ["a/b:c", "a\\b?c", "长" * 40, "长" * 41, "", "'"]
    write_xlsx(buffer, {name: (["h"], []) for name in names})
    assert read(buffer).sheetnames == [
        "a b c",
        "a b c (2)",
        "长" * 31,
        "长" * 27 + " (2)",
        "Sheet",
        "Sheet (2)",
    ]
    empty = io.BytesIO()
    write_xlsx(empty, {})
    assert len(read(empty).sheetnames) == 1


def test_rows_beyond_a_sheet_go_on_to_a_further_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_ROWS", 4)
    buffer = io.BytesIO()
    write_xlsx(buffer, {"表": (["n"], ([number] for number in range(7)))})
    book = read(buffer)
    values = [[cell.value for cell in sheet["A"]] for sheet in book]
    assert values == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    buffer = io.BytesIO()
    write_xlsx(buffer, {"表": (["t"], [["长" * 40_000], ["=" + "1" * 32_766]])})
    first, second = (cell.value for cell in read(buffer)["表"]["A"][1:])
    assert (len(first), first[-1]) == (32_767, "…")
    assert (len(second), second[:2], second[-1]) == (32_767, "'=", "…")


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).filter(lambda text: not text.isspace())


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(texts.filter(bool), texts), max_size=6))
def test_what_is_written_can_be_read_again(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: pathlib.Path = tmp_path_factory.mktemp("export") / "表.xlsx"
    write_xlsx(path, {"表": (["标题", "内容"], rows)})
    with open_table(path) as table:
        again = [(row.cells["title"], row.cells["text"]) for row in table]
    assert again == [(escape_cell(title), escape_cell(text)) for title, text in rows]
