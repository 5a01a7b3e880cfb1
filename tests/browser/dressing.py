"""What the demo lacks so that every page has something to show: a photo, a reply, a kept view, a token, bad rows."""

from __future__ import annotations

import io
import re
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
    estate = site.one("SELECT parent_id FROM places_place WHERE level = 'building' ORDER BY id")
    building = site.one("SELECT name FROM places_place WHERE parent_id = ? ORDER BY id", estate)
    send(contexts["daibiao"], site, "/people/me/home/", estate=str(estate), building=building, door="1单元302")
    judged = "SELECT n.{} FROM needs_need n WHERE n.title LIKE '%没有遮阳避雨%'"
    return {
        **dress_activity(site, contexts),
        **dress_alliances(site),
        **dress_topics(site, contexts),
        **dress_rounds(site, contexts),
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
        "person": site.one("SELECT max(id) FROM people_person WHERE home_told_at IS NOT NULL"),
        "token": site.one("SELECT max(id) FROM people_apitoken"),
    }


def dress_activity(site: Site, contexts: dict[str, BrowserContext]) -> Things:
    """A resident signs up and makes a link to the own calendar; a worker adds a paper and a photo."""
    resident, worker = contexts["jumin"], contexts["shequ"]
    activity, pk = site.rows("SELECT code, id FROM activities_activity WHERE series_id IS NOT NULL ORDER BY starts_at")[
        0
    ]
    photo = {"name": "talk.png", "mimeType": "image/png", "buffer": small_photo()}
    paper = {"name": "rules.txt", "mimeType": "text/plain", "buffer": "先到先问。".encode()}
    send(resident, site, f"/activities/{activity}/sign-up/", key="s" * 32, heads="1")
    send(worker, site, f"/activities/bench/{activity}/material/", title="来之前先看看", file=paper)
    held = site.one("SELECT code FROM activities_activity WHERE title = '反诈宣传'")
    send(worker, site, f"/activities/bench/{held}/photo/", photo=photo, caption="亭子里坐满了人")
    link = resident.request.post(f"{site.url}/activities/mine/link/", form=_token(resident)).text()
    door = worker.request.get(f"{site.url}/activities/bench/{activity}/poster/").text()
    mark = re.search(rf"/activities/in/{activity}/(\w+)/", door)
    feed = re.search(r"/activities/feed/mine/([\w-]+)\.ics", link)
    assert mark is not None
    assert feed is not None
    return {
        "activity": activity,
        "held_activity": held,
        "mark": mark[1],
        "feed_token": feed[1],
        "sign_up": site.one("SELECT max(id) FROM activities_signup"),
        "activity_photo": site.one("SELECT max(id) FROM activities_activityphoto"),
        "paper": site.one("SELECT id FROM activities_material WHERE activity_id = ?", pk),
        "activity_kind": "legal",
    }


def dress_alliances(site: Site) -> Things:
    """The alliance of computing, whose lead unit the demo's contact works for, and what is pooled."""
    slug = "zhisuan"
    alliance = site.one("SELECT id FROM alliances_alliance WHERE slug = ?", slug)
    return {
        "alliance": slug,
        "turn": site.one("SELECT key FROM alliances_turn WHERE alliance_id = ? ORDER BY day LIMIT 1", alliance),
        "member": site.one("SELECT min(id) FROM alliances_membership WHERE alliance_id = ?", alliance),
        "absence": site.one(
            "SELECT a.id FROM alliances_absence a JOIN alliances_membership m ON m.id = a.membership_id"
            " WHERE m.alliance_id = ?",
            alliance,
        ),
        "no_swap": 1,
        "woven": "rongyao",
        "offer": site.one("SELECT id FROM alliances_offer WHERE title LIKE '懂电路%'"),
        "ask": site.one("SELECT id FROM alliances_ask WHERE title LIKE '看看亭子%'"),
        "own_ask": site.one("SELECT id FROM alliances_ask WHERE title LIKE '议事亭里%'"),
        "match": site.one("SELECT id FROM alliances_match WHERE state = 'delivered'"),
        "act": "confirm",
        "resource_kind": site.one("SELECT min(id) FROM alliances_resourcekind"),
        "pool": site.one("SELECT min(id) FROM alliances_pool"),
        "relation": site.one("SELECT min(id) FROM alliances_relation"),
    }


def dress_topics(site: Site, contexts: dict[str, BrowserContext]) -> Things:
    """What is talked over in the demo; a worker prints a sheet, adds a paper and opens a record of a dispute."""
    worker = contexts["shequ"]
    topic, pk = site.rows("SELECT code, id FROM deliberation_topic WHERE state = 'open'")[0]
    paper = {"name": "rules.txt", "mimeType": "text/plain", "buffer": "消防规定摘要".encode()}
    send(worker, site, f"/topics/bench/{topic}/evidence/", title="消防规定摘要", file=paper)
    send(worker, site, f"/topics/bench/{topic}/sheets/print/", number="1")
    estate = site.one("SELECT id FROM places_place WHERE name = '仁和家园'")
    record = send(
        worker,
        site,
        "/topics/disputes/open/",
        place=str(estate),
        subject="楼上漏水",
        name_1="张三",
        phone_1="13900000001",
        name_2="李四",
        phone_2="13900000002",
    )
    return {
        "topic": topic,
        "resolved_topic": site.one("SELECT code FROM deliberation_topic WHERE state = 'resolved'"),
        "evidence": site.one("SELECT id FROM deliberation_evidence WHERE topic_id = ?", pk),
        "statement": 0,
        "serial": site.one("SELECT serial FROM deliberation_sheet WHERE topic_id = ?", pk),
        "meeting": site.one(
            "SELECT a.code FROM deliberation_meeting m JOIN activities_activity a ON a.id = m.activity_id"
        ),
        "point": site.one("SELECT min(id) FROM deliberation_point"),
        "said": site.one("SELECT min(id) FROM deliberation_said"),
        "resolution": site.one("SELECT code FROM deliberation_resolution"),
        "dispute": record.rstrip("/").split("/")[-1],
        "party": site.one("SELECT min(id) FROM deliberation_disputeparty"),
        "task": site.one("SELECT min(id) FROM deliberation_resolutiontask"),
        "convention": site.one("SELECT code FROM deliberation_convention"),
    }


def _token(context: BrowserContext) -> dict[str, Any]:
    return {"csrfmiddlewaretoken": next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")}


def _version(site: Site, need: str) -> str:
    return str(site.one("SELECT version FROM needs_need WHERE code = ?", need))


def dress_rounds(site: Site, contexts: dict[str, BrowserContext]) -> Things:
    """A worker prints a paper ballot in the round that is open to residents; the counted one has its receipts."""
    by_kind = "SELECT code, id FROM ballots_round WHERE kind = ?"
    (round, pk), (street_round, _street) = (site.rows(by_kind, kind)[0] for kind in ("knapsack", "yes_no"))
    counted, counted_pk = site.rows("SELECT code, id FROM ballots_round WHERE state = 'objecting'")[0]
    send(contexts["shequ"], site, f"/ballots/bench/{round}/papers/print/", **{"print-number": "1"})
    send(contexts["shequ"], site, f"/ballots/{counted}/objections/", text="充电棚为什么没选上？（示例）")
    return {
        "round": round,
        "street_round": street_round,
        "counted_round": counted,
        "candidate": 1,
        "step": "close",
        "ballot_paper": site.one("SELECT serial FROM ballots_paper WHERE round_id = ?", pk),
        "leaf": site.one("SELECT min(leaf) FROM ballots_ballot WHERE round_id = ?", counted_pk),
        "objection": 1,
    }
