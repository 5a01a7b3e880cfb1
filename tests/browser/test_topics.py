"""The pavilion in a real browser: a vote on a phone, a statement, paper entered twice; every page sound for axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESK, OPEN_DETAILS, PHONE, send, sound
from tests.factories.deliberation import EVERYWHERE, SENTENCES, make_camps, make_neighbour, make_open_topic
from tests.factories.desks import Desk
from yiting.deliberation.models import Evidence, Statement, Topic, Vote
from yiting.deliberation.services import sheets_print, topic_analyse, topic_propose
from yiting.people.actors import RESIDENT
from yiting.people.models import Account
from yiting.places.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = [*SENTENCES, *(f"第{n}件事要先办" for n in range(6))]


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    return Desk(at=now())


@pytest.fixture
def topic(desk: Desk) -> Topic:
    """An open topic with two camps, enough to be shown."""
    at = now() - timedelta(days=1)
    found = make_open_topic(desk.estate, at=at, closes_at=at + timedelta(days=10), sentences=LINES)
    make_camps(found, [7, 7], statements=12, at=at)
    topic_analyse(by=EVERYWHERE, topic=found, at=at)
    return found


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="en")
    yield context
    context.close()


@pytest.fixture
def workbench(browser: Browser, live_server: LiveServer, desk: Desk) -> Iterator[Page]:
    yield from bench_of(browser, live_server, desk, desk.worker)


@pytest.fixture
def colleague(browser: Browser, live_server: LiveServer, desk: Desk) -> Iterator[Page]:
    yield from bench_of(browser, live_server, desk, desk.member("worker", desk.office))


def bench_of(browser: Browser, live_server: LiveServer, desk: Desk, account: Account) -> Iterator[Page]:
    """The workbench of somebody with an account."""
    context = browser.new_context(viewport=DESK, locale="en")
    session = desk.client(account).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_a_resident_votes_with_one_thumb_and_says_something(
    phone: BrowserContext, live_server: LiveServer, topic: Topic
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}{reverse('deliberation:board')}")
    sound(page, opened=True)
    send(page.get_by_role("link", name=topic.question))
    sound(page, opened=True)
    before = Vote.objects.count()
    for done in range(1, 3):
        page.locator(".thumbs button").first.click()
        expect(page.locator("#vote")).to_contain_text(f"voted on {done} of 12")
        expect(page.locator("#vote [role=status]")).to_be_visible()
    sound(page, opened=True)
    assert Vote.objects.count() == before + 2
    page.locator("#say-text").fill("车棚里要有灯")
    page.locator("#say button").click()
    expect(page.locator("#say")).to_contain_text("These say nearly the same")
    sound(page, opened=True)
    page.locator("#say button").click()
    expect(page.locator("#say-text")).to_have_value("")
    assert Statement.objects.filter(topic=topic, text="车棚里要有灯").exists()
    for name in ("statements", "result", "moderation"):
        page.goto(f"{live_server.url}{reverse(f'deliberation:{name}', args=[topic.code])}")
        sound(page, opened=True)


def test_without_javascript_a_vote_counts_as_well(browser: Browser, live_server: LiveServer, topic: Topic) -> None:
    context = browser.new_context(viewport=PHONE, locale="en", java_script_enabled=False)
    page = context.new_page()
    before = Vote.objects.count()
    page.goto(f"{live_server.url}{reverse('deliberation:topic', args=[topic.code])}")
    page.locator(".thumbs button").nth(1).click()
    expect(page.locator("#vote [role=status]")).to_be_visible()
    assert Vote.objects.count() == before + 1
    context.close()


def test_a_worker_looks_after_a_topic_and_two_enter_a_sheet(
    workbench: Page, colleague: Page, live_server: LiveServer, topic: Topic, desk: Desk
) -> None:
    (sheet,) = sheets_print(by=EVERYWHERE, topic=topic, number=1, at=now())
    topic_propose(
        by=RESIDENT, person=make_neighbour(desk.estate), place=desk.estate, question="能不能装滑梯？", at=now()
    )
    for url in (
        reverse("deliberation:bench"),
        f"{reverse('deliberation:bench')}?view=proposed",
        reverse("deliberation:topic_new"),
        reverse("deliberation:bench_topic", args=[topic.code]),
    ):
        workbench.goto(f"{live_server.url}{url}")
        sound(workbench, opened=True)
    before = Vote.objects.count()
    for reader in (workbench, colleague):
        assert Vote.objects.count() == before, "one entry alone is no vote"
        reader.goto(f"{live_server.url}{reverse('deliberation:sheets', args=[topic.code])}")
        sound(reader, opened=True)
        reader.locator("input[name=serial]").fill(sheet.serial)
        reader.locator("input[name=serial]").press("Enter")
        reader.locator(".marks").wait_for()
        sound(reader, opened=True)
        reader.locator("input[name^=line_][value='1']").first.check()
        reader.locator(".marks button").click()
        reader.wait_for_url("**/sheets/")
    assert Vote.objects.count() == before + 1


def test_a_double_tap_adds_one_thing_to_know(workbench: Page, live_server: LiveServer, topic: Topic) -> None:
    workbench.goto(f"{live_server.url}{reverse('deliberation:bench_topic', args=[topic.code])}")
    workbench.evaluate(OPEN_DETAILS)
    form = workbench.locator("form[action*=evidence]").first
    form.locator("input[name=title]").fill("消防条例")
    form.locator("input[name=link]").fill("https://example.org/rules")
    with workbench.expect_navigation():
        form.locator("button").dblclick()
    expect(workbench.get_by_text("消防条例").first).to_be_visible()
    assert Evidence.objects.filter(topic=topic).count() == 1
