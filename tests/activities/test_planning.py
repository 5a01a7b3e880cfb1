"""Planning, changing, cancelling and reporting: who may, what is refused and how it is said, what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity, make_plan
from tests.factories.people import OrganisationFactory, PersonFactory
from tests.factories.projects import picture
from tests.factories.town import Town
from yiting.activities.errors import (
    CancelledAlready,
    CapacityTooSmall,
    CaptionMissing,
    ChangedMeanwhile,
    EndsBeforeStart,
    HeldAlready,
    HostClosed,
    HostMissing,
    KindRetired,
    KindUnfit,
    MaterialUnfit,
    NotAllowed,
    NotYet,
    PhotoRefused,
    ReasonMissing,
    ReportMissing,
    SignUpEndsLate,
    TextUnfit,
    TimeUnfit,
    TitleMissing,
    ZoneUnknown,
)
from yiting.activities.models import Activity, Host, Kind, Material
from yiting.activities.services import (
    activity_cancel,
    activity_change,
    activity_photo_add,
    activity_plan,
    activity_report,
    kind_add,
    kind_rename,
    kinds_set_up,
    material_add,
    material_remove,
    plan_of,
    sign_up,
)
from yiting.ledger.queries import list_entries
from yiting.ledger.services import ledger_verify
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = STARTS + timedelta(hours=3)


def test_the_usual_kinds_are_set_up_once_and_keep_a_new_name() -> None:
    assert kinds_set_up() == 8
    talk = Kind.objects.get(code="talk")
    kind_rename(by=EVERYWHERE, kind=talk, name="讲座", at=AT)
    assert kinds_set_up() == 0
    assert Kind.objects.get(code="talk").name == "讲座"
    assert kind_rename(by=EVERYWHERE, kind=talk, name="讲座", at=AT).name == "讲座"


def test_kinds_are_kept_by_administrators_and_told_apart(town: Town) -> None:
    kinds_set_up()
    assert kind_add(by=town.actor("admin", town.office), name="党课", at=AT).position == 8
    with pytest.raises(NotAllowed, match="administrator"):
        kind_add(by=town.actor("worker", town.ours), name="别的", at=AT)
    for name, code in (("党课", ""), ("", ""), ("新的", "talk")):
        with pytest.raises(KindUnfit):
            kind_add(by=EVERYWHERE, name=name, code=code, at=AT)


def test_a_plan_has_a_lead_and_those_who_hold_it_together(town: Town) -> None:
    plan = make_plan(town.estate, lead=town.ours, co_hosts=[town.office, town.ours, town.office], about=" 反诈 ")
    activity = activity_plan(by=town.actor("worker", town.ours), plan=plan, at=AT)
    held = Host.objects.filter(activity=activity).order_by("position").values_list("organisation", "part")
    assert list(held) == [(town.ours.pk, "lead"), (town.office.pk, "co")]
    assert (activity.about, activity.place_path, activity.sequence) == ("反诈", town.estate.path, 0)
    (entry,) = list_entries("activities.activity", [activity.pk])
    assert entry.facts["hosts"] == ["天骄社区居委会", "天骄街道办事处"]
    assert "反诈宣讲" in entry.sentence
    assert ledger_verify().ok


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ends_at": STARTS - timedelta(minutes=1)}, EndsBeforeStart),
        ({"ends_at": STARTS + timedelta(days=400)}, TimeUnfit),
        ({"title": "  "}, TitleMissing),
        ({"title": "长" * 121}, TitleMissing),
        ({"about": "长" * 4_001}, TextUnfit),
        ({"where": "长" * 121}, TextUnfit),
        ({"lead": None}, HostMissing),
        ({"sign_up_until": STARTS + timedelta(days=1)}, SignUpEndsLate),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        activity_plan(by=EVERYWHERE, plan=replace(make_plan(), **change), at=AT)
    assert not Activity.objects.exists()


def test_closed_hosts_retired_kinds_and_unknown_zones_are_refused(town: Town) -> None:
    plan = make_plan(town.estate, lead=OrganisationFactory(place=town.here, active=False))
    with pytest.raises(HostClosed):
        activity_plan(by=EVERYWHERE, plan=plan, at=AT)
    plan = make_plan(town.estate, lead=town.ours)
    Kind.objects.filter(pk=plan.kind.pk).update(active=False)
    plan.kind.refresh_from_db()
    with pytest.raises(KindRetired):
        activity_plan(by=EVERYWHERE, plan=plan, at=AT)
    # what stood in a plan may stay
    known = make_activity(town.estate, kind="visit", lead=town.ours)
    Kind.objects.filter(code="visit").update(active=False)
    kept = activity_change(
        by=EVERYWHERE,
        activity=known,
        plan=replace(plan_of(known), kind=Kind.objects.get(code="visit"), where="亭"),
        at=AT,
    )
    assert kept.where == "亭"
    town.estate.zone = "Asia/Nowhere"
    with pytest.raises(ZoneUnknown, match="Asia/Nowhere"):
        activity_plan(by=EVERYWHERE, plan=make_plan(town.estate, lead=town.ours, kind="meeting"), at=AT)
    with pytest.raises(ValueError, match="aware"):
        activity_plan(by=EVERYWHERE, plan=make_plan(kind="meeting", starts_at=datetime(2026, 7, 9)), at=AT)  # noqa: DTZ001


def test_who_may_plan(town: Town) -> None:
    unit = OrganisationFactory(kind="enterprise", name="晶澳", place=town.there)
    contact = town.actor("alliance", unit)
    plan = make_plan(town.estate, lead=unit)
    assert activity_plan(by=contact, plan=plan, at=AT).place == town.estate
    assert activity_plan(by=town.actor("worker", town.ours), plan=plan, at=AT)
    for by in (RESIDENT, town.actor("worker", town.theirs), town.actor("deputy", town.ours)):
        with pytest.raises(NotAllowed, match="work in this place"):
            activity_plan(by=by, plan=plan, at=AT)
    with pytest.raises(NotAllowed):
        activity_plan(by=contact, plan=make_plan(town.estate, lead=town.ours), at=AT)


def test_whole_days_end_with_the_last_of_them() -> None:
    day = datetime(2024, 5, 14, 20, 30, tzinfo=UTC)  # the 15th in Shanghai
    activity = make_activity(starts_at=day, ends_at=day, whole_days=True)
    assert activity.starts_at == datetime(2024, 5, 14, 16, tzinfo=UTC)
    assert activity.ends_at == datetime(2024, 5, 15, 16, tzinfo=UTC)
    assert activity_change(by=EVERYWHERE, activity=activity, plan=plan_of(activity), at=AT).sequence == 0


def test_a_change_counts_and_tells_those_who_signed_up(town: Town) -> None:
    member = town.member("worker", town.theirs)
    activity = make_activity(town.estate, lead=town.ours, sign_up_for="both")
    person = PersonFactory(phone="13800000001")
    sign_up(by=RESIDENT, activity=activity, person=person, at=AT)
    sign_up(by=EVERYWHERE, activity=activity, organisation=town.theirs, heads=3, at=AT)
    changed = activity_change(
        by=town.actor("worker", town.ours),
        activity=activity,
        plan=replace(plan_of(activity), starts_at=LATER, ends_at=LATER + timedelta(hours=1), co_hosts=(town.office,)),
        seen=0,
        at=AT,
    )
    assert (changed.sequence, changed.changed_at) == (1, AT)
    assert Host.objects.filter(activity=activity).count() == 2
    told = Notice.objects.filter(topic=f"activity-{activity.pk}")
    assert set(told.values_list("person", "account")) == {(person.pk, None), (None, member.pk)}
    # what is nobody's appointment is on the page alone
    activity_change(by=EVERYWHERE, activity=activity, plan=replace(plan_of(changed), about="带身份证"), at=AT)
    assert told.count() == 2
    with pytest.raises(ChangedMeanwhile):
        activity_change(by=EVERYWHERE, activity=activity, plan=plan_of(changed), seen=1, at=AT)


def test_a_change_is_for_those_who_manage_it_before_and_after(town: Town) -> None:
    activity = make_activity(town.estate, lead=town.ours)
    with pytest.raises(NotAllowed):
        activity_change(by=town.actor("worker", town.theirs), activity=activity, plan=plan_of(activity), at=AT)
    elsewhere = replace(plan_of(activity), place=town.there)
    with pytest.raises(NotAllowed):
        activity_change(by=town.actor("worker", town.ours), activity=activity, plan=elsewhere, at=AT)
    moved = activity_change(by=town.actor("street", town.office), activity=activity, plan=elsewhere, at=AT)
    assert moved.place_path == town.there.path


def test_room_is_never_smaller_than_what_is_taken_and_more_room_moves_people_up() -> None:
    activity = make_activity(sign_up_for="persons", capacity=2)
    people = [PersonFactory(phone=f"1380000000{n}") for n in range(4)]
    states = [sign_up(by=RESIDENT, activity=activity, person=one, at=AT).state for one in people]
    assert states == ["seat", "seat", "waiting", "waiting"]
    with pytest.raises(CapacityTooSmall, match="2 people"):
        activity_change(by=EVERYWHERE, activity=activity, plan=replace(plan_of(activity), capacity=1), at=AT)
    activity_change(by=EVERYWHERE, activity=activity, plan=replace(plan_of(activity), capacity=3), at=AT)
    assert list(activity.sign_ups.order_by("pk").values_list("state", flat=True)) == ["seat"] * 3 + ["waiting"]
    assert set(Notice.objects.values_list("person", flat=True)) == {people[2].pk}
    activity.refresh_from_db()
    activity_change(by=EVERYWHERE, activity=activity, plan=replace(plan_of(activity), capacity=None), at=AT)
    assert not activity.sign_ups.filter(state="waiting").exists()


def test_cancelling_says_why_and_is_done_once() -> None:
    activity = make_activity(sign_up_for="persons")
    sign_up(by=RESIDENT, activity=activity, person=PersonFactory(phone="13800000001"), at=AT)
    with pytest.raises(ReasonMissing):
        activity_cancel(by=EVERYWHERE, activity=activity, reason=" ", at=AT)
    gone = activity_cancel(by=EVERYWHERE, activity=activity, reason="台风", at=AT)
    assert (gone.state, gone.cancel_reason, gone.sequence) == ("cancelled", "台风", 1)
    assert activity_cancel(by=EVERYWHERE, activity=activity, reason="别的", at=AT).cancel_reason == "台风"
    (notice,) = Notice.objects.all()
    assert (notice.body, "Cancelled" in notice.subject) == ("台风", True)
    with pytest.raises(CancelledAlready):
        activity_change(by=EVERYWHERE, activity=activity, plan=plan_of(activity), at=AT)
    with pytest.raises(CancelledAlready):
        activity_report(by=EVERYWHERE, activity=activity, report="好", at=LATER)


def test_a_report_is_written_when_it_has_begun_and_can_be_bettered() -> None:
    activity = make_activity()
    with pytest.raises(NotYet):
        activity_report(by=EVERYWHERE, activity=activity, report="好", at=AT)
    with pytest.raises(ReportMissing):
        activity_report(by=EVERYWHERE, activity=activity, report=" ", at=LATER)
    with pytest.raises(TextUnfit, match="Report"):
        activity_report(by=EVERYWHERE, activity=activity, report="好" * 4_001, at=LATER)
    activity_report(by=EVERYWHERE, activity=activity, report="来了四十人。", at=LATER)
    held = activity_report(by=EVERYWHERE, activity=activity, report="来了四十人，问了三件事。", at=LATER)
    activity_report(by=EVERYWHERE, activity=activity, report=held.report, at=LATER)
    assert (held.state, held.report) == ("held", "来了四十人，问了三件事。")
    assert len([e for e in list_entries("activities.activity", [activity.pk]) if e.kind.endswith("held")]) == 2
    with pytest.raises(HeldAlready):
        activity_cancel(by=EVERYWHERE, activity=activity, reason="晚了", at=LATER)


def test_photos_are_made_anew_and_carry_words(town: Town) -> None:
    activity = make_activity(town.estate)
    photo = activity_photo_add(by=EVERYWHERE, activity=activity, name="a.png", data=picture("PNG"), caption="讲", at=AT)
    assert photo.file.read(3) == b"\xff\xd8\xff"
    with pytest.raises(PhotoRefused):
        activity_photo_add(by=EVERYWHERE, activity=activity, name="a.png", data=b"<svg>", caption="讲", at=AT)
    with pytest.raises(CaptionMissing):
        activity_photo_add(by=EVERYWHERE, activity=activity, name="a.png", data=picture(), caption=" ", at=AT)
    with pytest.raises(NotAllowed):
        activity_photo_add(by=RESIDENT, activity=activity, name="a.png", data=picture(), caption="讲", at=AT)


def test_papers_are_links_or_files(town: Town, django_capture_on_commit_callbacks) -> None:
    activity = make_activity(town.estate)
    material_add(by=EVERYWHERE, activity=activity, title="法条", link="https://example.org/law", at=AT)
    paper = material_add(by=EVERYWHERE, activity=activity, title="讲义", file=("../讲义.pdf", b"%PDF-1.7"), at=AT)
    assert (paper.name, paper.size, paper.link) == ("讲义.pdf", 8, "")
    unfit: list[dict[str, object]] = [
        {},
        {"link": "javascript:alert(1)"},
        {"link": "https://[bad"},
        {"link": "https://example.org", "file": ("a.pdf", b"x")},
        {"file": ("a.html", b"x")},
        {"file": ("a.pdf", b"")},
    ]
    for more in unfit:
        with pytest.raises(MaterialUnfit):
            material_add(by=EVERYWHERE, activity=activity, title="不行", at=AT, **more)
    with pytest.raises(TitleMissing):
        material_add(by=EVERYWHERE, activity=activity, title="", link="https://example.org", at=AT)
    stored = paper.file.path
    with django_capture_on_commit_callbacks(execute=True):
        material_remove(by=EVERYWHERE, material=paper, at=AT)
    assert not Path(stored).exists()
    assert Material.objects.count() == 1
