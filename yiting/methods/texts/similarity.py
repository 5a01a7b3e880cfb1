"""The known texts most like a new one, with a score from 0 to 1 and the words that the two share."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from yiting.methods.texts.grams import Weights, background_gram_share, grams, rows, weigh
from yiting.methods.texts.normalise import normalise
from yiting.methods.texts.places import by_rank, names_in_plain
from yiting.methods.texts.words import background_share, cut, is_function_word, is_known, telling_runs

DEFAULT_FLOOR: Final = 0.15
"""Below this score two texts hardly share more than the way people write."""

_TITLE_COUNTS: Final = 2
_MOST_CHARACTERS: Final = 6_000
_SHARED_WITHIN: Final = 2_000
_LONGEST_SHARED: Final = 6
_MOST_SHARED: Final = 6
_TOO_COMMON: Final = 0.12


@dataclass(frozen=True, slots=True)
class Similar:
    """A known text: its id, how like it is (0 to 1), and shared words and phrases, the most telling first."""

    id: str
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Known texts made ready for `most_similar`; make it with `corpus_build`."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    weights: Weights
    matrix: sparse.csr_array
    presence: sparse.csr_array
    """1 where a text has a term."""


def corpus_build(texts: Sequence[tuple[str, str, str]]) -> Corpus:
    """Make `texts`, each (id, title, body), ready to be searched; their order makes no difference.

    Refuses ids that are not unique with ValueError.
    """
    in_order = sorted(texts)
    ids = tuple(id for id, _, _ in in_order)
    if len(set(ids)) != len(ids):
        raise ValueError("Every text needs an id of its own.")
    plain = [(normalise(title[:_MOST_CHARACTERS]), normalise(body[:_MOST_CHARACTERS])) for _, title, body in in_order]
    documents = [Counter(_terms(title) * _TITLE_COUNTS + _terms(body)) for title, body in plain]
    weights = weigh(documents, background_gram_share)
    matrix = rows(documents, weights)
    presence = sparse.csr_array((np.ones_like(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    return Corpus(ids, tuple(f"{title}\n{body}" for title, body in plain), weights, matrix, presence)


def most_similar(corpus: Corpus, text: str, *, k: int = 5, floor: float = DEFAULT_FLOOR) -> list[Similar]:
    """Return up to `k` texts of `corpus` whose score is at least `floor`, the most similar first.

    The score is the geometric mean of how much of `text` is found in the other (so that a few words typed
    find a long message that holds them) and of the cosine of the two, both over character grams weighed by
    how telling they are; it is 1 for the same text. Ties go by id.
    """
    plain = normalise(text[:_MOST_CHARACTERS])
    if k < 1 or not corpus.ids or not plain:
        return []
    counts = Counter(_terms(plain))
    query = rows([counts], corpus.weights).toarray().ravel()
    alike = corpus.matrix @ query
    found = corpus.presence @ query**2 * _known_share(corpus.weights, counts)
    scores = np.round(np.sqrt(np.clip(alike, 0.0, 1.0) * np.clip(found, 0.0, 1.0)), 6)
    likely = np.flatnonzero(scores >= max(floor, 1e-6))
    # Ids are sorted, so a stable sort leaves ties in their order.
    best = likely[np.argsort(-scores[likely], kind="stable")][:k]
    return [
        Similar(corpus.ids[i], float(scores[i]), shared_words(corpus.weights, plain, corpus.texts[i]))
        for i in best.tolist()
    ]


def _terms(plain: str) -> list[str]:
    return grams(telling_runs(plain))


def _known_share(weights: Weights, counts: Counter[str]) -> float:
    """Return how much of the weight of a text's terms is on terms that the corpus has."""
    known = {term for term in counts if term in weights.columns}
    of_known = math.fsum(weights.of(term) ** 2 for term in known)
    unknown = counts.keys() - known
    of_unknown = math.fsum(weights.of_unseen(background_gram_share(term)) ** 2 for term in unknown)
    return of_known / (of_known + of_unknown) if of_known else 0.0


def shared_words(weights: Weights, plain: str, other: str) -> tuple[str, ...]:
    """Return whole words and phrases of two to six characters that two normalised texts share, best first."""
    plain, other = plain[:_SHARED_WITHIN], other[:_SHARED_WITHIN]
    names = {bare for bare in _names(plain) | _names(other) if bare in plain and bare in other}
    common = names | (_phrases(plain) & _phrases(other)) | (_parts_of_unknown(plain) & _parts_of_unknown(other))
    found = {phrase: _telling(weights, phrase) for phrase in common}
    chosen: list[str] = []
    for phrase in sorted(found, key=lambda phrase: (-found[phrase], phrase)):
        if len(chosen) == _MOST_SHARED:
            break
        if not any(phrase in taken for taken in chosen):
            chosen = [taken for taken in chosen if taken not in phrase] + [phrase]
    return tuple(chosen)


def _names(plain: str) -> set[str]:
    """Names of places that are no longer than six characters, without their plain endings."""
    names = by_rank(names_in_plain(plain)).values()
    return {name for found in names for name in found if 2 <= len(name) <= _LONGEST_SHARED}


def _phrases(plain: str) -> set[str]:
    """Words of a text, and neighbouring words together, that tell something and are no longer than six."""
    found: set[str] = set()
    words = cut(plain)
    start = 0
    for i, word in enumerate(words):
        start = plain.index(word, start)
        if not _tells(word):
            continue
        if 1 < len(word) <= _LONGEST_SHARED:
            found.add(word)
        if i + 1 < len(words) and _tells(words[i + 1]):
            phrase = word + words[i + 1]
            if 2 < len(phrase) <= _LONGEST_SHARED and plain.startswith(phrase, start):
                found.add(phrase)
    return found


def _parts_of_unknown(plain: str) -> set[str]:
    """Parts, two characters or longer, of pieces that are no known words: 凉亭 within 凉亭乘凉."""
    return {
        piece[start:end]
        for piece in cut(plain)
        if _tells(piece) and not is_known(piece)
        for start in range(len(piece) - 1)
        for end in range(start + 2, len(piece) + 1)
    }


def _tells(word: str) -> bool:
    return not is_function_word(word) and not word.isascii() and background_share(word) < _TOO_COMMON


def _telling(weights: Weights, phrase: str) -> float:
    """Mean weight of the pairs of a phrase, a little more for a longer one."""
    parts = [phrase[i : i + 2] for i in range(len(phrase) - 1)]
    return math.fsum(weights.of(part) for part in parts) / len(parts) * math.sqrt(len(phrase))
