"""The words turn to English and back; that Chinese pages are Chinese through and through is looked at in test_pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import PHONE
from tests.browser.site import Site

pytestmark = pytest.mark.browser


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
