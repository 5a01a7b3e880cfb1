"""What offices rely on: fits that can be explained, halls one to one, amounts shared out, and refusals that help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from yiting.methods import matchings
from yiting.methods.matchings import (
    Ask,
    Fixed,
    Left,
    MatchingInvalid,
    Offer,
    Overbooked,
    Part,
    Points,
    Price,
    Rules,
    assignment_check,
    best_assignment,
    fit_of,
    suggestions_for_ask,
    suggestions_for_offer,
)
from yiting.methods.matchings import solve as solving

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 10)
SHARED = Rules(shared=frozenset({"money"}))


def offer(name: str = "o", **fields: object) -> Offer:
    return Offer(**{"id": name, "kind": "hall", "amount": 100, "first": FIRST, "last": LAST} | fields)


def ask(name: str = "a", **fields: object) -> Ask:
    return Ask(**{"id": name, "kind": "hall", "amount": 100, "first": FIRST, "last": LAST} | fields)


def pairs(made: matchings.Assignment) -> list[tuple[str, str, int]]:
    return [(pair.ask, pair.offer, pair.amount) for pair in made.pairs]


def test_a_fit_is_the_sum_of_parts_that_tell_their_measure() -> None:
    here, there = (39.60, 109.78), (39.60, 109.80)
    fit = fit_of(offer(amount=50, last=date(2027, 3, 4), place=here, carried=1), ask(place=there))
    assert fit.parts == (
        Part("kind", 400, 400, 1, None),
        Part("amount", 125, 250, 50, 100),
        Part("days", 60, 150, 4, 10),
        Part("near", 82, 100, 1714, None),
        Part("carried", 50, 100, 1, None),
    )
    assert fit.points == 717
    assert fit.part("days").measure == 4


def test_the_best_fit_has_a_thousand_points_and_an_unknown_place_half_of_those_for_being_near() -> None:
    place = (39.60, 109.78)
    assert fit_of(offer(place=place), ask(place=place)).points == 1000
    assert fit_of(offer(), ask(place=place)).part("near") == Part("near", 50, 100, None, None)
    assert fit_of(offer(place=(0.0, 0.0)), ask(place=(0.0, 180.0))).part("near").measure == 20015115


def test_a_kindred_kind_stands_in_with_fewer_points_and_in_one_direction() -> None:
    rules = Rules(kindred=frozenset({("room", "hall")}))
    room = offer(kind="room")
    assert fit_of(room, ask(), rules=rules).part("kind") == Part("kind", 200, 400, 0, None)
    assert pairs(best_assignment([room], [ask()], rules=rules)) == [("a", "o", 100)]
    assert best_assignment([offer()], [ask(kind="room")], rules=rules).pairs == ()
    assert best_assignment([room], [ask()]).pairs == ()
    both = best_assignment([offer("hall"), room], [ask("a1"), ask("a2", weight=2)], rules=rules)
    assert pairs(both) == [("a1", "o", 100), ("a2", "hall", 100)]


def test_whole_kinds_are_matched_one_to_one() -> None:
    """The hall that only one ask can use goes to it, though another ask would fit it better."""
    halls = [offer("early", last=date(2027, 3, 2)), offer("long")]
    asks = [ask("first day", last=date(2027, 3, 1)), ask("last day", first=LAST)]
    made = best_assignment(halls, asks)
    assert pairs(made) == [("first day", "early", 100), ("last day", "long", 100)]
    assert (made.optimal, made.unmet, made.unused) == (True, (), ())


def test_who_cannot_be_served_is_told_with_what_is_missing() -> None:
    made = best_assignment(
        [offer(amount=60), offer("later", first=LAST, amount=9)], [ask(last=FIRST), ask("b", last=FIRST)]
    )
    assert len(made.pairs) == 1
    served = made.pairs[0].ask
    other = "b" if served == "a" else "a"
    assert set(made.unmet) == {Left(served, 40), Left(other, 100)}
    assert made.unused == (Left("later", 9),)


def test_amounts_are_shared_out_to_where_they_weigh_most() -> None:
    money = {"kind": "money"}
    offers = [offer("x", amount=70, **money), offer("y", amount=50, **money)]
    asks = [ask("a", amount=100, weight=2, **money), ask("b", amount=100, **money)]
    made = best_assignment(offers, asks, rules=SHARED)
    assert sum(pair.amount for pair in made.pairs if pair.ask == "a") == 100
    assert made.unmet == (Left("b", 80),)
    assert made.unused == ()
    assert made.optimal


def test_an_organisation_that_carries_much_comes_later() -> None:
    made = best_assignment([offer("busy", carried=3), offer("free")], [ask()])
    assert pairs(made) == [("a", "free", 100)]


def test_what_is_farther_than_the_limit_is_ruled_out_if_the_distance_is_known() -> None:
    near, far = (39.60, 109.78), (39.70, 109.78)
    rules = Rules(furthest=5_000)
    assert best_assignment([offer(place=far)], [ask(place=near)], rules=rules).pairs == ()
    assert len(best_assignment([offer()], [ask(place=near)], rules=rules).pairs) == 1


def test_excluded_pairs_are_not_matched_and_fixed_ones_stand() -> None:
    rules = Rules(excluded=frozenset({("x", "a")}), fixed=(Fixed("y", "b", 30),))
    made = best_assignment([offer("x"), offer("y")], [ask("a"), ask("b")], rules=rules)
    assert [(pair.offer, pair.ask, pair.amount, pair.is_fixed) for pair in made.pairs] == [("y", "b", 30, True)]
    assert made.unmet == (Left("a", 100), Left("b", 70))
    assert made.unused == (Left("x", 100),)
    assert made.total == 0


def test_a_fixed_pair_stands_against_the_rules_and_takes_its_part_off() -> None:
    """It was promised across kinds and days; more is given to whoever else asks."""
    pin = Fixed("x", "old", 60)
    things = (
        [offer("x", kind="money")],
        [ask("old", first=date(2026, 1, 1), last=date(2026, 1, 2)), ask("new", kind="money")],
    )
    rules = replace(SHARED, fixed=(pin,))
    made = best_assignment(*things, rules=rules)
    assert pairs(made) == [("new", "x", 40), ("old", "x", 60)]
    assert made.pairs[1].fit.part("kind") == Part("kind", 0, 400, 0, None)
    assert made.pairs[1].fit.part("days").measure == 0
    assert assignment_check(*things, made, rules=rules) == ()


def test_an_ask_that_is_promised_more_than_it_needs_is_full() -> None:
    rules = replace(SHARED, fixed=(Fixed("x", "a", 80), Fixed("y", "a", 80)))
    money = [offer(name, kind="money") for name in "xyz"]
    made = best_assignment(money, [ask(kind="money")], rules=rules)
    assert made.unmet == ()
    assert made.unused == (Left("x", 20), Left("y", 20), Left("z", 100))


def test_nothing_gives_nothing() -> None:
    empty = best_assignment([], [])
    assert (empty.pairs, empty.total, empty.optimal, empty.unmet, empty.unused) == ((), 0, True, (), ())
    assert best_assignment([], [ask()]).unmet == (Left("a", 100),)
    assert best_assignment([offer()], []).unused == (Left("o", 100),)
    assert suggestions_for_ask(ask(), []) == ()
    assert suggestions_for_offer(offer(), []) == ()
    assert suggestions_for_ask(ask(kind="bus"), [offer()]) == ()
    assert suggestions_for_offer(offer(kind="bus"), [ask()]) == ()


def test_suggestions_are_the_best_first_and_leave_out_what_is_promised() -> None:
    offers = [offer("far", place=(39.9, 109.8)), offer("near", place=(39.6, 109.8)), offer("gone")]
    rules = Rules(fixed=(Fixed("gone", "another", 1),))
    found = suggestions_for_ask(ask(place=(39.6, 109.8)), offers, rules=rules)
    assert [(pair.offer, pair.amount) for pair in found] == [("near", 100), ("far", 100)]
    assert [part.points for part in found[0].fit.parts] == [400, 250, 150, 100, 100]
    assert suggestions_for_ask(ask(), offers, most=0) == ()
    weighty = suggestions_for_offer(offer(), [ask("light"), ask("heavy", weight=5)], most=1)
    assert [pair.ask for pair in weighty] == ["heavy"]


@pytest.mark.parametrize(
    ("offers", "asks", "rules", "refusal", "words"),
    [
        ([offer(), offer()], [], Rules(), "DuplicateId", r"offers\[1\].id: o stands at offers\[0\] already"),
        ([], [ask(), ask()], Rules(), "DuplicateId", r"asks\[1\].id"),
        ([offer("")], [], Rules(), "EmptyId", "give each its own"),
        ([offer(amount=0)], [], Rules(), "AmountInvalid", "from 1 to 1000000000000, not 0"),
        ([offer(amount=1.5)], [], Rules(), "AmountInvalid", "whole number"),
        ([offer(amount=True)], [], Rules(), "AmountInvalid", "whole number"),
        ([offer(carried=-1)], [], Rules(), "CarriedInvalid", "from 0"),
        ([], [ask(weight=0)], Rules(), "WeightInvalid", "from 1"),
        ([], [ask(last=date(2027, 2, 1))], Rules(), "DaysReversed", "2027-02-01 comes before 2027-03-01"),
        ([offer(place=(91.0, 0.0))], [], Rules(), "PlaceInvalid", "write None"),
        ([offer(place=(float("nan"), 0.0))], [], Rules(), "PlaceInvalid", "write None"),
        ([], [], Rules(points=Points(kindred=0)), "PointsInvalid", "kindred"),
        ([], [], Rules(points=Points(kind=100)), "PointsInvalid", "cannot fit better"),
        ([], [], Rules(furthest=-1), "RulesInvalid", "write 0 or more"),
        ([], [], replace(SHARED, kindred=frozenset({("money", "hall")})), "RulesInvalid", "one used whole"),
        ([offer()], [], Rules(excluded=frozenset({("o", "b")})), "UnknownId", "b is not among the asks"),
        ([], [ask()], Rules(excluded=frozenset({("p", "a")})), "UnknownId", "p is not among the offers"),
        ([offer()], [ask()], Rules(fixed=(Fixed("o", "b", 1),)), "UnknownId", r"fixed\[0\].ask: b"),
        ([offer()], [ask()], Rules(fixed=(Fixed("p", "a", 1),)), "UnknownId", r"fixed\[0\].offer: p"),
        ([offer()], [ask()], Rules(fixed=(Fixed("o", "a", 0),)), "AmountInvalid", r"fixed\[0\].amount"),
        (
            [offer()],
            [ask()],
            Rules(fixed=(Fixed("o", "a", 101),)),
            "Overbooked",
            "o has 100, but 101 are promised to a",
        ),
    ],
)
def test_what_cannot_be_matched_is_refused_by_name(
    offers: list[Offer], asks: list[Ask], rules: Rules, refusal: str, words: str
) -> None:
    with pytest.raises(getattr(matchings, refusal), match=words) as caught:
        best_assignment(offers, asks, rules=rules)
    assert isinstance(caught.value, MatchingInvalid)


def test_promises_that_overbook_an_offer_name_everybody() -> None:
    asks = [ask("a"), ask("b")]
    rules = Rules(fixed=(Fixed("o", "b", 10), Fixed("o", "a", 10)))
    with pytest.raises(Overbooked, match="o serves one ask, not a, b"):
        best_assignment([offer()], asks, rules=rules)
    rules = replace(SHARED, fixed=(Fixed("o", "b", 60), Fixed("o", "a", 60)))
    with pytest.raises(Overbooked, match="o has 100, but 120 are promised to a, b"):
        best_assignment([offer(kind="money")], asks, rules=rules)


def test_the_second_opinion_names_what_was_tampered_with() -> None:
    things = [offer("x"), offer("y", carried=2), offer("z", kind="money")], [ask("a"), ask("b"), ask("c", kind="money")]
    made = best_assignment(*things, rules=SHARED)
    assert assignment_check(*things, made, rules=SHARED) == ()
    hall, other, money = made.pairs

    def faults(**changes: object) -> str:
        return "; ".join(assignment_check(*things, replace(made, **changes), rules=SHARED))

    assert faults(optimal=False, offer_prices=()) == ""
    assert "the total is" in faults(total=made.total + 1)
    assert "the prices allow" in faults(offer_prices=())
    assert "is below 0" in faults(offer_prices=(Price("x", -1),))
    assert "more than their prices" in faults(ask_prices=(), offer_prices=(Price("x", made.total),))
    assert "there is no gone for a" in faults(pairs=(replace(hall, offer="gone"), other, money))
    assert "the fixed pairs are not those" in faults(pairs=(replace(hall, is_fixed=True), other, money))
    assert f"{hall.offer} gives 2 of 1" in faults(pairs=(hall, replace(other, offer=hall.offer), money))
    assert "takes 2 of 1" in faults(pairs=(hall, replace(other, ask="a"), money))
    assert "may not be matched" in faults(pairs=(hall, other, replace(money, ask="a")))
    assert "gives a 100, not 99" in faults(pairs=(replace(hall, amount=99), other, money))
    assert "gives c nothing" in faults(pairs=(hall, other, replace(money, amount=0)))
    assert "fits a by" in faults(
        pairs=(replace(hall, fit=money.fit if money.fit != hall.fit else other.fit), other, money)
    )
    assert "what is left is counted wrongly" in faults(unmet=(Left("a", 1),))


def test_a_solver_that_gives_nothing_whole_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second solver is asked, and if it does no better the work ends with a name."""
    things = [offer(kind="money")], [ask(kind="money")]
    answers = [SimpleNamespace(x=None), SimpleNamespace(x=np.array([100.0]))]
    monkeypatch.setattr(solving, "linprog", lambda *_, **__: answers.pop(0))
    assert pairs(best_assignment(*things, rules=SHARED)) == [("a", "o", 100)]
    monkeypatch.setattr(solving, "linprog", lambda *_, **__: SimpleNamespace(x=np.array([101.0])))
    with pytest.raises(solving.NotSolved, match="whole amounts"):
        best_assignment(*things, rules=SHARED)
    monkeypatch.setattr(solving, "linprog", lambda *_, **__: SimpleNamespace(x=np.array([99.0])))
    assert not best_assignment(*things, rules=SHARED).optimal
