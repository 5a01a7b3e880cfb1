"""Texts dealt into folds: exact repeats kept together, every label spread as evenly as may be."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.tree import CategoryPath


def folds_of(texts: Sequence[str], paths: Sequence[CategoryPath], folds: int) -> NDArray[np.int64]:
    """Return the fold, 0 to `folds` - 1, of each text. Same texts in the same order, same folds."""
    repeats: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(texts):
        repeats[text.strip()].append(i)
    dealt = np.zeros(len(texts), dtype=np.int64)
    held: list[Counter[CategoryPath]] = [Counter() for _ in range(folds)]
    # the large groups first, so that the single texts even them out
    for group in sorted(repeats.values(), key=len, reverse=True):
        usual = Counter(paths[i] for i in group).most_common(1)[0][0]
        fold = min(range(folds), key=lambda each: (held[each][usual], held[each].total(), each))
        dealt[group] = fold
        held[fold].update(paths[i] for i in group)
    return dealt
