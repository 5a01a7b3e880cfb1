"""Softmax regression with an offset: learns what is to be added to scores that one has already."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.special import softmax

from yiting.methods.texts.grams import Floats

_PENALTY: Final = 0.15
_STEPS: Final = 120
_POWER_STEPS: Final = 15
_MANY_CASES: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Weights of each class for the columns that the cases had; other columns say nothing."""

    columns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    weights: Floats
    """One row a class, one column for each of `columns`, and last the class's own."""

    def said(self, row: sparse.csr_array) -> Floats:
        """Return what each column of the one-row matrix `row` adds to the score of each class."""
        found = np.searchsorted(self.columns, row.indices)
        known = (found < len(self.columns)) & (self.columns[np.minimum(found, len(self.columns) - 1)] == row.indices)
        said = np.where(known, self.weights[:, np.where(known, found, 0)], 0.0) * row.data
        return np.asarray(said, dtype=np.float64)

    @property
    def own(self) -> Floats:
        """Return what is added to the score of each class whatever the text."""
        return np.asarray(self.weights[:, -1])


def regression_fit(matrix: sparse.csr_array, offsets: Floats, classes: list[int]) -> Regression:
    """Learn weights so that softmax(`offsets` + rows · weights) gives the `classes` of the rows.

    `offsets` has a row for each row of `matrix` and a column for each class; classes without a case stay near
    their offset. The weights are held small, so that few cases change little.
    """
    found_columns, times = np.unique(matrix.indices, return_counts=True)
    # What only one of many cases has teaches nothing about the others, and is most of the columns.
    columns = found_columns[times > (1 if len(classes) >= _MANY_CASES else 0)].astype(np.int64)
    ones = sparse.csr_array(np.ones((len(classes), 1)))
    cases = sparse.csr_array(sparse.hstack([sparse.csr_array(matrix[:, columns]), ones], format="csr"))
    truth = np.zeros(offsets.shape)
    truth[np.arange(len(classes)), classes] = 1.0
    step = 1.0 / (_curvature(cases) / 2 + _PENALTY)
    weights = ahead = np.zeros((int(offsets.shape[-1]), len(columns) + 1))
    # Nesterov's accelerated descent for a strongly convex loss: a fixed number of steps, the same every time.
    root = math.sqrt(step * _PENALTY)
    momentum = (1 - root) / (1 + root)
    across = sparse.csr_array(cases.T)
    for _ in range(_STEPS):
        gradient = (across @ (softmax(offsets + cases @ ahead.T, axis=1) - truth)).T + _PENALTY * ahead
        before, weights = weights, ahead - step * gradient
        ahead = weights + momentum * (weights - before)
    return Regression(columns, np.asarray(weights, dtype=np.float64))


def _curvature(cases: sparse.csr_array) -> float:
    """Return the greatest eigenvalue of cases' · cases, from a few steps of power iteration, rounded up."""
    direction = np.ones(cases.shape[-1])
    size = 1.0
    for _ in range(_POWER_STEPS):
        direction = cases.T @ (cases @ (direction / np.linalg.norm(direction)))
        size = float(np.linalg.norm(direction))
    return 1.1 * size
