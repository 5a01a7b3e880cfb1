"""Whatever row is edited behind the ledger's back, verifying names the first entry that does not hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger.models import Entry, Head, Node, Opening
from yiting.ledger.queries import inclusion, list_entries
from yiting.ledger.services import NewEntry, entries_append, ledger_verify, opening_erase
from yiting.methods import merkle
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
Append = Callable[..., Entry]
Make = Callable[..., Place]
SIZE = 13
ERASURE = 11


@pytest.fixture
def ledger(append: Append, place: Make) -> list[Place]:
    """Thirteen entries about four places: facts, words, words changed since, a private one, an erasure."""
    places = [place(f"小区{number}") for number in range(4)]
    for index in range(8):
        obj = places[index % 4]
        append(
            obj,
            facts={"name": obj.name, "floors": index},
            words={"name": obj.name} if index in (0, 1, 2) else {},
            public=index != 6,
        )
    Place.objects.filter(pk=places[1].pk).update(name="改了名")
    append(places[1], facts={"name": "改了名"}, words={"name": "改了名"})
    append(places[3], facts={"name": "三"})
    append(places[3], facts={"name": "三"})
    with transaction.atomic():
        told = opening_erase(obj=places[2], by=Worker(), at=AT)
    assert told is not None
    assert told.index == ERASURE
    append(places[3], facts={"name": "三"})
    return places


def run(sql: str, *values: Any) -> int:
    """Edit rows as somebody with the database's own tools would: past every rule but the table's."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def test_an_untouched_ledger_holds(ledger: list[Place]) -> None:
    found = ledger_verify()
    assert (found.ok, found.first_bad, found.size, found.reason) == (True, None, SIZE, "")
    assert found.root == Head.objects.get().root


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 13, 100])
def test_batches_of_any_size_find_the_same(ledger: list[Place], batch: int) -> None:
    assert ledger_verify(batch=batch).ok
    run("UPDATE ledger_entry SET role = 'nobody' WHERE \"index\" = 7")
    assert ledger_verify(batch=batch).first_bad == 7


def test_an_empty_ledger_holds() -> None:
    found = ledger_verify()
    assert (found.ok, found.size, found.root) == (True, 0, merkle.EMPTY_ROOT.hex())


ENTRY_EDITS = [
    ("kind", "places.estate.renamed"),
    ("at", AT + timedelta(microseconds=1)),
    ("role", "worker@别的社区"),
    ("object_type", "people.person"),
    ("object_id", "999"),
    ("is_public", False),
    ("commitment", "0" * 64),
    ("leaf", "f" * 64),
    ("leaf", "not a hash"),
]


@pytest.mark.parametrize(("column", "value"), ENTRY_EDITS)
@pytest.mark.parametrize("index", [0, 1, 5, 8, ERASURE, 12])
def test_an_edited_field_of_an_entry_is_named(ledger: list[Place], index: int, column: str, value: Any) -> None:
    assert run(f'UPDATE ledger_entry SET {column} = %s WHERE "index" = %s', value, index) == 1
    found = ledger_verify()
    assert (found.ok, found.first_bad) == (False, index)
    assert found.reason


@pytest.mark.parametrize("index", [0, 1, 5, 8, 12])
@pytest.mark.parametrize(
    ("column", "value"),
    [("facts", '{"name":"另一个"}'), ("facts", "{broken"), ("facts", ""), ("salt", "00" * 32), ("salt", "zz"),
     ("salt", ""), ("words", '{"name":"00"}'), ("words", "[]"), ("erased_in", ERASURE), ("erased_in", 10**6)],
)  # fmt: skip
def test_an_edited_opening_is_named(ledger: list[Place], index: int, column: str, value: Any) -> None:
    run(f"UPDATE ledger_opening SET {column} = %s WHERE entry_id = %s", value, index)
    assert ledger_verify().first_bad == index


@pytest.mark.parametrize("index", [0, 2, 5, 6, 12, ERASURE])
def test_a_deleted_opening_is_no_erasure(ledger: list[Place], index: int) -> None:
    run("DELETE FROM ledger_opening WHERE entry_id = %s", index)
    assert ledger_verify().first_bad == index


@pytest.mark.parametrize("index", [0, 5, 12])
@pytest.mark.parametrize("erasure", [ERASURE, 3, 10**6, -1])
def test_an_opening_emptied_by_hand_is_no_erasure(ledger: list[Place], index: int, erasure: int) -> None:
    run(
        "UPDATE ledger_opening SET salt='', facts='', words='', erased_in=%s WHERE entry_id=%s",
        erasure,
        index,
    )
    assert ledger_verify().first_bad == index


@pytest.mark.parametrize("spelling", [str.upper, lambda salt: f" {salt[:-1]}", lambda salt: salt[:60] + "zzzz"])
def test_a_salt_has_one_spelling(ledger: list[Place], spelling: Callable[[str], str]) -> None:
    salt = Opening.objects.get(pk=5).salt
    run("UPDATE ledger_opening SET salt = %s WHERE entry_id = 5", spelling(salt))
    assert ledger_verify().first_bad == 5


def test_an_erasure_that_was_undone_is_named(ledger: list[Place]) -> None:
    run("UPDATE ledger_opening SET erased_in = NULL WHERE entry_id = 6")
    assert ledger_verify().first_bad == 6


def test_a_spoilt_erasure_is_named_not_what_it_erased(ledger: list[Place]) -> None:
    run("UPDATE ledger_opening SET facts = %s WHERE entry_id = %s", '{"entries":[2]}', ERASURE)
    assert ledger_verify().first_bad == ERASURE


@pytest.mark.parametrize("index", range(SIZE))
def test_a_deleted_entry_is_named(ledger: list[Place], index: int) -> None:
    run("DELETE FROM ledger_opening WHERE entry_id = %s", index)
    run('DELETE FROM ledger_entry WHERE "index" = %s', index)
    assert ledger_verify().first_bad == index


@pytest.mark.parametrize("kept", [0, 1, 8, 9, 12])
def test_a_cut_off_end_shows_against_the_signed_head(ledger: list[Place], kept: int) -> None:
    run("DELETE FROM ledger_opening WHERE entry_id >= %s", kept)
    run('DELETE FROM ledger_entry WHERE "index" >= %s', kept)
    run('DELETE FROM ledger_node WHERE ("index" + 1) * (1 << level) > %s', kept)
    run("UPDATE ledger_head SET size = %s", kept)
    assert ledger_verify().first_bad == kept


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 12), (4, 5)])
def test_swapped_entries_are_named(ledger: list[Place], one: int, other: int) -> None:
    columns = ["kind", "object_type", "object_id", "at", "role", "is_public", "commitment", "leaf"]
    rows = {row["index"]: row for row in Entry.objects.values("index", *columns)}
    for index, source in ((one, other), (other, one)):
        Entry.objects.filter(index=index).update(**{name: rows[source][name] for name in columns})
    assert ledger_verify().first_bad == one


def test_swapped_openings_are_named(ledger: list[Place]) -> None:
    first, second = Opening.objects.get(pk=3), Opening.objects.get(pk=7)
    for pk, source in ((3, second), (7, first)):
        Opening.objects.filter(pk=pk).update(salt=source.salt, facts=source.facts, words=source.words)
    assert ledger_verify().first_bad == 3


def test_every_node_counts(ledger: list[Place]) -> None:
    nodes = list(Node.objects.values_list("pk", "level", "index", "hash"))
    assert len(nodes) == 13 + 6 + 3 + 1
    for pk, level, index, hash_ in nodes:
        run("UPDATE ledger_node SET hash = %s WHERE id = %s", "0" * 64, pk)
        assert ledger_verify().first_bad == index << level
        run("DELETE FROM ledger_node WHERE id = %s", pk)
        assert ledger_verify().first_bad == index << level
        Node.objects.create(pk=pk, level=level, index=index, hash=hash_)
    assert ledger_verify().ok


def test_a_node_too_many_is_found(ledger: list[Place]) -> None:
    Node.objects.create(level=4, index=0, hash="0" * 64)
    assert not ledger_verify().ok


def test_an_entry_too_many_is_named(ledger: list[Place]) -> None:
    Entry.objects.filter(index=12).update(index=12)
    extra = Entry.objects.get(index=3)
    extra.index = 13
    extra.save(force_insert=True)
    assert ledger_verify().first_bad == 13


@pytest.mark.parametrize(("column", "value"), [("root", "0" * 64), ("size", 12), ("note", ""), ("note", "x\n1\ny\n\n")])
def test_an_edited_head_is_found(ledger: list[Place], column: str, value: Any) -> None:
    run(f"UPDATE ledger_head SET {column} = %s", value)
    found = ledger_verify()
    assert not found.ok
    assert found.reason


def test_a_lost_head_is_found(ledger: list[Place]) -> None:
    run("DELETE FROM ledger_head")
    assert ledger_verify().first_bad == 0


def test_a_ledger_written_anew_does_not_carry_the_signature(ledger: list[Place]) -> None:
    """Somebody edits an entry and computes every hash again; only the signature cannot be made."""
    entry = Entry.objects.get(index=4)
    entry.role = "worker@别的社区"
    run('UPDATE ledger_entry SET role = %s WHERE "index" = 4', entry.role)
    from_here = inclusion(4)
    leaf = merkle.leaf_hash(from_here.entry.encode())
    run('UPDATE ledger_entry SET leaf = %s WHERE "index" = 4', leaf.hex())
    leaves = [bytes.fromhex(one) for one in Entry.objects.order_by("index").values_list("leaf", flat=True)]
    Node.objects.all().delete()
    for node in merkle.append_many(0, leaves, lambda wanted: {}):
        Node.objects.create(level=node.level, index=node.index, hash=node.hash.hex())
    run("UPDATE ledger_head SET root = %s", merkle.root(leaves).hex())
    assert not ledger_verify().ok


def test_live_words_that_were_edited_are_named(ledger: list[Place]) -> None:
    run("UPDATE places_place SET name = %s WHERE id = %s", "偷偷改了", ledger[0].pk)
    assert ledger_verify().first_bad == 0


def test_words_are_compared_with_the_last_that_were_committed_to(ledger: list[Place]) -> None:
    """Entry 1 knew an older name; entry 8 knows the present one."""
    run("UPDATE places_place SET name = %s WHERE id = %s", "小区1", ledger[1].pk)
    assert ledger_verify().first_bad == 8


def test_an_object_that_vanished_is_named(ledger: list[Place]) -> None:
    run("DELETE FROM places_place WHERE id = %s", ledger[0].pk)
    assert ledger_verify().first_bad == 0


def test_an_erased_object_may_vanish(ledger: list[Place]) -> None:
    run("DELETE FROM places_place WHERE id = %s", ledger[2].pk)
    assert ledger_verify().ok


def test_of_two_edits_the_first_is_named(ledger: list[Place]) -> None:
    run("UPDATE places_place SET name = %s WHERE id = %s", "偷偷改了", ledger[0].pk)
    run("UPDATE ledger_entry SET role = 'x' WHERE \"index\" = 5")
    assert ledger_verify().first_bad == 0
    run("UPDATE places_place SET name = %s WHERE id = %s", "小区0", ledger[0].pk)
    assert ledger_verify().first_bad == 5


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="other databases refuse a value of the wrong type")
@pytest.mark.parametrize("column", ["at", "is_public", "role", "kind", "commitment", "leaf", "object_id"])
@pytest.mark.parametrize("value", [b"\xff\x00", "2024-13-45 99:00:00", 3.5, "\ud7ff", 10**18])
def test_fields_that_no_entry_can_have_are_named(ledger: list[Place], column: str, value: Any) -> None:
    run(f'UPDATE ledger_entry SET {column} = %s WHERE "index" = 4', value)
    assert ledger_verify().first_bad == 4


def test_erasing_keeps_every_proof(ledger: list[Place]) -> None:
    before = Head.objects.get()
    proofs = {index: inclusion(index, before.size) for index in range(before.size)}
    with transaction.atomic():
        assert opening_erase(obj=ledger[0], by=Worker(), at=AT) is not None
    for index, proof in proofs.items():
        again = inclusion(index, before.size)
        assert (again.root, again.path, again.leaf, again.entry) == (
            proof.root,
            proof.path,
            proof.leaf,
            proof.entry,
        )
    assert ledger_verify().ok
    erased = Opening.objects.get(pk=0)
    assert (erased.salt, erased.facts, erased.words, erased.erased_in) == ("", "", "", SIZE)
    public = Opening.objects.get(pk=4)
    assert public.salt
    rows = list_entries("places.place", [ledger[0].pk])
    assert [(row.index, row.is_erased) for row in rows] == [(0, True), (4, False), (SIZE, False)]
    assert rows[0].facts == {}


def test_erasing_twice_tells_once(ledger: list[Place]) -> None:
    with transaction.atomic():
        assert opening_erase(obj=ledger[2], by=Worker(), at=AT) is None
    assert Head.objects.get().size == SIZE


def test_an_object_may_speak_again_after_its_erasure(ledger: list[Place], append: Append) -> None:
    append(ledger[2], words={"name": ledger[2].name})
    assert ledger_verify().ok
    run("UPDATE places_place SET name = 'x' WHERE id = %s", ledger[2].pk)
    assert ledger_verify().first_bad == SIZE


def test_queries_grow_with_the_batches_not_the_entries(
    place: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    obj = place()
    with transaction.atomic():
        entries_append([NewEntry(KIND, obj, Worker(), AT, {"n": n}, {"name": obj.name}) for n in range(300)])
    with django_assert_num_queries(1 + 2 * 4 + 4):
        assert ledger_verify(batch=150).ok


def test_progress_is_told(ledger: list[Place]) -> None:
    told: list[tuple[int, int]] = []
    ledger_verify(batch=5, progress=lambda done, of: told.append((done, of)))
    assert told == [(5, 13), (10, 13), (13, 13)]


TABLES = {
    "ledger_entry": ("index", ["kind", "object_type", "object_id", "role", "commitment", "leaf"]),
    "ledger_opening": ("entry_id", ["salt", "facts", "words"]),
    "ledger_node": ("id", ["hash"]),
    "ledger_head": ("id", ["root", "note"]),
}
EDITS = [(table, column) for table, (_key, columns) in TABLES.items() for column in columns]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edit=st.sampled_from(EDITS),
    at=st.integers(0, 40),
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    data=st.data(),
)
def test_any_single_edit_of_a_stored_text_is_found(
    ledger: list[Place], edit: tuple[str, str], at: int, text: str, data: st.DataObject
) -> None:
    table, column = edit
    key = TABLES[table][0]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{key}", "{column}" FROM {table} ORDER BY "{key}"')
        rows = cursor.fetchall()
    row, before = rows[at % len(rows)]
    spliced = data.draw(st.integers(0, len(before)))
    after = data.draw(
        st.sampled_from([text, before[:spliced] + text + before[spliced:], before[:spliced], before.upper()])
    )
    if column != "note":
        after = after[:64]
    if after == before:
        return
    run(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', after, row)
    try:
        found = ledger_verify()
        assert not found.ok
        if table in ("ledger_entry", "ledger_opening"):
            assert found.first_bad == row
        elif table == "ledger_node":
            node = Node.objects.get(pk=row)
            assert found.first_bad == node.index << node.level
    finally:
        run(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', before, row)
    assert ledger_verify().ok
