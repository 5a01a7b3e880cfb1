"""Speaking for somebody: the yes is noted, staff tell the channel, and a worker works at home only."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.people import OrganisationFactory, RoleFactory
from tests.factories.places import make_building, make_community, make_estate
from yiting.needs.models import ServiceRequest
from yiting.people.models import Person
from yiting.places.models import Place

pytestmark = pytest.mark.django_db
GIVEN = {"text": "楼道灯坏了，摸黑上楼", "behalf": "neighbour", "consent": "door", "key": "k" * 32}


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


@pytest.fixture
def worker(web: Client, estate: Place) -> Client:
    """The same browser with a worker of the estate's community signed in."""
    role = RoleFactory(organisation=OrganisationFactory(place=estate.parent))
    web.force_login(role.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return web


def test_a_neighbour_needs_no_account(web: Client, estate: Place) -> None:
    answer = web.post("/behalf/", GIVEN | {"place": estate.pk, "name": "王秀英", "phone": "13800001111"})
    filed = ServiceRequest.objects.get()
    assert (filed.channel, filed.behalf) == ("web", "neighbour")
    assert filed.consent
    receipt = web.get(answer["Location"]).text
    assert f"/r/{filed.code}/slip/" in receipt
    assert f"/behalf/?place={estate.pk}" in receipt
    assert "王秀英" not in receipt
    assert "13800001111" not in receipt


@pytest.mark.parametrize("missing", ["text", "behalf", "consent"])
def test_without_these_nothing_is_filed(web: Client, estate: Place, missing: str) -> None:
    page = web.post("/behalf/", {name: value for name, value in GIVEN.items() if name != missing})
    assert page.status_code == 400
    assert f'id="id_{missing}_error"' in page.text
    assert missing == "text" or GIVEN["text"] in page.text
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize("given", [{"behalf": "worker"}, {"behalf": "self"}, {"consent": "sure"}])
def test_a_visitor_cannot_pass_for_somebody_else(web: Client, estate: Place, given: dict[str, str]) -> None:
    assert web.post("/behalf/", GIVEN | given).status_code == 400
    assert not ServiceRequest.objects.exists()


def test_a_channel_that_a_visitor_sends_is_not_taken(web: Client, estate: Place) -> None:
    web.post("/behalf/", GIVEN | {"channel": "phone"})
    assert ServiceRequest.objects.get().channel == "web"


@pytest.mark.parametrize("channel", ["phone", "paper", "door"])
def test_a_worker_tells_the_channel(worker: Client, estate: Place, channel: str) -> None:
    worker.post("/behalf/", GIVEN | {"behalf": "worker", "channel": channel, "place": estate.pk})
    filed = ServiceRequest.objects.get()
    assert (filed.channel, filed.behalf, filed.place) == (channel, "worker", estate)
    assert filed.role_label.startswith("worker@")


def test_a_worker_writes_for_the_own_place_only(worker: Client, estate: Place) -> None:
    elsewhere = make_estate("别的园", make_community("别的社区"))
    page = worker.post("/behalf/", GIVEN | {"behalf": "worker", "channel": "phone", "place": elsewhere.pk})
    assert page.status_code == 400
    assert "do not work in this place" in page.text
    assert not ServiceRequest.objects.exists()


def test_a_worker_must_tell_the_channel(worker: Client, estate: Place) -> None:
    assert worker.post("/behalf/", GIVEN | {"behalf": "worker"}).status_code == 400


def test_sent_twice_it_is_one_request_of_one_person(web: Client, estate: Place) -> None:
    first, second = web.post("/behalf/", GIVEN), web.post("/behalf/", GIVEN)
    assert first["Location"] == second["Location"]
    assert Person.objects.count() == 1


def test_the_same_number_is_the_same_person(web: Client, estate: Place) -> None:
    for words in ("路灯坏了", "电梯停了"):
        web.post("/behalf/", GIVEN | {"text": words, "phone": "13800001111"})
    assert ServiceRequest.objects.count() == 2
    assert Person.objects.count() == 1


def test_a_home_is_joined_where_there_is_a_house(web: Client, estate: Place) -> None:
    building = make_building("3号楼", estate)
    web.post("/behalf/", GIVEN | {"place": building.pk, "door": "3单元501"})
    assert ServiceRequest.objects.get().person.household is not None


def test_a_home_without_a_house_is_no_fault(web: Client, estate: Place) -> None:
    assert web.post("/behalf/", GIVEN | {"place": estate.parent_id, "door": "3单元501"}).status_code == 302


@pytest.mark.parametrize("given", [{"phone": "12"}, {"place": "x"}, {"place": "99999"}, {"name": "长" * 99}])
def test_bad_input_is_told_and_the_words_kept(web: Client, estate: Place, given: dict[str, str]) -> None:
    page = web.post("/behalf/", GIVEN | given)
    assert page.status_code == 400
    assert GIVEN["text"] in page.text
    assert not ServiceRequest.objects.exists()
