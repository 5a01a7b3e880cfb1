"""Files the example messages on the days they bear, and lets the community worker sort, unite and handle them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from yiting.demo import answers, facts
from yiting.demo.scene import Scene
from yiting.needs.models import Category, Need, ReturnReason, ServiceRequest, State
from yiting.needs.services import (
    Draft,
    assignment_accept,
    assignment_return,
    clock_pause,
    judgement_give,
    need_assign,
    need_discuss,
    need_reply,
    need_return,
    need_sort,
    needs_merge,
    needs_suggest,
    quiet_close,
    requests_file,
)
from yiting.needs.spreadsheets import ParsedRow, open_table, parse_row
from yiting.people.actors import RESIDENT
from yiting.people.models import Person
from yiting.people.services import person_identify

DATA = Path(__file__).parent / "data"
ZONE = ZoneInfo("Asia/Shanghai")
# What came after this day waits in the inbox, with suggestions, for whoever tries the demo.
WORKED_UNTIL = datetime(2024, 5, 1, tzinfo=ZONE)
# What one person alone asked before this day was answered and is over.
ANSWERED_UNTIL = datetime(2024, 3, 15, tzinfo=ZONE)
CHANNELS = {"电话": "phone", "手机网页": "web", "入户": "door", "纸条": "paper"}


def play_messages(scene: Scene, progress: Callable[[int, int | None], None] | None = None) -> dict[str, Need]:
    """File the messages in their order; return the need of each matter that the worker united."""
    matters = _matters()
    rows = _rows()
    categories = {category.full_name: category for category in Category.objects.all()}
    requests: dict[str, ServiceRequest] = {}
    for done, row in enumerate(rows, start=1):
        assert row.filed_at is not None
        [filed] = requests_file(by=RESIDENT, drafts=[_draft(scene, row)], at=row.filed_at)
        requests[row.external_id] = filed.request
        if progress is not None:
            progress(done, len(rows))
    united = _unite(scene, rows, requests, matters, categories)
    _answer(scene, united)
    _handle(scene, united)
    late = [requests[row.external_id].need_id for row in rows if row.filed_at and row.filed_at >= WORKED_UNTIL]
    needs_suggest(needs=late, at=datetime(2024, 6, 15, 9, tzinfo=ZONE))
    return united


def _rows() -> list[ParsedRow]:
    with open_table(DATA / "example-messages.csv") as table:
        rows = [parse_row(row, zone=ZONE, now=datetime(2024, 7, 1, tzinfo=ZONE)) for row in table]
    return [row for row in rows if isinstance(row, ParsedRow)]


def _matters() -> dict[str, str]:
    with (DATA / "example-matters.csv").open(encoding="utf-8", newline="") as file:
        return {row["留言编号"]: row["matter"] for row in csv.DictReader(file)}


def _draft(scene: Scene, row: ParsedRow) -> Draft:
    assert row.filed_at is not None
    place = scene.places.get(f"{row.estate}{row.building}") or scene.places.get(row.estate) or scene.community
    channel = CHANNELS.get(row.channel, "sheet")
    behalf = "self" if channel == "web" else "worker"
    return Draft(
        place=place,
        person=person_identify(by=RESIDENT, source="demo", key=row.user, at=row.filed_at),
        title=row.title,
        text=row.text,
        channel=channel,
        behalf=behalf,
        consent="" if behalf == "self" else "本人口头同意（示例）",
        filed_at=row.filed_at,
        source="demo",
        external_id=row.external_id,
        supports=row.supports,
        objections=row.objections,
    )


def _unite(
    scene: Scene,
    rows: list[ParsedRow],
    requests: dict[str, ServiceRequest],
    matters: dict[str, str],
    categories: dict[str, Category],
) -> dict[str, Need]:
    """The worker sorts each matter's first message and merges the later ones into it, on the day they come."""
    worker = scene.actors["shequ"]
    united: dict[str, Need] = {}
    for row in rows:
        assert row.filed_at is not None
        if row.filed_at >= WORKED_UNTIL:
            continue
        matter, need = matters.get(row.external_id, ""), requests[row.external_id].need
        at = row.filed_at + timedelta(hours=3)
        if matter and matter in united:
            united[matter] = needs_merge(by=worker, keep=united[matter], absorb=need, at=at)
        else:
            title = facts.NEED_TITLE if matter == facts.SHADE else matter or None
            category = categories.get(" › ".join(filter(None, (row.category, row.category2, row.category3))))
            sorted_need = need_sort(by=worker, need=need, category=category, title=title, at=at)
            if matter:
                united[matter] = sorted_need
    return united


def _answer(scene: Scene, united: dict[str, Need]) -> None:
    """What is long over was answered, judged by some, and closed when nobody said more. All of it is example."""
    worker, service = scene.actors["shequ"], scene.organisations[facts.EXAMPLE_SERVICE]
    waiting = Need.objects.filter(parent=None, state=State.SORTED)
    for need in waiting.filter(request_count=1, last_at__lt=ANSWERED_UNTIL).order_by("last_at", "id"):
        need_reply(by=worker, need=need, text=answers.TO_ONE, final=True, at=need.last_at + timedelta(days=4))
    for matter, answer in answers.MATTERS.items():
        need, at = united[matter], united[matter].last_at
        need_assign(by=worker, need=need, organisation=service, at=at + timedelta(days=1))
        assignment_accept(by=worker, need=need, at=at + timedelta(days=2))
        need_reply(by=worker, need=need, text=answer.text, final=True, at=at + timedelta(days=9))
        for person, verdict in zip(_people(need), answer.verdicts, strict=False):
            judgement_give(by=RESIDENT, need=need, person=person, verdict=verdict, at=at + timedelta(days=11))
    quiet_close(at=WORKED_UNTIL)


def _handle(scene: Scene, united: dict[str, Need]) -> None:
    """A few matters are handled in the ways that there are, so that each can be seen. All of it is example."""
    street, worker = scene.actors["jiedao"], scene.actors["shequ"]
    service = scene.organisations[facts.EXAMPLE_SERVICE]
    department = scene.organisations[facts.EXAMPLE_DEPARTMENT]
    reason = {found.code: found for found in ReturnReason.objects.all()}
    at = datetime(2024, 5, 6, 10, tzinfo=ZONE)

    lights = united["仁和家园楼道灯不亮"]
    need_assign(by=worker, need=lights, organisation=service, at=at - timedelta(days=12))
    assignment_accept(by=worker, need=lights, at=at - timedelta(days=11))
    need_reply(
        by=worker,
        need=lights,
        text="物业查了四栋楼的楼道，换了坏的灯。哪一层还不亮，请打社区电话，我们上门看。（示例）",
        final=True,
        at=at + timedelta(days=31),
    )
    for i, person in enumerate(_people(lights)[:5]):
        judgement_give(
            by=RESIDENT,
            need=lights,
            person=person,
            verdict="partly" if i == 3 else "solved",
            at=at + timedelta(days=32),
        )

    fumes = united["仁和家园临街烧烤油烟"]
    need_assign(by=worker, need=fumes, organisation=department, at=at)
    assignment_accept(by=street, need=fumes, at=at + timedelta(days=1))
    clock_pause(by=street, need=fumes, waiting_for="城市管理部门检测结果（示例）", at=at + timedelta(days=3))

    lane = united["仁和家园3号楼消防通道被车堵"]
    need_discuss(by=worker, need=lane, at=at)

    bus = united["公交站离得太远"]
    need_assign(by=worker, need=bus, organisation=department, at=at)
    assignment_return(
        by=street,
        need=bus,
        reason=reason["not-ours"],
        note="公交线路由交通部门定，已把大家的话转过去。（示例）",
        at=at + timedelta(days=2),
    )

    canteen = united["想办老年食堂"]
    need_return(
        by=street,
        need=canteen,
        reason=reason["no-money"],
        note="今年的预算里没有这一项，放进明年的候选。（示例）",
        at=at + timedelta(days=2),
    )

    charging = united["仁和家园楼道里给电动车充电"]
    need_assign(by=worker, need=charging, organisation=service, at=at)
    assignment_accept(by=worker, need=charging, at=at + timedelta(days=1))
    need_sort(by=worker, need=Need.objects.get(pk=charging.pk), urgency="soon", at=at + timedelta(days=1))


def _people(need: Need) -> list[Person]:
    asked = ServiceRequest.objects.filter(need__root=need).select_related("person").order_by("filed_at", "id")
    return list({request.person_id: request.person for request in asked}.values())
