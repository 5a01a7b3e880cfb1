"""Measure the Merkle log against pymerkle in the same run.

    python benchmarks/bench_merkle.py [--entries 100000] [--proofs 2000] [--json]

Both are measured in memory (ours over a dictionary of nodes) and over SQLite, each with its own tables in a
database in memory, so that like is held against like. Times are the best of a few runs; `times_as_fast`
divides pymerkle's time by ours, and `reads_a_proof` counts the queries that one answer takes.
"""

import argparse
import json
import random
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import pymerkle

from yiting.methods import merkle

BATCH = 1000
RUNS = 3


class Store(Protocol):
    """Where the nodes of a log are kept."""

    reads: int

    def read(self, needed: Sequence[merkle.NodeId]) -> Mapping[merkle.NodeId, bytes]:
        """Answer one question for any number of nodes."""

    def write(self, nodes: Sequence[merkle.Node]) -> None:
        """Keep finished nodes."""


class MemoryStore:
    """The nodes in a dictionary."""

    def __init__(self) -> None:
        self.nodes: dict[merkle.NodeId, bytes] = {}
        self.reads = 0

    def read(self, needed: Sequence[merkle.NodeId]) -> Mapping[merkle.NodeId, bytes]:
        """Look every node up."""
        self.reads += 1
        return {node: self.nodes[node] for node in needed}

    def write(self, nodes: Sequence[merkle.Node]) -> None:
        """Add to the dictionary."""
        for node in nodes:
            self.nodes[node.level, node.index] = node.hash


class SqliteStore:
    """The nodes in a table."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE TABLE node (level INTEGER, place INTEGER, hash BLOB, PRIMARY KEY (level, place)) WITHOUT ROWID"
        )
        self.reads = 0

    def read(self, needed: Sequence[merkle.NodeId]) -> Mapping[merkle.NodeId, bytes]:
        """Ask for all the nodes in one query."""
        self.reads += 1
        # SQLite scans the whole table for `(level, place) IN (VALUES ...)`, but takes the index for each OR.
        either = " OR ".join(["level = ? AND place = ?"] * len(needed))
        values = [part for node in needed for part in node]
        query = f"SELECT level, place, hash FROM node WHERE {either}"
        return {(level, place): hash_ for level, place, hash_ in self.database.execute(query, values)}

    def write(self, nodes: Sequence[merkle.Node]) -> None:
        """Insert the nodes and commit, as one call of a service does."""
        rows = [(node.level, node.index, node.hash) for node in nodes]
        with self.database:
            self.database.executemany("INSERT INTO node VALUES (?, ?, ?)", rows)


def best_seconds(work: Callable[[], object]) -> float:
    """Run the work a few times and return the shortest time."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def append_singly(entries: Sequence[bytes], store: Store) -> None:
    """Append entry by entry, as residents' actions arrive."""
    for size, entry in enumerate(entries):
        store.write(merkle.append_nodes(size, merkle.leaf_hash(entry), store.read))


def append_in_batches(entries: Sequence[bytes], store: Store) -> None:
    """Append a thousand at a time, as an import does."""
    for size in range(0, len(entries), BATCH):
        leaves = [merkle.leaf_hash(entry) for entry in entries[size : size + BATCH]]
        store.write(merkle.append_many(size, leaves, store.read))


def peer_in_memory(entries: Sequence[bytes]) -> pymerkle.InmemoryTree:
    """Append the same entries to pymerkle's tree in memory."""
    return pymerkle.InmemoryTree.init_from_entries(entries, algorithm="sha256")


def peer_in_sqlite(entries: Sequence[bytes]) -> pymerkle.SqliteTree:
    """Append the same entries to pymerkle's tree in SQLite, a thousand at a time."""
    tree = pymerkle.SqliteTree(":memory:", algorithm="sha256")
    for start in range(0, len(entries), BATCH):
        tree.append_entries(entries[start : start + BATCH])
    return tree


def measure(count: int, proofs: int) -> dict[str, object]:
    """Take all measurements for a log of `count` entries."""
    entries = [b"entry %d" % i for i in range(count)]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    stores: dict[str, Store] = {"memory": MemoryStore(), "sqlite": SqliteStore()}
    for store in stores.values():
        append_in_batches(entries, store)
    peers = {"memory": peer_in_memory(entries), "sqlite": peer_in_sqlite(entries)}
    roots = {merkle.root(leaves), *(merkle.root_from(count, store.read) for store in stores.values())}
    if len(roots | {peer.get_root() for peer in peers.values()}) != 1:
        raise SystemExit("the implementations disagree on the root: nothing measured would mean anything")

    # Proofs are asked against a past size, since every receipt names the size it was given at.
    chance = random.Random(9162)
    past = [chance.randrange((count + 1) // 2, count) for _ in range(proofs)]
    asked = [(chance.randrange(size), size) for size in past]
    seconds = {
        "append_singly_memory": best_seconds(lambda: append_singly(entries, MemoryStore())),
        "append_singly_sqlite": best_seconds(lambda: append_singly(entries, SqliteStore())),
        "append_memory": best_seconds(lambda: append_in_batches(entries, MemoryStore())),
        "append_sqlite": best_seconds(lambda: append_in_batches(entries, SqliteStore())),
        "pymerkle_append_memory": best_seconds(lambda: peer_in_memory(entries)),
        "pymerkle_append_sqlite": best_seconds(lambda: peer_in_sqlite(entries)),
        "recompute_root": best_seconds(lambda: merkle.root(leaves)),
    }
    each = {}
    reads_a_proof = 0.0
    for kind, store in stores.items():
        peer = peers[kind]
        each |= proof_seconds(kind, store, peer, asked, count)
        store.reads = 0
        proved = [(i, n, merkle.inclusion_proof(i, n, store.read)) for i, n in asked]
        reads_a_proof = max(reads_a_proof, store.reads / proofs)
    held = [(leaves[i], i, n, proof, merkle.root_from(n, stores["memory"].read)) for i, n, proof in proved]
    if not all(merkle.verify_inclusion(*claim) for claim in held):
        raise SystemExit("a proof does not hold: nothing measured would mean anything")
    each["verify_inclusion"] = best_seconds(lambda: [merkle.verify_inclusion(*claim) for claim in held])
    times = seconds | each
    return {
        "entries": count,
        "proofs": proofs,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "microseconds_each": {name: round(value / proofs * 1e6, 2) for name, value in each.items()},
        "times_as_fast": {
            name: round(times[f"pymerkle_{name}"] / times[name], 2) for name in times if f"pymerkle_{name}" in times
        },
        "reads_a_proof": reads_a_proof,
        "pymerkle": pymerkle.__version__,
    }


def proof_seconds(
    kind: str, store: Store, peer: pymerkle.BaseMerkleTree, asked: Sequence[tuple[int, int]], count: int
) -> dict[str, float]:
    """Time all the proofs asked for, ours and pymerkle's, over one kind of store."""
    return {
        f"inclusion_{kind}": best_seconds(lambda: [merkle.inclusion_proof(i, n, store.read) for i, n in asked]),
        f"pymerkle_inclusion_{kind}": best_seconds(lambda: [peer.prove_inclusion(i + 1, n) for i, n in asked]),
        f"consistency_{kind}": best_seconds(lambda: [merkle.consistency_proof(n, count, store.read) for _, n in asked]),
        f"pymerkle_consistency_{kind}": best_seconds(lambda: [peer.prove_consistency(n, count) for _, n in asked]),
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the Merkle log against pymerkle.")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--proofs", type=int, default=2_000)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args()
    if arguments.entries < 2 or arguments.proofs < 1:
        parser.error("--entries must be 2 or more and --proofs 1 or more")
    result = measure(arguments.entries, arguments.proofs)
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    for group, values in result.items():
        if isinstance(values, dict):
            print(f"{group.replace('_', ' ')}:")
            for name, value in values.items():
                print(f"  {name:<44}{value:>12}")
        else:
            print(f"{group.replace('_', ' ')}: {values}")


if __name__ == "__main__":
    main()
