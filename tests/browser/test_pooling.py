"""An offer meets a need: asked for, offered, claimed, confirmed, delivered, thanked for, and found in the review."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESK, PHONE, send, sound
from tests.browser.site import Site
from tests.browser.test_loop import opened, submit

pytestmark = pytest.mark.browser


def fill(page: Page, kind: str, **fields: str) -> None:
    """Fill in the form of an offer or of an ask, and send it."""
    wanted = page.locator("[name=kind] option", has_text=kind).get_attribute("value")
    page.locator("[name=kind]").select_option(value=wanted)
    for name, words in fields.items():
        page.fill(f"[name={name}]", words)
    sound(page)
    send(page.locator("main form:has([name=kind]) button"))


def test_an_offer_meets_a_need(browser: Browser, demo_site: Site) -> None:
    site = demo_site
    need = site.one("SELECT code FROM needs_need WHERE state = 'doing' AND is_public ORDER BY id LIMIT 1")
    worker, contact = opened(browser, DESK, site, "shequ"), opened(browser, PHONE, site, "mishu")
    desk, phone = worker.new_page(), contact.new_page()

    # the worker asks, from the need
    desk.goto(f"{site.url}/bench/needs/{need}/")
    send(desk.locator("a[href*='/alliances/pool/asks/new/']"))
    fill(desk, "物资", title="防滑垫", amount="4")
    expect(desk.locator("h1")).to_contain_text("防滑垫")
    ask = re.search(r"/asks/(\d+)/", desk.url)
    assert ask is not None
    sound(desk)

    # a unit has what is asked for, and says yes
    phone.goto(f"{site.url}/alliances/pool/offers/new/")
    fill(phone, "物资", title="仓库里的防滑垫", amount="10")
    expect(phone.locator("h1")).to_contain_text("仓库里的防滑垫")
    sound(phone)
    phone.goto(f"{site.url}/alliances/pool/asks/{ask[1]}/")
    sound(phone)
    send(phone.get_by_role("link", name="我们给：仓库里的防滑垫"))
    sound(phone)
    send(phone.locator("main form button").first)
    expect(phone.locator("main")).to_contain_text("等")
    sound(phone)

    # the other side finds it among what waits, and confirms
    desk.goto(f"{site.url}/alliances/pool/bench/")
    sound(desk)
    send(desk.locator("a[href*='/promises/']", has_text="防滑垫").first)
    submit(desk, "/confirm/")
    expect(desk.locator("body")).to_contain_text("双方都答应了")
    sound(desk)

    # everybody sees who helps
    resident = opened(browser, PHONE, site)
    page = resident.new_page()
    page.goto(f"{site.url}/needs/{need}/")
    send(page.get_by_role("link", name="谁在帮忙"))
    expect(page.locator("main")).to_contain_text("高新技术产业园管理办公室")
    sound(page)

    # it comes, and is thanked for
    desk.locator("form[action*='/deliver/'] [name=amount]").fill("4")
    desk.locator("form[action*='/deliver/'] [name=on]").fill("2024-06-17")
    submit(desk, "/deliver/")
    expect(desk.locator("body")).to_contain_text("已记下")
    desk.locator("form[action*='/thank/'] [name=words]").fill("雨天不滑了，谢谢！")
    submit(desk, "/thank/")
    expect(desk.locator("body")).to_contain_text("感谢已送出")
    sound(desk)

    # the season's review has counted it: the demo's four benches and these four mats
    page.goto(f"{site.url}/alliances/zhisuan/review/?season=2024-Q2")
    row = page.locator("main tr, main li", has_text="物资").first
    expect(row).to_contain_text("8")
    sound(page)
    send(row.locator("a").first)
    expect(page.locator("main")).to_contain_text("防滑垫")
    sound(page)
    for context in (worker, contact, resident):
        context.close()
