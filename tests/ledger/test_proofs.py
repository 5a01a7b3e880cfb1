"""Proofs hold for whoever checks them on their own, and only for what was taken down."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pymerkle
import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger import errors
from yiting.ledger.models import Entry
from yiting.ledger.queries import consistency, entry_text, inclusion, list_entries, list_recent, receipt_proof
from yiting.ledger.services import NewEntry, entries_append, opening_erase
from yiting.methods import merkle
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
Append = Callable[..., Entry]
Make = Callable[..., Place]
SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_receipt.py"


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_receipt", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def append_many(obj: Place, count: int) -> list[Entry]:
    with transaction.atomic():
        return entries_append([NewEntry(KIND, obj, Worker(), AT, {"floors": n}) for n in range(count)])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 20])
def test_every_entry_is_proven_at_every_size(place: Make, size: int) -> None:
    entries = append_many(place(), size)
    for at_size in range(1, size + 1):
        for entry in entries[:at_size]:
            proof = inclusion(entry.index, at_size)
            path = [bytes.fromhex(step) for step in proof.path]
            leaf = merkle.leaf_hash(proof.entry.encode())
            assert leaf.hex() == proof.leaf == entry.leaf
            assert merkle.verify_inclusion(leaf, entry.index, at_size, path, bytes.fromhex(proof.root))


def test_an_independent_tree_has_the_same_roots(place: Make) -> None:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in append_many(place(), 37):
        tree.append_entry(entry_text(entry).encode())
        size = entry.index + 1
        assert consistency(size, size).second_root == tree.get_state(size).hex()


def test_between_any_two_sizes_entries_were_only_added(place: Make) -> None:
    append_many(place(), 12)
    for second in range(13):
        for first in range(second + 1):
            proof = consistency(first, second)
            assert merkle.verify_consistency(
                first,
                second,
                bytes.fromhex(proof.first_root),
                bytes.fromhex(proof.second_root),
                [bytes.fromhex(step) for step in proof.path],
            )


def test_a_receipt_opens_the_first_entry_for_its_holder(append: Append, place: Make, checker: ModuleType) -> None:
    obj = place("夏天没地方乘凉")
    append(place("别的"))
    append(obj, facts={"floors": 6}, words={"name": obj.name}, public=False)
    append(obj)
    proof = receipt_proof(obj)
    assert proof.index == 1
    assert proof.opening is not None
    results = checker.check(json.loads(json.dumps(proof.as_dict())), proof.root, {"name": "夏天没地方乘凉".encode()})
    assert len(results) == 5
    assert all(results.values())
    assert not all(checker.check(proof.as_dict(), proof.root, {"name": "别的话".encode()}).values())
    assert not all(checker.check(proof.as_dict(), "0" * 64, {}).values())


@pytest.mark.parametrize(
    "spoil",
    [
        {"entry": "role"},
        {"size": 3},
        {"size": 5},
        {"root": "0" * 64},
        {"path": []},
        {"path": ["0" * 64] * 9},
        {"checkpoint": "x\n1\nAAAA\n\n"},
        {"opening": {"salt": "00", "facts": "{}", "words": "{}"}},
    ],
)
def test_the_script_sees_a_spoilt_proof(place: Make, checker: ModuleType, spoil: dict[str, Any]) -> None:
    append_many(place(), 4)
    proof = inclusion(2).as_dict()
    assert all(checker.check(proof, "", {}).values())
    if "entry" in spoil:
        spoil = {"entry": proof["entry"].replace("worker@", "admin@")}
    assert not all(checker.check(proof | spoil, "", {}).values())


def test_the_script_runs_by_itself(append: Append, place: Make, tmp_path: Path) -> None:
    obj = place("夏天没地方乘凉")
    append(obj, words={"name": obj.name})
    proof, said = tmp_path / "proof.json", tmp_path / "said.txt"
    proof.write_text(json.dumps(receipt_proof(obj).as_dict(), ensure_ascii=False), "utf-8")
    said.write_text("夏天没地方乘凉", "utf-8")
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(proof), "--word", f"name={said}"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    said.write_text("夏天有地方乘凉", "utf-8")
    wrong = subprocess.run(command, capture_output=True, check=False)
    assert wrong.returncode == 1
    assert b"DOES NOT HOLD" in wrong.stdout


def test_strangers_get_no_salt_for_words_or_private_facts(append: Append, place: Make) -> None:
    obj = place()
    shown = append(obj, facts={"floors": 6})
    worded = append(obj, facts={"floors": 6}, words={"name": obj.name})
    private = append(obj, facts={"floors": 6}, public=False)
    assert inclusion(shown.index).opening is not None
    assert inclusion(worded.index).opening is None
    assert inclusion(private.index).opening is None
    facts = {row.index: row.facts for row in list_recent()}
    assert facts == {shown.index: {"floors": 6}, worded.index: {"floors": 6}, private.index: {}}


def test_an_erased_entry_is_still_proven_but_not_opened(append: Append, place: Make) -> None:
    obj = place()
    append(obj, words={"name": obj.name})
    with transaction.atomic():
        opening_erase(obj=obj, by=Worker(), at=AT)
    assert receipt_proof(obj).opening is None


def test_what_is_not_there_is_refused_by_name(place: Make) -> None:
    obj = place()
    with pytest.raises(errors.ObjectNotInLedger):
        receipt_proof(obj)
    append_many(obj, 3)
    for index in (3, -1, 2**70):
        with pytest.raises(errors.EntryMissing):
            inclusion(index)
    for index, size in ((0, 4), (2, 2), (0, 0)):
        with pytest.raises(errors.SizeWrong):
            inclusion(index, size)
    for first, second in ((2, 1), (-1, 2), (0, 4)):
        with pytest.raises(errors.SizeWrong) as refused:
            consistency(first, second)
        assert "3" in str(refused.value.message)


def test_the_timeline_is_the_ledger(append: Append, place: Make) -> None:
    obj, other = place(), place()
    append(obj, facts={"name": "仁和家园", "floors": 6})
    append(other)
    append(obj, facts={"name": "仁和家园"}, public=False)
    rows = list_entries("places.place", [obj.pk])
    assert [row.index for row in rows] == [0, 2]
    assert rows[0].sentence == "Named 仁和家园, 6 floors"
    assert rows[1].sentence == "Named 仁和家园, … floors"
    assert [row.index for row in list_entries("places.place", [obj.pk, other.pk], public_only=True)] == [0, 1]


@pytest.mark.parametrize("count", [3, 30])
def test_reads_ask_a_fixed_number_of_queries(
    place: Make, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    obj = place()
    append_many(obj, count)
    with django_assert_num_queries(1):
        assert len(list_entries("places.place", [obj.pk])) == count
    with django_assert_num_queries(1):
        assert len(list_recent()) == count
    with django_assert_num_queries(4):
        inclusion(1)
    with django_assert_num_queries(4):
        consistency(1, count)
