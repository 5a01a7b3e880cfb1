"""Files of Pabulib: real ones are read, broken ones refused with line and field, and what is written is valid."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from fractions import Fraction

import pytest

from yiting.methods.allocations import (
    AllocationInvalid,
    Cast,
    Election,
    Limit,
    Project,
    elect,
    election_of,
    explained,
    pb_read,
    pb_write,
)
from yiting.methods.allocations.numerals import number_read, number_written

GOOD = """META
key;value
description;example
num_projects;2
num_votes;3
budget;100
vote_type;approval
min_length;1
max_length;2
PROJECTS
project_id;cost;name;category;target
1;60;"亭; 长廊";休闲,绿化;老人
2;40;路灯;none;
VOTES
voter_id;vote;estate
a;1,2;仁和家园
b;2;康城
c;1,2;仁和家园
"""
META = {
    "description": "民生实事",
    "country": "China",
    "unit": "天骄街道",
    "instance": "2027",
    "rule": "equalshares",
    "date_begin": "01.02.2027",
    "date_end": "2027",
    "currency": "CNY",
}


def test_a_file_is_read_and_equal_ballots_are_one() -> None:
    read = pb_read(GOOD, groups="estate")
    election = read.election
    assert (election.voters, election.distinct, election.budget, len(read.warnings)) == (3, 2, Fraction(100), 0)
    assert election.groups == ("仁和家园", "康城")
    assert election.projects[0] == Project("1", 60, name="亭; 长廊", categories=("休闲", "绿化"), targets=("老人",))
    assert (election.projects[1].categories, election.projects[1].targets) == ((), ())
    assert pb_read(GOOD).election.groups == ("",)
    assert read.meta["description"] == "example"


@pytest.mark.parametrize(
    "changed",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD.replace("\n", "\r\n").replace("META", "META;;"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("a;1,2;", 'a;"1,2";'),
        GOOD.replace("key;value\n", ""),
        GOOD.replace("a;1,2;", "a; 1 , 2 ;"),
        GOOD.removesuffix("\n"),
        GOOD.replace("budget;100", "budget;100.0"),
    ],
)
def test_what_programs_do_to_files_changes_nothing(changed: str) -> None:
    read, plain = pb_read(changed).election, pb_read(GOOD).election
    assert read.projects == plain.projects
    assert (read.budget, read.weights.tolist()) == (plain.budget, plain.weights.tolist())


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("META\n", "", "line 1"),
        ("PROJECTS\n", "", "the file"),
        ("VOTES\n", "", "the file"),
        ("PROJECTS\n", "META\nPROJECTS\n", "line 10"),
        ("META\n", "VOTES\n", "the file"),
        ("budget;100", "budget;viel", "META, field budget"),
        ("budget;100\n", "", "META, field budget"),
        ("budget;100", "budget;0", "META, field budget"),
        ("budget;100", "budget;1,5", "META, field budget"),
        ("budget;100", "budget;100\nbudget;200", "line 7, field budget"),
        ("budget;100", "budget", "line 6, field budget"),
        ("budget;100", "budget;100\nlimits;all", "META, field limits"),
        ("budget;100", "budget;100\nlimits;{}", "META, field limits"),
        ("budget;100", 'budget;100\nlimits;"[{""most"": 1}]"', "META, field limits"),
        ("budget;100", 'budget;100\nlimits;"[{""category"": ""道路"", ""few"": 1}]"', "META, field limits"),
        ("budget;100", 'budget;100\nlimits;"[{""category"": ""道路"", ""most"": ""1""}]"', "META, field limits, most"),
        (
            "budget;100",
            'budget;100\nlimits;"[{""category"": ""道路"", ""most_cost"": ""a""}]"',
            "META, field limits, most_cost",
        ),
        ("budget;100", 'budget;100\nlimits;"[{""category"": ""道路"", ""most"": 1, ""least"": 2}]"', "limit of 道路"),
        ("vote_type;approval", "vote_type;shouting", "META, field vote_type"),
        ("max_length;2", "max_length;two", "META, field max_length"),
        ("1;60", "1;0", "line 12, field cost"),
        ("1;60", "1;-60", "line 12, field cost"),
        ("1;60", "1;sixty", "line 12, field cost"),
        ("1;60", "1;6,0", "line 12, field cost"),
        ("1;60", ";60", "line 12, field project_id"),
        ("2;40", "1;40", "line 13, field project_id"),
        ('"亭; 长廊"', "亭; 长廊", "line 12"),
        ('"亭; 长廊"', '"亭; 长廊', "line 12"),
        ("project_id;cost", "project_id;price", "line 11"),
        ("cost;name", "cost;cost", "line 11"),
        ("voter_id;vote", "voter;vote", "line 15"),
        ("b;2;", "b;3;", "line 17, field vote"),
        ("b;2;", "b;2,2;", "line 17, field vote"),
        ("b;2;", "a;2;", "line 17, field voter_id"),
        ("b;2;", "b;2;x;", "line 17"),
        ('"亭; 长廊"', '"亭;\n长廊";x', "line 12"),
    ],
)
def test_broken_files_are_refused_with_the_place(old: str, new: str, place: str) -> None:
    assert old in GOOD
    with pytest.raises(AllocationInvalid) as refused:
        pb_read(GOOD.replace(old, new, 1))
    assert refused.value.place == place


def test_a_file_without_projects_or_groups_is_refused() -> None:
    lines = GOOD.split("\n")
    with pytest.raises(AllocationInvalid, match="names no project"):
        pb_read("\n".join(lines[:11] + lines[13:]))
    with pytest.raises(AllocationInvalid, match='no column "district"'):
        pb_read(GOOD, groups="district")
    meta, projects, votes = "\n".join(lines[:9]), "\n".join(lines[9:13]), "\n".join(lines[13:])
    with pytest.raises(AllocationInvalid, match="in this order"):
        pb_read("\n".join((meta.replace("META", "PROJECTS"), projects.replace("PROJECTS", "META"), votes)))
    with pytest.raises(AllocationInvalid, match="the file: it has no section META"):
        pb_read("")


@pytest.mark.parametrize(
    ("old", "new", "kind", "line", "ballots"),
    [
        ("max_length;2", "max_length;1", "max_length", 16, 2),
        ("min_length;1", "min_length;2", "min_length", 17, 1),
        ("max_length;2", "max_sum_cost;50", "max_sum_cost", 16, 2),
        ("num_votes;3", "num_votes;4", "num_votes", 0, 3),
        ("num_projects;2", "num_projects;7", "num_projects", 0, 2),
        ("b;2;", "b;;", "min_length", 17, 1),
    ],
)
def test_a_ballot_against_the_rules_of_its_election_is_read_and_told(
    old: str, new: str, kind: str, line: int, ballots: int
) -> None:
    read = pb_read(GOOD.replace(old, new, 1))
    assert [(one.kind, one.line, one.ballots) for one in read.warnings] == [(kind, line, ballots)]
    assert read.election.voters == 3


def test_points_are_read_with_their_rules() -> None:
    points = GOOD.replace("approval", "cumulative").replace("estate", "points").replace("max_length;2", "max_points;3")
    points = points.replace("仁和家园", "3,0.5").replace("康城", "4")
    read = pb_read(points)
    assert (read.election.scale, sorted(read.election.points.tolist())) == (2, [1, 6, 8])
    assert [(one.kind, one.line, one.ballots) for one in read.warnings] == [("max_points", 17, 1)]
    for wrong, told in (("a;1,2;3", "1 points"), ("a;1,2;3,x", "no number"), ("a;1,2;3,-1", "below 0")):
        with pytest.raises(AllocationInvalid, match="line 16, field points.*" + told):
            pb_read(points.replace("a;1,2;3,0.5", wrong))
    summed = points.replace("max_points;3", "max_sum_points;3\nmin_sum_points;5")
    assert {one.kind for one in pb_read(summed).warnings} == {"max_sum_points", "min_sum_points"}


def test_nobody_may_have_voted() -> None:
    election = pb_read(GOOD[: GOOD.index("a;1,2")].replace("num_votes;3", "num_votes;0")).election
    outcome = elect(election, rule="greedy")
    assert (election.voters, outcome.winners, explained(election, outcome).groups) == (0, ("1", "2"), ())


def test_bounds_of_points_say_nothing_of_ballots_without_points() -> None:
    assert pb_read(GOOD.replace("max_length;2", "max_sum_points;1")).warnings == ()


def test_one_may_be_chosen() -> None:
    with pytest.raises(AllocationInvalid, match=r"line 16, field vote.*choose one"):
        pb_read(GOOD.replace("approval", "choose-1"))


def written_ones() -> Iterator[Election]:
    projects = (
        Project("1", 60, name='亭; "长廊"\nVOTES', categories=("休闲", "绿化"), targets=("老人",), exclusive="x"),
        Project("2", Fraction(1, 3)),
        Project("3", Fraction(5, 4), exclusive="x"),
    )
    for kind in ("approval", "choose-1", "ordinal", "cumulative", "scoring"):
        one = kind == "choose-1"
        points = ((3, Fraction(1, 2)), (1,)) if kind in ("cumulative", "scoring") else ((), ())
        casts = (
            Cast(("2",) if one else ("2", "1"), points[0], "仁和家园", 2),
            Cast(("3",), points[1], "康城"),
            Cast(()),
        )
        yield election_of(projects, casts, budget=Fraction(201, 2), kind=kind)


@pytest.mark.parametrize("election", list(written_ones()), ids=lambda one: one.kind)
def test_what_is_written_is_read_as_the_same(election: Election) -> None:
    text = pb_write(election, meta=META)
    read = pb_read(text, groups="group")
    assert read.warnings == ()
    assert (read.election.kind, read.election.budget) == (election.kind, election.budget)
    assert [(one.id, one.cost, one.exclusive) for one in read.election.projects] == [
        (one.id, one.cost, one.exclusive) for one in election.projects
    ]
    assert read.election.projects[0].name == '亭; "长廊" VOTES'
    for name in ("starts", "columns", "points", "weights", "group_of"):
        assert getattr(read.election, name).tolist() == getattr(election, name).tolist()


@pytest.mark.parametrize("election", list(written_ones()), ids=lambda one: one.kind)
def test_what_is_written_is_valid_for_pabutools(election: Election) -> None:
    pabulib = pytest.importorskip("pabutools.election.pabulib")
    instance, profile = pabulib.parse_pabulib_from_string(pb_write(election, meta=META))
    assert {project.name: Fraction(project.cost) for project in instance} == {
        one.id: Fraction(one.cost) for one in election.projects
    }
    assert (Fraction(instance.budget_limit), len(profile)) == (election.budget, election.voters)
    always = (
        "description country unit instance num_projects num_votes budget vote_type rule date_begin date_end currency"
    )
    assert list(instance.meta)[:12] == always.split()
    assert instance.meta["vote_type"] == election.kind


@pytest.mark.parametrize(("field", "value"), [("country", ""), ("date_begin", "2027-02-01"), ("date_end", "spring")])
def test_a_file_without_what_must_stand_in_it_is_not_written(field: str, value: str) -> None:
    with pytest.raises(AllocationInvalid, match=f"META, field {field}"):
        pb_write(election_of((Project("a", 1),), (), budget=1), meta={**META, field: value})


@pytest.mark.parametrize("number", [Fraction(1, 3), Fraction(-5, 4), Fraction(7), Fraction(1, 1000), Fraction(-1, 50)])
def test_numbers_are_read_as_they_were_written(number: Fraction) -> None:
    assert number_read("", number_written(number)) == number


def test_every_real_file_is_read_and_decided(shared_data: pathlib.Path) -> None:
    files = sorted((shared_data / "pabulib").glob("*.pb"))
    assert len(files) >= 90
    told = set()
    for file in files:
        read = pb_read(file.read_bytes().decode("utf-8"))
        told |= {(file.name, one.kind) for one in read.warnings}
        assert str(read.election.voters) == read.meta["num_votes"]
        assert elect(read.election, rule="equal-shares").cost <= read.election.budget
        rated = pb_read(pb_write(read.election, meta={**META, "date_begin": "2020"})).election
        assert rated.votes == read.election.votes
    assert {kind for _, kind in told} == {"min_sum_points"}
    assert all("Utilities" in name for name, _ in told)


@pytest.mark.parametrize("part", range(4))
def test_real_elections_are_as_pabutools_has_them(shared_data: pathlib.Path, part: int) -> None:
    """The smaller files here; the benchmark goes through all."""
    pabutools = pytest.importorskip("pabutools.election")
    rules = pytest.importorskip("pabutools.rules")
    files = sorted((shared_data / "pabulib").glob("*.pb"), key=lambda file: file.stat().st_size)[part:48:4]
    for file in files:
        election = pb_read(file.read_bytes().decode("utf-8")).election
        instance, profile = pabutools.parse_pabulib(str(file))
        profile = profile.as_multiprofile()
        measures = {"cost": pabutools.Cost_Sat, "cardinality": pabutools.Cardinality_Sat}
        if election.kind in ("cumulative", "scoring"):
            measures["score"] = pabutools.Additive_Cardinal_Sat
        elif election.kind == "ordinal":
            measures["score"] = pabutools.Additive_Borda_Sat
        for name, measure in measures.items():
            asked = {"satisfaction": name}
            answer = rules.method_of_equal_shares(instance, profile, sat_class=measure)
            assert [one.name for one in answer] == list(elect(election, rule="equal-shares", **asked).winners)  # type: ignore[arg-type]
            if name != "score":
                answer = rules.greedy_utilitarian_welfare(instance, profile, sat_class=measure)
                assert [one.name for one in answer] == list(elect(election, rule="greedy", **asked).winners)  # type: ignore[arg-type]
        if election.kind in ("approval", "choose-1"):
            answer = rules.sequential_phragmen(instance, profile)
            assert {one.name for one in answer} == set(elect(election, rule="phragmen").winners)


def test_limits_of_kinds_are_a_field_of_our_own() -> None:
    limits = (Limit("路", most=0), Limit("绿化", most_cost=Fraction(3, 2), least=1))
    election = election_of((Project("a", 1, categories=("路",)),), (), budget=1, limits=limits)
    assert pb_read(pb_write(election, meta=META)).election.limits == limits
