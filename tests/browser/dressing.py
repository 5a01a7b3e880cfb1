"""What the demo lacks so that every page has something to show: a photo, a reply, a kept view, a token, bad rows."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.addresses import ROLES
from tests.browser.site import Site

PASSWORD = "yiting-demo"
Things = dict[str, Any]
WORDS = "安和苑3号楼信箱的锁全坏了，信和缴费单丢过好几回，能不能换一排新的"
SHEET = "留言编号,留言主题,留言时间,留言详情\n1,路灯,2024/5/6,路灯不亮\n2,井盖,某天,井盖翘起来\n"


def small_photo(colour: str = "seagreen") -> bytes:
    """A small PNG, as a phone might take one of a wall."""
    image = Image.new("RGB", (320, 240), colour)
    ImageDraw.Draw(image).rectangle((90, 60, 230, 180), fill="ivory")
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def sign_in(context: BrowserContext, site: Site, role: str) -> None:
    """Sign in as a person does, on the page."""
    page = context.new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.locator("details:not([open]) > summary").evaluate_all("found => found.forEach((one) => one.click())")
    page.fill("#id_login", role)
    page.fill("#id_password", PASSWORD)
    page.locator("form:has(#id_password) button").click()
    expect(page.locator("#id_password")).to_have_count(0)
    page.close()


def contexts_of(browser: Browser, site: Site, **more: Any) -> dict[str, BrowserContext]:
    """One signed-in browser a role."""
    contexts = {role: browser.new_context(locale="zh-CN", reduced_motion="reduce", **more) for role in ROLES}
    for role, context in contexts.items():
        if role != "anonymous":
            sign_in(context, site, role)
    return contexts


def send(context: BrowserContext, site: Site, path: str, **fields: Any) -> str:
    """Send a form as a page would; return the address that it led to."""
    context.request.get(f"{site.url}/say/")
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    answer = context.request.post(f"{site.url}{path}", multipart={"csrfmiddlewaretoken": token, **fields})
    assert answer.ok, (path, answer.status, answer.text()[:2000])
    return answer.url


def dress(site: Site, contexts: dict[str, BrowserContext]) -> Things:
    """Do what the demo has not done, through the site itself, and name what its addresses are made of."""
    community = site.one("SELECT id FROM places_place WHERE level = 'community'")
    photo = {"name": "wall.png", "mimeType": "image/png", "buffer": small_photo()}
    sheet = {"name": "messages.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    resident, worker, admin = contexts["jumin"], contexts["shequ"], contexts["guanli"]
    receipt = send(resident, site, "/say/", text=WORDS, photos=photo, place=str(community), different="1", key="k" * 32)
    code = receipt.split("/r/")[1].split("/")[0]
    need = site.one(
        "SELECT n.code FROM needs_need n JOIN needs_servicerequest r ON r.need_id = n.id WHERE r.code = ?", code
    )
    picture = site.one("SELECT max(id) FROM needs_photo")
    at = f"/bench/needs/{need}"
    send(worker, site, f"{at}/sort/", title="安和苑3号楼信箱锁坏了", seen=_version(site, need))
    send(worker, site, f"/bench/photos/{picture}/show/", public="1")
    send(worker, site, f"{at}/reply/", text="已经看过，物业周五来换锁。", seen=_version(site, need))
    send(worker, site, "/bench/views/", name="安和苑的事", query="view=all&q=安和苑")
    suggestion, new = site.rows(
        "SELECT s.id, n.code FROM needs_suggestion s JOIN needs_need n ON n.id = s.need_id"
        " WHERE s.kind = 'merge' AND s.answer = 'open' ORDER BY s.id"
    )[0]
    send(worker, site, "/bench/import/", place=str(community), file=sheet)
    organisation = site.one("SELECT min(id) FROM people_organisation")
    send(admin, site, "/people/tokens/", organisation=str(organisation), label="热线", scopes="needs:read")
    judged = "SELECT n.{} FROM needs_need n WHERE n.title LIKE '%没有遮阳避雨%'"
    return {
        "community": community,
        "need": need,
        "receipt": code,
        "photo": picture,
        "new_need": new,
        "suggestion": suggestion,
        "judged_need": site.one(judged.format("code")),
        "judged_receipt": site.one(
            f"SELECT code FROM needs_servicerequest WHERE need_id = ({judged.format('id')}) LIMIT 1"
        ),
        "returned_need": site.one("SELECT code FROM needs_need WHERE state = 'returned'"),
        "project": site.one("SELECT code FROM projects_project"),
        "picture": site.one("SELECT min(id) FROM projects_projectphoto"),
        "entry": 7,
        "notice": site.one("SELECT min(id) FROM notices_notice"),
        "view": site.one("SELECT max(id) FROM needs_savedview"),
        "account": site.one("SELECT id FROM people_account WHERE username = 'shequ'"),
        "role": site.one("SELECT min(id) FROM people_role"),
        "organisation": organisation,
        "token": site.one("SELECT max(id) FROM people_apitoken"),
    }


def _version(site: Site, need: str) -> str:
    return str(site.one("SELECT version FROM needs_need WHERE code = ?", need))
