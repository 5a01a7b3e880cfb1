"""The scripts that anybody can count again with come to the same winners, from the published files alone."""

from __future__ import annotations

import csv
import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.allocations import Cast, Election, Limit, Project, elect, election_of, pb_write
from yiting.methods.allocations.results import Completion, Rule

DOCS = Path(__file__).resolve().parents[2] / "docs"
META = {
    "description": "示例",
    "country": "China",
    "unit": "天骄街道",
    "instance": "2024",
    "rule": "equal_shares",
    "date_begin": "01.03.2024",
    "date_end": "31.03.2024",
    "currency": "CNY",
}


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECOUNT = script("recount_ballots")


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """A few projects, some of them alternatives or of a limited kind, and ballots with marks or with points."""
    costs = draw(st.lists(st.integers(1, 30), min_size=1, max_size=6))
    projects = [
        Project(
            str(at + 1),
            cost,
            exclusive=draw(st.sampled_from(("", "", "a"))),
            categories=draw(st.sampled_from(((), ("道路",), ("绿化",)))),
        )
        for at, cost in enumerate(costs)
    ]
    limits = [
        Limit(kind, most=draw(st.none() | st.integers(0, 2)), most_cost=draw(st.none() | st.integers(1, 30)))
        for kind in draw(st.lists(st.sampled_from(("道路", "绿化")), unique=True))
    ]
    kind = draw(st.sampled_from(("approval", "cumulative", "scoring")))
    casts = []
    for _each in range(draw(st.integers(0, 8))):
        choices = draw(st.lists(st.sampled_from([one.id for one in projects]), unique=True))
        points = [draw(st.integers(1, 5)) for _one in choices] if kind != "approval" else []
        casts.append(Cast(tuple(choices), points=tuple(points), group=draw(st.sampled_from(("", "仁和家园")))))
    return election_of(projects, casts, budget=draw(st.integers(1, 60)), kind=kind, limits=limits)


@settings(max_examples=150, deadline=None)
@given(
    election=elections(),
    way=st.sampled_from(
        [("greedy", "greedy", "none"), ("greedy_cost", "greedy", "none")]
        + [("equal_shares", "equal-shares", one) for one in ("none", "add1", "add1-exhaustive", "greedy")]
    ),
    by_cost=st.booleans(),
)
def test_a_recount_from_the_file_finds_the_same_winners(
    election: Election, way: tuple[str, Rule, Completion], by_cost: bool
) -> None:
    name, rule, completion = way
    plain = "cost" if by_cost else "cardinality"
    satisfaction = plain if election.kind == "approval" else "score"
    order = [one.id for one in election.projects]
    meta = META | {"rule": name, "satisfaction": satisfaction, "completion": completion.replace("-", "_")}
    written = pb_write(election, meta=meta)
    found = RECOUNT.recount(*RECOUNT.read_pb(csv.reader(io.StringIO(written), delimiter=";")))
    wanted = elect(election, rule=rule, satisfaction=satisfaction, completion=completion, order=order)
    assert found == list(wanted.winners)


def test_it_is_short_and_needs_nothing_else(tmp_path: Path) -> None:
    lines = (DOCS / "recount_ballots.py").read_text("utf-8").splitlines()
    assert len(lines) < 100
    assert {line.split()[1] for line in lines if line.startswith(("import ", "from "))} <= sys.stdlib_module_names
    election = election_of([Project("1", 5), Project("2", 3)], [Cast(("2",)), Cast(("1", "2"))], budget=6)
    file = tmp_path / "round.pb"
    file.write_text(pb_write(election, meta=META | {"satisfaction": "cost", "completion": "none"}), "utf-8")
    told = subprocess.run(
        [sys.executable, "-I", DOCS / "recount_ballots.py", file], capture_output=True, text=True, check=True
    )
    assert told.stdout == "2\n"


def test_a_rule_that_it_does_not_count_is_named() -> None:
    election = election_of([Project("1", 5)], [Cast(("1",))], budget=6)
    meta = META | {"rule": "phragmen", "satisfaction": "cost", "completion": "none"}
    with pytest.raises(SystemExit, match="does not count phragmen"):
        RECOUNT.recount(*RECOUNT.read_pb(csv.reader(io.StringIO(pb_write(election, meta=meta)), delimiter=";")))
