"""PROVISIONAL, to be overwritten by the finished package: just enough that pages can be tried meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiting.methods.texts.normalise import mask_personal, normalise

__all__ = ["Classifier", "HotMatter", "Message", "corpus_build", "hot_matters", "mask_personal", "most_similar", "normalise", "urgency"]


@dataclass(frozen=True)
class Similar:
    id: str
    score: float
    shared: tuple[str, ...]


def corpus_build(texts):
    return list(texts)


def _g(t):
    t = normalise(t)
    return {t[i : i + 2] for i in range(len(t) - 1)}


def most_similar(corpus, text, *, k=5, floor=0.2):
    q = _g(text)
    out = []
    for i, title, body in corpus:
        g = _g(title + body)
        s = len(q & g) / (len(q | g) or 1)
        if s >= floor:
            out.append(Similar(i, s, tuple(sorted(q & g))[:3]))
    return sorted(out, key=lambda s: (-s.score, s.id))[:k]


@dataclass(frozen=True)
class Message:
    id: str
    title: str
    body: str
    person: str
    at: datetime | None = None
    supports: int = 0
    objections: int = 0
    place: str | None = None


@dataclass(frozen=True)
class HotMatter:
    rank: int
    title: str
    request_ids: list[str]
    people: int
    heat: float
    why: dict[str, Any] = field(default_factory=dict)


def hot_matters(messages, *, now, groups=None, must_link=(), cannot_link=()):
    return []


class Classifier:
    @classmethod
    def fit(cls, paths, lessons):
        return cls()

    def suggest(self, text, k=3):
        return []


@dataclass(frozen=True)
class Urgency:
    level: str
    because: tuple[str, ...] = ()


def urgency(text):
    return Urgency("normal")
