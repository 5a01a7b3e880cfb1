"""`yiting ballots`: its documents, exit codes and refusals; no database is asked."""

from __future__ import annotations

import json
import pathlib
import xml.etree.ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from yiting.cli import ballots as ballots_module
from yiting.cli.main import app
from yiting.methods.allocations import Cast, Project, election_of, pb_write

TEXT = """META
key;value
budget;120
vote_type;approval
max_length;1
PROJECTS
project_id;cost;name
亭;60;议事亭
路;60;修路
灯;40;路灯
VOTES
voter_id;vote;estate
1;亭,路;仁和家园
2;亭,路;仁和家园
3;亭,路;仁和家园
4;灯;康城
5;灯;康城
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["ballots", *words])


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "street.pb"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_an_election_is_one_json_document(file: pathlib.Path) -> None:
    done = run("elect", str(file), "--groups", "estate", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["winners"] == ["亭", "灯"]
    assert found["cost"] == 100
    assert found["ties"] == [{"projects": ["亭", "路"], "chosen": "亭"}]
    won, second, lost = found["explanation"]
    assert won == {"project_id": "亭", "won": True, "paid": [{"group": "仁和家园", "voters": 3, "amount": 60.0}]}
    assert second["paid"] == [{"group": "康城", "voters": 2, "amount": 40.0}]
    assert (lost["project_id"], lost["won"], lost["votes"]) == ("路", False, 3)
    assert found["groups"][0] == {
        "group": "仁和家园",
        "voters": 3,
        "winners_mean": 1.0,
        "cost_mean": 60.0,
        "none_won": 0,
    }
    assert "3 ballots name more projects than max_length allows, the first in line 13" in done.stderr


@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen", "max-welfare"])
def test_every_rule_is_told_in_words(file: pathlib.Path, rule: str) -> None:
    done = run("elect", str(file), "--rule", rule, "--groups", "estate")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "120" in done.stderr
    assert "Won: 亭  议事亭" in done.stderr
    assert "Lost: " in done.stderr


def test_a_loser_out_of_reach_is_told_so(file: pathlib.Path) -> None:
    text = TEXT.replace("cost;name", "cost;exclusive").replace("60;议事亭", "60;亭").replace("60;修路", "60;亭")
    file.write_text(text.replace("亭,路;", "亭;").replace("4;灯", "4;亭").replace("5;灯", "5;亭"), encoding="utf-8")
    told = run("elect", str(file), "--rule", "greedy").stderr
    assert "Lost: 路 (0 votes)" in told
    assert "Neither a lower cost nor twice as many ballots would have won." in told


def test_all_options_are_heard(file: pathlib.Path) -> None:
    found = json.loads(
        run(
            *("elect", str(file), "--satisfaction", "cardinality", "--completion", "add1-exhaustive"),
            *("--seed", "2027", "--losers", "0", "--json"),
        ).stdout
    )
    assert (found["satisfaction"], found["completion"]) == ("cardinality", "add1-exhaustive")
    assert all(row["won"] for row in found["explanation"])


def test_what_takes_long_is_left_until_asked_for(file: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiting.methods.allocations.explanation.WORK", 1)
    assert "ask with --losers" in run("elect", str(file)).stderr
    assert "Lost: " in run("elect", str(file), "--losers", "1").stderr


def test_rules_are_compared(file: pathlib.Path, tmp_path: pathlib.Path) -> None:
    picture = tmp_path / "compare.svg"
    done = run("compare", str(file), "--svg", str(picture), "--json")
    rows = json.loads(done.stdout)
    assert {row["rule"] for row in rows} == {"greedy", "equal-shares", "phragmen", "max-welfare"}
    drawn = ET.parse(picture).getroot()
    assert drawn.get("role") == "img"
    assert "议事亭" in picture.read_text("utf-8")
    told = run("compare", str(file)).stderr
    assert "Greedy, by cost: 2 projects for 120." in told
    assert "2 of 5 voters named none of them." in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("budget;120", "budget;none", "street.pb: META, field budget: 'none' is no number"),
        ("5;灯", "5;井", "street.pb: line 17, field vote: '井' is no project"),
        ("5;灯", "4;灯", "street.pb: line 17, field voter_id: 4 voted already"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(file: pathlib.Path, old: str, new: str, told: str) -> None:
    file.write_text(TEXT.replace(old, new).replace("max_length;1\n", "description;x\n"), encoding="utf-8")
    for command in ("elect", "compare"):
        done = run(command, str(file), "--json")
        assert (done.exit_code, done.stdout) == (2, "")
        assert told in done.stderr
        assert done.stderr.count("\n") == 1


def test_what_a_rule_does_not_do_is_refused(file: pathlib.Path) -> None:
    assert run("elect", str(file), "--rule", "greedy", "--completion", "add1").exit_code == 2
    assert run("elect", str(file), "--groups", "district").exit_code == 2


def test_files_that_cannot_be_read_are_refused(
    file: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("elect", str(tmp_path / "none.pb")).exit_code == 2
    assert run("compare", str(file), "--svg", str(tmp_path / "no" / "folder.svg")).exit_code == 2
    (tmp_path / "latin.pb").write_bytes(TEXT.encode("gb18030"))
    assert "is not UTF-8" in run("elect", str(tmp_path / "latin.pb")).stderr
    monkeypatch.setattr(ballots_module, "MOST_BYTES", 10)
    assert "more than 10" in run("elect", str(file)).stderr


def test_ties_go_by_the_order_of_a_file_that_says_so(tmp_path: pathlib.Path) -> None:
    projects = [Project(str(at), 5) for at in (2, 10, 1)]
    election = election_of(projects, [Cast(("2", "10", "1"))], budget=5)
    meta = dict.fromkeys(("description", "country", "unit", "instance", "rule", "currency"), "x")
    meta |= {"date_begin": "2024", "date_end": "2024"}
    for more, winner in (({}, "1"), ({"ties": "listed"}, "2")):
        written = tmp_path / "round.pb"
        written.write_text(pb_write(election, meta=meta | more), encoding="utf-8")
        done = run("elect", str(written), "--rule", "greedy", "--json")
        assert json.loads(done.stdout)["winners"] == [winner]
