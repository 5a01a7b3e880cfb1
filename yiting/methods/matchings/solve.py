"""The best flow of a block, exactly, and whole prices that prove it.

Most pairs of a large block never matter. So each ask and each offer begins with the few that are worth most to it;
the problem on these pairs is solved, prices are found, and the pairs that the prices do not rule out are looked for
among all of them and added, until there is none (column generation, Ford and Fulkerson 1958). What is then best of
the few is best of all.

A kind used whole is an assignment problem (Kuhn 1955, Munkres 1957), solved by shortest augmenting paths on the
sparse pairs (Jonker and Volgenant 1987; `scipy.sparse.csgraph.min_weight_full_bipartite_matching`); everybody may
stay alone. A kind shared out is a transportation problem (Hitchcock 1941), solved as a linear programme by HiGHS:
its matrix is totally unimodular, so the corner it ends in is whole (Hoffman and Kruskal 1956).

Prices do not come from the solvers, whose numbers are floating. They are the least whole numbers that the flow
allows, found by passing on what must be paid from pair to pair (Bellman and Ford); there are none if the flow is
not the best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from yiting.methods.matchings.board import AT_ONCE, Block
from yiting.methods.matchings.fit import Ints

# Up to so many pairs all are taken at once; above, each ask and offer begins with so many, each ask is given so many
# more a round, and so many on average for each ask and offer are kept.
FEW: Final = 20_000
BEGIN_WITH: Final = 16
ADD: Final = 8
KEEP: Final = 8
# Prices are near the last ones if fewer than this part (one in so many) of the pairs are new.
NEAR: Final = 4
# Among equals, each ask prefers others: two primes and the number of ranks.
_SPREAD: Final = (7919, 104_729, 1024)
# The interior point method with its step to a corner is the faster, the simplex method the surer.
SOLVERS: Final = ("highs-ipm", "highs-ds")


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes where: row of the ask, column of the offer, and how much, all of one length."""

    asks: NDArray[np.intp]
    offers: NDArray[np.intp]
    amount: Ints


@dataclass(frozen=True, slots=True)
class Prices:
    """What one unit of each offer and of each ask is worth at the margin."""

    offers: Ints
    asks: Ints


class NotSolved(RuntimeError):
    """The solver gave no whole answer; this should not happen for what `problem_check` lets pass."""


def best_flow(block: Block, *, few: int = FEW) -> tuple[Flow, Prices | None]:
    """The flow of the greatest worth, with prices that prove it, or None if there are none."""
    keys = _all_pairs(block) if block.fit.size <= few else _most_worth(block)
    near: Prices | None = None
    worth = 0
    while True:
        pairs = _Pairs(block, keys)
        flow = pairs.share() if block.is_shared else pairs.match(near)
        prices = pairs.prices(flow)
        if prices is None or block.fit.size <= few:
            return flow, prices
        missing = _missing(block, prices)
        if not len(missing):
            return flow, prices
        near = prices if len(missing) * NEAR < len(keys) else None
        if pairs.worth(flow) > worth:
            # only then may pairs be let go, or it might go round in a circle
            worth = pairs.worth(flow)
            keys = pairs.closest(prices)
        keys = np.union1d(keys, missing)


def _all_pairs(block: Block) -> Ints:
    """Every pair that may be matched; a pair is written row of the ask * number of offers + column of the offer."""
    return np.flatnonzero(block.fit).astype(np.int64)


def _most_worth(block: Block) -> Ints:
    """The pairs that are worth most to each ask and to each offer."""
    count = len(block.offers)
    found = []
    for chunk in block.chunks():
        rows, columns = _best(block.values(chunk), BEGIN_WITH)
        found.append((rows + chunk.start) * count + columns)
    step = max(1, AT_ONCE // len(block.asks))
    for begin in range(0, count, step):
        columns, rows = _best((block.fit[:, begin : begin + step] * block.weight[:, None]).T, BEGIN_WITH)
        found.append(rows * count + columns + begin)
    return np.unique(np.concatenate(found))


def _missing(block: Block, prices: Prices) -> Ints:
    """The pairs by which asks would gain most at these prices; none if the prices hold for all pairs."""
    found = [np.zeros(0, dtype=np.int64)]
    for chunk in block.chunks():
        gain = block.values(chunk)
        gain -= prices.offers[None, :]
        gain -= prices.asks[chunk, None]
        some = np.flatnonzero((gain > 0).any(axis=1))
        rows, columns = _best(gain[some], ADD)
        found.append((some[rows] + chunk.start) * len(block.offers) + columns)
    return np.concatenate(found)


def _best(gain: Ints, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of the greatest gains of each row, if above 0; among equals each row prefers others."""
    height, width = gain.shape
    if width > most:
        rank = (np.arange(height)[:, None] * _SPREAD[0] + np.arange(width)[None, :] * _SPREAD[1]) % _SPREAD[2]
        columns = np.argpartition(gain * _SPREAD[2] + rank, -most, axis=1)[:, -most:]
    else:
        columns = np.tile(np.arange(width), (height, 1))
    rows = np.repeat(np.arange(height), columns.shape[1])
    columns = columns.ravel()
    gains = gain[rows, columns] > 0
    return rows[gains], columns[gains]


class _Pairs:
    """A block in which only some pairs may be used."""

    def __init__(self, block: Block, keys: Ints) -> None:
        self._block = block
        self._keys = keys
        self._asks, self._offers = np.divmod(keys, max(1, len(block.offers)))
        self._value = block.fit[self._asks, self._offers] * block.weight[self._asks]
        self._shape = (len(block.asks), len(block.offers))

    def worth(self, flow: Flow) -> int:
        """What a flow is worth."""
        block = self._block
        each = (block.fit[flow.asks, flow.offers] * block.weight[flow.asks]).tolist()
        return sum(one * amount for one, amount in zip(each, flow.amount.tolist(), strict=True))

    def lack(self, prices: Prices) -> Ints:
        """How much less each pair is worth than its prices; 0 for those in use."""
        return prices.asks[self._asks] + prices.offers[self._offers] - self._value

    def closest(self, prices: Prices) -> Ints:
        """The pairs that lack least, so many on average for each ask and offer."""
        most = KEEP * sum(self._shape)
        return np.sort(self._keys[np.argsort(self.lack(prices), kind="stable")[:most]])

    def match(self, near: Prices | None) -> Flow:
        """Match one to one. Who stays alone is matched with a stand-in of its own, at no gain.

        Where prices near those that are sought are known, each pair counts as what it lacks to them, so that most are
        settled at once. Then both sides have stand-ins, and those of two that are matched are matched as well.
        """
        if near is not None:
            return self._match_near(near)
        rows, columns, turned = self._asks, self._offers, self._shape[0] > self._shape[1]
        if turned:
            rows, columns = columns, rows
        few, many = sorted(self._shape)
        alone = np.arange(few)
        cost = np.concatenate((-self._value, np.zeros(few, dtype=np.int64)))
        row, column = _cheapest(
            cost, np.concatenate((rows, alone)), np.concatenate((columns, many + alone)), (few, many + few)
        )
        row, column = row[column < many], column[column < many]
        return self._one_each(*((column, row) if turned else (row, column)))

    def _match_near(self, prices: Prices) -> Flow:
        height, width = self._shape
        ask, offer = np.arange(height), np.arange(width)
        lack = self.lack(prices)
        row, column = _cheapest(
            np.concatenate((lack, prices.asks, prices.offers, np.zeros_like(lack))),
            np.concatenate((self._asks, ask, height + offer, height + self._offers)),
            np.concatenate((self._offers, width + ask, offer, width + self._asks)),
            (height + width, height + width),
        )
        matched = (row < height) & (column < width)
        return self._one_each(row[matched], column[matched])

    def _one_each(self, asks: NDArray[np.intp], offers: NDArray[np.intp]) -> Flow:
        return Flow(asks, offers, np.ones(len(asks), dtype=np.int64))

    def share(self) -> Flow:
        """Share out amounts."""
        block, count = self._block, len(self._value)
        if not count:
            return Flow(self._asks, self._offers, self._value)
        each, ones = np.arange(count), np.ones(count)
        takes = csr_array((ones, (self._asks, each)), shape=(self._shape[0], count))
        gives = csr_array((ones, (self._offers, each)), shape=(self._shape[1], count))
        limits = vstack((takes, gives), format="csr")
        free = np.concatenate((block.demand, block.supply)).astype(float)
        for method in SOLVERS:
            # the stubs know of no sparse table
            answer = linprog(-self._value.astype(float), A_ub=limits, b_ub=free, method=method)  # type: ignore[call-overload]
            if answer.x is None:
                continue
            amount = np.rint(answer.x).astype(np.int64)
            used = np.flatnonzero(amount)
            flow = Flow(self._asks[used], self._offers[used], amount[used])
            if is_possible(block, flow):
                return flow
        raise NotSolved("no solver gave whole amounts that add up")

    def prices(self, flow: Flow) -> Prices | None:
        """The least whole prices that agree with the flow; None if there are none, which is if it is not the best.

        An ask that is not full pays nothing, nor is an offer paid that is not used up; each pair in use shares its
        worth out between its two, and no pair that is not would gain.
        """
        block = self._block
        given, taken = added_up(block, flow)
        is_left = given < block.supply
        worth = block.fit[flow.asks, flow.offers] * block.weight[flow.asks]
        ceiling = np.where(taken < block.demand, 0, np.iinfo(np.int64).max)
        order = np.argsort(self._offers, kind="stable")
        asks, offers, value = self._asks[order], self._offers[order], self._value[order]
        wanted, begins = np.unique(offers, return_index=True)
        paid = np.zeros(self._shape[1], dtype=np.int64)
        for _ in range(self._shape[1] + 1):
            own = ceiling.copy()
            np.minimum.at(own, flow.asks, worth - paid[flow.offers])
            due = paid.copy()
            if len(begins):
                due[wanted] = np.maximum(paid[wanted], np.maximum.reduceat(value - own[asks], begins))
            if (own < 0).any() or (due[is_left] > 0).any():
                return None
            if (due == paid).all():
                return Prices(paid, own)
            paid = due
        return None


def _cheapest(
    cost: Ints, rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Match every row at the least cost; costs are raised so that all are above 0, as the sparse solver wants them."""
    above = (cost - cost.min() + 1).astype(float)
    row, column = min_weight_full_bipartite_matching(csr_array((above, (rows, columns)), shape=shape))
    return row.astype(np.intp), column.astype(np.intp)


def added_up(block: Block, flow: Flow) -> tuple[Ints, Ints]:
    """What each offer gives and what each ask takes."""
    given, taken = np.zeros(len(block.offers), dtype=np.int64), np.zeros(len(block.asks), dtype=np.int64)
    np.add.at(given, flow.offers, flow.amount)
    np.add.at(taken, flow.asks, flow.amount)
    return given, taken


def is_possible(block: Block, flow: Flow) -> bool:
    """Does the flow use only pairs that may be matched, and no more than there is on either side?"""
    given, taken = added_up(block, flow)
    return bool(
        (flow.amount > 0).all()
        and (block.fit[flow.asks, flow.offers] > 0).all()
        and (given <= block.supply).all()
        and (taken <= block.demand).all()
    )


def proves(block: Block, flow: Flow, prices: Prices) -> bool:
    """Do the prices prove that no flow is worth more? Decided in whole numbers, over every pair of the block.

    Complementary slackness: prices are not negative; no pair is worth more than its two prices; a pair in use is worth
    just as much; and what is not used up or not full has the price 0.
    """
    if not is_possible(block, flow) or (prices.offers < 0).any() or (prices.asks < 0).any():
        return False
    given, taken = added_up(block, flow)
    worth = block.fit[flow.asks, flow.offers] * block.weight[flow.asks]
    return bool(
        (worth == prices.offers[flow.offers] + prices.asks[flow.asks]).all()
        and not prices.offers[given < block.supply].any()
        and not prices.asks[taken < block.demand].any()
        and all(
            (block.values(chunk) <= prices.offers[None, :] + prices.asks[chunk, None]).all() for chunk in block.chunks()
        )
    )
