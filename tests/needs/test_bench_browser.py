"""The workbench by keyboard in a real browser: open, merge, give, be told of another worker; on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESK, PHONE, axe_faults
from tests.factories.desks import Desk
from tests.factories.needs import public_need, say
from yiting.needs.models import Need, State, Suggestion
from yiting.needs.services import clock_pause
from yiting.places.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def needs(desk: Desk) -> list[Need]:
    """Three that have newly come, the newest with a merge suggested into one that is known."""
    old = public_need("仁和家园楼道灯坏了", desk.estate)
    new = [say(text, desk.estate).need for text in ("垃圾没人收", "井盖破了", "门口的灯不亮")]
    Suggestion.objects.all().delete()
    Suggestion.objects.create(need=new[2], kind="merge", target=old, score=0.7, because=["灯"], at=now())
    Need.objects.update(suggestion_count=0)
    return [old, *reversed(new)]


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, desk: Desk, needs: list[Need]) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, locale="en")
    session = desk.client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/bench/")
    heading(page, needs[1])  # the first is opened beside the list
    yield page
    context.close()


def heading(page: Page, need: Need) -> None:
    expect(page.locator("#detail h2")).to_have_text(need.title)


def test_one_key_merges_and_the_next_one_is_opened(opened: Page, needs: list[Need]) -> None:
    old, first, second, third = needs
    heading(opened, first)
    assert axe_faults(opened) == []
    opened.keyboard.press("m")
    heading(opened, second)
    expect(opened.locator(f"#row-{first.code}")).to_have_count(0)
    expect(opened.locator("#flash")).to_contain_text("Merged into")
    expect(opened.locator("#count-new")).to_have_text("2")
    expect(opened.locator(f"#row-{second.code} a")).to_be_focused()
    assert axe_faults(opened) == []
    first.refresh_from_db()
    assert first.parent == old
    opened.keyboard.press("j")
    heading(opened, third)


def test_n_refuses_and_stays(opened: Page, needs: list[Need]) -> None:
    opened.keyboard.press("n")
    expect(opened.locator("[data-key=m]")).to_have_count(0)
    heading(opened, needs[1])
    expect(opened.locator(f"#row-{needs[1].code} a")).to_be_focused()
    assert Suggestion.objects.get().answer == Suggestion.Answer.REFUSED


def test_it_is_given_by_keyboard_alone(opened: Page, desk: Desk, needs: list[Need]) -> None:
    opened.keyboard.press("j")
    heading(opened, needs[2])
    opened.keyboard.press("a")
    expect(opened.locator("#assign_organisation")).to_be_focused()
    opened.locator("#assign_organisation").select_option(label=desk.office.name)
    assert axe_faults(opened) == []
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    expect(opened.locator("#flash")).to_contain_text("Given")
    expect(opened.locator(f"#row-{needs[2].code}")).to_contain_text(desk.office.name)
    expect(opened.locator(f"#row-{needs[2].code} a")).to_be_focused()
    opened.keyboard.press("c")
    expect(opened.locator("#sort_category")).to_be_focused()


def test_the_second_worker_is_told_and_keeps_their_words(opened: Page, desk: Desk, needs: list[Need]) -> None:
    opened.get_by_text("Answer", exact=True).click()
    opened.locator("#reply_text").fill("We come on Friday.")
    clock_pause(by=desk.by, need=needs[1], waiting_for="供电公司", at=now())
    opened.get_by_role("button", name="Send to everybody who asked").click()
    expect(opened.locator("#detail [role=alert]")).to_contain_text("Somebody else has just changed")
    expect(opened.locator("#reply_text")).to_have_value("We come on Friday.")
    expect(opened.locator("#detail")).to_contain_text("供电公司")
    assert axe_faults(opened) == []
    opened.get_by_role("button", name="Send to everybody who asked").click()
    expect(opened.locator("#flash")).to_contain_text("Sent to everybody")


def test_on_a_phone_it_is_one_column(opened: Page, live_server: LiveServer, needs: list[Need]) -> None:
    opened.set_viewport_size(PHONE)
    opened.goto(f"{live_server.url}/bench/")
    expect(opened.locator("#detail h2")).to_have_count(0)
    opened.locator(f"#row-{needs[2].code} a").click()
    heading(opened, needs[2])
    opened.wait_for_url("**/bench/needs/**")
    opened.reload()
    expect(opened.locator(".bench-list")).to_be_hidden()
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe_faults(opened) == []
    opened.get_by_role("link", name="To the list").click()
    expect(opened.locator(f"#row-{needs[1].code}")).to_be_visible()


def test_without_scripts_it_is_merged_all_the_same(
    browser: Browser, live_server: LiveServer, desk: Desk, needs: list[Need]
) -> None:
    context = browser.new_context(viewport=DESK, locale="en", java_script_enabled=False)
    session = desk.client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/bench/")
    page.get_by_role("link", name=needs[1].title).click()
    page.get_by_role("button", name="Merge into it").first.click()
    heading(page, needs[0])
    expect(page.locator("#flash")).to_contain_text("Merged into")
    assert Need.objects.get(pk=needs[0].pk).state == State.SORTED
    context.close()
