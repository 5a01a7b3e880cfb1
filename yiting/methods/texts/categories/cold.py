"""Suggest a category out of a tree of names: from the names and a lexicon at first, from decided cases later.

At each level of the tree every branch has a score. To begin with it comes from the words of the lexicon,
and of the branches' names, that stand in the text, each by how rare it is. Cases that staff have decided are
learned on top of that: a softmax regression over words and character pairs adds to the score what the words
missed. A branch is followed downward as far as the evidence carries; where none tells, none is suggested.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from yiting.methods.texts.categories.regression import Regression, regression_fit
from yiting.methods.texts.categories.suggestions import CategorySuggestion
from yiting.methods.texts.grams import Weights, pairs, rows, weigh
from yiting.methods.texts.lexicon import LEXICON
from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.tree import CategoryPath
from yiting.methods.texts.words import background_share, content_words

SURE_ENOUGH: Final = 0.30
"""Below this probability a category is not suggested."""

_COLD_SCALE: Final = 0.28
_MOST_COLD: Final = 12.0
_TITLE_TIMES: Final = 2
_IN_TITLE_TIMES: Final = 1.5
_RAREST: Final = 0.002
# How much evidence doubt asks for: less of a short text, where a word does not stand by chance.
_UNSURE: Final = 2.5
_UNSURE_OF_SHORT: Final = 1.2
_LONG_TEXT: Final = 120
_UNSURE_FURTHER_DOWN: Final = 1.0
_CASES_TO_BE_SURE: Final = 20.0
_FOLLOW: Final = 0.50
_ALTERNATIVE: Final = 0.25
_MOST_REASONS: Final = 5
_MOST_CHARACTERS: Final = 6_000
_EVERYTHING_ELSE: Final = frozenset(("其他", "其它"))
_HOLLOW_ENDINGS: Final = ("管理", "工作", "事业", "问题", "政策", "事务", "监管")


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What decided cases taught about the children of one branch."""

    regression: Regression
    cases: int


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Suggests categories of one tree; make it with `classifier_cold` or `classifier_fit`."""

    children: Mapping[CategoryPath, tuple[CategoryPath, ...]]
    speakers: Mapping[str, frozenset[CategoryPath]]
    """Lexicon word to the branches that it speaks for, with all branches above them."""
    weights: Weights = field(default_factory=lambda: Weights({}, np.zeros(0)))
    learned: Mapping[CategoryPath, Learned] = field(default_factory=dict)

    def suggest(self, text: str, k: int = 3, *, title: str = "") -> list[CategorySuggestion]:
        """Return up to `k` categories of `text`, the most probable first; none when nothing tells."""
        evidence = _Evidence(self, normalise(title[:_MOST_CHARACTERS]), normalise(text[:_MOST_CHARACTERS]))
        tops = evidence.shares(())
        if max(tops.values(), default=0.0) < SURE_ENOUGH:
            return []
        found = [
            CategorySuggestion(path, round(probability, 6), evidence.because(path))
            for path, probability in self._followed((), 1.0, evidence)
        ]
        found.sort(key=lambda suggestion: (-suggestion.probability, suggestion.path))
        return found[:k]

    def top_level(self, text: str, *, title: str = "") -> tuple[str, float] | None:
        """Return the likeliest first-level name and its probability, however low; None if nothing tells."""
        evidence = _Evidence(self, normalise(title[:_MOST_CHARACTERS]), normalise(text[:_MOST_CHARACTERS]))
        shares = evidence.shares(())
        if not shares:
            return None
        path, probability = min(shares.items(), key=lambda item: (-item[1], item[0]))
        return path[0], probability

    def _followed(
        self, path: CategoryPath, probability: float, evidence: "_Evidence"
    ) -> Iterator[tuple[CategoryPath, float]]:
        shares = evidence.shares(path)
        if not shares or (path and max(shares.values()) < _FOLLOW):
            yield path, probability
            return
        for child, share in sorted(shares.items()):
            if share >= _ALTERNATIVE:
                yield from self._followed(child, probability * share, evidence)


def classifier_cold(
    tree: Iterable[CategoryPath], lexicon: Mapping[CategoryPath, Sequence[str]] = LEXICON
) -> Classifier:
    """Make a classifier that knows only the names of `tree` and the lexicon."""
    paths = sorted({path[:depth] for path in tree for depth in range(1, len(path) + 1)})
    children: dict[CategoryPath, list[CategoryPath]] = {}
    for path in paths:
        children.setdefault(path[:-1], []).append(path)
    return Classifier({parent: tuple(found) for parent, found in children.items()}, _speakers(paths, lexicon))


def classifier_fit(
    decided: Sequence[tuple[str, CategoryPath]],
    tree: Iterable[CategoryPath],
    lexicon: Mapping[CategoryPath, Sequence[str]] = LEXICON,
) -> Classifier:
    """Make a classifier that also learns from `decided`: texts with the paths (of any depth) staff gave them.

    A path counts as far as the tree goes; a text whose first name the tree has not is passed over.
    """
    cold = classifier_cold(tree, lexicon)
    known = {path for found in cold.children.values() for path in found}
    cases = [(normalise(text[:_MOST_CHARACTERS]), within) for text, path in decided if (within := _within(path, known))]
    if not cases:
        return cold
    documents = [_terms("", text) for text, _ in cases]
    weights = weigh(documents, background_share)
    matrix = rows(documents, weights)
    spoken = [_cold_scores(cold.speakers, _spoken(cold.speakers, "", text)) for text, _ in cases]
    learned: dict[CategoryPath, Learned] = {}
    for parent, children in cold.children.items():
        here = [i for i, (_, path) in enumerate(cases) if len(path) > len(parent) and path[: len(parent)] == parent]
        if here:
            offsets = np.array([[spoken[i].get(child, 0.0) for child in children] for i in here])
            classes = [children.index(cases[i][1][: len(parent) + 1]) for i in here]
            learned[parent] = Learned(regression_fit(matrix[here], offsets, classes), len(here))
    return Classifier(cold.children, cold.speakers, weights, learned)


class _Evidence:
    """What one text says for the branches of a classifier."""

    def __init__(self, classifier: Classifier, title: str, body: str) -> None:
        self._classifier = classifier
        self._spoken = _spoken(classifier.speakers, title, body)
        self._cold = _cold_scores(classifier.speakers, self._spoken)
        terms = {term: n for term, n in _terms(title, body).items() if term in classifier.weights.columns}
        self._row = rows([terms], classifier.weights)
        length = min(1.0, len(title + body) / _LONG_TEXT)
        self._unsure = _UNSURE_OF_SHORT + (_UNSURE - _UNSURE_OF_SHORT) * length
        self._words = frozenset(content_words(title) + content_words(body))

    def shares(self, parent: CategoryPath) -> dict[CategoryPath, float]:
        """Return the probability of each child of `parent` with evidence; what is missing to 1 is doubt."""
        children = self._classifier.children.get(parent, ())
        learned = self._classifier.learned.get(parent)
        scores = np.array([self._cold.get(child, 0.0) for child in children])
        told = scores > 0
        unsure = _UNSURE_FURTHER_DOWN if parent else self._unsure
        if learned is not None:
            scores = scores + learned.regression.own + learned.regression.said(self._row).sum(axis=1)
            told = told | (learned.regression.own != 0) & bool(self._row.nnz)
            unsure -= math.log1p(learned.cases / _CASES_TO_BE_SURE)
        if not told.any():
            return {}
        raised = np.exp(np.append(np.where(told, scores, -np.inf), unsure) - max(float(scores.max()), unsure))
        shares = raised[:-1] / raised.sum()
        return {child: float(share) for child, share, is_told in zip(children, shares, told, strict=True) if is_told}

    def because(self, path: CategoryPath) -> tuple[str, ...]:
        """Return the words that speak most for `path`."""
        reasons = {
            word: _COLD_SCALE * says for word, says in self._spoken.items() if path in self._classifier.speakers[word]
        }
        for depth in range(len(path)):
            learned = self._classifier.learned.get(path[:depth])
            if learned is not None:
                said = learned.regression.said(self._row)[
                    self._classifier.children[path[:depth]].index(path[: depth + 1])
                ]
                for column, adds in zip(self._row.indices.tolist(), said.tolist(), strict=True):
                    term = self._classifier.weights.terms[column]
                    if adds > 0 and term in self._words:
                        reasons[term] = max(reasons.get(term, 0.0), adds)
        best = sorted(reasons, key=lambda word: (-reasons[word], word))
        return tuple(best[:_MOST_REASONS])


def _cold_scores(speakers: Mapping[str, Set[CategoryPath]], spoken: Mapping[str, float]) -> dict[CategoryPath, float]:
    scores: dict[CategoryPath, float] = {}
    for word, strength in spoken.items():
        for path in speakers[word]:
            scores[path] = scores.get(path, 0.0) + strength
    return {path: _COLD_SCALE * min(score, _MOST_COLD) for path, score in scores.items()}


def _terms(title: str, body: str) -> Counter[str]:
    return Counter((content_words(title) + pairs(title)) * _TITLE_TIMES + content_words(body) + pairs(body))


def _spoken(speakers: Mapping[str, frozenset[CategoryPath]], title: str, body: str) -> dict[str, float]:
    """The lexicon's words that stand in a text, each with how much it says."""
    found: dict[str, float] = {}
    for word in speakers:
        times = _IN_TITLE_TIMES if word in title else 1.0 if word in body else 0.0
        if times:
            found[word] = times * -math.log(background_share(word) + _RAREST)
    return found


def _speakers(
    paths: Sequence[CategoryPath], lexicon: Mapping[CategoryPath, Sequence[str]]
) -> dict[str, frozenset[CategoryPath]]:
    known = set(paths)
    speakers: dict[str, set[CategoryPath]] = {}
    for path in paths:
        for word in _words_of_name(path[-1]):
            speakers.setdefault(word, set()).update(path[:depth] for depth in range(1, len(path) + 1))
    for path, words in lexicon.items():
        within = _within(path, known)
        for word in words if within else ():
            speakers.setdefault(normalise(word), set()).update(within[:depth] for depth in range(1, len(within) + 1))
    return {word: frozenset(found) for word, found in sorted(speakers.items())}


def _words_of_name(name: str) -> list[str]:
    """The words of a branch's name that people may use: 噪音污染 whole, and 殡葬 for 殡葬管理."""
    words: list[str] = []
    for part in re.split("[、和与及(（)）“”]", normalise(name)):
        bare = part
        for ending in _HOLLOW_ENDINGS:
            bare = bare.removesuffix(ending)
        words += [word for word in (part, bare) if len(word) > 1 and word not in _EVERYTHING_ELSE]
    return sorted(set(words))


def _within(path: CategoryPath, known: Set[CategoryPath]) -> CategoryPath:
    """As much of `path`, from the top, as is known; empty when not even its first name is."""
    depth = max((depth for depth in range(1, len(path) + 1) if path[:depth] in known), default=0)
    return path[:depth]
