"""Asking at an activity: one tap for residents, one after the other at the desk, and what was asked is listed."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.activities import make_activity
from tests.factories.desks import Desk
from tests.factories.needs import NeedFactory, RequestFactory
from yiting.activities.models import Activity
from yiting.ledger.queries import list_entries
from yiting.needs.models import Need, ServiceRequest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def nobody_was_here_yet() -> None:
    cache.clear()


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def activity(desk: Desk) -> Activity:
    return make_activity(desk.estate, lead=desk.office, title="普法宣传进康城", kind="legal")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_question_becomes_a_request_in_one_tap(activity: Activity) -> None:
    visitor = Client(headers={"accept-language": "en"})
    address = reverse("needs:at_activity", args=[activity.code])
    assert "Asked at: 普法宣传进康城" in text(visitor.get(address))
    given = {"text": "物业不开发票怎么办？", "key": "k" * 24}
    answer = visitor.post(address, given)
    asked = ServiceRequest.objects.get()
    assert answer.url == reverse("needs:receipt", args=[asked.code]) + "?new=1"
    assert (asked.activity, asked.place) == (activity, activity.place)
    visitor.post(address, given)
    assert ServiceRequest.objects.count() == 1
    (entry,) = list_entries("needs.servicerequest", [asked.pk])
    assert entry.facts["activity"] == activity.code
    shown = text(visitor.get(address))
    assert "1 question was asked here." in shown
    assert "1 matter has not been looked through yet." in shown
    assert "物业" not in shown
    Need.objects.update(is_public=True, state="sorted")
    assert "物业不开发票怎么办" in text(visitor.get(address))
    counted = visitor.get(address, headers={"hx-request": "true"})
    assert text(counted) == "1 question was asked here."


def test_the_page_of_the_activity_leads_there(activity: Activity, desk: Desk) -> None:
    address = reverse("needs:at_activity", args=[activity.code])
    assert address in text(Client().get(reverse("activities:activity", args=[activity.code])))
    bench = desk.client().get(reverse("activities:bench_activity", args=[activity.code]))
    assert reverse("needs:bench_at_activity", args=[activity.code]) in text(bench)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"text": ""}, "few words"), ({"text": "长" * 20_001}, "20000"), ({"text": "问", "phone": "12"}, "telephone")],
)
def test_bad_input_is_answered_beside_the_box(
    activity: Activity, given: dict[str, str], words: str, desk: Desk
) -> None:
    for browser, name in (
        (Client(headers={"accept-language": "en"}), "at_activity"),
        (desk.client(), "bench_at_activity"),
    ):
        answer = browser.post(reverse(f"needs:{name}", args=[activity.code]), given)
        assert answer.status_code in (400, 413, 422)
        assert words in text(answer).replace(",", "")
    assert not ServiceRequest.objects.exists()


def test_at_the_desk_one_is_typed_after_the_other(activity: Activity, desk: Desk) -> None:
    browser = desk.client()
    address = reverse("needs:bench_at_activity", args=[activity.code])
    assert browser.get(address).status_code == 200
    for number in range(3):
        shown = browser.post(address, {"text": f"第{number}个问题", "key": f"{number}" * 24}, follow=True)
        assert "Written down. The receipt is" in text(shown)
    assert ServiceRequest.objects.filter(activity=activity, behalf="worker").count() == 3
    assert len(set(ServiceRequest.objects.values_list("person", flat=True))) == 3
    stranger = Desk(name="别处社区")
    assert stranger.client().get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert Client().get(reverse("needs:at_activity", args=["NOTHERE"])).status_code == 404


def test_a_place_below_can_be_chosen(activity: Activity, desk: Desk) -> None:
    Activity.objects.update(place=desk.community, place_path=desk.community.path)
    address = reverse("needs:at_activity", args=[activity.code])
    Client().post(address, {"text": "楼道灯坏了", "place": str(desk.estate.pk)})
    assert ServiceRequest.objects.get().place == desk.estate
    assert Client().post(address, {"text": "楼道灯坏了", "place": "999999"}).status_code == 400


def test_the_list_takes_as_many_queries_for_30_as_for_3(activity: Activity) -> None:
    address = reverse("needs:at_activity", args=[activity.code])

    def ask(number: int) -> None:
        for _n in range(number):
            RequestFactory(need=NeedFactory(place=activity.place), activity=activity)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    ask(3)
    few = queries()
    ask(27)
    assert queries() == few
