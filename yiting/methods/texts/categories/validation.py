"""How well categories would be told: each text judged by a model that has not seen it or its repeats."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.categories.calibration import calibration_error
from yiting.methods.texts.categories.folds import folds_of
from yiting.methods.texts.categories.suggestions import NothingToLearn
from yiting.methods.texts.categories.training import Lessons, categories_train, lessons_of
from yiting.methods.texts.tree import CategoryPath

_FEWEST_FOLDS: Final = 2


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """How well one first-level category was told: precision, recall and their harmonic mean, each 0 to 1."""

    name: str
    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class CategoryReport:
    """Figures of a cross-validation, all at the first level; shares are 0 to 1, nan where there is nothing to share."""

    macro_f1: float
    accuracy: float
    calibration_error: float
    """Expected calibration error."""
    sure_share: float
    sure_precision: float
    texts: int
    labels: int
    folds: int
    repeats: int
    """Texts that repeat another one: they stood in its fold."""
    single: tuple[str, ...]
    """Labels with one text: never told, since the text that has it is held out."""
    categories: tuple[CategoryFigures, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the figures for JSON, rounded to four places; None for what could not be measured."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def cross_validate(texts: Sequence[str], labels: Sequence[str | Sequence[str]], *, folds: int = 5) -> CategoryReport:
    """Measure how well the first level of `labels` would be told for new texts; training takes a fold at a time.

    Exact repeats stay in one fold. Raises as `categories_train`; NothingToLearn for fewer than two different texts;
    ValueError for fewer than two folds.
    """
    if folds < _FEWEST_FOLDS:
        raise ValueError("Cross-validation needs two folds or more.")
    lessons = lessons_of(texts, labels)
    truth = [path[0] for path in lessons.paths]
    different = len({text.strip() for text in lessons.texts})
    if different < _FEWEST_FOLDS:
        raise NothingToLearn
    folds = min(folds, different)
    names = sorted(set(truth))
    dealt = folds_of(lessons.texts, [(name,) for name in truth], folds)
    told = np.zeros(len(truth), dtype=np.int64)
    probability = np.zeros(len(truth))
    sure = np.zeros(len(truth), dtype=np.bool_)
    for fold in range(folds):
        out = np.flatnonzero(dealt == fold)
        told[out], probability[out], sure[out] = _judged(lessons, np.flatnonzero(dealt != fold), out, names)
    classes = np.array([names.index(name) for name in truth])
    right = told == classes
    return CategoryReport(
        macro_f1=float(np.mean([_figures(names, i, told, classes).f1 for i in range(len(names))])),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(probability, right),
        sure_share=float(sure.mean()),
        sure_precision=float(right[sure].mean()) if sure.any() else float("nan"),
        texts=len(truth),
        labels=len(names),
        folds=folds,
        repeats=len(truth) - different,
        single=tuple(sorted(name for name, count in Counter(truth).items() if count == 1)),
        categories=tuple(_figures(names, i, told, classes) for i in range(len(names))),
    )


def _judged(
    lessons: Lessons, known: NDArray[np.int64], out: NDArray[np.int64], names: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """What a model of the known texts says of the others: the name's number, how probable, whether sure."""
    paths: list[CategoryPath] = [lessons.paths[i][:1] for i in known]
    model = categories_train([lessons.texts[i] for i in known], paths)
    found = model.probabilities([lessons.texts[i] for i in out])
    best = found.argmax(axis=1)
    number = np.array([names.index(path[0]) for path in model.paths])
    highest = found[np.arange(len(out)), best]
    return number[best], highest, highest >= model.threshold


def _figures(names: Sequence[str], i: int, told: NDArray[np.int64], truth: NDArray[np.int64]) -> CategoryFigures:
    right = int(np.sum((told == i) & (truth == i)))
    said, are = int(np.sum(told == i)), int(np.sum(truth == i))
    return CategoryFigures(
        names[i], are, right / said if said else 0.0, right / are, 2 * right / (said + are) if said + are else 0.0
    )


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
