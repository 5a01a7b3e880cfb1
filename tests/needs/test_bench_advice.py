"""What an answer does not say yet, shown to the one who writes it, before it is sent."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.desks import Desk
from tests.factories.needs import public_need, say
from tests.factories.people import OrganisationFactory, PersonFactory
from yiting.needs import services
from yiting.needs.models import Need, Reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WHOLE = (
    "经查，二号楼楼道灯因线路老化不亮，情况属实。物业已安排电工，将于5月20日前更换全部楼道灯。"
    "如有疑问请致电天骄社区居委会0477-8512345。"
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def need(desk: Desk) -> Need:
    return public_need("二号楼楼道灯坏了一个多月", desk.estate, PersonFactory())


def look(client: Client, need: Need, text: str, *, htmx: bool = True, **more: str) -> HttpResponse:
    address = reverse("needs:bench_look_over", args=[need.code])
    return client.post(address, {"text": text} | more, headers=HTMX if htmx else {})


class TestHints:
    def test_what_is_missing_is_said_in_plain_words(self, desk: Desk, need: Need) -> None:
        page = look(desk.client(), need, "您好，楼道灯的问题已收悉，我们会安排更换。").content.decode()
        assert "It does not say yet:" in page
        assert "By when, or on which day." in page
        assert "Whom to call or where to go with a question." in page
        assert "<html" not in page

    def test_a_whole_answer_has_nothing_missing(self, desk: Desk, need: Need) -> None:
        page = look(desk.client(), need, WHOLE).content.decode()
        assert "Nothing seems to be missing." in page
        assert "<li>" not in page

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "Write a few words first."),
            ("您好！您的留言已收悉。", "so far it says only that the message has come"),
            ("您好！您反映的问题已转交相关部门处理。", "so far it says only who has been asked to look"),
            ("关于高铁南站公交线路，市交通运输局正在编制规划。", "A word on what they wrote about: 2号楼"),
        ],
    )
    def test_what_stands_first(self, desk: Desk, need: Need, text: str, words: str) -> None:
        page = look(desk.client(), need, text).content.decode()
        assert words in page.split("</li>")[0]

    @pytest.mark.parametrize("text", ["", "好", "您的留言已收悉", "字" * 30_000, "\x00", "<script>alert(1)</script>"])
    def test_never_more_than_five_lines_and_never_a_mark(self, desk: Desk, need: Need, text: str) -> None:
        page = look(desk.client(), need, text).content.decode()
        assert page.count("<li>") <= 5
        assert "%" not in page
        assert "<script" not in page

    def test_words_taken_back_are_not_quoted(self, desk: Desk, need: Need) -> None:
        need.requests.update(text="", title="", erased_at=timezone.now())
        Need.objects.filter(pk=need.pk).update(title="一件事")
        assert "楼道" not in look(desk.client(), need, "公交线路正在编制规划。").content.decode()


class TestWithoutScripts:
    def test_the_page_comes_back_with_the_text_kept(self, desk: Desk, need: Need) -> None:
        page = look(desk.client(), need, "我们会安排更换。", htmx=False, final="on").content.decode()
        assert "<html" in page
        assert "我们会安排更换。</textarea>" in page
        assert "By when, or on which day." in page
        assert "Something is missing; it is marked below." not in page
        assert re.search(r'name="final"[^>]* checked', page)

    def test_the_form_offers_it(self, desk: Desk, need: Need) -> None:
        page = desk.client().get(reverse("needs:bench_need", args=[need.code])).content.decode()
        assert f'formaction="{reverse("needs:bench_look_over", args=[need.code])}"' in page
        assert "It does not say yet:" not in page


class TestNothingIsHeldUpOrKept:
    def test_looking_writes_nothing(self, desk: Desk, need: Need) -> None:
        version = need.version
        look(desk.client(), need, "已收悉")
        need.refresh_from_db()
        assert need.version == version
        assert not Reply.objects.exists()

    def test_a_thin_answer_can_be_sent_all_the_same(self, desk: Desk, need: Need) -> None:
        client = desk.client()
        look(client, need, "已收悉")
        client.post(reverse("needs:bench_reply", args=[need.code]), {"text": "已收悉", "seen": need.version})
        assert Reply.objects.get().text == "已收悉"

    @pytest.mark.parametrize("sayings", [3, 30])
    def test_the_queries_do_not_grow_with_the_voices(
        self, desk: Desk, need: Need, sayings: int, django_assert_max_num_queries: object
    ) -> None:
        for _ in range(sayings):
            say("还是黑", desk.estate, need=need)
        client = desk.client()
        look(client, need, "好")
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            look(client, need, "好")


class TestWhoMay:
    def test_another_communitys_worker_is_told_that_it_is_not_there(self, need: Need) -> None:
        assert look(Desk("万正社区").client(), need, "好").status_code == 404

    def test_a_handler_who_does_not_answer_there_gets_no_hints(self, desk: Desk, need: Need) -> None:
        handler = OrganisationFactory(place=desk.street.place, name="城管局")
        services.need_assign(by=desk.by, need=need, organisation=handler, at=timezone.now())
        theirs = desk.client(desk.member("unit", handler))
        assert "does not say yet" not in look(theirs, need, "好").content.decode()

    def test_a_stranger_is_asked_to_sign_in(self, need: Need) -> None:
        answer = look(Client(), need, "好", htmx=False)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")

    def test_reading_does_nothing(self, desk: Desk, need: Need) -> None:
        assert desk.client().get(reverse("needs:bench_look_over", args=[need.code])).status_code == 405

    def test_a_need_that_is_not_there(self, desk: Desk) -> None:
        assert desk.client().post("/bench/needs/NOSUCH/reply/look/", {"text": "好"}, headers=HTMX).status_code == 404

    def test_a_need_that_has_ended_takes_no_answer_and_gets_no_hints(self, desk: Desk, need: Need) -> None:
        client = desk.client()
        client.post(
            reverse("needs:bench_reply", args=[need.code]), {"text": WHOLE, "final": "on", "seen": need.version}
        )
        assert "does not say yet" not in look(client, need, "好").content.decode()
