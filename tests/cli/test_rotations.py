"""`yiting rotations plan`: its documents, exit codes and refusals; no database is asked."""

from __future__ import annotations

import json
import os
import pathlib

import pytest
from typer.testing import CliRunner, Result

from yiting.cli.main import app

PROBLEM = {
    "units": [
        {"id": "甲", "weight": 1, "unavailable": [["2027-02-01", "2027-03-01"]]},
        {"id": "乙", "weight": 1, "unavailable": []},
        {"id": "丙", "weight": 1, "unavailable": []},
    ],
    "activities": [
        {"id": f"a{month:02}", "date": f"2027-{month:02}-15", "kind": "学" if month % 2 else "办"}
        for month in range(1, 13)
    ],
    "history": [{"unit": "甲", "date": "2026-12-15"}],
}


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["rotations", "plan", *words])


def written(folder: pathlib.Path, value: object) -> str:
    path = folder / "rotation.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_plan_is_one_json_document(tmp_path: pathlib.Path) -> None:
    done = run(written(tmp_path, PROBLEM), "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert [pair["activity"] for pair in found["assignments"]] == [a["id"] for a in PROBLEM["activities"]]
    assert {pair["unit"] for pair in found["assignments"]} == {"甲", "乙", "丙"}
    assert (found["optimal"], found["spread"], found["clashes"]) == (True, 1, [])
    assert found["assignments"][0]["unit"] != "甲"


def test_without_an_option_the_plan_is_told_and_standard_output_stays_empty(tmp_path: pathlib.Path) -> None:
    done = run(written(tmp_path, PROBLEM))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2027-01-15  a01" in done.stderr
    assert "proven best" in done.stderr


def test_a_calendar_has_the_stamp_given_or_that_of_the_file(tmp_path: pathlib.Path) -> None:
    path = written(tmp_path, PROBLEM)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    done = run(path, "--ics")
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"BEGIN:VCALENDAR\r\n")
    assert done.stdout_bytes.count(b"BEGIN:VEVENT\r\n") == 12
    assert b"DTSTAMP:20270115T080000Z\r\n" in done.stdout_bytes
    assert b"DTSTAMP:20270101T000000Z\r\n" in run(path, "--ics", "--stamp", "2027-01-01T00:00:00Z").stdout_bytes


def test_clashing_wishes_end_with_1_and_are_named(tmp_path: pathlib.Path) -> None:
    away = [["2027-05-15", "2027-05-15"]]
    path = written(tmp_path, PROBLEM | {"units": [{"id": name, "unavailable": away} for name in "甲乙"]})
    done = run(path, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (found["assignments"], found["optimal"]) == ([], False)
    assert found["clashes"][0]["activities"] == ["a05"]
    assert [wish["unit"] for wish in found["clashes"][0]["wishes"]] == ["乙", "甲"]
    told = run(path, "--ics")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "Clash: no host for a05 (2027-05-15) while 乙 is unavailable on 2027-05-15" in told.stderr


def test_a_field_that_is_not_known_is_mentioned(tmp_path: pathlib.Path) -> None:
    done = run(written(tmp_path, PROBLEM | {"histroy": []}), "--json")
    assert done.exit_code == 0
    assert "histroy is not known" in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1"),
        ('{"units": [}', "line 1, column 12"),
        ("[" * 100_000, "nests too deeply"),
        ('{"units": [], "units": []}', 'has "units" twice'),
        ('{"units": [{"id": "A", "weight": NaN}], "activities": []}', "units[0].weight"),
        ('{"units": [{"id": "A", "weight": 1e999999999}], "activities": []}', "units[0].weight"),
        ('{"units": [{"id": "A"}], "activities": [{"id": "a", "date": "soon"}]}', "activities[0].date"),
        ('{"units": [{"id": ' + "9" * 5_000 + '}], "activities": []}', "mend the JSON"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(tmp_path: pathlib.Path, text: str, words: str) -> None:
    done = run(written(tmp_path, text), "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "rotation.json" in done.stderr


def test_what_is_no_text_or_not_there_or_too_large_ends_with_2(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rotation.json"
    assert "cannot be read" in run(str(path), "--json").stderr
    assert run(str(tmp_path), "--json").exit_code == 2
    path.write_bytes("甲".encode("gb18030"))
    assert "not UTF-8 at byte 0" in run(str(path), "--json").stderr
    monkeypatch.setattr("yiting.cli.rotations.MOST_BYTES", 1)
    done = run(str(path), "--json")
    assert (done.exit_code, "has 2 bytes, more than 1" in done.stderr) == (2, True)


def test_two_kinds_of_output_at_once_are_refused(tmp_path: pathlib.Path) -> None:
    assert run(written(tmp_path, PROBLEM), "--json", "--ics").exit_code == 2


def test_a_byte_order_mark_does_no_harm(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "rotation.json"
    path.write_text(json.dumps(PROBLEM), encoding="utf-8-sig")
    assert run(str(path), "--json").exit_code == 0
