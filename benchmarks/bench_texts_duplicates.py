"""Measure groups of near-duplicates against datasketch's MinHashLSH in the same run.

    python benchmarks/bench_texts_duplicates.py [--size 200000] [--corpus FILE.csv] [--big 1000000 5000000] [--json]

FILE.csv has the columns id,text,group; without one, messages are made (see made_messages.py). Each contender runs in
a process of its own, which reads the messages, times the grouping alone and tells the most memory it ever held,
interpreter, libraries and messages included. The peer gets runs of three characters, 128 permutations, components
over the pairs that are likely enough, and that cut of a few which serves it best on the first 20,000 messages.
Figures of agreement count pairs: precision of all pairs put together, recall of all that belong together. With
--big the same is done out of a file (SpilledTexts) at larger sizes, and time a message is set against that at --size.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import datasketch

from yiting.methods.texts.duplicates import SpilledTexts, duplicate_groups

SAMPLE = 20_000
CUTS = (0.4, 0.5, 0.6, 0.7)
RUN, PERMUTATIONS = 3, 128
Rows = Sequence[tuple[str, str, str]]


def rows_of(file: pathlib.Path, size: int) -> Iterator[tuple[str, str, str]]:
    """The first rows of a corpus: id, text, group."""
    with file.open(encoding="utf-8", newline="") as lines:
        yield from ((row["id"], row["text"], row["group"]) for row in islice(csv.DictReader(lines), size))


def agreement(found: Mapping[str, object], groups: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Pairwise precision, recall and F1 of the groups found against the ones planted (id, group)."""
    ours, planted, both = Counter[object](), Counter[object](), Counter[object]()
    for id, group in groups:
        ours[found[id]] += 1
        planted[group] += 1
        both[found[id], group] += 1
    together, belong, right = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (ours, planted, both))
    precision, recall = right / max(together, 1), right / max(belong, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def timed(work: Callable[[], dict[str, str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Seconds by the clock and of the processor (which other programs disturb less), and what came of it."""
    start, spent = time.perf_counter(), time.process_time()
    result = work()
    seconds, processor = time.perf_counter() - start, time.process_time() - spent
    return {"seconds": round(seconds, 2), "processor_seconds": round(processor, 2)}, result


def ours(file: pathlib.Path, size: int) -> dict[str, Any]:
    """Group messages that are in memory."""
    rows = list(rows_of(file, size))
    ids, texts = [row[0] for row in rows], [row[1] for row in rows]
    groups = [(id, group) for id, _, group in rows]
    del rows
    took, found = timed(lambda: duplicate_groups(ids, texts))
    return took | agreement(found, groups) | {"groups": len(set(found.values()))}


def ours_from_file(file: pathlib.Path, size: int) -> dict[str, Any]:
    """Group messages that never are in memory all at once; writing them to the file is timed, too."""
    ids: list[str] = []

    def texts() -> Iterator[str]:
        for id, text, _ in rows_of(file, size):
            ids.append(id)
            yield text

    def work() -> dict[str, str]:
        with SpilledTexts(texts()) as spilled:
            return duplicate_groups(ids, spilled)

    took, found = timed(work)
    groups = ((id, group) for id, _, group in rows_of(file, size))
    return took | agreement(found, groups) | {"groups": len(set(found.values()))}


def peer(file: pathlib.Path, size: int) -> dict[str, Any]:
    """Group with MinHashLSH at the cut that is best on a sample."""
    rows = list(rows_of(file, size))
    sample = rows[:SAMPLE]
    found = {cut: agreement(peer_groups(sample, cut), [(id, group) for id, _, group in sample]) for cut in CUTS}
    cut = max(CUTS, key=lambda cut: found[cut]["f1"])
    took, groups = timed(lambda: peer_groups(rows, cut))
    figures = agreement(groups, [(id, group) for id, _, group in rows])
    return took | figures | {"groups": len(set(groups.values())), "cut": cut}


def peer_groups(rows: Rows, cut: float) -> dict[str, str]:
    """Components over all pairs that MinHashLSH finds and whose likeness by their hashes is at least `cut`."""
    index = datasketch.MinHashLSH(threshold=cut, num_perm=PERMUTATIONS)
    hashes: dict[str, datasketch.MinHash] = {}
    leader: dict[str, str] = {}

    def lead(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for id, text, _ in rows:
        own = datasketch.MinHash(num_perm=PERMUTATIONS)
        own.update_batch([text[i : i + RUN].encode() for i in range(max(1, len(text) - RUN + 1))])
        leader[id] = id
        for other in index.query(own):
            if own.jaccard(hashes[other]) >= cut:
                leader[lead(other)] = id
        index.insert(id, own, check_duplication=False)
        hashes[id] = own
    return {id: lead(id) for id in leader}


CONTENDERS: Mapping[str, Callable[[pathlib.Path, int], dict[str, Any]]] = {
    "ours": ours,
    "ours out of a file": ours_from_file,
    "datasketch": peer,
}


def in_own_process(contender: str, file: pathlib.Path, size: int) -> dict[str, Any]:
    """Run a contender in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, "--contender", contender, "--corpus", str(file), "--size", str(size)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def contend(contender: str, file: pathlib.Path, size: int) -> dict[str, Any]:
    """Take the figures of one contender, in this process."""
    result = CONTENDERS[contender](file, size)
    # in kilobytes, but for macOS, which counts bytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    each = round(result["seconds"] / size * 1e6, 1)
    return {"contender": contender, "messages": size, "peak_mib": round(peak), "microseconds_each": each, **result}


def make(size: int, file: pathlib.Path) -> None:
    """Write made messages to a file, in a process of its own since they take much memory."""
    command = [sys.executable, str(pathlib.Path(__file__).with_name("made_messages.py")), str(size), str(file)]
    subprocess.run(command, check=True)


def measure(size: int, corpus: pathlib.Path | None, big: Sequence[int], folder: pathlib.Path) -> dict[str, Any]:
    """Take all measurements; of the peer only at `size`."""
    results = []
    for count in (size, *big):
        file = corpus or folder / f"made-{count}.csv"
        if corpus is None:
            make(count, file)
        chosen = ("ours", "datasketch") if count == size else ("ours out of a file",)
        for contender in chosen:
            print(f"{contender}, {count} messages", file=sys.stderr)
            results.append(in_own_process(contender, file, count))
        if corpus is None:
            file.unlink()
    here, there = results[:2]
    return {
        "ran on": f"Python {platform.python_version()}, {platform.machine()}, datasketch {datasketch.__version__}",
        "messages": str(corpus) if corpus else "made",
        "figures": results,
        "times as fast as datasketch": round(there["seconds"] / here["seconds"], 2),
        "times as fast as datasketch, by the processor": round(
            there["processor_seconds"] / here["processor_seconds"], 2
        ),
        "part of its memory": round(here["peak_mib"] / there["peak_mib"], 2),
        "time a message, of that at the first size": {
            str(result["messages"]): round(result["microseconds_each"] / here["microseconds_each"], 2)
            for result in results[2:]
        },
    }


def print_table(result: Mapping[str, Any]) -> None:
    """Print measurements for reading."""
    columns = ("messages", "seconds", "processor_seconds", "microseconds_each", "peak_mib", "precision", "recall", "f1")
    print(f"{'contender':<20}" + "".join(f"{name.replace('_', ' '):>19}" for name in columns))
    for row in result["figures"]:
        cut = f" (cut {row['cut']})" if "cut" in row else ""
        print(f"{row['contender'] + cut:<20}" + "".join(f"{row[name]:>19}" for name in columns))
    for name, value in result.items():
        if name != "figures" and value != {}:
            print(f"{name}: {value}")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure groups of near-duplicates against datasketch.")
    parser.add_argument("--size", type=int, default=200_000)
    parser.add_argument("--corpus", type=pathlib.Path, help="CSV with id,text,group; made messages without it")
    parser.add_argument("--big", type=int, nargs="*", default=[], help="more sizes, out of a file (1000000 5000000)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--contender", choices=CONTENDERS, help="run this one alone, in this process")
    arguments = parser.parse_args()
    if arguments.size < 2 or min(arguments.big, default=2) < 2:
        parser.error("sizes must be 2 or more")
    if arguments.corpus and sum(1 for _ in rows_of(arguments.corpus, sys.maxsize)) < max(
        arguments.size, *arguments.big, 0
    ):
        parser.error(f"{arguments.corpus} has fewer messages than that")
    if arguments.contender:
        if not arguments.corpus:
            parser.error("--contender needs a --corpus")
        print(json.dumps(contend(arguments.contender, arguments.corpus, arguments.size)))
        return
    with tempfile.TemporaryDirectory() as folder:
        result = measure(arguments.size, arguments.corpus, arguments.big, pathlib.Path(folder))
    if arguments.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
