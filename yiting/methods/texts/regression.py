"""Softmax regression with an offset: learns what is to be added to scores that one has already."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize, sparse
from scipy.special import log_softmax, softmax

from yiting.methods.texts.grams import Floats

_PENALTY: Final = 0.15
_MOST_STEPS: Final = 150


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Weights of each class for the columns that the cases had; other columns say nothing."""

    columns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    weights: Floats
    """One row a class, one column for each of `columns`, and last the class's own."""

    def said(self, row: sparse.csr_array) -> Floats:
        """Return what each column of the one-row matrix `row` adds to the score of each class."""
        found = np.searchsorted(self.columns, row.indices)
        known = (found < len(self.columns)) & (
            self.columns[np.minimum(found, len(self.columns) - 1)] == row.indices
        )
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
    columns = np.unique(matrix.indices).astype(np.int64)
    ones = sparse.csr_array(np.ones((len(classes), 1)))
    cases = sparse.csr_array(sparse.hstack([sparse.csr_array(matrix[:, columns]), ones], format="csr"))
    truth = np.zeros(offsets.shape)
    truth[np.arange(len(classes)), classes] = 1.0
    shape = (int(offsets.shape[-1]), len(columns) + 1)

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        scores = offsets + cases @ weights.T
        value = -float((truth * log_softmax(scores, axis=1)).sum()) + _PENALTY / 2 * float(flat @ flat)
        gradient = (cases.T @ (softmax(scores, axis=1) - truth)).T + _PENALTY * weights
        return value, np.asarray(gradient).ravel()

    start = np.zeros(shape[0] * shape[1])
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return Regression(columns, np.asarray(found.x, dtype=np.float64).reshape(shape))
