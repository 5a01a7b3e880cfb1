"""Resolutions out of meetings and topics, their tasks, and what they open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.activities import EVERYWHERE
from tests.factories.meetings import LATER, make_asked, make_final, make_resolution, minutes_of, points_of
from tests.factories.people import OrganisationFactory
from tests.factories.town import Town
from yiting.deliberation.errors import (
    DueUnfit,
    LinkUnfit,
    MinutesCorrected,
    MinutesNotFinal,
    NotAllowed,
    PointUndecided,
    ResolutionMissing,
    ResolvedAlready,
    TaskDone,
    TopicNotClosed,
    WordsMissing,
    WordsTooLong,
)
from yiting.deliberation.models import Resolution, ResolutionTask, Topic
from yiting.deliberation.queries.resolutions import (
    get_resolution_page,
    list_bench,
    list_board,
    list_for_topic,
)
from yiting.deliberation.services import (
    TaskPlan,
    approval_give,
    minutes_ask,
    minutes_correct,
    resolution_make,
    resolution_open_need,
    task_finish,
    task_follow,
    task_move,
    task_set,
    tasks_follow_up,
)
from yiting.ledger.services import ledger_verify
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 7, 10)


def make_topic(town: Town, *, state: str = Topic.State.CLOSED) -> Topic:
    return Topic.objects.create(
        code="TPC23456",
        question="电动车停在哪里？",
        place=town.estate,
        place_path=town.estate.path,
        origin=Topic.Origin.OFFICE,
        who=Topic.Who.ANYBODY,
        state=state,
        closes_at=LATER,
        opened_at=LATER - timedelta(days=9),
        closed_at=LATER if state == Topic.State.CLOSED else None,
        created_at=LATER,
        changed_at=LATER,
    )


def test_a_point_of_final_minutes_becomes_a_resolution_with_tasks(town: Town) -> None:
    member = town.member("worker", town.theirs)
    task = TaskPlan(what="装充电桩", organisation=town.theirs, due_on=date(2026, 8, 1))
    resolution = make_resolution(town.estate, tasks=[task])
    assert (resolution.place, resolution.decided_on) == (town.estate, date(2026, 7, 9))
    page = get_resolution_page(resolution.code.lower(), at=LATER)
    assert [(one.what, one.organisation, one.is_open) for one in page.card.tasks] == [
        ("装充电桩", "万正社区居委会", True)
    ]
    assert Notice.objects.filter(account=member, subject__contains="装充电桩").count() == 1
    resolution.text = "改掉"
    assert ledger_verify().ok
    resolution.save(update_fields=["text"])
    assert not ledger_verify().ok


def test_the_same_resolution_is_written_once(town: Town) -> None:
    point = points_of(make_final(town.estate))[0]
    resolution_make(by=EVERYWHERE, title="装充电桩", text="装在车棚里。", point=point, at=LATER)
    with pytest.raises(ResolvedAlready):
        resolution_make(by=EVERYWHERE, title="装充电桩", text="装在车棚里。", point=point, at=LATER)
    assert Resolution.objects.count() == 1


def test_what_is_not_decided_or_not_approved_is_no_resolution(town: Town) -> None:
    asked, _persons = make_asked(town.estate)
    with pytest.raises(MinutesNotFinal):
        resolution_make(by=EVERYWHERE, title="一", text="二", point=points_of(asked)[0], at=LATER)
    final = make_final(town.estate)
    with pytest.raises(PointUndecided):
        resolution_make(by=EVERYWHERE, title="一", text="二", point=points_of(final)[1], at=LATER)
    with pytest.raises(ResolutionMissing):
        resolution_make(by=EVERYWHERE, title="一", text="二", at=LATER)
    point = points_of(final)[0]
    for by in (RESIDENT, town.actor("worker", town.theirs), town.actor("deputy", town.ours)):
        with pytest.raises(ResolutionMissing):
            resolution_make(by=by, title="一", text="二", point=point, at=LATER)
    for bad in ({"title": ""}, {"text": " "}):
        with pytest.raises(WordsMissing):
            resolution_make(by=EVERYWHERE, **({"title": "一", "text": "二"} | bad), point=point, at=LATER)
    with pytest.raises(WordsTooLong):
        resolution_make(by=EVERYWHERE, title="一", text="长" * 4_001, point=point, at=LATER)
    for day in (TODAY - timedelta(days=1), date(2040, 1, 1)):
        late = TaskPlan(what="做", organisation=town.ours, due_on=day)
        with pytest.raises(DueUnfit):
            resolution_make(by=EVERYWHERE, title="一", text="二", point=point, tasks=[late], at=LATER)
    assert Resolution.objects.count() == 0


def test_a_decision_of_corrected_minutes_is_taken_from_their_newest_version(town: Town) -> None:
    meeting, persons = make_asked(town.estate)
    said = {"by": EVERYWHERE, "person": persons[0], "agrees": True, "at": LATER}
    approval_give(minutes=minutes_of(meeting), **said)
    old = points_of(meeting)[0]
    minutes_correct(by=EVERYWHERE, meeting=meeting, reason="票数写错了", at=LATER)
    minutes_ask(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    approval_give(minutes=minutes_of(meeting), **said)
    with pytest.raises(MinutesCorrected):
        resolution_make(by=EVERYWHERE, title="一", text="二", point=old, at=LATER)
    assert resolution_make(by=EVERYWHERE, title="一", text="二", point=points_of(meeting)[0], at=LATER).point != old


def test_a_closed_topic_is_resolved_by_its_resolution(town: Town) -> None:
    topic = make_topic(town)
    made = resolution_make(by=town.actor("worker", town.ours), title="装充电桩", text="装十个", topic=topic, at=LATER)
    topic.refresh_from_db()
    assert topic.state == Topic.State.RESOLVED
    assert "装充电桩" in topic.reason
    assert [card.code for card in list_for_topic(topic, today=TODAY)] == [made.code]


def test_a_topic_closed_since_it_was_read_is_resolved_too(town: Town) -> None:
    topic = make_topic(town, state=Topic.State.OPEN)
    Topic.objects.filter(pk=topic.pk).update(state=Topic.State.CLOSED, closed_at=LATER)
    resolution_make(by=town.actor("worker", town.ours), title="装充电桩", text="装十个", topic=topic, at=LATER)
    topic.refresh_from_db()
    assert topic.state == Topic.State.RESOLVED


def test_an_open_topic_gives_no_resolution_of_its_own_but_its_meetings_do(town: Town) -> None:
    topic = make_topic(town, state=Topic.State.OPEN)
    with pytest.raises(TopicNotClosed):
        resolution_make(by=EVERYWHERE, title="一", text="二", topic=topic, at=LATER)
    meeting = make_final(town.estate, topic=topic)
    made = resolution_make(by=EVERYWHERE, title="一", text="二", point=points_of(meeting)[0], at=LATER)
    topic.refresh_from_db()
    assert (made.topic, topic.state) == (topic, Topic.State.OPEN)


def test_whose_task_it_is_follows_it_and_the_office_moves_it(town: Town) -> None:
    resolution = make_resolution(
        town.estate, tasks=[TaskPlan(what="装充电桩", organisation=town.theirs, due_on=date(2026, 8, 1))]
    )
    task = ResolutionTask.objects.get()
    theirs, ours = town.actor("worker", town.theirs), town.actor("worker", town.ours)
    others = [RESIDENT, town.actor("deputy", town.theirs), town.actor("worker", OrganisationFactory())]
    for by in others:
        for act in (
            lambda by=by: task_follow(by=by, task=task, text="在做", at=LATER),
            lambda by=by: task_finish(by=by, task=task, outcome="好了", at=LATER),
            lambda by=by: task_move(by=by, task=task, due_on=date(2026, 9, 1), reason="雨", at=LATER),
            lambda by=by: task_set(
                by=by, resolution=resolution, what="做", organisation=town.ours, due_on=date(2026, 9, 1), at=LATER
            ),
        ):
            with pytest.raises(ResolutionMissing):
                act()
    assert task_follow(by=theirs, task=task, text="已招标，电话 13812345678", at=LATER).text.count("138") == 0
    with pytest.raises(NotAllowed):
        task_move(by=theirs, task=task, due_on=date(2026, 9, 1), reason="雨", at=LATER)
    with pytest.raises(WordsMissing):
        task_move(by=ours, task=task, due_on=date(2026, 9, 1), reason=" ", at=LATER)
    assert task_move(by=ours, task=task, due_on=date(2026, 9, 1), reason="下雨", at=LATER).due_on == date(2026, 9, 1)
    with pytest.raises(WordsMissing):
        task_finish(by=theirs, task=task, outcome="", at=LATER)
    for link in ("http://a.example", "javascript:alert(1)", "https://" + "a" * 400):
        with pytest.raises(LinkUnfit):
            task_finish(by=theirs, task=task, outcome="好了", evidence=link, at=LATER)
    done = task_finish(by=theirs, task=task, outcome="十个桩在车棚里", evidence="https://a.example/p", at=LATER)
    assert (done.done_at, done.outcome) == (LATER, "十个桩在车棚里")
    with pytest.raises(TaskDone):
        task_finish(by=theirs, task=task, outcome="又好了", at=LATER)
    with pytest.raises(TaskDone):
        task_follow(by=ours, task=task, text="再说", at=LATER)


def test_what_is_overdue_is_named_and_reminded_once(town: Town) -> None:
    member = town.member("worker", town.theirs)
    make_resolution(town.estate, tasks=[TaskPlan(what="装桩", organisation=town.theirs, due_on=date(2026, 7, 20))])
    Notice.objects.all().delete()

    def on(day: int) -> int:
        return tasks_follow_up(at=LATER.replace(day=day))

    assert [on(11), on(17), on(18), on(20), on(21), on(25)] == [0, 1, 0, 0, 1, 0]
    assert set(Notice.objects.values_list("account", flat=True)) == {member.pk}
    (card,) = list_board(open_only=True, at=LATER.replace(day=21)).cards
    assert (card.open_tasks, card.overdue_tasks) == (1, 1)
    task = ResolutionTask.objects.get()
    task_finish(by=EVERYWHERE, task=task, outcome="好了", at=LATER)
    assert list_board(open_only=True, at=LATER).cards == []
    assert len(list_board(at=LATER).cards) == 1
    assert on(28) == 0


def test_the_bench_shows_ones_places_and_ones_tasks(town: Town) -> None:
    task = TaskPlan(what="装桩", organisation=town.theirs, due_on=date(2026, 7, 20))
    make_resolution(town.estate, tasks=[task])
    make_resolution(town.estate, title="没有任务", tasks=0)
    ours, theirs = town.actor("worker", town.ours), town.actor("worker", town.theirs)
    assert [len(list_bench(ours, view, at=LATER).cards) for view in ("open", "overdue", "all")] == [1, 0, 2]
    assert [len(list_bench(theirs, view, at=LATER).cards) for view in ("open", "overdue", "all")] == [1, 0, 1]
    assert len(list_bench(theirs, "overdue", at=LATER.replace(day=21)).cards) == 1


def test_a_resolution_opens_one_need(town: Town) -> None:
    resolution = make_resolution(town.estate)
    with pytest.raises(ResolutionMissing):
        resolution_open_need(by=town.actor("worker", town.theirs), resolution=resolution, at=LATER)
    worker = town.actor("worker", town.ours)
    need = resolution_open_need(by=worker, resolution=resolution, at=LATER)
    assert resolution_open_need(by=worker, resolution=resolution, at=LATER) == need
    resolution.refresh_from_db()
    assert (resolution.need, need.place) == (need, town.estate)
    assert ledger_verify().ok


@pytest.mark.parametrize("number", [3, 30])
def test_lists_cost_a_fixed_number_of_queries(town: Town, number: int, django_assert_num_queries) -> None:
    point = points_of(make_final(town.estate))[0]
    task = TaskPlan(what="做", organisation=town.ours, due_on=date(2026, 8, 1))
    for n in range(number):
        made = resolution_make(by=EVERYWHERE, title=f"第{n}个", text="做", point=point, tasks=[task] * 2, at=LATER)
        task_follow(by=EVERYWHERE, task=made.tasks.first() or ResolutionTask(), text="在做", at=LATER)
    with django_assert_num_queries(3):
        assert len(list_board(at=LATER).cards) == min(number, 20)
    worker = town.actor("worker", town.ours)
    with django_assert_num_queries(3):
        assert len(list_bench(worker, "open", at=LATER).cards) == min(number, 20)
