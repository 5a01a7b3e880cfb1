"""The whole loop, walked as people walk it: said, joined, sorted, given, made a project, built, judged, checked."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import DESK, PHONE, send, sound, until
from tests.browser.dressing import sign_in, small_photo
from tests.browser.site import ROOT, Site

pytestmark = pytest.mark.browser


def opened(browser: Browser, screen, site: Site, role: str = "") -> BrowserContext:
    """A browser of somebody's own."""
    context = browser.new_context(locale="zh-CN", viewport=screen, reduced_motion="reduce", accept_downloads=True)
    context.set_default_timeout(20_000)
    if role:
        sign_in(context, site, role)
    return context


def submit(page: Page, address: str) -> None:
    """Open what hides the form that posts to an address, and send it."""
    form = page.locator(f'form[action*="{address}"]').first
    form.evaluate(
        "one => { for (let at = one.closest('details'); at; at = at.parentElement.closest('details')) at.open = true; }"
    )
    button = form.locator("button").first
    if form.get_attribute("hx-post"):
        button.click()  # a part of the page answers, and the caller knows which words come with it
    else:
        send(button)


def press(page: Page, key: str, *, by_key: bool) -> None:
    """Open a form of the column: by its key at a desk, by a tap on a phone."""
    summary = page.locator(f"summary[data-key={key}]")
    expect(summary).to_be_visible()
    if by_key:
        page.keyboard.press(key)
    else:
        summary.click()


def say(page: Page, site: Site, words: str) -> str:
    """Say something new, with a photo; return the receipt's code."""
    page.goto(f"{site.url}/")
    page.fill("textarea[name=text]", words)
    page.locator("details:has(input[type=file]) > summary").click()
    page.set_input_files("input[type=file]", {"name": "wall.png", "mimeType": "image/png", "buffer": small_photo()})
    send(page.locator("form.ask button.big"))
    different = page.locator("button[name=different]")
    if page.locator("h1:has-text('回执')").count() == 0 and different.count():
        send(different.first)
    expect(page.locator("h1")).to_contain_text("回执")
    sound(page)
    return re.sub(r"\s", "", page.locator(".slip .code").inner_text())


@pytest.mark.slow
@pytest.mark.parametrize(("resident_screen", "staff_screen"), [(PHONE, DESK), (PHONE, PHONE)], ids=["desk", "phone"])
def test_the_whole_loop(browser: Browser, demo_site: Site, tmp_path: Path, resident_screen, staff_screen) -> None:
    site = demo_site
    mark = "西" if staff_screen is DESK else "东"
    resident = opened(browser, resident_screen, site)
    page = resident.new_page()

    # what others said already appears while one writes, and one tap joins it
    page.goto(f"{site.url}/")
    sound(page)
    page.locator("textarea[name=text]").press_sequentially("仁和家园3号楼前面的消防通道总被车堵着", delay=5)
    joined = page.locator("#similar .item", has_text="消防通道").first
    expect(joined).to_be_visible()
    send(joined.get_by_role("button"))
    expect(page.locator("h1")).to_contain_text("算上")
    sound(page)

    # something new, with a photo and a receipt
    words = f"{mark}门快递柜摆在坡道上，轮椅和婴儿车都过不去，请挪一挪"
    code = say(page, site, words)
    receipt = page.url.split("?")[0]

    # the worker finds it newest in the inbox, and sorts and gives it with the keyboard
    worker = opened(browser, staff_screen, site, "shequ")
    bench = worker.new_page()
    bench.goto(f"{site.url}/bench/")
    first = bench.locator(".bench-list .item h3 a").first
    expect(first).to_contain_text("快递柜")
    if staff_screen is not DESK:  # at a desk the newest is open already
        first.click()
    expect(bench.locator("#detail .say, .bench-detail .say").first).to_contain_text("坡道")
    press(bench, "c", by_key=staff_screen is DESK)
    category = bench.locator("#sort_category")
    expect(category).to_be_visible()
    category.select_option(index=40)
    bench.locator('form[action*="/sort/"] button').click()
    until(bench, "!document.querySelector('.htmx-request') && document.body.innerText.includes('分好了')", seconds=20)
    need = re.search(r"/needs/(\w+)/", bench.locator('form[action*="/assign/"]').first.get_attribute("action") or "")
    assert need is not None
    bench.goto(f"{site.url}/bench/needs/{need[1]}/")
    press(bench, "a", by_key=staff_screen is DESK)
    bench.locator("#assign_organisation").select_option(label="物业服务中心（示例）")
    bench.locator('form[action*="/assign/"] button').click()
    until(bench, "document.body.innerText.includes('派好了')", seconds=20)
    submit(bench, "/accept/")
    until(bench, "document.body.innerText.includes('接下了')", seconds=20)
    bench.goto(f"{site.url}/bench/needs/{need[1]}/")
    bench.locator("summary", has_text="停表").click()
    bench.locator("[name=waiting_for]").fill("快递公司")
    bench.locator('form[action*="/pause/"] button').click()
    until(bench, "document.body.innerText.includes('快递公司')", seconds=20)
    sound(bench)

    # everybody sees who is waited for
    page.goto(f"{site.url}/needs/{need[1]}/")
    expect(page.locator("body")).to_contain_text("等快递公司")
    sound(page)
    bench.goto(f"{site.url}/bench/needs/{need[1]}/")
    submit(bench, "/resume/")
    until(bench, "document.body.innerText.includes('表接着走')", seconds=20)

    # the street makes it a project; a deputy comes to look
    street = opened(browser, staff_screen, site, "jiedao")
    desk = street.new_page()
    desk.goto(f"{site.url}/projects/bench/propose/?need={need[1]}")
    desk.locator("[name=title]").fill(f"{mark}门坡道腾出来")
    desk.locator("[name=budget]").fill("120000.50")
    send(desk.locator("form:has([name=title]) button.btn").last)
    expect(desk.locator("h2", has_text="坡道腾出来").first).to_be_visible()
    project = re.search(r"/projects/(?:bench/)?(\w{8})/", desk.url)
    assert project is not None, desk.url
    act, public = f"/projects/bench/{project[1]}/", f"/projects/{project[1]}/"
    submit(desk, f"{act}choose/")
    expect(desk.locator("body")).to_contain_text("已选定")
    deputy = opened(browser, staff_screen, site, "daibiao")
    visit = deputy.new_page()
    visit.goto(desk.url)
    visit.locator(f'details:has(form[action*="{act}visit/"]) > summary').click()
    visit.locator("[name=findings]").fill("坡道被占，轮椅过不去。")
    send(visit.locator(f'form[action*="{act}visit/"] button').last)
    expect(visit.locator("body")).to_contain_text("轮椅过不去")
    desk.reload()
    submit(desk, f"{act}start/")
    submit(desk, f"{act}deliver/")
    sound(desk)

    # need and project lead to each other
    page.goto(f"{site.url}/needs/{need[1]}/")
    page.locator(f'a[href*="{public}"]').first.click()
    expect(page.locator("h1")).to_contain_text("坡道腾出来")
    expect(page.locator("body")).to_contain_text("120,000.5")
    page.locator(f'a[href*="/needs/{need[1]}/"]').first.click()
    expect(page.locator("h1")).to_contain_text("快递柜")

    # whoever holds the receipt finds it by its code and judges, on the page of the project
    page.goto(f"{site.url}/r/")
    page.locator("main input[type=text], main input:not([type])").first.fill(
        f"{code[:4]} {code[4:8]} {code[8:].lower()}"
    )
    send(page.locator("main form button").first)
    expect(page).to_have_url(receipt)
    sound(page)
    page.get_by_role("link", name="去项目页面").click()
    expect(page.locator("h1")).to_contain_text("坡道腾出来")
    page.locator("[name=word]").first.fill("过得去了")
    send(page.locator("button[name=verdict][value=solved]").first)
    expect(page.locator("body")).to_contain_text("解决了")
    expect(page.locator("body")).to_contain_text("过得去了")
    sound(page)

    # and nothing was quietly changed: the receipt's own proof, checked without the program, and the whole ledger
    page.goto(receipt)
    with page.expect_download() as kept:
        page.locator("a[download]").click()
    proof = tmp_path / "proof.json"
    kept.value.save_as(proof)
    checked = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "verify_receipt.py"), str(proof)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert json.loads(site.command("ledger", "verify", "--json").stdout)["ok"]
    for context in (resident, worker, street, deputy):
        context.close()


def test_large_type_is_one_tap_away_and_remembered(browser: Browser, demo_site: Site) -> None:
    context = opened(browser, PHONE, demo_site)
    page = context.new_page()
    page.goto(f"{demo_site.url}/")
    page.locator("button[name=size][value=elder]").click()
    expect(page.locator("html")).to_have_attribute("data-size", "elder")
    page.goto(f"{demo_site.url}/needs/")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") >= 24
    page.goto(f"{demo_site.url}/")
    assert page.locator(".choices > li").count() <= 4
    sound(page)
    context.close()


def test_a_neighbour_speaks_for_somebody_and_prints_a_slip(browser: Browser, demo_site: Site) -> None:
    context = opened(browser, PHONE, demo_site)
    page = context.new_page()
    page.goto(f"{demo_site.url}/behalf/")
    sound(page)
    page.fill("textarea[name=text]", "对门王奶奶说楼梯扶手松了，上下楼害怕")
    for name in ("behalf", "relation"):
        if page.locator(f"[name={name}]").count():
            page.locator(f"[name={name}][value=neighbour]").check()
    page.locator("[name=consent]").first.fill("她在门口当面说同意") if page.locator(
        "input[name=consent][type=text], textarea[name=consent]"
    ).count() else page.locator("[name=consent]").first.check()
    page.locator("main form button").last.click()
    expect(page.locator("h1")).to_contain_text("回执")
    page.goto(f"{page.url.split('?')[0]}slip/")
    expect(page.locator(".code").first).to_be_visible()
    assert page.locator("svg").count() >= 1
    context.close()


def test_the_picture_of_the_readme(browser: Browser, demo_site: Site, tmp_path: Path) -> None:
    """Draws docs/images/loop.png anew when YITING_SHOTS=1, and always proves that it can be drawn."""
    code = demo_site.one("SELECT code FROM needs_need WHERE title LIKE '%遮阳避雨%'")
    phone, desk = opened(browser, {"width": 390, "height": 800}, demo_site), opened(browser, DESK, demo_site, "shequ")
    shots = []
    for context, address in ((phone, f"/needs/{code}/"), (desk, "/bench/")):
        page = context.new_page()
        page.goto(demo_site.url + address)
        page.wait_for_load_state("networkidle")
        shots.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        context.close()
    sheet = Image.new("RGB", (sum(shot.width for shot in shots) + 24, 800), "#e4ddd0")
    sheet.paste(shots[0], (0, 0))
    sheet.paste(shots[1], (shots[0].width + 24, 0))
    sheet.thumbnail((1400, 700))
    target = ROOT / "docs" / "images" if os.environ.get("YITING_SHOTS") == "1" else tmp_path
    target.mkdir(parents=True, exist_ok=True)
    sheet.quantize(128).save(target / "loop.png", optimize=True)
    assert (target / "loop.png").stat().st_size < 250_000
