"""Filing: what is said is kept as it was said, once, and can be taken back without breaking a count or a proof."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from yiting.ledger.services import ledger_verify
from yiting.needs import search
from yiting.needs.errors import (
    ConsentMissing,
    FiledInFuture,
    ImportedDifferently,
    NotYours,
    PhotoRefused,
    TextEmpty,
    TextTooLong,
    TooManyPhotos,
)
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.services import Draft, request_erase, request_file, requests_file
from yiting.people.actors import RESIDENT, Actor, system_actor
from yiting.people.services import person_erase

AT = datetime(2024, 3, 1, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def draft(**more) -> Draft:
    base = {"place": make_estate(), "person": PersonFactory(), "text": "楼道灯坏了一个多月"}
    return Draft(**(base | more))


def photo(size=(40, 30), kind="JPEG", exif=None) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def test_a_request_opens_a_need_of_its_own() -> None:
    request = request_file(by=RESIDENT, draft=draft(), at=AT)
    assert request.need.root_id == request.need_id
    assert (request.need.people_count, request.need.state, request.need.is_public) == (1, "heard", False)
    assert len(request.code) == 12


def test_a_request_can_join_a_need() -> None:
    first = request_file(by=RESIDENT, draft=draft(), at=AT)
    second = request_file(by=RESIDENT, draft=draft(need=first.need, text="我们单元也是"), at=AT + timedelta(days=1))
    assert second.need_id == first.need_id
    need = Need.objects.get(pk=first.need_id)
    assert (need.people_count, need.request_count, need.last_at) == (2, 2, AT + timedelta(days=1))


def test_the_same_key_files_once() -> None:
    one = draft(idempotency_key="abc")
    first, again = (request_file(by=RESIDENT, draft=one, at=AT) for _ in range(2))
    assert first.pk == again.pk
    assert ServiceRequest.objects.count() == 1


def test_an_external_number_with_other_words_is_refused_and_the_first_kept() -> None:
    place, person = make_estate(), PersonFactory()
    one = draft(place=place, person=person, source="sheet:1", external_id="7", text="灯坏了")
    other = draft(place=place, person=person, source="sheet:1", external_id="7", text="别的事")
    request_file(by=RESIDENT, draft=one, at=AT)
    with pytest.raises(ImportedDifferently):
        request_file(by=RESIDENT, draft=other, at=AT)
    assert ServiceRequest.objects.get().text == "灯坏了"
    with pytest.raises(ImportedDifferently):
        requests_file(
            by=RESIDENT,
            drafts=[
                draft(source="s", external_id="1", text="甲"),
                draft(source="s", external_id="1", text="乙"),
            ],
            at=AT,
        )


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": ""}, TextEmpty),
        ({"text": " \u200b\u202e\x00 "}, TextEmpty),
        ({"text": "字" * 100_000}, TextTooLong),
        ({"behalf": "neighbour"}, ConsentMissing),
        ({"filed_at": AT + timedelta(days=1)}, FiledInFuture),
        ({"photos": [("a.jpg", b"not a photo")]}, PhotoRefused),
        ({"photos": [("a.jpg", b"")]}, PhotoRefused),
        ({"photos": [("a.jpg", photo())] * 5}, TooManyPhotos),
    ],
)
def test_what_cannot_be_filed_leaves_nothing(more, refusal) -> None:
    with pytest.raises(refusal):
        request_file(by=RESIDENT, draft=draft(**more), at=AT)
    assert not Need.objects.exists()
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["灯", "😀灯坏了", "<script>alert(1)</script>", "\u202eabc灯", "灯\x00坏\x07了", "'; drop table--"],
)
def test_odd_texts_are_kept_as_text(text) -> None:
    request = request_file(by=RESIDENT, draft=draft(text=text), at=AT)
    assert "\x00" not in request.text
    assert "\u202e" not in request.text
    assert request.title


def test_a_photo_is_kept_without_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "MAKER"
    exif.get_ifd(0x8825)[2] = (39.0, 49.0, 0.0)
    request = request_file(by=RESIDENT, draft=draft(photos=[("a.jpg", photo((3000, 20), exif=exif))]), at=AT)
    kept = request.photos.get()
    with Image.open(kept.file) as image:
        assert not image.getexif()
        assert max(image.size) == 1600


def test_words_of_two_characters_are_found() -> None:
    request = request_file(by=RESIDENT, draft=draft(text="小区东门的井盖松了，车一过咣当响"), at=AT)
    assert search.matching("井盖") == [request.need_id]
    assert search.matching("井盖 咣当") == [request.need_id]
    assert search.matching("盖井") == []
    assert search.matching("  ") is None
    assert search.matching("' OR \" * (") in ([], None)


def test_erasing_takes_the_words_and_leaves_count_and_proof() -> None:
    request = request_file(by=RESIDENT, draft=draft(photos=[("a.jpg", photo())]), at=AT)
    stranger = Actor(account_id=None, person_id=request.person_id + 999, grants=(), label="resident")
    with pytest.raises(NotYours):
        request_erase(by=stranger, request=request, at=AT)
    own = Actor(account_id=None, person_id=request.person_id, grants=(), label="resident")
    request_erase(by=own, request=request, at=AT)
    request.refresh_from_db()
    assert (request.title, request.text, request.photos.count()) == ("", "", 0)
    need = Need.objects.get(pk=request.need_id)
    assert need.people_count == 1
    assert "灯" not in need.title + need.quote
    assert search.matching("楼道") == []
    assert ledger_verify().ok


def test_erasing_a_person_erases_what_they_said() -> None:
    request = request_file(by=RESIDENT, draft=draft(), at=AT)
    person_erase(by=system_actor("test"), person=request.person, at=AT)
    request.refresh_from_db()
    assert request.text == ""
    assert Need.objects.get(pk=request.need_id).people_count == 1
    assert ledger_verify().ok


def test_an_edit_behind_its_back_is_named() -> None:
    first = request_file(by=RESIDENT, draft=draft(), at=AT)
    request_file(by=RESIDENT, draft=draft(text="别的话"), at=AT)
    assert ledger_verify().ok
    ServiceRequest.objects.filter(pk=first.pk).update(text="改过的话")
    found = ledger_verify()
    assert (found.ok, found.first_bad) == (False, 0)


def test_a_batch_costs_a_fixed_number_of_statements() -> None:
    place = make_estate()

    def file(n: int) -> int:
        drafts = [draft(place=place, person=PersonFactory(), text=f"第{i}件事，共{n}件") for i in range(n)]
        with CaptureQueriesContext(connection) as seen:
            requests_file(by=RESIDENT, drafts=drafts, at=AT)
        return len(seen)

    file(1)  # the first entries of a ledger read fewer nodes
    assert file(30) <= file(3) + 1
