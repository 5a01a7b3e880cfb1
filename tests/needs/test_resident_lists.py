"""What people say and what is said most: filters, pages, a fixed number of queries, only what is public."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.needs import SAID_AT, STAFF, CategoryFactory, NeedFactory, public_need, said_at, say
from tests.factories.people import OrganisationFactory
from tests.factories.places import make_building, make_community, make_estate
from yiting.needs.models import HotSnapshot, Need, State
from yiting.needs.services import hot_refresh, needs_merge
from yiting.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def estate() -> Place:
    return make_estate("仁和家园", make_community("天骄社区"))


@pytest.fixture
def web(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def listed(page: str) -> list[str]:
    return re.findall(r'<h[23]><a href="/needs/([A-Z0-9]+)/">', page)


def walk(web: Client, address: str) -> list[str]:
    """Follow "next" from page to page and return every code met."""
    codes: list[str] = []
    while address:
        page = web.get(address).text
        codes += listed(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/needs/" + following[1].replace("&amp;", "&") if following else ""
    return codes


@pytest.mark.parametrize("order", ["newest", "most"])
def test_every_need_is_met_once_in_order(web: Client, estate: Place, order: str) -> None:
    needs = [NeedFactory(place=estate, people_count=1 + i % 3, last_at=SAID_AT) for i in range(45)]
    wanted = sorted(needs, key=lambda n: (n.people_count if order == "most" else 0, n.pk), reverse=True)
    assert walk(web, f"/needs/?order={order}") == [need.code for need in wanted]


def test_only_public_standing_needs_are_listed(web: Client, estate: Place) -> None:
    kept, gone = public_need("三号楼前消防通道总被占", estate), public_need("消防通道停了车", estate)
    say("还没人看过的事", estate)
    needs_merge(by=STAFF, keep=kept, absorb=gone, at=said_at())
    assert listed(web.get("/needs/").text) == [kept.code]


class TestFilters:
    def test_by_place(self, web: Client, estate: Place) -> None:
        other = make_estate("别的园", make_community("别的社区"))
        building = make_building("3号楼", estate)
        here, inside, there = (NeedFactory(place=place) for place in (estate, building, other))
        assert set(listed(web.get(f"/needs/?place={estate.pk}").text)) == {here.code, inside.code}
        assert listed(web.get(f"/needs/?place={building.pk}").text) == [inside.code]
        assert len(listed(web.get("/needs/?place=all").text)) == 3
        assert listed(web.get(f"/needs/?place={other.pk}").text) == [there.code]

    def test_by_standing(self, web: Client, estate: Place) -> None:
        of = {state: NeedFactory(place=estate, state=state).code for state in State}
        assert listed(web.get("/needs/?standing=judge").text) == [of[State.JUDGING]]
        assert set(listed(web.get("/needs/?standing=do").text)) == {of[State.CHOSEN], of[State.DOING]}
        assert len(listed(web.get("/needs/?standing=nonsense").text)) == len(State)

    def test_by_category_and_those_below(self, web: Client, estate: Place) -> None:
        top = CategoryFactory(name="城乡建设")
        below = CategoryFactory(parent=top)
        need = NeedFactory(place=estate, category=below)
        NeedFactory(place=estate, category=CategoryFactory(name="城乡建设管理"))
        assert listed(web.get(f"/needs/?category={top.pk}").text) == [need.code]

    def test_by_two_characters_also_those_of_a_merged_need(self, web: Client, estate: Place) -> None:
        kept, gone = public_need("夏天没地方坐", estate), public_need("想要个凉亭", estate)
        public_need("路灯坏了", estate)
        needs_merge(by=STAFF, keep=kept, absorb=gone, at=said_at())
        assert listed(web.get("/needs/?q=凉亭").text) == [kept.code]

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "q=' OR 1=1", "q=“*”", "after=x.y", "after=9", "category=x", "order=x", "q=" + "长" * 500],
    )
    def test_nonsense_is_answered(self, web: Client, estate: Place, query: str) -> None:
        NeedFactory(place=estate)
        assert web.get(f"/needs/?{query}").status_code == 200

    def test_nothing_found_offers_a_way_on(self, web: Client, estate: Place) -> None:
        assert "Nothing fits" in web.get("/needs/?q=火星").text


@pytest.mark.parametrize("address", ["/", "/needs/", "/needs/?q=路灯&standing=open&order=most"])
def test_the_number_of_queries_does_not_grow(web: Client, estate: Place, address: str) -> None:
    office = OrganisationFactory(place=estate.parent)
    counts = []
    for wanted in (3, 30):
        while Need.objects.count() < wanted:
            NeedFactory(place=make_building(estate=estate), handler=office, category=None)
        with CaptureQueriesContext(connection) as asked:
            assert web.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


class TestHot:
    def rank(self, place: Place, *needs: Need) -> None:
        HotSnapshot.objects.update_or_create(
            place=place,
            defaults={
                "matters": [
                    {
                        "rank": i,
                        "title": need.title,
                        "people": 9 - i,
                        "heat": 1.0,
                        "why": {},
                        "needs": [need.code],
                    }
                    for i, need in enumerate(needs, 1)
                ],
                "considered": 30,
                "at": said_at(),
            },
        )

    def test_only_what_is_public_and_masked(self, web: Client, estate: Place) -> None:
        shown, hidden = (
            NeedFactory(place=estate, title="打13812345678"),
            NeedFactory(place=estate, is_public=False),
        )
        assert estate.parent is not None
        self.rank(estate.parent, hidden, shown)
        page = web.get("/hot/").text
        assert listed(page) == [shown.code]
        assert hidden.title not in page
        assert "13812345678" not in page

    def test_the_street_answers_for_a_community_without_a_ranking(self, web: Client, estate: Place) -> None:
        need = NeedFactory(place=estate)
        assert estate.parent is not None
        assert estate.parent.parent is not None
        self.rank(estate.parent.parent, need)
        assert listed(web.get("/hot/").text) == [need.code]

    def test_a_need_merged_since_leads_to_the_one_that_stands(self, web: Client, estate: Place) -> None:
        kept, gone = NeedFactory(place=estate), NeedFactory(place=estate)
        assert estate.parent is not None
        self.rank(estate.parent, gone)
        needs_merge(by=STAFF, keep=kept, absorb=gone, at=said_at())
        assert listed(web.get("/hot/").text) == [kept.code]

    def test_what_several_said_is_ranked_with_its_reasons(self, web: Client, estate: Place) -> None:
        assert estate.parent is not None
        need = public_need("晚上烧烤摊油烟直往家里灌，窗户都不敢开", estate)
        for words in ("烧烤摊的油烟往家里灌，晚上不敢开窗户", "油烟太大，烧烤摊晚上往家里灌烟"):
            say(words, estate, need=need)
        hot_refresh(place=estate.parent, at=said_at())
        page = web.get("/hot/").text
        assert listed(page) == [need.code]
        assert "3 people in the last 30 days" in page

    def test_without_a_ranking_it_says_so(self, web: Client, estate: Place) -> None:
        assert "Nothing stands out" in web.get("/hot/").text

    def test_the_number_of_queries_does_not_grow(self, web: Client, estate: Place) -> None:
        assert estate.parent is not None
        counts = []
        for wanted in (3, 30):
            needs = [NeedFactory(place=estate) for _i in range(wanted)]
            self.rank(estate.parent, *needs)
            with CaptureQueriesContext(connection) as asked:
                assert len(listed(web.get("/hot/").text)) == wanted
            counts.append(len(asked))
        assert counts[0] == counts[1]
