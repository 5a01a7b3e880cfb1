"""A worker reads a spreadsheet in: good rows go in, bad ones are named, and twice adds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import DESK, axe_faults
from tests.browser.dressing import sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser
SHEET = (
    "留言编号,留言主题,留言时间,留言详情\n"
    "W1,六栋的门禁坏了,2024/5/6,安和苑六栋门禁坏了一周，谁都能进\n"
    "W2,长椅,某天,楼下的长椅断了\n"
    "W3,夜里有人放鞭炮,2024-05-08 21:30,接连三个晚上有人放鞭炮\n"
)


def test_a_spreadsheet_is_read_in(browser: Browser, demo_site: Site) -> None:
    context = browser.new_context(locale="zh-CN", viewport=DESK)
    sign_in(context, demo_site, "shequ")
    page = context.new_page()
    for added, known in (("2", "0"), ("0", "2")):
        page.goto(f"{demo_site.url}/bench/")
        page.locator('a[href$="/bench/import/"]').first.click()
        page.set_input_files(
            "input[type=file]",
            {"name": "热线.csv", "mimeType": "text/csv", "buffer": SHEET.encode("gb18030")},
        )
        page.locator("main form:has(input[type=file]) button").click()
        result = page.locator("section[aria-labelledby=result]")
        expect(result.locator(".count")).to_have_text([added, known, "1"])
        expect(result.locator("tbody tr")).to_have_count(1)
        expect(result.locator("tbody tr td").nth(0)).to_have_text("3")
        expect(result.locator("tbody tr td").nth(1)).to_have_text("留言时间")
        assert axe_faults(page) == []
    found = demo_site.rows("select title from needs_servicerequest where title like '%门禁坏了'")
    assert found == [("六栋的门禁坏了",)]
    context.close()
