"""The workbench as it is read: who may, what stands in its columns, its keys, and what it costs."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from tests.factories.desks import Desk
from tests.factories.needs import CategoryFactory, NeedFactory, RequestFactory, public_need, said_at, say
from tests.factories.people import OrganisationFactory, PersonFactory
from yiting.needs import services
from yiting.needs.models import Need, Photo, SavedView, Suggestion, Urgency
from yiting.places.clock import now

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WITH_CODE = (
    "bench_need",
    "bench_merge",
    "bench_unmerge",
    "bench_split",
    "bench_sort",
    "bench_assign",
    "bench_accept",
    "bench_hand_back",
    "bench_decline",
    "bench_pause",
    "bench_resume",
    "bench_reply",
    "bench_look_over",
    "bench_discuss",
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def web(desk: Desk) -> Client:
    return desk.client()


def bench(client: Client, **query: str) -> str:
    answer = client.get(reverse("needs:bench"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(client: Client, need: Need, **query: str) -> str:
    answer = client.get(reverse("needs:bench_need", args=[need.code]), query, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def suggest(need: Need, kind: str, **more) -> Suggestion:
    Need.objects.filter(pk=need.pk).update(suggestion_count=1)
    fields = {"score": 0.9, "because": ["灯", "门口"], "at": said_at()} | more
    return Suggestion.objects.create(need=need, kind=kind, **fields)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


class TestWhoMay:
    @pytest.fixture(params=["elsewhere", "deputy", "resident"])
    def stranger(self, request: pytest.FixtureRequest, desk: Desk) -> Client:
        if request.param == "elsewhere":
            return Desk("万正社区").client()
        return desk.client(desk.member(request.param, desk.office))

    def test_no_address_of_a_need_answers_a_stranger(self, desk: Desk, stranger: Client) -> None:
        need = say("灯坏了", desk.estate).need
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        before = Need.objects.get(pk=need.pk).version
        for name in WITH_CODE:
            address = reverse(f"needs:{name}", args=[need.code])
            answer = stranger.get(address) if name == "bench_need" else stranger.post(address, FORM)
            assert (name, answer.status_code) == (name, 404)
        assert Need.objects.get(pk=need.pk).version == before

    def test_neither_does_one_of_a_suggestion_or_a_photo(self, desk: Desk, stranger: Client) -> None:
        filed = say("灯坏了", desk.estate, photos=[("a.jpg", photo())])
        found = suggest(filed.need, "urgency", urgency="soon")
        key = Photo.objects.get().pk
        assert stranger.get(reverse("needs:bench_photo", args=[key])).status_code == 404
        answer = stranger.post(reverse("needs:suggestion", args=[found.pk]), {"answer": "yes"})
        assert answer.status_code == 404
        found.refresh_from_db()
        assert found.answer == Suggestion.Answer.OPEN
        assert desk.client().get(reverse("needs:bench_photo", args=[key])).status_code == 200

    def test_who_is_not_signed_in_is_asked_to(self, desk: Desk, client: Client) -> None:
        need = say("灯坏了", desk.estate).need
        for address in (reverse("needs:bench"), reverse("needs:bench_need", args=[need.code])):
            answer = client.get(address)
            assert answer.status_code == 302
            assert "/accounts/" in answer["Location"]

    def test_a_resident_finds_no_workbench(self, desk: Desk) -> None:
        client = desk.client(desk.member("resident", desk.office))
        assert client.get(reverse("needs:bench")).status_code == 404
        assert client.get(reverse("needs:import")).status_code == 404

    def test_a_deputy_sees_an_empty_one(self, desk: Desk) -> None:
        need = say("灯坏了", desk.estate).need
        client = desk.client(desk.member("deputy", desk.office))
        assert need.title not in bench(client, view="all")
        assert client.get(reverse("needs:import")).status_code == 404

    def test_a_kept_view_is_forgotten_by_its_owner_alone(self, desk: Desk, stranger: Client) -> None:
        kept = services.view_save(by=desk.by, name="急的", query="urgency=urgent", at=said_at())
        address = reverse("needs:delete_view", args=[kept.pk])
        assert stranger.post(address).status_code == 404
        assert desk.client().post(address).status_code == 302
        assert not SavedView.objects.exists()

    def test_an_organisation_elsewhere_sees_what_was_given_to_it(self, desk: Desk) -> None:
        there = Desk("万正社区")
        need = say("灯坏了", desk.estate).need
        services.need_assign(by=desk.by, need=need, organisation=there.office, at=said_at())
        page = opened(there.client(), need)
        assert reverse("needs:bench_accept", args=[need.code]) in page
        assert reverse("needs:bench_reply", args=[need.code]) not in page


FORM = {"answer": "yes", "text": "好", "note": "好", "waiting_for": "物业", "keep": "X", "title": "好"}


class TestLists:
    def test_each_view_holds_what_it_says_and_counts_it(self, desk: Desk, web: Client) -> None:
        at = now()
        other = OrganisationFactory(place=desk.community)
        names = {
            "new": NeedFactory(place=desk.estate, state="heard"),
            "free": NeedFactory(place=desk.estate),
            "mine": NeedFactory(place=desk.estate, state="doing", handler=desk.office),
            "waiting": NeedFactory(place=desk.estate, handler=other, waiting_for="物业", waiting_since=at),
            "due": NeedFactory(place=desk.estate, handler=other, due_at=at + timedelta(days=1)),
            "unsolved": NeedFactory(place=desk.estate, state="doing", handler=other, unsolved=True),
        }
        for view in names:
            page = bench(web, view=view)
            titles = [need.title for need in names.values() if need.title in listed(page)]
            assert (view, titles) == (view, [names[view].title])
            assert count_of(page, view) == "1"
        assert all(need.title in listed(bench(web, view="all")) for need in names.values())

    def test_an_empty_view_says_so_kindly(self, web: Client) -> None:
        assert "Nothing new has come" in bench(web)
        assert "Take a filter away" in bench(web, q="没有的词")

    def test_filters_narrow_and_stay_in_every_link(self, desk: Desk, web: Client) -> None:
        top = CategoryFactory(name="城乡建设")
        wanted = NeedFactory(
            place=desk.estate, urgency=Urgency.URGENT, category=CategoryFactory(parent=top), title="阳台漏水"
        )
        other = NeedFactory(place=desk.estate, title="路灯不亮")
        for query in ({"q": "漏水"}, {"urgency": "urgent"}, {"category": str(top.pk)}):
            page = listed(bench(web, view="all", **query))
            assert wanted.title in page
            assert other.title not in page
            key, value = next(iter(query.items()))
            if value.isascii():
                assert f"{key}={value}" in page

    def test_a_place_narrows_a_street_offices_list(self, desk: Desk) -> None:
        there = Desk("万正社区")
        ours, theirs = NeedFactory(place=desk.estate), NeedFactory(place=there.estate)
        client = desk.client(desk.member("street", desk.street))
        both = listed(bench(client, view="all"))
        assert ours.title in both
        assert theirs.title in both
        assert theirs.title not in listed(bench(client, view="all", place=str(desk.community.pk)))

    def test_pages_follow_one_another_without_gap_or_double(self, desk: Desk, web: Client) -> None:
        needs = [NeedFactory(place=desk.estate) for _ in range(65)]
        seen: list[str] = []
        query = {"view": "all"}
        while True:
            page = bench(web, **query)
            seen += re.findall(r'<li id="row-(\w+)"', page)
            onward = re.search(r'rel="next" href="[^"]*after=([\d.]+-\d+)"', page)
            if onward is None:
                break
            query["after"] = onward.group(1)
        assert seen == [need.code for need in reversed(needs)]

    def test_a_row_tells_how_it_came_and_who_is_waited_for(self, desk: Desk, web: Client) -> None:
        say("灯坏了", desk.estate, channel="phone", behalf="neighbour", consent="电话里同意")
        row = listed(bench(web))
        assert "Telephone, A neighbour spoke for them" in row

    def test_a_view_is_kept_with_its_filters(self, desk: Desk, web: Client) -> None:
        page = bench(web, view="all", urgency="urgent")
        assert 'name="query" value="view=all&amp;urgency=urgent"' in page
        web.post(reverse("needs:save_view"), {"name": "急的", "query": "view=all&urgency=urgent"})
        assert 'href="/bench/?view=all&amp;urgency=urgent">急的</a>' in bench(web)

    @pytest.mark.parametrize(
        "junk",
        [
            {"view": "nothing"},
            {"after": "x"},
            {"after": "nan-1"},
            {"after": "1e400-1"},
            {"after": f"1-{'9' * 30}"},
            {"after": "1-²"},
            {"category": "9" * 5_000},
            {"category": "-1"},
            {"place": "'"},
            {"urgency": "x", "state": "y"},
            {"q": "\x00"},
            {"q": "' OR 1=1 --"},
            {"q": '"*()&|!:'},
            {"q": "字" * 5_000},
        ],
    )
    def test_junk_in_the_address_is_left_aside(self, desk: Desk, web: Client, junk: dict[str, str]) -> None:
        NeedFactory(place=desk.estate)
        bench(web, **({"view": "all"} | junk))

    @pytest.mark.parametrize("code", ["NOSUCH", "\x00NOSUCH", "字", "9" * 300])
    def test_what_is_not_there_is_a_kind_page(self, web: Client, code: str) -> None:
        assert web.get(reverse("needs:bench"), {"open": code}).status_code == 404


class TestOpenNeed:
    def test_it_shows_how_it_came_and_the_words(self, desk: Desk, web: Client) -> None:
        need = say(
            "三单元门口的灯坏了。", desk.estate, channel="phone", behalf="neighbour", consent="电话里同意了"
        ).need
        page = opened(web, need)
        assert "“三单元门口的灯坏了。”" in page
        for known in ("Telephone", "A neighbour spoke for them (电话里同意了)", desk.estate.name):
            assert known in page

    def test_the_words_cannot_break_the_page(self, desk: Desk, web: Client) -> None:
        need = say("<script>alert(1)</script> {{ 7|add:7 }}", desk.estate).need
        page = opened(web, need)
        assert "<script>alert" not in page
        assert "{{ 7|add:7 }}" in page

    def test_a_merge_is_shown_from_both_sides_with_its_keys(self, desk: Desk, web: Client) -> None:
        old = public_need("仁和家园楼道灯坏了", desk.estate)
        new = say("门口的灯不亮", desk.estate).need
        Suggestion.objects.all().delete()
        suggest(new, "merge", target=old)
        page = opened(web, new)
        for side in ("门口的灯不亮", "仁和家园楼道灯坏了", "Both speak of: 灯, 门口"):
            assert side in page
        assert re.search(r'<button[^>]*value="yes"[^>]*data-key="m"', page)
        assert re.search(r'<button[^>]*value="no"[^>]*data-key="n"', page)
        assert page.count('data-key="m"') == page.count('data-key="n"') == 1

    def test_of_several_merges_the_first_has_the_keys(self, desk: Desk, web: Client) -> None:
        first, second = NeedFactory(place=desk.estate), NeedFactory(place=desk.estate)
        new = say("门口的灯不亮", desk.estate).need
        Suggestion.objects.all().delete()
        for score, target in ((0.4, second), (0.9, first)):
            suggest(new, "merge", target=target, score=score)
        page = opened(web, new)
        assert page.index(first.title) < page.index(second.title)
        assert page.count('data-key="m"') == 1

    def test_a_category_is_suggested_with_its_reason_and_chosen_beforehand(self, desk: Desk, web: Client) -> None:
        lighting = CategoryFactory(name="公共照明", parent=CategoryFactory(name="城乡建设"))
        need = say("门口的灯不亮", desk.estate).need
        Suggestion.objects.all().delete()
        suggest(need, "category", category=lighting, score=0.88)
        page = opened(web, need)
        assert "nine in ten sure, because of “灯, 门口”" in page
        assert f'<option value="{lighting.pk}" selected>城乡建设 › 公共照明</option>' in page
        assert 'data-key="c"' in page
        assert 'data-key="a"' in page

    def test_an_urgency_is_suggested_with_its_reason(self, desk: Desk, web: Client) -> None:
        need = say("燃气漏气", desk.estate).need
        Suggestion.objects.all().delete()
        suggest(need, "urgency", urgency="urgent", because=["漏气"])
        page = opened(web, need)
        assert "perhaps “Urgent”" in page
        assert "because of “漏气”" in page

    def test_the_usual_handler_of_the_category_is_offered_first(self, desk: Desk, web: Client) -> None:
        usual = OrganisationFactory(place=desk.community, name="物业")
        need = NeedFactory(place=desk.estate, category=CategoryFactory(parent=CategoryFactory(usual_handler=usual)))
        assert f'<option value="{usual.pk}" selected>物业</option>' in opened(web, need)

    def test_the_clock_says_who_is_waited_for_and_since_when(self, desk: Desk, web: Client) -> None:
        need = public_need("灯坏了", desk.estate)
        services.clock_pause(by=desk.by, need=need, waiting_for="供电公司", at=now() - timedelta(days=3))
        page = opened(web, need)
        assert "waiting for 供电公司, clock stopped for 3 days" in page
        assert reverse("needs:bench_resume", args=[need.code]) in page
        assert reverse("needs:bench_pause", args=[need.code]) not in page

    def test_what_was_merged_can_be_undone_and_every_request_ticked(self, desk: Desk, web: Client) -> None:
        keep, gone = public_need("灯坏了", desk.estate), say("灯不亮", desk.estate).need
        services.needs_merge(by=desk.by, keep=keep, absorb=gone, at=said_at())
        page = opened(web, keep)
        assert reverse("needs:bench_unmerge", args=[gone.code]) in page
        assert page.count('type="checkbox" name="request"') == 2
        assert "Merged into the same matter" not in page

    def test_the_number_of_a_merged_need_leads_to_the_one_that_stands(self, desk: Desk, web: Client) -> None:
        keep, gone = public_need("灯坏了", desk.estate), say("灯不亮", desk.estate).need
        services.needs_merge(by=desk.by, keep=keep, absorb=gone, at=said_at())
        assert f"Number {keep.code}" in opened(web, gone)

    def test_words_that_were_taken_back_stay_away(self, desk: Desk, web: Client) -> None:
        need = public_need("灯坏了", desk.estate)
        filed = say("我家的电话是秘密", desk.estate, need=need)
        services.request_erase(by=desk.by, request=filed, at=said_at())
        page = opened(web, need)
        assert "我家的电话是秘密" not in page
        assert "The words were taken back" in page

    def test_of_very_many_requests_the_first_stand_there_and_a_link_to_all(self, desk: Desk, web: Client) -> None:
        need = NeedFactory(place=desk.estate, request_count=40)
        for _ in range(40):
            RequestFactory(need=need)
        assert opened(web, need).count('name="request"') == 30
        assert "said=all" in opened(web, need)
        assert opened(web, need, said="all").count('name="request"') == 40

    def test_nothing_that_ranks_or_watches_workers_is_there(self, desk: Desk, web: Client) -> None:
        need = public_need("灯坏了", desk.estate)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        page = opened(web, need) + bench(web, view="all")
        assert desk.worker.username not in page
        assert 'type="file"' not in page
        assert not re.search(r"\b(points|ranking|online)\b", page)

    def test_alone_for_htmx_and_a_page_otherwise(self, desk: Desk, web: Client) -> None:
        need = say("灯坏了", desk.estate).need
        assert "<html" not in opened(web, need)
        answer = web.get(reverse("needs:bench_need", args=[need.code]))
        assert "HX-Request" in answer["Vary"]
        page = answer.content.decode()
        assert "<html" in page
        assert "detail-first" in page
        assert 'aria-current="true"' in page

    def test_without_scripts_every_form_posts_to_the_same_address(self, desk: Desk, web: Client) -> None:
        need = public_need("灯坏了", desk.estate)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        forms = re.findall(r'<form method="post" action="([^"]+)" hx-post="([^"]+)"', opened(web, need, view="all"))
        assert len(forms) >= 8
        assert all(plain == comfort and "view=all" in plain for plain, comfort in forms)


class TestCost:
    def queries(self, client: Client, address: str, **headers: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, headers=headers).status_code == 200
        return len(captured)

    def test_the_inbox_costs_the_same_for_three_needs_and_thirty(self, desk: Desk, web: Client) -> None:
        address = reverse("needs:bench") + "?view=all"
        counts = []
        for more in (3, 27):
            for _ in range(more):
                RequestFactory(need=NeedFactory(place=desk.estate, handler=desk.office))
            counts.append(self.queries(web, address))
        assert counts[0] == counts[1]

    def test_the_open_need_costs_the_same_for_three_voices_and_thirty(self, desk: Desk, web: Client) -> None:
        need = public_need("灯坏了", desk.estate)
        others = [NeedFactory(place=desk.estate) for _ in range(2)]
        address = reverse("needs:bench_need", args=[need.code])
        counts = []
        for more in (2, 27):
            for _ in range(more):
                gone = say("灯不亮", desk.estate).need
                services.needs_merge(by=desk.by, keep=need, absorb=gone, at=said_at())
                services.need_reply(by=desk.by, need=need, text="在修", at=said_at())
                say("一样", desk.estate, PersonFactory(), need=need)
            for target in others[: len(counts) + 1]:
                Suggestion.objects.get_or_create(
                    need=need,
                    kind="merge",
                    target=target,
                    category=None,
                    urgency="",
                    defaults={"score": 0.5, "at": said_at()},
                )
            counts.append(self.queries(web, address, **HTMX))
        assert counts[0] == counts[1]


def listed(page: str) -> str:
    """The rows of the list alone."""
    found = re.search(r'<ul class="items">(.*?)</ul>\s*(?:<nav|</section)', page, re.S)
    return found.group(1) if found else ""


def count_of(page: str, view: str) -> str:
    found = re.search(rf'id="count-{view}">\s*(\S+?)\s*</span>', page)
    assert found is not None
    return found.group(1)
