"""Measure the matching of offers and asks against scipy's own solvers on the full table, in the same run.

    python benchmarks/bench_matchings.py [--offers 5000] [--asks 10000] [--peer-offers 500] [--peer-asks 1000] [--json]

Four works, with offers and asks made from a fixed seed: halls in one kind, where all offers compete for all asks; the
same in twelve kinds; amounts shared out in twelve kinds; and a smaller number of amounts in one kind. Against the
first two stands `linear_sum_assignment` on the dense table of all kinds together, against the last a plain linear
programme (HiGHS) with a column for each pair that may be matched. Each contender runs in a process of its own, which
makes the offers and asks, is timed from them to the answer, and tells the most memory it ever held, interpreter and
libraries included. The peers' tables are written by our own fits. A total that differs from the peer's, or that is
not proven, ends the run. Last, suggestions for one ask are timed.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_array, vstack

from yiting.methods.matchings import Ask, Offer, Rules, best_assignment, suggestions_for_ask
from yiting.methods.matchings.board import Board, board_of, fit_table

FIRST = date(2027, 1, 1)
DAYS = 180
KINDS = 12
SUGGESTIONS = 20
Crowd = tuple[list[Offer], list[Ask]]


def crowd(offers: int, asks: int, kinds: int) -> Crowd:
    """Make offers of one to sixty days and asks of one to ten, in a town of twenty kilometres."""
    chance = random.Random(f"{offers} {asks} {kinds}")

    def common(name: str, days: int, most: int) -> dict[str, Any]:
        first = FIRST + timedelta(days=chance.randrange(DAYS))
        return {
            "id": name,
            "kind": f"kind {chance.randrange(kinds)}",
            "amount": chance.randrange(1, most),
            "first": first,
            "last": first + timedelta(days=chance.randrange(days)),
            "place": (39.5 + chance.random() * 0.18, 109.7 + chance.random() * 0.23),
        }

    return (
        [Offer(**common(f"o{at}", 60, 300), carried=chance.randrange(6)) for at in range(offers)],
        [Ask(**common(f"a{at}", 10, 200), weight=chance.randrange(1, 60)) for at in range(asks)],
    )


def rules_for(kinds: int, *, is_shared: bool) -> Rules:
    """Every kind is used whole, or every kind is shared out."""
    return Rules(shared=frozenset(f"kind {at}" for at in range(kinds)) if is_shared else frozenset())


def ours(things: Crowd, rules: Rules) -> dict[str, Any]:
    """Match with `best_assignment`."""
    made = best_assignment(*things, rules=rules)
    return {"total": made.total, "pairs": len(made.pairs), "proven": made.optimal}


def table_of(things: Crowd, rules: Rules) -> tuple[Board, np.ndarray[Any, Any]]:
    """What every pair is worth, asks in rows."""
    board = board_of(*things, rules)
    fit = fit_table(board, np.arange(len(board.offers)), np.arange(len(board.asks)))
    return board, fit * np.array([[float(ask.weight)] for ask in board.asks])


def dense(things: Crowd, rules: Rules) -> dict[str, Any]:
    """Match with `linear_sum_assignment` on the table of all pairs; a pair worth 0 stays alone."""
    _, table = table_of(things, rules)
    rows, columns = linear_sum_assignment(table, maximize=True)
    worth = table[rows, columns]
    return {"total": int(worth.sum()), "pairs": int((worth > 0).sum())}


def programme(things: Crowd, rules: Rules) -> dict[str, Any]:
    """Share out with HiGHS and a column for every pair that may be matched."""
    board, table = table_of(things, rules)
    rows, columns = np.nonzero(table)
    at, ones = np.arange(len(rows)), np.ones(len(rows))
    limits = vstack(
        [
            csr_array((ones, (rows, at)), shape=(len(board.asks), len(rows))),
            csr_array((ones, (columns, at)), shape=(len(board.offers), len(rows))),
        ],
        format="csr",
    )
    amounts = np.concatenate((board.ask_free, board.offer_free)).astype(float)
    answer = linprog(-table[rows, columns], A_ub=limits, b_ub=amounts, method="highs")
    return {"total": round(-answer.fun), "pairs": int((answer.x > 0.5).sum())}


def suggest(things: Crowd, rules: Rules) -> dict[str, Any]:
    """Suggest offers for some asks."""
    offers, asks = things
    found = [len(suggestions_for_ask(ask, offers, rules=rules)) for ask in asks[:SUGGESTIONS]]
    return {"total": 0, "pairs": sum(found)}


CONTENDERS: Mapping[str, Callable[[Crowd, Rules], dict[str, Any]]] = {
    "ours": ours,
    "linear_sum_assignment": dense,
    "HiGHS on all pairs": programme,
    "suggestions": suggest,
}


def contend(contender: str, offers: int, asks: int, kinds: int, *, is_shared: bool) -> dict[str, Any]:
    """Take the figures of one contender, in this process."""
    things, rules = crowd(offers, asks, kinds), rules_for(kinds, is_shared=is_shared)
    start, spent = time.perf_counter(), time.process_time()
    result = CONTENDERS[contender](things, rules)
    seconds, processor = time.perf_counter() - start, time.process_time() - spent
    # in kilobytes, but for macOS, which counts bytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return {
        "contender": contender,
        "work": f"{asks} asks, {offers} offers, {kinds} kind{'s' if kinds > 1 else ''}, "
        + ("shared" if is_shared else "whole"),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "peak_mib": round(peak),
        **result,
    }


def in_own_process(contender: str, offers: int, asks: int, kinds: int, *, is_shared: bool) -> dict[str, Any]:
    """Run a contender in a process of its own, so that its memory is its own."""
    print(f"{contender}: {asks} asks, {offers} offers, {kinds} kinds", file=sys.stderr)
    command = [sys.executable, __file__, "--contender", contender, "--offers", str(offers), "--asks", str(asks)]
    command += ["--kinds", str(kinds), *(["--shared"] if is_shared else [])]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def measure(large: tuple[int, int], small: tuple[int, int]) -> dict[str, Any]:
    """Take all measurements."""
    works: Sequence[tuple[tuple[int, int], int, bool, str | None]] = (
        (large, 1, False, "linear_sum_assignment"),
        (large, KINDS, False, "linear_sum_assignment"),
        (large, KINDS, True, None),
        (small, 1, True, "HiGHS on all pairs"),
    )
    figures, ratios, by_processor = [], {}, {}
    for (offers, asks), kinds, is_shared, peer in works:
        here = in_own_process("ours", offers, asks, kinds, is_shared=is_shared)
        figures.append(here)
        if not here["proven"]:
            raise SystemExit(f"the best was not proven, so nothing measured would mean anything: {here['work']}")
        if peer is None:
            continue
        there = in_own_process(peer, offers, asks, kinds, is_shared=is_shared)
        figures.append(there)
        if here["total"] != there["total"]:
            raise SystemExit(f"the totals differ, {here['total']} and {there['total']}: {here['work']}")
        ratios[here["work"]] = round(there["seconds"] / max(here["seconds"], 0.01), 1)
        by_processor[here["work"]] = round(there["processor_seconds"] / max(here["processor_seconds"], 0.01), 1)
    suggested = in_own_process("suggestions", *large, KINDS, is_shared=False)
    return {
        "ran on": f"Python {platform.python_version()}, {platform.machine()}, scipy {scipy.__version__}",
        "figures": figures,
        "times as fast as the peer": ratios,
        "times as fast as the peer, by the processor": by_processor,
        "milliseconds for the suggestions of one ask": round(suggested["seconds"] / SUGGESTIONS * 1000, 1),
    }


def print_table(result: Mapping[str, Any]) -> None:
    """Print measurements for reading."""
    columns = ("seconds", "processor_seconds", "peak_mib", "pairs", "total")
    print(f"{'work':<48}{'contender':<24}" + "".join(f"{name.replace('_', ' '):>19}" for name in columns))
    for row in result["figures"]:
        print(f"{row['work']:<48}{row['contender']:<24}" + "".join(f"{row[name]:>19}" for name in columns))
    for name, value in result.items():
        if name != "figures":
            print(f"{name}: {value}")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the matching of offers and asks.")
    parser.add_argument("--offers", type=int, default=5000)
    parser.add_argument("--asks", type=int, default=10_000)
    parser.add_argument("--peer-offers", type=int, default=500, help="for the plain linear programme")
    parser.add_argument("--peer-asks", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--contender", choices=CONTENDERS, help="run this one alone, in this process")
    parser.add_argument("--kinds", type=int, default=1, help="of the one contender")
    parser.add_argument("--shared", action="store_true", help="share amounts out; of the one contender")
    given = parser.parse_args()
    if min(given.offers, given.asks, given.peer_offers, given.peer_asks, given.kinds) < 1:
        parser.error("numbers must be 1 or more")
    if given.contender:
        figures = contend(given.contender, given.offers, given.asks, given.kinds, is_shared=given.shared)
        print(json.dumps(figures))
        return
    result = measure((given.offers, given.asks), (given.peer_offers, given.peer_asks))
    if given.json:
        print(json.dumps(result, indent=2))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
