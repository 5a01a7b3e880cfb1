"""A learned model of categories: probabilities down a tree of up to three levels, 'not sure', and the words that told.

At each branch a linear model over hashed letters, pairs and words chooses among the branches below it; a path is as
probable as its steps taken together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from yiting.methods.texts.categories.calibration import Doubles, scaled
from yiting.methods.texts.categories.paths import label_path
from yiting.methods.texts.categories.storage import model_read, model_write
from yiting.methods.texts.categories.suggestions import CategorySuggestion, CategoryUnknown, ModelUnreadable, NotSure
from yiting.methods.texts.categories.terms import BUCKETS, terms
from yiting.methods.texts.categories.vectors import AT_ONCE, Columns, Floats, Rows, Vocabulary
from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.tree import CategoryPath
from yiting.methods.texts.words import content_words

_MOST_CHARACTERS: Final = 4_000
_LONGEST_NUMBER: Final = 4
_FIGURES: Final = ("sure_share", "sure_precision")


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """The choice below one path (the empty one: at the top)."""

    options: tuple[CategoryPath, ...]
    """The paths one step further, and the path itself where texts end there."""
    columns: NDArray[np.int32]
    """The vocabulary's columns that tell here, ascending."""
    weights: Floats
    """(columns + 1) x options, the last row an option's own; no row at all where there is but one option."""
    scaling: Doubles
    """The factor of all scores, then an offset for each option."""


@dataclass(frozen=True, slots=True, eq=False)
class CategoryModel:
    """What `categories_train` learned.

    An answer is sure from `threshold` on. Of texts held out at training the share `sure_share` got a sure answer at
    the first level, and the share `sure_precision` of those was right; both are nan where too few were held out.
    """

    vocabulary: Vocabulary
    branches: Mapping[CategoryPath, Branch]
    threshold: float
    sure_share: float
    sure_precision: float
    texts: int
    """How many texts it has learned from."""

    @property
    def paths(self) -> tuple[CategoryPath, ...]:
        """Return every path it can answer with, those above others too, sorted."""
        return tuple(sorted({option for branch in self.branches.values() for option in branch.options}))

    def probabilities(self, texts: Sequence[str]) -> Doubles:
        """Return how probable each of `paths` is, texts x paths, 0 to 1; those of the first level add up to 1."""
        paths = self.paths
        place = {path: i for i, path in enumerate(paths)}
        found = np.zeros((len(texts), len(paths)))
        for start, matrix in self._read(texts):
            here = slice(start, start + matrix.shape[0])
            for above in sorted(self.branches, key=len):
                shares = self._shares(self.branches[above], matrix)
                if above:
                    shares *= found[here, place[above]][:, None]
                for i, option in enumerate(self.branches[above].options):
                    if option != above:
                        found[here, place[option]] = shares[:, i]
        return found

    def classify(self, texts: Sequence[str]) -> list[CategorySuggestion | NotSure]:
        """Answer each text with the likeliest path, as far down as it stays sure; NotSure where none is."""
        answers: list[CategorySuggestion | NotSure] = []
        for _, matrix in self._read(texts):
            answers += self._answers(matrix)
        return answers

    def explain(self, text: str, path: Sequence[str], k: int = 5) -> tuple[tuple[str, float], ...]:
        """Return up to `k` words of `text` that speak most for `path`, with what each adds to its scores; best first.

        Raises CategoryUnknown for a path that the model has not learned.
        """
        wanted = label_path(path)
        if wanted not in self.paths:
            raise CategoryUnknown(wanted, "the model")
        told = np.zeros(len(self.vocabulary))
        row = self.vocabulary.rows([text])
        for depth in range(len(wanted)):
            branch = self.branches[wanted[:depth]]
            if len(branch.options) > 1:
                which = branch.options.index(wanted[: depth + 1])
                apart = branch.weights[:-1, which] - branch.weights[:-1].mean(axis=1)
                told[branch.columns] += branch.scaling[0] * apart
        adds = np.zeros(len(self.vocabulary))
        adds[row.indices] = row.data * told[row.indices]
        words = [word for word in dict.fromkeys(content_words(normalise(text[:_MOST_CHARACTERS]))) if _readable(word)]
        said = self._said(words, adds)
        best = sorted(range(len(words)), key=lambda i: (-said[i], words[i]))
        return tuple((words[i], round(float(said[i]), 4)) for i in best[:k] if said[i] > 0)

    def save(self, path: str | Path) -> None:
        """Write the model into one file, whole or not at all: numbers and category names, no message's words."""
        ordered = sorted(self.branches)
        header = {
            "branches": [{"above": above, "options": self.branches[above].options} for above in ordered],
            "threshold": self.threshold,
            "sure_share": None if np.isnan(self.sure_share) else self.sure_share,
            "sure_precision": None if np.isnan(self.sure_precision) else self.sure_precision,
            "texts": self.texts,
        }
        arrays: dict[str, NDArray[Any]] = {"buckets": self.vocabulary.buckets, "rarity": self.vocabulary.rarity}
        for i, above in enumerate(ordered):
            branch = self.branches[above]
            arrays |= {f"columns-{i}": branch.columns, f"weights-{i}": branch.weights, f"scaling-{i}": branch.scaling}
        model_write(Path(path), header, arrays)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model; nothing in the file is run. Raises ModelUnreadable for a damaged file or another version."""
        header, arrays = model_read(Path(path))
        try:
            vocabulary = _vocabulary(arrays)
            branches = {
                tuple(entry["above"]): _branch(entry, i, arrays, len(vocabulary))
                for i, entry in enumerate(header["branches"])
            }
            share, precision = (np.nan if header[name] is None else header[name] for name in _FIGURES)
            model = cls(
                vocabulary, branches, float(header["threshold"]), float(share), float(precision), int(header["texts"])
            )
            _require(() in branches and set(branches) <= {(), *model.paths})
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelUnreadable("its parts do not fit together") from error
        return model

    def _said(self, words: Sequence[str], adds: Doubles) -> Doubles:
        """What each word's own terms add."""
        found = terms(words)
        columns = self.vocabulary.columns[found.buckets]
        known = columns >= 0
        said = np.bincount(found.rows[known], weights=adds[columns[known]], minlength=len(words))
        return np.asarray(said, dtype=np.float64)

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[int, Columns]]:
        for start in range(0, len(texts), AT_ONCE):
            yield start, self.vocabulary.by_columns(texts[start : start + AT_ONCE])

    def _shares(self, branch: Branch, matrix: Columns | Rows) -> Doubles:
        """The probabilities of a branch's options, texts x options."""
        if len(branch.options) == 1:
            return np.ones((matrix.shape[0], 1))
        here = matrix if len(branch.columns) == len(self.vocabulary) else matrix[:, branch.columns]
        return scaled(np.asarray(here @ branch.weights[:-1] + branch.weights[-1], dtype=np.float64), branch.scaling)

    def _answers(self, matrix: Columns) -> list[CategorySuggestion | NotSure]:
        shares = self._shares(self.branches[()], matrix)
        best = shares.argmax(axis=1)
        probability = shares[np.arange(len(best)), best]
        known = np.bincount(matrix.indices, minlength=len(best)) > 0
        options = self.branches[()].options
        answers: list[CategorySuggestion | NotSure] = []
        for which, probable, is_known in zip(best.tolist(), probability.tolist(), known.tolist(), strict=True):
            if not is_known:
                answers.append(NotSure((), 0.0))
            elif probable < self.threshold:
                answers.append(NotSure(options[which], probable))
            else:
                answers.append(CategorySuggestion(options[which], probable))
        self._go_down(matrix, answers)
        return answers

    def _go_down(self, matrix: Columns, answers: list[CategorySuggestion | NotSure]) -> None:
        """Lengthen the sure answers by the steps that stay sure."""
        waiting: dict[CategoryPath, list[int]] = {}
        for i, answer in enumerate(answers):
            if isinstance(answer, CategorySuggestion):
                waiting.setdefault(answer.path, []).append(i)
        if not any(path in self.branches for path in waiting):
            return
        rows = matrix.tocsr()
        while waiting:
            above, some = waiting.popitem()
            branch = self.branches.get(above)
            if branch is None:
                continue
            shares = self._shares(branch, rows[some])
            for i, share in zip(some, shares, strict=True):
                which = int(share.argmax())
                path = branch.options[which]
                probability = answers[i].probability * float(share[which])
                if path != above and probability >= self.threshold:
                    answers[i] = CategorySuggestion(path, probability)
                    waiting.setdefault(path, []).append(i)


def _readable(word: str) -> bool:
    return sum(letter.isdigit() for letter in word) <= _LONGEST_NUMBER


def _vocabulary(arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
    buckets, rarity = arrays["buckets"], arrays["rarity"]
    _require(buckets.dtype == np.int64 and rarity.dtype == np.float32)
    _require(buckets.ndim == 1 and buckets.shape == rarity.shape and bool(np.isfinite(rarity).all()))
    _require(bool((np.diff(buckets) > 0).all()) and bool(((buckets >= 0) & (buckets < BUCKETS)).all()))
    return Vocabulary(buckets, rarity)


def _branch(entry: Mapping[str, Any], i: int, arrays: Mapping[str, NDArray[Any]], width: int) -> Branch:
    options = tuple(label_path(option) for option in entry["options"])
    columns, weights, scaling = (arrays[f"{name}-{i}"] for name in ("columns", "weights", "scaling"))
    _require(columns.dtype == np.int32 and weights.dtype == np.float32 and scaling.dtype == np.float64)
    _require(bool((np.diff(columns) > 0).all()) and bool(((columns >= 0) & (columns < width)).all()))
    rows = len(columns) + 1 if len(options) > 1 else 0
    _require(len(options) > 0 and weights.shape == (rows, len(options)) and scaling.shape == (len(options) + 1,))
    _require(bool(np.isfinite(weights).all()) and bool(np.isfinite(scaling).all()))
    return Branch(options, columns, weights, scaling)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError
