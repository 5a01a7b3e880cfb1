"""An outreach day in a real browser: signed up, counted at the door, asked, ticked off; every page sound for axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESK, PHONE, send, sound
from tests.factories.activities import EVERYWHERE, make_activity, make_series
from tests.factories.desks import Desk
from tests.factories.people import PersonFactory
from yiting.activities.codes import door_mark
from yiting.activities.models import Activity, CheckIn, SignUp
from yiting.activities.services import activity_cancel, sign_up
from yiting.needs.models import ServiceRequest
from yiting.people.actors import RESIDENT
from yiting.places.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    return Desk(at=now())


@pytest.fixture
def day(desk: Desk) -> Activity:
    """An outreach day that has begun, with room for two."""
    start = now() - timedelta(minutes=30)
    return make_activity(
        desk.estate,
        lead=desk.office,
        co_hosts=[desk.street],
        kind="legal",
        title="普法宣传进康城",
        about="带上合同来问",
        where="小区广场",
        starts_at=start,
        sign_up_for="both",
        capacity=2,
        at=start,
    )


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="en")
    yield context
    context.close()


@pytest.fixture
def workbench(browser: Browser, live_server: LiveServer, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, locale="en")
    session = desk.client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_a_resident_comes_to_an_outreach_day(phone: BrowserContext, live_server: LiveServer, day: Activity) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}{reverse('activities:board')}")
    sound(page, opened=True)
    page.get_by_role("link", name=day.title).click()
    send(page.get_by_role("button", name="I will come"))
    expect(page.get_by_text("You have a place for 1 person.")).to_be_visible()
    sound(page, opened=True)
    door = reverse("activities:check_in", args=[day.code, door_mark(day.uid)])
    page.goto(f"{live_server.url}{door}")
    sound(page, opened=True)
    send(page.get_by_role("button", name="I signed up, tick me off"))
    expect(page.get_by_role("status").filter(has_text="Counted: 1 person")).to_be_visible()
    sound(page, opened=True)
    page.get_by_role("link", name="Ask a question here").click()
    expect(page.get_by_label("What is the question?")).to_be_visible()
    sound(page, opened=True)
    page.get_by_label("What is the question?").fill("物业不开发票，找谁？")
    send(page.get_by_role("button", name="Done, send it"))
    expect(page).to_have_url(f"{live_server.url}/r/{ServiceRequest.objects.get().code}/?new=1")
    page.goto(f"{live_server.url}{reverse('activities:activity', args=[day.code])}")
    expect(page.get_by_text("1 question was asked here.")).to_be_visible()
    send(page.get_by_role("button", name="Good", exact=True))
    expect(page.get_by_text("You said: Good.")).to_be_visible()
    sound(page, opened=True)
    page.goto(f"{live_server.url}{reverse('activities:mine')}")
    send(page.get_by_role("button", name="Make my link"))
    expect(page.locator(".feed a")).to_have_attribute("href", f"{page.locator('.feed a').inner_text()}")
    sound(page, opened=True)
    assert (ServiceRequest.objects.get().activity, CheckIn.objects.get().heads) == (day, 1)


def test_the_waiting_list_and_a_cancelled_one_on_a_phone(
    phone: BrowserContext, live_server: LiveServer, desk: Desk, day: Activity
) -> None:
    sign_up(by=RESIDENT, activity=day, person=PersonFactory(), heads=2, at=now())
    page = phone.new_page()
    page.goto(f"{live_server.url}{reverse('activities:activity', args=[day.code])}")
    send(page.get_by_role("button", name="Put me on the waiting list"))
    expect(page.get_by_text("You are number 1 on the waiting list", exact=False).first).to_be_visible()
    sound(page, opened=True)
    gone = make_activity(desk.estate, lead=desk.office, starts_at=now() + timedelta(days=2))
    activity_cancel(by=EVERYWHERE, activity=gone, reason="台风", at=now())
    page.goto(f"{live_server.url}{reverse('activities:activity', args=[gone.code])}")
    expect(page.get_by_text("台风").first).to_be_visible()
    sound(page, opened=True)


def test_a_worker_runs_the_day(workbench: Page, live_server: LiveServer, desk: Desk, day: Activity) -> None:
    sign_up(by=RESIDENT, activity=day, person=PersonFactory(name="王奶奶", phone="13800000001"), at=now())
    make_series(desk.estate, lead=desk.office, starts_at=now() + timedelta(days=1), at=now())
    page = workbench
    page.goto(f"{live_server.url}{reverse('activities:bench')}")
    sound(page, opened=True)
    page.get_by_role("link", name=day.title).click()
    expect(page.locator("#detail h2")).to_have_text(day.title)
    sound(page, opened=True)
    page.get_by_role("link", name="Names and check-in").click()
    send(page.get_by_role("button", name="No. 1 is here"))
    expect(page.get_by_role("cell", name="is here")).to_be_visible()
    sound(page, opened=True)
    page.goto(f"{live_server.url}{reverse('activities:poster', args=[day.code])}")
    sound(page, opened=True)
    page.goto(f"{live_server.url}{reverse('needs:bench_at_activity', args=[day.code])}")
    for words in ("楼道灯坏了", "井盖破了"):
        page.get_by_label("What is the question?").fill(words)
        send(page.get_by_role("button", name="Done, the next one"))
        expect(page.get_by_text("Written down. The receipt is").first).to_be_visible()
    sound(page, opened=True)
    page.goto(f"{live_server.url}{reverse('activities:plan')}")
    sound(page, opened=True)
    assert (CheckIn.objects.count(), SignUp.objects.count(), ServiceRequest.objects.count()) == (1, 1, 2)
