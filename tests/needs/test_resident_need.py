"""The page of a need: who may see it, me too, one more word, judging, and what it never tells."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.needs import STAFF, RequestFactory, public_need, said_at, say
from tests.factories.people import OrganisationFactory, PersonFactory, RoleFactory
from tests.factories.places import make_community, make_estate
from yiting.needs.models import Judgement, Need, ReturnReason, SecondLook, ServiceRequest, State, Support
from yiting.needs.services import (
    assignment_accept,
    assignment_return,
    clock_pause,
    need_assign,
    need_reply,
    need_return,
    need_sort,
    needs_merge,
)
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
def web(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def reason() -> ReturnReason:
    return ReturnReason.objects.get_or_create(
        code="tests", defaults={"name": "不归我们管", "explanation": "由别的单位管。", "excluded": True}
    )[0]


def address(need: Need, what: str = "") -> str:
    return f"/needs/{need.code}/{what}"


class TestWhoMaySeeIt:
    def test_what_nobody_has_sorted_is_not_there_for_strangers(self, web: Client, estate: Place) -> None:
        need = say(SHADE, estate).need
        for what in ("", "me-too/", "add/", "judge/"):
            assert web.get(address(need, what)).status_code == 404
            assert web.post(address(need, what)).status_code in (404, 405)
        assert not Support.objects.exists()

    def test_not_there_and_not_yours_look_the_same(self, web: Client, estate: Place) -> None:
        need = say(SHADE, estate).need
        bodies = {
            re.sub(code + r"|[A-Za-z0-9]{64}", "", web.get(f"/needs/{code}/").text) for code in (need.code, "ZZZZZZZZ")
        }
        assert len(bodies) == 1

    def test_who_said_it_here_sees_it(self, web: Client, estate: Place) -> None:
        web.post("/say/", {"text": SHADE, "key": "k" * 32})
        assert web.get(address(Need.objects.get())).status_code == 200

    def test_who_shows_the_receipt_sees_it(self, web: Client, estate: Place) -> None:
        filed = say(SHADE, estate)
        web.get(f"/r/{filed.code}/")
        assert web.get(address(filed.need)).status_code == 200

    def test_a_receipt_opens_no_other_need(self, web: Client, estate: Place) -> None:
        person = PersonFactory()
        filed, other = say(SHADE, estate, person), say("路灯坏了", estate, person)
        web.get(f"/r/{filed.code}/")
        assert web.get(address(other.need)).status_code == 404

    @pytest.mark.parametrize("mine", [True, False])
    def test_a_worker_sees_those_of_the_own_community_alone(self, web: Client, estate: Place, mine: bool) -> None:
        place = estate.parent if mine else make_community("别的社区")
        role = RoleFactory(organisation=OrganisationFactory(place=place))
        web.force_login(role.account, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert web.get(address(say(SHADE, estate).need)).status_code == (200 if mine else 404)

    def test_a_code_typed_small_leads_there(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        assert web.get(f"/needs/{need.code.lower()}/")["Location"] == address(need)


def test_a_need_that_was_merged_leads_to_the_one_that_stands(web: Client, estate: Place) -> None:
    kept, gone = public_need(SHADE, estate), public_need("夏天没地方遮阴", estate)
    needs_merge(by=STAFF, keep=kept, absorb=gone, at=said_at())
    answer = web.get(address(gone))
    assert answer["Location"] == address(kept)
    assert gone.title in web.get(address(kept)).text


class TestWhatItTells:
    def test_the_words_are_there_and_numbers_are_not(self, web: Client, estate: Place) -> None:
        need = public_need("路灯坏了，我电话13812345678，身份证150602196001011234", estate)
        page = web.get(address(need)).text
        assert "路灯坏了" in page
        for number in ("13812345678", "150602196001011234"):
            assert number not in page

    def test_titles_in_the_timeline_are_masked_too(self, web: Client, estate: Place) -> None:
        kept, gone = public_need(SHADE, estate), say("打13812345678找我", estate).need
        needs_merge(by=STAFF, keep=kept, absorb=gone, at=said_at())
        assert "13812345678" not in web.get(address(kept)).text

    def test_the_sentence_that_stands_for_it_is_the_most_central(self, web: Client, estate: Place) -> None:
        need = public_need("您好，谢谢你们的工作！小区里没有遮阴的地方。", estate)
        for words in ("没有遮阴的地方，孩子也没处玩。", "没有遮阴的地方"):
            say(words, estate, need=need)
        assert '<p class="say">“没有遮阴的地方”</p>' in web.get(address(need)).text

    def test_who_is_waited_for_and_since_when(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        clock_pause(by=STAFF, need=need, waiting_for="城管局答复", at=said_at() - timedelta(days=3))
        assert "waiting for 城管局答复, clock stopped for" in web.get(address(need)).text

    def test_why_it_was_handed_back_and_where_it_goes(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        first, second = OrganisationFactory(place=estate.parent), OrganisationFactory(place=estate.parent)
        need_assign(by=STAFF, need=need, organisation=first, at=said_at())
        need.refresh_from_db()
        assignment_return(by=STAFF, need=need, reason=reason(), note="归园林局", route_to=second, at=said_at())
        page = web.get(address(need)).text
        for told in ("不归我们管", "由别的单位管。", "归园林局", first.name, second.name):
            assert told in page

    def test_a_returned_need_tells_the_reason(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        need_return(by=STAFF, need=need, reason=reason(), note="在医保局办", at=said_at())
        page = web.get(address(need)).text
        assert "不归我们管" in page
        assert "在医保局办" in page

    def test_the_timeline_is_the_ledger(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        office = OrganisationFactory(place=estate.parent)
        need_assign(by=STAFF, need=need, organisation=office, at=said_at())
        need.refresh_from_db()
        assignment_accept(by=STAFF, need=need, at=said_at())
        page = web.get(address(need)).text
        assert page.index("Somebody said it") < page.index(f"Given to {office.name}") < page.index("takes it on")
        assert page.count("/ledger/entry/") >= 4

    def test_the_number_of_queries_does_not_grow(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        counts = []
        for wanted in (3, 30):
            while ServiceRequest.objects.filter(need=need).count() < wanted:
                RequestFactory(need=need, place=make_estate(community=estate.parent))
                need_reply(by=STAFF, need=need, text="正在看", at=said_at())
            with CaptureQueriesContext(connection) as asked:
                assert web.get(address(need)).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_other_voices_come_in_pages(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        RequestFactory.create_batch(14, need=need)
        first, second = web.get(address(need)).text, web.get(address(need) + "?page=2").text
        assert first.count("晚上看不见路") >= 10
        assert SHADE not in first.split('id="voices"')[1]
        assert SHADE in second.split('id="voices"')[1]
        assert web.get(address(need) + "?page=abc").status_code == 200


class TestMeToo:
    def test_once_a_person_however_often_they_tap(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        for _tap in range(3):
            answer = web.post(address(need, "me-too/"), {"key": "k" * 32})
            assert answer.status_code == 302
        need.refresh_from_db()
        assert (Support.objects.count(), need.people_count) == (1, 2)
        thanks = web.get(answer["Location"])
        assert thanks.status_code == 200
        assert 'class="qr"' in thanks.text

    def test_two_taps_at_once_from_a_fresh_browser_are_one_voice(self, estate: Place) -> None:
        need = public_need(SHADE, estate)
        for _tap in range(2):
            Client().post(address(need, "me-too/"), {"key": "k" * 32})
        assert Support.objects.count() == 1

    def test_who_asked_does_not_count_twice(self, web: Client, estate: Place) -> None:
        web.post("/say/", {"text": SHADE, "key": "k" * 32})
        need = Need.objects.get()
        need_sort(by=STAFF, need=need, at=said_at())
        web.post(address(need, "me-too/"))
        need.refresh_from_db()
        assert (Support.objects.count(), need.people_count) == (0, 1)

    def test_it_can_be_taken_back_and_given_again(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        web.post(address(need, "me-too/"))
        web.post(address(need, "me-too/"), {"take_back": "1"})
        need.refresh_from_db()
        assert need.people_count == 1
        web.post(address(need, "me-too/"))
        need.refresh_from_db()
        assert (Support.objects.count(), need.people_count) == (1, 2)

    def test_once_there_is_a_result_nobody_new_joins(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        need_reply(by=STAFF, need=need, text="办好了", final=True, at=said_at())
        web.post(address(need, "me-too/"))
        assert not Support.objects.exists()

    def test_the_page_of_thanks_is_for_those_who_joined(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        assert web.get(address(need, "me-too/"))["Location"] == address(need)


class TestOneMoreWord:
    def test_it_goes_into_the_same_need_with_a_receipt(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        answer = web.post(address(need, "add/"), {"text": "下雨也没处躲", "key": "k" * 32})
        added = ServiceRequest.objects.get(text="下雨也没处躲")
        assert added.need == need
        assert added.code in answer["Location"]

    @pytest.mark.parametrize(("text", "said"), [("", "Nothing is written yet"), ("长" * 30_000, "30000")])
    def test_bad_words_are_kept_and_told(self, web: Client, estate: Place, text: str, said: str) -> None:
        page = web.post(address(public_need(SHADE, estate), "add/"), {"text": text})
        assert page.status_code == 400
        assert said in page.text
        assert text in page.text


class TestJudging:
    @pytest.fixture
    def done(self, web: Client, estate: Place) -> Need:
        """A need with a result, which this browser asked for."""
        need = public_need(SHADE, estate)
        web.post(address(need, "me-too/"))
        need.refresh_from_db()
        need_reply(by=STAFF, need=need, text="凉亭建好了", final=True, at=said_at())
        need.refresh_from_db()
        return need

    def test_one_tap_and_a_word(self, web: Client, done: Need) -> None:
        web.post(address(done, "judge/"), {"verdict": "partly", "word": "凳子少，打13812345678"})
        judgement = Judgement.objects.get()
        assert (judgement.verdict, judgement.look) == ("partly", 0)
        page = web.get(address(done)).text
        assert "2 were asked, 1 have answered. 1 have not; silence is not taken for a yes." in page
        assert "100% (between 21% and 100%)" in page
        assert "凳子少" in page
        assert page.count("13812345678") == 1  # in the field of whoever wrote it, to be changed, and nowhere else

    def test_it_can_be_changed(self, web: Client, done: Need) -> None:
        for verdict in ("partly", "solved"):
            web.post(address(done, "judge/"), {"verdict": verdict})
        assert Judgement.objects.get().verdict == "solved"

    def test_not_solved_takes_it_up_again(self, web: Client, done: Need) -> None:
        web.post(address(done, "judge/"), {"verdict": "not"})
        done.refresh_from_db()
        assert (done.state, done.unsolved) == (State.DOING, True)
        assert web.get(address(done)).status_code == 200

    def test_who_did_not_ask_cannot_judge(self, done: Need) -> None:
        stranger = Client(HTTP_ACCEPT_LANGUAGE="en")
        page = stranger.get(address(done)).text
        assert 'name="verdict"' not in page
        assert stranger.post(address(done, "judge/"), {"verdict": "solved"}).status_code == 403
        assert not Judgement.objects.exists()

    def test_before_there_is_a_result_nothing_is_judged(self, web: Client, estate: Place) -> None:
        need = public_need(SHADE, estate)
        web.post(address(need, "me-too/"))
        assert web.post(address(need, "judge/"), {"verdict": "solved"}).status_code == 409

    @pytest.mark.parametrize("given", [{}, {"verdict": "great"}, {"verdict": "solved", "word": "长" * 201}])
    def test_what_is_no_verdict_changes_nothing(self, web: Client, done: Need, given: dict[str, str]) -> None:
        page = web.post(address(done, "judge/"), given, follow=True)
        assert page.status_code == 200
        assert not Judgement.objects.exists()

    def test_a_second_look_is_judged_apart(self, web: Client, done: Need) -> None:
        web.post(address(done, "judge/"), {"verdict": "partly"})
        SecondLook.objects.filter(need=done, days=30).update(asked_at=said_at())
        assert "30 days later: does it still hold?" in web.get(address(done)).text
        web.post(address(done, "judge/"), {"verdict": "solved"})
        assert set(Judgement.objects.values_list("look", "verdict")) == {(0, "partly"), (30, "solved")}
