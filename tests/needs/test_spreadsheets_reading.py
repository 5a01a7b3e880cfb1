"""Any table that an office saves comes back cell by cell, whatever its encoding, delimiter or header."""

import csv
import datetime as dt
import io
import json
import pathlib
from collections.abc import Callable
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiting.needs.spreadsheets import ParsedRow, SheetRefused, mapping_read, open_table, parse_row
from yiting.needs.spreadsheets.columns import field_named
from yiting.needs.spreadsheets.errors import FileTooLarge, MappingWrong
from yiting.needs.spreadsheets.names import NAMES

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=ZONE)
# A cell of a workbook has no zone.
MOMENT = dt.datetime(2019, 2, 28, 11, 25, 5)  # noqa: DTZ001
HEADER = ["留言编号", "留言主题", "留言详情"]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]

Writer = Callable[..., pathlib.Path]


@pytest.fixture
def written(tmp_path: pathlib.Path) -> Writer:
    def write(rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",", name: str = "表.csv"):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter).writerows(rows)
        path = tmp_path / name
        path.write_bytes(buffer.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path: pathlib.Path) -> Callable[[list[list[object]]], pathlib.Path]:
    def write(rows: list[list[object]]) -> pathlib.Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        path = tmp_path / "表.xlsx"
        book.save(path)
        return path

    return write


# Text as people type it: any letter, emoji, line ends, quotation marks; no other control characters.
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\",;'=中文😀\u202e"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(words, words, words).filter(lambda row: any(cell.strip() for cell in row)), max_size=8),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_any_table_of_text_comes_back(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str, written: Writer
) -> None:
    path = written([HEADER, *map(list, rows)], encoding=encoding, delimiter=delimiter)
    with open_table(path) as table:
        read = [(row.cells["external_id"], row.cells["title"], row.cells["text"]) for row in table]
        assert table.row_count == len(rows)
    assert read == rows


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_is_told_apart_by_itself(encoding: str, written: Writer) -> None:
    path = written([HEADER, ["1", "油烟扰民", "楼下烧烤店每晚冒烟,我们很难受"]], encoding=encoding)
    assert [row.cells["text"] for row in open_table(path)] == ["楼下烧烤店每晚冒烟,我们很难受"]


def test_other_encodings_are_a_last_resort(written: Writer) -> None:
    text = "Le réverbère, là, est cassé; ça gêne la sécurité du quartier, très tôt déjà."
    path = written([["id", "title", "text"], *([str(n), "Réverbère", text] for n in range(9))], encoding="cp1252")
    assert [row.cells["text"] for row in open_table(path)] == [text] * 9


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_makes_sense_of_the_header(delimiter: str, written: Writer) -> None:
    path = written([HEADER, ["1", "a;b,c", "d\te,f;g"]], delimiter=delimiter, name="表.txt")
    (row,) = open_table(path)
    assert row.cells == {"external_id": "1", "title": "a;b,c", "text": "d\te,f;g"}


def test_a_damaged_byte_costs_its_row_only(tmp_path: pathlib.Path) -> None:
    good = "1,路灯不亮,三号楼前的路灯坏了很久没有人修\n"
    content = ("编号,标题,内容\n" + good * 3).encode() + b"4,\xe8\xb7," + "内容还在\n".encode() + good.encode()
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    parsed = [(row.number, parse_row(row, zone=ZONE, now=NOW)) for row in open_table(path)]
    assert [number for number, result in parsed if isinstance(result, list)] == [5]
    assert [problem.column for _n, result in parsed if isinstance(result, list) for problem in result] == ["标题"]


def test_zeros_in_text_are_taken_out(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes("标题,内容\n路灯\0不亮,三号楼前的路灯坏了很久没有人修\n".encode())
    (row,) = open_table(path)
    parsed = parse_row(row, zone=ZONE, now=NOW)
    assert isinstance(parsed, ParsedRow)
    assert parsed.title == "路灯不亮"


def test_long_cells_are_read_and_the_limit_is_put_back(written: Writer) -> None:
    before = csv.field_size_limit()
    path = written([HEADER, ["1", "长", "字" * 300_000], ["2", "短", "好"]])
    first, second = open_table(path)
    assert len(first.cells["text"]) == 300_000
    assert second.cells["text"] == "好"
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_a_spreadsheet_shows_them(line_end: str, tmp_path: pathlib.Path) -> None:
    lines = ["居民留言登记表,,", "", "编号,标题,内容", '1,一,"两行', '的内容"', "", ",,", "2,二,内容"]
    path = tmp_path / "表.csv"
    path.write_bytes(line_end.join(lines).encode())
    table = open_table(path)
    assert table.header_row == 3
    assert [(row.number, row.cells["external_id"]) for row in table] == [(4, "1"), (7, "2")]


def test_an_import_goes_on_after_the_row_where_it_stopped(written: Writer) -> None:
    path = written([HEADER, *([str(n), "题", "文"] for n in range(2, 12))])
    table = open_table(path)
    assert [row.number for row in table] == list(range(2, 12))
    assert [row.number for row in table.rows(after=8)] == [9, 10, 11]
    assert [row.number for row in table.rows(after=99)] == []


def test_a_workbook_gives_what_one_sees(workbook: Callable[[list[list[object]]], pathlib.Path]) -> None:
    path = workbook(
        [
            [],
            ["天骄街道 居民诉求"],
            ["工单号", "标题", "内容", "时间", "点赞", "备注"],
            [24, "=1+1", "他说\n“好”", MOMENT, 3, "x"],
            [],
            [12345678901, True, 1.5, dt.date(2019, 2, 28), None, None],
        ]
    )
    table = open_table(path)
    assert table.columns == ("工单号", "标题", "内容", "时间", "点赞", "备注")
    assert table.unknown == ("备注",)
    assert table.recognised == {
        "external_id": "工单号",
        "title": "标题",
        "text": "内容",
        "filed_at": "时间",
        "supports": "点赞",
    }
    first, second = table
    assert (first.number, second.number) == (4, 6)
    assert list(first.cells.values()) == ["24", "=1+1", "他说\n“好”", "2019-02-28 11:25:05", "3"]
    assert list(second.cells.values()) == ["12345678901", "TRUE", "1.5", "2019-02-28", ""]


def test_the_table_is_found_on_a_further_sheet_and_hidden_ones_are_left(tmp_path: pathlib.Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明", "请逐行填写"])
    hidden = book.create_sheet("选项")
    hidden.sheet_state = "hidden"
    hidden.append(["标题", "内容"])
    sheet = book.create_sheet("数据")
    sheet["C3"], sheet["D3"], sheet["C4"], sheet["D4"] = "标题", "内容", "路灯", "坏了"
    book.save(tmp_path / "b.xlsx")
    (row,) = open_table(tmp_path / "b.xlsx")
    assert (row.number, row.cells) == (4, {"title": "路灯", "text": "坏了"})


def test_a_header_alone_is_no_fault(written: Writer, workbook: Callable[[list[list[object]]], pathlib.Path]) -> None:
    for path in (written([HEADER]), workbook([list(HEADER)])):
        table = open_table(path)
        assert (table.row_count, list(table)) == (0, [])


def test_the_name_of_the_file_does_not_matter(
    written: Writer, workbook: Callable[[list[list[object]]], pathlib.Path]
) -> None:
    path = workbook([list(HEADER), [1, "题", "文"]])
    renamed = path.rename(path.with_name("表.xls"))
    assert len(list(open_table(renamed))) == 1
    assert len(list(open_table(written([HEADER, ["1", "题", "文"]], name="表.xlsx")))) == 1


def test_a_closed_table_gives_no_rows(written: Writer) -> None:
    with open_table(written([HEADER, ["1", "题", "文"]])) as table:
        pass
    with pytest.raises(ValueError, match="closed"):
        list(table)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("留言编号", "external_id"),
        (" 工单 编号 ", "external_id"),
        ("留言時間", "filed_at"),
        ("受理时间（必填）", "filed_at"),
        ("* 标题:", "title"),
        ("Created At", "filed_at"),
        ("ＴＥＸＴ", "text"),
        ("\ufeff内容", "text"),
        ("Up-Votes", "supports"),
        ("一级标签", "category"),
        ("答复意见", "reply"),
        ("村（社区）", "place"),
    ],
)
def test_names_are_known_in_the_ways_they_are_written(column: str, field: str) -> None:
    found = field_named(column)
    assert found is not None
    assert found[0] == field


def test_no_name_stands_for_two_fields() -> None:
    for field, names in NAMES.items():
        for name in names:
            found = field_named(name)
            assert found is not None
            assert found[0] == field, name


def test_the_surer_name_wins_a_field(written: Writer) -> None:
    path = written([["序号", "工单编号", "标题", "内容", "工单内容", "详情"], ["1", "A-7", "题", "短", "长", "细"]])
    table = open_table(path)
    assert table.recognised == {"external_id": "工单编号", "title": "标题", "text": "工单内容"}
    assert table.unknown == ("序号", "内容", "详情")


def test_a_mapping_names_the_rest(written: Writer) -> None:
    path = written([["甲", "乙", "标题"], ["1", "文", "题"]])
    table = open_table(path, mapping={"甲": "external_id", " 乙": "text", "标题": ""})
    assert [row.cells for row in table] == [{"external_id": "1", "text": "文"}]
    assert table.unknown == ("标题",)


@pytest.mark.parametrize("mapping", [{"甲": "wrong"}, {"甲": "text", "乙": "text"}, {"甲": "text", "没有": "title"}])
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: dict[str, str], written: Writer) -> None:
    with pytest.raises(MappingWrong):
        open_table(written([["甲", "乙"], ["1", "2"]]), mapping=mapping)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"问题说明": "text", "备注": ""}, ensure_ascii=False),
        "column,field\n问题说明,text\n备注,\n",
        "问题说明;text\r\n备注;\r\n",
        "问题说明\ttext\n\n备注\t",
    ],
)
def test_a_mapping_file_is_read(content: str, encoding: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mapping"
    path.write_bytes(content.encode(encoding))
    assert mapping_read(path) == {"问题说明": "text", "备注": ""}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        '{"a": 1}',
        "{}",
        "甲,wrong",
        "甲",
        "甲,text,更多",
        "甲,text\n乙,text",
        "column,field",
        "[" * 99999,
    ],
)
def test_a_mapping_file_that_says_nothing_usable_is_refused(content: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SheetRefused) as refusal:
        mapping_read(path)
    assert str(refusal.value.message)


def test_a_mapping_file_is_text_and_small(
    tmp_path: pathlib.Path, workbook: Callable[[list[list[object]]], pathlib.Path]
) -> None:
    with pytest.raises(MappingWrong):
        mapping_read(workbook([["甲", "text"]]))
    path = tmp_path / "mapping.csv"
    path.write_text("甲,text\n" * 300_000, encoding="utf-8")
    with pytest.raises(FileTooLarge):
        mapping_read(path)


@pytest.mark.parametrize(
    ("name", "rows", "fields"),
    [
        ("messages-sample.xlsx", 30, {"supports", "objections"}),
        ("messages.xlsx", 4326, {"supports", "objections"}),
        ("replies.xlsx", 2816, {"reply", "replied_at"}),
        ("labelled-sample.xlsx", 495, {"category"}),
        ("labelled-fulltext.csv", 1652, {"category"}),
    ],
)
def test_real_spreadsheets_are_read_without_a_problem(
    name: str, rows: int, fields: set[str], shared_data: pathlib.Path
) -> None:
    with open_table(shared_data / "messages" / name) as table:
        assert set(table.recognised) == {"external_id", "user", "title", "filed_at", "text"} | fields
        assert table.row_count == rows
        parsed = [parse_row(row, zone=ZONE, now=NOW) for row in table]
    assert [result for result in parsed if isinstance(result, list)] == []
    good = [result for result in parsed if isinstance(result, ParsedRow)]
    assert len(good) == rows
    assert all(row.external_id.isdigit() and row.filed_at and row.text and row.title for row in good)
    assert all("\t" not in row.text and row.text == row.text.strip() for row in good)
    if "reply" in fields:
        assert all(row.reply and row.replied_at for row in good)
