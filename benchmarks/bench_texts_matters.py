"""Matters found among messages: how long, how much memory, how right, and beside the plain way in the same run.

The plain way (all pairs by TF-IDF of character runs, connected components, at its best cut) is run at sizes it can do.

    python benchmarks/bench_texts_matters.py [--data FOLDER] [--sizes 20000 200000] [--json]

FOLDER holds messages/messages.xlsx (default: $YITING_SHARED_DATA, or shared/data beside the checkout); without it only
made ones are measured. Each row is a process of its own, so that peaks do not add up. The last row agrees with eight
matters of the real messages that were judged by hand, read narrowly and widely, and counts how many of the five largest
are among the twenty hottest.
"""

import argparse
import csv
import json
import multiprocessing
import os
import resource
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

from judged_matters import JUDGED, judged_f1, readings, real_messages
from made_messages import made_messages
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

from yiting.methods.texts import Message, group, hot_matters

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SEEN_FROM = datetime(2020, 1, 9, tzinfo=UTC)
TOP, LARGEST = 20, 5
SEED = 1
MOST_FOR_THE_PLAIN_WAY = 5_000
CUTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


Score = Callable[[Mapping[str, object]], float]
"""How well the pairs that are together agree with those that should be, 0 to 1."""


def score_by_groups(gold: Mapping[str, object]) -> Score:
    """Score against a group for each message."""

    def pairs(classes: Counter[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in classes.values())

    def score(found: Mapping[str, object]) -> float:
        right = pairs(Counter((found[id], gold[id]) for id in gold))
        return 2 * right / max(1, pairs(Counter(found[id] for id in gold)) + pairs(Counter(gold.values())))

    return score


def score_by_pairs(gold: Set[frozenset[str]]) -> Score:
    """Score against pairs that readers put together, among the messages that are in one."""
    ids = sorted({id for pair in gold for id in pair})

    def score(found: Mapping[str, object]) -> float:
        members: dict[object, list[str]] = {}
        for id in ids:
            members.setdefault(found[id], []).append(id)
        together = {frozenset(pair) for some in members.values() for pair in combinations(some, 2)}
        return 2 * len(together & gold) / max(1, len(together) + len(gold))

    return score


def made(size: int) -> tuple[list[Message], Score]:
    """Messages as an office has them, the first sentence for a title, scored by the groups they were made in."""
    rows = list(made_messages(size, seed=SEED))
    messages = [Message(id=str(id), title=text.split("。")[0], body=text) for id, text, _ in rows]
    return messages, score_by_groups({str(id): group for id, _, group in rows})


def real(folder: Path) -> tuple[list[Message], Score]:
    """The real messages, scored by the pairs that two or more readers put into one matter."""
    with (folder / "same-matter-pairs.csv").open(encoding="utf-8-sig", newline="") as file:
        pairs = {frozenset((row["id_a"], row["id_b"])) for row in csv.DictReader(file)}
    return real_messages(folder / "messages.xlsx"), score_by_pairs(pairs)


def ours(messages: Sequence[Message]) -> tuple[dict[str, object], dict[str, object]]:
    """Both levels: the near-duplicates and the matter of every message."""
    found = group(messages)
    return dict(found.names), {id: number for number, same in enumerate(found.duplicates) for id in same}


def plain_way(messages: Sequence[Message], score: Score) -> tuple[float, float]:
    """All pairs, and components at the cut that does best; returns (seconds at one cut, F1)."""
    started = perf_counter()
    rows = TfidfVectorizer(analyzer="char", ngram_range=(2, 3)).fit_transform(
        [f"{message.title} {message.body}" for message in messages]
    )
    alike = rows @ rows.T
    taken = perf_counter() - started
    best = 0.0
    for cut in CUTS:
        _, parts = connected_components(alike > cut, directed=False)
        best = max(best, score({m.id: int(part) for m, part in zip(messages, parts, strict=True)}))
    return taken, best


def measured(name: str, messages: list[Message], score: Score, *, level: str) -> dict[str, object]:
    """One row: `level` is the one that `score` speaks of."""
    started = perf_counter()
    matters, duplicates = ours(messages)
    row: dict[str, object] = {
        "corpus": name,
        "messages": len(messages),
        "seconds": round(perf_counter() - started, 1),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "level": level,
        "f1": round(score(matters if level == "matters" else duplicates), 3),
    }
    if len(messages) <= MOST_FOR_THE_PLAIN_WAY:
        seconds, best = plain_way(messages, score)
        row |= {"plain_seconds": round(seconds, 1), "plain_f1": round(best, 3)}
    return row


def measured_real(folder: Path) -> dict[str, object]:
    return measured("real", *real(folder), level="matters")


def measured_judged(folder: Path) -> dict[str, object]:
    """The row of the eight matters judged by hand."""
    messages = real_messages(folder / "messages.xlsx")
    found = group(messages)
    hottest = [set(matter.request_ids) for matter in hot_matters(messages, now=SEEN_FROM, groups=found, limit=TOP)]
    largest = sorted((readings(name)[0] for name in JUDGED), key=len)[-LARGEST:]
    seen = sum(any(len(gold & ids) * 2 > len(gold) for ids in hottest[:TOP]) for gold in largest)
    return {
        "corpus": "real, eight matters",
        "messages": len(messages),
        "f1_narrowly_read": round(judged_f1(found, widely=False), 3),
        "f1_widely_read": round(judged_f1(found, widely=True), 3),
        f"of_{LARGEST}_largest_in_top_{TOP}": seen,
    }


def measured_made(size: int) -> dict[str, object]:
    return measured("made", *made(size), level="duplicates")


def apart(task: Callable[[Any], dict[str, object]], argument: object) -> dict[str, object]:
    """Do it in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(task, (argument,))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YITING_SHARED_DATA", BESIDE)))
    parser.add_argument("--sizes", type=int, nargs="*", default=[4_000, 20_000, 200_000])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    tasks: list[tuple[Callable[[Any], dict[str, object]], object]] = []
    folder = chosen.data / "messages"
    if (folder / "messages.xlsx").exists():
        tasks += [(measured_real, folder), (measured_judged, folder)]
    else:
        print(f"no real messages below {chosen.data}: made ones only; give their folder with --data", file=sys.stderr)
    tasks += [(measured_made, size) for size in chosen.sizes]
    rows = []
    for task, argument in tasks:
        rows.append(apart(task, argument))
        if not chosen.json:
            print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    if chosen.json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
