"""Measure the choosing of projects against pabutools 1.2.3, on real elections of Pabulib, in the same run.

    python benchmarks/bench_allocations.py [--data FOLDER] [--seconds 100] [--voters 1000000] [--only WORK ...] [--json]

FOLDER holds pabulib/ (default: $YITING_SHARED_DATA, or shared/data beside the checkout). The works:

- `parse`: the largest files, each contender in a process of its own, which tells the most memory it ever held before
  it read the file and after;
- `speed`: Equal Shares by cost, Phragmén and Equal Shares with add-one on the elections with most different ballots.
  The peer gets identical ballots merged, its fastest exact form, and is timed once, ours as the best of five (add-one
  once); what does not end in `--seconds` is told so;
- `winners`: every rule, satisfaction and completion that both have, on every file. Winners are compared as sets; for
  the greatest welfare, whose ties pabutools leaves to its solver, the welfare. What the peer does not end in
  `--seconds` a case is told so; of add-one its run at the share where ours stopped and the next one are compared;
- `million`: a million made ballots over 200 projects.

pabutools is only here as the second opinion.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from yiting.methods.allocations import Election, Outcome, Project, elect, election_of_arrays, pb_read

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
LARGEST = 3
FASTEST_OF = 5
# pabutools tries a project a round for satisfaction that does not add up; larger files do not end
MOST_BYTES_COVERING = 110_000
PLAIN = ("approval", "choose-1")


class TooLongError(Exception):
    """It did not end in the time it was given."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Break off what takes longer."""

    def over(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def files_in(folder: Path) -> list[Path]:
    """Name the files, the smallest first."""
    return sorted(folder.glob("pabulib/*.pb"), key=lambda file: (file.stat().st_size, file.name))


def read(file: Path) -> Election:
    """Read a file with ours."""
    return pb_read(file.read_bytes().decode("utf-8-sig")).election


def peer_read(file: Path) -> Any:
    """Read a file with pabutools, and merge identical ballots."""
    # our own processes must not carry the peer's memory
    from pabutools.election.pabulib import parse_pabulib  # noqa: PLC0415

    instance, profile = parse_pabulib(str(file))
    return instance, profile, profile.as_multiprofile()


def measures_of(kind: str) -> dict[str, Any]:
    """What pabutools calls each satisfaction, for a kind of vote."""
    from pabutools.election import satisfaction  # noqa: PLC0415 -- the same

    found = {"cost": satisfaction.Cost_Sat, "cardinality": satisfaction.Cardinality_Sat}
    if kind != "ordinal":
        found["cc"] = satisfaction.CC_Sat
    if kind in ("cumulative", "scoring"):
        found["score"] = satisfaction.Additive_Cardinal_Sat
    elif kind == "ordinal":
        found["score"] = satisfaction.Additive_Borda_Sat
    return found


def peer_rules(instance: Any, merged: Any, measure: Any) -> dict[tuple[str, str], Callable[[], Any]]:
    """Every rule that adds satisfaction up, as pabutools has it."""
    from pabutools import rules  # noqa: PLC0415 -- the same

    shares, sat = rules.method_of_equal_shares, {"sat_class": measure}
    return {
        ("greedy", "none"): lambda: rules.greedy_utilitarian_welfare(instance, merged, **sat),
        ("equal-shares", "none"): lambda: shares(instance, merged, **sat),
        ("equal-shares", "greedy"): lambda: rules.completion_by_rule_combination(
            instance, merged, [shares, rules.greedy_utilitarian_welfare], [sat, sat]
        ),
        ("equal-shares", "add1-exhaustive"): lambda: shares(instance, merged, voter_budget_increment=1, **sat),
        ("equal-shares", "add1"): lambda: rules.exhaustion_by_budget_increase(
            instance, merged, shares, dict(sat), exhaustive_stop=False, budget_step=merged.num_ballots()
        ),
        ("max-welfare", "none"): lambda: rules.max_additive_utilitarian_welfare(instance, merged, **sat),
    }


def peak() -> float:
    """Tell the most memory this process ever held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux the count of getrusage begins with what the parent held
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(held.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def contend(folder: Path, contender: str, name: str) -> dict[str, Any]:
    """Parse a file with one contender, in this process."""
    file = folder / "pabulib" / name
    if contender == "pabutools":
        from pabutools.election.pabulib import parse_pabulib  # noqa: PLC0415 -- the same

        work: Callable[[], Any] = lambda: parse_pabulib(str(file))  # noqa: E731 -- one of two
    else:
        work = lambda: read(file)  # noqa: E731 -- the other
    before = peak()
    start = time.perf_counter()
    kept = work()
    seconds = [time.perf_counter() - start]
    after = peak()
    for _ in range(2):
        start = time.perf_counter()
        kept = work()
        seconds.append(time.perf_counter() - start)
    del kept
    return {
        "contender": contender,
        "seconds": round(min(seconds), 4),
        "MiB of it": round(after - before, 1),
        "peak MiB": round(after, 1),
    }


def in_own_process(*words: str) -> dict[str, Any]:
    """Run one contender in a process of its own, so that its memory is its own."""
    answer = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def parse(folder: Path) -> dict[str, Any]:
    """Parse the largest files."""
    rows: dict[str, Any] = {}
    for file in files_in(folder)[-LARGEST:]:
        peer, here = (
            in_own_process("--data", str(folder), "--contender", contender, "--of", file.name)
            for contender in ("pabutools", "ours")
        )
        rows[file.stem] = {
            "pabutools": peer,
            "ours": here,
            "times as fast": round(peer["seconds"] / here["seconds"], 1),
            "part of the memory": round(here["MiB of it"] / peer["MiB of it"], 3),
        }
        print(file.stem, rows[file.stem], file=sys.stderr)
    return rows


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Take the best of several."""
    best, answer = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def speed(folder: Path, seconds: int) -> dict[str, Any]:
    """Time the rules on the elections with most different ballots."""
    from pabutools import rules  # noqa: PLC0415 -- the same

    elections = {file: read(file) for file in files_in(folder)}
    plain = [file for file, election in elections.items() if election.kind in PLAIN]
    chosen = sorted(plain, key=lambda file: elections[file].distinct)[-LARGEST:]
    rows: dict[str, Any] = {}
    for file in chosen:
        election = elections[file]
        instance, _, merged = peer_read(file)
        theirs = peer_rules(instance, merged, measures_of(election.kind)["cost"])
        works: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
            "equal-shares": (
                theirs["equal-shares", "none"],
                lambda one=election: elect(one, rule="equal-shares", satisfaction="cost"),
            ),
            "phragmen": (
                lambda one=instance, other=merged: rules.sequential_phragmen(one, other),
                lambda one=election: elect(one, rule="phragmen"),
            ),
            "add1-exhaustive": (
                theirs["equal-shares", "add1-exhaustive"],
                lambda one=election: elect(one, rule="equal-shares", satisfaction="cost", completion="add1-exhaustive"),
            ),
        }
        for name, (peer, ours) in works.items():
            row: dict[str, Any] = {"different ballots": election.distinct}
            try:
                with at_most(seconds):
                    here, found = timed(ours, 1 if name == "add1-exhaustive" else FASTEST_OF)
            except TooLongError:
                rows[f"{file.stem}, {name}"] = row | {"ours": f"did not end in {seconds} s; pabutools was not tried"}
                continue
            row["ours, seconds"] = round(here, 5)
            try:
                with at_most(seconds):
                    there, answer = timed(peer, 1)
                row |= {
                    "pabutools, seconds": round(there, 3),
                    "times as fast": round(there / here),
                    "same winners": {one.name for one in answer} == set(found.winners),
                }
            except TooLongError:
                row["pabutools"] = f"did not end in {seconds} s"
                row["more times as fast than"] = round(seconds / here)
            rows[f"{file.stem}, {name}"] = row
            print(file.stem, name, row, file=sys.stderr)
    return rows


def ends_alike(instance: Any, merged: Any, measure: Any, found: Outcome) -> bool:
    """Tell whether pabutools, begun with the share at which ours stopped, buys the same and would stop there too.

    Add-one takes it thousands of runs where money is counted in small units; this takes two.
    """
    from pabutools.election.profile import AbstractApprovalProfile  # noqa: PLC0415 -- the same
    from pabutools.fractions import frac  # noqa: PLC0415 -- the same
    from pabutools.rules import BudgetAllocation  # noqa: PLC0415 -- the same
    from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme  # noqa: PLC0415 -- the same
    from pabutools.tiebreaking import lexico_tie_breaking  # noqa: PLC0415 -- the same

    gains, is_binary = merged.as_sat_profile(sat_class=measure), isinstance(merged, AbstractApprovalProfile)
    share = frac(instance.budget_limit, merged.num_ballots()) + found.added

    def bought(share: Any) -> Any:
        return method_of_equal_shares_scheme(
            instance, merged, gains, share, BudgetAllocation(), lexico_tie_breaking, binary_sat=is_binary
        )

    there = bought(share)
    if {one.name for one in there} != set(found.winners):
        return False
    wanted = [one for one in instance if gains.total_satisfaction_project(one) > 0]
    # where everything is bought, nothing more can change; pabutools goes on until each voter has the whole budget
    if len(there) == len(wanted) or (found.completion == "add1-exhaustive" and instance.is_exhaustive(there, wanted)):
        return True
    return not instance.is_feasible(bought(share + 1))


def verdict(
    contest: tuple[Election, Any, Any, Any], asked: dict[str, Any], measure: Any, peer: Callable[[], Any], seconds: int
) -> str:
    """Compare the winners of one rule: same, same at its end, different, or unfinished."""
    election, instance, profile, merged = contest
    try:
        with at_most(seconds):
            answer = peer()
    except TooLongError:
        if not asked["completion"].startswith("add1"):
            return "unfinished"
        try:
            with at_most(seconds):
                is_same = ends_alike(instance, merged, measure, elect(election, **asked))
        except TooLongError:
            return "unfinished"
        return "same at its end" if is_same else "different"
    found = elect(election, **asked)
    if asked["rule"] == "max-welfare":
        gained = profile.as_sat_profile(measure)
        mine = [one for one in instance if one.name in found.winners]
        ours, theirs = (sum(map(gained.total_satisfaction_project, chosen)) for chosen in (mine, answer))
        return "same" if ours == theirs else "different"
    return "same" if {one.name for one in answer} == set(found.winners) else "different"


def winners(folder: Path, seconds: int) -> dict[str, Any]:
    """Compare the winners on every file."""
    from pabutools import rules  # noqa: PLC0415 -- the same

    counts: dict[str, Counter[str]] = {}
    named: dict[str, list[str]] = {"different": [], "unfinished": [], "not tried": []}
    for file in files_in(folder):
        election = read(file)
        instance, profile, merged = peer_read(file)
        for name, measure in measures_of(election.kind).items():
            cases: dict[tuple[str, str], Callable[[], Any]] = dict(peer_rules(instance, merged, measure))
            if name == "cc":
                del cases["max-welfare", "none"]
                if file.stat().st_size > MOST_BYTES_COVERING:
                    del cases["greedy", "none"], cases["equal-shares", "greedy"]
                    named["not tried"].append(f"{file.stem}, covering greedily")
            if name == "cost" and election.kind in PLAIN:
                cases["phragmen", "none"] = lambda one=instance, other=merged: rules.sequential_phragmen(one, other)
            for (rule, completion), peer in cases.items():
                satisfaction = None if rule == "phragmen" else name
                asked = {"rule": rule, "satisfaction": satisfaction, "completion": completion}
                told = verdict((election, instance, profile, merged), asked, measure, peer, seconds)
                counts.setdefault(f"{rule}, {completion}", Counter())[told] += 1
                if told in named:
                    named[told].append(f"{file.stem}, {rule}, {name}, {completion}")
        print(file.stem, "done", file=sys.stderr)
    return {"counts": {case: dict(row) for case, row in counts.items()}, **named}


def million(voters: int) -> dict[str, Any]:
    """Make ballots of one to ten projects, popular ones more often, and run Equal Shares."""
    chance = np.random.default_rng(1)
    number = 200
    popular = 1 / np.arange(1, number + 1) ** 0.7
    sizes = chance.integers(1, 11, voters)
    drawn = chance.choice(number, int(sizes.sum()), p=popular / popular.sum())
    cells = np.unique(np.repeat(np.arange(voters, dtype=np.int64), sizes) * number + drawn)
    rows, columns = np.divmod(cells, number)
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=voters))))
    projects = [Project(f"{at:03}", int(cost)) for at, cost in enumerate(chance.integers(10_000, 2_000_000, number))]
    election = election_of_arrays(
        projects, starts, columns, np.ones(len(columns)), np.ones(voters), budget=Fraction(30_000_000)
    )
    row: dict[str, Any] = {"ballots": election.distinct, "votes": len(columns)}
    for name, asked in {
        "equal-shares": {"rule": "equal-shares", "satisfaction": "cost"},
        "phragmen": {"rule": "phragmen"},
    }.items():
        seconds, found = timed(lambda asked=asked: elect(election, **asked), 3)
        row[f"{name}, seconds"] = round(seconds, 3)
        row[f"{name}, winners"] = len(found.winners)
    row["peak MiB"] = round(peak())
    return row


def print_table(result: dict[str, Any], indent: int = 0) -> None:
    """Print what was found, for people."""
    for name, value in result.items():
        if isinstance(value, dict):
            print(" " * indent + f"{name}:")
            print_table(value, indent + 2)
        else:
            print(" " * indent + f"{name}: {value}")


def main() -> None:
    """Run the works asked for."""
    parser = argparse.ArgumentParser(description="Measure the choosing of projects.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YITING_SHARED_DATA", BESIDE)))
    parser.add_argument("--seconds", type=int, default=100)
    parser.add_argument("--voters", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=["parse", "speed", "million", "winners"])
    parser.add_argument("--contender", default="")
    parser.add_argument("--of", default="")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    # pabutools buys each project one call deeper
    sys.setrecursionlimit(20_000)
    if given.contender == "million":
        print(json.dumps(million(int(given.of))))
        return
    if given.contender:
        print(json.dumps(contend(given.data, given.contender, given.of)))
        return
    made: dict[str, Callable[[], Any]] = {
        "parse": lambda: parse(given.data),
        "speed": lambda: speed(given.data, given.seconds),
        "million": lambda: in_own_process("--contender", "million", "--of", str(given.voters)),
        "winners": lambda: winners(given.data, given.seconds),
    }
    result: dict[str, Any] = {"ran on": f"Python {platform.python_version()}, {platform.machine()}"}
    for work in given.only:
        print(work, file=sys.stderr)
        result[work] = made[work]()
    if given.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
