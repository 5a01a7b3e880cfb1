"""The receipt: found however its code was typed, added to, judged, proven, erased, printed."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.needs import STAFF, public_need, said_at, say
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.factories.places import make_community, make_estate
from yiting.ledger.services import ledger_verify
from yiting.methods import merkle
from yiting.needs.models import Judgement, Need, ServiceRequest
from yiting.needs.services import need_reply, need_sort, needs_merge
from yiting.needs.views import resident_session
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
SHADE = "小区里没个遮阴的地方，夏天老人没处坐。"


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    cache.clear()


@pytest.fixture
def estate() -> Place:
    return make_estate("仁和家园", make_community("天骄社区"))


@pytest.fixture
def filed(estate: Place) -> ServiceRequest:
    return say(SHADE + "我电话13812345678", estate)


@pytest.fixture
def web(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


class TestFindingIt:
    @pytest.mark.parametrize("typed", ["{0}", "{1} {2} {3}", "{1}-{2}-{3}", " {1}\u3000{2} {3} ", "lower"])
    def test_however_it_was_typed(self, web: Client, filed: ServiceRequest, typed: str) -> None:
        code = filed.code
        text = code.lower() if typed == "lower" else typed.format(code, code[:4], code[4:8], code[8:])
        answer = web.get("/r/", {"code": text}, follow=True)
        assert answer.status_code == 200
        assert SHADE in answer.text
        assert web.get(f"/r/{text}/", follow=True).status_code == 200

    @pytest.mark.parametrize("typed", ["", " ", "ZZZZZZZZZZZZ", "0O1I", "救命", "x" * 200, "'; --", "\x00"])
    def test_a_code_that_is_none_is_told_kindly(self, web: Client, filed: ServiceRequest, typed: str) -> None:
        page = web.get("/r/", {"code": typed})
        assert page.status_code == 404
        assert "id_code_error" in page.text

    def test_the_page_of_no_receipt_is_not_there(self, web: Client) -> None:
        for what in ("", "slip/", "add/", "judge/", "erase/", "proof.json", "photo/1/"):
            assert web.get(f"/r/ZZZZZZZZZZZZ/{what}").status_code == 404

    def test_guessing_is_slowed_down(self, web: Client, filed: ServiceRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(resident_session.PACE, "find", (2, 2))
        for _guess in range(2):
            web.get("/r/", {"code": "ZZZZZZZZZZZZ"})
        assert "a lot in a short time" in web.get("/r/", {"code": filed.code}).text


class TestWhatItShows:
    def test_the_own_words_whole_and_where_they_stand(self, web: Client, filed: ServiceRequest) -> None:
        page = web.get(f"/r/{filed.code}/")
        assert "13812345678" in page.text
        assert "天骄社区 仁和家园" in page.text
        assert "the community has yet to look at it" in page.text
        assert page["Cache-Control"] == "private, no-store"
        assert "noindex" in page["X-Robots-Tag"]

    def test_after_a_merge_it_tells_of_the_need_that_stands(
        self, web: Client, filed: ServiceRequest, estate: Place
    ) -> None:
        kept = public_need("夏天没地方遮阴", estate)
        needs_merge(by=STAFF, keep=kept, absorb=filed.need, at=said_at())
        page = web.get(f"/r/{filed.code}/").text
        assert f"/needs/{kept.code}/" in page
        assert SHADE in page

    def test_answers_reach_it(self, web: Client, filed: ServiceRequest) -> None:
        need_reply(by=STAFF, need=filed.need, text="正在找地方", at=said_at())
        assert "正在找地方" in web.get(f"/r/{filed.code}/").text

    def test_the_number_of_queries_does_not_grow(self, web: Client, filed: ServiceRequest) -> None:
        web.get(f"/r/{filed.code}/")
        counts = []
        for wanted in (3, 30):
            while ServiceRequest.objects.count() < wanted:
                web.post(f"/r/{filed.code}/add/", {"text": f"再说一句{ServiceRequest.objects.count()}"})
                need_reply(by=STAFF, need=filed.need, text="好", at=said_at())
                cache.clear()
            with CaptureQueriesContext(connection) as asked:
                assert web.get(f"/r/{filed.code}/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_a_worker_is_told_that_the_role_is_written_down(self, web: Client, filed: ServiceRequest) -> None:
        role = RoleFactory(organisation=OrganisationFactory(place=filed.place.parent))
        web.force_login(role.account, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "signed in as a worker" in web.get(f"/r/{filed.code}/").text


class TestTheProof:
    def test_it_proves_the_entry(self, web: Client, filed: ServiceRequest, estate: Place) -> None:
        for i in range(5):
            say(f"别的事{i}", estate)
        answer = web.get(f"/r/{filed.code}/proof.json")
        proof = json.loads(answer.content)
        assert answer["Content-Disposition"].startswith("attachment")
        assert merkle.verify_inclusion(
            bytes.fromhex(proof["leaf"]),
            proof["index"],
            proof["size"],
            [bytes.fromhex(step) for step in proof["path"]],
            bytes.fromhex(proof["root"]),
        )
        assert merkle.leaf_hash(proof["entry"].encode()).hex() == proof["leaf"]
        assert "13812345678" not in answer.text

    def test_the_page_names_it(self, web: Client, filed: ServiceRequest) -> None:
        page = web.get(f"/r/{filed.code}/").text
        assert "entry 0 of the public ledger" in page
        assert f"/r/{filed.code}/proof.json" in page


class TestAddingAndJudging:
    def test_words_added_stand_under_the_same_code(self, web: Client, filed: ServiceRequest) -> None:
        for _twice in range(2):
            web.post(f"/r/{filed.code}/add/", {"text": "下雨也没处躲", "key": "k" * 32})
        added = ServiceRequest.objects.get(text="下雨也没处躲")
        assert (added.need, added.person) == (filed.need, filed.person)
        assert "下雨也没处躲" in web.get(f"/r/{filed.code}/").text
        filed.need.refresh_from_db()
        assert filed.need.people_count == 1

    def test_nothing_added_is_told(self, web: Client, filed: ServiceRequest) -> None:
        assert web.post(f"/r/{filed.code}/add/", {"text": " "}).status_code == 400
        assert web.get(f"/r/{filed.code}/add/").status_code == 200

    def test_the_holder_judges(self, web: Client, filed: ServiceRequest) -> None:
        need_reply(by=STAFF, need=filed.need, text="凉亭建好了", final=True, at=said_at())
        web.post(f"/r/{filed.code}/judge/", {"verdict": "not", "word": "没看见凉亭"})
        assert Judgement.objects.get().person == filed.person
        assert "residents said it was not solved" in web.get(f"/r/{filed.code}/").text
        assert Need.objects.get().unsolved

    def test_too_early_is_told(self, web: Client, filed: ServiceRequest) -> None:
        assert web.post(f"/r/{filed.code}/judge/", {"verdict": "solved"}).status_code == 409
        assert web.get(f"/r/{filed.code}/judge/").status_code == 302


class TestErasing:
    def test_first_a_page_that_says_what_it_means(self, web: Client, filed: ServiceRequest) -> None:
        page = web.get(f"/r/{filed.code}/erase/")
        assert page.status_code == 200
        filed.refresh_from_db()
        assert filed.text
        assert "gone for good" in page.text

    def test_words_go_voice_and_proof_stay(self, web: Client, filed: ServiceRequest) -> None:
        need_sort(by=STAFF, need=filed.need, title="缺少遮阴处", at=said_at())
        web.post(f"/r/{filed.code}/add/", {"text": "下雨也没处躲"})
        web.post(f"/r/{filed.code}/erase/")
        web.post(f"/r/{filed.code}/erase/")
        assert not ServiceRequest.objects.exclude(text="").exists()
        for address in (f"/r/{filed.code}/", f"/needs/{filed.need.code}/"):
            page = web.get(address)
            assert page.status_code == 200
            assert SHADE not in page.text
        filed.need.refresh_from_db()
        assert filed.need.people_count == 1
        assert ledger_verify().ok
        assert web.get(f"/r/{filed.code}/proof.json").status_code == 200


def test_the_slip_carries_code_and_office(web: Client, filed: ServiceRequest) -> None:
    office = OrganisationFactory(place=filed.place.parent, name="天骄社区居民委员会")
    page = web.get(f"/r/{filed.code}/slip/")
    assert f"{filed.code[:4]} {filed.code[4:8]} {filed.code[8:]}" in page.text
    assert office.name in page.text
    assert SHADE not in page.text
