"""What secretaries rely on: the past, newcomers, leavers, size, seasons, swaps, and refusals that help."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from yiting.methods.rotations import (
    Activity,
    Assignment,
    Held,
    Period,
    Plan,
    Problem,
    RotationImpossible,
    RotationInvalid,
    SwapRefused,
    Unit,
    plan_check,
    plan_swap,
    rotation_plan,
)

START = date(2027, 1, 4)


def weekly(count: int, *, kinds: str = "") -> tuple[Activity, ...]:
    """Activities a week apart; the letters of `kinds` go round."""
    return tuple(
        Activity(id=f"a{at:02}", day=START + timedelta(weeks=at), kind=kinds[at % len(kinds)] if kinds else "")
        for at in range(count)
    )


def units(names: str) -> tuple[Unit, ...]:
    return tuple(Unit(id=name) for name in names)


def counts(plan: Plan) -> dict[str, int]:
    return dict(Counter(pair.unit for pair in plan.assignments))


def before(names: str) -> tuple[Held, ...]:
    """One turn of the past for each letter, a week apart, the last in the week before the first activity."""
    first = START - timedelta(weeks=len(names))
    return tuple(Held(unit=name, day=first + timedelta(weeks=at)) for at, name in enumerate(names))


def test_no_activities_and_no_units_are_an_empty_plan() -> None:
    for problem in (Problem(units=(), activities=()), Problem(units=units("AB"), activities=(), history=before("AAB"))):
        plan = rotation_plan(problem)
        assert (plan.assignments, plan.is_optimal, plan.spread) == ((), True, 0)
        assert plan_check(problem, plan) == ()


def test_an_alliance_of_one_hosts_everything() -> None:
    """Its turns run because they must, and the plan is still the best there is."""
    plan = rotation_plan(Problem(units=units("A"), activities=weekly(5)))
    assert (counts(plan), plan.running, plan.spread, plan.is_optimal) == ({"A": 5}, 4, 0, True)


def test_the_past_counts() -> None:
    plan = rotation_plan(Problem(units=units("ABC"), activities=weekly(3), history=before("AACAB")))
    assert counts(plan) == {"B": 2, "C": 1} or counts(plan) == {"B": 1, "C": 2}
    assert plan.spread == 1


def test_a_skipped_turn_is_owed_in_the_next_plan() -> None:
    """C skipped and A stood in; the record of who really hosted is enough."""
    plan = rotation_plan(Problem(units=units("ABC"), activities=weekly(3), history=before("ABA")))
    assert counts(plan) == {"C": 2, "B": 1}
    assert plan.spread == 0


def test_a_debt_without_a_record_is_carried_by_owed() -> None:
    owing = (Unit(id="A"), Unit(id="B", owed=2), Unit(id="C", owed=-1))
    plan = rotation_plan(Problem(units=owing, activities=weekly(8)))
    assert counts(plan) == {"A": 3, "B": 4, "C": 1} or counts(plan) == {"A": 2, "B": 4, "C": 2}


def test_what_illness_left_undone_shows_in_the_accounts() -> None:
    """B can host nothing this time; its account stands behind, and the next plan makes it good."""
    away = Period(date(2027, 1, 1), date(2027, 12, 31))
    problem = Problem(units=(Unit(id="A"), Unit(id="B", unavailable=(away,)), Unit(id="C")), activities=weekly(6))
    plan = rotation_plan(problem)
    assert [(account.unit, account.planned, account.share, account.standing) for account in plan.accounts] == [
        ("A", 3, 2, 1),
        ("B", 0, 2, -2),
        ("C", 3, 2, 1),
    ]
    hosted = {pair.activity: pair.unit for pair in plan.assignments}
    history = tuple(Held(unit=hosted[activity.id], day=activity.day) for activity in problem.activities)
    later = tuple(replace(activity, day=activity.day + timedelta(days=365)) for activity in weekly(6))
    following = rotation_plan(Problem(units=units("ABC"), activities=later, history=history))
    assert counts(following) == {"A": 1, "B": 4, "C": 1}


def test_a_newcomer_starts_fair() -> None:
    """It hosts as the others do from the day it joins, and makes up for nothing before."""
    history = before("AB" * 10)
    joined = Unit(id="N", memberships=(Period(START),))
    plan = rotation_plan(Problem(units=(*units("AB"), joined), activities=weekly(9), history=history))
    assert counts(plan) == {"A": 3, "B": 3, "N": 3}
    assert plan.spread == 0


def test_a_newcomer_in_the_middle_gets_its_part_of_the_rest() -> None:
    joined = Unit(id="N", memberships=(Period(START + timedelta(weeks=6)),))
    problem = Problem(units=(*units("AB"), joined), activities=weekly(12))
    plan = rotation_plan(problem)
    assert counts(plan) == {"A": 5, "B": 5, "N": 2}
    assert {pair.activity for pair in plan.assignments if pair.unit == "N"} <= {f"a{at:02}" for at in range(6, 12)}


def test_a_leaver_drops_out_and_may_come_back() -> None:
    """On its last day a unit is still a member, on the day after no longer."""
    left = Unit(id="L", memberships=(Period(last=START + timedelta(weeks=3)), Period(START + timedelta(weeks=8))))
    problem = Problem(
        units=(left, Unit(id="A", unavailable=(Period(START + timedelta(weeks=3)),))), activities=weekly(4)
    )
    assert rotation_plan(problem).assignments[3].unit == "L"
    with pytest.raises(RotationImpossible, match="no host for a04"):
        rotation_plan(replace(problem, activities=weekly(5)))
    plan = rotation_plan(Problem(units=(*units("AB"), left), activities=weekly(12)))
    hosted = [pair.activity for pair in plan.assignments if pair.unit == "L"]
    assert len(hosted) in (2, 3)
    assert not {"a04", "a05", "a06", "a07"} & set(hosted)


def test_who_left_before_is_not_planned_and_does_not_widen_the_spread() -> None:
    gone = Unit(id="G", memberships=(Period(last=START - timedelta(days=1)),))
    plan = rotation_plan(Problem(units=(*units("AB"), gone), activities=weekly(4), history=before("GGGG")))
    assert (counts(plan), plan.spread) == ({"A": 2, "B": 2}, 0)


def test_turns_go_by_size() -> None:
    sizes = (
        Unit(id="A", weight=3),
        Unit(id="B"),
        Unit(id="C", weight=Fraction(1, 2)),
        Unit(id="D", weight=Fraction(3, 2)),
    )
    plan = rotation_plan(Problem(units=sizes, activities=weekly(12)))
    assert (counts(plan), plan.spread) == ({"A": 6, "B": 2, "C": 1, "D": 3}, 0)


def test_left_over_turns_go_to_the_largest_remainder() -> None:
    """Shares are 2, 2/3, 2/3, 2/3: the three small ones get the two turns that are left."""
    sizes = (Unit(id="A", weight=3), *units("BCD"))
    plan = rotation_plan(Problem(units=sizes, activities=weekly(4)))
    assert counts(plan)["A"] == 2
    assert plan.spread == 1


@pytest.mark.parametrize(("offset", "is_free"), [(-1, True), (0, False), (3, False), (4, True)])
def test_both_ends_of_a_blackout_are_kept_free(offset: int, is_free: bool) -> None:
    away = Unit(id="A", unavailable=(Period(START, START + timedelta(days=3)),))
    problem = Problem(units=(away,), activities=(Activity(id="a", day=START + timedelta(days=offset)),))
    if is_free:
        assert rotation_plan(problem).assignments == (Assignment("a", "A"),)
    else:
        with pytest.raises(RotationImpossible, match="no host for a"):
            rotation_plan(problem)


def test_kinds_are_spread_over_hosts() -> None:
    """Four units and four kinds, sixteen activities: everybody hosts every kind once."""
    problem = Problem(units=units("ABCD"), activities=weekly(16, kinds="学享办建"))
    plan = rotation_plan(problem)
    kind = {activity.id: activity.kind for activity in problem.activities}
    assert len({(pair.unit, kind[pair.activity]) for pair in plan.assignments}) == 16
    assert (plan.repeats, plan.running, plan.spread) == (0, 0, 0)


def test_the_last_host_of_the_past_does_not_go_on() -> None:
    plan = rotation_plan(Problem(units=units("ABC"), activities=weekly(3), history=before("ABC")))
    assert plan.assignments[0].unit != "C"
    assert plan.running == 0


def test_by_the_season_one_unit_hosts_a_quarter() -> None:
    problem = Problem(units=units("ABCD"), activities=weekly(52), rule="season")
    plan = rotation_plan(problem)
    hosts = [
        {
            pair.unit
            for pair, a in zip(plan.assignments, problem.activities, strict=True)
            if (a.day.month - 1) // 3 == at
        }
        for at in range(4)
    ]
    assert sorted(hosts, key=sorted) == [{"A"}, {"B"}, {"C"}, {"D"}]
    assert plan.spread == 0


def test_by_the_season_the_past_counts_a_quarter_once() -> None:
    """A hosted three times in the last quarter, which was one turn."""
    problem = Problem(units=units("AB"), activities=weekly(26), history=before("AAA"), rule="season")
    plan = rotation_plan(problem)
    assert plan.assignments[0].unit == "B"
    assert plan_check(problem, plan) == ()
    assert [account.held for account in plan.accounts] == [1, 0]


def test_a_quarter_that_was_begun_may_stay_with_its_host() -> None:
    """Not counted as two turns running: the rest of a quarter follows its own beginning."""
    begun = (Held(unit="A", day=date(2027, 1, 2)),)
    problem = Problem(
        units=units("AB"), activities=weekly(5), history=begun, fixed=(Assignment("a00", "A"),), rule="season"
    )
    plan = rotation_plan(problem)
    assert {pair.unit for pair in plan.assignments} == {"A"}
    assert plan.running == 0


def test_what_is_fixed_stands_and_the_rest_is_fair_around_it() -> None:
    pins = (Assignment("a00", "A"), Assignment("a02", "A"))
    plan = rotation_plan(Problem(units=units("ABC"), activities=weekly(6), fixed=pins))
    assert {"a00", "a02"} == {pair.activity for pair in plan.assignments if pair.unit == "A"}
    assert plan.spread == 0


def test_a_member_that_joins_changes_only_what_it_takes_over() -> None:
    old = Problem(units=units("ABCD"), activities=weekly(20))
    plan = rotation_plan(old)
    new = replace(old, units=units("ABCDE"), previous=plan.assignments)
    again = rotation_plan(new)
    assert (again.changes, counts(again)) == (4, dict.fromkeys("ABCDE", 4))


def test_an_activity_more_changes_nothing_else() -> None:
    old = Problem(units=units("ABCDE"), activities=weekly(12))
    again = rotation_plan(replace(old, activities=weekly(13), previous=rotation_plan(old).assignments))
    assert again.changes == 0


def test_a_clash_names_the_fewest_wishes() -> None:
    """Two days want A fixed while it is away; that the others are away as well need not be said."""
    away = Period(START, START + timedelta(days=6))
    problem = Problem(
        units=tuple(Unit(id=name, unavailable=(away,)) for name in "ABC"),
        activities=weekly(2),
        fixed=(Assignment("a00", "A"),),
    )
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(problem)
    (clash,) = caught.value.clashes
    assert clash.activities == ("a00",)
    assert [wish.text for wish in clash.wishes] == [
        "A is unavailable from 2027-01-04 to 2027-01-10",
        "a00 is fixed for A",
    ]
    assert clash.text.startswith("no host for a00 (2027-01-04) while A is unavailable")


def test_when_all_are_away_all_are_named_and_who_is_away_twice_once() -> None:
    away = Period(START, START)
    doubly = Unit(id="B", unavailable=(away, Period(START, START + timedelta(days=9))))
    problem = Problem(units=(Unit(id="A", unavailable=(away,)), doubly), activities=weekly(1))
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(problem)
    assert [wish.unit for wish in caught.value.clashes[0].wishes] == ["A", "B"]


def test_limits_that_do_not_reach_are_named() -> None:
    """Two units that take two turns each cannot host five activities."""
    limited = tuple(Unit(id=name, most=2) for name in "AB")
    with pytest.raises(RotationImpossible, match=r"too few hosts for a00 .*A takes at most 2 turns; B takes at most 2"):
        rotation_plan(Problem(units=limited, activities=weekly(5)))


def test_two_pins_in_one_quarter_clash() -> None:
    pins = (Assignment("a00", "A"), Assignment("a01", "B"))
    with pytest.raises(RotationImpossible, match="a00 is fixed for A; a01 is fixed for B"):
        rotation_plan(Problem(units=units("ABC"), activities=weekly(3), fixed=pins, rule="season"))


def swappable() -> tuple[Problem, Plan]:
    problem = Problem(units=units("ABCD"), activities=weekly(8))
    return problem, rotation_plan(problem)


def test_a_swap_stands_when_the_period_is_planned_again() -> None:
    problem, plan = swappable()
    first, second = plan.assignments[0], plan.assignments[5]
    if first.unit == second.unit:
        second = plan.assignments[6]
    agreed = {first.unit, second.unit}
    after, swapped = plan_swap(problem, plan, first=first.activity, second=second.activity, agreed=agreed)
    hosts = {pair.activity: pair.unit for pair in swapped.assignments}
    assert (hosts[first.activity], hosts[second.activity]) == (second.unit, first.unit)
    assert counts(swapped) == counts(plan)
    again = rotation_plan(after)
    assert {pair.activity: pair.unit for pair in again.assignments}.items() >= {
        (first.activity, second.unit),
        (second.activity, first.unit),
    }


def test_a_swap_needs_the_consent_of_both() -> None:
    problem, plan = swappable()
    first, second = plan.assignments[:2]
    with pytest.raises(SwapRefused, match=f"{second.unit} has not agreed"):
        plan_swap(problem, plan, first=first.activity, second=second.activity, agreed={first.unit})


def test_a_swap_is_refused_where_a_unit_is_away() -> None:
    problem, plan = swappable()
    first, second = plan.assignments[:2]
    away = Period(START + timedelta(weeks=1), START + timedelta(weeks=1))
    busy = tuple(replace(u, unavailable=(away,)) if u.id == first.unit else u for u in problem.units)
    with pytest.raises(SwapRefused, match=f"{first.unit} cannot host a01: {first.unit} is unavailable on 2027-01-11"):
        plan_swap(replace(problem, units=busy), plan, first="a00", second="a01", agreed={first.unit, second.unit})


@pytest.mark.parametrize(
    ("first", "second", "words"), [("a00", "zz", "zz is no activity"), ("a00", "a00", "hosts both")]
)
def test_a_swap_of_nothing_is_refused(first: str, second: str, words: str) -> None:
    problem, plan = swappable()
    with pytest.raises(SwapRefused, match=words):
        plan_swap(problem, plan, first=first, second=second, agreed="ABCD")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"units": (*units("A"), *units("A"))}, "units[1].id"),
        ({"units": (Unit(id=""),)}, "units[0].id"),
        ({"units": ()}, "units"),
        ({"activities": weekly(1) * 2}, "activities[1].id"),
        ({"units": (Unit(id="A", weight=0),)}, "units[0].weight"),
        ({"units": (Unit(id="A", weight=Fraction(-1, 2)),)}, "units[0].weight"),
        ({"units": (Unit(id="A", most=-1),)}, "units[0].most"),
        (
            {"units": (Unit(id="A", unavailable=(Period(START, START - timedelta(days=1)),)),)},
            "units[0].unavailable[0]",
        ),
        ({"units": (Unit(id="A", memberships=(Period(last=START), Period(START))),)}, "units[0].memberships"),
        ({"history": (Held(unit="Z", day=START),)}, "history[0].unit"),
        ({"fixed": (Assignment("zz", "A"),)}, "fixed[0].activity"),
        ({"fixed": (Assignment("a00", "Z"),)}, "fixed[0].unit"),
        ({"fixed": (Assignment("a00", "A"), Assignment("a00", "B"))}, "fixed[1].activity"),
        ({"previous": (Assignment("a00", "A"), Assignment("a00", "B"))}, "previous[1].activity"),
        ({"rule": "weekly"}, "rule"),
        (
            {
                "units": tuple(Unit(id=str(at)) for at in range(5_001)),
                "activities": tuple(Activity(id=str(at), day=START) for at in range(1_000)),
            },
            "activities",
        ),
    ],
)
def test_what_is_no_problem_is_refused_with_its_place(change: dict, place: str) -> None:
    problem = replace(Problem(units=units("AB"), activities=weekly(2)), **change)
    with pytest.raises(RotationInvalid) as caught:
        rotation_plan(problem)
    assert caught.value.place == place
    assert ";" in caught.value.reason


def test_an_earlier_plan_may_name_what_is_gone() -> None:
    gone = (Assignment("a99", "A"), Assignment("a00", "Z"))
    plan = rotation_plan(Problem(units=units("AB"), activities=weekly(2), previous=gone))
    assert plan.changes == 1


def test_many_units_are_planned_by_exchanges_as_fairly() -> None:
    away = [Period(START + timedelta(days=at), START + timedelta(days=at + 30)) for at in range(150)]
    many = tuple(Unit(id=f"u{at:03}", unavailable=(away[at],)) for at in range(150))
    problem = Problem(units=many, activities=weekly(200, kinds="学享办"))
    plan = rotation_plan(problem)
    assert (plan.way, plan.spread, plan.running) == ("heuristic", 1, 0)
    assert plan_check(problem, plan) == ()


def test_the_check_finds_what_is_wrong() -> None:
    problem, plan = swappable()
    first, second = plan.assignments[:2]
    assert plan_check(problem, plan) == ()
    assert plan_check(problem, replace(plan, assignments=plan.assignments[1:])) == ("a00 has 0 hosts",)
    lopsided = (Assignment("a00", second.unit), *plan.assignments[1:])
    faults = plan_check(problem, replace(plan, assignments=lopsided))
    assert "1 turns run, not 0" in faults
    assert f"a turn could pass from {second.unit} to {first.unit}, who stands lower" in faults
    limited = replace(problem, units=tuple(replace(unit, most=1) for unit in problem.units))
    assert "A hosts 2 times, more than 1" in plan_check(limited, plan)
    pinned = replace(problem, fixed=(Assignment("a00", second.unit),))
    assert plan_check(pinned, plan) == (f"a00 is fixed for {second.unit}, not for {first.unit}",)


def test_pins_beyond_a_limit_are_named_with_it() -> None:
    """Three wishes clash although each turn by itself has its host; a blackout on no day of theirs does not matter."""
    problem = Problem(
        units=(
            Unit(id="A", most=1),
            Unit(id="B", unavailable=(Period(START - timedelta(days=9), START - timedelta(days=1)),)),
        ),
        activities=weekly(4),
        fixed=(Assignment("a01", "A"), Assignment("a02", "A")),
    )
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(problem)
    (clash,) = caught.value.clashes
    assert {wish.text for wish in clash.wishes} == {
        "A takes at most 1 turn",
        "a01 is fixed for A",
        "a02 is fixed for A",
    }


def test_turns_barred_alike_are_one_clash_and_each_reason_has_its_own() -> None:
    """All are away in the weeks 1 to 3; in week 6 each for a reason of its own."""
    spring = Period(START + timedelta(weeks=1), START + timedelta(weeks=3))
    away = [(spring, Period(START + timedelta(weeks=6 - at), START + timedelta(weeks=6))) for at in range(3)]
    problem = Problem(
        units=tuple(Unit(id=name, unavailable=away[at]) for at, name in enumerate("ABC")), activities=weekly(8)
    )
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(problem)
    assert [clash.activities for clash in caught.value.clashes] == [("a01", "a02", "a03"), ("a06",)]
    assert all(len(clash.wishes) == 3 for clash in caught.value.clashes)


def test_a_long_list_of_activities_is_cut_short_in_words_only() -> None:
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(Problem(units=(Unit(id="A", most=0),), activities=weekly(13)))
    (clash,) = caught.value.clashes
    assert len(clash.activities) == 13
    assert "a09 (2027-03-08) and 3 more while A takes at most 0 turns" in clash.text


def test_kinds_do_not_reshuffle_an_earlier_plan() -> None:
    """A better spread of kinds is no reason for a change, though it would be taken without an earlier plan."""
    problem = Problem(units=units("ABCD"), activities=weekly(8, kinds="学享办建"))
    assert rotation_plan(problem).repeats == 0
    told = tuple(Assignment(f"a{at:02}", "ABCD"[at % 4]) for at in range(8))
    plan = rotation_plan(replace(problem, previous=told))
    assert (plan.assignments, plan.changes, plan.repeats) == (told, 0, 4)


@pytest.mark.parametrize("names", ["AB", "BA", "PQ", "QP"])
def test_where_turns_must_run_the_past_still_counts(names: str) -> None:
    """The second is away in the weeks 2 and 3; starting with the first would run with the last turn of the past."""
    first, second = names
    away = Period(START + timedelta(weeks=2), START + timedelta(weeks=3))
    both = (Unit(id=first), Unit(id=second, unavailable=(away,)))
    plan = rotation_plan(Problem(units=both, activities=weekly(6), history=before(second + first)))
    assert [pair.unit for pair in plan.assignments] == [second, second, first, first, second, first]
    assert plan.running == 2
