"""Learning categories from labelled messages."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.categories.calibration import Doubles, scaled, scaling_fit, threshold_of
from yiting.methods.texts.categories.folds import folds_of
from yiting.methods.texts.categories.model import Branch, CategoryModel
from yiting.methods.texts.categories.paths import label_path, tree_nodes
from yiting.methods.texts.categories.solver import machines_fit, telling
from yiting.methods.texts.categories.suggestions import CategoryUnknown, NothingToLearn
from yiting.methods.texts.categories.vectors import Floats, Rows, vocabulary_of
from yiting.methods.texts.tree import CategoryPath

_FOLDS: Final = 4
_ENOUGH_HELD_OUT: Final = 3_000
"""So many held-out texts settle the few numbers of a calibration; more folds would only take time."""
_FEWEST_TO_HOLD_OUT: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Labelled texts in one order, whatever order they came in."""

    texts: list[str]
    paths: list[CategoryPath]


def categories_train(
    texts: Sequence[str],
    labels: Sequence[str | Sequence[str]],
    *,
    tree: Iterable[CategoryPath] | None = None,
) -> CategoryModel:
    """Learn from `texts` what their `labels` are: a path of names, one name, or names joined by '/' or '>'.

    Blank texts and texts without a label are passed over. With a `tree`, a label that is not in it is refused.
    The order of the texts makes no difference. A label with a single text is learned, but cannot be calibrated.
    Raises NothingToLearn, CategoryTooDeep, CategoryTreeLoop, CategoryUnknown; ValueError for lists of two lengths.
    Takes some eight seconds for nine thousand messages of 200 different terms, on one core.
    """
    lessons = lessons_of(texts, labels)
    if tree is not None:
        nodes = tree_nodes(tree)
        for path in sorted(set(lessons.paths) - nodes):
            raise CategoryUnknown(path, "the tree")
    vocabulary = vocabulary_of(lessons.texts)
    rows = vocabulary.rows(lessons.texts)
    folds = folds_of(lessons.texts, [path[:1] for path in lessons.paths], _FOLDS)
    branches: dict[CategoryPath, Branch] = {}
    held: _HeldOut | None = None
    for above in sorted({path[:depth] for path in lessons.paths for depth in range(len(path))}):
        here = [i for i, path in enumerate(lessons.paths) if path[: len(above)] == above]
        steps = [lessons.paths[i][: len(above) + 1] for i in here]
        branches[above], found = _branch(rows[here] if above else rows, steps, folds[here], whole=not above)
        held = found if not above else held
    threshold, share, precision = _sureness(held)
    return CategoryModel(vocabulary, branches, threshold, share, precision, len(lessons.texts))


def lessons_of(texts: Sequence[str], labels: Sequence[str | Sequence[str]]) -> Lessons:
    """Put labelled texts into one order. Raises NothingToLearn where none has words and a label."""
    if len(texts) != len(labels):
        raise ValueError(f"There are {len(texts)} texts but {len(labels)} labels: give each text one.")
    paths = [label_path(label) for label in labels]
    kept = [(text, path) for text, path in zip(texts, paths, strict=True) if path and text.strip()]
    if not kept:
        raise NothingToLearn
    kept.sort(key=lambda case: (_digest(case[0]), case[1]))
    return Lessons([text for text, _ in kept], [path for _, path in kept])


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True, eq=False)
class _HeldOut:
    """Probabilities of held-out texts, and their classes."""

    probabilities: Doubles
    classes: NDArray[np.int64]


def _branch(
    rows: Rows, steps: Sequence[CategoryPath], folds: NDArray[np.int64], *, whole: bool
) -> tuple[Branch, _HeldOut | None]:
    options = tuple(sorted(set(steps)))
    numbers = {option: i for i, option in enumerate(options)}
    classes = np.array([numbers[step] for step in steps], dtype=np.int64)
    columns = np.arange(rows.shape[1], dtype=np.int32) if whole else np.unique(rows.indices).astype(np.int32)
    if len(options) == 1:
        return Branch(options, columns[:0], np.zeros((0, 1), np.float32), np.array([1.0, 0.0])), None
    if not whole:
        rows = rows[:, columns]
    machines, scores, truth = _held_out(rows, classes, folds, len(options))
    weights = _fitted(rows, classes, len(options))
    if machines:
        # those of the folds were learned for the calibration: they even out some of what chance put into the one of all
        weights = np.asarray(weights / 2 + sum(machines) / np.float32(2 * len(machines)), dtype=np.float32)
    scaling = scaling_fit(scores, truth)
    return Branch(options, columns, weights, scaling), _HeldOut(scaled(scores, scaling), truth)


def _fitted(rows: Rows, classes: NDArray[np.int64], count: int) -> Floats:
    return machines_fit(rows, classes, count, scale=telling(rows, classes, count))


def _held_out(
    rows: Rows, classes: NDArray[np.int64], folds: NDArray[np.int64], count: int
) -> tuple[list[Floats], Doubles, NDArray[np.int64]]:
    """Machines that have not seen a fold, and the scores of its texts: fold after fold until there are enough."""
    machines: list[Floats] = []
    scores: list[Doubles] = [np.zeros((0, count))]
    truth: list[NDArray[np.int64]] = [classes[:0]]
    for fold in range(_FOLDS if len(classes) >= _FEWEST_TO_HOLD_OUT else 0):
        out = np.flatnonzero(folds == fold)
        known = np.flatnonzero(folds != fold)
        if not len(out) or not len(known) or sum(map(len, truth)) >= _ENOUGH_HELD_OUT:
            continue
        weights = _fitted(rows[known], classes[known], count)
        machines.append(weights)
        scores.append(np.asarray(rows[out] @ weights[:-1] + weights[-1], dtype=np.float64))
        truth.append(classes[out])
    return machines, np.concatenate(scores), np.concatenate(truth)


def _sureness(held: _HeldOut | None) -> tuple[float, float, float]:
    """The threshold, and the share and the precision of the held-out texts above it."""
    if held is None:
        return 0.5, float("nan"), float("nan")
    best = held.probabilities.argmax(axis=1)
    probability = held.probabilities.max(axis=1)
    right = best == held.classes
    threshold = threshold_of(probability, right)
    sure = probability >= threshold
    if not sure.any():
        return threshold, 0.0 if len(sure) else float("nan"), float("nan")
    return threshold, float(sure.mean()), float(right[sure].mean())
