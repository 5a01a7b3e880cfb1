"""Groups keep their identity: a group has the number of the earlier group that most of it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from yiting.methods.opinions.votes import Ints


def numbers_of(people: Sequence[str], labels: Ints, earlier: Mapping[str, int]) -> dict[int, int]:
    """Give each label a number for good.

    The pair of a label and an earlier group that shares most people is joined first, and so on; a label that shares
    nobody gets a number no earlier group had. Without earlier groups the largest is 0.
    """
    sizes = np.bincount(labels)
    first = {int(label): at for at, label in reversed(list(enumerate(labels)))}
    by_size = sorted(first, key=lambda label: (-int(sizes[label]), first[label]))
    shared = Counter((int(label), earlier[name]) for name, label in zip(people, labels, strict=True) if name in earlier)
    found: dict[int, int] = {}
    for (label, number), _ in sorted(
        shared.items(), key=lambda item: (-item[1], item[0][1], by_size.index(item[0][0]))
    ):
        if label not in found and number not in found.values():
            found[label] = number
    fresh = max(earlier.values(), default=-1) + 1
    for label in by_size:
        if label not in found:
            found[label], fresh = fresh, fresh + 1
    return found
