"""The plane of opinions: principal components of votes of which most are missing.

A missing vote is taken for the mean of its statement, so that, once the means are taken off, it is 0 and the table
stays sparse. A person's place is stretched by the root of (statements / votes), since someone who voted seldom would
otherwise stand in the middle for that alone. This is how Polis draws its map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from yiting.methods.opinions.votes import Floats, Votes

DENSE_SIDE = 12
GOLDEN = 0.6180339887498949
TURNS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """`axes` has two rows, a column a statement; `places` a row a participant; `means` are those of the statements."""

    axes: Floats
    places: Floats
    means: Floats


def plane_of(votes: Votes, *, near: Floats | None = None) -> Plane:
    """Lay everybody on the plane of the two widest differences in how the counted statements were voted on.

    `near` are axes that were right a few votes ago: they are turned to the new ones instead of finding these anew.

    As in Polis, votes on a statement that is not counted are taken for 0, by everybody; statements nobody voted on do
    not exist.
    """
    people, width = len(votes.participants), len(votes.statements)
    counted = votes.counted
    voted = np.bincount(votes.columns, minlength=width)
    sums = np.bincount(votes.columns, weights=votes.values, minlength=width)
    means = np.where(counted & (voted > 0), sums / np.maximum(1, voted), 0.0)
    rest = np.where(counted[votes.columns], votes.values - means[votes.columns], 0.0)
    table = csr_array((rest, votes.columns, votes.starts), shape=(people, width))
    axes = axes_of(table, 2) if near is None else _turned(table, near)
    exist = voted > 0
    given = np.bincount(votes.rows, weights=counted[votes.columns], minlength=people) + (exist & ~counted).sum()
    stretch = np.sqrt(exist.sum() / np.maximum(1, given))
    return Plane(axes, (table @ axes.T) * stretch[:, None], means)


def axes_of(table: csr_array, number: int) -> Floats:
    """Find the principal axes, the widest first, each pointing to where its longest coordinate is positive."""
    axes = np.zeros((number, table.shape[1]))
    if not table.data.any():
        return axes
    if min(table.shape) <= DENSE_SIDE:
        found = np.linalg.svd(table.toarray(), full_matrices=False)
        lengths, vectors = found.S, found.Vh
    else:
        # a start that is neither at right angles to an axis by symmetry nor left to chance
        start = 1.0 + np.modf(np.arange(min(table.shape)) * GOLDEN)[0]
        _, lengths, vectors = svds(table, k=number, v0=start, tol=1e-9)
        order = np.argsort(-lengths, kind="stable")
        lengths, vectors = lengths[order], vectors[order]
    real = lengths[:number] > 1e-9
    axes[: len(real)][real] = vectors[:number][real]
    longest = np.abs(axes).argmax(axis=1)
    return axes * np.where(axes[np.arange(number), longest] < 0, -1.0, 1.0)[:, None]


def _turned(table: csr_array, axes: Floats) -> Floats:
    """Turn axes to the principal ones near them, by a few rounds of orthogonal iteration."""
    across = axes.T
    for _ in range(TURNS):
        across = np.linalg.qr(table.T @ (table @ across)).Q
    _, lengths, mixed = np.linalg.svd(table @ across, full_matrices=False)
    turned = (mixed @ across.T) * (lengths > 1e-9)[:, None]
    # they point the way they pointed before
    return turned * np.where((turned * axes).sum(axis=1) < 0, -1.0, 1.0)[:, None]
