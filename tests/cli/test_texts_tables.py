"""Tables on one's own disk: read in any usual writing, refused with one line, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest
from arro3.core import Array, DataType, RecordBatch
from arro3.io import read_parquet, write_parquet

from tests.cli.tables_made import FORMS, read_csv, table
from yiting.cli.tables import BadRows, Column, OutTable, Room, TableRefused, lines_of, memory, source_open, tables_write
from yiting.cli.tables.lines import unique
from yiting.needs.spreadsheets import SheetRefused, delimited

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
COLUMNS = ("留言编号", "留言主题", "留言时间", "留言详情", "点赞数")
ROWS = [
    ("1", "路灯", "2019/2/28 11:25:05", "路灯坏了，\n晚上看不见", "3"),
    ("2", "积水", "2019年3月1日", "门口积水", ""),
]
FIELDS = ("external_id", "title", "text", "filed_at", "supports")


def lines(path: pathlib.Path, bad: BadRows | None = None, **named: str):
    source = source_open(path, named)
    return list(lines_of(source, fields=FIELDS, bad=bad or BadRows(), now=NOW))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_come_out_of_every_form(tmp_path, form) -> None:
    first, second = lines(table(tmp_path / f"m.{form}", COLUMNS, ROWS))
    assert (first.id, first.title, first.text) == ("1", "路灯", "路灯坏了，\n晚上看不见")
    assert first.moments["filed_at"].isoformat() == "2019-02-28T11:25:05+08:00"
    assert (first.counts["supports"], second.counts["supports"]) == (3, 0)
    assert second.moments["filed_at"].date() == dt.date(2019, 3, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_any_usual_encoding(tmp_path, encoding) -> None:
    path = table(tmp_path / "m.csv", COLUMNS, ROWS, encoding)
    assert [line.title for line in lines(path)] == ["路灯", "积水"]


def test_a_table_is_known_by_its_bytes_and_not_by_its_name(tmp_path) -> None:
    path = table(tmp_path / "m.parquet", COLUMNS, ROWS).rename(tmp_path / "m.csv")
    assert len(lines(path)) == 2


def test_columns_are_named_by_the_user_where_their_names_tell_nothing(tmp_path) -> None:
    path = table(tmp_path / "m.csv", ("k", "甲", "乙"), [("a", "路灯", "坏了")])
    (line,) = lines(path, text="乙", title="甲", external_id="k")
    assert (line.id, line.title, line.text, line.whole) == ("a", "路灯", "坏了", "路灯\n坏了")


@pytest.mark.parametrize("form", FORMS)
def test_a_column_that_is_not_there_is_answered_with_those_that_are(tmp_path, form) -> None:
    path = table(tmp_path / f"m.{form}", COLUMNS, ROWS)
    with pytest.raises(TableRefused, match=rf"no column 内容 \(--text\).* {', '.join(COLUMNS)}$"):
        source_open(path, {"text": "内容"})
    with pytest.raises(TableRefused, match=r"--text\. Its columns: a, b$"):
        source_open(table(tmp_path / f"n.{form}", ("a", "b"), [("1", "2")]), {})
    with pytest.raises(TableRefused, match=r"留言详情 is named with --text and --title"):
        source_open(path, {"text": "留言详情", "title": "留言详情"})


def test_bad_rows_are_named_and_the_good_ones_read(tmp_path) -> None:
    head = ",".join(COLUMNS)
    rows = [
        "1,灯,2099-01-01,还没到,0",
        "2,灯,昨天,读不出,0",
        "3,灯,2020-01-01,有逗号,0,多的",
        "4,灯,,好的,一百",
        "5,灯,,好的,2",
    ]
    path = tmp_path / "m.csv"
    path.write_bytes("\n".join([head, *rows]).encode() + b"\n6,x,,\xff\xff,1\n")
    bad = BadRows()
    assert [line.id for line in lines(path, bad)] == ["5"]
    assert [(row["row"], row["column"]) for row in bad.kept] == [
        (2, "留言时间"),
        (3, "留言时间"),
        (4, "留言编号"),
        (5, "点赞数"),
        (7, "留言详情"),
    ]
    assert bad.count == 5


def test_rows_without_an_id_are_called_after_their_number(tmp_path) -> None:
    path = table(tmp_path / "m.csv", ("id", "text"), [("3", "甲"), ("", "乙"), ("row", "")])
    assert [line.id for line in lines(path)] == ["3", "row 3", "row"]
    assert [line.id for line in lines(table(tmp_path / "n.csv", ("text", "x"), [("甲", ""), ("乙", "")]))] == ["2", "3"]


def test_an_id_given_twice_is_refused_with_both_rows(tmp_path) -> None:
    path = table(tmp_path / "m.csv", ("id", "text"), [("7", "甲"), ("8", "乙"), ("7", "丙")])
    with pytest.raises(TableRefused, match=r"m\.csv: rows 2 and 4 both have the id 7\."):
        list(unique(iter(lines(path)), "m.csv"))


def test_any_number_of_rows_is_taken_from_text(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(delimited, "MAX_ROWS", 20)
    path = table(tmp_path / "m.csv", ("id", "text"), [(str(n), "灯") for n in range(50)])
    assert len(lines(path)) == 50


def test_parquet_of_many_types_is_read_as_one_sees_it(tmp_path) -> None:
    moment = dt.datetime(2020, 5, 4, 3, 2, 1, tzinfo=dt.UTC)
    batch = RecordBatch.from_pydict(
        {
            "id": Array([17, 18], DataType.int64()),
            "text": Array(["灯", None], DataType.large_string()),
            "time": Array([int(moment.timestamp()), None], DataType.int64()).cast(DataType.timestamp("s", tz="UTC")),
            "likes": Array([2, None], DataType.float64()),
            "title": Array(["好".encode(), b"\xff"], DataType.binary()),
        }
    )
    write_parquet(batch, str(tmp_path / "m.parquet"))
    bad = BadRows()
    (line,) = lines(tmp_path / "m.parquet", bad)
    assert (line.id, line.title, line.text, line.counts["supports"]) == ("17", "好", "灯", 2)
    assert line.moments["filed_at"] == moment
    assert bad.kept[0]["row"] == 2


@pytest.mark.parametrize("cut", [0, 4, 11, 300])
def test_parquet_that_is_cut_short_is_refused(tmp_path, cut) -> None:
    path = table(tmp_path / "m.parquet", COLUMNS, ROWS)
    path.write_bytes(path.read_bytes()[:cut] if cut < 300 else path.read_bytes()[:-cut])
    with pytest.raises((TableRefused, SheetRefused), match=r"m\.parquet"):
        source_open(path, {})


def test_parquet_with_damage_in_the_middle_is_refused_before_any_work(tmp_path) -> None:
    path = table(tmp_path / "m.parquet", COLUMNS, ROWS)
    data = bytearray(path.read_bytes())
    data[4:60] = b"\xff" * 56
    path.write_bytes(data)
    with pytest.raises(TableRefused, match="damaged"):
        source_open(path, {})


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_can_be_read_and_does_nothing_when_opened(tmp_path, form) -> None:
    columns = (Column("id"), Column("text"), Column("n", "count"), Column("p", "number"))
    rows = [("1", "=1+1", 3, 0.5), ("2", "灯", None, None)]
    (out,) = tables_write(tmp_path / f"o.{form}", [OutTable("t", columns, rows)])
    texts = [line.text for line in lines(out)]
    # Parquet knows no formulas, so nothing needs to be done about them.
    assert texts == (["=1+1", "灯"] if form == "parquet" else ["'=1+1", "灯"])
    if form == "parquet":
        batch = read_parquet(str(out)).read_all()
        assert batch["n"].to_pylist() == [3, None]
        assert batch["p"].to_pylist() == [0.5, None]


def test_two_tables_are_two_files_where_a_file_holds_one(tmp_path) -> None:
    tables = [OutTable("one", (Column("id"),), [("1",)]), OutTable("two", (Column("id"),), [("2",)])]
    assert [path.name for path in tables_write(tmp_path / "o.csv", tables)] == ["o.csv", "o-two.csv"]
    assert read_csv(tmp_path / "o-two.csv") == [["id"], ["2"]]
    assert [path.name for path in tables_write(tmp_path / "o.xlsx", tables)] == ["o.xlsx"]


@pytest.mark.parametrize("form", FORMS)
def test_work_that_stops_leaves_no_half_file_and_keeps_the_old_one(tmp_path, form) -> None:
    def rows():
        yield ("1",)
        raise TableRefused("stopped")

    out = tmp_path / f"o.{form}"
    out.write_text("before")
    with pytest.raises(TableRefused, match="stopped"):
        tables_write(out, [OutTable("t", (Column("id"),), rows())])
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_text() == "before"


def test_what_does_not_fit_into_memory_is_refused_with_figures() -> None:
    room = Room(work="grouping", per_row=1_000, per_character=10, remedy="Split the file.")
    room.check("m.csv", 1_000, 500_000, free=10_000_000)
    with pytest.raises(TableRefused, match=r"m\.csv has about 1,000,000 rows; grouping them needs about .*Split"):
        room.check("m.csv", 1_000_000, 500_000, free=10_000_000)
    room.check("m.csv", 1_000_000_000, 1, free=None)


def test_free_memory_is_known_here() -> None:
    free = memory.memory_free()
    assert free is None or free > 10_000_000
