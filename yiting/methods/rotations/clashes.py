"""Why there is no plan: the smallest sets of wishes that cannot all be kept, in words.

Where a turn finds no host, the turns on its paths and their hosts, all full, prove it (Hall's theorem). A turn that
is stuck by itself needs one wish for each unit, or a fixed host and a wish against that one. Where limits on the
number of turns play a part, the wishes that bear on the turns are left out one by one, and put back where without them
all could be hosted: what is left clashes, and without any one of it would not (deletion filtering; Chinneck and
Dravnieks, Locating minimal infeasible constraint sets in linear programs, 1991). What is left depends on the order,
so two orders are tried, for the turns of the proof and for all turns, and the smallest set is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from yiting.methods.rotations.balance import Unhosted
from yiting.methods.rotations.board import NOBODY, Board, eligible_under, most_under
from yiting.methods.rotations.wishes import Bar, Wish

MOST_CLASHES: Final = 20
MOST_NAMED: Final = 10


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
    """Explain turns without a host; at most `MOST_CLASHES` clashes, the smallest first.

    Turns that by themselves have no host for the same wishes are one clash. Of the clashes that come from limits only
    the first is told: the others mostly name the same limits again.
    """
    against = _against(board)
    alone: dict[tuple[int, ...], list[int]] = {}
    for row in (case.row for case in unhosted if len(case.rows) == 1):
        told = next((wishes for wishes in alone if _covers(board, against[row], wishes)), None)
        if told is None and len(alone) < MOST_CLASHES:
            told = _fewest_against(board, against[row])
        if told is not None:
            alone.setdefault(told, []).append(row)
    clashes = [_clash(board, wishes, rows) for wishes, rows in alone.items()]
    together = next((case for case in unhosted if len(case.rows) > 1), None)
    if together is not None:
        by_themselves = {row for rows in alone.values() for row in rows}
        others = [row for row in range(len(board.turns)) if row not in by_themselves]
        proofs = [_Stuck(board, together.rows), _Stuck(board, others)]
        wishes, stuck = min(((stuck.smallest(), stuck) for stuck in proofs), key=lambda proof: len(proof[0]))
        clashes.append(_clash(board, wishes, stuck.rows))
    return tuple(sorted(clashes, key=lambda clash: (len(clash.wishes), clash.text)))


# The wishes that bar units from one turn: the columns that each bars, by the number of the wish on the board.
_Against = dict[int, NDArray[np.intp]]


def _against(board: Board) -> list[_Against]:
    """What stands against each turn; a unit that may host nothing at all is barred from every one."""
    found: list[_Against] = [{} for _ in board.turns]
    for at, bar in enumerate(board.bars):
        if bar.most is None or bar.most == 0:
            for row in np.unique(bar.rows).tolist():
                found[row][at] = bar.columns[bar.rows == row]
    return found


def _covers(board: Board, against: _Against, wishes: Collection[int]) -> bool:
    """Do these wishes by themselves bar all units?"""
    barred = np.zeros(len(board.units), dtype=bool)
    for at in wishes:
        if at in against:
            barred[against[at]] = True
    return bool(barred.all())


def _fewest_against(board: Board, against: _Against) -> tuple[int, ...]:
    """The fewest wishes that bar all units: a fixed host with one more, or one for each unit."""
    fixed = [at for at in against if board.bars[at].wish.kind == "fixed"]
    for pin in fixed:
        other = next((at for at in against if _covers(board, against, (pin, at))), None)
        if other is not None:
            return tuple(sorted((pin, other)))
    widest: dict[int, int] = {}
    # The one that bars the most turns is the likeliest to explain others as well.
    for at in sorted(against, key=lambda at: (-len(board.bars[at].rows), at)):
        if at not in fixed:
            widest.setdefault(int(against[at][0]), at)
    return tuple(sorted(widest.values()))


class _Stuck:
    """Turns that cannot all be hosted, and the wishes that bear on them by their number on the board."""

    def __init__(self, board: Board, rows: Sequence[int]) -> None:
        self.rows = rows
        self._shape = (len(rows), len(board.units))
        self._bars: dict[int, Bar] = {}
        here = np.full(len(board.turns), NOBODY, dtype=np.intp)
        here[list(rows)] = np.arange(len(rows))
        for at, bar in enumerate(board.bars):
            bears = here[bar.rows] != NOBODY
            if bears.any():
                self._bars[at] = Bar(bar.wish, here[bar.rows[bears]], bar.columns[bears], bar.most)

    def smallest(self) -> tuple[int, ...]:
        """The smaller of the sets that come of leaving out the narrow wishes first, and the wide ones first."""
        narrow = sorted(self._bars, key=lambda at: (len(self._bars[at].rows), at))
        return min((self._filtered(order) for order in (narrow, narrow[::-1])), key=lambda kept: (len(kept), kept))

    def can_be_hosted(self, wishes: Collection[int]) -> bool:
        """Is there a host for every one of the turns while only these wishes are kept?"""
        bars = [self._bars[at] for at in wishes]
        eligible, most = eligible_under(bars, *self._shape), most_under(bars, *self._shape)
        free = most >= len(eligible)
        # Whoever has no limit takes all that it may; the others have a seat for every turn that they may take.
        left = eligible[~eligible[:, free].any(axis=1)][:, ~free]
        seats = csr_array(np.repeat(left, most[~free], axis=1))
        if seats.shape[0] > seats.shape[1]:
            return False
        return bool((maximum_bipartite_matching(seats, perm_type="column") != NOBODY).all())

    def _filtered(self, order: Sequence[int]) -> tuple[int, ...]:
        kept = dict.fromkeys(order)
        for at in order:
            del kept[at]
            if self.can_be_hosted(kept):
                kept[at] = None
        return tuple(sorted(kept))


def _clash(board: Board, wishes: Sequence[int], rows: Sequence[int]) -> Clash:
    named = tuple(board.bars[at].wish for at in wishes)
    activities = [activity for row in rows for activity in board.turns[row].activities]
    days = ", ".join(f"{activity.id} ({activity.day})" for activity in activities[:MOST_NAMED])
    if len(activities) > MOST_NAMED:
        days += f" and {len(activities) - MOST_NAMED} more"
    reasons = "; ".join(wish.text for wish in named)
    short = "too few hosts for" if any(wish.kind == "most" for wish in named) else "no host for"
    return Clash(tuple(activity.id for activity in activities), named, f"{short} {days} while {reasons}")
