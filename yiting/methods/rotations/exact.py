"""The best of the fairest plans by mixed-integer programming (HiGHS), one objective after the other.

The fairest plans are a face of an integral polytope (`Balance.face`), so their linear programme is whole by itself;
only the wish that no two turns run makes it branch. Each objective is solved to a gap of zero and then held while the
next is solved. Limits are counted in nodes, so that a slow machine gives the same plan; only what would take
unreasonably long is cut off by the clock, and is then called unproven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from yiting.methods.rotations.balance import Face
from yiting.methods.rotations.board import Board, Ints

# More open pairs of turn and unit than these are left to the heuristic.
MOST_OPEN: Final = 20_000
# Lots are drawn up to here: their programme has one best plan, which takes longer to find than to prove the rest.
MOST_DRAWN: Final = 2_000
_NODES: Final = 2_000
_SECONDS: Final = 60.0
_INFEASIBLE: Final = 2
_ROUND_OFF: Final = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A solution of least cost, proven to be so or not; no solution, proven, means that there is none."""

    x: Floats | None
    value: int
    is_proven: bool


class _Model:
    """Variables 0 or 1 for the open pairs, then the helpers of each objective, and the rows that bind them."""

    def __init__(self, board: Board, face: Face) -> None:
        self._board = board
        self.rows, self.columns = np.nonzero(face.open)
        self._upper: list[Floats] = [np.ones(len(self.rows))]
        self._matrices: list[csr_array] = []
        self._lows: list[Floats] = []
        self._highs: list[Floats] = []
        self._at = np.full(face.open.shape, -1, dtype=np.int64)
        self._at[self.rows, self.columns] = np.arange(len(self.rows))
        each = np.arange(len(self.rows))
        turns, units = face.open.shape
        self._bind(csr_array((np.ones(len(each)), (self.rows, each)), shape=(turns, len(each))), 1, 1)
        loads = csr_array((np.ones(len(each)), (self.columns, each)), shape=(units, len(each)))
        self._bind(loads, face.low, face.high)

    @property
    def size(self) -> int:
        """The number of variables."""
        return sum(map(len, self._upper))

    def solve(self, cost: Floats) -> _Answer:
        """Minimise a whole-number cost; helpers that came after it cost nothing."""
        cost = np.pad(cost, (0, self.size - len(cost)))
        matrices = [hstack([m, csr_array((m.shape[0], self.size - m.shape[1]))]) for m in self._matrices]
        rows = LinearConstraint(vstack(matrices, format="csr"), np.concatenate(self._lows), np.concatenate(self._highs))
        found = milp(
            cost,
            integrality=np.ones(self.size, dtype=np.int64),
            bounds=Bounds(0, np.concatenate(self._upper)),
            constraints=rows,
            # Presolve spends seconds on the row that holds an objective, and saves none.
            options={"mip_rel_gap": 0.0, "node_limit": _NODES, "time_limit": _SECONDS, "presolve": False},
        )
        if found.x is None:
            return _Answer(None, 0, is_proven=found.status == _INFEASIBLE)
        x = np.round(found.x)
        value = round(float(cost @ x))
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
        return _Answer(x, value, is_proven=np.ceil(bound - _ROUND_OFF * max(1.0, abs(bound))) >= value)

    def hold(self, cost: Floats, value: int) -> None:
        """Keep a cost at what was reached from now on."""
        self._bind(csr_array(cost.reshape(1, -1)), -np.inf, value)

    def host(self, x: Floats) -> Ints:
        """Read the plan out of a solution."""
        host = np.zeros(len(self._board.turns), dtype=np.int64)
        chosen = x[: len(self.rows)] > 0.5
        host[self.rows[chosen]] = self.columns[chosen]
        return host

    def pair_cost(self, table: Ints) -> Floats:
        """The cost of a plan that sums up a table of turns and units."""
        cost = np.zeros(self.size)
        cost[: len(self.rows)] = table[self.rows, self.columns]
        return cost

    def forbid_running(self) -> None:
        """Let no unit host two turns running."""
        first, second = self._followers()
        pairs = np.concatenate([first, second])
        which = np.tile(np.arange(len(first)), 2)
        self._bind(csr_array((np.ones(len(pairs)), (which, pairs)), shape=(len(first), self.size)), -np.inf, 1)
        self._upper[0][self._board.beside[self.rows, self.columns] > 0] = 0

    def running_cost(self) -> Floats:
        """The cost that counts turns running: a helper for each pair of followers is 1 when both are chosen."""
        first, second = self._followers()
        start = self._helpers(len(first), 1)
        which = np.arange(len(first))
        entries = np.concatenate([np.ones(2 * len(first)), -np.ones(len(first))])
        places = (np.tile(which, 3), np.concatenate([first, second, start + which]))
        self._bind(csr_array((entries, places), shape=(len(first), self.size)), -np.inf, 1)
        cost = self.pair_cost(self._board.beside)
        cost[start:] = 1
        return cost

    def repeats_cost(self, high: Ints) -> Floats:
        """The cost that counts pairs of one kind with one host: the n-th activity of a kind adds n - 1 pairs."""
        kinds, had = self._board.kinds, self._board.had
        most = np.sort(kinds, axis=0)[::-1].cumsum(axis=0) if len(kinds) else kinds
        steps: list[tuple[int, int, int]] = []
        for unit in np.unique(self.columns).tolist():
            for kind in np.flatnonzero(kinds.sum(axis=0)).tolist():
                limit = int(most[min(int(high[unit]), len(most)) - 1, kind]) if high[unit] else 0
                steps += [(unit, kind, int(had[unit, kind]) + step) for step in range(limit)]
        start = self._helpers(len(steps), 1)
        row_of: dict[tuple[int, int], int] = {}
        which = np.array([row_of.setdefault((unit, kind), len(row_of)) for unit, kind, _ in steps], dtype=np.int64)
        entries, across, down = [-np.ones(len(steps))], [start + np.arange(len(steps))], [which]
        for (unit, kind), row in row_of.items():
            mine = np.flatnonzero((self.columns == unit) & (kinds[self.rows, kind] > 0))
            entries.append(kinds[self.rows[mine], kind].astype(float))
            across.append(mine)
            down.append(np.full(len(mine), row))
        matrix = csr_array(
            (np.concatenate(entries), (np.concatenate(down), np.concatenate(across))), shape=(len(row_of), self.size)
        )
        self._bind(matrix, 0, 0)
        cost = np.zeros(self.size)
        cost[start:] = [pairs for _, _, pairs in steps]
        return cost

    def _followers(self) -> tuple[Ints, Ints]:
        """The variables of one unit on two turns that follow one another."""
        rows = np.flatnonzero(self._board.after)
        first, second = self._at[rows], self._at[rows + 1]
        both = (first >= 0) & (second >= 0)
        return first[both], second[both]

    def _helpers(self, count: int, upper: float) -> int:
        start = self.size
        self._upper.append(np.full(count, upper))
        return start

    def _bind(self, matrix: csr_array, low: object, high: object) -> None:
        count = matrix.shape[0]
        self._matrices.append(matrix)
        self._lows.append(np.broadcast_to(np.asarray(low, dtype=float), (count,)))
        self._highs.append(np.broadcast_to(np.asarray(high, dtype=float), (count,)))


def best_on_face(board: Board, face: Face) -> Ints | None:
    """The host of each turn in a plan that is proven to be best; None when a limit was reached before the proof."""
    if not len(board.turns):
        return np.zeros(0, dtype=np.int64)
    model = _Model(board, face)
    model.forbid_running()
    best = _in_stages(model, board, face)
    if best.x is None and best.is_proven:
        # Some turns must run.
        model = _Model(board, face)
        running = model.running_cost()
        least = model.solve(running)
        if least.x is None or not least.is_proven:
            return None
        model.hold(running, least.value)
        best = _in_stages(model, board, face)
    return None if best.x is None or not best.is_proven else model.host(best.x)


def _in_stages(model: _Model, board: Board, face: Face) -> _Answer:
    """Minimise what comes after running, then the lots; the first answer without a proof or a plan ends it."""
    stages = [model.repeats_cost(face.high)]
    if board.problem.previous:
        stages.insert(0, model.pair_cost(board.moved))
    for stage in stages:
        best = model.solve(stage)
        if best.x is None or not best.is_proven:
            return best
        model.hold(stage, best.value)
    if len(model.rows) <= MOST_DRAWN:
        drawn = model.solve(model.pair_cost(board.lots()))
        return best if drawn.x is None else _Answer(drawn.x, drawn.value, is_proven=True)
    return best
