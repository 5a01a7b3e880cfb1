"""Groups as a mixture: in each group a statement has a share of its own of agreement and of passing.

Three things keep a group from being an accident. The shares of a group are drawn to those of all groups as if 50 more
people had voted like all (or a third of the votes that a statement has, if that is fewer). What a person passes on
says less about the group than what the person agrees or disagrees with. And people who gave one and the same answer to
everything form no group, they are only laid to the nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from yiting.methods.opinions.votes import Floats, Ints, Votes

MOST_DRAWN: Final = 50.0
PART_DRAWN: Final = 1 / 3
PASS_WEIGHT: Final = 0.15
MOST_ROUNDS: Final = 100
# the rounds end when all gain less than this in log likelihood, or a vote less than that
GAIN: Final = 1e-3
GAIN_A_VOTE: Final = 1e-6
SURE: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Votes laid out for the mixture: a column for each answer to each counted statement, a row a person (`turned`, the
    other way round).

    `formers` weighs those who form groups with 1; `common` are the shares of them all (disagree, pass, agree), to
    which `drawn` votes draw each group.
    """

    table: csr_array
    turned: csc_array
    common: Floats
    formers: Floats
    drawn: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Groups as shares: `scores` adds up to the log likelihood of a person's answers; `weights` is the groups' size."""

    scores: Floats
    weights: Floats
    worth: float

    @property
    def number(self) -> int:
        """How many groups there are."""
        return len(self.weights)


def sheet_of(votes: Votes, rows: Ints) -> Sheet:
    """Lay out the votes of some people on the statements that are counted."""
    width = len(votes.statements)
    chosen = np.zeros(len(votes.participants), bool)
    chosen[rows] = True
    kept = votes.counted[votes.columns] & chosen[votes.rows]
    columns, values = votes.columns[kept], votes.values[kept]
    sizes = np.bincount(votes.rows[kept], minlength=len(votes.participants))[rows]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return sheet_from(columns, values, starts, width)


def sheet_from(columns: NDArray[np.int32], values: NDArray[np.int8], starts: Ints, width: int) -> Sheet:
    """Lay out votes row by row, as they lie in `Votes`."""
    table = csr_array((np.ones(len(values)), 3 * columns + values + 1, starts), shape=(len(starts) - 1, 3 * width))
    formers = (~is_uniform(values, starts)).astype(np.float64)
    counts = np.bincount(table.indices, np.repeat(formers, np.diff(starts)), minlength=3 * width).reshape(width, 3)
    general = (counts.sum(axis=0) + 1) / (counts.sum() + 3)
    common = (counts + 3 * general) / (counts.sum(axis=1, keepdims=True) + 3)
    voted = int((counts.sum(axis=1) > 0).sum())
    drawn = min(MOST_DRAWN, len(values) / max(1, voted) * PART_DRAWN)
    return Sheet(table, table.T, common, formers, drawn)


def is_uniform(values: NDArray[np.int8], starts: Ints) -> NDArray[np.bool_]:
    """Tell who gave one and the same answer to everything; those who gave none are among them."""
    if not len(values):
        return np.ones(len(starts) - 1, bool)
    # how often the answer changed up to each vote; the change from one person to the next lies between the two
    changes = np.concatenate(([0], np.cumsum(values[1:] != values[:-1])))
    first = np.minimum(starts[:-1], len(values) - 1)
    last = np.maximum(starts[1:] - 1, first)
    found: NDArray[np.bool_] = (changes[last] == changes[first]) | (starts[1:] == starts[:-1])
    return found


def fit_from(sheet: Sheet, start: Floats) -> tuple[Fit, Floats]:
    """Improve a start (a row a person, a column a group, rows adding up to 1) by expectation and maximisation.

    Gives the groups, and how likely each person belongs to each of them.
    """
    return fits_from(sheet, [start])[0]


def fits_from(sheet: Sheet, starts: Sequence[Floats], *, most: int = MOST_ROUNDS) -> list[tuple[Fit, Floats]]:
    """Improve several starts side by side, each until it gains no more: every round goes through the votes once."""
    found: dict[int, tuple[Fit, Floats]] = {}
    going, worths = list(range(len(starts))), np.full(len(starts), -np.inf)
    sizes = np.array([start.shape[1] for start in starts])
    shares = np.hstack(starts)
    for turn in range(most):
        begins = np.cumsum(sizes) - sizes
        scores, weights, priors = _fitted(sheet, shares, begins)
        shares, likelihoods = _shares(sheet, scores, weights, begins)
        before, worths = worths, likelihoods + priors
        is_done = (worths - before < max(GAIN, GAIN_A_VOTE * sheet.table.nnz)) | (turn == most - 1)
        for at in np.flatnonzero(is_done).tolist():
            mine = slice(int(begins[at]), int(begins[at] + sizes[at]))
            found[going[at]] = Fit(scores[mine], weights[mine], float(worths[at])), shares[:, mine]
        if is_done.all():
            break
        if is_done.any():
            shares = shares[:, np.repeat(~is_done, sizes)]
            going = [going[at] for at in np.flatnonzero(~is_done)]
            sizes, worths = sizes[~is_done], worths[~is_done]
    return [found[at] for at in range(len(starts))]


def shares_of(sheet: Sheet, fit: Fit) -> Floats:
    """Tell how likely each person belongs to each group."""
    return _shares(sheet, fit.scores, fit.weights, np.zeros(1, np.int64))[0]


def start_of(labels: Ints, number: int) -> Floats:
    """Make a start of a grouping, not quite sure of it."""
    start = np.full((len(labels), number), (1 - SURE) / number)
    start[np.arange(len(labels)), labels] += SURE
    return start


def _fitted(sheet: Sheet, shares: Floats, begins: Ints) -> tuple[Floats, Floats, Floats]:
    """Give the likeliest groups for such shares: scores, weights, and how likely each fit was beforehand (its log).

    The columns of a fit begin at `begins`.
    """
    number, width, drawn = shares.shape[1], len(sheet.common), sheet.drawn
    counts = (sheet.turned @ (shares * sheet.formers[:, None])).T.reshape(number, width, 3)
    against, passed, agreed = counts[:, :, 0], counts[:, :, 1], counts[:, :, 2]
    common_agreed = sheet.common[:, 2] / (sheet.common[:, 0] + sheet.common[:, 2])
    common_passed = sheet.common[:, 1]
    agree = (agreed + drawn * common_agreed) / (agreed + against + drawn)
    passing = (passed + drawn * common_passed) / (agreed + against + passed + drawn)
    yes, no = np.log(agree), np.log1p(-agree)
    silent, spoken = PASS_WEIGHT * np.log(passing), PASS_WEIGHT * np.log1p(-passing)
    scores = np.stack([no + spoken, silent, yes + spoken], axis=2).reshape(number, 3 * width)
    prior = common_agreed * yes + (1 - common_agreed) * no + common_passed * silent + (1 - common_passed) * spoken
    sizes = shares.sum(axis=0) + 1
    totals = np.repeat(np.add.reduceat(sizes, begins), np.diff([*begins, number]))
    return scores, np.log(sizes / totals), drawn * np.add.reduceat(prior.sum(axis=1), begins)


def _shares(sheet: Sheet, scores: Floats, weights: Floats, begins: Ints) -> tuple[Floats, Floats]:
    """Tell how likely each person belongs to each group of each fit, and how likely the votes are in each fit."""
    sizes = np.diff([*begins, len(weights)])
    shares = sheet.table @ scores.T
    shares += weights
    highest = np.maximum.reduceat(shares, begins, axis=1)
    shares -= np.repeat(highest, sizes, axis=1)
    np.exp(shares, out=shares)
    sums = np.add.reduceat(shares, begins, axis=1)
    shares /= np.repeat(sums, sizes, axis=1)
    return shares, (highest + np.log(sums)).T @ sheet.formers
