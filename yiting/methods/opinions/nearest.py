"""Groups as Polis makes them: k-means on the plane from a fixed start, the number of groups by the silhouette."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist

from yiting.methods.opinions.votes import Floats, Ints

MOST_ROUNDS = 300
CLOSE = 1e-4
# more distinct places than this are put into cells for the silhouette: its work grows with their square
MOST_PLACES = 4096
CELLS = 64
BLOCK = 256


def groups_nearest(places: Floats, numbers: Sequence[int]) -> Ints:
    """Group places around means, for each number of groups; give the grouping with the widest silhouette.

    The first places in the order of their coordinates are the start, as in Polis. Numbers above that of distinct
    places are left out; if none remains, all is one group.
    """
    distinct = np.unique(places, axis=0)
    tried = [
        _means(places, distinct[:number]) for number in numbers if number <= len(distinct) and number < len(places)
    ]
    tried = [labels for labels in tried if len(np.unique(labels)) > 1]
    if not tried:
        return np.zeros(len(places), np.int64)
    if len(tried) == 1:
        return tried[0]
    return tried[int(np.argmax(silhouettes(places, tried)))]


def _means(places: Floats, start: Floats) -> Ints:
    """Lloyd's rounds, until no label changes or the means hardly move."""
    middle = places.mean(axis=0)
    at, means = np.ascontiguousarray((places - middle).T), start - middle
    near = CLOSE * float(at.var(axis=1).mean())
    labels = np.full(len(places), -1)
    for _ in range(MOST_ROUNDS):
        before, labels = labels, _labels(at, means)
        moved = _moved(at, labels, means)
        shift, means = float(((moved - means) ** 2).sum()), moved
        if (labels == before).all():
            return labels
        if shift <= near:
            break
    return _labels(at, means)


def _labels(at: Floats, means: Floats) -> Ints:
    # argmin walks rows of two to five numbers; comparing whole columns is several times as fast
    best = np.zeros(at.shape[1], np.int64)
    least = _distance(at, means[0])
    for number, mean in enumerate(means[1:], 1):
        distance = _distance(at, mean)
        best[distance < least] = number
        np.minimum(least, distance, out=least)
    return best


def _distance(at: Floats, mean: Floats) -> Floats:
    found: Floats = at[0] * (-2.0 * mean[0]) + at[1] * (-2.0 * mean[1]) + (mean @ mean)
    return found


def _moved(at: Floats, labels: Ints, means: Floats) -> Floats:
    """Give the means of the labels; a group that lost everybody takes the place farthest from its own mean."""
    number = len(means)
    sizes = np.bincount(labels, minlength=number).astype(float)
    sums = np.stack([np.bincount(labels, weights=axis, minlength=number) for axis in at], axis=1)
    empty = np.flatnonzero(sizes == 0)
    if len(empty):
        far = np.argsort(-((at.T - means[labels]) ** 2).sum(axis=1), kind="stable")[: len(empty)]
        for group, place in zip(empty, far, strict=True):
            sizes[group], sums[group] = 1, at[:, place]
            sizes[labels[place]] -= 1
            sums[labels[place]] -= at[:, place]
    found: Floats = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], means)
    return found


def silhouettes(places: Floats, groupings: Sequence[Ints]) -> list[float]:
    """Give the mean silhouette of each grouping, in memory that grows with the number of places only.

    People who stand on the same place are counted together. Where there are more than 4,096 places they are gathered
    into cells of a 64th of the width, and the silhouette is that of the cells.
    """
    cells, cell = np.unique(places, axis=0, return_inverse=True)
    if len(cells) > MOST_PLACES:
        low, high = places.min(axis=0), places.max(axis=0)
        parts = np.minimum(((places - low) / np.maximum(high - low, 1e-300) * CELLS).astype(np.int64), CELLS - 1)
        _, cell = np.unique(parts[:, 0] * CELLS + parts[:, 1], return_inverse=True)
        sizes = np.bincount(cell)
        cells = np.stack([np.bincount(cell, weights=axis) / sizes for axis in places.T], axis=1)
    cell = cell.reshape(-1)
    crowds = [_crowds(cell, labels, len(cells)) for labels in groupings]
    sums = _sums(cells, np.concatenate(crowds, axis=1))
    edges = np.cumsum([0, *(crowd.shape[1] for crowd in crowds)])
    return [
        _silhouette(sums[:, first:last], crowd)
        for first, last, crowd in zip(edges[:-1], edges[1:], crowds, strict=True)
    ]


def _crowds(cell: Ints, labels: Ints, cells: int) -> Floats:
    """Count the people of each cell in each group."""
    groups = int(labels.max()) + 1
    return np.bincount(cell * groups + labels, minlength=cells * groups).reshape(cells, groups).astype(float)


def _sums(cells: Floats, crowds: Floats) -> Floats:
    """Sum the distances from each cell to all people of each group."""
    found = np.empty(crowds.shape)
    # sparse, for most of it is 0, and a product this thin is slowed by the threads of BLAS
    across = csr_array(crowds.T)
    for first in range(0, len(cells), BLOCK):
        rows = slice(first, first + BLOCK)
        found[rows] = np.asarray(across @ cdist(cells, cells[rows])).T
    return found


def _silhouette(sums: Floats, crowd: Floats) -> float:
    sizes = crowd.sum(axis=0)
    total = 0.0
    for group, size in enumerate(sizes):
        here = crowd[:, group]
        if size <= 1:
            continue
        own = sums[:, group] / (size - 1)
        others = [sums[:, other] / sizes[other] for other in range(len(sizes)) if other != group and sizes[other]]
        next_best = np.min(others, axis=0)
        wide = np.maximum(own, next_best)
        total += float((here * np.divide(next_best - own, wide, out=np.zeros_like(wide), where=wide > 0)).sum())
    return total / float(sizes.sum())
