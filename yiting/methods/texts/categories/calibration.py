"""Scores to honest probabilities, from scores of texts that were held out; and where to begin to be sure.

Vector scaling (C. Guo et al., "On calibration of modern neural networks", 2017): one temperature for all classes and
an offset for each, by maximum likelihood, held near a plain start where there are few texts.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

Doubles = NDArray[np.float64]

PRECISION: Final = 0.95
"""A threshold is put where this share of the held-out texts above it were right."""
LEAST_SURE: Final = 0.5
_START: Final = 1.5
_RARE: Final = 0.5
"""Texts of a class count by its size to minus this: a little more for a small one, lest a large one swallow it."""
_PENALTY: Final = 2.0
_FEWEST_SURE: Final = 20
_BINS: Final = 15


def scaling_fit(scores: Doubles, classes: NDArray[np.int64]) -> Doubles:
    """Return the factor of all scores, then an offset for each class, so that softmax(factor · scores + offsets) fits.

    `scores` (texts x classes) are of held-out texts; with none, the plain start is returned.
    """
    start = np.zeros(scores.shape[1] + 1)
    start[0] = np.log(_START)
    if len(scores) == 0:
        return np.concatenate(([_START], start[1:]))
    truth = np.zeros(scores.shape)
    truth[np.arange(len(classes)), classes] = 1.0
    counts = np.bincount(classes, minlength=scores.shape[1])
    counted = (counts[classes] ** -_RARE)[:, None]
    counted *= len(classes) / counted.sum()

    def loss(at: Doubles) -> tuple[float, Doubles]:
        raised = scores * np.exp(at[0]) + at[1:]
        apart = at - start
        missed = counted * (softmax(raised, axis=1) - truth)
        unlikely = logsumexp(raised, axis=1, keepdims=True) - np.sum(truth * raised, axis=1, keepdims=True)
        value = float(np.sum(counted * unlikely)) + _PENALTY / 2 * float(apart @ apart)
        slope = np.concatenate(([np.sum(missed * scores) * np.exp(at[0])], missed.sum(axis=0)))
        return value, slope + _PENALTY * apart

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return np.concatenate(([np.exp(found[0])], found[1:]))


def scaled(scores: Doubles, scaling: Doubles) -> Doubles:
    """Return the probabilities of the classes, each row adding up to 1."""
    return np.asarray(softmax(scores * scaling[0] + scaling[1:], axis=1))


def threshold_of(probabilities: Doubles, right: NDArray[np.bool_]) -> float:
    """Return the lowest threshold, 0.5 or more, above which PRECISION of the held-out answers were right; else 0.9."""
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # only where the next answer is less probable does a threshold cut
    cuts = np.append(sorted_probabilities[1:] < sorted_probabilities[:-1], True) if len(order) else np.zeros(0, bool)
    enough = cuts & (precision >= PRECISION) & (np.arange(1, len(order) + 1) >= _FEWEST_SURE)
    if not enough.any():
        return 0.9
    return float(max(LEAST_SURE, np.floor(sorted_probabilities[np.flatnonzero(enough)[-1]] * 1e4) / 1e4))


def calibration_error(probabilities: Doubles, right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error, 0 to 1: how far fifteen bands of probability lie from what came true."""
    bands = np.minimum((probabilities * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(bands, weights=probabilities - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / max(len(probabilities), 1))
