"""The few candidates that suit one ask, or one offer, best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yiting.methods.matchings.assign import Pair
from yiting.methods.matchings.board import Board, board_of, fit_table
from yiting.methods.matchings.fit import Ints, fits_of
from yiting.methods.matchings.problem import PLAIN, Ask, Offer, Rules, rules_check, things_check


def suggestions_for_ask(ask: Ask, offers: Sequence[Offer], *, rules: Rules = PLAIN, most: int = 5) -> tuple[Pair, ...]:
    """The offers that fit this ask best, the best first, with what each could give it now.

    Amounts that are fixed are taken off before, and an offer of which nothing is left is not suggested. Among equals
    the order of lots decides. Fixed and excluded pairs may name others than those given here.
    """
    board = _board(offers, [ask], rules)
    if board is None:
        return ()
    rows = np.flatnonzero(board.offer_free)
    points = fit_table(board, rows, np.zeros(1, dtype=np.intp))[0]
    return _best(board, rows, np.zeros(len(rows), dtype=np.intp), points.astype(np.int64), most)


def suggestions_for_offer(
    offer: Offer, asks: Sequence[Ask], *, rules: Rules = PLAIN, most: int = 5
) -> tuple[Pair, ...]:
    """The asks that this offer suits best, by fit times weight; otherwise as `suggestions_for_ask`."""
    board = _board([offer], asks, rules)
    if board is None:
        return ()
    rows = np.flatnonzero(board.ask_free)
    points = fit_table(board, np.zeros(1, dtype=np.intp), rows)[:, 0]
    weight = np.array([board.asks[row].weight for row in rows.tolist()], dtype=np.int64)
    return _best(board, np.zeros(len(rows), dtype=np.intp), rows, points * weight, most)


def _board(offers: Sequence[Offer], asks: Sequence[Ask], rules: Rules) -> Board | None:
    """The board of what may go together by kind; None where nothing is free on one side."""
    things_check("offers", offers)
    things_check("asks", asks)
    rules_check(rules)
    offered, asked = {offer.kind for offer in offers}, {ask.kind for ask in asks}
    meeting = {(kind, kind) for kind in offered} | rules.kindred
    gives = {give for give, take in meeting if take in asked}
    takes = {take for give, take in meeting if give in offered}
    board = board_of(
        [offer for offer in offers if offer.kind in gives], [ask for ask in asks if ask.kind in takes], rules
    )
    return board if board.offer_free.any() and board.ask_free.any() else None


def _best(board: Board, offers: NDArray[np.intp], asks: NDArray[np.intp], worth: Ints, most: int) -> tuple[Pair, ...]:
    order = np.argsort(-worth, kind="stable")[: max(0, most)]
    order = order[worth[order] > 0]
    offers, asks = offers[order], asks[order]
    fits = fits_of(board.measure(offers, asks), board.rules.points)
    amounts = np.minimum(board.offer_free[offers], board.ask_free[asks])
    return tuple(
        Pair(board.offers[offer].id, board.asks[ask].id, amount, fit, is_fixed=False)
        for offer, ask, amount, fit in zip(offers.tolist(), asks.tolist(), amounts.tolist(), fits, strict=True)
    )
