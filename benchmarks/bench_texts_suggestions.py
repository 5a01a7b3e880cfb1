"""How long the suggestions of needs that sound alike take with many needs stored, and in how many queries.

usage: python benchmarks/bench_texts_suggestions.py [--needs 100000] [--asked 300] [--json] [--data FOLDER]

Stores needs with the messages of bench_pages.py, two of three open to all, in a throw-away data folder or in FOLDER,
which keeps them: run again with more needs it stores the rest. They are stored as bare rows, since only reading is
measured here; how long filing takes bench_pages.py tells. Then the index is made, and asked as the
resident's page asks while somebody types (ten characters, and the whole message) and as the workbench asks. The peer
is the same with 100 needs, where the folder is new. Each question is asked three times and its quickest time
counts, so that other work on the machine does not. Ends with 1 when the 95th percentile is above 50 ms or the number
of queries grows.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_pages import AT, BY, text  # sets up the data folder and Django

# isort: split
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from yiting.needs import likeness
from yiting.needs.codes import fresh_code
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.queries.alike import list_alike
from yiting.needs.services import index_catch_up, index_rebuild
from yiting.people.services import Identity, persons_identify
from yiting.places.models import Place
from yiting.places.services import place_add

FEW = 100
AT_ONCE = 5_000
ROUNDS = 3
SLOWEST_MS = 50.0
TREE = (
    ("province", "省", "150000000000"),
    ("city", "市", "150600000000"),
    ("county", "区", "150602000000"),
    ("street", "街道", "150602006000"),
)


def estates_make() -> list[Place]:
    """Twelve communities of eight estates each; those that are there already."""
    if not Place.objects.exists():
        parent = None
        for level, name, code in TREE:
            parent = place_add(by_role="bench", parent=parent, level=level, name=name, code=code, code_year=2023, at=AT)
        for i in range(12):
            community = place_add(by_role="bench", parent=parent, level="community", name=f"社区{i}", at=AT)
            for j in range(8):
                place_add(by_role="bench", parent=community, level="estate", name=f"小区{j}", at=AT)
    return list(Place.objects.filter(level="estate").order_by("pk"))


def store(start: int, stop: int, places: list[Place], rnd: random.Random) -> None:
    """Store needs of one request each."""
    [person] = persons_identify(by=BY, rows=[Identity(source="bench", key="1")], at=AT)
    needs = []
    for i in range(start, stop):
        words, place = text(rnd, i), rnd.choice(places)
        needs.append(
            Need(
                code=fresh_code(8),
                title=words[:40],
                quote=words,
                place=place,
                place_path=place.path,
                state="sorted" if i % 3 else "heard",
                is_public=bool(i % 3),
                first_at=AT,
                last_at=AT,
                started_at=AT,
            )
        )
    Need.objects.bulk_create(needs)
    Need.objects.filter(root=None).update(root=F("pk"))
    ServiceRequest.objects.bulk_create(
        ServiceRequest(
            code=fresh_code(12),
            need=need,
            person=person,
            place=need.place,
            title=need.title,
            text=need.quote,
            channel="web",
            role_label="bench",
            filed_at=AT,
            recorded_at=AT,
        )
        for need in needs
    )
    connection.cursor().execute("ANALYZE")


def times(call: Callable[[str, str], object], asked: list[tuple[str, str]]) -> dict[str, float]:
    """Ask each question; return the quickest of its times in milliseconds, and the most queries that one took."""
    call(*asked[0])
    queries = 0
    for question in asked[:20]:
        with CaptureQueriesContext(connection) as seen:
            call(*question)
        queries = max(queries, len(seen))
    took = []
    for question in asked:
        rounds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            call(*question)
            rounds.append((time.perf_counter() - began) * 1000)
        took.append(min(rounds))
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "queries": queries,
    }


def measure(places: list[Place], count: int) -> dict[str, dict[str, float]]:
    """Ask as each of those who ask."""
    rnd = random.Random(2)
    asked = [(text(rnd, 10**6 + i), rnd.choice(places).path) for i in range(count)]
    return {
        "while typing": times(list_alike, [(words[:10], path) for words, path in asked]),
        "whole message": times(list_alike, asked),
        "workbench": times(lambda words, path: list_alike(words, path, k=4, floor=0.2, public_only=False), asked),
    }


def main() -> None:
    """Store, index, ask, print."""
    ap = argparse.ArgumentParser()
    ap.add_argument("--needs", type=int, default=100_000)
    ap.add_argument("--asked", type=int, default=300)
    ap.add_argument("--json", action="store_true")
    ap.add_argument("--data", default="")
    a = ap.parse_args()
    call_command("migrate", verbosity=0, interactive=False)
    places, stored = estates_make(), Need.objects.count()
    few = {}
    if not stored:
        store(0, FEW, places, random.Random(1))
        index_catch_up()
        few, stored = measure(places, a.asked), FEW
    for first in range(stored, a.needs, AT_ONCE):
        store(first, min(first + AT_ONCE, a.needs), places, random.Random(first))
        print(f"{Need.objects.count()} needs stored", file=sys.stderr)
    began = time.perf_counter()
    indexed = index_rebuild()
    made = time.perf_counter() - began
    size = sum(path.stat().st_size for path in likeness.folder().iterdir()) / 1e6
    many = measure(places, a.asked)
    if a.json:
        print(json.dumps({"needs": indexed, "index_s": round(made, 1), "few": few, "many": many}, ensure_ascii=False))
    else:
        print(f"{connection.vendor}: {indexed} requests indexed in {made:.1f} s, {size:.0f} MB")
        for name, row in many.items():
            peer = f"   with {FEW} needs: {few[name]}" if few else ""
            print(f"{name:16}{row['queries']:>4} queries {row['p50_ms']:>7} ms median {row['p95_ms']:>7} ms p95{peer}")
    grown = any(few[name]["queries"] != row["queries"] for name, row in many.items() if few)
    sys.exit(1 if grown or max(row["p95_ms"] for row in many.values()) > SLOWEST_MS else 0)


if __name__ == "__main__":
    main()
