"""Pages of the ledger, open to all, showing nothing that is not public."""

import json
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.ledger.conftest import AT, KIND, Worker
from yiting.ledger import keys
from yiting.ledger.models import Entry, Opening
from yiting.ledger.services import NewEntry, entries_append, opening_erase
from yiting.methods import merkle
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
Append = Callable[..., Entry]
Make = Callable[..., Place]


def fill(obj: Place, count: int) -> None:
    with transaction.atomic():
        entries_append([NewEntry(KIND, obj, Worker(), AT, {"name": f"第{n}个", "floors": n}) for n in range(count)])


def test_an_empty_ledger_has_a_page_and_a_signed_checkpoint(client: Client) -> None:
    assert client.get(reverse("ledger:home")).status_code == 200
    note = client.get(reverse("ledger:checkpoint"))
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    assert keys.read_head(note.content.decode()).size == 0


def test_the_checkpoint_can_be_checked_with_the_key_on_the_page(client: Client, place: Make) -> None:
    fill(place(), 5)
    page = client.get(reverse("ledger:home")).content.decode()
    note = client.get(reverse("ledger:checkpoint")).content.decode()
    assert keys.verifier_key(keys.origin()) in page
    body = merkle.note_verify(note, keys.origin(), keys.signing_key().public_key())
    assert merkle.checkpoint_read(body).size == 5
    assert "— yiting" in note


def test_entries_are_turned_over_page_by_page(client: Client, place: Make) -> None:
    fill(place(), 65)
    seen: list[str] = []
    address = reverse("ledger:home")
    for first, last in ((64, 35), (34, 5), (4, 0)):
        page = client.get(address).content.decode()
        for index in (first, last):
            assert reverse("ledger:entry", args=[index]) + '"' in page
        seen.append(page)
        address = f"{reverse('ledger:home')}?before={last}"
    assert "?before=35" in seen[0]
    assert 'rel="next"' not in seen[2]


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "", "٣"])
def test_junk_in_the_address_breaks_nothing(client: Client, place: Make, junk: str) -> None:
    fill(place(), 2)
    assert client.get(reverse("ledger:home"), {"before": junk}).status_code == 200
    assert client.get(reverse("ledger:proof", args=[0]), {"size": junk}).status_code == 400
    for query in ({"first": junk, "second": "1"}, {"first": "1", "second": junk}, {}):
        answer = client.get(reverse("ledger:consistency"), query)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_what_is_not_public_is_not_shown(client: Client, append: Append, place: Make) -> None:
    obj = place("夏天没地方乘凉")
    shown = append(obj, facts={"name": "看得见"}, words={"name": obj.name})
    hidden = append(obj, facts={"name": "看不见"}, public=False)
    pages = [reverse("ledger:home")]
    pages += [reverse(f"ledger:{name}", args=[entry.index]) for name in ("entry", "proof") for entry in (shown, hidden)]
    answers = [client.get(page).content.decode() for page in pages]
    assert "看得见" in answers[0]
    salts = Opening.objects.values_list("salt", flat=True)
    for answer in answers:
        assert "看不见" not in answer
        assert "夏天没地方乘凉" not in answer
        assert not any(salt in answer for salt in salts)


def test_an_entry_page_tells_of_its_erasure(client: Client, append: Append, place: Make) -> None:
    obj = place()
    entry = append(obj, facts={"name": "要删的"}, public=False)
    with transaction.atomic():
        opening_erase(obj=obj, by=Worker(), at=AT)
    page = client.get(reverse("ledger:entry", args=[entry.index]))
    assert page.status_code == 200
    assert "要删的" not in page.content.decode()


def test_markup_in_facts_is_text(client: Client, append: Append, place: Make) -> None:
    entry = append(place(), facts={"name": "<script>alert(1)</script>%(x)s"})
    for page in (reverse("ledger:home"), reverse("ledger:entry", args=[entry.index])):
        assert "<script>alert(1)" not in client.get(page).content.decode()


def test_proofs_come_as_json(client: Client, place: Make) -> None:
    fill(place(), 6)
    proof = json.loads(client.get(reverse("ledger:proof", args=[2]), {"size": "4"}).content)
    assert (proof["index"], proof["size"], len(proof["path"]), proof["checkpoint"]) == (2, 4, 2, "")
    found = json.loads(client.get(reverse("ledger:consistency"), {"first": "4", "second": "6"}).content)
    assert found["first_root"] == proof["root"]


@pytest.mark.parametrize("name", ["entry", "proof"])
def test_an_entry_that_is_not_there_is_a_404(client: Client, place: Make, name: str) -> None:
    fill(place(), 2)
    assert client.get(reverse(f"ledger:{name}", args=[2])).status_code == 404
    assert client.get(reverse(f"ledger:{name}", args=[10**30])).status_code == 404


@pytest.mark.parametrize("name", ["home", "checkpoint", "consistency"])
def test_the_ledger_is_only_read(client: Client, name: str) -> None:
    assert client.post(reverse(f"ledger:{name}")).status_code == 405


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_asks_a_fixed_number_of_queries(
    client: Client, place: Make, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(place(), count)
    with django_assert_num_queries(2):
        client.get(reverse("ledger:home"))
