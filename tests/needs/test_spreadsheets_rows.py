"""A row becomes typed values, or problems that name the column and what was read; never an exception."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.needs.spreadsheets import FIELDS, CellProblem, ParsedRow, Row, parse_row
from yiting.needs.spreadsheets.rows import MAX_LINES, MAX_TEXT
from yiting.needs.spreadsheets.texts import title_from

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=ZONE)
COLUMNS = {"filed_at": "留言时间", "supports": "点赞数", "text": "留言详情", "title": "留言主题"}


def parsed(**cells: str) -> ParsedRow:
    result = parse_row(Row(7, {"text": "路灯坏了", **cells}, COLUMNS), zone=ZONE, now=NOW)
    assert isinstance(result, ParsedRow), result
    return result


def problems(**cells: str) -> list[CellProblem]:
    result = parse_row(Row(7, {"text": "路灯坏了", **cells}, COLUMNS), zone=ZONE, now=NOW)
    assert isinstance(result, list), result
    return result


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019/2/28 11:25:05", (2019, 2, 28, 11, 25, 5)),
        ("2019/2/28 9:05", (2019, 2, 28, 9, 5)),
        ("2019-02-28", (2019, 2, 28)),
        ("2019-02-28 11:25:05.123", (2019, 2, 28, 11, 25, 5)),
        ("2019年2月28日 11时25分", (2019, 2, 28, 11, 25)),
        ("2019年2月28日11时25分05秒", (2019, 2, 28, 11, 25, 5)),
        ("2019年2月28日 星期四 下午3点", (2019, 2, 28, 15)),
        ("2019年2月28日（周四）", (2019, 2, 28)),
        ("２０１９／２／２８　１１：２５", (2019, 2, 28, 11, 25)),
        ("2019.2.28", (2019, 2, 28)),
        ("20190228", (2019, 2, 28)),
        ("201902281125", (2019, 2, 28, 11, 25)),
        ("20190228112505", (2019, 2, 28, 11, 25, 5)),
        ("2019-02-28T11:25:05", (2019, 2, 28, 11, 25, 5)),
        ("2019-02-28T03:25:05Z", (2019, 2, 28, 11, 25, 5)),
        ("2019-02-28T11:25:05+08:00", (2019, 2, 28, 11, 25, 5)),
        ("2019-02-28 03:25:05 +0000", (2019, 2, 28, 11, 25, 5)),
        ("2019/2/28 上午 12:10", (2019, 2, 28, 0, 10)),
        ("2019/2/28 中午12:10", (2019, 2, 28, 12, 10)),
        ("2/28/2019 11:25:05 PM", (2019, 2, 28, 23, 25, 5)),
        ("28/02/2019", (2019, 2, 28)),
        ("02-28-2019", (2019, 2, 28)),
        ("3/3/2019", (2019, 3, 3)),
        ("2019/2/28 24:00", (2019, 3, 1)),
        ("20190228T112505", (2019, 2, 28, 11, 25, 5)),
        ("20190228T032505Z", (2019, 2, 28, 11, 25, 5)),
        ("43524", (2019, 2, 28)),
        ("43524.4757523148", (2019, 2, 28, 11, 25, 5)),
        ("1551324305", (2019, 2, 28, 11, 25, 5)),
        ("1551324305000", (2019, 2, 28, 11, 25, 5)),
        ("2026-06-01 12:00", (2026, 6, 1, 12)),
        ("1990-01-01", (1990, 1, 1)),
        ("2020-02-29", (2020, 2, 29)),
    ],
)
def test_a_moment_is_read_as_offices_write_it(written: str, meant: tuple[int, ...]) -> None:
    assert parsed(filed_at=written).filed_at == dt.datetime(*meant, tzinfo=ZONE)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1899-12-31", "1899-12-31"),
        ("1899-12-30 00:00:00", "1899-12-30"),
        ("1989/12/31", "1989-12-31"),
        ("12345", "1933-10-18"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01"),
        ("2099/1/1", "2099-01-01"),
        ("2026-06-01 12:01", "2026-06-01 12:01"),
        ("9999-12-31T23:59:59-12:00", "9999"),
        ("02/03/2019", "02/03/2019"),
        ("2019", "2019"),
        ("9" * 20, "999"),
        ("9999999", "9999999"),
        ("2019年2月", "2019年2月"),
        ("2019-02-30", "2019-02-30"),
        ("2019-02-28 25:00", "25:00"),
        ("2019/2/2811:25", "2811"),
        ("昨天", "昨天"),
        ("19/2/28", "19/2/28"),
        ("-43524", "-43524"),
        ("9" * 400, "999"),
        ("03:04:00", "03:04:00"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_what_was_read(written: str, told: str) -> None:
    (problem,) = problems(filed_at=written)
    assert problem.column == "留言时间"
    assert told in str(problem.reason)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("", 0),
        (" ", 0),
        ("0", 0),
        ("3", 3),
        ("3.0", 3),
        ("３", 3),
        ("1,234", 1234),
        ("2147483647", 2**31 - 1),
    ],
)
def test_counts_are_whole_numbers(written: str, count: int) -> None:
    assert parsed(supports=written).supports == count


@pytest.mark.parametrize("written", ["-1", "3.5", "三", "1e3", "inf", "nan", "2147483648", "9" * 5000, "=1+1", "1,2"])
def test_other_counts_are_problems(written: str) -> None:
    (problem,) = problems(supports=written)
    assert problem.column == "点赞数"
    assert written[:20] in str(problem.reason)


def test_text_is_cleaned_and_no_word_is_changed() -> None:
    raw = (
        "\n\t\t\t\n\t\u3000\u3000书记您好\x00，<b>灯</b>\u202e坏了👨\u200d👩\u200d👧 =1+1\r\n\n\n\n\t谢谢\u200b！\n\t\t"
    )
    assert parsed(text=raw).text == "书记您好，<b>灯</b>坏了👨\u200d👩\u200d👧 =1+1\n\n谢谢！"


def test_a_title_is_made_from_the_first_sentence_that_says_something() -> None:
    assert parsed(text="您好！小区里的路灯坏了三个月。没有人修。").title == "小区里的路灯坏了三个月。"
    assert parsed(text="修").title == "修"
    assert title_from("长" * 100) == "长" * 39 + "…"


def test_a_missing_text_is_the_title() -> None:
    assert parsed(text=" \n", title="路灯坏了").text == "路灯坏了"


@pytest.mark.parametrize("blank", ["", " \t\n", "\u200b\u202e\x00"])
def test_a_row_without_words_is_a_problem(blank: str) -> None:
    assert [problem.column for problem in problems(text=blank)] == ["留言详情"]


def test_lengths_have_a_limit_that_is_told() -> None:
    assert len(parsed(text="字" * MAX_TEXT).text) == MAX_TEXT
    (problem,) = problems(text="字" * 100_000)
    assert "100000" in str(problem.reason)
    assert "20000" in str(problem.reason)
    for field, limit in MAX_LINES.items():
        assert getattr(parsed(**{field: "字" * limit}), field) == "字" * limit
        assert len(problems(**{field: "字" * (limit + 1)})) == 1


def test_every_problem_of_a_row_is_told_at_once() -> None:
    assert [problem.column for problem in problems(filed_at="昨天", supports="-1", text="")] == [
        "留言详情",
        "留言时间",
        "点赞数",
    ]


def test_cells_beyond_the_header_are_a_problem() -> None:
    result = parse_row(Row(7, {"text": "一"}, COLUMNS, surplus=2), zone=ZONE, now=NOW)
    assert isinstance(result, list)
    assert "2" in str(result[0].reason)


@settings(deadline=None)
@given(
    cells=st.dictionaries(
        st.sampled_from(FIELDS),
        st.text(max_size=60)
        | st.text("0123456789.,-/:年月日时分TZ+ ", max_size=30)
        | st.from_regex(r"\A\d{1,5}[-/.]\d{1,3}[-/.]\d{1,4}([ T]\d{1,2}:\d{1,2})?([+-]\d{2}:?\d{2})?\Z")
        | st.floats().map(str)
        | st.datetimes().map(str),
    ),
    number=st.integers(1, 10**7),
    zone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]).map(ZoneInfo),
)
def test_no_cell_can_raise(cells: dict[str, str], number: int, zone: ZoneInfo) -> None:
    result = parse_row(Row(number, cells), zone=zone, now=NOW)
    if isinstance(result, list):
        assert result
        assert all(str(problem.reason) and problem.column in FIELDS for problem in result)
        return
    assert result.text
    assert result.title
    assert min(result.supports, result.objections) >= 0
    for moment in (result.filed_at, result.replied_at):
        assert moment is None or (moment.tzinfo is zone and moment.year >= 1990 and moment <= NOW)
    for field in FIELDS:
        value = getattr(result, field)
        assert not isinstance(value, str) or value.encode("utf-8").count(b"\0") == 0
