"""Receipts: what stands for a ballot in public, and the tree over all of them. Pure.

The entry of a ballot is four lines of UTF-8, each ended by a newline: `yiting-ballot-v1`, the code of the round, the
marks as JSON without spaces, the salt in hex. Its leaf is the leaf hash of RFC 9162, SHA-256 over a zero byte and the
entry. The leaves of a round, in ascending order, make the tree; so a leaf's place in it tells nothing of when it came.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from yiting.methods import merkle

Marks = tuple[tuple[int, int], ...]
DOMAIN = "yiting-ballot-v1"
_SALT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter keeps: the leaf may be shown to anybody, the salt opens the ballot and is for nobody else."""

    leaf: str
    salt: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class LeafProof:
    """That a leaf is the one at `index` among `size` leaves under `root`: hashes in hex, from the leaf up."""

    leaf: str
    index: int
    size: int
    root: str
    path: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the path leads from the leaf to the root."""
        path = [bytes.fromhex(step) for step in self.path]
        return merkle.verify_inclusion(bytes.fromhex(self.leaf), self.index, self.size, path, bytes.fromhex(self.root))


def fresh_salt() -> str:
    """A new secret number: 256 random bits in hex."""
    return secrets.token_hex(32)


def is_salt(text: str) -> bool:
    """Say whether a text is a secret number as `fresh_salt` makes them."""
    return _SALT.fullmatch(text) is not None


def marks_text(marks: Sequence[Sequence[int]]) -> str:
    """Marks as they are hashed: `[[2,1],[5,1]]`."""
    return json.dumps([list(pair) for pair in marks], separators=(",", ":"))


def make_leaf(code: str, marks: Sequence[Sequence[int]], salt: str) -> str:
    """Compute the leaf of a ballot in a round."""
    entry = f"{DOMAIN}\n{code}\n{marks_text(marks)}\n{salt}\n"
    return merkle.leaf_hash(entry.encode()).hex()


def tree_root(leaves: Sequence[str]) -> str:
    """Compute the root over leaves, whatever order they are given in."""
    return merkle.root([bytes.fromhex(leaf) for leaf in sorted(leaves)]).hex()


def prove(leaves: Sequence[str], leaf: str) -> LeafProof | None:
    """Prove that a leaf is among these; None when it is not."""
    ordered = tuple(sorted(leaves))
    if leaf not in ordered:
        return None
    index, nodes = ordered.index(leaf), _nodes(ordered)
    path = merkle.inclusion_proof(index, len(ordered), lambda wanted: {node: nodes[node] for node in wanted})
    root = merkle.root_from(len(ordered), lambda wanted: {node: nodes[node] for node in wanted})
    return LeafProof(leaf, index, len(ordered), root.hex(), tuple(step.hex() for step in path))


@lru_cache(maxsize=4)
def _nodes(ordered: tuple[str, ...]) -> dict[merkle.NodeId, bytes]:
    """All nodes over leaves; kept for the few rounds that people check their receipts in at one time."""
    made = merkle.append_many(0, [bytes.fromhex(leaf) for leaf in ordered], lambda _wanted: {})
    return {(node.level, node.index): node.hash for node in made}
