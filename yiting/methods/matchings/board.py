"""The problem in numbers: offers and asks in an order of their own, split into blocks that share nothing.

Both are put in the order of their lots (the SHA-256 of the id), so that nothing depends on the order of the lists
and no name has the better end of the alphabet. A block holds the kinds that can stand in for one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from yiting.methods.matchings.fit import Ints, Measures, Side, kind_points, measure, side_of
from yiting.methods.matchings.problem import Ask, Offer, Rules

# Pairs looked at in one go.
AT_ONCE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Board:
    """Offers and asks in the order of their lots, and what is free of them once the fixed pairs are taken off."""

    offers: tuple[Offer, ...]
    asks: tuple[Ask, ...]
    rules: Rules
    kinds: tuple[str, ...]
    kind_points: Ints
    offer_side: Side
    ask_side: Side
    offer_free: Ints
    ask_free: Ints
    offer_row: dict[str, int]
    ask_row: dict[str, int]

    def measure(self, offers: NDArray[np.intp], asks: NDArray[np.intp]) -> Measures:
        """Measure pairs, the offers and asks at the same places of both lists."""
        return measure(self.offer_side.take(offers), self.ask_side.take(asks), self.kind_points)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the board that can be solved alone.

    `offers` and `asks` are its rows of the board. `fit[j, i]` are the points of ask j with offer i, 0 where the two may
    not be matched. `supply` and `demand` are what may be given and taken, all 1 where kinds are used whole.
    """

    offers: NDArray[np.intp]
    asks: NDArray[np.intp]
    fit: NDArray[np.int16]
    weight: Ints
    supply: Ints
    demand: Ints
    is_shared: bool

    def values(self, asks: slice | NDArray[np.intp]) -> Ints:
        """What one unit given to each of these asks (rows) by each offer (columns) is worth; 0 for no pair."""
        return self.fit[asks].astype(np.int64) * self.weight[asks, None]

    def chunks(self) -> list[slice]:
        """The asks in runs that are handled at one go."""
        step = max(1, AT_ONCE // max(1, len(self.offers)))
        return [slice(begin, begin + step) for begin in range(0, len(self.asks), step)]


def lot_of(name: str) -> tuple[bytes, str]:
    """Where a name stands in the order of lots."""
    return hashlib.sha256(name.encode()).digest(), name


def board_of(offers: Sequence[Offer], asks: Sequence[Ask], rules: Rules) -> Board:
    """Put offers and asks in their order; fixed pairs whose offer or ask is not there are left out of account."""
    ordered = tuple(sorted(offers, key=lambda offer: lot_of(offer.id)))
    asked = tuple(sorted(asks, key=lambda ask: lot_of(ask.id)))
    offer_row = {offer.id: row for row, offer in enumerate(ordered)}
    ask_row = {ask.id: row for row, ask in enumerate(asked)}
    kinds = tuple(sorted({offer.kind for offer in ordered} | {ask.kind for ask in asked}))
    code_of = {kind: code for code, kind in enumerate(kinds)}
    offer_free = np.array([offer.amount for offer in ordered], dtype=np.int64)
    ask_free = np.array([ask.amount for ask in asked], dtype=np.int64)
    for pin in rules.fixed:
        if pin.offer in offer_row:
            row = offer_row[pin.offer]
            offer_free[row] = offer_free[row] - pin.amount if ordered[row].kind in rules.shared else 0
        if pin.ask in ask_row:
            row = ask_row[pin.ask]
            ask_free[row] = max(0, ask_free[row] - pin.amount) if asked[row].kind in rules.shared else 0
    return Board(
        offers=ordered,
        asks=asked,
        rules=rules,
        kinds=kinds,
        kind_points=kind_points(kinds, rules),
        offer_side=side_of(ordered, code_of),
        ask_side=side_of(asked, code_of),
        offer_free=offer_free,
        ask_free=ask_free,
        offer_row=offer_row,
        ask_row=ask_row,
    )


def blocks_of(board: Board) -> list[Block]:
    """Split what is free into blocks of kinds that can stand in for one another; blocks with one side are left out."""
    count, group = connected_components(csr_array(board.kind_points), directed=False)
    found = []
    for number in range(count):
        offers = np.flatnonzero((group[board.offer_side.kind] == number) & (board.offer_free > 0))
        asks = np.flatnonzero((group[board.ask_side.kind] == number) & (board.ask_free > 0))
        if not len(offers) or not len(asks):
            continue
        is_shared = board.kinds[int(board.offer_side.kind[offers[0]])] in board.rules.shared
        found.append(
            Block(
                offers=offers,
                asks=asks,
                fit=fit_table(board, offers, asks),
                weight=np.array([board.asks[row].weight for row in asks.tolist()], dtype=np.int64),
                supply=board.offer_free[offers] if is_shared else np.ones(len(offers), dtype=np.int64),
                demand=board.ask_free[asks] if is_shared else np.ones(len(asks), dtype=np.int64),
                is_shared=is_shared,
            )
        )
    return found


def fit_table(board: Board, offers: NDArray[np.intp], asks: NDArray[np.intp]) -> NDArray[np.int16]:
    """The points of these asks (rows) with these offers (columns), 0 where they may not be matched."""
    table = np.zeros((len(asks), len(offers)), dtype=np.int16)
    step = max(1, AT_ONCE // max(1, len(offers)))
    there, wanted = board.offer_side.take(offers), board.ask_side.take(asks)
    for begin in range(0, len(asks), step):
        rows = slice(begin, begin + step)
        meets = (
            (board.kind_points[there.kind[None, :], wanted.kind[rows, None]] > 0)
            & (there.first[None, :] <= wanted.last[rows, None])
            & (there.last[None, :] >= wanted.first[rows, None])
        )
        at, columns = np.nonzero(meets)
        measures = board.measure(offers[columns], asks[rows][at])
        points = sum(measures.points(board.rules.points))
        if board.rules.furthest is not None:
            points = np.where(measures.metres <= board.rules.furthest, points, 0)
        table[rows][at, columns] = points
    _exclude(board, table, offers, asks)
    return table


def _exclude(board: Board, table: NDArray[np.int16], offers: NDArray[np.intp], asks: NDArray[np.intp]) -> None:
    column_of = {board.offers[row].id: column for column, row in enumerate(offers.tolist())}
    row_of = {board.asks[row].id: at for at, row in enumerate(asks.tolist())}
    for offer, ask in board.rules.excluded:
        if offer in column_of and ask in row_of:
            table[row_of[ask], column_of[offer]] = 0
