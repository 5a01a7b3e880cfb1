"""What is counted of a plan, in whole numbers, the less the better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiting.methods.rotations.board import Board, Ints


@dataclass(frozen=True, slots=True)
class Measures:
    """How good a plan is.

    `spread` is the greatest standing less the least, where a standing is the turns of past and plan less the
    whole turns of the share. `running` counts turns that follow one of the same host. `repeats` counts, over
    all hosts and kinds, the pairs of activities of that kind with that host. `changes` counts the activities
    that have another host than in the earlier plan.
    """

    spread: int
    running: int
    repeats: int
    changes: int


def measures_of(board: Board, host: Ints) -> Measures:
    """Count a whole plan; `host` holds the column of each turn's unit."""
    rows = np.arange(len(host))
    standing = standings(board, host)[board.present]
    follows = board.after[:-1] & (host[:-1] == host[1:]) if len(host) else board.after
    had = kinds_had(board, host)
    return Measures(
        spread=int(standing.max() - standing.min()) if len(standing) else 0,
        running=int(follows.sum() + board.beside[rows, host].sum()),
        repeats=int((had * (had - 1) // 2).sum()),
        changes=int(board.moved[rows, host].sum()),
    )


def standings(board: Board, host: Ints) -> Ints:
    """How far each unit stands ahead of the whole turns of its share once the plan is held."""
    standing: Ints = board.ahead + np.bincount(host, minlength=len(board.units))
    return standing


def kinds_had(board: Board, host: Ints) -> Ints:
    """How many activities of each kind each unit hosts, those of the past included."""
    had = board.had.copy()
    np.add.at(had, host, board.kinds)
    return had
