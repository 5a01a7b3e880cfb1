"""Texts as rows of a sparse matrix: character grams and words, each weighted by how telling it is."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from scipy import sparse

from yiting.methods.texts.wordcounts import WORD_COUNTS
from yiting.methods.texts.words import background_share

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Term = str

BACKGROUND_MESSAGES: Final = 2_000
"""What is known of everyday speech counts as much as this many messages of the collection's own."""

_STOPS: Final = re.compile(r"‹[a-z]+›|[^\u4e00-\u9fffa-z0-9]+")
_MOST_CHARACTERS: Final = 20_000
_SIZES: Final = (2, 3)


def grams(plain: str) -> list[Term]:
    """Return the 2- and 3-character grams of a normalised text, with repeats, never across punctuation."""
    found: list[Term] = []
    for run in _STOPS.split(plain[:_MOST_CHARACTERS]):
        found += [run[i : i + 2] for i in range(len(run) - 1)]
        found += [run[i : i + 3] for i in range(len(run) - 2)]
    return found


def pairs(plain: str) -> list[Term]:
    """Return the pairs of neighbouring characters of a normalised text, never across punctuation."""
    return [run[i : i + 2] for run in _STOPS.split(plain[:_MOST_CHARACTERS]) for i in range(len(run) - 1)]


def background_gram_share(gram: Term) -> float:
    """Return the share of messages in general that hold `gram`: that of the commonest word it is in."""
    return background_grams().get(gram, 0.0)


@functools.cache
def background_grams() -> dict[Term, float]:
    """Return the share of messages in general that hold each gram of a common word."""
    shares: dict[Term, float] = {}
    for word in WORD_COUNTS:
        share = background_share(word)
        for size in _SIZES:
            for start in range(len(word) - size + 1):
                gram = word[start : start + size]
                shares[gram] = max(shares.get(gram, 0.0), share)
    return shares


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """How telling each term of a collection is, and its column."""

    columns: Mapping[Term, int]
    weights: Floats

    terms: tuple[Term, ...] = ()
    """Each column's term."""

    def of(self, term: Term) -> float:
        """Return the weight of `term`; 0 when the collection has it not."""
        column = self.columns.get(term)
        return 0.0 if column is None else float(self.weights[column])


def weigh(documents: Sequence[Mapping[Term, int]], background: Callable[[Term], float]) -> Weights:
    """Weigh terms by inverse document frequency, the collection and everyday speech taken together.

    Columns come in the order in which the documents bring their terms: give the documents in one order.
    """
    found = Counter(chain.from_iterable(documents))
    terms = list(found)
    shares = np.fromiter((background(term) for term in terms), np.float64, len(terms))
    counts = np.fromiter((found[term] for term in terms), np.float64, len(terms))
    total = len(documents) + BACKGROUND_MESSAGES + 1
    weights = np.log(total / (counts + BACKGROUND_MESSAGES * shares + 1))
    return Weights({term: column for column, term in enumerate(terms)}, weights, tuple(terms))


def rows(documents: Sequence[Mapping[Term, int]], weights: Weights) -> sparse.csr_array:
    """Return one row of length 1 for each document (of length 0 for one without known terms)."""
    find = weights.columns.get
    found = [[find(term, -1) for term in document] for document in documents]
    columns = np.fromiter(chain.from_iterable(found), np.int64)
    counts = np.fromiter(chain.from_iterable(document.values() for document in documents), np.float64)
    lengths = np.array([len(row) for row in found], dtype=np.int64)
    row_of = np.repeat(np.arange(len(documents)), lengths)[columns >= 0]
    counts, columns = counts[columns >= 0], columns[columns >= 0]
    starts = np.concatenate(([0], np.cumsum(np.bincount(row_of, minlength=len(documents)))))
    matrix = sparse.csr_array(
        ((1 + np.log(counts)) * weights.weights[columns], columns, starts),
        shape=(len(documents), len(weights.columns)),
    )
    # Sorted columns: sums are taken in one order, so the same texts give the same figures to the last bit.
    matrix.sort_indices()
    squares = np.add.reduceat(np.append(matrix.data**2, 0.0), starts[:-1]) if len(documents) else np.zeros(0)
    norms = np.sqrt(np.where(np.diff(starts) > 0, squares, 1.0))
    matrix.data /= np.repeat(np.where(norms > 0, norms, 1.0), np.diff(starts))
    return matrix
