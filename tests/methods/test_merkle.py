"""The Merkle tree against published vectors, the textbook definition and a second implementation."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

import pymerkle
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from yiting.methods import merkle
from yiting.methods.merkle import NodeId

# The eight entries, and the root at each size, of the Certificate Transparency test suite.
CT_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_NODES = {
    (0, 4): "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    (1, 1): "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    (1, 2): "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    (2, 1): "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    (3, 0): "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
SIZES = st.integers(min_value=1, max_value=140)


class Store:
    """Nodes in a dictionary, counting how often and for what it is read."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self.nodes: dict[NodeId, bytes] = {}
        self.size = 0
        self.reads: list[Sequence[NodeId]] = []
        self.add(leaves)
        self.reads.clear()

    def read(self, needed: Sequence[NodeId]) -> Mapping[NodeId, bytes]:
        self.reads.append(needed)
        return {node: self.nodes[node] for node in needed if node in self.nodes}

    def add(self, leaves: Sequence[bytes]) -> None:
        for node in merkle.append_many(self.size, leaves, self.read):
            assert (node.level, node.index) not in self.nodes, "a finished node is written once"
            self.nodes[node.level, node.index] = node.hash
        self.size += len(leaves)


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % i) for i in range(size)]


ALL_LEAVES = leaves_of(300)
FULL_STORE = Store(ALL_LEAVES)


# The recursive definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, written as they stand there.
def split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def textbook_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + textbook_root(leaves[:k]) + textbook_root(leaves[k:])).digest()


def textbook_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*textbook_path(m, leaves[:k]), textbook_root(leaves[k:])]
    return [*textbook_path(m - k, leaves[k:]), textbook_root(leaves[:k])]


def textbook_subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [textbook_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*textbook_subproof(m, leaves[:k], whole), textbook_root(leaves[k:])]
    return [*textbook_subproof(m - k, leaves[k:], False), textbook_root(leaves[:k])]


class TestRoots:
    @pytest.mark.parametrize("size", range(9))
    def test_published_vectors(self, size: int) -> None:
        leaves = [merkle.leaf_hash(entry) for entry in CT_ENTRIES[:size]]
        store = Store(leaves)
        assert merkle.root(leaves).hex() == CT_ROOTS[size]
        assert merkle.root_from(size, store.read).hex() == CT_ROOTS[size]

    def test_published_inner_nodes(self) -> None:
        store = Store([merkle.leaf_hash(entry) for entry in CT_ENTRIES])
        assert {node: store.nodes[node].hex() for node in CT_NODES} == CT_NODES

    def test_empty_tree_reads_nothing(self) -> None:
        store = Store()
        assert merkle.root_from(0, store.read) == merkle.EMPTY_ROOT == merkle.root([])
        assert store.reads == []

    @given(SIZES)
    def test_every_way_gives_the_textbook_root(self, size: int) -> None:
        expected = textbook_root(ALL_LEAVES[:size])
        assert merkle.root(ALL_LEAVES[:size]) == expected
        FULL_STORE.reads.clear()
        assert merkle.root_from(size, FULL_STORE.read) == expected
        assert len(FULL_STORE.reads) == 1

    def test_root_leaves_the_callers_list_alone(self) -> None:
        leaves = leaves_of(5)
        merkle.root(leaves)
        assert leaves == leaves_of(5)


class TestAppending:
    @given(st.lists(st.integers(min_value=0, max_value=40), max_size=6))
    def test_any_split_into_batches_gives_the_same_nodes(self, batches: list[int]) -> None:
        store, one_by_one = Store(), Store()
        leaves = leaves_of(sum(batches))
        for count in batches:
            store.reads.clear()
            store.add(leaves[store.size : store.size + count])
            assert len(store.reads) <= 1
        for leaf in leaves:
            for node in merkle.append_nodes(one_by_one.size, leaf, one_by_one.read):
                one_by_one.nodes[node.level, node.index] = node.hash
            one_by_one.size += 1
        assert store.nodes == one_by_one.nodes
        assert set(store.nodes) == {
            (level, index) for level in range(len(leaves).bit_length()) for index in range(len(leaves) >> level)
        }

    def test_children_come_before_parents(self) -> None:
        store = Store(leaves_of(3))
        added = merkle.append_nodes(3, leaves_of(4)[3], store.read)
        assert [(node.level, node.index) for node in added] == [(0, 3), (1, 1), (2, 0)]
        assert store.reads == [[(1, 0), (0, 2)]]

    def test_reads_only_what_a_new_parent_stands_on(self) -> None:
        store = Store(leaves_of(6))
        merkle.append_nodes(6, leaves_of(7)[6], store.read)
        assert store.reads == [], "an even size has no lone left neighbour"
        merkle.append_many(6, leaves_of(8)[6:], store.read)
        assert store.reads == [[(2, 0), (1, 2)]]

    def test_refuses_what_is_no_hash_or_no_size(self) -> None:
        store = Store()
        with pytest.raises(ValueError, match="must have 32 bytes, not 5"):
            merkle.append_nodes(0, b"short", store.read)
        with pytest.raises(ValueError, match="must have 32 bytes, not 0"):
            merkle.root([b""])
        with pytest.raises(ValueError, match="size must be 0 or more, not -1"):
            merkle.append_nodes(-1, merkle.EMPTY_ROOT, store.read)
        with pytest.raises(ValueError, match="size must be 0 or more, not -2"):
            merkle.root_from(-2, store.read)

    def test_names_the_node_that_the_store_lacks(self) -> None:
        store = Store(leaves_of(6))
        del store.nodes[1, 2]
        with pytest.raises(merkle.MissingNode, match="level 1, index 2") as caught:
            merkle.root_from(6, store.read)
        assert (caught.value.level, caught.value.index) == (1, 2)

    def test_refuses_a_damaged_node(self) -> None:
        store = Store(leaves_of(2))
        store.nodes[1, 0] = b"cut"
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.root_from(2, store.read)


class TestInclusion:
    @given(SIZES, st.data())
    def test_proof_is_the_textbook_path_and_verifies(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(min_value=0, max_value=size - 1))
        FULL_STORE.reads.clear()
        proof = merkle.inclusion_proof(index, size, FULL_STORE.read)
        assert len(FULL_STORE.reads) == (size > 1)
        assert proof == textbook_path(index, ALL_LEAVES[:size])
        assert merkle.verify_inclusion(ALL_LEAVES[index], index, size, proof, textbook_root(ALL_LEAVES[:size]))

    def test_every_small_tree(self) -> None:
        for size in range(1, 35):
            expected = textbook_root(ALL_LEAVES[:size])
            for index in range(size):
                proof = merkle.inclusion_proof(index, size, FULL_STORE.read)
                assert merkle.verify_inclusion(ALL_LEAVES[index], index, size, proof, expected)

    @given(SIZES, st.data())
    def test_anything_changed_does_not_verify(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(min_value=0, max_value=size - 1))
        leaf, expected = ALL_LEAVES[index], textbook_root(ALL_LEAVES[:size])
        proof = merkle.inclusion_proof(index, size, FULL_STORE.read)
        other = merkle.leaf_hash(b"not in the log")
        assert not merkle.verify_inclusion(other, index, size, proof, expected)
        assert not merkle.verify_inclusion(leaf, index, size, proof, other)
        assert not merkle.verify_inclusion(leaf, index, size, [*proof, other], expected)
        assert not merkle.verify_inclusion(leaf, index, size, proof, expected[:-1])
        if proof:
            at = data.draw(st.integers(min_value=0, max_value=len(proof) - 1))
            assert not merkle.verify_inclusion(leaf, index, size, [*proof[:at], other, *proof[at + 1 :]], expected)
            assert not merkle.verify_inclusion(leaf, index, size, proof[:at] + proof[at + 1 :], expected)
            wrong = data.draw(st.integers(min_value=0, max_value=size - 1).filter(lambda i: i != index))
            assert not merkle.verify_inclusion(leaf, wrong, size, proof, expected)

    @pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0), (0, -1)])
    def test_verifying_out_of_range_is_false(self, index: int, size: int) -> None:
        assert not merkle.verify_inclusion(ALL_LEAVES[0], index, size, [], ALL_LEAVES[0])

    @pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
    def test_asking_out_of_range_names_the_range(self, index: int, size: int) -> None:
        with pytest.raises(ValueError, match=f"from 0 to {size - 1} in a tree of {size} leaves, not {index}"):
            merkle.inclusion_proof(index, size, FULL_STORE.read)


class TestConsistency:
    @given(SIZES, st.data())
    def test_proof_is_the_textbook_proof_and_verifies(self, second: int, data: st.DataObject) -> None:
        first = data.draw(st.integers(min_value=1, max_value=second))
        FULL_STORE.reads.clear()
        proof = merkle.consistency_proof(first, second, FULL_STORE.read)
        assert len(FULL_STORE.reads) == (first < second)
        assert proof == textbook_subproof(first, ALL_LEAVES[:second], True)
        assert merkle.verify_consistency(
            first, second, textbook_root(ALL_LEAVES[:first]), textbook_root(ALL_LEAVES[:second]), proof
        )

    def test_every_small_pair(self) -> None:
        for second in range(35):
            for first in range(second + 1):
                proof = merkle.consistency_proof(first, second, FULL_STORE.read)
                assert merkle.verify_consistency(
                    first,
                    second,
                    textbook_root(ALL_LEAVES[:first]),
                    textbook_root(ALL_LEAVES[:second]),
                    proof,
                )

    @given(SIZES, st.data())
    def test_anything_changed_does_not_verify(self, second: int, data: st.DataObject) -> None:
        first = data.draw(st.integers(min_value=0, max_value=second))
        old, new = textbook_root(ALL_LEAVES[:first]), textbook_root(ALL_LEAVES[:second])
        proof = merkle.consistency_proof(first, second, FULL_STORE.read)
        other = merkle.leaf_hash(b"rewritten")
        assert not merkle.verify_consistency(first, second, other, new, proof)
        assert not merkle.verify_consistency(first, second, old, new, [*proof, other])
        assert not merkle.verify_consistency(first, second, old[:-1], new, proof)
        if first:
            assert not merkle.verify_consistency(first, second, old, other, proof)
        if 0 < first < second:
            assert not merkle.verify_consistency(first, second, old, new, [])
        if proof:
            at = data.draw(st.integers(min_value=0, max_value=len(proof) - 1))
            changed = [*proof[:at], other, *proof[at + 1 :]]
            assert not merkle.verify_consistency(first, second, old, new, changed)
            assert not merkle.verify_consistency(first, second, old, new, proof[:at] + proof[at + 1 :])

    @given(SIZES, st.data())
    def test_a_rewritten_entry_is_found_out(self, first: int, data: st.DataObject) -> None:
        grown = ALL_LEAVES[: first + data.draw(st.integers(min_value=1, max_value=40))]
        at = data.draw(st.integers(min_value=0, max_value=first - 1))
        grown[at] = merkle.leaf_hash(b"quietly changed")
        forged = Store(grown)
        proof = merkle.consistency_proof(first, len(grown), forged.read)
        assert not merkle.verify_consistency(
            first, len(grown), textbook_root(ALL_LEAVES[:first]), merkle.root(grown), proof
        )

    def test_two_empty_trees_have_the_empty_root(self) -> None:
        assert merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
        assert not merkle.verify_consistency(0, 0, ALL_LEAVES[0], ALL_LEAVES[0], [])

    @pytest.mark.parametrize(("first", "second"), [(4, 3), (-1, 3), (0, -1)])
    def test_out_of_range(self, first: int, second: int) -> None:
        assert not merkle.verify_consistency(first, second, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
        with pytest.raises(ValueError, match=r"must be (0 or more|from 0 to the second size 3), not"):
            merkle.consistency_proof(first, second, FULL_STORE.read)


class TestAgainstPymerkle:
    """Roots and inclusion paths are the same; its consistency paths have another shape.

    pymerkle uses the same prefixes and the same split, counts leaves from one, and puts the leaf itself first
    in an inclusion path.
    """

    @given(SIZES, st.data())
    def test_same_roots_and_inclusion_paths(self, size: int, data: st.DataObject) -> None:
        tree = pymerkle.InmemoryTree(algorithm="sha256")
        tree.append_entries([b"entry %d" % i for i in range(size)])
        at = data.draw(st.integers(min_value=1, max_value=size))
        index = data.draw(st.integers(min_value=0, max_value=at - 1))
        assert merkle.root_from(at, FULL_STORE.read) == tree.get_root(at)
        theirs = tree.prove_inclusion(index + 1, at).path
        assert [ALL_LEAVES[index], *merkle.inclusion_proof(index, at, FULL_STORE.read)] == theirs


# A note and its keys as published in the tests of the Go implementation, golang.org/x/mod/sumdb/note.
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NAME = "PeterNeumann"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_LINE = f"\u2014 PeterNeumann {GO_SIGNATURE}\n"
OTHER_SIGNATURE = "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
OTHER_LINE = f"\u2014 EnochRoot {OTHER_SIGNATURE}\n"
KEY = Ed25519PrivateKey.from_private_bytes(GO_SEED)
PUBLIC: Ed25519PublicKey = KEY.public_key()
# Everything a note may hold: no control characters but the newline, no lone surrogates.
NOTE_TEXT = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]) | st.just("\n")).map(
    lambda text: text + "\n"
)


class TestNotes:
    def test_published_note(self) -> None:
        note = merkle.note_sign(GO_NAME, GO_TEXT, KEY)
        assert note == f"{GO_TEXT}\n{GO_LINE}"
        assert merkle.note_verify(note, GO_NAME, PUBLIC) == GO_TEXT

    def test_published_verifier_key(self) -> None:
        assert merkle.note_verifier_key(GO_NAME, PUBLIC) == GO_VERIFIER
        assert merkle.note_key_id(GO_NAME, PUBLIC).hex() == "c74f20a3"

    @pytest.mark.parametrize("lines", [OTHER_LINE + GO_LINE, GO_LINE + OTHER_LINE, GO_LINE * 16])
    def test_other_signatures_are_passed_over(self, lines: str) -> None:
        assert merkle.note_verify(f"{GO_TEXT}\n{lines}", GO_NAME, PUBLIC) == GO_TEXT

    @given(NOTE_TEXT)
    def test_any_text_comes_back(self, text: str) -> None:
        assert merkle.note_verify(merkle.note_sign("log.example/议亭", text, KEY), "log.example/议亭", PUBLIC) == text

    @given(st.data())
    def test_any_changed_character_is_refused(self, data: st.DataObject) -> None:
        note = merkle.note_sign(GO_NAME, GO_TEXT, KEY)
        # The last two characters before the newline hold padding, which may change without changing bytes.
        at = data.draw(st.integers(min_value=0, max_value=len(note) - 4))
        with pytest.raises(merkle.NoteInvalid):
            merkle.note_verify(note[:at] + chr(ord(note[at]) + 1) + note[at + 1 :], GO_NAME, PUBLIC)

    @pytest.mark.parametrize(
        ("note", "reason"),
        [
            (GO_TEXT, "an empty line and signature lines"),
            (GO_TEXT + "\n", "an empty line and signature lines"),
            (f"{GO_TEXT}\n{GO_LINE[:-1]}", "ended by a newline"),
            (f"\x01{GO_TEXT}\n{GO_LINE}", "no control character"),
            (f"\ud800{GO_TEXT}\n{GO_LINE}", "valid UTF-8"),
            (f"{GO_TEXT}\n\u2014 Bad Name {GO_LINE[15:]}", "not a dash"),
            (f"{GO_TEXT}\n{GO_LINE}Unexpected line.\n", "not a dash"),
            (f"{GO_TEXT}\n{GO_LINE.replace(chr(0x2014), '-')}", "not a dash"),
            (f"{GO_TEXT}\n{GO_LINE[2:]}", "not a dash"),
            (f"{GO_TEXT}\n\u2014 {GO_NAME} x08gow==\n", "not a dash"),
            (f"{GO_TEXT}\n\u2014 {GO_NAME} x08go/!=\n", "not a dash"),
            (f"{GO_TEXT}\n\u2014 a+b {GO_LINE[15:]}", "not a dash"),
            (f"{GO_TEXT}\n{GO_LINE * 101}", "at most 100 signatures, not 101"),
            (f"{GO_TEXT}\n{OTHER_LINE}", "carries no signature of PeterNeumann"),
            (f"{GO_TEXT}\n{GO_LINE.replace(GO_NAME, 'CarmenSandiego')}", "carries no signature"),
            (f"{GO_TEXT}\n{GO_LINE.replace('x08g', 'xxxx')}", "carries no signature"),
            (f"{GO_TEXT}\n{GO_LINE[:60]}ABCD{GO_LINE[60:]}", "does not match the text"),
            (f"other\n\n{GO_LINE}", "does not match the text"),
        ],
    )
    def test_bad_notes_are_refused(self, note: str, reason: str) -> None:
        with pytest.raises(merkle.NoteInvalid, match=reason):
            merkle.note_verify(note, GO_NAME, PUBLIC)

    def test_another_key_of_the_same_name_is_unknown(self) -> None:
        stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
        with pytest.raises(merkle.NoteInvalid, match="carries no signature"):
            merkle.note_verify(merkle.note_sign(GO_NAME, GO_TEXT, stranger), GO_NAME, PUBLIC)

    @pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u3000b", "line\nbreak", "tab\tbed"])
    def test_bad_key_names(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"key name|control character"):
            merkle.note_sign(name, GO_TEXT, KEY)
        with pytest.raises(ValueError, match=r"key name|control character"):
            merkle.note_verify(f"{GO_TEXT}\n{GO_LINE}", name, PUBLIC)

    @pytest.mark.parametrize("body", ["", "no newline", "bell\x07\n", "return\r\n", "\udc00\n"])
    def test_bad_bodies(self, body: str) -> None:
        with pytest.raises(ValueError, match=r"newline|UTF-8"):
            merkle.note_sign(GO_NAME, body, KEY)


class TestCheckpoints:
    def test_published_checkpoint(self) -> None:
        """The example in the specification of tlog-checkpoint."""
        body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        checkpoint = merkle.checkpoint_read(body)
        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
        assert merkle.checkpoint_body(checkpoint.origin, checkpoint.size, checkpoint.root) == body

    @given(st.integers(min_value=0), st.binary(min_size=32, max_size=32))
    def test_comes_back_through_a_signed_note(self, size: int, root: bytes) -> None:
        body = merkle.checkpoint_body("log.example/议亭", size, root)
        note = merkle.note_sign("log.example/议亭", body, KEY)
        read = merkle.checkpoint_read(merkle.note_verify(note, "log.example/议亭", PUBLIC))
        assert read == merkle.Checkpoint("log.example/议亭", size, root)

    def test_extension_lines_are_passed_over(self) -> None:
        body = merkle.checkpoint_body("log.example", 0, merkle.EMPTY_ROOT) + "more\n"
        assert merkle.checkpoint_read(body) == merkle.Checkpoint("log.example", 0, merkle.EMPTY_ROOT)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("", "three lines"),
            ("log\n1\n", "three lines"),
            ("log\n1\nroot", "three lines"),
            ("log\n\n1\nroot\n", "none empty"),
            ("log\n-1\nroot\n", "plain decimal"),
            ("log\n01\nroot\n", "plain decimal"),
            ("log\n00\nroot\n", "plain decimal"),
            ("log\n١\nroot\n", "plain decimal"),
            ("log\n1\n!\n", "base64"),
            ("log\n1\n议亭\n", "base64"),
            ("log\n1\nYWJj\n", "32 bytes, not 3"),
        ],
    )
    def test_bad_checkpoints(self, body: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            merkle.checkpoint_read(body)

    @pytest.mark.parametrize(
        ("origin", "size", "root", "reason"),
        [
            ("", 0, merkle.EMPTY_ROOT, "origin must be one line"),
            ("two\nlines", 0, merkle.EMPTY_ROOT, "origin must be one line"),
            ("bell\x07", 0, merkle.EMPTY_ROOT, "control character"),
            ("log", -1, merkle.EMPTY_ROOT, "size must be 0 or more"),
            ("log", 0, b"", "32 bytes"),
        ],
    )
    def test_bad_parts(self, origin: str, size: int, root: bytes, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            merkle.checkpoint_body(origin, size, root)
