"""An append-only Merkle tree hashed as RFC 9162 section 2.1 says, over any store of finished nodes.

The tree is never held in memory. A store keeps the root of every *complete* subtree: `(level, index)` names
the subtree over the leaves `index * 2**level` up to `(index + 1) * 2**level`, and level 0 holds the leaf
hashes. Such a node never changes once written, so the store only grows. Whatever a question needs is read in
one call of `read`, which a database can answer with one query.

The second half writes and checks the signed checkpoint that a log publishes: C2SP `tlog-checkpoint` inside a
C2SP `signed-note` with an Ed25519 signature.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

# (level, index) of a complete subtree, and the store's answer to a list of them.
NodeId = tuple[int, int]
Read = Callable[[Sequence[NodeId]], Mapping[NodeId, bytes]]

_LEAF_PREFIX: Final = b"\x00"
_NODE_PREFIX: Final = b"\x01"
_ED25519_TYPE: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_SIGNATURE_MARK: Final = "\u2014 "
# The note format asks for a limit of at least 16; the Go implementation stops at 100 as well.
_MOST_SIGNATURES: Final = 100


@dataclass(frozen=True, slots=True)
class Node:
    """The root hash of a complete subtree, ready to be stored."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes


class MissingNode(LookupError):
    """The store did not give a node that a tree of this size must have."""

    def __init__(self, level: int, index: int) -> None:
        super().__init__(f"the store has no node at level {level}, index {index}")
        self.level = level
        self.index = index


class NoteInvalid(ValueError):
    """A signed note is malformed, or not signed by the key that was asked for."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one log entry into a leaf."""
    return sha256(_LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return sha256(_NODE_PREFIX + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Compute the root of a whole list of leaf hashes, without a store."""
    if not leaf_hashes:
        return EMPTY_ROOT
    row = [_checked_hash(leaf) for leaf in leaf_hashes]
    while len(row) > 1:
        paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        # An odd last node rises unchanged: the same tree as splitting at the largest power of two.
        row = paired + row[len(row) & ~1 :]
    return row[0]


def append_nodes(size: int, leaf: bytes, read: Read) -> list[Node]:
    """Return the nodes that adding one leaf hash to a tree of `size` leaves completes, the leaf first."""
    return append_many(size, [leaf], read)


def append_many(size: int, leaves: Sequence[bytes], read: Read) -> list[Node]:
    """Return all nodes that adding these leaf hashes to a tree of `size` leaves completes.

    Children come before their parents. `read` is called at most once, and only for the few roots on the
    right edge of the old tree that a new parent stands on.
    """
    _check_size(size)
    hashes = [_checked_hash(leaf) for leaf in leaves]
    grown = size + len(hashes)
    needed = [(level, index) for level, index in _frontier(size) if grown >> (level + 1) > index >> 1]
    # The hash of the newest left child of each level, waiting for its right neighbour.
    waiting = {level: hash_ for (level, _), hash_ in _fetch(needed, read).items()}
    nodes = []
    for position, hash_ in enumerate(hashes, start=size):
        level, index = 0, position
        nodes.append(Node(0, position, hash_))
        while index & 1:
            hash_ = node_hash(waiting[level], hash_)
            level, index = level + 1, index >> 1
            nodes.append(Node(level, index, hash_))
        waiting[level] = hash_
    return nodes


def root_from(size: int, read: Read) -> bytes:
    """Compute the root at `size` from the stored nodes; any size up to the present one can be asked for."""
    _check_size(size)
    if size == 0:
        return EMPTY_ROOT
    frontier = _frontier(size)
    return _fold(frontier, _fetch(frontier, read))


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Return the path that proves leaf `index` to be in the tree of `size` leaves (RFC 9162, 2.1.3.1)."""
    _check_size(size)
    if not 0 <= index < size:
        raise ValueError(f"index must be from 0 to {size - 1} in a tree of {size} leaves, not {index}")
    return _hashes_of(_inclusion_plan(index, size), read)


def consistency_proof(first: int, second: int, read: Read) -> list[bytes]:
    """Return the path that proves the tree of `second` leaves to begin with that of `first` (2.1.4.1).

    It is empty when both are the same tree, and when the first is empty: anything begins with nothing.
    """
    _check_size(second)
    if not 0 <= first <= second:
        raise ValueError(f"first size must be from 0 to the second size {second}, not {first}")
    return _hashes_of(_consistency_plan(first, second), read)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether `proof` leads from the leaf hash at `index` to `root` (RFC 9162, 2.1.3.2); never raises."""
    if not 0 <= index < size or not _all_hashes([leaf, root, *proof]):
        return False
    fn, sn, reached = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            reached = node_hash(step, reached)
            shift = _zeros_below(fn)
            fn, sn = fn >> shift, sn >> shift
        else:
            reached = node_hash(reached, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and reached == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether `proof` shows that the second tree only added to the first (2.1.4.2); never raises."""
    if not 0 <= first <= second or not _all_hashes([first_root, second_root, *proof]):
        return False
    if first == second:
        return not proof and first_root == second_root and (first > 0 or first_root == EMPTY_ROOT)
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if not proof:
        return False
    # The proof leaves out a first root that is itself a node of the second tree.
    path = [first_root, *proof] if first & (first - 1) == 0 else proof
    shift = _zeros_below(first)
    fn, sn = (first - 1) >> shift, (second - 1) >> shift
    old = new = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            shift = _zeros_below(fn)
            fn, sn = fn >> shift, sn >> shift
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == second_root


def checkpoint_body(origin: str, size: int, root: bytes) -> str:
    """Write the text of a checkpoint: the log's name, its size and its root, one a line."""
    _check_line(origin, "origin")
    _check_size(size)
    return f"{origin}\n{size}\n{_base64(_checked_hash(root))}\n"


def checkpoint_read(body: str) -> Checkpoint:
    """Read the text of a checkpoint back; extension lines, which others may have written, are passed over."""
    lines = body.split("\n")
    if len(lines) < 4 or lines.pop() != "" or "" in lines:
        raise ValueError("a checkpoint has at least three lines, none empty, each ended by a newline")
    origin, size, encoded = lines[:3]
    if not (size.isascii() and size.isdecimal()) or (size != "0" and size.startswith("0")):
        raise ValueError(f"the size in a checkpoint must be a plain decimal number, not {size!r}")
    try:
        root_ = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise ValueError("the root in a checkpoint must be in base64") from error
    return Checkpoint(origin, int(size), _checked_hash(root_))


def note_key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a signature line points at its key."""
    _check_key_name(name)
    return sha256(name.encode() + b"\n" + _ED25519_TYPE + public_key.public_bytes_raw()).digest()[:_KEY_ID_BYTES]


def note_verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """Write the public key as `name+id+key`, the form in which other tools for signed notes take it."""
    key = _base64(_ED25519_TYPE + public_key.public_bytes_raw())
    return f"{name}+{note_key_id(name, public_key).hex()}+{key}"


def note_sign(name: str, body: str, private_key: Ed25519PrivateKey) -> str:
    """Sign a text that ends in a newline; return the whole note with its one signature line."""
    if not body.endswith("\n"):
        raise ValueError("the text of a note must end in a newline")
    _check_characters(body)
    key_id = note_key_id(name, private_key.public_key())
    marked = _base64(key_id + private_key.sign(body.encode()))
    return f"{body}\n{_SIGNATURE_MARK}{name} {marked}\n"


def note_verify(note: str, name: str, public_key: Ed25519PublicKey) -> str:
    """Return the text of a note that `name` has signed with this key, or raise `NoteInvalid`.

    Signatures by other keys (witnesses, an older key) are passed over, as the format demands.
    """
    own_id = note_key_id(name, public_key)
    try:
        _check_characters(note)
    except ValueError as error:
        raise NoteInvalid(str(error)) from error
    body, signatures = _note_parts(note)
    verified = False
    for signer, signature in signatures:
        if signer != name or signature[:_KEY_ID_BYTES] != own_id:
            continue
        try:
            public_key.verify(signature[_KEY_ID_BYTES:], body.encode())
        except InvalidSignature as error:
            raise NoteInvalid(f"the signature of {name} does not match the text") from error
        verified = True
    if not verified:
        raise NoteInvalid(f"the note carries no signature of {name} with this key")
    return body


def _frontier(size: int) -> list[NodeId]:
    """List the largest complete subtrees that make up the first `size` leaves, from left to right."""
    return _range_nodes(0, size)


def _range_nodes(start: int, end: int) -> list[NodeId]:
    """Cover the leaves from `start` to `end`; `start` divides by a power of two no less than the width."""
    nodes = []
    width = end - start
    for level in reversed(range(width.bit_length())):
        if width >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def _inclusion_plan(index: int, size: int) -> list[list[NodeId]]:
    """For each hash of an inclusion proof, in order, the stored nodes from which it folds."""
    start, end = 0, size
    plan = []
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            plan.append(_range_nodes(middle, end))
            end = middle
        else:
            plan.append(_range_nodes(start, middle))
            start = middle
    return plan[::-1]


def _consistency_plan(first: int, second: int) -> list[list[NodeId]]:
    """For each hash of a consistency proof, in order, the stored nodes from which it folds."""
    if first == 0:
        return []
    start, end = 0, second
    plan = []
    while first < end:
        middle = start + _largest_power_below(end - start)
        if first <= middle:
            plan.append(_range_nodes(middle, end))
            end = middle
        else:
            plan.append(_range_nodes(start, middle))
            start = middle
    # At the left edge the last subtree is the first tree itself, whose root the verifier already has.
    if start > 0:
        plan.append(_range_nodes(start, end))
    return plan[::-1]


def _largest_power_below(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def _zeros_below(number: int) -> int:
    """Count the zero bits below the lowest one of a positive number."""
    return (number & -number).bit_length() - 1


def _hashes_of(plan: Sequence[Sequence[NodeId]], read: Read) -> list[bytes]:
    stored = _fetch([node for part in plan for node in part], read)
    return [_fold(part, stored) for part in plan]


def _fold(nodes: Sequence[NodeId], stored: Mapping[NodeId, bytes]) -> bytes:
    """Join neighbouring subtrees of falling size, from the right."""
    hash_ = stored[nodes[-1]]
    for node in reversed(nodes[:-1]):
        hash_ = node_hash(stored[node], hash_)
    return hash_


def _fetch(needed: Sequence[NodeId], read: Read) -> Mapping[NodeId, bytes]:
    if not needed:
        return {}
    stored = read(needed)
    for level, index in needed:
        if (level, index) not in stored:
            raise MissingNode(level, index)
    return {node: _checked_hash(stored[node]) for node in needed}


def _check_size(size: int) -> None:
    if size < 0:
        raise ValueError(f"size must be 0 or more, not {size}")


def _checked_hash(hash_: bytes) -> bytes:
    if len(hash_) != HASH_BYTES:
        raise ValueError(f"a hash must have {HASH_BYTES} bytes, not {len(hash_)}")
    return hash_


def _all_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(hash_) == HASH_BYTES for hash_ in hashes)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _check_characters(text: str) -> None:
    """A note is valid UTF-8 with no ASCII control character but the newline."""
    if any(char < " " and char != "\n" for char in text):
        raise ValueError("a note may hold no control character but the newline")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a note must be valid UTF-8") from error


def _check_line(text: str, what: str) -> None:
    if not text or "\n" in text:
        raise ValueError(f"the {what} must be one line that is not empty")
    _check_characters(text)


def _check_key_name(name: str) -> None:
    _check_line(name, "key name")
    if "+" in name or any(char.isspace() for char in name):
        raise ValueError("the key name may hold no space and no plus sign")


def _note_parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note at its last empty line into its text and its (key name, key id and signature) pairs."""
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise NoteInvalid("a note is a text, an empty line and signature lines, each ended by a newline")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteInvalid(f"a note may carry at most {_MOST_SIGNATURES} signatures, not {len(lines)}")
    return text + "\n", [_signature_parts(line) for line in lines]


def _signature_parts(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
    try:
        _check_key_name(name)
        signature = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteInvalid("a signature line is not a dash, a key name and base64") from error
    if not line.startswith(_SIGNATURE_MARK) or len(signature) <= _KEY_ID_BYTES:
        raise NoteInvalid("a signature line is not a dash, a key name and base64")
    return name, signature
