"""Looking at a page closely: as it comes and with everything opened. What was looked at once is not again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.browser.chromium import OPEN_DETAILS, RULES, is_too_wide, until

PATIENCE = 10_000
# Parts that load themselves say when they have come to rest.
SETTLING = """addEventListener("htmx:afterSettle", (event) => { event.target.dataset.settled = "1"; }, true);"""
AT_REST = """[...document.querySelectorAll("[hx-trigger=load]")].every((part) => part.dataset.settled)
  && !document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping")"""
RUN_AXE = """(rules) => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then((found) =>
  found.violations.flatMap((fault) => fault.nodes.slice(0, 3).map(
    (node) => `axe ${fault.id}: ${node.html.slice(0, 160)}`)))"""
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z’']+\b[ ,.;:]+){3,}[A-Za-z][a-z’']+")
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `id twice: ${id}`); }"""
# The make of each part of a page: elements, classes and what assistive technology is told, but not the words.
# Rows of the same make count as one. Two pages made alike pass or fail axe alike.
MAKE = """() => {
  const kept = ["class", "role", "type", "hidden", "open", "tabindex", "aria-hidden", "aria-current", "aria-pressed"];
  const make = (node) => {
    const marks = kept.map((name) => node.getAttribute(name) ?? "").join("|");
    const told = ["id", "for", "alt", "title", "aria-label", "aria-labelledby", "aria-describedby", "lang", "href"]
      .map((name) => node.hasAttribute(name) ? (node.getAttribute(name).trim() ? 1 : 0) : "").join("");
    const words = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()) ? "w" : "";
    const inner = [...node.children].map(make);
    return `${node.tagName}[${marks}~${told}~${words}](${inner.filter((one, at) => one !== inner[at - 1]).join("")})`;
  };
  return [...document.body.children].filter((part) => part.tagName !== "SCRIPT").map(make);
}"""


class Looker:
    """Looks at pages as one reader after another; remembers the make of what it has seen, screen by screen."""

    def __init__(self, contexts: dict[str, BrowserContext]) -> None:
        self.contexts = contexts
        self.seen: set[str] = set()
        self.prepared: set[str] = set()
        self.page: Page
        self.manner = ""
        self.url = ""
        self.complaints: list[str] = []

    @contextmanager
    def as_reader(self, url: str, role: str, screen: Any, size: str) -> Iterator[None]:
        """Look as this reader, on this screen, in this size of type."""
        context = self.contexts[role]
        if role not in self.prepared:
            context.add_init_script(SETTLING)
            self.prepared.add(role)
        context.add_cookies([{"name": "yiting_size", "value": size, "url": url}])
        self.page, self.url, self.manner = context.new_page(), url, f"{screen['width']} {size}"
        self.page.set_default_timeout(PATIENCE)
        self.page.set_viewport_size(screen)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        try:
            yield
        finally:
            self.page.close()
            context.clear_cookies(name="yiting_size")

    def look(self, path: str, name: str) -> list[str]:
        """What is wrong with a page asked for in Chinese: as it comes, with everything opened, with its keys told."""
        self._go(path)
        faults = [*self._faults(), *self.page.evaluate(TWICE)]
        self.page.evaluate(OPEN_DETAILS)
        faults += [f"not Chinese: {words}" for words in ENGLISH.findall(self.page.locator("body").inner_text())]
        self._open_parts(name)
        faults += self._faults()
        if self.page.locator("dialog#keys").count():
            self.page.locator("body").press("?")
            self.page.locator("dialog#keys[open]").wait_for()
            faults += self._faults()
        faults += self.complaints
        return sorted(set(faults))

    def _go(self, path: str) -> None:
        self.complaints.clear()
        self.page.goto(f"{self.url}{path}", wait_until="load")
        until(self.page, AT_REST)

    def _open_parts(self, name: str) -> None:
        """Open what comes by a click or while typing."""
        if name in ("needs:home", "needs:file") and self.page.locator("textarea[name=text]").count():
            self.page.fill("textarea[name=text]", "3号楼前的消防通道总被车堵")
            self.page.locator("#similar .item").first.wait_for()
        elif (
            name in ("needs:bench", "projects:bench", "activities:bench")
            and self.page.locator(".bench-list .item").count()
        ):
            self.page.locator(".bench-list .item a").last.click()
            self.page.locator("#detail h2").first.wait_for()
            self.page.evaluate(OPEN_DETAILS)
        elif name == "notices:inbox" and self.page.get_by_role("button", name="我看过了").count():
            self.page.get_by_role("button", name="我看过了").first.click()
        until(self.page, AT_REST)

    def _faults(self) -> list[str]:
        faults = ["scrolls sideways"] if is_too_wide(self.page) else []
        made = {hashlib.sha256(f"{self.manner} {part}".encode()).hexdigest() for part in self.page.evaluate(MAKE)}
        if not made <= self.seen:
            if not self.page.evaluate("'axe' in window"):
                self.page.evaluate(AXE_SCRIPT)  # half a megabyte: read where it is needed, not with every page
            faults += self.page.evaluate(RUN_AXE, RULES)
            self.seen |= made
        return faults

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "/nowhere/" not in str(said.location.get("url")):
            self.complaints.append(f"console: {said.text[:200]}")
