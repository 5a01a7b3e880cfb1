"""Linear support vector machines, one for each class against the rest, on weights of the classes' own telling terms.

The loss is the squared hinge (R.-E. Fan et al., "LIBLINEAR", 2008). Each term is first scaled by how much oftener it
stands in texts of the class (S. Wang and C. Manning, "Baselines and bigrams", 2012). The minimum is found by
limited-memory BFGS (J. Nocedal, 1980), all classes at once, in a bounded number of steps.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yiting.methods.texts.categories.vectors import Floats, Rows

STRICTNESS: Final = 0.25
"""How dear a text on the wrong side is against large weights: the C of support vector machines."""
MEMBERS: Final = 2.0
"""How much dearer a text of the class is than one of the many others."""
_STEPS: Final = 30
_MEMORY: Final = 8
_GRADIENT: Final = 1e-3
_ENOUGH: Final = 1e-4
_SHORTEST: Final = 1e-4

Objective = Callable[[Floats], tuple[float, Floats]]


def telling(rows: Rows, classes: NDArray[np.int64], count: int) -> Floats:
    """Return how much each term tells of each class: |log ratio| of its share in and out of it, terms x classes."""
    inside = np.ones((rows.shape[1], count))
    for number in range(count):
        inside[:, number] += np.bincount(rows[classes == number].indices, minlength=rows.shape[1])
    outside = inside.sum(axis=1, keepdims=True) - inside
    ratio = np.log((inside / inside.sum(axis=0)) / (outside / outside.sum(axis=0)))
    return np.asarray(np.abs(ratio), dtype=np.float32)


def machines_fit(
    rows: Rows,
    classes: NDArray[np.int64],
    count: int,
    *,
    scale: Floats | None = None,
    strictness: float = STRICTNESS,
    members: float = MEMBERS,
    steps: int = _STEPS,
    gradient: float = _GRADIENT,
) -> Floats:
    """Return weights, (terms + 1) x classes, float32, the last row a class's own: score = rows · weights + own.

    `rows` is float32; `classes` (0 to `count` - 1) has one number a row; `scale` multiplies terms before they are
    weighed. Minimises |v|²/2 + strictness · sum of dear · max(0, 1 - y · score)², where weights = scale · v;
    y is 1 in the class and -1 out of it, dear is `members` in the class and 1 out of it.
    """
    ones = sparse.csr_array(np.ones((rows.shape[0], 1), dtype=np.float32))
    cases = sparse.csr_array(sparse.hstack([rows, ones], format="csr"), dtype=np.float32)
    across = sparse.csr_array(cases.T)
    sides = -np.ones((len(classes), count), dtype=np.float32)
    sides[np.arange(len(classes)), classes] = 1.0
    dear = np.where(sides > 0, np.float32(strictness * members), np.float32(strictness))
    shape = (int(cases.shape[1]), count)
    scales = np.ones(shape, dtype=np.float32)
    if scale is not None:
        scales[:-1] = scale

    def objective(flat: Floats) -> tuple[float, Floats]:
        inner = flat.reshape(shape)
        short = np.maximum(0, 1 - sides * (cases @ (inner * scales)))
        pull = -2 * dear * sides * short
        slope = inner + scales * (across @ pull)
        loss = 0.5 * float(np.vdot(flat, flat)) + float(np.sum(dear * short * short, dtype=np.float64))
        return loss, np.asarray(slope, dtype=np.float32).ravel()

    flat = _descend(objective, np.zeros(shape[0] * shape[1], dtype=np.float32), steps, gradient)
    return np.asarray(flat.reshape(shape) * scales, dtype=np.float32)


def _descend(objective: Objective, here: Floats, steps: int, gradient: float) -> Floats:
    """Go down `objective` until its slope is `gradient` of what it was, for `steps` steps at most."""
    loss, slope = objective(here)
    begun = float(np.linalg.norm(slope))
    memory: deque[tuple[Floats, Floats, float]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        if float(np.linalg.norm(slope)) <= gradient * begun:
            break
        way = _direction(slope, memory)
        downhill = float(np.vdot(slope, way))
        length = 1.0
        there = here - way
        new_loss, new_slope = objective(there)
        while new_loss > loss - _ENOUGH * length * downhill and length > _SHORTEST:
            length /= 2
            there = here - np.float32(length) * way
            new_loss, new_slope = objective(there)
        if new_loss >= loss:
            break
        moved, turned = there - here, new_slope - slope
        bend = float(np.vdot(moved, turned))
        if bend > 0:
            memory.append((moved, turned, bend))
        here, loss, slope = there, new_loss, new_slope
    return here


def _direction(slope: Floats, memory: deque[tuple[Floats, Floats, float]]) -> Floats:
    way = slope.copy()
    shares: list[float] = []
    for moved, turned, bend in reversed(memory):
        share = float(np.vdot(moved, way)) / bend
        shares.append(share)
        way -= np.float32(share) * turned
    if memory:
        _, turned, bend = memory[-1]
        way *= np.float32(bend / float(np.vdot(turned, turned)))
    else:
        way /= np.float32(max(1.0, float(np.linalg.norm(slope))))
    for (moved, turned, bend), share in zip(memory, reversed(shares), strict=True):
        way += np.float32(share - float(np.vdot(turned, way)) / bend) * moved
    return way
