"""Matching all offers and asks at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiting.methods.matchings.board import Board, blocks_of, board_of
from yiting.methods.matchings.fit import Fit, fits_of
from yiting.methods.matchings.problem import PLAIN, Ask, Offer, Rules, problem_check
from yiting.methods.matchings.solve import FEW, best_flow, proves


@dataclass(frozen=True, slots=True)
class Pair:
    """An offer and an ask that go together, and how much of what is asked; `is_fixed` if that was settled before."""

    offer: str
    ask: str
    amount: int
    fit: Fit
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Left:
    """What an ask still lacks, or what is left of an offer."""

    id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit more of an offer would add to the total, or one unit more asked; part of the proof."""

    id: str
    price: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who serves whom, by ask and offer; and the prices that prove it to be best.

    `total` is the sum over the pairs that are not fixed: fit times the ask's weight, times the amount where the
    kind is shared out. `optimal` says that no assignment has a greater total, proven. A price that is 0 is left out.
    """

    pairs: tuple[Pair, ...]
    total: int
    optimal: bool
    unmet: tuple[Left, ...]
    unused: tuple[Left, ...]
    offer_prices: tuple[Price, ...]
    ask_prices: tuple[Price, ...]


def best_assignment(
    offers: Sequence[Offer], asks: Sequence[Ask], *, rules: Rules = PLAIN, few: int = FEW
) -> Assignment:
    """Match offers and asks so that the total fit is the greatest that can be had.

    An offer and an ask may be matched if the kind offered is the kind asked or stands in for it, if they share a day,
    if they are not known to be farther apart than `rules.furthest`, and if the pair is not excluded. A kind used
    whole is matched one to one; amounts of a shared kind are shared out. Nobody need be matched. Fixed pairs stand, are
    taken off first and are listed with the others; an ask that they serve more than fully simply is full.

    The total is exact, and is the same for any order of the lists. Among assignments of the same total the order of
    lots decides (see `board`): the answer is deterministic for one version of scipy. Blocks of up to `few` pairs are
    solved at one go, larger ones by column generation (see `solve`), to the same total.

    Raises a `MatchingInvalid` for what cannot be matched. Nothing offered or nothing asked is an empty assignment.
    """
    problem_check(offers, asks, rules)
    board = board_of(offers, asks, rules)
    pairs = _fixed(board)
    total, is_proven = 0, True
    given, taken = Counter[str](), Counter[str]()
    offer_prices: list[Price] = []
    ask_prices: list[Price] = []
    for block in blocks_of(board):
        flow, prices = best_flow(block, few=few)
        is_proven = is_proven and prices is not None and proves(block, flow, prices)
        offer_rows, ask_rows = block.offers[flow.offers], block.asks[flow.asks]
        measures = board.measure(offer_rows, ask_rows)
        amounts = flow.amount if block.is_shared else measures.covered
        fits = fits_of(measures, rules.points)
        for row, column, amount, units, fit in zip(
            ask_rows.tolist(), offer_rows.tolist(), amounts.tolist(), flow.amount.tolist(), fits, strict=True
        ):
            pairs.append(Pair(board.offers[column].id, board.asks[row].id, amount, fit, is_fixed=False))
            total += units * fit.points * board.asks[row].weight
        if prices is not None:
            offer_prices += [
                Price(board.offers[row].id, price)
                for row, price in zip(block.offers.tolist(), prices.offers.tolist(), strict=True)
                if price
            ]
            ask_prices += [
                Price(board.asks[row].id, price)
                for row, price in zip(block.asks.tolist(), prices.asks.tolist(), strict=True)
                if price
            ]
    for pair in pairs:
        given[pair.offer] += pair.amount
        taken[pair.ask] += pair.amount
    return Assignment(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.ask, pair.offer, not pair.is_fixed))),
        total=total,
        optimal=is_proven,
        unmet=_left(asks, taken),
        unused=_left([offer for offer in offers if offer.kind in rules.shared or not given[offer.id]], given),
        offer_prices=tuple(sorted(offer_prices, key=lambda price: price.id)),
        ask_prices=tuple(sorted(ask_prices, key=lambda price: price.id)),
    )


def _fixed(board: Board) -> list[Pair]:
    pins = board.rules.fixed
    offers = np.array([board.offer_row[pin.offer] for pin in pins], dtype=np.intp)
    asks = np.array([board.ask_row[pin.ask] for pin in pins], dtype=np.intp)
    fits = fits_of(board.measure(offers, asks), board.rules.points)
    return [Pair(pin.offer, pin.ask, pin.amount, fit, is_fixed=True) for pin, fit in zip(pins, fits, strict=True)]


def _left(things: Sequence[Offer | Ask], gone: Counter[str]) -> tuple[Left, ...]:
    rest = ((thing.id, thing.amount - gone[thing.id]) for thing in things)
    return tuple(sorted((Left(name, amount) for name, amount in rest if amount > 0), key=lambda left: left.id))
