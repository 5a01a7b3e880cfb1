"""From pairs that are alike to groups that are: everybody is compared with the leader, so none is a chain."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from yiting.methods.texts.duplicates.banding import Judge, Pairs


def clusters(size: int, links: Pairs, rank: NDArray[np.uint64], judge: Judge) -> NDArray[np.int64]:
    """Return for each of `size` rows the row that leads its cluster, by `links` that hold.

    Of what hangs together the row with most links leads (the least `rank` of several); whoever does not belong with
    it is left to the next round, in which new leaders are found among the rest. Neither the order of `links` nor that
    of the rows makes a difference as long as ranks differ.
    """
    leader = np.arange(size, dtype=np.int64)
    while len(links):
        rows, ends = np.unique(links, return_inverse=True)
        ends = ends.reshape(links.shape)
        leads = _leaders(len(rows), ends, rank[rows])
        led = np.flatnonzero(leads != np.arange(len(rows)))
        direct = np.isin(_numbers(led, leads[led]), np.concatenate([_numbers(*ends.T), _numbers(*ends[:, ::-1].T)]))
        asked = np.sort(np.stack([rows[led], rows[leads[led]]], axis=1)[~direct], axis=1)
        belongs = direct.copy()
        belongs[~direct] = judge(asked)
        leader[rows[led[belongs]]] = rows[leads[led[belongs]]]
        left = np.zeros(len(rows), dtype=np.bool_)
        left[led[~belongs]] = True
        links = links[left[ends].all(axis=1)]
    return leader


def _leaders(size: int, ends: NDArray[np.int64], rank: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The leader of what each row hangs together with."""
    ones = np.ones(len(ends), dtype=np.int8)
    _, parts = connected_components(sparse.coo_array((ones, tuple(ends.T)), shape=(size, size)), directed=False)
    links = np.bincount(ends.ravel(), minlength=size)
    order = np.lexsort((rank, -links, parts))
    first = order[np.concatenate(([True], parts[order][1:] != parts[order][:-1]))]
    return first[parts].astype(np.int64)


def _numbers(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    return (a << 32) | b
