"""What someone who opens the demo relies on in the example messages that the project carries."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from yiting.methods.texts import DEFAULT_TREE

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = ROOT / "yiting" / "demo" / "data" / "example-messages.csv"
MATTERS = ROOT / "yiting" / "demo" / "data" / "example-matters.csv"

HEADER = [
    *("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "点赞数", "反对数"),
    *("小区", "楼栋", "渠道", "一级分类", "二级分类", "三级分类"),
]
BUILDINGS = {"仁和家园": 4, "安和苑": 6, "松林小区": 8}
SHADE = "仁和家园没处遮阴歇脚"
# the same trouble at two estates: words alike, places apart
TWINS = [
    ("仁和家园楼道灯不亮", "安和苑楼道灯不亮"),
    ("仁和家园暖气不热", "松林小区暖气不热"),
    ("仁和家园垃圾桶满了不清", "松林小区垃圾桶满了不清"),
    ("仁和家园健身器材坏了", "安和苑健身器材坏了"),
]

Row = dict[str, str]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def messages() -> list[Row]:
    return _read(MESSAGES)


@pytest.fixture(scope="module")
def matter_of() -> dict[str, str]:
    return {row["留言编号"]: row["matter"] for row in _read(MATTERS)}


@pytest.fixture(scope="module")
def matters(messages: list[Row], matter_of: dict[str, str]) -> dict[str, list[Row]]:
    """The messages of every named matter, single ones left out."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in messages:
        if matter_of[row["留言编号"]]:
            found[matter_of[row["留言编号"]]].append(row)
    return dict(found)


def _asked_on(row: Row) -> date:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["留言时间"]), row
    return datetime.fromisoformat(row["留言时间"]).date()


def _characters(text: str) -> set[str]:
    return set(re.findall(r"[\u4e00-\u9fff]", text))


def test_file_is_plain_utf8_with_the_columns_an_office_uses() -> None:
    raw = MESSAGES.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8").splitlines()[0].split(",") == HEADER


def test_there_are_enough_messages_and_each_has_its_answer_in_the_key(
    messages: list[Row], matter_of: dict[str, str]
) -> None:
    ids = [row["留言编号"] for row in messages]
    assert len(ids) >= 320
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(matter_of)


def test_every_field_has_its_shape(messages: list[Row]) -> None:
    for row in messages:
        assert re.fullmatch(r"M\d{4}", row["留言编号"]), row
        assert re.fullmatch(r"E\d{4}", row["留言用户"]), row
        assert row["留言主题"].strip() == row["留言主题"] != "", row
        assert 8 <= len(row["留言详情"]) <= 200, row
        assert min(int(row["点赞数"]), int(row["反对数"])) >= 0, row
    assert {row["渠道"] for row in messages} == {"电话", "手机网页", "入户", "纸条"}


def test_dates_stay_within_the_story_and_the_file_runs_forward(messages: list[Row]) -> None:
    days = [_asked_on(row) for row in messages]
    assert [row["留言时间"] for row in messages] == sorted(row["留言时间"] for row in messages)
    assert days[0] >= date(2023, 1, 1)
    assert days[-1] <= date(2024, 6, 30)


def test_places_are_estates_of_the_demo_and_buildings_that_stand_there(messages: list[Row]) -> None:
    for row in messages:
        standing = {f"{number}号楼" for number in range(1, BUILDINGS.get(row["小区"], 0) + 1)}
        assert row["小区"] in {"", *BUILDINGS}, row
        assert row["楼栋"] in {"", *standing}, row


def test_nobody_lives_in_two_places(messages: list[Row]) -> None:
    homes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in messages:
        if row["楼栋"]:
            homes[row["留言用户"]].add((row["小区"], row["楼栋"]))
    assert not {user: places for user, places in homes.items() if len(places) > 1}


def test_matters_are_many_and_each_is_said_in_several_ways(matters: dict[str, list[Row]]) -> None:
    wide = {name for name, rows in matters.items() if len({row["留言详情"] for row in rows}) >= 6}
    assert len(wide) >= 14
    assert wide == set(matters)
    for name, rows in matters.items():
        texts = {row["留言详情"] for row in rows}
        openings = Counter(text[:6] for text in texts)
        assert max(openings.values()) <= 2, (name, openings.most_common(1))


def test_wordings_of_a_matter_are_not_one_sentence_with_words_swapped(
    matters: dict[str, list[Row]],
) -> None:
    """Two people share the trouble, not the characters; one person may well repeat himself."""
    for name, rows in matters.items():
        for one, other in combinations(rows, 2):
            if one["留言用户"] == other["留言用户"] or one["留言详情"] == other["留言详情"]:
                continue
            a, b = _characters(one["留言详情"]), _characters(other["留言详情"])
            assert len(a & b) / len(a | b) < 0.5, (name, one["留言详情"], other["留言详情"])


def test_only_a_handful_of_messages_are_exact_repeats_and_never_across_matters(
    messages: list[Row], matter_of: dict[str, str]
) -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for row in messages:
        where[row["留言详情"]].append(matter_of[row["留言编号"]])
    repeated = [names for names in where.values() if len(names) > 1]
    assert 4 <= sum(len(names) - 1 for names in repeated) <= 8
    assert all(len(set(names)) == 1 and names[0] for names in repeated)


def test_the_wish_for_shade_is_heard_from_twenty_people_before_the_pavilion_stands(
    matters: dict[str, list[Row]],
) -> None:
    rows = matters[SHADE]
    assert len(rows) >= 24
    assert len({row["留言用户"] for row in rows}) >= 20
    assert {row["小区"] for row in rows} <= {"仁和家园", ""}
    assert max(_asked_on(row) for row in rows) < date(2024, 5, 11)
    biggest = max(matters, key=lambda name: len({row["留言用户"] for row in matters[name]}))
    assert biggest == SHADE


def test_nobody_speaks_of_the_pavilion_as_built_before_it_is(messages: list[Row]) -> None:
    built = re.compile(r"(亭子?[^，。]{0,4}|新亭子?)(盖好|修好|建好|建得|盖得)|亭子倒是给盖好")
    spoken = [row for row in messages if built.search(row["留言详情"])]
    assert len(spoken) >= 4
    assert all(_asked_on(row) >= date(2024, 5, 15) for row in spoken)


@pytest.mark.parametrize(("here", "there"), TWINS)
def test_a_matter_has_a_twin_at_another_estate(here: str, there: str, matters: dict[str, list[Row]]) -> None:
    places = [{row["小区"] for row in matters[name]} - {""} for name in (here, there)]
    assert len(places[0]) == len(places[1]) == 1
    assert places[0] != places[1]
    kinds = [{row["三级分类"] for row in matters[name]} - {""} for name in (here, there)]
    assert kinds[0] == kinds[1]


def test_one_caller_complains_twelve_times_of_one_matter(matters: dict[str, list[Row]]) -> None:
    calls = Counter((name, row["留言用户"]) for name, rows in matters.items() for row in rows)
    ((name, user), times), (_, next_most) = calls.most_common(2)
    assert times == 12
    assert next_most <= 3
    assert len({row["留言用户"] for row in matters[name]}) >= 2
    assert len({row["留言详情"] for row in matters[name] if row["留言用户"] == user}) == 12


def test_there_are_single_messages_of_many_kinds(messages: list[Row], matter_of: dict[str, str]) -> None:
    single = [row for row in messages if not matter_of[row["留言编号"]]]
    assert len(single) >= 50
    assert len({row["三级分类"] for row in single}) >= 30


def test_categories_stand_in_the_tree_and_some_are_left_for_a_suggestion(messages: list[Row]) -> None:
    tree = set(DEFAULT_TREE)
    given = [(row["一级分类"], row["二级分类"], row["三级分类"]) for row in messages]
    assert {path for path in given if any(path)} <= tree
    assert 20 <= sum(not any(path) for path in given) <= len(messages) // 4


def test_one_matter_has_one_category(matters: dict[str, list[Row]]) -> None:
    for name, rows in matters.items():
        assert len({(row["二级分类"], row["三级分类"]) for row in rows if row["三级分类"]}) == 1, name


def test_no_telephone_or_identity_number_stands_in_any_text(messages: list[Row]) -> None:
    digits = re.compile(r"[0-9０-９][0-9０-９\-\s]{5,}[0-9０-９Xx]")
    for row in messages:
        assert not digits.search(row["留言主题"] + " " + row["留言详情"]), row


def test_tree_has_517_trimmed_paths_each_once() -> None:
    rows = list(DEFAULT_TREE)
    assert len(rows) == len(set(rows)) == 517
    assert all(name and name == name.strip() for path in rows for name in path)


def test_tree_is_the_real_one(shared_data: Path) -> None:
    book = CalamineWorkbook.from_path(str(shared_data / "messages" / "categories.xlsx"))
    real = [tuple(str(cell).strip() for cell in row) for row in book.get_sheet_by_index(0).to_python()[1:]]
    assert set(DEFAULT_TREE) == set(real)
