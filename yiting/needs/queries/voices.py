"""The sentence that stands best for many: the one whose words the others used most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from yiting.needs.search import pairs

SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|\n")
SHORTEST, LONGEST = 6, 60
TELLING = 8  # a sentence with fewer pairs than this is weighed as if it had so many


def central_sentence(texts: Sequence[str]) -> str:
    """Return the most central sentence of some messages; of equally central ones the first said."""
    sentences = [
        sentence
        for text in texts
        for part in SENTENCE_END.split(text)
        if SHORTEST <= len(sentence := " ".join(part.split())) <= LONGEST
    ]
    if not sentences:
        return " ".join(texts[0].split())[:LONGEST] if texts else ""
    said_in: Counter[str] = Counter()
    for text in texts:
        said_in.update(set(pairs(text)))

    def weight(sentence: str) -> float:
        words = set(pairs(sentence))
        return sum(said_in[word] - 1 for word in words) / max(TELLING, len(words))

    best = max(range(len(sentences)), key=lambda i: (weight(sentences[i]), -i))
    return sentences[best]
