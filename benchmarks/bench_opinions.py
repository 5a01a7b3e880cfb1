"""Measure the groups found in votes against red-dwarf 0.4.0, on real Polis conversations, in the same run.

    python benchmarks/bench_opinions.py [--data FOLDER] [--bootstraps 20] [--people 1000000] [--only WORK ...] [--json]

FOLDER holds polis/ (default: $YITING_SHARED_DATA, or shared/data beside the checkout). The works:

- `agreement`: the adjusted Rand index of `method="polis"` with red-dwarf's groups at the same settings, on each
  conversation, with nothing moderated and with what was rejected taken out;
- `speed`: the largest conversation, and the same resampled to 20,000 people. Each contender runs in a process of its
  own, which reads the votes in the form that is native to it, is timed from there to the answer (the best of several)
  and tells the most memory it ever held, libraries included;
- `foretelling`: a tenth of the votes is hidden, the rest grouped, and the hidden ones foretold from the smoothed
  frequencies of the group a statement; the loss is in nats a vote, and the same formula serves both. The default
  method stands against red-dwarf at red-dwarf's number of groups and each at its own;
- `bootstrap`: the mean adjusted Rand index between all pairs of bootstrap samples, over the people both have;
- `update`: one more vote in the largest conversation;
- `million`: a million made participants and a thousand statements, 3 in 100 cells voted on.

red-dwarf and scikit-learn are only here as the second opinion.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from yiting.methods.opinions import (
    Statement,
    Votes,
    analyse,
    analysis_update,
    conversation_read,
    vote_added,
    votes_of_arrays,
)
from yiting.methods.opinions.confidence import sample_of, votes_drawn

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
LARGEST = "american-assembly.bowling-green"
MANY = 20_000
LEAST_VOTES = 7
SMOOTH = (2.0, 10.0)
Labels = np.ndarray[Any, np.dtype[np.int64]]


def read(folder: Path, name: str) -> Votes:
    """Read a conversation with what is known of its statements."""
    place = folder / "polis" / name
    return conversation_read(
        (place / "participants-votes.csv").read_text("utf-8"), comments=(place / "comments.csv").read_text("utf-8")
    )


def names_in(folder: Path) -> list[str]:
    """Name the conversations."""
    return sorted(path.parent.name for path in folder.glob("polis/*/participants-votes.csv"))


def plain(votes: Votes) -> Votes:
    """Take no statement for moderated."""
    return votes_of_arrays(
        votes.participants, [Statement(one.id) for one in votes.statements], votes.rows, votes.columns, votes.values
    )


def resampled(votes: Votes, people: int) -> Votes:
    """Draw people with replacement."""
    return votes_drawn(votes, np.sort(np.random.default_rng(1).integers(0, len(votes.participants), people)))


def red_dwarf_votes(votes: Votes) -> list[dict[str, int]]:
    """Write votes as red-dwarf takes them."""
    return [
        {"participant_id": row, "statement_id": column, "vote": value}
        for row, column, value in zip(votes.rows.tolist(), votes.columns.tolist(), votes.values.tolist(), strict=True)
    ]


def red_dwarf(votes: Votes, *, number: int | None = None, given: list[dict[str, int]] | None = None) -> Labels:
    """Group with red-dwarf; -1 where somebody is in no group."""
    # our own processes must not carry the peer's memory
    from reddwarf.implementations.base import run_pipeline  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = run_pipeline(
            votes=red_dwarf_votes(votes) if given is None else given,
            mod_out_statement_ids=[at for at, one in enumerate(votes.statements) if not one.is_counted],
            min_user_vote_threshold=LEAST_VOTES,
            force_group_count=number,
            random_state=0,
        )
    known = found.participants_df["cluster_id"].dropna()
    labels = np.full(len(votes.participants), -1)
    labels[known.index.to_numpy(dtype=int)] = known.to_numpy(dtype=int)
    return labels


def ours(votes: Votes, *, method: str = "stable", number: int | None = None) -> Labels:
    """Group with ours; -1 where somebody is in no group."""
    membership = analyse(votes, method=method, groups=number).membership  # type: ignore[arg-type]
    return np.array([membership.get(name, -1) for name in votes.participants])


def rand(one: Labels, other: Labels) -> float:
    """Compare two groupings of the people both have grouped."""
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 -- the same

    both = (one >= 0) & (other >= 0)
    return float(adjusted_rand_score(one[both], other[both]))


def agreement(folder: Path) -> dict[str, Any]:
    """Compare `method="polis"` with red-dwarf."""
    rows = {}
    for name in names_in(folder):
        votes = read(folder, name)
        rows[name] = {
            "nothing moderated": round(rand(ours(plain(votes), method="polis"), red_dwarf(plain(votes))), 4),
            "moderated": round(rand(ours(votes, method="polis"), red_dwarf(votes)), 4),
        }
    return {**rows, "mean": means(rows)}


def means(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Take the mean of each column."""
    columns = next(iter(rows.values()))
    return {column: round(float(np.mean([row[column] for row in rows.values()])), 4) for column in columns}


def contend(folder: Path, contender: str, people: int) -> dict[str, Any]:
    """Take the figures of one contender, in this process."""
    votes = plain(read(folder, LARGEST))
    if people:
        votes = resampled(votes, people)
    work: Callable[[], Any]
    if contender == "red-dwarf":
        work = partial(red_dwarf, votes, given=red_dwarf_votes(votes))
    else:
        work = partial(analyse, votes, method=contender)
    seconds, spent = [], []
    for _ in range(3):
        start, processor = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - start)
        spent.append(time.process_time() - processor)
    return {
        "contender": contender,
        "people": len(votes.participants),
        "seconds": round(min(seconds), 3),
        "processor seconds": round(min(spent), 3),
        "peak MiB": peak(),
    }


def peak() -> int:
    """Tell the most memory this process ever held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux the count of getrusage begins with what the parent held
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(held.split()[1]) / 2**10)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def in_own_process(*words: str) -> dict[str, Any]:
    """Run one contender in a process of its own, so that its memory is its own."""
    answer = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def speed(folder: Path) -> dict[str, Any]:
    """Time the contenders on the largest conversation, and on the same resampled."""
    rows: dict[str, Any] = {}
    for people in (0, MANY):
        peer = in_own_process("--data", str(folder), "--contender", "red-dwarf", "--of", str(people))
        rows[f"red-dwarf, {peer['people']}"] = peer
        for method in ("polis", "stable"):
            here = in_own_process("--data", str(folder), "--contender", method, "--of", str(people))
            rows[f"{method}, {here['people']}"] = here | {
                "times as fast": round(peer["seconds"] / here["seconds"], 1),
                "times as fast by the processor": round(peer["processor seconds"] / here["processor seconds"], 1),
                "part of the memory": round(here["peak MiB"] / peer["peak MiB"], 3),
            }
    return rows


def loss(votes: Votes, hidden: np.ndarray[Any, np.dtype[np.bool_]], labels: Labels, smooth: float) -> float:
    """Foretell hidden votes from the group's frequencies, smoothed to those of everybody."""
    width = len(votes.statements)
    rows, answers = votes.rows, 3 * votes.columns.astype(np.int64) + votes.values + 1
    shown = ~hidden
    everybody = np.bincount(answers[shown], minlength=3 * width).reshape(width, 3)
    general = everybody.sum(axis=0) / everybody.sum()
    common = (everybody + 3 * general) / (everybody.sum(axis=1, keepdims=True) + 3)
    total = 0.0
    for group in np.unique(labels):
        mine = labels[rows] == group
        counts = np.bincount(answers[shown & mine], minlength=3 * width).reshape(width, 3)
        chances = (counts + smooth * common) / (counts.sum(axis=1, keepdims=True) + smooth)
        chances = common if group < 0 else chances
        total -= float(np.log(chances.reshape(-1)[answers[hidden & mine]]).sum())
    return total / int(hidden.sum())


def foretelling(folder: Path) -> dict[str, Any]:
    """Hide a tenth of the votes three times, and foretell them."""
    rows: dict[str, dict[str, float]] = {}
    for name in names_in(folder):
        votes = plain(read(folder, name))
        found: dict[str, list[float]] = {}
        for turn in range(3):
            hidden = np.random.default_rng(turn).random(votes.count) < 0.1
            rest = votes_of_arrays(
                votes.participants,
                votes.statements,
                votes.rows[~hidden],
                votes.columns[~hidden],
                votes.values[~hidden],
            )
            theirs = red_dwarf(rest)
            number = int(theirs.max()) + 1
            own = ours(rest)
            labels = {
                "everybody": np.where(theirs >= 0, 0, -1),
                "red-dwarf": theirs,
                "ours, its number": ours(rest, number=number),
                "red-dwarf, our number": red_dwarf(rest, number=max(2, int(own.max()) + 1)),
                "ours": own,
            }
            for label, grouping in labels.items():
                for smooth in SMOOTH:
                    found.setdefault(f"{label} /{smooth:g}", []).append(loss(votes, hidden, grouping, smooth))
            found.setdefault("number of red-dwarf", []).append(number)
            found.setdefault("number of ours", []).append(int(own.max()) + 1)
        rows[name] = {label: round(float(np.mean(values)), 4) for label, values in found.items()}
        print(name, rows[name], file=sys.stderr)
    return {**rows, "mean": means(rows)}


def bootstrap(folder: Path, samples: int) -> dict[str, Any]:
    """Group bootstrap samples, and compare all pairs."""
    rows: dict[str, dict[str, float]] = {}
    for name in names_in(folder):
        votes = plain(read(folder, name))
        number = int(red_dwarf(votes).max()) + 1
        contenders: dict[str, Callable[[Votes], Labels]] = {
            "red-dwarf": red_dwarf,
            "red-dwarf, its number fixed": partial(red_dwarf, number=number),
            "ours, its number": partial(ours, number=number),
            "ours": ours,
        }
        found: dict[str, list[Labels]] = {label: [] for label in contenders}
        for sample in range(samples):
            people = sample_of(len(votes.participants), sample)
            drawn = votes_drawn(votes, people)
            who, once = np.unique(people, return_index=True)
            for label, group in contenders.items():
                labels = np.full(len(votes.participants), -1)
                labels[who] = group(drawn)[once]
                found[label].append(labels)
        rows[name] = {
            label: round(float(np.mean([rand(*pair) for pair in itertools.combinations(groupings, 2)])), 4)
            for label, groupings in found.items()
        }
        rows[name]["mean number of ours"] = round(float(np.mean([labels.max() + 1 for labels in found["ours"]])), 2)
        print(name, rows[name], file=sys.stderr)
    return {**rows, "mean": means(rows)}


def update(folder: Path) -> dict[str, Any]:
    """Add 20 votes one by one to the largest conversation; compare each with a full analysis of the same votes."""
    votes = read(folder, LARGEST)
    start = time.perf_counter()
    found = analyse(votes)
    full = time.perf_counter() - start
    seconds, spent, alike = [], [], []
    chance = np.random.default_rng(1)
    for turn in range(20):
        more = {
            "participant": votes.participants[int(chance.integers(len(votes.participants)))],
            "statement": votes.statements[int(chance.integers(len(votes.statements)))].id,
            "vote": int(chance.integers(-1, 2)),
        }
        start, processor = time.perf_counter(), time.process_time()
        votes = vote_added(votes, **more)  # type: ignore[arg-type]
        found = analysis_update(votes, found)
        seconds.append(time.perf_counter() - start)
        spent.append(time.process_time() - processor)
        if turn % 5 == 4:
            anew, now = analyse(votes, earlier=found.membership).membership, found.membership
            alike.append(sum(anew[name] == now.get(name) for name in anew) / len(anew))
    return {
        "full analysis, seconds": round(full, 3),
        "update, milliseconds, median": round(float(np.median(seconds)) * 1000, 1),
        "update, milliseconds of the processor, median": round(float(np.median(spent)) * 1000, 1),
        "update, milliseconds, most": round(max(seconds) * 1000, 1),
        "people in the group a full analysis puts them in, least": round(min(alike), 5),
    }


def million(people: int) -> dict[str, Any]:
    """Make four camps of unequal size, each with its own leaning on each statement, and find them."""
    chance = np.random.default_rng(1)
    width, density = 1000, 0.03
    camps = chance.choice(4, people, p=(0.4, 0.3, 0.2, 0.1))
    sizes = chance.binomial(width, density, people)
    rows = np.repeat(np.arange(people, dtype=np.int64), sizes)
    columns = chance.integers(0, width, len(rows))
    cells = np.unique(rows * width + columns)
    rows, columns = np.divmod(cells, width)
    leaning = chance.beta(1.5, 1.5, (4, width))
    agree = chance.random(len(rows)) < leaning[camps[rows], columns]
    values = np.where(chance.random(len(rows)) < 0.15, 0, np.where(agree, 1, -1)).astype(np.int8)
    names = [str(at) for at in range(people)]
    statements = [Statement(str(at)) for at in range(width)]
    del cells, agree
    start, spent = time.perf_counter(), time.process_time()
    votes = votes_of_arrays(names, statements, rows, columns, values)
    gathered = time.perf_counter() - start
    found = analyse(votes)
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    membership = found.membership
    labels = np.array([membership.get(name, -1) for name in names])
    return {
        "people": people,
        "votes": votes.count,
        "seconds to gather": round(gathered, 1),
        "seconds in all": round(seconds, 1),
        "processor seconds": round(spent, 1),
        "peak MiB": peak(),
        "groups": [group.size for group in found.groups],
        "adjusted Rand index with the camps": round(rand(labels, camps), 4),
    }


def print_table(result: Mapping[str, Any]) -> None:
    """Print measurements for reading."""
    for name, value in result.items():
        if not isinstance(value, Mapping):
            print(f"{name}: {value}")
            continue
        print(f"\n{name}")
        for label, row in value.items():
            told = ", ".join(f"{key} {one}" for key, one in row.items()) if isinstance(row, Mapping) else row
            print(f"  {label:<60}{told}")


def main() -> None:
    """Read the arguments, measure, print."""
    works = ("agreement", "speed", "foretelling", "bootstrap", "update", "million")
    parser = argparse.ArgumentParser(description="Measure opinion groups.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YITING_SHARED_DATA", BESIDE)))
    parser.add_argument("--bootstraps", type=int, default=20)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=works, default=works)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--contender", choices=("red-dwarf", "polis", "stable", "million"), help="run this one alone")
    parser.add_argument("--of", type=int, default=0, help="resample to so many people; of the one contender")
    given = parser.parse_args()
    if given.contender:
        alone = million(given.of) if given.contender == "million" else contend(given.data, given.contender, given.of)
        print(json.dumps(alone))
        return
    if not names_in(given.data):
        parser.error(f"no conversations below {given.data}; give their folder with --data")
    made: dict[str, Callable[[], Any]] = {
        "agreement": lambda: agreement(given.data),
        "speed": lambda: speed(given.data),
        "foretelling": lambda: foretelling(given.data),
        "bootstrap": lambda: bootstrap(given.data, given.bootstraps),
        "update": lambda: update(given.data),
        "million": lambda: in_own_process("--contender", "million", "--of", str(given.people)),
    }
    result: dict[str, Any] = {"ran on": f"Python {platform.python_version()}, {platform.machine()}"}
    for work in given.only:
        print(work, file=sys.stderr)
        result[work] = made[work]()
    if given.json:
        print(json.dumps(result, indent=2))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
