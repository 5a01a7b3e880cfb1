"""Greedy rules: what is worth most for its cost first, and whatever still fits.

With satisfaction by cost that is the order of votes, with one point a project the order of votes per cost.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import numpy as np

from yiting.methods.allocations.board import Board
from yiting.methods.allocations.results import Tie


def greedy(board: Board, ties: list[Tie], *, before: list[int]) -> list[int]:
    """Choose by what all voters gain for the cost, skipping what does not fit; begin with those chosen before."""
    worth = [Fraction(score * board.factors[at], board.costs[at]) for at, score in enumerate(board.scores)]
    open_ = sorted((at for at in range(len(worth)) if at not in before), key=lambda at: (-worth[at], board.rank[at]))
    chosen = list(before)
    left = board.budget - sum(board.costs[at] for at in before)
    for _, equal in groupby(open_, key=worth.__getitem__):
        waiting = list(equal)
        while waiting:
            waiting = [at for at in waiting if board.costs[at] <= left and board.room.lets(at, chosen)]
            if waiting:
                best = board.first(waiting, ties)
                waiting.remove(best)
                chosen.append(best)
                left -= board.costs[best]
    return chosen


def greedy_covering(board: Board, ties: list[Tie], *, before: list[int]) -> list[int]:
    """Choose by what voters gain beyond the best they have so far (Chamberlin and Courant), for the cost."""
    chosen = list(before)
    best = np.zeros(len(board.weights))
    for at in before:
        rows = board.rows_by_project[at]
        best[rows] = np.maximum(best[rows], board.points_by_project[at])
    left = board.budget - sum(board.costs[at] for at in before)
    open_ = [at for at in range(len(board.costs)) if at not in before]
    while True:
        open_ = [at for at in open_ if board.costs[at] <= left and board.room.lets(at, chosen)]
        if not open_:
            return chosen
        worth = {}
        for at in open_:
            more = np.maximum(board.points_by_project[at] - best[board.rows_by_project[at]], 0)
            worth[at] = Fraction(int(more @ board.weights_by_project[at]), board.costs[at])
        most = max(worth.values())
        project = board.first([at for at in open_ if worth[at] == most], ties)
        rows = board.rows_by_project[project]
        best[rows] = np.maximum(best[rows], board.points_by_project[project])
        open_.remove(project)
        chosen.append(project)
        left -= board.costs[project]
