"""How alike two texts are, told by what of the one is not in the other.

A copy, however carelessly edited, has something of the original everywhere. Two messages that share a sentence
(letters are full of them) have stretches that have nothing in common. So what counts is not how much is shared but
how much lies in stretches without a trace, weighed by how telling the runs there are: a greeting says nothing.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.duplicates.banding import Pairs
from yiting.methods.texts.duplicates.signing import CODES, Signed

STRETCH: Final = 12
"""Runs in a stretch."""
TRACE: Final = 1 / 6
"""The part of a stretch's runs from which on it has a trace in the other text; by chance it is about a tenth."""

LEAST_SKETCHED: Final = 0.22
"""Below this likeness of their sketches two texts are not compared: it is far below that of two careless copies."""
MOST_STRANGE: Final = 0.11
"""Up to this part of a text's weight may be without a trace in its copy: a greeting, a closing line."""
LEAST_SHARED: Final = 0.35
"""At least this part of a text's runs is in its copy; of short texts more, up to SHARED_OF_SHORT."""
SHARED_OF_SHORT: Final = 0.8
SHORT: Final = 150
"""Runs from which on a text is not short at all, times about three."""

_PAIRS_AT_ONCE: Final = 8_192
_RUNS_AT_ONCE: Final = 1_000_000
_BITS: Final = 12
_SHIFT: Final = np.uint16(CODES.bit_length() - 1 - _BITS)


def run_weights(counts: NDArray[np.int64], texts: int) -> NDArray[np.float32]:
    """How telling each run is, 0 (in nearly every text) to 1 (in one of twenty thousand, or never), by its
    number among `counts` in so many `texts`."""
    rarest = max(2.0, min(texts, 20_000.0))
    texts = max(texts, 1)
    share = np.maximum(counts, texts / rarest) / texts
    weights: NDArray[np.float32] = np.clip(-np.log(np.minimum(share, 1.0)) / np.log(rarest), 0.02, 1.0)
    return weights.astype(np.float32)


def alike(
    signed: Signed, pairs: Pairs, weights: NDArray[np.float32], *, most_strange: float = MOST_STRANGE
) -> NDArray[np.bool_]:
    """Which of the pairs are copies of one another: both ways little is strange and much is shared."""
    near = np.flatnonzero(may_be_alike(signed.sketches, pairs))
    for one, other in ((0, 1), (1, 0)):
        order = near[np.argsort(pairs[near, other], kind="stable")]
        found = [
            _is_within(signed, pairs[some, one], pairs[some, other], weights, most_strange)
            for some in _few_at_once(order, np.diff(signed.starts), pairs)
        ]
        near = order[np.concatenate(found)] if found else order
    result = np.zeros(len(pairs), dtype=np.bool_)
    result[near] = True
    return result


def may_be_alike(sketches: NDArray[np.uint8], pairs: Pairs) -> NDArray[np.bool_]:
    """Which of the pairs are worth being compared, by their sketches."""
    return sketched(sketches, pairs) >= LEAST_SKETCHED


def sketched(sketches: NDArray[np.uint8], pairs: Pairs) -> NDArray[np.float64]:
    """About how much of their runs the texts of each pair share, out of those of both."""
    parts = [
        np.count_nonzero(sketches[some[:, 0]] == sketches[some[:, 1]], axis=1)
        for start in range(0, len(pairs), _PAIRS_AT_ONCE)
        for some in [pairs[start : start + _PAIRS_AT_ONCE]]
    ]
    return np.concatenate(parts) / sketches.shape[1] if parts else np.zeros(0)


def _few_at_once(order: NDArray[np.int64], lengths: NDArray[np.int64], pairs: Pairs) -> Iterator[NDArray[np.int64]]:
    """Cut `order` (of pairs) where so many pairs or so many runs have come together, whichever is first."""
    runs = np.cumsum(lengths[pairs[order, 0]] + lengths[pairs[order, 1]])
    done = 0
    while done < len(order):
        before = runs[done - 1] if done else 0
        enough = int(np.searchsorted(runs, before + _RUNS_AT_ONCE))
        upto = min(max(done + 1, enough), done + _PAIRS_AT_ONCE)
        yield order[done:upto]
        done = upto


def _is_within(
    signed: Signed, texts: NDArray[np.int64], others: NDArray[np.int64], weights: NDArray[np.float32], limit: float
) -> NDArray[np.bool_]:
    """Is each of `texts` to be found in the one of `others` beside it?"""
    strange, shared = strangeness(signed, texts, others, weights)
    # of a short text little chance likeness is left out of account, so more must be shared
    lengths = signed.starts[texts + 1] - signed.starts[texts]
    return (strange <= limit) & (shared >= np.maximum(LEAST_SHARED, SHARED_OF_SHORT - lengths / SHORT))


def strangeness(
    signed: Signed, texts: NDArray[np.int64], others: NDArray[np.int64], weights: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Look up the runs of each of `texts` in the one of `others` (in order) beside it; two numbers a pair, 0 to 1.

    The first is the weight of the stretches that have no trace in the other text, out of the whole text's weight; the
    second is the share of the runs that the other text has. `texts` must not be empty ones.
    """
    has = _table(signed, others)
    lengths = signed.starts[texts + 1] - signed.starts[texts]
    begins = np.cumsum(lengths) - lengths
    at = np.repeat(signed.starts[texts] - begins, lengths) + np.arange(lengths.sum())
    codes = signed.codes[at]
    there = has[np.repeat(_numbered(others), lengths), codes >> _SHIFT]
    stretches = np.maximum(1, lengths // STRETCH)
    first = np.cumsum(stretches) - stretches
    cuts = np.repeat(begins, stretches) + (np.arange(stretches.sum()) - np.repeat(first, stretches)) * STRETCH
    weight = np.add.reduceat(weights[codes], cuts)
    traces = np.add.reduceat(there, cuts, dtype=np.int32)
    runs = np.diff(np.concatenate((cuts, [len(codes)])))
    without = np.add.reduceat(np.where(traces <= runs * TRACE, weight, 0), first) / np.add.reduceat(weight, first)
    had = np.add.reduceat(traces, first) / lengths
    return without.astype(np.float32), had.astype(np.float32)


def _table(signed: Signed, texts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which runs each different one of `texts` has, by the first bits of codes: one in forty is there by chance."""
    different = texts[np.concatenate(([True], texts[1:] != texts[:-1]))]
    lengths = signed.starts[different + 1] - signed.starts[different]
    begins = np.cumsum(lengths) - lengths
    at = np.repeat(signed.starts[different] - begins, lengths) + np.arange(lengths.sum())
    table = np.zeros((len(different), 1 << _BITS), dtype=np.bool_)
    table[np.repeat(np.arange(len(different)), lengths), signed.codes[at] >> _SHIFT] = True
    return table


def _numbered(texts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(np.concatenate(([False], texts[1:] != texts[:-1])))
