"""`yiting opinions analyse`: its document, its picture, exit codes and refusals; no database is asked."""

from __future__ import annotations

import json
import pathlib
import xml.etree.ElementTree as Xml

import pytest
from typer.testing import CliRunner, Result

from yiting.cli.main import app

STATEMENTS = 10


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["opinions", "analyse", *words])


@pytest.fixture
def votes(tmp_path: pathlib.Path) -> pathlib.Path:
    """Two camps of 12 people, apart on all but the first statement."""
    lines = ["participant," + ",".join(str(at) for at in range(STATEMENTS))]
    for person in range(24):
        side = 1 if person % 2 else -1
        lines.append(f"{person},1," + ",".join(str(side if at % 2 else -side) for at in range(1, STATEMENTS)))
    path = tmp_path / "participants-votes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("method", ["stable", "polis"])
def test_an_analysis_is_one_json_document(votes: pathlib.Path, method: str) -> None:
    done = run(str(votes), "--json", "--method", method)
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (found["participants"], found["statements"], found["method"]) == (24, STATEMENTS, method)
    assert [len(group["members"]) for group in found["groups"]] == [12, 12]
    assert {frozenset(group["members"]) for group in found["groups"]} == {
        frozenset(str(at) for at in range(first, 24, 2)) for first in (0, 1)
    }
    assert found["consensus"] == ["0"]
    assert "1" in found["divisive"]
    one = found["groups"][0]["representative"][0]
    assert {"statement_id", "agree", "z"} <= one.keys()


def test_how_firm_a_group_is_can_be_asked(votes: pathlib.Path) -> None:
    found = json.loads(run(str(votes), "--json", "--bootstraps", "3").stdout)
    assert [group["confidence"] for group in found["groups"]] == [1.0, 1.0]
    assert [group["confidence"] for group in json.loads(run(str(votes), "--json").stdout)["groups"]] == [None, None]
    assert "100% of it comes back" in run(str(votes), "--bootstraps", "2").stderr
    assert run(str(votes), "--bootstraps", "-1").exit_code == 2


def test_the_picture_is_svg_and_names_nobody(votes: pathlib.Path, tmp_path: pathlib.Path) -> None:
    out = tmp_path / "out.svg"
    assert run(str(votes), "--svg", str(out)).exit_code == 0
    drawn = Xml.fromstring(out.read_text("utf-8"))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 2
    assert run(str(votes), "--svg", str(out), "--least", "13").exit_code == 0
    assert len(Xml.fromstring(out.read_text("utf-8")).findall("{http://www.w3.org/2000/svg}circle")) == 1
    assert run(str(votes), "--svg", str(tmp_path / "nowhere" / "out.svg")).exit_code == 2


def test_without_an_option_the_groups_are_told(votes: pathlib.Path, tmp_path: pathlib.Path) -> None:
    comments = tmp_path / "comments.csv"
    comments.write_text("comment-id,comment-body\n0,Clear the fire lane\n", encoding="utf-8")
    done = run(str(votes), "--comments", str(comments))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "All agree: 0  Clear the fire lane" in done.stderr
    assert "Group 0, 12 people:" in done.stderr
    assert "Divides: 1" in done.stderr


def test_too_few_people_are_told_so(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("comment-id,voter-id,vote\n1,1,1\n", encoding="utf-8")
    done = run(str(path), "--json")
    assert done.exit_code == 0
    assert (json.loads(done.stdout)["groups"], json.loads(done.stdout)["reason"]) == ([], "too-few-people")
    assert "Too few people took part" in done.stderr
    assert "Too few people took part" in run(str(path)).stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"participant,0\n1,9\n", "participants-votes.csv: row 2, column 0: '9' is no vote"),
        (b"participant,0\n1,1\n1,1\n", "row 3, column participant: 1 stands already in row 2"),
        (b"who,0\n", "row 1: it has neither a column"),
        (b"participant,0\n\xff,1\n", "is not UTF-8 at byte 14"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(votes: pathlib.Path, content: bytes, told: str) -> None:
    votes.write_bytes(content)
    done = run(str(votes), "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_files_that_cannot_be_read_are_refused(votes: pathlib.Path, tmp_path: pathlib.Path) -> None:
    assert run(str(tmp_path / "none.csv")).exit_code == 2
    bad = tmp_path / "comments.csv"
    bad.write_text("comment-id,comment-body,moderated\n0,a,7\n", encoding="utf-8")
    done = run(str(votes), "--comments", str(bad))
    assert (done.exit_code, "comments.csv: row 2, column moderated" in done.stderr) == (2, True)


def test_a_file_that_is_far_too_large_is_refused(votes: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiting.cli.opinions.MOST_BYTES", 10)
    done = run(str(votes))
    assert (done.exit_code, "take a part of it" in done.stderr) == (2, True)
