"""Why there is no plan: the smallest sets of wishes that cannot all be kept, in words.

Where a turn finds no host, the turns on its paths and their hosts, all full, prove it (Hall's theorem). The wishes
that bear on those turns are then left out one by one, and back in where without them all could be hosted: what is
left clashes, and without any one of it would not (deletion filtering; Chinneck and Dravnieks, Locating minimal
infeasible constraint sets in linear programs, 1991). What is left depends on the order, so four orders are tried and
the smallest set is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiting.methods.rotations.balance import Balance, Loads, Unhosted
from yiting.methods.rotations.board import Board, eligible_under, most_under
from yiting.methods.rotations.wishes import Bar, Wish

MOST_CLASHES: Final = 20


@dataclass(frozen=True, slots=True)
class Clash:
    """Wishes that cannot all be kept, and the activities that would go without a host if they were."""

    activities: tuple[str, ...]
    wishes: tuple[Wish, ...]
    text: str


class RotationImpossible(Exception):
    """No plan keeps all wishes; `clashes` names the wishes of which one at least must give way."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__("; ".join(clash.text for clash in clashes))
        self.clashes = clashes


def clashes_of(board: Board, unhosted: Sequence[Unhosted]) -> tuple[Clash, ...]:
    """Explain turns without a host; at most `MOST_CLASHES` clashes, the smallest first."""
    found: dict[tuple[int, ...], set[int]] = {}
    known: dict[tuple[tuple[int, ...], int], tuple[int, ...]] = {}
    for case in unhosted:
        rows = np.array(case.rows)
        bearing = tuple(at for at, bar in enumerate(board.bars) if np.isin(bar.rows, rows).any())
        # Turns barred by the same wishes alone clash in the same way.
        alike = (bearing, len(rows))
        if alike not in known or len(rows) > 1:
            if len(found) == MOST_CLASHES:
                continue
            known[alike] = _smallest(board, rows, bearing)
        found.setdefault(known[alike], set()).update(case.rows)
    clashes = [_clash(board, wishes, sorted(rows)) for wishes, rows in found.items()]
    return tuple(sorted(clashes, key=lambda clash: (len(clash.wishes), clash.text)))


def _smallest(board: Board, rows: np.ndarray, bearing: Sequence[int]) -> tuple[int, ...]:
    widths = {at: int(np.isin(board.bars[at].rows, rows).sum()) for at in bearing}
    orders = (
        sorted(bearing, key=lambda at: (widths[at], at)),
        sorted(bearing, key=lambda at: (-widths[at], at)),
        sorted(bearing),
        sorted(bearing, reverse=True),
    )
    return min((_filtered(board, rows, order) for order in orders), key=lambda kept: (len(kept), kept))


def _filtered(board: Board, rows: np.ndarray, order: Sequence[int]) -> tuple[int, ...]:
    kept = list(order)
    for at in order:
        without = [other for other in kept if other != at]
        if not _can_be_hosted(board, rows, [board.bars[other] for other in without]):
            kept = without
    return tuple(sorted(kept))


def _can_be_hosted(board: Board, rows: np.ndarray, bars: Sequence[Bar]) -> bool:
    turns, units = board.eligible.shape
    eligible = eligible_under(bars, turns, units)[rows]
    none = np.zeros(units, dtype=np.int64)
    balance = Balance(eligible, Loads(none, none, most_under(bars, turns, units)))
    balance.fill(lambda _, columns: int(columns[0]))
    return not balance.unhosted


def _clash(board: Board, wishes: Sequence[int], rows: Sequence[int]) -> Clash:
    named = tuple(board.bars[at].wish for at in wishes)
    activities = [activity for row in rows for activity in board.turns[row].activities]
    days = ", ".join(f"{activity.id} ({activity.day})" for activity in activities)
    reasons = "; ".join(wish.text for wish in named)
    short = "too few hosts for" if any(wish.kind == "most" for wish in named) else "no host for"
    return Clash(tuple(activity.id for activity in activities), named, f"{short} {days} while {reasons}")
