"""One reply looked over beside the message that it answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from yiting.methods.texts.answers.covering import Cover, cover
from yiting.methods.texts.answers.reading import Reading, read
from yiting.methods.texts.answers.signs import PARTS, Part, gives_reason_against, is_finished, parts_of
from yiting.methods.texts.normalise import normalise

Kind = Literal["answer", "referral", "receipt", "empty"]
Lack = Literal["empty", "receipt", "referral", "terms", "places", "who", "found", "done", "when", "call"]

_MOST_ASKED: Final = 1_000
_MOST_REPLIED: Final = 4_000
_MOST_RAW: Final = 20_000
_MOST_LEFT_OUT: Final = 3
_DAY: Final = 86_400
_TAGS: Final = re.compile(r"<(?:script|style)\b.{0,9999}?</(?:script|style)\s*>|</?[a-z][^<>]{0,400}>", re.I | re.S)
_SAYING: Final = re.compile(r"[a-z0-9\u4e00-\u9fff]")
_LEAST_SAYING: Final = 6
# Below this cover the reply is told that it leaves the matter out.
_THIN_COVER: Final = 0.35
_ASKS_ONLY: Final = re.compile(
    "咨询|请问|想问|询问|想了解|问一下|是否|能否|能不能|可不可以|怎么办理|如何办理|什么时候|何时"
)
_COMPLAINS: Final = re.compile(
    "投诉|举报|反映|请求|要求|解决|严重|扰民|污染|违规|违法|拖欠|不作为|希望|建议|呼吁|盼|恳请|查处|整治"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that the reply does not say yet, and the message's own words for it, if it has any."""

    code: Lack
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """How well a reply answers a message; advice for the person who writes it, no measure of anybody."""

    score: float
    """Mean of `addresses` and `complete`, 0 to 1."""
    addresses: float
    """How much of what the message is about the reply takes up, 0 to 1."""
    complete: float
    """Share of the parts that this message calls for which the reply has, 0 to 1."""
    kind: Kind
    parts: Mapping[Part, tuple[str, ...]]
    """Each part and the words that show it (in normalised writing); none where it is not there."""
    days: float | None
    """Days from the question to the answer; None without both times or when they are the wrong way round."""
    taken_up: tuple[str, ...]
    """The message's telling words that the reply has, the most telling first."""
    missing: tuple[Missing, ...]
    """What the reply does not say yet, the weightiest first."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "score": self.score,
            "addresses": self.addresses,
            "complete": self.complete,
            "kind": self.kind,
            "parts": {part: list(words) for part, words in self.parts.items()},
            "days": self.days,
            "missing": [{"code": lack.code, "words": list(lack.words)} for lack in self.missing],
        }


def answer_check(
    message: str, reply: str, *, asked_at: datetime | None = None, answered_at: datetime | None = None
) -> AnswerCheck:
    """Look over `reply` beside `message` (title and text together): is it about it, and what does it not say?

    Only the first 1,000 characters of the message and 4,000 of the reply are read. Tags of HTML are left out.
    The times must be both with a zone or both without.
    """
    asked, plain = _plain(message, _MOST_ASKED), _plain(reply, _MOST_REPLIED)
    reading = read(plain)
    parts = parts_of(reading, plain)
    kind = _kind(reading, plain)
    covered = cover(asked, reading.body, plain)
    addresses = covered.share if kind == "answer" else 0.0
    called_for = _called_for(asked, reading, kind)
    complete = sum(bool(parts[part]) for part in called_for) / len(called_for)
    score = (addresses + complete) / 2
    return AnswerCheck(
        score=round(score, 4),
        addresses=round(addresses, 4),
        complete=round(complete, 4),
        kind=kind,
        parts=parts,
        days=_days(asked_at, answered_at),
        taken_up=covered.taken_up,
        missing=_missing(kind, covered, parts, called_for),
    )


def _plain(text: str, most: int) -> str:
    return normalise(_TAGS.sub(" ", text[:_MOST_RAW])[:most])


def _kind(reading: Reading, plain: str) -> Kind:
    if len(_SAYING.findall(reading.body)) >= _LEAST_SAYING:
        return "answer"
    if reading.passed_on:
        return "referral"
    return "receipt" if len(_SAYING.findall(plain)) >= _LEAST_SAYING and reading.courtesy else "empty"


def _called_for(asked: str, reading: Reading, kind: Kind) -> tuple[Part, ...]:
    """The parts that an answer to this message needs.

    A plain question (咨询…) needs no deed and no day; what is done needs no day to come, nor what will not be.
    """
    if kind == "answer":
        if _ASKS_ONLY.search(asked) and not _COMPLAINS.search(asked):
            return ("who", "found", "call")
        if is_finished(reading) or gives_reason_against(reading):
            return ("who", "found", "done", "call")
    return PARTS


def _missing(
    kind: Kind, covered: Cover, parts: Mapping[Part, tuple[str, ...]], called_for: tuple[Part, ...]
) -> tuple[Missing, ...]:
    lacks: list[Missing] = []
    if kind != "answer":
        lacks.append(Missing(kind))
    elif covered.places_left_out and not covered.taken_up:
        lacks.append(Missing("places", covered.places_left_out[:_MOST_LEFT_OUT]))
    if kind == "answer" and covered.share < _THIN_COVER and covered.left_out:
        lacks.append(Missing("terms", covered.left_out[:_MOST_LEFT_OUT]))
    weightiest: tuple[Part, ...] = ("found", "done", "when", "call", "who")
    lacks += [Missing(part) for part in weightiest if part in called_for and not parts[part]]
    return tuple(lacks)


def _days(asked_at: datetime | None, answered_at: datetime | None) -> float | None:
    if asked_at is None or answered_at is None or answered_at < asked_at:
        return None
    return round((answered_at - asked_at).total_seconds() / _DAY, 3)
