"""The own API: what anybody reads, what a token opens, and what is refused in which words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories.needs import STAFF, NeedFactory, RequestFactory, public_need, say
from tests.factories.people import OrganisationFactory
from tests.factories.projects import ProjectFactory, make_project
from tests.standards.conftest import Town
from yiting.methods import merkle
from yiting.needs.models import HotSnapshot, Need, ReturnReason, ServiceRequest, State
from yiting.needs.queries.wording import shown_words
from yiting.needs.services import need_assign, need_sort, needs_merge, request_erase
from yiting.people.models import Person, TokenScope
from yiting.places import clock
from yiting.projects.models import Stage

BASE = "/api/v1"


def get(client: Client, path: str, status: int = 200, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = client.get(BASE + path, headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def post(client: Client, path: str, body: Any, status: int, key: str = "", **headers: str) -> Any:
    given = {"Authorization": f"Bearer {key}", **headers} if key else headers
    answer = client.post(BASE + path, json.dumps(body), content_type="application/json", headers=given)
    assert answer.status_code == status, answer.content
    return answer.json()


def request_body(town: Town, **more: Any) -> dict[str, Any]:
    return {"text": "路灯不亮，老人晚上摔倒了", "place_id": town.building.pk} | more


class TestPublicReading:
    """What takes no token is what the public pages show."""

    def test_needs_are_listed_page_by_page(self, client: Client, town: Town) -> None:
        """The mark of a page leads to the next; every public need is on exactly one of them."""
        made = {public_need(f"第{n}件事：楼道灯坏了", town.estate).code for n in range(5)}
        say("还没有人看过的事", town.estate)
        seen, after = [], ""
        for _page in range(3):
            page = get(client, f"/needs?limit=2&place={town.here.code}{after}")
            seen += [row["code"] for row in page["items"]]
            after = f"&after={page['after']}"
        assert (len(seen), set(seen), page["after"]) == (5, made, None)

    def test_filters_narrow_the_list(self, client: Client, town: Town) -> None:
        """By place, state, category and words, each alone."""
        shade = public_need("想要乘凉的亭子", town.estate, category=town.kind)
        other = NeedFactory(place=town.there, state=State.CLOSED)

        def codes(query: str) -> list[str]:
            return [row["code"] for row in get(client, f"/needs?{query}")["items"]]

        assert codes(f"place={town.there.code}") == [other.code]
        assert codes(f"place_id={town.estate.pk}") == [shade.code]
        assert codes("state=closed&state=returned") == [other.code]
        assert codes(f"category={town.group.pk}") == [shade.code]
        assert codes("q=亭子") == [shade.code]
        assert len(codes("order=most")) == 2

    def test_one_need_has_masked_words(self, client: Client, town: Town) -> None:
        """The words are those of the public page, and a merged need leads to the one it went into."""
        need = public_need("井盖丢了，电话 13847712345", town.estate, category=town.kind)
        other = public_need("仁和家园门口井盖没有了", town.estate)
        needs_merge(by=STAFF, keep=need, absorb=other, at=clock.now())
        told = get(client, f"/needs/{other.code}")
        assert (told["code"], told["people"], told["category"]) == (need.code, 2, town.kind.full_name)
        assert "13847712345" not in json.dumps(told)
        words = {request.text for request in ServiceRequest.objects.filter(need__root=need)}
        assert {voice["text"] for voice in told["voices"]["items"]} == {shown_words(text) for text in words}
        rows = get(client, f"/needs/{need.code}/story")["rows"]
        assert [row["index"] for row in rows] == sorted(row["index"] for row in rows)
        assert len(rows) >= 2

    def test_what_is_not_public_is_not_there(self, client: Client, town: Town) -> None:
        """A need that nobody sorted answers as one that does not exist, in every reading."""
        hidden = say("王大妈家的事", town.estate).need
        for path in (f"/needs/{hidden.code}", f"/needs/{hidden.code}/story", "/needs/BCDFGHJK"):
            told = get(client, path, 404)
            assert told == get(client, "/needs/BCDFGHJM", 404)
        assert get(client, "/needs")["items"] == []

    def test_a_receipt_shows_its_own_request(self, client: Client, town: Town) -> None:
        """The holder of the code sees the own words in any state, and a proof that holds."""
        filed = say("王大妈家的事", town.estate)
        told = get(client, f"/requests/{filed.code.lower()}")
        assert told["words"] == [{"text": "王大妈家的事", "at": told["filed_at"], "erased": False}]
        assert (told["need"]["state"], told["need_is_public"]) == ("heard", False)
        proof = told["proof"]
        assert merkle.verify_inclusion(
            bytes.fromhex(proof["leaf"]),
            proof["index"],
            proof["size"],
            [bytes.fromhex(step) for step in proof["path"]],
            bytes.fromhex(proof["root"]),
        )
        request_erase(by=STAFF, request=filed, at=clock.now())
        [said] = get(client, f"/requests/{filed.code}")["words"]
        assert (said["text"], said["erased"]) == ("", True)

    def test_places_are_a_tree(self, client: Client, town: Town) -> None:
        """Under a code come the place itself and all below it, parents first, page by page."""
        page = get(client, f"/places?under={town.here.code}&limit=2")
        rest = get(client, f"/places?under={town.here.code}&after={page['after']}")
        names = [row["name"] for row in [*page["items"], *rest["items"]]]
        assert (names, rest["after"]) == (["天骄社区", "仁和家园", "3号楼"], None)
        assert [row["households"] for row in rest["items"]] == [None]
        one = get(client, f"/places/{town.here.code}")
        assert [above["level"] for above in one["above"]] == ["province", "city", "county", "street"]
        assert get(client, "/places?level=building")["items"][0]["parent_id"] == town.estate.pk
        assert get(client, "/places/110101001001", 404)["error"]

    def test_hot_matters_have_their_reasons(self, client: Client, town: Town) -> None:
        """As last ranked, with public needs only; empty where nothing was ranked yet."""
        assert get(client, f"/hot?place={town.here.code}")["items"] == []
        need = public_need("烧烤店油烟太大", town.estate)
        hidden = say("没人看过的事", town.estate).need
        matter = {"title": "油烟", "needs": [need.code], "people": 7, "why": {"last_30_days": 7}}
        HotSnapshot.objects.create(
            place=town.here,
            matters=[matter, matter | {"needs": [hidden.code]}],
            considered=9,
            at=clock.now(),
        )
        told = get(client, f"/hot?place_id={town.estate.pk}")
        [row] = told["items"]
        assert (told["place"], told["considered"], row["people"]) == ("天骄社区", 9, 7)
        assert row["why"]["last_30_days"] == 7
        assert [one["code"] for one in row["needs"]] == [need.code]

    def test_projects_lead_to_their_needs(self, client: Client, town: Town) -> None:
        """The list by year and stage, and one with what it serves; money in fen."""
        project = make_project(Stage.DELIVERED, place=town.estate, people=2)
        ProjectFactory(place=town.there, year=2023)
        assert [row["code"] for row in get(client, "/projects?year=2024")["items"]] == [project.code]
        assert len(get(client, "/projects?limit=1")["items"]) == 1
        after = get(client, "/projects?limit=1")["after"]
        assert [row["year"] for row in get(client, f"/projects?after={after}")["items"]] == [2023]
        told = get(client, f"/projects/{project.code}")
        assert (told["stage"], told["households"], told["asked"]) == ("delivered", 306, 2)
        assert told["judging"]["silent"] == 2
        assert len(told["needs"]) == 1
        assert get(client, "/projects/BCDFGHJK", 404)["error"]

    def test_the_ledger_proves_itself(self, client: Client, town: Town) -> None:
        """Checkpoint, entries, proof of one and consistency between two sizes fit together."""
        first = public_need("路灯坏了", town.estate)
        before = get(client, "/ledger/checkpoint")
        public_need("井盖丢了", town.estate)
        now = get(client, "/ledger/checkpoint")
        assert now["size"] > before["size"] > 1
        assert now["checkpoint"].startswith(f"{now['origin']}\n{now['size']}\n")
        entries = get(client, "/ledger/entries?limit=1")
        assert (entries["items"][0]["index"], entries["before"]) == (now["size"] - 1, now["size"] - 1)
        proof = get(client, f"/ledger/entries/0/proof?size={before['size']}")
        assert (proof["root"], proof["index"]) == (before["root"], 0)
        told = get(client, f"/ledger/consistency?first={before['size']}&second={now['size']}")
        assert (told["first_root"], told["second_root"]) == (before["root"], now["root"])
        assert get(client, f"/ledger/entries/{now['size']}/proof", 404)["error"]
        assert get(client, "/ledger/consistency?first=5&second=2", 400)["error"]
        assert first.pk

    @pytest.mark.parametrize(
        ("path", "most"),
        [
            ("/needs?limit=50", 2),
            ("/needs?q=路灯&limit=50", 3),
            ("/projects?limit=50", 4),
            ("/places?limit=50", 2),
            ("/ledger/entries?limit=50", 2),
            ("/categories", 2),
        ],
    )
    def test_queries_do_not_grow(
        self, client: Client, town: Town, django_assert_max_num_queries: Any, path: str, most: int
    ) -> None:
        """Thirty rows take no more queries than three."""
        for count in (3, 27):
            for _ in range(count):
                public_need("路灯坏了", town.estate)
                ProjectFactory(place=town.estate)
            with django_assert_max_num_queries(most):
                get(client, path)


class TestTokens:
    """What each scope opens, and what no scope opens."""

    @pytest.mark.parametrize(
        ("path", "scopes"),
        [
            ("/requests", {"requests:file", "needs:work"}),
            ("/needs/{code}/sort", {"needs:work"}),
            ("/needs/{code}/assign", {"needs:work"}),
            ("/needs/{code}/accept", {"needs:work"}),
            ("/needs/{code}/hand-back", {"needs:work"}),
            ("/needs/{code}/replies", {"needs:work"}),
        ],
    )
    def test_writing_needs_the_scope(self, client: Client, town: Town, path: str, scopes: set[str]) -> None:
        """Without a token or with a wrong one 401, without the scope 403; nothing is changed."""
        need = say("路灯坏了", town.estate).need
        where = path.format(code=need.code)
        bodies: dict[str, Any] = {
            "/requests": request_body(town),
            "/needs/{code}/assign": {"organisation": town.office.pk},
            "/needs/{code}/hand-back": {"reason": "not-ours", "note": "不归我们管"},
            "/needs/{code}/replies": {"text": "已修好"},
        }
        body = bodies.get(path, {})
        assert post(client, where, body, 401)["remedy"]
        for wrong in ("yt_aaaaaaaa_wrong", "nonsense", "yt_\u4e2d_x".encode().decode("latin-1")):
            assert post(client, where, body, 401, wrong)["error"]
        for scope in set(TokenScope.values) - scopes:
            assert scope not in post(client, where, body, 403, town.key(scope))["error"]
        need.refresh_from_db()
        assert (need.version, ServiceRequest.objects.count()) == (0, 1)

    @pytest.mark.parametrize("path", ["/bench/needs", "/bench/needs/{code}"])
    def test_the_inbox_needs_a_scope(self, client: Client, town: Town, path: str) -> None:
        """Reading or working opens it; handing in does not."""
        where = path.format(code=say("路灯坏了", town.estate).need.code)
        answer = client.get(BASE + where)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert get(client, where, 403, town.key(TokenScope.FILE))["error"]
        for scope in (TokenScope.READ, TokenScope.WORK):
            assert get(client, where, 200, town.key(scope))

    def test_another_place_is_not_there(self, client: Client, town: Town) -> None:
        """The inbox of one community shows nothing of another's, and its needs answer as missing."""
        theirs = say("别处的事", town.there).need
        key = town.key(TokenScope.WORK)
        assert get(client, "/bench/needs", key=key)["items"] == []
        assert get(client, f"/bench/needs/{theirs.code}", 404, key) == get(client, "/bench/needs/BCDFGHJK", 404, key)
        for act, body in (("sort", {}), ("replies", {"text": "好"}), ("accept", {})):
            assert post(client, f"/needs/{theirs.code}/{act}", body, 404, key)["error"]
        assert post(client, "/requests", request_body(town, place_id=town.there.pk), 404, key)["error"]

    def test_a_session_is_no_token(self, client: Client, town: Town, admin_user: Any) -> None:
        """Somebody signed in has to send a token like everybody else, so no page can act in their name."""
        client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert post(client, "/requests", request_body(town), 401)["error"]


class TestFiling:
    """Handing in with a token."""

    @pytest.fixture
    def key(self, town: Town) -> str:
        return town.key(TokenScope.FILE)

    def test_a_request_gets_a_receipt(self, client: Client, town: Town, key: str) -> None:
        """With place, category, point and on whose behalf; the receipt leads to it."""
        body = request_body(
            town,
            title="路灯",
            category=town.kind.pk,
            channel="phone",
            behalf="neighbour",
            consent="电话里说可以",
            name="王秀英",
            phone="13847712345",
            latitude=39.8123456,
            longitude=110.0012345,
            said_at=(clock.now() - timedelta(days=1)).isoformat(),
        )
        told = post(client, "/requests", body, 201, key)
        filed = ServiceRequest.objects.get(code=told["code"])
        assert (filed.place, filed.category, filed.channel) == (town.building, town.kind, "phone")
        assert (filed.behalf, filed.consent, str(filed.latitude)) == (
            "neighbour",
            "电话里说可以",
            "39.812346",
        )
        assert told["url"] == f"http://testserver/r/{filed.code}/"
        receipt = get(client, f"/requests/{told['code']}")
        assert receipt["place"] == "天骄社区 仁和家园 3号楼"
        assert "王秀英" not in json.dumps(receipt, ensure_ascii=False)

    def test_the_same_key_files_once(self, client: Client, town: Town, key: str) -> None:
        """Twice the same is one request and one voice; other words under the key are refused."""
        once = {"Idempotency-Key": "call-1"}
        first = post(client, "/requests", request_body(town), 201, key, **once)
        again = post(client, "/requests", request_body(town), 200, key, **once)
        assert again == first
        assert post(client, "/requests", request_body(town, text="别的事"), 409, key, **once)["error"]
        assert (ServiceRequest.objects.count(), Person.objects.count()) == (1, 1)
        other = OrganisationFactory(place=town.here)
        theirs = town.key(TokenScope.FILE, organisation=other)
        assert post(client, "/requests", request_body(town), 201, theirs, **once)["code"] != first["code"]

    def test_one_caller_is_one_voice(self, client: Client, town: Town, key: str) -> None:
        """Calling forty times does not make forty people; joining a need raises its voices."""
        need = public_need("路灯坏了", town.estate)
        for caller in ("a", "a", "b"):
            body = {"text": "我也是", "need": need.code, "caller": caller}
            assert post(client, "/requests", body, 201, key)["need"] == need.code
        need.refresh_from_db()
        assert need.people_count == 3

    @pytest.mark.parametrize(
        ("status", "change"),
        [
            (422, {"text": ""}),
            (422, {"text": "x" * 20_001}),
            (422, {"text": None}),
            (422, {"place_id": None}),
            (422, {"place_id": 0}),
            (422, {"place": "15060200100x"}),
            (422, {"latitude": 39.0}),
            (422, {"latitude": 91, "longitude": 1}),
            (422, {"said_at": "2026-01-01T00:00:00"}),
            (422, {"said_at": "0001-01-01T00:00:00+14:00"}),
            (422, {"text": "\ud800"}),
            (400, {"text": "\u202e\u200b"}),
            (400, {"said_at": "2199-01-01T00:00:00Z"}),
            (400, {"behalf": "family"}),
            (400, {"phone": "12"}),
            (400, {"category": 987654}),
            (404, {"place_id": 987654}),
            (404, {"place": "110101001001"}),
            (404, {"need": "BCDFGHJK"}),
        ],
    )
    def test_a_wrong_request_is_refused(
        self, client: Client, town: Town, key: str, status: int, change: dict[str, Any]
    ) -> None:
        """It is told what was wrong, and neither a request nor a person is left behind."""
        told = post(client, "/requests", request_body(town, **change), status, key)
        assert told["error"]
        assert set(told) <= {"error", "remedy"}
        assert not ServiceRequest.objects.exists()
        assert not Person.objects.exists()

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"text": "\\ud800"}'])
    def test_a_body_that_is_none(self, client: Client, town: Town, key: str, body: bytes) -> None:
        """A body that cannot be read is told in the same shape."""
        answer = client.post(
            f"{BASE}/requests",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code in {400, 422}
        assert answer.json()["error"]


class TestWorking:
    """Working with a token as the organisation's workbench does."""

    @pytest.fixture
    def key(self, town: Town) -> str:
        return town.key(TokenScope.WORK)

    def test_a_need_is_sorted_given_and_answered(self, client: Client, town: Town, key: str) -> None:
        """From the inbox to the final answer; every step is in the story."""
        filed = say("路灯坏了，电话 13847712345", town.estate)
        [row] = get(client, "/bench/needs?view=new", key=key)["items"]
        opened = get(client, f"/bench/needs/{row['code']}", key=key)
        assert opened["said"][0]["text"] == filed.text
        at = f"/needs/{row['code']}"
        body = {
            "category": town.kind.pk,
            "urgency": "soon",
            "title": "门口路灯坏了",
            "seen": opened["version"],
        }
        told = post(client, f"{at}/sort", body, 200, key)
        assert (told["state"], told["is_public"], told["urgency"]) == ("sorted", True, "soon")
        assert (told["title"], told["category_id"]) == ("门口路灯坏了", town.kind.pk)
        [choice] = [one for one in told["handlers"] if one["id"] == town.office.pk]
        told = post(client, f"{at}/assign", {"organisation": choice["id"]}, 200, key)
        assert told["handler"] == choice
        assert post(client, f"{at}/accept", {}, 200, key)["state"] == "doing"
        told = post(client, f"{at}/replies", {"text": "灯已换好", "final": True}, 201, key)
        assert told["state"] == "judging"
        assert [reply["text"] for reply in told["replies"]] == ["灯已换好"]
        assert get(client, at)["replies"][0]["is_final"] is True
        assert len(told["story"]) >= 5

    def test_the_second_is_told(self, client: Client, town: Town, key: str) -> None:
        """Who looked at an older version overwrites nothing."""
        need = say("路灯坏了", town.estate).need
        seen = need.version
        need_sort(by=STAFF, need=need, title="别人改的", at=clock.now())
        told = post(client, f"/needs/{need.code}/sort", {"title": "我改的", "seen": seen}, 409, key)
        assert told["error"]
        need.refresh_from_db()
        assert need.title == "别人改的"

    def test_it_is_handed_back_by_a_published_reason(self, client: Client, town: Town, key: str) -> None:
        """The need has nobody again, and the reason is told."""
        reason, _made = ReturnReason.objects.get_or_create(
            code="not-ours", defaults={"name": "不归我们管", "explanation": "由别的单位负责"}
        )
        need = public_need("路灯坏了", town.estate)
        need_assign(by=STAFF, need=need, organisation=town.office, at=clock.now())
        assert reason.code in [one["code"] for one in get(client, "/reasons")]
        wrong = {"reason": "because", "note": "不行"}
        assert post(client, f"/needs/{need.code}/hand-back", wrong, 404, key)["error"]
        body = {"reason": "not-ours", "note": "这盏灯归路灯所管"}
        assert post(client, f"/needs/{need.code}/hand-back", body, 200, key)["id"] == town.office.pk
        assert Need.objects.get(pk=need.pk).handler is None

    def test_filters_of_the_inbox(self, client: Client, town: Town, key: str) -> None:
        """By view, state, urgency, words and place, page by page."""
        for n in range(3):
            RequestFactory(need=NeedFactory(place=town.estate, title=f"路灯{n}"))
        RequestFactory(need=NeedFactory(place=town.here, title="井盖", state=State.CLOSED, urgency="urgent"))
        assert len(get(client, "/bench/needs?q=井盖", key=key)["items"]) == 1
        assert len(get(client, "/bench/needs?state=closed&urgency=urgent", key=key)["items"]) == 1
        assert get(client, "/bench/needs?view=new", key=key)["items"] == []
        seen, after = set(), ""
        for _page in range(2):
            page = get(client, f"/bench/needs?limit=2{after}", key=key)
            seen |= {row["code"] for row in page["items"]}
            after = f"&after={page['after']}"
        assert (len(seen), page["after"]) == (4, None)

    def test_queries_do_not_grow(
        self, client: Client, town: Town, key: str, django_assert_max_num_queries: Any
    ) -> None:
        """Thirty needs take no more queries than three, the check of the token among them."""
        for count in (3, 27):
            for _ in range(count):
                RequestFactory(need=NeedFactory(place=town.estate))
            with django_assert_max_num_queries(4):
                get(client, "/bench/needs?limit=50", key=key)


class TestEdges:
    """Addresses, methods and the description of the API itself."""

    def test_an_address_that_is_not_there(self, client: Client, db: None) -> None:
        """JSON as everywhere, for reading and writing."""
        assert get(client, "/nothing", 404)["error"]
        assert post(client, "/nothing/here", {}, 404)["error"]

    def test_a_method_that_is_not_there(self, client: Client, db: None) -> None:
        """The answer names the methods that are."""
        answer = client.delete(f"{BASE}/needs")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
        assert answer.json()["error"]

    @pytest.mark.parametrize(
        "path",
        [
            "/needs?limit=0",
            "/needs?state=unknown",
            "/needs?after=x",
            "/needs?place=1",
            "/projects?year=1",
            "/places?under=x",
            "/ledger/entries/-1/proof",
            "/ledger/entries/99999999999999999999/proof",
            "/ledger/consistency",
        ],
    )
    def test_a_misshapen_question_is_told_where(self, client: Client, db: None, path: str) -> None:
        """The error names the field, the remedy where the shapes are described."""
        told = get(client, path, 422)
        assert ": " in told["error"]
        assert "openapi.json" in told["remedy"]

    def test_errors_speak_the_reader_s_language(self, client: Client, db: None) -> None:
        """As the pages do."""
        english = client.get(f"{BASE}/needs/BCDFGHJK", headers={"Accept-Language": "en"})
        assert english.json()["error"].startswith("There is no such page")

    def test_the_document_is_served(self, client: Client, db: None) -> None:
        """At its address, with the scheme of the tokens."""
        document = get(client, "/openapi.json")
        assert document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
        assert f"{BASE}/needs" in document["paths"]

    def test_the_page_of_the_document_loads_nothing_from_elsewhere(self, client: Client, db: None) -> None:
        """Its scripts and styles come from here, none stands in the page itself, nobody validates for us."""
        page = client.get(f"{BASE}/docs").content.decode()
        assert "https://" not in page
        assert "http://" not in page
        assert '"validatorUrl": null' in page
        assert "style=" not in page
        inline = page.count("<script") - page.count("<script src=")
        assert inline == page.count('<script type="application/json"') == 1
