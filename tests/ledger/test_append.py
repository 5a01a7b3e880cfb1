"""Appending: what goes in, in which bytes, under which lock."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy
from pytest_django import DjangoAssertNumQueries

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger import errors, keys, registry
from yiting.ledger.models import Entry, Head, Node, Opening
from yiting.ledger.services import NewEntry, entries_append, entry_append, ledger_verify, opening_erase
from yiting.methods import merkle
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
Append = Callable[..., Entry]
Make = Callable[..., Place]


def test_an_entry_is_hashed_as_the_reference_says(append: Append, place: Make) -> None:
    """Every byte is written out here by hand, independently of the module."""
    obj = place()
    entry = append(obj, facts={"floors": 6, "name": "仁和"}, words={"name": "仁和家园"})
    opening = Opening.objects.get(entry=entry)
    salt = bytes.fromhex(opening.salt)
    digest = sha256(salt + "仁和家园".encode()).hexdigest()
    opened = '{"facts":{"floors":6,"name":"仁和"},"words":{"name":"' + digest + '"}}'
    assert entry.commitment == sha256(salt + opened.encode()).hexdigest()
    text = (
        '{"at":"2024-05-20T02:00:00.000123Z","commitment":"' + entry.commitment + '","format":1,"index":0,'
        f'"kind":"{KIND}","object":"places.place:{obj.pk}","public":true,"role":"worker@天骄社区"}}'
    )
    assert entry.leaf == sha256(b"\0" + text.encode()).hexdigest()
    assert len(salt) == 32


def test_indexes_nodes_and_signed_head_grow_together(append: Append, place: Make) -> None:
    obj = place()
    for index in range(7):
        assert append(obj).index == index
    leaves = [bytes.fromhex(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)]
    head = Head.objects.get()
    assert (head.size, head.root) == (7, merkle.root(leaves).hex())
    assert Node.objects.count() == 7 + 3 + 1
    signed = keys.read_head(head.note)
    assert (signed.size, signed.root.hex()) == (7, head.root)


def test_a_batch_gives_the_same_tree_as_one_by_one(append: Append, place: Make) -> None:
    obj = place()
    append(obj)
    with transaction.atomic():
        batch = entries_append([NewEntry(KIND, obj, Worker(), AT, {"n": n}) for n in range(100)])
    assert [entry.index for entry in batch] == list(range(1, 101))
    leaves = [bytes.fromhex(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)]
    assert Head.objects.get().root == merkle.root(leaves).hex()
    assert ledger_verify().ok


def test_nothing_appended_is_nothing_done() -> None:
    with transaction.atomic():
        assert entries_append([]) == []
    assert not Head.objects.exists()


def test_a_change_that_is_rolled_back_leaves_no_entry(append: Append, place: Make) -> None:
    obj = place()
    append(obj)
    with transaction.atomic():
        entry_append(kind=KIND, obj=obj, by=Worker(), at=AT)
        transaction.set_rollback(True)
    assert append(obj).index == 1
    assert ledger_verify().ok


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_into_the_transaction_of_its_change(place: Make) -> None:
    obj = place()
    with pytest.raises(errors.OutsideTransaction):
        entry_append(kind=KIND, obj=obj, by=Worker(), at=AT)
    with pytest.raises(errors.OutsideTransaction):
        opening_erase(obj=obj, by=Worker(), at=AT)


def test_facts_take_one_plain_form(append: Append, place: Make) -> None:
    facts = {
        "text": gettext_lazy("Yes"),
        "day": date(2024, 5, 20),
        "time": datetime(2024, 5, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))),
        "list": (1, None, True),
        "table": {2: "NUL\0", "half": "\ud83d"},
    }
    entry = append(place(), facts=facts)
    stored = json.loads(Opening.objects.get(entry=entry).facts)
    assert stored["day"] == "2024-05-20"
    assert stored["time"] == "2024-05-20T02:00:00.000000Z"
    assert stored["list"] == [1, None, True]
    assert stored["table"] == {"2": "NUL\ufffd", "half": "?"}
    assert ledger_verify().ok


@pytest.mark.parametrize("unfit", [1.5, {1, 2}, b"x", object()])
def test_facts_without_one_form_are_refused(append: Append, place: Make, unfit: object) -> None:
    with pytest.raises(errors.FactsUnfit):
        append(place(), facts={"deep": [unfit]})


@pytest.mark.parametrize("kind", ["", "named", "places.named", "Places.estate.named", "places.estate.named ", "a.b.3"])
def test_a_verb_is_module_noun_verb(append: Append, place: Make, kind: str) -> None:
    with pytest.raises(errors.KindUnfit):
        append(place(), kind=kind)


def test_words_without_a_witness_are_refused(append: Append, place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_fetches", {})
    with pytest.raises(errors.WitnessMissing, match=r"places\.place"):
        append(place(), words={"name": "仁和家园"})


def test_what_is_not_stored_or_has_no_zone_is_refused(append: Append, place: Make) -> None:
    with pytest.raises(ValueError, match="not stored"):
        append(Place())
    with pytest.raises(ValueError, match="aware"):
        append(place(), at=AT.replace(tzinfo=None))


def test_the_key_is_made_once_and_is_its_owners_alone() -> None:
    key = keys.signing_key()
    assert settings.YITING_LEDGER_KEY.stat().st_mode & 0o777 == 0o600
    stored = load_pem_private_key(settings.YITING_LEDGER_KEY.read_bytes(), password=None)
    assert stored.public_key() == key.public_key()


@pytest.mark.parametrize("count", [3, 30])
def test_a_batch_asks_a_fixed_number_of_queries(
    append: Append, place: Make, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    obj = place()
    append(obj)
    new = [NewEntry(KIND, obj, Worker(), AT) for _ in range(count)]
    with transaction.atomic(), django_assert_num_queries(7):
        entries_append(new)


def test_the_public_address_names_the_ledger(settings: pytest.FixtureRequest) -> None:
    settings.YITING_PUBLIC_URL = "https://yiting.example:8443/tj/"  # type: ignore[attr-defined]
    assert keys.origin() == "yiting.example:8443/tj/ledger"
    settings.YITING_PUBLIC_URL = ""  # type: ignore[attr-defined]
    assert keys.origin() == "yiting.local/ledger"
