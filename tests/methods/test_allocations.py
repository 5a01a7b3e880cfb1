"""What rounds rely on: rules on elections one can follow by hand, ties, limits, deputies, refusals, and the picture."""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction

import numpy as np
import pytest

from yiting.methods.allocations import (
    AllocationInvalid,
    Bar,
    Cast,
    Count,
    Limit,
    Project,
    bars_svg,
    compared,
    comparison_svg,
    drawn_order,
    elect,
    election_of,
    election_of_arrays,
    explained,
    majority,
    supporters_added,
)

PROJECTS = (Project("亭", 60, name="议事亭"), Project("路", 60, name="修路"), Project("灯", 40, name="路灯"))
CASTS = (
    Cast(("亭", "路"), group="仁和家园", weight=6),
    Cast(("灯",), group="康城", weight=4),
)


def test_equal_shares_serves_the_minority_that_greedy_leaves_out() -> None:
    election = election_of(PROJECTS, CASTS, budget=120)
    assert elect(election, rule="greedy").winners == ("亭", "路")
    fair = elect(election, rule="equal-shares")
    assert set(fair.winners) == {"亭", "灯"}
    told = explained(election, fair)
    assert [(one.project_id, one.group, one.voters, one.amount) for one in told.payments] == [
        ("亭", "仁和家园", 6, Fraction(60)),
        ("灯", "康城", 4, Fraction(40)),
    ]
    assert [(one.group, one.none_won) for one in told.groups] == [("仁和家园", 0), ("康城", 0)]
    (lost,) = told.losses
    assert lost.project_id in ("亭", "路")
    assert lost.votes == 6


def test_ties_are_broken_by_the_published_order_and_told() -> None:
    election = election_of(PROJECTS[:2], CASTS[:1], budget=60)
    by_id = elect(election, rule="greedy")
    assert by_id.winners == ("亭",)
    assert [(tie.projects, tie.chosen) for tie in by_id.ties] == [(("亭", "路"), "亭")]
    for rule in ("greedy", "equal-shares", "phragmen", "max-welfare"):
        assert elect(election, rule=rule, order=("路", "亭")).winners in (("路",), ())
    with pytest.raises(AllocationInvalid, match="each project once"):
        elect(election, rule="greedy", order=("路",))


def test_the_drawn_order_can_be_drawn_again_by_anybody() -> None:
    ids = ("a", "b", "c", "d")
    drawn = drawn_order(ids, seed="2027-01-01")
    assert sorted(drawn, key=lambda name: hashlib.sha256(f"2027-01-01\n{name}".encode()).digest()) == list(drawn)
    assert len({drawn_order(ids, seed=str(at)) for at in range(20)}) > 1


def test_rates_that_doubles_cannot_tell_apart_are_decided_exactly() -> None:
    # a third of 10**15 and one more: the same double once divided by many voters
    projects = (Project("a", 3 * 10**15 + 1), Project("b", 3 * 10**15))
    casts = (Cast(("a",), weight=3), Cast(("b",), weight=3))
    election = election_of(projects, casts, budget=7 * 10**15)
    found = elect(election, rule="equal-shares", satisfaction="cardinality")
    assert found.winners == ("b", "a")
    assert not found.ties
    assert elect(election, rule="phragmen").winners == ("b", "a")


def test_all_the_money_of_all_supporters_may_be_needed() -> None:
    casts = (Cast(("a", "b")), Cast(("a",)), Cast(("b", "c")))
    election = election_of(
        (Project("a", 1), Project("b", 1), Project("c", Fraction(1, 2))), casts, budget=Fraction(5, 2)
    )
    found = elect(election, rule="equal-shares", satisfaction="cardinality")
    # each had 5/6; after a two have 1/3 each, after c the third has 1/3, so b cannot be paid for
    assert found.winners == ("a", "c")
    assert [tie.projects for tie in found.ties] == [("a", "b", "c")]
    assert sum(one.amount for one in explained(election, found).payments) == Fraction(3, 2)
    exact = election_of((Project("a", 2), Project("b", 1)), (Cast(("a",), weight=2), Cast(("b",))), budget=3)
    assert set(elect(exact, rule="equal-shares").winners) == {"a", "b"}


def test_nobody_voted() -> None:
    election = election_of(PROJECTS, (), budget=100)
    assert elect(election, rule="equal-shares", completion="add1").winners == ()
    assert elect(election, rule="max-welfare").winners == ()
    assert explained(election, elect(election, rule="equal-shares")).payments == ()
    empty = election_of(PROJECTS, (Cast((), weight=3),), budget=100)
    assert elect(empty, rule="equal-shares", completion="add1").winners == ()


def test_a_least_number_of_a_category_is_kept_by_the_greatest_welfare() -> None:
    projects = (Project("a", 5, categories=("路",)), Project("b", 5, categories=("园",)), Project("c", 5))
    casts = (Cast(("a",), weight=3), Cast(("c",), weight=2), Cast(("b",)))
    limited = election_of(projects, casts, budget=10, limits=(Limit("园", least=1),))
    assert set(elect(limited, rule="max-welfare").winners) == {"a", "b"}
    assert [one.rule for one in compared(limited)] == ["max-welfare", "max-welfare"]
    with pytest.raises(AllocationInvalid, match="only max-welfare"):
        elect(limited, rule="greedy")
    poor = election_of(projects, casts, budget=3, limits=(Limit("园", least=1),))
    with pytest.raises(AllocationInvalid, match="keeps all of them"):
        elect(poor, rule="max-welfare")


def test_what_cannot_be_proven_best_is_refused_and_left_out_of_a_comparison() -> None:
    projects = [Project(f"p{at}", 10 + at) for at in range(8)]
    casts = [Cast((one.id,), weight=at + 1) for at, one in enumerate(projects)]
    with pytest.raises(AllocationInvalid, match="too many ways"):
        elect(election_of(projects, casts, budget=45), rule="max-welfare", satisfaction="cardinality", most_states=1)
    rules = [one.rule for one in compared(election_of(projects, casts, budget=45), most_states=1)]
    assert rules
    assert "max-welfare" not in rules


@pytest.mark.parametrize(("kind", "points"), [("ordinal", ()), ("cumulative", (2, 1, 0)), ("scoring", (2, 1, 0))])
def test_points_and_ranks_count(kind: str, points: tuple[int, ...]) -> None:
    casts = (Cast(("亭", "路", "灯"), points, weight=3),)
    election = election_of(PROJECTS, casts, budget=100, kind=kind)  # type: ignore[arg-type]
    # two points, one point and none for the money: 灯 is bought greedily only because it still fits
    assert elect(election, rule="greedy").winners == ("亭", "灯")
    assert elect(election, rule="equal-shares").winners == ("亭",)
    assert elect(election, rule="greedy", satisfaction="cardinality").winners == ("灯", "亭")
    with pytest.raises(AllocationInvalid, match="approval ballots"):
        elect(election, rule="phragmen")
    assert "phragmen" not in {one.rule for one in compared(election)}


def test_fractions_of_points_are_exact() -> None:
    casts = (Cast(("亭", "路"), (Fraction(1, 3), Fraction(1, 2))),)
    election = election_of(PROJECTS, casts, budget=60, kind="scoring")
    assert (election.scale, election.points.tolist()) == (6, [2, 3])
    assert elect(election, rule="greedy").winners == ("路",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"projects": (Project("a", 0),)}, "more than 0"),
        ({"projects": (Project("a", 1), Project("a", 2))}, "twice"),
        ({"projects": (Project("", 1), Project("a", 1))}, "no id"),
        ({"casts": (Cast(("x",)),)}, "no project"),
        ({"casts": (Cast(("a", "a")),)}, "twice"),
        ({"casts": (Cast(("a",), weight=0),)}, "weight"),
        ({"casts": (Cast(("a",), (1, 2)),), "kind": "cumulative"}, "2 points"),
        ({"casts": (Cast(("a",), (-1,)),), "kind": "scoring"}, "below 0"),
        ({"casts": (Cast(("a",), (10**16,)),), "kind": "scoring"}, "too large"),
        ({"casts": (Cast(("a", "b")),), "kind": "choose-1"}, "one may be chosen"),
        ({"kind": "acclamation"}, "not known"),
        ({"budget": 0}, "more than 0"),
        ({"limits": (Limit("路", most=1, least=2),)}, "the least"),
    ],
)
def test_what_is_no_election_is_refused(change: dict[str, object], told: str) -> None:
    plain: dict[str, object] = {
        "projects": (Project("a", 1), Project("b", 1)),
        "casts": (Cast(("a",), (1,)),),
        "budget": 9,
    }
    with pytest.raises(AllocationInvalid, match=told):
        election_of(**{**plain, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"rule": "lot"}, "rule: 'lot' is not known"),
        ({"rule": "greedy", "satisfaction": "joy"}, "satisfaction"),
        ({"rule": "equal-shares", "completion": "add2"}, "completion"),
        ({"rule": "greedy", "completion": "add1"}, "knows no completion"),
        ({"rule": "greedy", "satisfaction": "score"}, "give no points"),
        ({"rule": "max-welfare", "satisfaction": "cc"}, "adds satisfaction up"),
    ],
)
def test_what_no_rule_does_is_refused(asked: dict[str, str], told: str) -> None:
    with pytest.raises(AllocationInvalid, match=told):
        elect(election_of(PROJECTS, CASTS, budget=100), **asked)  # type: ignore[arg-type]


def test_covering_is_not_for_rankings_and_counts_the_best_only() -> None:
    ranked = election_of(PROJECTS, (Cast(("亭",)),), budget=100, kind="ordinal")
    with pytest.raises(AllocationInvalid, match="not defined for rankings"):
        elect(ranked, rule="greedy", satisfaction="cc")
    election = election_of(PROJECTS, (*CASTS, Cast(("亭",))), budget=100)
    assert elect(election, rule="greedy", satisfaction="cc").winners == ("亭", "灯")


def test_what_equal_shares_leaves_is_spent_by_the_best_one_too() -> None:
    projects = (Project("a", 2), Project("b", 6), Project("c", 7))
    casts = (Cast(("a", "b"), weight=4), Cast(("c",), weight=3))
    election = election_of(projects, casts, budget=10)
    found = elect(election, rule="equal-shares", satisfaction="cc", completion="greedy")
    # 7 voters have 10/7 each: a takes 2, then 26/7 is too little for b and 30/7 for c; c covers more than b
    assert (found.winners, found.completed) == (("a", "c"), ("c",))


def test_where_the_last_round_of_add_one_misleads_whole_elections_decide() -> None:
    projects = [Project(f"p{at}", cost) for at, cost in enumerate((2, 3, 9, 7))]
    casts = (Cast(("p0", "p1", "p3"), weight=3), Cast(("p0", "p1", "p2", "p3"), weight=2), Cast((), weight=2))
    election = election_of(projects, casts, budget=19)
    outcome = elect(election, rule="equal-shares", completion="add1")
    (loss,) = explained(election, outcome).losses
    assert (loss.project_id, loss.more_votes, loss.lower_cost) == ("p2", 3, 7)
    wins = [
        "p2" in elect(supporters_added(election, "p2", number), rule="equal-shares", completion="add1").winners
        for number in (2, 3)
    ]
    assert wins == [False, True]


def test_deputies_adopt_with_more_than_half_of_all() -> None:
    counts = {"亭": Count(26, 20, 5), "路": Count(25, 0, 0), "灯": Count(30, 1, 0)}
    found = majority(PROJECTS, counts, base=51, budget=60)
    assert (found.needed, found.winners, found.left_over, found.refused) == (26, ("灯",), ("亭",), ("路",))
    seats = majority(PROJECTS, counts, base=51, threshold=Fraction(2, 5), seats=2)
    assert seats.winners == ("灯", "亭")
    assert (seats.left_over, len(seats.ties), seats.cost) == (("路",), 0, Fraction(100))
    strict = majority(PROJECTS, counts, base=51, threshold=Fraction(2, 3))
    assert (strict.needed, strict.winners) == (35, ())


def test_a_tie_of_deputies_is_told_where_it_decides() -> None:
    counts = {"亭": Count(9), "路": Count(9), "灯": Count(9)}
    assert majority(PROJECTS, counts, base=10).ties == ()
    decided = majority(PROJECTS, counts, base=10, seats=1, order=("灯", "路", "亭"))
    assert (decided.winners, decided.ties[0].projects) == (("灯",), ("灯", "路", "亭"))


@pytest.mark.parametrize(
    ("counts", "base", "told"),
    [
        ({"亭": Count(1)}, 10, "missing"),
        ({"亭": Count(1), "路": Count(-1), "灯": Count(1)}, 10, "0 or more"),
        ({"亭": Count(1), "路": Count(9, 9), "灯": Count(1)}, 10, "at most 10"),
        ({}, 0, "a deputy"),
    ],
)
def test_counts_of_deputies_that_cannot_be_are_refused(counts: dict[str, Count], base: int, told: str) -> None:
    with pytest.raises(AllocationInvalid, match=told):
        majority(PROJECTS, counts, base=base)


def test_the_picture_names_what_it_shows() -> None:
    election = election_of((*PROJECTS, Project("<长>", 1, name="一" * 40)), (*CASTS, Cast(("<长>",))), budget=120)
    outcomes = compared(election)
    names = [f"规则{at}" for at, _ in enumerate(outcomes)]
    legend = {one.id: one.name for one in election.projects}
    drawn = comparison_svg(election, outcomes, title="比较 <一下>", names=names, legend=legend)
    assert '<title id="ballot-comparison">比较 &lt;一下&gt;</title>' in drawn
    assert drawn.count("<circle") == sum(len(one.winners) for one in outcomes)
    assert f">{'一' * 15}…<" in drawn
    assert "议事亭" in drawn


def test_bars_are_as_wide_as_what_they_stand_for() -> None:
    bars = [Bar("1 议事亭", (30.0, 0.0, 10.0), "¥40"), Bar("2 <长廊>", (0.0, 20.0, 0.0), "¥20")]
    drawn = bars_svg(bars, parts=("仁和家园", "康城", "纸质选票"), title="谁的份额", mark="paid")
    widths = [float(one) for one in re.findall(r'<rect [^>]*width="([0-9.]+)" height="20"', drawn)]
    assert widths[3:] == [258.0, 86.0, 172.0], "after the three of the legend; the longest takes the whole width"
    assert "2 &lt;长廊&gt;" in drawn
    assert "¥40" in drawn
    assert bars_svg([], parts=(), title="空", mark="none").count("<rect") == 0


def test_many_ballots_given_as_arrays_are_one_election() -> None:
    chance = np.random.default_rng(1)
    sizes = chance.integers(1, 5, 20_000)
    columns = np.concatenate([chance.choice(50, size, replace=False) for size in sizes])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    projects = [Project(f"{at:03}", int(cost)) for at, cost in enumerate(chance.integers(100, 10_000, 50))]
    election = election_of_arrays(projects, starts, columns, np.ones(len(columns)), np.ones(len(sizes)), budget=80_000)
    casts = [
        Cast(tuple(f"{at:03}" for at in columns[starts[row] : starts[row + 1]].tolist())) for row in range(len(sizes))
    ]
    merged = election_of(projects, casts, budget=80_000)
    assert merged.distinct < election.distinct
    for rule in ("greedy", "equal-shares", "phragmen"):
        assert elect(merged, rule=rule).winners == elect(election, rule=rule).winners
