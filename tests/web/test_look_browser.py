"""The look in a real browser: the ministry's sizes measured, axe at phone and desk, the scripts at work.

The gallery is drawn by the views themselves and handed to the browser without a server or a database.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from tests.browser.chromium import DESK, PHONE, RULES, until
from yiting.web import views
from yiting.web.context import SIZE_COOKIE, SIZES
from yiting.web.gallery_samples import SHEETS

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]

SMALL_TARGETS = """(least) => [
  ...document.querySelectorAll("a,button,input,select,textarea,summary")
].filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || node.type === "hidden" || node.closest(".hide,.skip,dialog:not([open])")) return false;
  if (node.tagName === "A" && getComputedStyle(node).display === "inline") return false;
  return box.width < least - 0.5 || box.height < least - 0.5;
}).map((node) => node.outerHTML.slice(0, 90))"""

SMALL_TEXTS = """(least) => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.getClientRects().length) continue;
    if (node.closest("script,svg,.hide,.skip")) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    if (size < least || parseFloat(style.lineHeight) / size < 1.299) found.add(node.outerHTML.slice(0, 90));
  }
  return [...found];
}"""

TIGHT_PARAGRAPHS = """() => [...document.querySelectorAll("main > p + p")].filter((node) => {
  const before = getComputedStyle(node.previousElementSibling);
  const gap = node.getBoundingClientRect().top - node.previousElementSibling.getBoundingClientRect().bottom;
  return gap + 0.5 < 1.3 * (parseFloat(before.lineHeight) - parseFloat(before.fontSize));
}).map((node) => node.outerHTML.slice(0, 90))"""


def answer(route: Route, size: str, language: str, weights: dict[str, int]) -> None:
    """Hand the browser what a server would: static files, and pages drawn by the views."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        body, kind = Path(str(found)).read_bytes(), mimetypes.guess_type(str(found))[0] or "application/json"
    else:
        request = RequestFactory().get(address.path, QUERY_STRING=address.query)
        request.COOKIES[SIZE_COOKIE] = size
        with translation.override(language):
            view = views.about if address.path == "/about/" else views.gallery
            body, kind = view(request).content, "text/html; charset=utf-8"
    weights[address.path] = len(body)
    policy = {"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"}
    route.fulfill(status=200, body=body, content_type=kind, headers=policy)


@pytest.fixture
def opened(browser: Browser, settings: Any) -> Iterator[Opener]:
    """Open a page of the gallery as a reader with this size, screen, theme and language."""
    settings.DEBUG = True
    contexts = []

    def open_page(
        path: str,
        *,
        size: str = "normal",
        screen: Any = None,
        theme: Any = "light",
        language: str = "zh-hans",
    ) -> Page:
        context = browser.new_context(viewport=screen or PHONE, color_scheme=theme, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.weights, page.faults = {}, []  # type: ignore[attr-defined]
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))  # type: ignore[attr-defined]
        page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))  # type: ignore[attr-defined]
        page.route("**/*", lambda route: answer(route, size, language, page.weights))  # type: ignore[attr-defined]
        page.goto(f"http://localhost{path}", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


MODES = [
    (PHONE, "normal", "light", "zh-hans"),
    (PHONE, "normal", "dark", "en"),
    (PHONE, "elder", "light", "en"),
    (PHONE, "elder", "dark", "zh-hans"),
    (PHONE, "elder-large", "light", "zh-hans"),
    (DESK, "normal", "dark", "zh-hans"),
    (DESK, "elder", "light", "zh-hans"),
]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize(("screen", "size", "theme", "language"), MODES)
def test_pages_fit_measure_up_and_pass_axe(
    opened: Opener, sheet: str, screen: Any, size: str, theme: str, language: str
) -> None:
    """No sideways scrolling, targets and texts large enough, nothing for axe, nothing blocked."""
    page = opened(f"/gallery/?sheet={sheet}", size=size, screen=screen, theme=theme, language=language)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(SMALL_TARGETS, 44 if size == "normal" else 60) == []
    if size != "normal":
        assert page.evaluate(SMALL_TEXTS, 24 if size == "elder" else 40) == []
    for details in page.query_selector_all("details:not([open]) > summary"):
        details.click()
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 20
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
def test_paragraphs_stand_apart(opened: Opener, size: str) -> None:
    """The gap between paragraphs is at least 1.3 times the gap between lines."""
    page = opened("/about/", size=size)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p>一</p><p>二</p>')")
    assert page.evaluate("document.querySelectorAll('main > p + p').length") > 0
    assert page.evaluate(TIGHT_PARAGRAPHS) == []


@pytest.mark.parametrize("sheet", ["home", "elder", "need", "slip"])
def test_a_first_load_is_below_100_kb(opened: Opener, sheet: str) -> None:
    """Everything a resident's first page brings, uncompressed, weighs less than 100 KB."""
    page = opened(f"/gallery/?sheet={sheet}")
    weights = {path: weight for path, weight in page.weights.items() if "django-htmx.js" not in path}  # type: ignore[attr-defined]
    assert any(path.endswith("yiting.js") for path in weights)
    assert sum(weights.values()) < 100 * 1024


def test_focus_is_always_seen(opened: Opener) -> None:
    """Going through a page by Tab, each stop has an outline and is on the screen."""
    page = opened("/gallery/?sheet=home")
    stops = set()
    for _step in range(25):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const node = document.activeElement, box = node.getBoundingClientRect();
            const style = getComputedStyle(node);
            return [node.outerHTML.slice(0, 60), style.outlineStyle, parseFloat(style.outlineWidth),
                    box.bottom > 0 && box.top < innerHeight, node === document.body]; }"""
        )
        if here[4]:
            break
        stops.add(here[0])
        assert here[1] != "none", here
        assert here[2] >= 2, here
        assert here[3], here
    assert len(stops) > 8


def test_the_skip_link_leads_to_the_main_part(opened: Opener) -> None:
    """The first stop is the skip link, and it moves the focus."""
    page = opened("/gallery/?sheet=need")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_read_aloud_says_the_main_part_and_stops(opened: Opener) -> None:
    """The button speaks headings and paragraphs in order, no buttons, and a second press stops it."""
    page = opened("/gallery/?sheet=need")
    page.evaluate(
        """() => { window.said = [];
        speechSynthesis.speak = (words) => {
          said.push([words.text, words.lang]);
          if (said.length < 4) setTimeout(() => words.onend(), 0);
        };
        speechSynthesis.cancel = () => {}; }"""
    )
    button = page.locator("[data-aloud]")
    button.click()
    until(page, "window.said.length === 4")
    said = page.evaluate("window.said")
    assert [text for text, _language in said][2] == "缺少遮阳避雨的休息处"
    assert {language for _text, language in said} == {"zh-CN"}
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator(".aloud-now").count() == 1
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.locator(".aloud-now").count() == 0


def test_a_draft_is_kept_shown_and_cleared(opened: Opener) -> None:
    """What was typed is there after leaving, the page says so, and one press forgets it."""
    page = opened("/gallery/?sheet=components")
    area = page.locator("#id_text")
    area.fill("楼道的灯坏了")
    until(page, "localStorage.getItem('yiting:draft:gallery')?.includes('楼道')")
    page.goto("http://localhost/about/")
    drawn = views.gallery(RequestFactory().get("/gallery/")).content.decode()
    emptied = re.sub(r"(<textarea[^>]*>)[^<]*", r"\1", drawn)
    page.route("**/gallery/**", lambda route: route.fulfill(body=emptied, content_type="text/html; charset=utf-8"))
    page.goto("http://localhost/gallery/?sheet=components")
    assert area.input_value() == "楼道的灯坏了"
    assert page.locator("[data-draft-note]").is_visible()
    page.locator("[data-draft-note] button").click()
    assert area.input_value() == ""
    assert page.evaluate("localStorage.getItem('yiting:draft:gallery')") is None


def test_a_sent_draft_is_forgotten_on_the_next_page(opened: Opener) -> None:
    """Once sent and arrived, nothing stays on a phone that others may use."""
    page = opened("/gallery/?sheet=components")
    keep = "([key, sent]) => localStorage.setItem(key, JSON.stringify({text: 'a', at: Date.now(), sent}))"
    page.evaluate(keep, ["yiting:draft:x", True])
    page.evaluate(keep, ["yiting:draft:y", False])
    page.goto("http://localhost/about/")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('yiting:draft'))")
    assert kept == ["yiting:draft:y"]


def test_hold_to_speak_writes_what_was_heard(opened: Opener) -> None:
    """Holding listens, stopping adds the words to what stands there."""
    page = opened("/about/")
    page.add_init_script(
        """window.SpeechRecognition = class { start() { window.ear = this; }
        stop() { this.onresult({results: [[{transcript: '灯坏了'}]]}); this.onend(); } };"""
    )
    page.goto("http://localhost/gallery/?sheet=components")
    page.fill("#id_text", "三单元")
    button = page.locator("[data-speak-for]")
    button.dispatch_event("pointerdown", {"button": 0})
    assert "listening" in str(button.get_attribute("class"))
    button.dispatch_event("pointerup")
    button.dispatch_event("pointerdown", {"button": 0})
    assert page.input_value("#id_text") == "三单元灯坏了"
    assert "listening" not in str(button.get_attribute("class"))


def test_the_workbench_is_moved_by_keys(opened: Opener) -> None:
    """j and k move and stop at the ends, / goes to the search where letters are letters again, m acts."""
    page = opened("/gallery/?sheet=bench", screen=DESK)
    page.evaluate(
        """() => document.querySelectorAll("[data-key]").forEach((control) =>
        control.addEventListener("click", () => { window.acted = control.dataset.key; }))"""
    )
    focused = "document.activeElement.textContent.trim()"
    page.keyboard.press("j")
    assert page.evaluate(focused) == "晚上烧烤摊油烟直往家里灌"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(focused) == "三单元门口的灯坏了一个多月"
    assert page.locator(".bench-list a[aria-current]").count() == 1
    for key in "mnca":
        page.keyboard.press(key)
        assert page.evaluate("window.acted") == key
    page.keyboard.press("/")
    page.keyboard.type("mj")
    assert page.input_value("[type=search]") == "mj"
    assert page.evaluate("window.acted") == "a"


def test_the_list_of_keys_opens_and_switches_them_off(opened: Opener) -> None:
    """? shows the keys in a dialog without fault for axe; switched off, they are silent."""
    page = opened("/gallery/?sheet=bench", screen=DESK)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"] == []
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_large_type_shows_at_once(opened: Opener) -> None:
    """Pressing the button changes the tokens before the server answers."""
    page = opened("/gallery/?sheet=home")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.locator("[data-size-form] button").click()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"


def test_pages_work_without_scripts(browser: Browser, settings: Any) -> None:
    """Without JavaScript the size can still be changed and no dead button is shown."""
    settings.DEBUG = True
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", lambda route: answer(route, "normal", "zh-hans", {}))
    page.goto("http://localhost/gallery/?sheet=components")
    assert page.locator("[data-size-form] button").is_visible()
    for dead in ("[data-aloud]", "[data-speak-for]", "[data-draft-note]"):
        assert not page.locator(dead).is_visible()
    context.close()
