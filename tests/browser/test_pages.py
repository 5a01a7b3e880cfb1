"""Every page of ours for every role: there or not there, sound for axe before and after it opens, never too wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import (
    ADDRESSES,
    FOR_STAFF,
    OWN,
    PAGES,
    PUBLIC,
    ROLES,
    STEPS,
    Address,
    names_of_ours,
)
from tests.browser.chromium import DESK, PHONE, until
from tests.browser.dressing import Things, contexts_of, dress
from tests.browser.looking import AT_REST, SETTLING, Looker
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
FIRST_LOADS = [address for address in PUBLIC if address.status("anonymous") == 200]


@pytest.fixture(scope="module")
def contexts(browser: Browser, demo_site: Site) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each role, signed in."""
    opened = contexts_of(browser, demo_site, viewport=PHONE)
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture(scope="module")
def things(demo_site: Site, contexts: dict[str, BrowserContext]) -> Things:
    """The codes and numbers that addresses are made of."""
    return dress(demo_site, contexts)


@pytest.fixture(scope="module")
def looker(contexts: dict[str, BrowserContext]) -> Looker:
    """Who looks at the pages, and remembers what has been looked at."""
    return Looker(contexts)


def path_of(address: Address, things: Things) -> str:
    query = f"?{address.query}" if address.query else ""
    return reverse(address.name, args=[things[name] for name in address.args]) + query


def test_no_address_is_left_out() -> None:
    """Each address of the program is in the table of addresses, and the table names none that is not."""
    named = {address.name for address in ADDRESSES}
    assert names_of_ours() - named - STEPS.keys() == set()
    assert named - names_of_ours() == set()
    assert STEPS.keys() - names_of_ours() == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_it_is_meant_to(
    demo_site: Site, contexts: dict[str, BrowserContext], things: Things, role: str
) -> None:
    """Every address answers this role as the table says; what is not theirs is not there."""
    given = {}
    for address in ADDRESSES:
        path = path_of(address, things)
        answer = contexts[role].request.get(f"{demo_site.url}{path}", max_redirects=0)
        if answer.status != address.status(role):
            given[f"{address.name} {path}"] = (answer.status, "instead of", address.status(role))
    assert given == {}


@pytest.mark.parametrize(
    ("role", "size"),
    [*((role, "normal") for role in ROLES), ("anonymous", "elder"), ("jumin", "elder")],
)
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_are_sound(demo_site: Site, looker: Looker, things: Things, role: str, screen: Any, size: str) -> None:
    """Closed and opened, a page fits its screen, reads in Chinese, and neither axe nor the browser finds fault.

    Public pages are looked at in every size and on every screen by those without an account, and once by a resident
    and by a worker who have one; everybody looks at what is theirs.
    """
    addresses = PUBLIC if role == "anonymous" else [*OWN, *FOR_STAFF]
    if role in ("jumin", "shequ") and (screen, size) == (PHONE, "normal"):
        addresses = [*addresses, *PUBLIC]
    paths = {path_of(address, things): address.name for address in addresses if address.status(role) == 200}
    assert len(paths) >= len(OWN)
    with looker.as_reader(demo_site.url, role, screen, size):
        looked = {path: looker.look(path, name) for path, name in {**paths, "/nowhere/": "missing"}.items()}
    assert {path: faults for path, faults in looked.items() if faults} == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_to_a_closed_door(
    demo_site: Site, contexts: dict[str, BrowserContext], things: Things, role: str
) -> None:
    """What the pages of a role link to is there for that role."""
    links: dict[str, str] = {}
    request = contexts[role].request
    for address in PAGES:
        if address.status(role) == 200:
            here = f"{demo_site.url}{path_of(address, things)}"
            for found in LINK.findall(request.get(here).text()):
                link = urljoin(here, unescape(found)).split("#")[0]
                if link.startswith(demo_site.url):
                    links.setdefault(_name_of(link), link)
    assert len(links) > 12
    shut = {name: status for name, link in links.items() if (status := request.get(link).status) != 200}
    assert shut == {}


@dataclass
class Line:
    """What comes over the line to a browser that keeps nothing: the requests begun, and the bytes of each one done."""

    begun: set[str] = field(default_factory=set)
    weights: dict[str, float] = field(default_factory=dict)


@pytest.fixture(scope="module")
def weighing(browser: Browser) -> Iterator[tuple[Page, Line]]:
    """A page of a phone on which every load is the first, and what comes over its line."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    context.add_init_script(SETTLING)
    page, told = context.new_page(), Line()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.requestWillBeSent", lambda sent: told.begun.add(sent["requestId"]))
    session.on(
        "Network.loadingFinished", lambda done: told.weights.__setitem__(done["requestId"], done["encodedDataLength"])
    )
    yield page, told
    context.close()


@pytest.mark.parametrize("address", FIRST_LOADS, ids=lambda one: one.name)
def test_a_first_load_is_below_100_kb(
    weighing: tuple[Page, Line], demo_site: Site, things: Things, address: Address
) -> None:
    """All that a resident's first page brings over the line weighs less than 100 KB."""
    page, told = weighing
    page.goto("about:blank")
    page.context.clear_cookies()
    told.begun.clear()
    told.weights.clear()
    page.goto(f"{demo_site.url}{path_of(address, things)}", wait_until="load")
    until(page, AT_REST)
    for _turn in range(100):
        if told.begun == told.weights.keys():
            break
        page.wait_for_timeout(20)
    assert told.begun == told.weights.keys()
    assert len(told.begun) > 4
    assert sum(told.weights.values()) < 100 * 1024


def _name_of(link: str) -> str:
    path = urlsplit(link).path
    try:
        return resolve(path).view_name
    except Resolver404:
        return path
