"""The four alliances of the page with a year of turns, what they pool, and the outreach day with its questions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yiting.activities.models import Kind
from yiting.activities.services import Plan, activity_plan, activity_report, check_in, kinds_set_up, series_plan
from yiting.alliances.models import Alliance, Match, ResourceKind, Turn
from yiting.alliances.queries.problems import Slot
from yiting.alliances.services import (
    absence_add,
    alliance_found,
    ask_open,
    joint_activity_add,
    joint_kind_set,
    match_claim,
    match_confirm,
    match_deliver,
    matches_suggest,
    member_fill,
    member_place_open,
    offer_make,
    plan_adopt,
    relation_add,
    reported_add,
    thanks_give,
    turn_make_activity,
    turns_plan,
    usual_kinds_add,
)
from yiting.demo import alliance_facts as told
from yiting.demo import facts
from yiting.demo.scene import DEMO, Scene
from yiting.needs.services import Draft, requests_file
from yiting.people.actors import RESIDENT
from yiting.people.services import organisation_add, person_identify
from yiting.places.models import Place
from yiting.projects.models import Project

ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2024, 5, 6, 9, tzinfo=ZONE)
PLANNED_AT = datetime(2024, 6, 3, 9, tzinfo=ZONE)


def play_alliances(scene: Scene, pavilion: Project) -> None:
    """Found the alliances, plan their year, let them pool, and hold the outreach day."""
    usual_kinds_add(by=DEMO, at=FOUNDED)
    kinds_set_up()
    _add_places(scene)
    for found in told.ALLIANCES:
        _plan_year(_found(scene, found))
    _join_in(scene)
    _draw_chain(scene)
    _pool(scene, pavilion)
    _hold_outreach(scene)
    _use_pavilion(scene)


def _add_places(scene: Scene) -> None:
    scene.add_divisions([told.ZONE_PLACE], under=scene.places["东胜区"], at=FOUNDED)
    scene.add_divisions(told.OUTREACH_PLACES, under=scene.places["鄂尔多斯市"], at=FOUNDED)
    home = scene.places["康城社区"]
    scene.organisations[told.OUTREACH_LEAD] = organisation_add(
        by=DEMO, kind="community", name=told.OUTREACH_LEAD, place=home
    )
    for kind, name, where in told.OUTREACH_HOSTS:
        scene.organisations[name] = organisation_add(by=DEMO, kind=kind, name=name, place=scene.places[where])


def _found(scene: Scene, found: told.AllianceFacts) -> Alliance:
    place = scene.places[told.ZONE_PLACE[1]]
    for name in (found.lead, found.cooperating):
        if name and name not in scene.organisations:
            scene.organisations[name] = organisation_add(by=DEMO, kind="department", name=name, place=place)
    alliance = alliance_found(
        by=DEMO,
        slug=found.slug,
        name=found.name,
        field=found.field,
        place=place,
        lead=scene.organisations.get(found.lead),
        cooperating=scene.organisations.get(found.cooperating),
        rule_name=found.rule_name,
        rule=found.rule,
        turns=found.turns,
        at=FOUNDED,
    )
    joint = Kind.objects.get(code="joint")
    for name in found.kinds:
        joint_kind_set(by=DEMO, alliance=alliance, name=name, kind=joint, at=FOUNDED)
    numbered = [member_place_open(by=DEMO, alliance=alliance, at=FOUNDED) for _number in range(found.members)]
    for member, (kind, name) in zip(numbered, found.named, strict=False):
        unit = organisation_add(by=DEMO, kind=kind, name=name, place=place)
        scene.organisations[name] = unit
        member_fill(by=DEMO, membership=member, organisation=unit, at=FOUNDED)
    for what, amount in found.reported:
        reported_add(
            by=DEMO,
            alliance=alliance,
            what=what,
            amount=amount,
            source=told.SOURCE,
            said_when=told.SAID_WHEN,
            at=FOUNDED,
        )
    return alliance


def _plan_year(alliance: Alliance) -> None:
    first, last = told.PLANNED
    kinds = list(alliance.joint_kinds.order_by("position", "id"))
    months = [
        date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, told.PLANNED_DAY)
        for i in range(12)
    ]
    if alliance.turns == Alliance.Turns.SEASON:
        months = [day for i, day in enumerate(months) if i % 3 != 1]
    absent = alliance.memberships.order_by("number")[2]
    absence_add(by=DEMO, membership=absent, from_on=date(2024, 9, 1), to_on=date(2024, 9, 30), at=PLANNED_AT)
    slots = [Slot(day, kinds[i % len(kinds)]) for i, day in enumerate(months)]
    draft = turns_plan(by=DEMO, alliance=alliance, since_on=first, until_on=last, slots=slots, at=PLANNED_AT)
    plan_adopt(by=DEMO, plan=draft, at=PLANNED_AT)


def _join_in(scene: Scene) -> None:
    """One joint activity of the alliance of computing that was held, and one of the year to come made known."""
    alliance = Alliance.objects.get(slug="zhisuan")
    lead = scene.organisations["高新技术产业园管理办公室"]
    place = scene.places[told.ZONE_PLACE[1]]
    held = activity_plan(
        by=DEMO,
        plan=Plan(
            kind=Kind.objects.get(code="joint"),
            title="优势资源联享：各家能拿出什么，当面说一说（示例）",
            place=place,
            starts_at=datetime(2024, 6, 6, 14, 30, tzinfo=ZONE),
            ends_at=datetime(2024, 6, 6, 16, 30, tzinfo=ZONE),
            lead=lead,
            co_hosts=(scene.organisations["发展规划局"],),
            sign_up_for="units",
            source=facts.EXAMPLE_SOURCE,
        ),
        at=PLANNED_AT,
    )
    kind = alliance.joint_kinds.get(name="优势资源联享")
    joint_activity_add(by=DEMO, alliance=alliance, activity=held, joint_kind=kind, at=PLANNED_AT)
    after = datetime(2024, 6, 6, 16, 40, tzinfo=ZONE)
    check_in(by=DEMO, activity=held, organisation=scene.organisations["发展规划局"], heads=3, at=after)
    activity_report(
        by=DEMO, activity=held, report="来的单位把能借的会场、设备和专家时间说清了，记进资源清单。（示例）", at=after
    )
    _announce(place)


def _announce(place: Place) -> None:
    """Make known the first turn whose host has a name."""
    turn = Turn.objects.filter(membership__organisation__isnull=False).order_by("day", "id").first()
    assert turn is not None
    assert turn.joint_kind is not None
    starts_at = datetime.combine(turn.day, time(14, 30), tzinfo=ZONE)
    turn_make_activity(
        by=DEMO,
        turn=turn,
        title=f"{turn.joint_kind.name}（示例）",
        place=place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        at=PLANNED_AT,
    )


def _draw_chain(scene: Scene) -> None:
    for upstream, downstream, kind, what in told.CHAIN:
        relation_add(
            by=DEMO,
            upstream=scene.organisations[upstream],
            downstream=scene.organisations[downstream],
            kind=kind,
            what=what,
            source=told.CHAIN_SOURCE,
            at=PLANNED_AT,
        )
    for unit, title in told.VEHICLE_ASKS:
        ask_open(
            by=DEMO,
            organisation=scene.organisations[unit],
            kind=ResourceKind.objects.get(code="vehicle"),
            title=title,
            amount=1,
            since_on=date(2024, 7, 1),
            until_on=date(2024, 7, 31),
            at=PLANNED_AT,
        )


def _pool(scene: Scene, pavilion: Project) -> None:
    """Benches for the pavilion, asked, promised, delivered and thanked for; an expert's hours still to be claimed."""
    goods, expert = (ResourceKind.objects.get(code=code) for code in ("goods", "expert"))
    unit = scene.organisations["高新技术产业园管理办公室"]
    began = datetime(2024, 6, 5, 9, tzinfo=ZONE)
    benches = offer_make(
        by=DEMO,
        organisation=unit,
        kind=goods,
        title="闲置的木长凳（示例）",
        amount=6,
        conditions="请自己来车拉。",
        at=began,
    )
    seats = ask_open(
        by=DEMO,
        project=pavilion,
        kind=goods,
        title="议事亭里再添几条长凳（示例）",
        amount=4,
        at=began + timedelta(hours=1),
    )
    match = match_claim(by=DEMO, offer=benches, ask=seats, side=Match.Side.OFFER, at=began + timedelta(days=1))
    match_confirm(by=DEMO, match=match, at=began + timedelta(days=1, hours=2))
    given = datetime(2024, 6, 14, 15, tzinfo=ZONE)
    match_deliver(by=DEMO, match=match, amount=4, on=given.date(), note="四条长凳放进了亭子。（示例）", at=given)
    thanks_give(
        by=DEMO,
        match=match,
        words="亭子里坐得开了，谢谢你们！（示例）",
        public=True,
        at=given + timedelta(hours=1),
    )
    offer_make(
        by=DEMO,
        organisation=unit,
        kind=expert,
        title="懂电路的工程师，周末可以来（示例）",
        amount=12,
        since_on=date(2024, 6, 17),
        until_on=date(2024, 9, 30),
        at=began,
    )
    ask_open(
        by=DEMO,
        project=pavilion,
        kind=expert,
        title="看看亭子能不能装一盏灯（示例）",
        amount=4,
        since_on=date(2024, 6, 17),
        until_on=date(2024, 7, 31),
        at=given,
    )
    matches_suggest(by=DEMO, at=given + timedelta(hours=2))


def _hold_outreach(scene: Scene) -> None:
    home = scene.places["康城社区"]
    day = datetime(2024, 6, 12, tzinfo=ZONE)
    held = activity_plan(
        by=DEMO,
        plan=Plan(
            kind=Kind.objects.get(code="legal"),
            title=told.OUTREACH,
            place=home,
            starts_at=day,
            ends_at=day + timedelta(days=1),
            when=told.OUTREACH_WHEN,
            whole_days=True,
            lead=scene.organisations[told.OUTREACH_LEAD],
            co_hosts=tuple(scene.organisations[name] for _kind, name, _where in told.OUTREACH_HOSTS),
            source=told.SOURCE,
        ),
        at=day,
    )
    for i, words in enumerate(told.OUTREACH_QUESTIONS):
        asked_at = day + timedelta(hours=10, minutes=i)
        asked = Draft(
            place=home,
            person=person_identify(by=RESIDENT, source="demo", key=f"outreach-{i}", at=asked_at),
            text=words,
            channel="paper",
            behalf="worker",
            consent="本人口头同意（示例）",
            filed_at=asked_at,
            activity=held,
        )
        requests_file(by=RESIDENT, drafts=[asked], at=asked_at)
    activity_report(
        by=DEMO, activity=held, report="为居民群众送去了“零距离、面对面”的法治大餐。", at=day + timedelta(hours=18)
    )


def _use_pavilion(scene: Scene) -> None:
    community = scene.organisations[facts.COMMUNITY]
    began = datetime(2024, 5, 20, tzinfo=ZONE)
    for code, title in told.PAVILION_DEEDS:
        held = activity_plan(
            by=DEMO,
            plan=Plan(
                kind=Kind.objects.get(code=code),
                title=title,
                place=scene.estate,
                where="居民议事亭",
                starts_at=began,
                ends_at=datetime(2024, 6, 17, tzinfo=ZONE),
                when=told.PAVILION_WHEN,
                whole_days=True,
                lead=community,
                source=told.SOURCE,
            ),
            at=began,
        )
        activity_report(
            by=DEMO, activity=held, report="亭子建成后在这里办的。", at=datetime(2024, 6, 16, 18, tzinfo=ZONE)
        )
    series_plan(
        by=DEMO,
        plan=Plan(
            kind=Kind.objects.get(code="legal"),
            title="亭子里的普法咨询（示例）",
            about="邻里纠纷、物业、电动车停放，有什么想问的都可以来问。",
            place=scene.estate,
            where="居民议事亭",
            starts_at=datetime(2024, 6, 19, 15, tzinfo=ZONE),
            ends_at=datetime(2024, 6, 19, 16, 30, tzinfo=ZONE),
            lead=community,
            sign_up_for="persons",
            capacity=12,
            source=facts.EXAMPLE_SOURCE,
        ),
        rule="FREQ=WEEKLY;COUNT=8",
        at=datetime(2024, 6, 14, 9, tzinfo=ZONE),
    )
