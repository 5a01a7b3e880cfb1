"""Hot matters: what most people speak of, how lately and how fast it grows, each part of the figure shown.

    heat = (people + supports part) x (3 + recency + growth) / 5

- people: how many different persons wrote; the same person forty times is one. Messages whose person is not
  known count one for each different text.
- supports part: the decimal logarithm of 1 + supports less objections (not below 0): a tap counts, but a
  thousand taps do not drown five people who wrote.
- recency: 0.5 to the power of (days since the last message / 30): 1 today, a half after a month.
- growth: how surely it grows against its own past, (1 - 2 p), not below 0, times n / (n + 3), n being the people of
  the last 30 days less one: one message is no wave. p is that of the conditional test of two Poisson rates (see
  `growth`): the people of the last 30 days against those of up to a year before, over the days that the messages
  reach back.

People come first: being lately said and growing can raise what they say by two thirds at most.
A message without a time counts for people and supports, not for recency and growth; one dated after `now`
counts as of now. Where no times are known, or no days before the last 30, growth is None: not known, which is not
the same as none. An alert says that a matter grows beyond chance: its q-value (Benjamini and Hochberg, over all
matters that were tested) is at most `alert_at`, and three different people or more spoke lately. Matters are
counted here, never people: nobody is ranked.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

import numpy as np

from yiting.methods.texts.grams import Floats, Weights, background_gram_share, grams, rows, weigh
from yiting.methods.texts.growth import false_discovery, growth_p_value
from yiting.methods.texts.matters import Groups, Message, group
from yiting.methods.texts.normalise import mask_personal, normalise
from yiting.methods.texts.places import Rank, by_rank, names_in_plain
from yiting.methods.texts.words import background_share, content_words

HALF_LIFE_DAYS: Final = 30.0
WAVE_DAYS: Final = 30.0
PAST_DAYS: Final = 365.0
"""How far before the last 30 days a matter's own past reaches."""
ALERT_AT: Final = 0.05
"""Of the alerts raised at most this share is expected to be chance."""
LEAST_IN_ALERT: Final = 3
"""Different people who spoke in the last 30 days, or there is no alert."""

_WAVE_STEADIED_BY: Final = 3
_DAY_SECONDS: Final = 86_400
_LEAST_VOICES: Final = 2
_LONGEST_QUOTE: Final = 120
_MOST_KEYWORDS: Final = 6
_MOST_PLACES: Final = 3
_NAMED_BY_ONE_OF: Final = 4
_MOST_CHARACTERS: Final = 2_000
_SENTENCE: Final = re.compile("[^。！？!?；;\n]+[。！？!?；;]?")
_COURTESY: Final = re.compile("尊敬的|您好|你好|此致|敬礼|谢谢|感谢")
_SHORTEST_SENTENCE: Final = 10
_MOST_SENTENCES: Final = 40
_BROAD: Final[tuple[Rank, ...]] = ("province", "city", "district")
_LOCAL: Final[tuple[Rank, ...]] = ("site", "institution", "village", "road")


class Why(TypedDict):
    """The parts that a matter's heat is made of."""

    people: int
    messages: int
    supports: int
    objections: int
    supports_part: float
    recency: float
    growth: float | None
    last_30_days: int
    before_that: int
    """People in the 30 days before the last 30."""
    earlier: int
    """People in up to a year before the last 30 days, which `earlier_days` days were heard of."""
    earlier_days: float
    expected: float | None
    """People that the earlier rate would bring in 30 days."""
    p_value: float | None
    q_value: float | None
    alert: bool
    places: list[str]
    span_days: int
    first: str | None
    last: str | None
    keywords: list[str]


@dataclass(frozen=True, slots=True)
class HotMatter:
    """One matter: its most central message's own title, a sentence of it, and why it is where it is."""

    rank: int
    title: str
    quote: str
    request_ids: tuple[str, ...]
    people: int
    heat: float
    why: Why
    name: str = ""
    """What the matter is called in `groups.names`: it stays when messages are added."""


def hot_matters(
    messages: Sequence[Message],
    *,
    now: datetime,
    groups: Groups | None = None,
    must_link: Collection[tuple[str, str]] = (),
    cannot_link: Collection[tuple[str, str]] = (),
    limit: int | None = None,
    alert_at: float = ALERT_AT,
) -> list[HotMatter]:
    """Rank the matters of `messages` that two voices or more speak for (writing, supporting), hottest first.

    `limit` keeps the first so many, and of those further down the ones with an alert. `groups` saves grouping
    again what is grouped already; otherwise the links go to `group`. Times with and
    without a zone may be mixed: one without is taken to be in the zone of `now`. Ties go to the matter with
    more messages, then to the least id.
    """
    by_id = {message.id: message for message in messages}
    found = groups if groups is not None else group(messages, must_link=must_link, cannot_link=cannot_link)
    oldest = max((_age_days(m.at, now) for m in messages if m.at is not None), default=0.0)
    measured = []
    for ids in found.matters:
        members = [by_id[id] for id in ids if id in by_id]
        if members:
            why = _why(members, now, min(oldest - WAVE_DAYS, PAST_DAYS))
            if why["people"] + max(0, why["supports"] - why["objections"]) >= _LEAST_VOICES:
                measured.append((_heat(why), members, why))
    _raise_alerts([why for _, _, why in measured], alert_at)
    measured.sort(key=lambda item: (-item[0], -len(item[1]), item[1][0].id))
    return [
        _hot_matter(rank, heat, members, why, found.names.get(members[0].id, ""))
        for rank, (heat, members, why) in enumerate(measured, start=1)
        if limit is None or rank <= limit or why["alert"]
    ]


def _raise_alerts(whys: Sequence[Why], alert_at: float) -> None:
    tested = [(why, why["p_value"]) for why in whys if why["p_value"] is not None]
    for (why, _), q_value in zip(tested, false_discovery([p for _, p in tested]), strict=True):
        why["q_value"] = float(f"{q_value:.3g}")
        why["alert"] = q_value <= alert_at and why["last_30_days"] >= LEAST_IN_ALERT


def _heat(why: Why) -> float:
    return round((why["people"] + why["supports_part"]) * (3 + why["recency"] + (why["growth"] or 0.0)) / 5, 4)


def _hot_matter(rank: int, heat: float, members: Sequence[Message], why: Why, name: str) -> HotMatter:
    plain = [(normalise(m.title[:_MOST_CHARACTERS]), normalise(m.body[:_MOST_CHARACTERS])) for m in members]
    documents = [Counter(grams(title) * 2 + grams(body)) for title, body in plain]
    weights = weigh(documents, background_gram_share)
    matrix = rows(documents, weights)
    middle: Floats = np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()
    central = members[_most_central(members, matrix @ middle)]
    quote = _quote(central, weights, middle)
    why["keywords"], why["places"] = _keywords(plain), _places(members, plain)
    title = mask_personal(central.title.strip()) or quote
    return HotMatter(rank, title, quote, tuple(m.id for m in members), why["people"], heat, why, name)


def _why(members: Sequence[Message], now: datetime, heard_days: float) -> Why:
    """Count the parts; `heard_days` are those before the last 30 that the messages reach back."""
    ages = [None if m.at is None else _age_days(m.at, now) for m in members]
    dated = [age for age in ages if age is not None]
    people = [_voice(member) for member in members]
    lately = {who for who, age in zip(people, ages, strict=True) if age is not None and age < WAVE_DAYS}
    before = {
        who for who, age in zip(people, ages, strict=True) if age is not None and WAVE_DAYS <= age < 2 * WAVE_DAYS
    }
    earlier = {
        who for who, age in zip(people, ages, strict=True) if age is not None and 0 <= age - WAVE_DAYS <= PAST_DAYS
    }
    p_value = None
    if dated and heard_days > 0:
        p_value = growth_p_value(len(lately), len(earlier), days_lately=WAVE_DAYS, days_before=heard_days)
    supports, objections = (
        sum(max(0, m.supports) for m in members),
        sum(max(0, m.objections) for m in members),
    )
    in_order = sorted((m.at for m in members if m.at is not None), key=lambda at: -_age_days(at, now, signed=True))
    return Why(
        people=len(set(people)),
        messages=len(members),
        supports=supports,
        objections=objections,
        supports_part=round(math.log10(1 + max(0, supports - objections)), 4),
        recency=round(0.5 ** (min(dated) / HALF_LIFE_DAYS), 4) if dated else 0.0,
        growth=None if p_value is None else round(_growth(len(lately), p_value), 4),
        last_30_days=len(lately),
        before_that=len(before),
        earlier=len(earlier),
        earlier_days=round(max(0.0, heard_days), 1),
        expected=None if p_value is None else round(len(earlier) / heard_days * WAVE_DAYS, 2),
        p_value=None if p_value is None else float(f"{p_value:.3g}"),
        q_value=None,
        alert=False,
        places=[],
        span_days=math.ceil(_age_days(in_order[0], in_order[-1])) if in_order else 0,
        first=in_order[0].isoformat() if in_order else None,
        last=in_order[-1].isoformat() if in_order else None,
        keywords=[],
    )


def _growth(lately: int, p_value: float) -> float:
    return max(0.0, 1 - 2 * p_value) * (lately - 1) / (lately - 1 + _WAVE_STEADIED_BY) if lately else 0.0


def _age_days(at: datetime, now: datetime, *, signed: bool = False) -> float:
    if at.tzinfo is None or now.tzinfo is None:
        at, now = at.replace(tzinfo=at.tzinfo or now.tzinfo), now.replace(tzinfo=now.tzinfo or at.tzinfo)
    age = (now - at).total_seconds() / _DAY_SECONDS
    return age if signed else max(0.0, age)


def _voice(member: Message) -> tuple[str, str]:
    person = member.person.strip()
    return ("person", person) if person else ("text", normalise(f"{member.title}\n{member.body}"[:_MOST_CHARACTERS]))


def _most_central(members: Sequence[Message], likeness: Floats) -> int:
    """Position of the member most like all the others, one with a title if any has; the first of equals."""
    has_title = np.array([bool(member.title.strip()) for member in members])
    return int(np.argmax(np.where(has_title, np.round(likeness, 9), -1.0)))


def _quote(member: Message, weights: Weights, middle: Floats) -> str:
    """The sentence of the body most like the whole matter, as it was written, personal numbers masked."""
    body = mask_personal(" ".join(member.body[:_MOST_CHARACTERS].split()))
    sentences = [found.group().strip() for found in _SENTENCE.finditer(body)][:_MOST_SENTENCES]
    telling = [s for s in sentences if len(s) >= _SHORTEST_SENTENCE and not _COURTESY.search(s)] or sentences[:1]
    if not telling:
        return ""
    likeness = rows([Counter(grams(normalise(sentence))) for sentence in telling], weights) @ middle
    quote = telling[int(np.argmax(np.round(likeness, 9)))]
    return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1] + "…"


def _keywords(plain: Sequence[tuple[str, str]]) -> list[str]:
    """Words and place names that many of the members use and messages in general do not."""
    used: Counter[str] = Counter()
    for title, body in plain:
        text = f"{title}\n{body}"
        names = by_rank(names_in_plain(text))
        for name in (name for rank in _BROAD for name in names.get(rank, ())):
            text = text.replace(name, "。")
        local = {name for rank in _LOCAL for name in names.get(rank, ())}
        used.update({word for word in content_words(text) if not word.isascii()} | local)
    telling = {word: n * -math.log(background_share(word) + 1e-3) for word, n in used.items()}
    chosen: list[str] = []
    for word in sorted(telling, key=lambda word: (-telling[word], word)):
        if len(chosen) < _MOST_KEYWORDS and not any(word in taken or taken in word for taken in chosen):
            chosen.append(word)
    return chosen


def _places(members: Sequence[Message], plain: Sequence[tuple[str, str]]) -> list[str]:
    """The places that most of the members name or picked, the most named first."""
    named: Counter[str] = Counter()
    for member, (title, body) in zip(members, plain, strict=True):
        names = by_rank(names_in_plain(f"{title}\n{body}"))
        local = {name for rank in _LOCAL for name in names.get(rank, ())}
        named.update(local | ({normalise(member.place)} if member.place else set()))
    chosen: list[str] = []
    for name in sorted(named, key=lambda name: (-named[name], name)):
        common = named[name] * _NAMED_BY_ONE_OF >= len(members)
        if common and len(chosen) < _MOST_PLACES and not any(name in taken or taken in name for taken in chosen):
            chosen.append(name)
    return chosen
