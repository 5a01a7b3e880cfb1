"""Make citizens' messages with known groups of near-duplicates, for measuring; nobody has said any of them.

    python benchmarks/made_messages.py SIZE OUT.csv [--seed 1]

A message is a first sentence that names a place and a trouble, and sentences from a pool that all messages share, 60
to 140 characters; the words are drawn as often as citizens use them. Most messages stand alone, the rest come in
groups of 2 to 30 and a few of a hundred to a thousand. A copy has up to 15% of its characters dropped, replaced or put
in, sentences swapped, a greeting or an ending added. A twin is a copy in which the place is another: it belongs to
a group of its own. The shared sentences are the trap: whoever joins all that have one in common joins everything.
"""

from __future__ import annotations

import argparse
import csv
import pathlib
import random
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from yiting.methods.texts.wordcounts import WORD_COUNTS

HEADS = ("尊敬的领导：您好！", "您好，", "领导好，我想反映一下：", "市长您好，", "")
TAILS = ("望有关部门尽快处理，谢谢！", "请领导关注。", "盼复。", "恳请解决！", "")
RATES = (0.0, 0.02, 0.05, 0.1, 0.15)
CROWDS = (1000, 500, 200, 200, 100, 100, 100)
"""Sizes of the large groups among 200,000 messages; others are to scale."""
WORDS = tuple(WORD_COUNTS)
OFTEN = tuple(accumulate(count**0.7 for count in WORD_COUNTS.values()))
ESTATES = tuple(
    f"{first}{second}{kind}"
    for first in ("金桂", "翠湖", "锦绣", "仁和", "恒泰", "丰泽", "银杏", "望江", "梧桐", "云溪", "瑞景", "鸿福")
    for second in ("湾", "里", "东郡", "新苑", "一品", "名居")
    for kind in ("家园", "花园", "小区", "公寓")
)
DIVISIONS = tuple(f"{letter}{number}{kind}" for letter in "ABCDEFGHJK" for number in range(1, 10) for kind in "区县市")
PLACE = re.compile("|".join(sorted({*DIVISIONS, *ESTATES}, key=len, reverse=True)))
NEW = -1
"""The group of a query that is like no message."""


class Made(NamedTuple):
    """A message and the number of its group of near-duplicates."""

    id: str
    text: str
    group: int


class Query(NamedTuple):
    """A text to search with, and the group it is a copy from."""

    text: str
    group: int


class _Maker:
    def __init__(self, size: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pool = [self._sentence(5, 14) for _ in range(2_000 + size // 10)]
        self.letters = "".join(self.pool[:500])

    def _sentence(self, least: int, most: int) -> str:
        words = self.chance.choices(WORDS, cum_weights=OFTEN, k=self.chance.randint(least, most))
        if len(words) > 7:
            words[len(words) // 2] += "，"
        return "".join(words) + "。"

    def fresh(self) -> list[str]:
        place = self.chance.choice(DIVISIONS) + self.chance.choice(ESTATES)
        parts = [place + self._sentence(3, 8)]
        while (length := sum(map(len, parts))) < 60 or (length < 110 and self.chance.random() < 0.6):
            parts.append(self.chance.choice(self.pool))
        return parts

    def elsewhere(self, parts: Sequence[str]) -> list[str]:
        """The same wish at another place."""
        division, estate = self.chance.choice(DIVISIONS), self.chance.choice(ESTATES)
        return [PLACE.sub(lambda found: division if found[0] in DIVISIONS else estate, part) for part in parts]

    def edited(self, parts: Sequence[str]) -> str:
        chance, parts = self.chance, list(parts)
        if len(parts) > 2 and chance.random() < 0.3:
            one, other = chance.sample(range(1, len(parts)), 2)
            parts[one], parts[other] = parts[other], parts[one]
        letters = list("".join(parts))
        kept = {at for found in PLACE.finditer("".join(parts)) for at in range(*found.span())}
        for at in chance.sample(range(len(letters)), round(chance.choice(RATES) * len(letters))):
            if at not in kept:
                letters[at] = ("", chance.choice(self.letters), chance.choice(self.letters) + letters[at])[
                    chance.randrange(3)
                ]
        head = chance.choice(HEADS) if chance.random() < 0.3 else ""
        tail = chance.choice(TAILS) if chance.random() < 0.3 else ""
        return head + "".join(letters) + tail

    def copies(self, parts: Sequence[str], number: int) -> list[str]:
        return ["".join(parts), *(self.edited(parts) for _ in range(number - 1))]


def made_messages(size: int, *, seed: int = 1) -> Iterator[Made]:
    """Make `size` messages in an order that tells nothing; the same ones for the same size and seed."""
    maker = _Maker(size, seed)
    chance, groups, count = maker.chance, list[list[str]](), 0
    crowds = [max(2, crowd * size // 200_000) for crowd in CROWDS]
    while count < size:
        if crowds:
            number = crowds.pop(0)
        elif count < 0.4 * size:
            number = min(30, 1 + int(chance.paretovariate(1.1)))
        else:
            number = 1
        parts = maker.fresh()
        groups.append(maker.copies(parts, number))
        count += number
        if number > 1 and chance.random() < 0.4:
            twins = chance.randint(1, min(number, 5))
            groups.append(maker.copies(maker.elsewhere(parts), twins))
            count += twins
    order = [(group, member) for group, texts in enumerate(groups) for member in range(len(texts))]
    chance.shuffle(order)
    for id, (group, member) in enumerate(order[:size]):
        yield Made(str(id), groups[group][member], group)


def made_queries(messages: Sequence[Made], *, copies: int = 200, strangers: int = 100, seed: int = 1) -> list[Query]:
    """Edited copies of some of `messages`, and texts that are like none of them (group NEW)."""
    maker = _Maker(len(messages), seed)
    chosen = maker.chance.sample(messages, min(copies, len(messages)))
    asked = [Query(maker.edited([message.text]), message.group) for message in chosen]
    return asked + [Query("".join(maker.fresh()), NEW) for _ in range(strangers)]


def main() -> None:
    """Write messages to a file, and queries beside it."""
    parser = argparse.ArgumentParser(description="Make messages with known groups of near-duplicates.")
    parser.add_argument("size", type=int)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    messages = list(made_messages(arguments.size, seed=arguments.seed))
    queries = made_queries(messages, seed=arguments.seed)
    for file, rows in ((arguments.out, messages), (arguments.out.with_suffix(".queries.csv"), queries)):
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(rows[0]._fields)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
