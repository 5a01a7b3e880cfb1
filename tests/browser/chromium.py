"""What every test in a real browser stands on: Chromium, the two screens, waiting, and axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

CHROMIUM = os.environ.get("YITING_CHROMIUM", "/usr/bin/chromium")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_DETAILS = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"

# two walks share the machine with two servers that have just begun: what is looked for may take its time
expect.set_options(timeout=20_000)


def chromium() -> Iterator[Browser]:
    """Start Chromium of the system; absent, skip with the reason, or fail where the environment requires it."""
    if not Path(CHROMIUM).exists():
        reason = f"no Chromium at {CHROMIUM}: install it or set YITING_CHROMIUM"
        if os.environ.get("YITING_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason} (YITING_REQUIRE_BROWSER=1)")
        pytest.skip(reason)
    # Playwright keeps a loop in this thread, beside which Django would refuse to ask its database
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def until(page: Page, condition: str, *, seconds: float = 5) -> None:
    """Wait for a condition of the page, where the content policy forbids Playwright's own way of waiting."""
    page.evaluate(
        f"""() => new Promise((met, late) => {{
          const end = Date.now() + {int(seconds * 1000)};
          const look = () => ({condition}) ? met()
            : Date.now() > end ? late(new Error("never")) : setTimeout(look, 20);
          look();
        }})"""
    )


def send(pressed: Locator) -> None:
    """Press a button or follow a link that leads to a page, and wait until that page is there."""
    with pressed.page.expect_navigation():
        pressed.click()


def sound(page: Page, *, opened: bool = False) -> None:
    """Nothing is wrong with the page as it stands and, if asked for, with everything on it opened."""
    assert (axe_faults(page), is_too_wide(page)) == ([], False), page.url
    if opened:
        page.evaluate(OPEN_DETAILS)
        sound(page)


def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, each with the element it is about."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [f"axe {fault['id']}: {node['html'][:140]}" for fault in found["violations"] for node in fault["nodes"][:3]]


def is_too_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 0.5"))
