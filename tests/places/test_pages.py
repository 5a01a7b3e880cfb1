"""Pages of places: the picker for all, the tree for those who work there."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import OrganisationFactory, RoleFactory
from tests.factories.places import make_building, make_community, make_estate
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def worker_of(community: Place) -> Client:
    role = RoleFactory(organisation=OrganisationFactory(place=community, name=community.name))
    client = Client()
    client.force_login(role.account)
    return client


def test_the_fragment_brings_the_estates_and_then_the_buildings(client: Client) -> None:
    estate = make_estate("仁和家园")
    building = make_building("3号楼", estate)
    make_community("别处")
    first = client.get(reverse("places:pick"), {"community": estate.parent_id}, headers=HTMX)
    assert "仁和家园" in first.content.decode()
    assert "<html" not in first.content.decode()
    second = client.get(reverse("places:pick"), {"community": estate.parent_id, "estate": estate.pk}, headers=HTMX)
    assert f'value="{building.pk}"' in second.content.decode()


def test_without_scripts_a_page_of_links_leads_back_to_the_form(client: Client) -> None:
    building = make_building("3号楼")
    choice = {"estate": building.parent_id, "building": building.pk, "next": "/say/"}
    page = client.get(reverse("places:pick"), choice).content.decode()
    assert "<html" in page
    assert 'action="/say/"' in page
    assert f'name="building" value="{building.pk}"' in page


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/a?b=c"]
)
def test_the_picker_leads_nowhere_else(client: Client, wanted: str) -> None:
    make_estate()
    page = client.get(reverse("places:pick"), {"next": wanted}).content.decode()
    assert f'href="{wanted}' not in page
    assert f'action="{wanted}' not in page


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 40, "1;drop", "٣"])
def test_junk_in_the_address_chooses_nothing(client: Client, junk: str) -> None:
    make_estate()
    for headers in ({}, HTMX):
        answer = client.get(
            reverse("places:pick"), {"community": junk, "estate": junk, "building": junk}, headers=headers
        )
        assert answer.status_code == 200


def test_a_worker_adds_an_estate_and_its_counts() -> None:
    community = make_community("天骄社区")
    client = worker_of(community)
    assert "天骄社区" in client.get(reverse("places:home")).content.decode()
    answer = client.post(reverse("places:add", args=[community.pk]), {"name": "仁和家园", "level": "estate"})
    assert answer.status_code == 302
    estate = Place.objects.get(name="仁和家园")
    assert estate.recorded_by == "worker@天骄社区"
    counts = {
        "households": "306",
        "households_on_allowance": "36",
        "counted_on": "2024-01-05",
        "source": "社区台账",
    }
    assert client.post(reverse("places:count", args=[estate.pk]), counts).status_code == 302
    page = client.get(reverse("places:tree", args=[estate.pk])).content.decode()
    assert "306" in page
    assert "社区台账" in page
    assert Place.objects.get(pk=estate.pk).households_on_allowance == 36


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("count", {"households": "5", "households_on_allowance": "6"}),
        ("count", {"households": "-1"}),
        ("count", {"households": "5", "counted_on": "2999-01-01"}),
        ("add", {"name": "", "level": "building"}),
        ("add", {"name": "3号楼", "level": "province"}),
        ("add", {"name": "已有", "level": "building"}),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(name: str, data: dict[str, str]) -> None:
    community = make_community()
    estate = make_estate(community=community)
    make_building("已有", estate)
    before = Place.objects.count()
    answer = worker_of(community).post(reverse(f"places:{name}", args=[estate.pk]), data)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert Place.objects.count() == before


def test_not_there_and_not_yours_are_the_same_404() -> None:
    mine, other = make_community(), make_community()
    client = worker_of(mine)
    for pk in (other.pk, other.parent_id, 10**9):
        assert client.get(reverse("places:tree", args=[pk])).status_code == 404
        added = client.post(reverse("places:add", args=[pk]), {"name": "小区", "level": "estate"})
        assert added.status_code == 404
        assert client.post(reverse("places:count", args=[pk]), {"households": "1"}).status_code == 404
    assert not Place.objects.filter(level="estate").exists()


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    place = make_community()
    assert client.get(reverse("places:tree", args=[place.pk])).status_code == 302
    assert client.get(reverse("places:home")).status_code == 302


@pytest.mark.parametrize("count", [3, 30])
def test_pages_ask_a_fixed_number_of_queries(count: int, django_assert_max_num_queries: object) -> None:
    community = make_community()
    estate = make_estate(community=community)
    for _ in range(count):
        make_building(estate=estate)
    client = worker_of(community)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert client.get(reverse("places:tree", args=[community.pk])).status_code == 200
