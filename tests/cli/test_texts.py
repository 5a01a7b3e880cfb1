"""`yiting texts` on tables of every form: the JSON that scripts stand on, exit codes, and bad input in one line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tests.cli.tables_made import FORMS, read_csv, table
from yiting.cli.main import app
from yiting.cli.tables import memory
from yiting.needs.spreadsheets import open_table

COLUMNS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "点赞数")
LAMP = "仁和家园2号楼楼道灯坏了一个月，晚上看不见，老人上下楼很危险，物业一直没有来修理"
MIXER = "丽发新城小区旁边的搅拌站日夜施工，粉尘和噪音严重扰民，居民夜里无法入睡，希望尽快搬走"
ROWS = [
    ("a1", "甲", "楼道灯不亮", "2024-03-01 08:00", LAMP, "2"),
    ("a2", "乙", "楼道灯不亮", "2024/3/2 9:00", LAMP + "。", "0"),
    ("b1", "丙", "丽发新城搅拌站扰民", "2024年3月3日", MIXER, "5"),
    ("b2", "丁", "丽发新城旁搅拌站噪音", "2024-03-04", "丽发新城附近建了一个搅拌站，灰尘大，噪音大，扰民", "1"),
    ("c1", "戊", "咨询公积金", "2024-03-05", "请问住房公积金提取需要准备什么材料，在哪里办理", "0"),
    ("d1", "己", "", "2024-03-06", "", "0"),
    ("d2", "庚", "", "2024-03-06", "", "0"),
]


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["texts", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def messages(folder: pathlib.Path, form: str = "csv") -> pathlib.Path:
    return table(folder / f"messages.{form}", COLUMNS, ROWS)


@pytest.mark.parametrize("form", FORMS)
def test_groups_are_written_on_two_levels(tmp_path, form) -> None:
    out = tmp_path / "groups.csv"
    code, said, _ = run("groups", messages(tmp_path, form), "--out", out, "--json")
    header, *rows = read_csv(out)
    duplicate = {id_: group for id_, group, _ in rows}
    matter = {id_: group for id_, _, group in rows}
    counts = json.loads(said)
    assert code == 0
    assert header == ["id", "duplicate_group", "matter_group"]
    assert [row[0] for row in rows] == [row[0] for row in ROWS]
    assert duplicate["a1"] == duplicate["a2"]
    assert duplicate["b1"] != duplicate["b2"]
    assert matter["b1"] == matter["b2"] != matter["c1"]
    assert counts["messages"] == 7
    assert counts["duplicate_groups"] == len(set(duplicate.values()))
    assert counts["matter_groups"] == len(set(matter.values()))
    assert counts["bad"] == []


def test_empty_messages_are_kept_each_in_a_group_of_its_own(tmp_path) -> None:
    out = tmp_path / "groups.csv"
    run("groups", messages(tmp_path), "--out", out)
    rows = {row[0]: row[1:] for row in read_csv(out)}
    assert rows["d1"] != rows["d2"]


def test_groups_keep_their_names_when_messages_are_added(tmp_path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    run("groups", table(tmp_path / "a.csv", COLUMNS, ROWS), "--out", first)
    more = [("a0", "辛", "楼道灯不亮", "2024-03-07", LAMP, "0"), *ROWS]
    assert run("groups", table(tmp_path / "b.csv", COLUMNS, more), "--out", second, "--known", first)[0] == 0
    before, after = read_csv(first), read_csv(second)
    assert after[2:] == before[1:]
    assert after[1][1:] == before[1][1:]


@pytest.mark.parametrize("form", FORMS)
def test_similar_tells_which_and_why(tmp_path, form) -> None:
    code, said, _ = run("similar", messages(tmp_path, form), "小区旁边的搅拌站太吵", "-k", "1", "--json")
    (found,) = json.loads(said)
    assert code == 0
    assert list(found) == ["id", "score", "shared"]
    assert found["id"] in ("b1", "b2")
    assert 0 < found["score"] <= 1
    assert "搅拌站" in "".join(found["shared"])


@pytest.mark.parametrize("form", FORMS)
def test_hot_ranks_matters_and_writes_two_tables(tmp_path, form) -> None:
    out = tmp_path / "hot.xlsx"
    code, said, _ = run("hot", messages(tmp_path, form), "--out", out, "--json")
    first = json.loads(said)[0]
    assert code == 0
    assert list(first) == ["rank", "title", "request_ids", "people", "heat", "why"]
    assert (first["rank"], first["people"]) == (1, 2)
    assert sorted(first["request_ids"]) in (["a1", "a2"], ["b1", "b2"])
    assert first["why"]["people"] == 2
    with open_table(out, mapping={"matter": "external_id", "rank": ""}) as matters:
        assert matters.columns[:3] == ("rank", "matter", "title")
    run("hot", messages(tmp_path, form), "--out", tmp_path / "hot.csv")
    rows = read_csv(tmp_path / "hot-messages.csv")
    assert rows[0] == ["id", "matter", "rank", "time", "title", "text"]
    ranks = {row[0]: row[2] for row in rows[1:]}
    assert {id_ for id_, rank in ranks.items() if rank == "1"} == set(first["request_ids"])


def test_hot_is_seen_from_the_last_day_of_the_file_unless_told_otherwise(tmp_path) -> None:
    then = json.loads(run("hot", messages(tmp_path), "--json")[1])
    later = json.loads(run("hot", messages(tmp_path), "--json", "--at", "2026-01-01")[1])
    assert then[0]["why"]["recency"] > 0.9 > later[0]["why"]["recency"]
    assert run("hot", messages(tmp_path), "--at", "yesterday")[0] == 2


def labelled(folder: pathlib.Path, form: str = "csv") -> pathlib.Path:
    said = {
        "交通运输": ("公交车班次太少，等车要一个小时", "出租车拒载乱收费", "高速路口堵车严重", "客运站没有候车座位"),
        "环境保护": ("工厂夜里排放废气，味道刺鼻", "河水被污染发黑发臭", "搅拌站粉尘噪音扰民", "垃圾焚烧冒黑烟"),
    }
    rows = [(f"{text}，已经第{n}次反映", label) for label, texts in said.items() for text in texts for n in range(1, 8)]
    return table(folder / f"labelled.{form}", ("内容", "一级标签"), rows)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A model, trained once."""
    folder = tmp_path_factory.mktemp("learned")
    assert run("train", labelled(folder), "--out", folder / "model")[0] == 0
    return folder / "model"


@pytest.mark.parametrize("form", FORMS)
def test_what_was_learned_sorts_another_table(tmp_path, form) -> None:
    model, out = tmp_path / "model", tmp_path / "labels.csv"
    code, said, _ = run("train", labelled(tmp_path, form), "--label", "一级标签", "--out", model, "--json")
    assert code == 0
    assert 0.5 < json.loads(said)["macro_f1"] <= 1
    new = table(
        tmp_path / f"new.{form}", ("id", "text"), [("x", "公交车等了一个小时"), ("y", "工厂废气刺鼻"), ("z", "")]
    )
    code, said, _ = run("classify", model, new, "--out", out, "--json")
    header, *rows = read_csv(out)
    assert code == 0
    assert header == ["id", "label", "probability"]
    assert {row[0]: row[1] for row in rows[:2]} == {"x": "交通运输", "y": "环境保护"}
    assert all(0 <= float(row[2]) <= 1 for row in rows)
    assert json.loads(said)["messages"] == 3


def test_a_model_cut_short_or_of_something_else_is_refused(tmp_path, learned) -> None:
    model, out, new = tmp_path / "model", tmp_path / "labels.csv", messages(tmp_path)
    whole = learned.read_bytes()
    for data in (whole[: len(whole) // 2], b"", b"id,text\n1,a\n"):
        model.write_bytes(data)
        code, said, told = run("classify", model, new, "--out", out)
        assert (code, said) == (2, "")
        assert str(model) in told
    assert run("classify", tmp_path / "none", new, "--out", out)[0] == 2
    assert run("classify", tmp_path, new, "--out", out)[0] == 2
    assert not out.exists()


def test_labels_of_three_columns_are_the_levels_of_one(tmp_path) -> None:
    rows = [
        (f"{what}的问题，第{n}次反映", *path)
        for what, path in {"公交车": ("交通", "公交"), "路灯": ("城建", "照明"), "积水": ("城建", "排水")}.items()
        for n in range(8)
    ]
    file = table(tmp_path / "m.csv", ("text", "一级标签", "二级标签"), rows)
    code, *_ = run("train", file, "--label", "一级标签", "--label", "二级标签", "--out", tmp_path / "model")
    assert code == 0
    run("classify", tmp_path / "model", file, "--out", tmp_path / "labels.csv", "--id", "")
    labels = {row[1] for row in read_csv(tmp_path / "labels.csv")[1:]}
    assert "交通/公交" in labels
    # A label goes as far down as the model stays sure.
    assert labels <= {"交通/公交", "城建/照明", "城建/排水", "城建"}


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_checked_and_nobody_is_ranked(tmp_path, form) -> None:
    columns = ("留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
    reply = "我局3月3日派人查看，2号楼楼道灯线路老化，将于3月10日前更换，请拨打0471-12345678。"
    rows = [("1", "路灯", "2024-03-01", LAMP, reply, "2024-03-04"), ("2", "路灯", "2024-03-01", LAMP, "", "")]
    file, out = table(tmp_path / f"replies.{form}", columns, rows), tmp_path / "answers.csv"
    code, said, _ = run("answers", file, "--out", out, "--json")
    first, second = json.loads(said)
    assert code == 0
    assert (first["id"], first["kind"], first["days"]) == ("1", "answer", 3.0)
    assert (second["id"], second["kind"]) == ("2", "empty")
    assert 0 <= second["score"] < first["score"] <= 1
    assert [row[:2] for row in read_csv(out)[1:]] == [["1", "answer"], ["2", "empty"]]


def commands(file: object, folder: pathlib.Path) -> list[list[object]]:
    return [
        ["groups", file, "--out", folder / "o.csv"],
        ["similar", file, "路灯"],
        ["hot", file],
        ["answers", file],
        ["train", file, "--out", folder / "m"],
    ]


@pytest.mark.parametrize("command", range(5))
def test_what_cannot_be_read_ends_with_2_and_one_line(tmp_path, command) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "empty.csv").touch()
    (inputs / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    (inputs / "cut.xlsx").write_bytes(messages(tmp_path, "xlsx").read_bytes()[:-900])
    (inputs / "cut.parquet").write_bytes(messages(tmp_path, "parquet").read_bytes()[:-9])
    table(inputs / "other.csv", ("甲", "乙"), [("1", "2")])
    outputs = tmp_path / "out"
    outputs.mkdir()
    for file in [*inputs.iterdir(), inputs / "missing.csv", inputs]:
        code, said, told = run(*commands(file, outputs)[command])
        assert (code, said) == (2, "")
        assert len(told.strip().splitlines()) == 1, told
        assert file.name in told
    assert list(outputs.iterdir()) == []


@pytest.mark.parametrize("command", ["groups", "similar", "hot"])
def test_ids_given_twice_are_refused_with_both_rows(tmp_path, command) -> None:
    file = table(tmp_path / "m.csv", ("id", "text"), [("7", "甲"), ("8", "乙"), ("7", "丙")])
    words = {"groups": ["--out", tmp_path / "o.csv"], "similar": ["甲"], "hot": []}[command]
    code, _, told = run(command, file, *words)
    assert code == 2
    assert "rows 2 and 4" in told
    assert run(command, file, *words, "--id", "")[0] == 0


@pytest.mark.parametrize("out", ["o.txt", "none/o.csv", "", "messages.csv"])
def test_a_place_where_nothing_can_be_written_is_refused_before_any_work(tmp_path, out) -> None:
    file = messages(tmp_path)
    before = file.read_bytes()
    code, _, told = run("groups", file, "--out", tmp_path / out)
    assert code == 2
    assert len(told.strip().splitlines()) == 1
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("command", [0, 1, 2, 4])
def test_a_file_larger_than_memory_is_refused_with_what_to_do(tmp_path, monkeypatch, command) -> None:
    monkeypatch.setattr("yiting.cli.texts.reading.memory_free", lambda: 5_000)
    columns = (*COLUMNS, "一级标签")
    file = table(tmp_path / "m.csv", columns, [(*row, "城建") for row in ROWS])
    code, said, told = run(*commands(file, tmp_path)[command])
    assert (code, said) == (2, "")
    assert "GiB" in told
    assert memory.memory_free() != 5_000


def test_bad_rows_are_named_and_the_rest_is_done(tmp_path) -> None:
    file = table(tmp_path / "m.csv", COLUMNS, [*ROWS, ("e1", "壬", "灯", "昨天", "灯坏了", "0")])
    code, said, told = run("hot", file, "--json")
    assert code == 0
    assert "e1" not in said
    assert "row 9, 留言时间" in told


def test_no_site_no_database_and_no_folder_of_data_is_needed(tmp_path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "YITING_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": "x"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "yiting.cli", "texts", "similar", str(messages(tmp_path)), "搅拌站", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["id"] in ("b1", "b2")
    command[5] = str(tmp_path / "missing.csv")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().splitlines() == [
        "There is no readable file named missing.csv. Please check the name and the folder."
    ]
    assert not (tmp_path / "data").exists()
    assert list(home.iterdir()) == []


@pytest.mark.slow
def test_the_mixing_plant_is_the_hottest_matter_of_the_real_messages(tmp_path, shared_data) -> None:
    file = shared_data / "messages" / "messages.xlsx"
    code, said, _ = run("hot", file, "--out", tmp_path / "hot.xlsx", "--json")
    first = json.loads(said)[0]
    assert code == 0
    assert "搅拌站" in first["title"]
    assert first["people"] >= 20
    assert {"188809", "217700"} <= set(first["request_ids"])


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_a_row_gives_empty_results(tmp_path, form, learned) -> None:
    file = table(tmp_path / f"m.{form}", (*COLUMNS, "答复意见"), [])
    for out in (tmp_path / "o.csv", tmp_path / "o.xlsx", tmp_path / "o.parquet"):
        assert run("classify", learned, file, "--out", out)[0] == 0
        assert out.stat().st_size > 0
    for words in (["similar", file, "灯"], ["hot", file], ["answers", file]):
        code, said, _ = run(*words, "--json")
        assert (code, json.loads(said)) == (0, [])
    code, _, told = run("train", file, "--text", "留言详情", "--label", "留言主题", "--out", tmp_path / "none")
    assert code == 2
    assert "m." in told
