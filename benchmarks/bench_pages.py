"""How long each list page takes with many needs stored, and in how many queries.

usage: python benchmarks/bench_pages.py [--needs 100000] [--rounds 60] [--json] [--data FOLDER]

Makes a throw-away data folder (or the database that DATABASE_URL names, which must be empty), stores the needs through
the services, and asks for every list page through the whole stack of middleware, view and template. Prints the median
and the 95th percentile in milliseconds. The peer is the same page with 100 needs, measured in the same run. With
--data the folder that an earlier run made is measured again, and nothing is stored.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = sys.argv[sys.argv.index("--data") + 1] if "--data" in sys.argv else ""
os.environ["YITING_DATA_DIR"] = FOLDER or tempfile.mkdtemp(prefix="yiting-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "yiting.web.settings"

import django
from django.conf import settings

django.setup()
settings.AXES_ENABLED = False  # it wants an address from the log-in, which this client does not make

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yiting.needs.models import Category, Need
from yiting.needs.services import Draft, categories_load, read_tree, requests_file
from yiting.people.actors import system_actor
from yiting.people.models import Account
from yiting.people.services import (
    Identity,
    account_create,
    organisation_add,
    persons_identify,
    role_grant,
)
from yiting.places.models import Place
from yiting.places.services import place_add

BY = system_actor("bench")
AT = datetime(2024, 6, 1, 2, tzinfo=UTC)
WHAT = [
    "楼道灯",
    "电梯",
    "暖气",
    "井盖",
    "垃圾桶",
    "消防通道",
    "健身器材",
    "路灯",
    "水压",
    "停车位",
    "广场舞",
    "电动车",
    "遮阳亭",
    "公交站",
    "减速带",
    "下水道",
    "绿化带",
    "门禁",
    "监控",
    "充电桩",
]
WRONG = [
    "坏了",
    "太吵",
    "不够用",
    "没人管",
    "堵住了",
    "漏水",
    "总被占",
    "不亮",
    "关不上",
    "太远",
    "收费不合理",
    "有味道",
]
WHO = [
    "老人",
    "孩子",
    "上班的人",
    "坐轮椅的邻居",
    "我们一家",
    "三楼的住户",
    "接孩子的家长",
    "晚上回家的人",
]
PAGES = {
    "home": "/",
    "needs": "/needs/",
    "needs, most said": "/needs/?order=most",
    "needs, two-character word": "/needs/?q=井盖",
    "needs, being done": "/needs/?standing=do",
    "hot": "/hot/",
    "projects": "/projects/",
    "ledger": "/ledger/",
    "bench, new": "/bench/",
    "bench, all": "/bench/?view=all",
    "bench, due": "/bench/?view=due",
    "bench, word": "/bench/?view=all&q=电梯",
    "notices": "/notices/",
}


def text(rnd: random.Random, i: int) -> str:
    """Return a made message of one to three sentences."""
    parts = [
        f"{rnd.randint(1, 30)}号楼{rnd.choice(WHAT)}{rnd.choice(WRONG)}，{rnd.choice(WHO)}每天都要受影响"
        for _ in range(rnd.randint(1, 3))
    ]
    return "。".join(parts) + f"。第{i}条。"


def store(start: int, stop: int, places: list[Place], rnd: random.Random) -> None:
    """Store needs through the services; two of three are sorted and public, as in a year's work."""
    for first in range(start, stop, 500):
        numbers = range(first, min(first + 500, stop))
        people = persons_identify(
            by=BY, rows=[Identity(source="bench", key=str(rnd.randrange(60_000))) for _ in numbers], at=AT
        )
        drafts = [
            Draft(
                place=rnd.choice(places),
                person=person,
                text=text(rnd, i),
                filed_at=AT - timedelta(minutes=rnd.randrange(500_000)),
            )
            for i, person in zip(numbers, people, strict=True)
        ]
        requests_file(by=BY, drafts=drafts, at=AT)
    keys = list(Need.objects.filter(state="heard").order_by("pk").values_list("pk", flat=True))
    sorted_ones = [key for key in keys if key % 3]
    category = Category.objects.filter(level=3).first()
    for i in range(0, len(sorted_ones), 500):
        Need.objects.filter(pk__in=sorted_ones[i : i + 500]).update(state="sorted", is_public=True, category=category)
    connection.cursor().execute("ANALYZE")


def measure(client: Client, rounds: int) -> dict[str, dict[str, float]]:
    """Ask for each page and return its median, 95th percentile and number of queries."""
    found = {}
    for name, address in PAGES.items():
        times = []
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        queries = len(seen)  # read at once: the next request forgets them
        assert answer.status_code == 200, (name, answer.status_code)
        for _ in range(rounds):
            began = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        found[name] = {
            "median": round(statistics.median(times), 1),
            "p95": round(statistics.quantiles(times, n=20)[-1], 1),
            "queries": queries,
            "kB": round(len(answer.content) / 1024, 1),
        }
    return found


def again(rounds: int) -> None:
    """Measure a folder that an earlier run made."""
    client = Client()
    client.force_login(Account.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    found = measure(client, rounds)
    for name, row in found.items():
        print(f"{name:28}{row['queries']:>4.0f} queries {row['median']:>7} ms median {row['p95']:>7} ms p95")
    worst = max(row["p95"] for row in found.values())
    print(f"{Need.objects.count()} needs, slowest p95: {worst} ms")
    sys.exit(0 if worst < 100 else 1)


def main() -> None:
    """Store, measure, print."""
    ap = argparse.ArgumentParser()
    ap.add_argument("--needs", type=int, default=100_000)
    ap.add_argument("--rounds", type=int, default=60)
    ap.add_argument("--json", action="store_true")
    ap.add_argument("--data", default="")
    a = ap.parse_args()
    if a.data:
        again(a.rounds)
    call_command("migrate", verbosity=0, interactive=False)
    rnd = random.Random(1)  # a fixed seed: the same corpus every time
    parent = None
    for level, name, code in (
        ("province", "省", "150000000000"),
        ("city", "市", "150600000000"),
        ("county", "区", "150602000000"),
        ("street", "街道", "150602006000"),
    ):
        parent = place_add(by_role="bench", parent=parent, level=level, name=name, code=code, code_year=2023, at=AT)
    street = parent
    communities = [
        place_add(by_role="bench", parent=street, level="community", name=f"社区{i}", at=AT) for i in range(12)
    ]
    places = [
        place_add(by_role="bench", parent=community, level="estate", name=f"小区{i}", at=AT)
        for community in communities
        for i in range(8)
    ]
    categories_load(paths=read_tree())
    office = organisation_add(by=BY, kind="street_office", name="街道办", place=street)
    account = account_create(by=BY, username="bench", password="bench-2024-pass", at=AT)
    role_grant(by=BY, account=account, kind="street", place=street, organisation=office, at=AT)
    client = Client()
    client.force_login(
        Account.objects.get(pk=account.pk), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    store(0, 100, places, rnd)
    few = measure(client, a.rounds)
    began = time.perf_counter()
    store(100, a.needs, places, rnd)
    stored = time.perf_counter() - began
    many = measure(client, a.rounds)
    if a.json:
        print(
            json.dumps({"needs": a.needs, "stored_s": round(stored, 1), "few": few, "many": many}, ensure_ascii=False)
        )
        return
    print(f"{connection.vendor}: {a.needs} needs stored in {stored:.0f} s")
    print(f"{'page':28}{'queries':>14}{'median ms':>18}{'p95 ms':>18}{'kB':>8}    (100 needs / {a.needs})")
    for name in PAGES:
        f, m = few[name], many[name]
        print(
            f"{name:28}{f['queries']:>6.0f} /{m['queries']:>6.0f}{f['median']:>9} /{m['median']:>7}"
            f"{f['p95']:>9} /{m['p95']:>7}{m['kB']:>8}"
        )
    worst = max(many.values(), key=lambda row: row["p95"])["p95"]
    print(f"slowest p95: {worst} ms")
    sys.exit(0 if worst < 100 else 1)


if __name__ == "__main__":
    main()
