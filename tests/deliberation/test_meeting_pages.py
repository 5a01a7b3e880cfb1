"""The pages of meetings, resolutions and conventions: a walk from calling to what is done, and what each role gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.activities import AT, EVERYWHERE
from tests.factories.meetings import (
    DURING,
    LATER,
    make_asked,
    make_convention,
    make_final,
    make_meeting,
    make_resolution,
    minutes_of,
    points_of,
    seat,
    write,
)
from tests.factories.people import AccountFactory
from tests.factories.town import Town
from yiting.activities.models import Activity, Kind
from yiting.deliberation.models import Convention, Meeting, Resolution, ResolutionTask
from yiting.deliberation.queries.meetings import (
    get_meeting_page,
    list_bench,
    list_meetings,
    list_voices,
    view_minutes,
)
from yiting.deliberation.services import TaskPlan, approval_give, minutes_ask, minutes_publish, said_add
from yiting.people.actors import RESIDENT
from yiting.people.models import Organisation, RoleKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> None:
    """The pages of these tests are looked at on the day after the meeting."""
    for name in ("meetings", "meeting_bench", "meeting_acts", "resolutions", "conventions"):
        monkeypatch.setattr(f"yiting.deliberation.views.{name}.now", lambda: LATER)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def called(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "title": "小区议事会",
        "place": town.estate.pk,
        "where": "亭子",
        "day": "2026-07-10",
        "starts": "15:00",
        "ends": "17:00",
        "lead": town.ours.pk,
        "topic": "",
        "agenda": "电动车停放\n\n亭子的维护\n",
        "sign_up_for": "persons",
        "quorum": "0",
        "approvals_needed": "1",
        "units": [town.theirs.pk],
        "roles": ["deputy"],
        **more,
    }


def test_from_calling_a_meeting_to_a_resolution_on_the_workbench(town: Town) -> None:
    bench = town.browser("worker", town.ours)
    answer = bench.post(reverse("deliberation:meeting_call"), called(town), headers={"accept-language": "en"})
    meeting = Meeting.objects.get()
    code = meeting.activity.code
    assert answer["Location"] == reverse("deliberation:bench_meeting", args=[code])
    assert (meeting.activity.kind.code, meeting.activity.sign_up_for) == ("meeting", "persons")
    first, second = points_of(meeting)
    Activity.objects.filter(pk=meeting.activity_id).update(starts_at=DURING, ends_at=DURING + timedelta(hours=1))
    seat(meeting, 1)
    keep = reverse("deliberation:point_keep", args=[code, first.pk])
    bench.post(reverse("deliberation:said_add", args=[code, first.pk]), {"role": "楼栋长", "text": "楼道要畅通"})
    bench.post(keep, {"seen": 0, "decision": "车棚装桩", "votes_for": 5, "votes_against": 1, "dissent": "太贵"})
    again = bench.post(keep, {"seen": 0, "decision": "不装"}, headers={"accept-language": "en"})
    assert (again.status_code, "overwritten" in text_of(again), "不装" in text_of(again)) == (409, True, True)
    bench.post(reverse("deliberation:point_add", args=[code]), {"title": "路灯"})
    line = first.said.get()
    bench.post(reverse("deliberation:said_add", args=[code, second.pk]), {"role": "物业", "text": "写错了"})
    bench.post(reverse("deliberation:said_remove", args=[code, second.said.get().pk]))
    assert [point.said.count() for point in points_of(meeting)] == [1, 0, 0]
    bench.post(reverse("deliberation:minutes_ask", args=[code]))
    kept = bench.get(reverse("deliberation:bench_meeting", args=[code]), headers={"accept-language": "en"})
    assert "Number 1" in text_of(kept)
    (voice,) = list_voices(minutes_of(meeting))
    bench.post(reverse("deliberation:bench_answer", args=[code]), {"voice": voice.pk, "answer": "yes", "word": ""})
    assert minutes_of(meeting).state == "final"
    page = reverse("deliberation:meeting", args=[code])
    assert line.text not in text_of(Client().get(page))
    bench.post(reverse("deliberation:minutes_publish", args=[code]))
    public = text_of(Client().get(page))
    assert all(word in public for word in ("楼栋长", "楼道要畅通", "车棚装桩", "太贵"))
    sheet = text_of(Client().get(reverse("deliberation:meeting_minutes", args=[code])))
    assert "车棚装桩" in sheet
    make = reverse("deliberation:point_resolution", args=[code, first.pk])
    half = bench.post(make, {"title": "装桩", "text": "装十个", "what_1": "买桩"}, headers={"accept-language": "en"})
    assert (half.status_code, "all three or none" in text_of(half)) == (422, True)
    rows = {"what_1": "买桩", "who_1": town.theirs.pk, "due_1": "2026-08-01"}
    bench.post(make, {"title": "装桩", "text": "装十个", **rows})
    resolution = Resolution.objects.get()
    shown = text_of(Client().get(reverse("deliberation:resolution", args=[resolution.code])))
    assert all(word in shown for word in ("装十个", "买桩", "万正社区居委会", code))


def test_a_meeting_that_does_not_fit_is_said_beside_its_form(town: Town) -> None:
    bench = town.browser("worker", town.ours)
    for wrong in ({"title": ""}, {"day": "2026-13-01"}, {"place": town.there.pk}, {"agenda": ""}, {"quorum": "-1"}):
        answer = bench.post(reverse("deliberation:meeting_call"), called(town, **wrong))
        assert answer.status_code in (400, 422)
    backwards = bench.post(reverse("deliberation:meeting_call"), called(town, starts="17:00", ends="15:00"))
    assert backwards.status_code == 400
    assert not Meeting.objects.exists()
    assert Kind.objects.filter(code="meeting").exists()


def test_those_who_were_there_answer_on_their_telephone(town: Town) -> None:
    meeting, (first, second, _third) = make_asked(town.estate, approvals_needed=2)
    page = reverse("deliberation:meeting", args=[meeting.activity.code])
    send = reverse("deliberation:meeting_answer", args=[meeting.activity.code])
    assert "楼道里不能再停车了" not in text_of(Client().get(page))
    account = AccountFactory()
    first.account = account
    first.save(update_fields=["account"])
    client = Client()
    client.force_login(account, backend=BACKEND)
    seen = client.get(page)
    assert "楼道里不能再停车了" in text_of(seen)
    assert seen["Cache-Control"] == "no-store"
    voices = {voice.person: voice.pk for voice in list_voices(minutes_of(meeting))}
    mine, others = voices[first], voices[second]
    empty = client.post(send, {"voice": mine, "answer": "no", "word": ""}, headers={"accept-language": "en"})
    assert (empty.status_code, "Your word" in text_of(empty)) == (400, True)
    assert client.post(send, {"voice": others, "answer": "yes"}).status_code == 404
    assert Client().post(send, {"voice": mine, "answer": "yes"}).status_code == 404
    client.post(send, {"voice": mine, "answer": "no", "word": "票数不对"})
    assert "票数不对" in text_of(client.get(page))
    client.post(send, {"voice": mine, "answer": "yes"})
    approval_give(by=EVERYWHERE, minutes=minutes_of(meeting), person=second, agrees=True, at=LATER)
    assert minutes_of(meeting).state == "final"
    assert client.post(send, {"voice": mine, "answer": "yes"}).status_code == 409
    assert client.post(send, {"voice": "x"}).status_code == 422


def test_objections_stand_beside_published_minutes_and_versions_can_be_read() -> None:
    meeting, (first, second, _third) = make_asked()
    approval_give(by=EVERYWHERE, minutes=minutes_of(meeting), person=first, agrees=False, word="少了一句", at=LATER)
    approval_give(by=EVERYWHERE, minutes=minutes_of(meeting), person=second, agrees=True, at=LATER)
    minutes_publish(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    address = reverse("deliberation:meeting", args=[meeting.activity.code])
    shown = text_of(Client().get(address))
    assert "少了一句" in shown
    assert Client().get(address + "?version=9").status_code == 200
    assert Client().get(address.lower(), follow=True).status_code == 200


def test_nothing_of_the_workbench_is_there_for_those_who_do_not_work_in_the_place(town: Town) -> None:
    meeting = make_final(town.estate)
    point, code = points_of(meeting)[0], meeting.activity.code
    convention = make_convention(town.estate)
    resolution = Resolution.objects.get()
    unit = Organisation.objects.exclude(pk__in=(town.ours.pk, town.theirs.pk, town.office.pk)).first()
    addresses = [
        reverse("deliberation:bench_meeting", args=[code]),
        *(reverse(f"deliberation:{name}", args=[code]) for name in ("point_add", "meeting_rules", "minutes_ask")),
        *(reverse(f"deliberation:{name}", args=[code]) for name in ("minutes_take_back", "bench_answer")),
        *(reverse(f"deliberation:{name}", args=[code]) for name in ("minutes_correct", "minutes_publish")),
        *(reverse(f"deliberation:{name}", args=[code, point.pk]) for name in ("point_keep", "said_add")),
        reverse("deliberation:point_resolution", args=[code, point.pk]),
        reverse("deliberation:said_remove", args=[code, point.said.get().pk]),
        reverse("deliberation:bench_resolution", args=[resolution.code]),
        reverse("deliberation:task_add", args=[resolution.code]),
        reverse("deliberation:resolution_need", args=[resolution.code]),
        reverse("deliberation:convention_make", args=[resolution.code]),
        reverse("deliberation:convention_amend", args=[convention.code]),
    ]
    assert unit is not None
    for kind in (RoleKind.WORKER, RoleKind.STREET, RoleKind.DEPUTY, RoleKind.ALLIANCE, RoleKind.ADMIN):
        client = town.browser(kind, town.theirs)
        for address in addresses:
            assert client.post(address, {}).status_code in (404, 405), (kind, address)
            assert client.get(address).status_code == 404, (kind, address)
    for address in addresses:
        assert Client().get(address).status_code in (302, 403)
    keeper = town.browser("admin", town.office)
    for address in addresses:
        assert keeper.get(address, follow=True).status_code == 200, address


def test_a_unit_with_a_task_follows_it_on_its_own_bench(town: Town) -> None:
    task = TaskPlan(what="买桩", organisation=town.theirs, due_on=LATER.date() + timedelta(days=9))
    resolution = make_resolution(town.estate, tasks=[task])
    key = ResolutionTask.objects.get().pk
    theirs = town.browser("worker", town.theirs)
    address = reverse("deliberation:bench_resolution", args=[resolution.code])
    shown = text_of(theirs.get(address))
    assert reverse("deliberation:task_follow", args=[resolution.code, key]) in shown
    assert reverse("deliberation:task_move", args=[resolution.code, key]) not in shown
    theirs.post(reverse("deliberation:task_follow", args=[resolution.code, key]), {"text": "下单了"})
    finish = reverse("deliberation:task_finish", args=[resolution.code, key])
    bad = theirs.post(finish, {"outcome": "装好了", "evidence": "ftp://x"})
    assert bad.status_code == 400
    theirs.post(finish, {"outcome": "十个桩", "evidence": "https://a.example/p"})
    page = text_of(Client().get(reverse("deliberation:resolution", args=[resolution.code])))
    assert all(word in page for word in ("下单了", "十个桩", "https://a.example/p"))
    ours = town.browser("worker", town.ours)
    ours.post(reverse("deliberation:task_add", args=[resolution.code]), {"what": "验收", "organisation": town.ours.pk})
    assert ResolutionTask.objects.count() == 1
    more = {"what": "验收", "organisation": town.ours.pk, "due_on": "2026-08-01"}
    ours.post(reverse("deliberation:task_add", args=[resolution.code]), more)
    moved = ResolutionTask.objects.get(what="验收")
    ours.post(
        reverse("deliberation:task_move", args=[resolution.code, moved.pk]), {"due_on": "2026-09-01", "reason": "雨"}
    )
    moved.refresh_from_db()
    assert str(moved.due_on) == "2026-09-01"
    ours.post(reverse("deliberation:resolution_need", args=[resolution.code]))
    resolution.refresh_from_db()
    assert resolution.need is not None
    listed = text_of(Client().get(reverse("deliberation:resolutions") + "?open=on"))
    assert "验收" in listed


def test_a_convention_is_written_changed_and_compared_on_its_pages(town: Town) -> None:
    bench = town.browser("worker", town.ours)
    first, second = make_resolution(town.estate, tasks=0), make_resolution(town.estate, tasks=0)
    make = reverse("deliberation:convention_make", args=[first.code])
    assert bench.post(make, {"title": "", "articles": ""}).status_code == 422
    bench.post(make, {"title": "居民公约", "articles": "楼道\n不堆东西。\n\n夜里十点后安静。"})
    convention = Convention.objects.get()
    page = reverse("deliberation:convention", args=[convention.code])
    shown = text_of(Client().get(page))
    assert all(word in shown for word in ("楼道", "不堆东西。", "夜里十点后安静。"))
    amend = reverse("deliberation:convention_amend", args=[convention.code])
    same = {"seen": "1", "heading_1": "楼道", "text_1": "不堆东西。", "heading_2": "", "text_2": "夜里十点后安静。"}
    assert bench.post(amend, {**same, "resolution": second.pk}).status_code == 400
    assert bench.post(amend, {**same, "text_1": "改", "resolution": ""}).status_code == 422
    bench.post(
        amend, {**same, "text_1": "不堆东西，不停车。", "text_2": "", "new_text": "爱护亭子。", "resolution": second.pk}
    )
    third = make_resolution(town.estate, tasks=0)
    late = bench.post(amend, {**same, "text_1": "改", "resolution": third.pk})
    assert (late.status_code, convention.versions.count()) == (409, 2), "it would undo what the second resolution said"
    assert "别人刚改过" in text_of(late) or "改过" in text_of(late)
    difference = text_of(
        Client().get(
            reverse("deliberation:convention_difference", args=[convention.code]), headers={"accept-language": "en"}
        )
    )
    assert "<ins>" in difference
    assert "<del>" in difference
    assert all(word in difference for word in ("put in:", "taken out:", "struck out", "changed"))
    assert "夜里十点后安静。" in text_of(Client().get(page + "?version=1"))
    for bad in ("?version=9", "?version=x"):
        assert Client().get(page + bad).status_code == 404
    assert Client().get(page + "difference/?old=1&new=7").status_code == 404
    for name in ("conventions", "bench_conventions", "bench_resolutions", "bench_meetings", "meetings", "disputes"):
        assert bench.get(reverse(f"deliberation:{name}")).status_code == 200


@pytest.mark.parametrize("number", [3, 30])
def test_pages_cost_a_fixed_number_of_queries(town: Town, number: int, django_assert_num_queries) -> None:
    for _n in range(number):
        make_meeting(town.estate, lead=town.ours)
    meeting = make_meeting(town.estate, lead=town.ours, agenda=[f"第{n}点" for n in range(number)])
    people = seat(meeting, number)
    write(meeting)
    for point in points_of(meeting):
        said_add(by=EVERYWHERE, point=point, role="居民", text="好", at=DURING)
    minutes_ask(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    approval_give(by=EVERYWHERE, minutes=minutes_of(meeting), person=people[0], agrees=True, at=LATER)
    minutes_publish(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    worker = town.actor("worker", town.ours)
    with django_assert_num_queries(5):
        assert len(list_meetings(at=AT).cards) == min(number + 1, 20)
    with django_assert_num_queries(6):
        assert list_bench(worker, "coming", at=AT).counts["coming"] == number
    code = meeting.activity.code
    with django_assert_num_queries(15):
        page = get_meeting_page(code, by=RESIDENT, person_ids=[people[0].pk], at=LATER)
    assert page.shown is not None
    assert len(page.shown.points) == number
    with django_assert_num_queries(4):
        view_minutes(page.shown.minutes)
    with django_assert_num_queries(3):
        assert len(list_voices(page.shown.minutes)) == number
