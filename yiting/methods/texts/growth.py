"""Does something grow? Two Poisson rates compared, and many such questions asked at once."""

from collections.abc import Sequence

import numpy as np
from scipy.special import betainc


def growth_p_value(lately: int, before: int, *, days_lately: float, days_before: float) -> float:
    """Return how likely so many `lately` are, or more, if the rate is still that of `before`; 0 to 1.

    The conditional test of two Poisson rates (J. Przyborowski and H. Wilenski, "Homogeneity of results in testing
    samples from Poisson series", 1940): of all that happened the share that did lately is binomial, with the share
    of the days. Refuses negative numbers and days that are not above 0 with ValueError.
    """
    if lately < 0 or before < 0 or not (days_lately > 0 and days_before > 0):
        raise ValueError("Numbers must be 0 or more and days above 0.")
    if lately == 0:
        return 1.0
    # the upper tail of the binomial distribution is an incomplete beta function
    return float(betainc(lately, before + 1, days_lately / (days_lately + days_before)))


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """Return for each p-value the least share of false alarms at which it would be among those raised; 0 to 1.

    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate" (1995). The order makes no difference.
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")[::-1]
    ranks = np.arange(len(values), 0, -1)
    steps = np.minimum.accumulate(values[order] * len(values) / np.maximum(ranks, 1))
    found = np.empty_like(values)
    found[order] = np.minimum(steps, 1.0)
    return [float(value) for value in found]
