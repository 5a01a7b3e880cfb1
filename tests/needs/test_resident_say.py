"""Saying it: the first page, the step that shows what sounds alike, photos, telephone, bad input."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.factories.needs import NeedFactory, public_need, say
from tests.factories.places import make_building, make_community, make_estate
from yiting.needs.models import Need, Photo, ServiceRequest, Support
from yiting.needs.views import resident_session
from yiting.people.models import Person, PersonalRecord
from yiting.people.queries import get_person_by_phone
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
KEY = "a-key-of-a-form-that-is-long-enough"
SHADE = "小区里没个遮阴的地方，夏天老人没处坐"


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    cache.clear()


@pytest.fixture
def estate() -> Place:
    return make_estate("仁和家园", make_community("天骄社区"))


@pytest.fixture
def web(client: Client) -> Client:
    """A browser that reads English, so that what is asserted are the words of the source."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def picture(size: tuple[int, int] = (80, 60)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (39.0, 49.0, 0.0)}
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_the_first_page_asks_and_shows_only_what_is_public(web: Client, estate: Place) -> None:
    shown = public_need("三号楼前消防通道总被占", estate)
    hidden = say("这句还没有人看过", estate).need
    page = web.get("/")
    assert page.status_code == 200
    assert shown.title in page.text
    assert hidden.title not in page.text
    assert page.text.count("<textarea") == 1


def test_the_elder_mode_has_at_most_four_choices(web: Client, estate: Place) -> None:
    web.cookies["yiting_size"] = "elder"
    main = web.get("/").text.split('<main id="main"')[1].split("</main>")[0]
    assert 1 <= main.count("<a ") + main.count("<button") + main.count("<textarea") <= 4


def test_a_house_without_places_says_so(web: Client) -> None:
    for address in ("/", "/say/", "/behalf/"):
        page = web.get(address)
        assert page.status_code == 200
        assert "not set up yet" in page.text
    assert web.post("/say/", {"text": SHADE}).status_code == 400


def test_saying_it_gives_a_receipt_and_remembers_the_place(web: Client, estate: Place) -> None:
    building = make_building("3号楼", estate)
    answer = web.post("/say/", {"text": SHADE, "place": building.pk, "key": KEY})
    filed = ServiceRequest.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/r/{filed.code}/")
    assert (filed.text, filed.place, filed.channel) == (SHADE, building, "web")
    assert web.cookies["yiting_place"].value == str(building.pk)
    assert f'value="{building.pk}" selected' in web.get("/").text
    receipt = web.get(answer["Location"])
    assert f"{filed.code[:4]} {filed.code[4:8]} {filed.code[8:]}" in receipt.text


def test_the_same_form_sent_twice_is_one_request_and_other_words_are_another(web: Client, estate: Place) -> None:
    first = web.post("/say/", {"text": SHADE, "key": KEY})
    second = web.post("/say/", {"text": SHADE, "key": KEY})
    assert first["Location"] == second["Location"]
    web.post("/say/", {"text": "晚上烧烤摊油烟直往家里灌", "key": KEY})
    assert ServiceRequest.objects.count() == 2
    assert Person.objects.filter(source="web").count() == 1


def test_two_browsers_are_two_voices(estate: Place) -> None:
    for words in (SHADE, "楼道里给电动车充电"):
        Client().post("/say/", {"text": words, "key": f"{KEY}-{words}"})
    assert ServiceRequest.objects.values("person").distinct().count() == 2


class TestWithoutJavaScript:
    def test_what_sounds_alike_is_shown_once_with_both_ways(self, web: Client, estate: Place) -> None:
        known = public_need("小区里没有遮阴的地方，夏天老人没处坐坐", estate)
        page = web.post("/say/", {"text": SHADE, "key": KEY, "phone": "13800001111"})
        assert page.status_code == 200
        assert ServiceRequest.objects.count() == 1
        assert f"/needs/{known.code}/me-too/" in page.text
        assert SHADE in page.text
        assert 'value="13800001111"' in page.text
        answer = web.post("/say/", {"text": SHADE, "key": KEY, "different": "1"})
        assert answer["Location"].startswith("/r/")
        assert ServiceRequest.objects.count() == 2

    def test_one_tap_joins_instead(self, web: Client, estate: Place) -> None:
        known = public_need("小区里没有遮阴的地方，夏天老人没处坐坐", estate)
        answer = web.post(f"/needs/{known.code}/me-too/", {"text": SHADE, "key": KEY}, follow=True)
        assert answer.status_code == 200
        assert Support.objects.get().need == known
        assert ServiceRequest.objects.count() == 1

    def test_a_photo_is_never_lost_on_the_way(self, web: Client, estate: Place) -> None:
        known = public_need("小区里没有遮阴的地方，夏天老人没处坐坐", estate)
        photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        answer = web.post("/say/", {"text": SHADE, "key": KEY, "photos": [photo]})
        assert answer["Location"].startswith("/r/")
        assert f"/needs/{known.code}/me-too/" in web.get(answer["Location"]).text

    def test_what_has_been_done_is_shown_to_be_judged_and_not_joined(self, web: Client, estate: Place) -> None:
        known = public_need("小区里没有遮阴的地方，夏天老人没处坐坐", estate)
        Need.objects.filter(pk=known.pk).update(state="judging")
        page = web.post("/say/", {"text": SHADE, "key": KEY})
        assert f'href="/needs/{known.code}/"' in page.text
        assert f"/needs/{known.code}/me-too/" not in page.text
        assert SHADE in page.text

    def test_what_is_not_public_is_not_suggested(self, web: Client, estate: Place) -> None:
        say("小区里没有遮阴的地方，夏天老人没处坐坐", estate)
        assert web.post("/say/", {"text": SHADE, "key": KEY}).status_code == 302


class TestWhileTyping:
    def test_known_needs_appear(self, web: Client, estate: Place) -> None:
        known = public_need("小区里没有遮阴的地方，我电话13812345678，夏天老人没处坐坐", estate)
        piece = web.post("/say/similar/", {"text": SHADE}, headers={"hx-request": "true"})
        assert f"/needs/{known.code}/" in piece.text
        assert 'name="seen"' in piece.text
        assert "13812345678" not in piece.text
        assert "<html" not in piece.text

    def test_a_few_letters_ask_for_nothing(self, web: Client, estate: Place) -> None:
        public_need("路灯坏了", estate)
        assert web.post("/say/similar/", {"text": "路灯"}).text.strip() == ""

    def test_not_the_same_is_taken_at_its_word(self, web: Client, estate: Place) -> None:
        assert 'name="different"' in web.post("/say/similar/", {"different": "1"}).text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("灯", "灯"),
        ("楼下🐕‍🦺太吵了，👵🏼睡不着", "楼下🐕‍🦺太吵了，👵🏼睡不着"),
        ("<script>alert(1)</script><b>灯</b>坏了", "<script>alert(1)</script><b>灯</b>坏了"),
        ("灯\u202e坏了\u200f", "灯坏了"),
        ("灯\x00坏\x07了", "灯坏了"),
        ("灯坏了\r\n\r\n\r\n\r\n三号楼", "灯坏了\n\n三号楼"),
        ("%(title)s {{ 7*7 }} {% now %}", "%(title)s {{ 7*7 }} {% now %}"),
    ],
)
def test_whatever_people_write_is_kept_as_text(web: Client, estate: Place, text: str, kept: str) -> None:
    answer = web.post("/say/", {"text": text, "key": KEY})
    assert ServiceRequest.objects.get().text == kept
    page = web.get(answer["Location"])
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "Nothing is written yet"),
        ({"text": " \n　"}, "Nothing is written yet"),
        ({"text": "\x00\x07\u200b"}, "Nothing is written yet"),
        ({"text": "长" * 100_000}, "100000"),
        ({"text": SHADE, "phone": "12"}, 'id="id_phone_error"'),
        ({"text": SHADE, "place": "999999"}, 'id="id_place_error"'),
        ({"text": SHADE, "place": "'; DROP TABLE"}, 'id="id_place_error"'),
        ({"text": SHADE, "phone": "1" * 40}, 'id="id_phone_error"'),
    ],
)
def test_what_cannot_be_taken_is_said_kindly_and_kept(
    web: Client, estate: Place, given: dict[str, str], said: str
) -> None:
    page = web.post("/say/", given | {"key": KEY, "different": "1"})
    assert page.status_code == 400
    assert said in page.text
    assert given["text"].replace("\x00", "").strip() in page.text
    assert not ServiceRequest.objects.exists()


class TestPhotos:
    def test_only_the_picture_is_kept_and_only_the_holder_sees_it(self, web: Client, estate: Place) -> None:
        photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        answer = web.post("/say/", {"text": SHADE, "key": KEY, "photos": [photo]})
        stored = Photo.objects.get()
        code = stored.request.code
        sent = web.get(f"/r/{code}/photo/{stored.pk}/")
        image = Image.open(io.BytesIO(sent.getvalue()))
        assert (image.size, dict(image.getexif())) == ((80, 60), {})
        other = say("别的事", estate)
        assert web.get(f"/r/{other.code}/photo/{stored.pk}/").status_code == 404
        assert web.get(f"/needs/{stored.request.need.code}/photo/{stored.pk}/").status_code == 404
        assert f"/photo/{stored.pk}/" in web.get(answer["Location"]).text

    @pytest.mark.parametrize("data", [b"%PDF-1.7 no photo", b"", b"\xff\xd8\xff\xe0 torn", b"<svg onload='x'/>"])
    def test_what_is_no_photo_is_named_and_nothing_is_stored(self, web: Client, estate: Place, data: bytes) -> None:
        fake = SimpleUploadedFile("账单.jpg", data or b" ", "image/jpeg")
        page = web.post("/say/", {"text": SHADE, "key": KEY, "photos": [fake]})
        assert page.status_code == 400
        assert "账单.jpg" in page.text
        assert SHADE in page.text
        assert not ServiceRequest.objects.exists()

    def test_five_are_too_many(self, web: Client, estate: Place) -> None:
        photos = [SimpleUploadedFile(f"{i}.jpg", picture(), "image/jpeg") for i in range(5)]
        page = web.post("/say/", {"text": SHADE, "key": KEY, "photos": photos})
        assert page.status_code == 400
        assert not Photo.objects.exists()


class TestTelephone:
    def test_it_is_sealed_and_appears_on_no_page(self, web: Client, estate: Place) -> None:
        answer = web.post("/say/", {"text": SHADE, "key": KEY, "phone": "138 0000 1111"})
        record = PersonalRecord.objects.get()
        assert "13800001111" not in record.phone
        assert record.consent_how
        for address in (answer["Location"], "/", f"/needs/{Need.objects.get().code}/"):
            assert "13800001111" not in web.get(address).text

    def test_a_number_that_is_known_speaks_as_that_person_but_does_not_lend_them_out(
        self, web: Client, estate: Place
    ) -> None:
        Client().post("/say/", {"text": "路灯坏了一个多月", "key": "x" * 32, "phone": "13800001111"})
        owner = get_person_by_phone("13800001111")
        assert owner is not None
        theirs = ServiceRequest.objects.get()
        web.post("/say/", {"text": SHADE, "key": KEY, "phone": "13800001111"})
        assert ServiceRequest.objects.filter(person=owner).count() == 2
        assert web.get(f"/needs/{theirs.need.code}/").status_code == 404

    def test_a_home_counts_once(self, estate: Place) -> None:
        building = make_building("3号楼", estate)
        for door, key in (("3单元501", "k" * 20), ("三单元501室", "m" * 20)):
            Client().post("/say/", {"text": SHADE, "place": building.pk, "door": door, "key": key, "different": "1"})
        assert len(set(ServiceRequest.objects.values_list("person__household", flat=True))) == 1


def test_reading_the_addresses_of_forms_leads_somewhere(web: Client, estate: Place) -> None:
    need = NeedFactory(place=estate)
    assert web.get("/say/").status_code == 200
    assert web.get("/say/similar/")["Location"] == "/"
    for what in ("me-too", "judge"):
        assert web.get(f"/needs/{need.code}/{what}/").status_code == 302
    assert web.post("/").status_code == 405
    assert web.put("/say/").status_code == 405


def test_far_too_much_in_a_short_time_is_told_and_kept(
    web: Client, estate: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(resident_session.PACE, "file", (2, 2))
    for i in range(2):
        assert web.post("/say/", {"text": f"第{i}件事情", "key": f"{KEY}{i}", "different": "1"}).status_code == 302
    page = web.post("/say/", {"text": SHADE, "key": KEY, "different": "1"})
    assert page.status_code == 429
    assert SHADE in page.text
    assert ServiceRequest.objects.count() == 2


class TestSeveralCommunities:
    def test_the_community_is_asked_once(self, web: Client) -> None:
        here, there = (
            make_estate("甲园", make_community("甲社区")),
            make_estate("乙园", make_community("乙社区")),
        )
        assert 'name="community"' in web.get("/").text
        page = web.post("/say/", {"text": SHADE, "key": KEY})
        assert page.status_code == 400
        assert SHADE in page.text
        assert there.parent is not None
        web.post("/say/", {"text": SHADE, "key": KEY, "community": there.parent_id})
        assert ServiceRequest.objects.get().place == there.parent
        assert web.cookies["yiting_place"].value == str(there.parent_id)
        assert here.name not in web.get("/").text

    def test_the_list_of_the_first_page_is_that_of_the_community(self, web: Client) -> None:
        here, there = (
            make_estate("甲园", make_community("甲社区")),
            make_estate("乙园", make_community("乙社区")),
        )
        mine, theirs = public_need("甲园的路灯坏了", here), public_need("乙园的电梯停了", there)
        page = web.get(f"/?place={here.pk}")
        assert mine.title in page.text
        assert theirs.title not in page.text
        assert web.cookies["yiting_place"].value == str(here.pk)

    @pytest.mark.parametrize("wanted", ["abc", "-1", "9" * 30, "0", "１２", ""])
    def test_a_place_that_is_none_is_passed_over(self, web: Client, wanted: str, estate: Place) -> None:
        assert web.get("/", {"place": wanted}).status_code == 200
        assert "yiting_place" not in web.cookies or web.cookies["yiting_place"].value == str(estate.parent_id)
        web.cookies["yiting_place"] = wanted.encode("ascii", "replace").decode()
        assert web.get("/").status_code == 200
