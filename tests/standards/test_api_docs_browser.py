"""The page of the API's document in a real browser, under our own rules for what a page may load."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_page_shows_the_calls_and_breaks_no_rule(browser: Browser, served: str) -> None:
    """Every call of the document is drawn, nothing is asked of another host, and no policy is broken."""
    complaints: list[str] = []
    hosts: set[str] = set()
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{served}/api/v1/docs")
    page.wait_for_selector("#operations-needs-needs_list", timeout=20_000)
    page.click("#operations-needs-needs_list .opblock-summary-control")
    page.wait_for_selector("#operations-needs-needs_list .parameters-container", timeout=20_000)
    drawn = page.locator(".opblock").count()
    page.close()
    assert drawn > 20
    assert complaints == []
    assert hosts == {urlsplit(served).netloc}
