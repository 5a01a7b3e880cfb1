"""What holds of every matching: best, proven, within the rules, the same in any order."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from yiting.methods.matchings import (
    Ask,
    Fixed,
    Offer,
    Points,
    Rules,
    assignment_check,
    best_assignment,
    fit_of,
    suggestions_for_ask,
    suggestions_for_offer,
)
from yiting.methods.matchings import solve as solving
from yiting.methods.matchings.board import Block, blocks_of, board_of
from yiting.methods.matchings.solve import Flow, Prices, _all_pairs, _Pairs, best_flow, proves

START = date(2027, 3, 1)
WHOLE = ("hall", "room")
SHARED = ("hours", "volunteers")
KINDRED = frozenset({("hall", "room"), ("volunteers", "hours")})
PLACES = (None, (39.60, 109.78), (39.61, 109.80), (39.66, 109.90))

Problem = tuple[tuple[Offer, ...], tuple[Ask, ...], Rules]


def day(offset: int) -> date:
    return START + timedelta(days=offset)


@st.composite
def problems(draw: st.DrawFn, *, kinds: tuple[str, ...] = WHOLE + SHARED, most: int = 5, pins: bool = True) -> Problem:
    def days() -> dict[str, date]:
        first = draw(st.integers(0, 8))
        return {"first": day(first), "last": day(first + draw(st.integers(0, 5)))}

    def common(name: str) -> dict[str, object]:
        place = draw(st.sampled_from(PLACES))
        amount = draw(st.integers(1, 4))
        return {"id": name, "kind": draw(st.sampled_from(kinds)), "amount": amount, "place": place, **days()}

    offers = tuple(
        Offer(**common(f"o{at}"), carried=draw(st.integers(0, 3))) for at in range(draw(st.integers(0, most)))
    )
    asks = tuple(Ask(**common(f"a{at}"), weight=draw(st.integers(1, 9))) for at in range(draw(st.integers(0, most))))
    pairs = [(offer.id, ask.id) for offer in offers for ask in asks]
    fixed = []
    if pins and pairs:
        chosen = draw(st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: pair[0]))
        amounts = {offer.id: offer.amount for offer in offers}
        fixed = [Fixed(offer, ask, draw(st.integers(1, amounts[offer]))) for offer, ask in chosen]
    return (
        offers,
        asks,
        Rules(
            shared=frozenset(SHARED),
            kindred=draw(st.sampled_from((KINDRED, frozenset()))),
            furthest=draw(st.sampled_from((None, None, 5_000))),
            excluded=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=3))) if pairs else frozenset(),
            fixed=tuple(fixed),
            points=draw(st.sampled_from((Points(), Points(kind=3, kindred=1, amount=0, days=0, near=2, carried=1)))),
        ),
    )


def worth(offer: Offer, ask: Ask, rules: Rules) -> int:
    """What a unit of this pair is worth, 0 where it may not be matched, written down once more."""
    fit = fit_of(offer, ask, rules=rules)
    metres = fit.part("near").measure
    is_far = rules.furthest is not None and metres is not None and metres > rules.furthest
    if not fit.part("kind").points or not fit.part("days").measure or is_far or (offer.id, ask.id) in rules.excluded:
        return 0
    return fit.points * ask.weight


def best_by_trying(offers: tuple[Offer, ...], asks: tuple[Ask, ...], rules: Rules) -> int:
    """The best total of whole kinds, by trying every way to serve each ask."""
    if not asks:
        return 0
    ask, rest = asks[0], asks[1:]
    best = best_by_trying(offers, rest, rules)
    for at, offer in enumerate(offers):
        if gain := worth(offer, ask, rules):
            best = max(best, gain + best_by_trying(offers[:at] + offers[at + 1 :], rest, rules))
    return best


def best_by_units(offers: tuple[Offer, ...], asks: tuple[Ask, ...], rules: Rules) -> int:
    """The best total of shared kinds: each unit of an amount becomes an offer or ask of its own."""
    given_units = [offer for offer in offers for _ in range(offer.amount)]
    taken_units = [ask for ask in asks for _ in range(ask.amount)]
    table = np.array([[worth(offer, ask, rules) for ask in taken_units] for offer in given_units])
    if not table.size:
        return 0
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


@settings(max_examples=150, deadline=None)
@given(problems())
def test_an_assignment_keeps_the_rules_and_is_proven(problem: Problem) -> None:
    """The independent check agrees: nothing is booked twice, the counts are right, the prices prove the optimum."""
    offers, asks, rules = problem
    made = best_assignment(offers, asks, rules=rules)
    assert made.optimal
    assert assignment_check(offers, asks, made, rules=rules) == ()


@settings(max_examples=80, deadline=None)
@given(problems(kinds=WHOLE, pins=False))
def test_no_way_to_match_whole_kinds_is_better(problem: Problem) -> None:
    offers, asks, rules = problem
    assert best_assignment(offers, asks, rules=rules).total == best_by_trying(offers, asks, rules)


@settings(max_examples=80, deadline=None)
@given(problems(kinds=SHARED, pins=False))
def test_no_way_to_share_amounts_is_better(problem: Problem) -> None:
    offers, asks, rules = problem
    assert best_assignment(offers, asks, rules=rules).total == best_by_units(offers, asks, rules)


@settings(max_examples=60, deadline=None)
@given(problems(most=8), st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(problem: Problem, chance: random.Random) -> None:
    offers, asks, rules = problem
    mixed = replace(rules, fixed=tuple(chance.sample(rules.fixed, len(rules.fixed))))
    other = best_assignment(chance.sample(offers, len(offers)), chance.sample(asks, len(asks)), rules=mixed)
    assert other == best_assignment(offers, asks, rules=rules)


@settings(max_examples=60, deadline=None)
@given(problems(pins=False), problems(pins=False))
def test_an_offer_or_an_ask_more_never_lowers_the_total(problem: Problem, other: Problem) -> None:
    offers, asks, rules = problem
    before = best_assignment(offers, asks, rules=rules).total
    more_offers = tuple(replace(offer, id=f"more {offer.id}") for offer in other[0][:1])
    more_asks = tuple(replace(ask, id=f"more {ask.id}") for ask in other[1][:1])
    assert best_assignment(offers + more_offers, asks, rules=rules).total >= before
    assert best_assignment(offers, asks + more_asks, rules=rules).total >= before


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_suggestion_is_the_best_that_may_be_matched(problem: Problem) -> None:
    """It gives no more than is free, and no candidate that is left out is better."""
    offers, asks, rules = problem
    for ask in asks:
        found = suggestions_for_ask(ask, offers, rules=rules, most=2)
        values = [worth(next(o for o in offers if o.id == pair.offer), ask, rules) for pair in found]
        promised = Counter[str]()
        for pin in rules.fixed:
            promised[pin.offer] += pin.amount
            promised[pin.ask] += pin.amount
        is_full = promised[ask.id] and (ask.kind in WHOLE or promised[ask.id] >= ask.amount)
        free = [o for o in offers if not promised[o.id] or (o.kind in SHARED and promised[o.id] < o.amount)]
        every = sorted((worth(offer, ask, rules) for offer in free if worth(offer, ask, rules)), reverse=True)
        assert values == ([] if is_full else every[:2])
        for pair in found:
            offer = next(o for o in offers if o.id == pair.offer)
            assert 1 <= pair.amount <= min(offer.amount - promised[offer.id], ask.amount - promised[ask.id])
    for offer in offers:
        for pair in suggestions_for_offer(offer, asks, rules=rules):
            assert offer.id not in {
                best.offer
                for best in suggestions_for_ask(
                    next(a for a in asks if a.id == pair.ask), [o for o in offers if o is not offer], rules=rules
                )
            }
            assert pair.fit == fit_of(offer, next(a for a in asks if a.id == pair.ask), rules=rules)


def crowd(offers: int, asks: int, seed: int, kinds: tuple[str, ...]) -> tuple[list[Offer], list[Ask]]:
    """A larger problem with days, places and weights of all sorts."""
    chance = random.Random(seed)

    def place() -> tuple[float, float] | None:
        return (39.5 + chance.random() / 5, 109.7 + chance.random() / 5) if chance.random() < 0.9 else None

    def common(name: str) -> dict[str, object]:
        first = chance.randrange(60)
        amount, last = chance.randrange(1, 200), day(first + chance.randrange(20))
        return {"id": name, "kind": chance.choice(kinds), "amount": amount, "first": day(first), "last": last}

    return (
        [Offer(**common(f"o{at}"), place=place(), carried=chance.randrange(5)) for at in range(offers)],
        [Ask(**common(f"a{at}"), place=place(), weight=chance.randrange(1, 40)) for at in range(asks)],
    )


@pytest.mark.parametrize(("offers", "asks"), [(300, 500), (500, 120), (5, 60)])
@pytest.mark.parametrize("few", [0, 10**9])
def test_the_total_is_that_of_linear_sum_assignment(offers: int, asks: int, few: int) -> None:
    """By column generation and at one go, with more asks than offers and the other way round."""
    given_, wanted = crowd(offers, asks, 1, ("hall",))
    made = best_assignment(given_, wanted, few=few)
    (block,) = blocks_of(board_of(given_, wanted, Rules()))
    dense = block.values(slice(None)).astype(float)
    assert made.optimal
    assert made.total == int(dense[linear_sum_assignment(dense, maximize=True)].sum())


def test_rounds_and_one_go_share_out_to_the_same_total() -> None:
    given_, wanted = crowd(80, 120, 2, ("hours",))
    rules = Rules(shared=frozenset({"hours"}))
    by_rounds, at_once = (best_assignment(given_, wanted, rules=rules, few=few) for few in (0, 10**9))
    assert by_rounds.optimal
    assert at_once.optimal
    assert by_rounds.total == at_once.total
    assert assignment_check(given_, wanted, by_rounds, rules=rules) == ()


@pytest.mark.parametrize("kind", ["hall", "hours"])
def test_rounds_that_begin_with_next_to_nothing_come_to_the_same_total(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One pair an ask at first, one more a round, and few are kept: slow, and still the best."""
    for name in ("BEGIN_WITH", "ADD", "KEEP"):
        monkeypatch.setattr(solving, name, 1)
    rules = Rules(shared=frozenset({"hours"}))
    for seed in range(12):
        given_, wanted = crowd(10, 16, seed, (kind,))
        by_rounds, at_once = (best_assignment(given_, wanted, rules=rules, few=few) for few in (0, 10**9))
        assert by_rounds.optimal
        assert by_rounds.total == at_once.total


def solved(kind: str) -> tuple[Block, Flow, Prices]:
    given_, wanted = crowd(12, 20, 3, (kind,))
    (block,) = blocks_of(board_of(given_, wanted, Rules(shared=frozenset({"hours"}))))
    flow, prices = best_flow(block)
    assert prices is not None
    assert proves(block, flow, prices)
    return block, flow, prices


@pytest.mark.parametrize("kind", ["hall", "hours"])
def test_a_proof_that_was_tampered_with_proves_nothing(kind: str) -> None:
    block, flow, prices = solved(kind)
    one_less = Flow(flow.asks[1:], flow.offers[1:], flow.amount[1:])
    twice = Flow(*(np.concatenate((column, column)) for column in (flow.asks, flow.offers, flow.amount)))
    assert not proves(block, one_less, prices)
    assert not proves(block, twice, prices)
    for at in range(len(block.offers)):
        for step in (1, -1):
            changed = prices.offers.copy()
            changed[at] += step
            assert not proves(block, flow, Prices(changed, prices.asks))
    for at in range(len(block.asks)):
        changed = prices.asks.copy()
        changed[at] -= 1
        assert not proves(block, flow, Prices(prices.offers, changed))


@pytest.mark.parametrize("kind", ["hall", "hours"])
def test_what_is_not_best_has_no_prices(kind: str) -> None:
    """A flow with one pair less cannot be proven."""
    block, flow, _ = solved(kind)
    pairs = _Pairs(block, _all_pairs(block))
    for at in range(len(flow.asks)):
        kept = np.delete(np.arange(len(flow.asks)), at)
        assert pairs.prices(Flow(flow.asks[kept], flow.offers[kept], flow.amount[kept])) is None


def test_asks_that_had_better_change_places_have_no_prices() -> None:
    """What each could gain from the other goes round in a circle, and is found out before it has gone up for long."""
    fit = np.array([[1000, 999], [999, 1000]], dtype=np.int16)
    ones = np.ones(2, dtype=np.int64)
    block = Block(np.arange(2), np.arange(2), fit, ones, ones, ones, is_shared=False)
    crossed, straight = (Flow(np.arange(2), np.array(offers), ones) for offers in ([1, 0], [0, 1]))
    pairs = _Pairs(block, _all_pairs(block))
    assert pairs.prices(crossed) is None
    assert pairs.prices(straight) is not None
