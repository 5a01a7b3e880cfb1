"""The words of the main pages: Chinese through and through, or English, as the reader asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.addresses import FOR_STAFF, OWN, PUBLIC
from tests.browser.chromium import DESK, PHONE
from tests.browser.dressing import contexts_of, dress
from tests.browser.site import Site
from tests.browser.test_pages import path_of

pytestmark = pytest.mark.browser
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z’']+\b[ ,.;:]+){3,}[A-Za-z][a-z’']+")
OPEN_DETAILS = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@pytest.fixture(scope="module")
def readers(browser: Browser, demo_site: Site) -> Any:
    contexts = contexts_of(browser, demo_site, viewport=DESK)
    return contexts, dress(demo_site, contexts)


@pytest.mark.parametrize("role", ["anonymous", "jumin", "shequ", "guanli"])
def test_chinese_pages_are_chinese(demo_site: Site, readers: Any, role: str) -> None:
    """No sentence of English is left on a page that is asked for in Chinese."""
    contexts, things = readers
    page = contexts[role].new_page()
    left = {}
    for address in [*PUBLIC, *OWN, *FOR_STAFF]:
        if address.status(role) == 200:
            page.goto(f"{demo_site.url}{path_of(address, things)}")
            page.evaluate(OPEN_DETAILS)
            if found := ENGLISH.findall(page.locator("body").inner_text()):
                left[address.name] = found
    page.close()
    assert left == {}


def test_english_is_one_tap_away(browser: Browser, demo_site: Site) -> None:
    """The switch turns the pages to English and back, and is remembered."""
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.goto(demo_site.url)
    expect(page.locator("h1")).to_have_text("有什么事，说一声")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("Something on your mind? Say it.")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path, word in (("/needs/", "What people say"), ("/projects/", "Projects"), ("/about/", "About this house")):
        page.goto(f"{demo_site.url}{path}")
        expect(page.locator("h1")).to_contain_text(word)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    context.close()
