"""The command's face: one JSON document on standard output, and exit codes 0, 1 and 2."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from yiting.cli.main import app
from yiting.ledger.models import Entry
from yiting.needs.models import ServiceRequest

pytestmark = pytest.mark.django_db
HEADER = "留言编号,留言用户,留言主题,留言时间,留言详情\n"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout


def messages(folder) -> str:
    path = folder / "messages.csv"
    rows = [
        f"{i},用户{i},仁和家园楼道灯不亮,2024-03-0{i} 08:00,仁和家园2号楼楼道灯坏了一个月，晚上看不见"
        for i in range(1, 5)
    ]
    rows += ["9,用户9,坏的一行,2099-01-01,时间还没到"]
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return str(path)


def test_import_and_hotspots_speak_json(tmp_path) -> None:
    code, out = run("needs", "import", messages(tmp_path), "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["added"], found["known"]) == (4, 0)
    assert (found["bad"][0]["row"], found["bad"][0]["column"]) == (6, "留言时间")
    code, out = run("needs", "hotspots", "--json")
    first = json.loads(out)[0]
    assert code == 0
    assert (first["rank"], first["people"]) == (1, 4)
    assert sorted(first["request_ids"]) == ["1", "2", "3", "4"]
    assert first["heat"] > 0
    assert first["why"]["people"] == 4


@pytest.mark.parametrize("name", ["nothing-here.xlsx", "note.txt"])
def test_what_cannot_be_read_ends_with_2(tmp_path, name) -> None:
    (tmp_path / "note.txt").write_bytes(b"")
    assert run("needs", "import", str(tmp_path / name), "--json") == (2, "")


def test_an_unknown_place_ends_with_2(tmp_path) -> None:
    assert run("needs", "import", messages(tmp_path), "--place", "999999999999")[0] == 2


def test_verify_ends_with_1_and_names_the_entry(tmp_path) -> None:
    run("needs", "import", messages(tmp_path))
    code, out = run("ledger", "verify", "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    request = ServiceRequest.objects.order_by("pk")[1]
    ServiceRequest.objects.filter(pk=request.pk).update(title="改过")
    code, out = run("ledger", "verify", "--json")
    assert (code, json.loads(out)["first_bad"]) == (1, 1)
    Entry.objects.filter(index=0).update(role="somebody else")
    assert json.loads(run("ledger", "verify", "--json")[1])["first_bad"] == 0


def test_proofs_are_printed_and_a_wrong_index_ends_with_2(tmp_path) -> None:
    run("needs", "import", messages(tmp_path))
    code, out = run("ledger", "prove", "0")
    assert code == 0
    assert json.loads(out)["index"] == 0
    assert run("ledger", "prove", "999")[0] == 2
    assert run("ledger", "consistency", "1", "3")[0] == 0


def test_the_category_tree_can_be_replaced(tmp_path) -> None:
    assert run("needs", "categories")[0] == 0
    own = tmp_path / "own.csv"
    own.write_text("level1,level2,level3\n小区,照明,楼道灯\n", encoding="utf-8")
    assert run("needs", "categories", str(own))[0] == 0
    own.write_text("什么都不是\n", encoding="utf-8")
    assert run("needs", "categories", str(own))[0] == 2
