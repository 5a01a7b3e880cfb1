"""Handling and judging: who has it, what the clock waits for, what is answered, who says it is solved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.desks import Desk
from tests.factories.needs import CategoryFactory, say
from tests.factories.people import OrganisationFactory, PersonFactory
from yiting.ledger.queries import list_entries
from yiting.ledger.services import ledger_verify
from yiting.needs import services
from yiting.needs.errors import (
    ChangedMeanwhile,
    ClockAlreadyStopped,
    ClockRuns,
    NeedAlreadyMerged,
    NobodyAssigned,
    NotAmongThoseWhoAsked,
    NotAnsweredYet,
    NoteMissing,
    NotYours,
    StepNotPossible,
)
from yiting.needs.models import Assignment, Judgement, Need, Reply, ReturnReason, SecondLook, State
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Organisation, Person

pytestmark = pytest.mark.django_db

# The Friday before the May holiday of 2024: 28 April and 11 May are worked weekends, 1 to 5 May are free.
FRIDAY = datetime(2024, 4, 26, 2, tzinfo=UTC)
LATER = FRIDAY + timedelta(hours=1)


def beijing(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def resident(number: int = 1) -> Person:
    return PersonFactory(phone=f"138000{number:05d}")


def kinds(need: Need) -> list[str]:
    return [row.kind.removeprefix("needs.") for row in list_entries("needs.need", [str(need.pk)])]


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("id").values_list("subject", flat=True))


@pytest.fixture
def desk() -> Desk:
    return Desk(at=FRIDAY)


@pytest.fixture
def need(desk: Desk) -> Need:
    return say("楼道灯坏了一个多月", desk.estate, resident(), at=FRIDAY).need


@pytest.fixture
def reason() -> ReturnReason:
    services.reasons_load()
    return ReturnReason.objects.get(code="not-ours")


def answered(desk: Desk, need: Need, at: datetime = LATER) -> Need:
    services.need_reply(by=desk.by, need=need, text="灯已经修好。", final=True, at=at)
    need.refresh_from_db()
    return need


class TestGiving:
    def test_a_need_is_given_and_the_organisation_told(self, desk: Desk, need: Need) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        need.refresh_from_db()
        assert (need.handler, need.state, need.is_public) == (desk.office, State.SORTED, True)
        assert Notice.objects.get(account=desk.worker).subject.endswith(need.title)
        assert kinds(need)[-1] == "need.assigned"

    def test_giving_it_to_somebody_else_ends_the_first_giving(self, desk: Desk, need: Need) -> None:
        other = OrganisationFactory(place=desk.community, name="物业")
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        services.need_assign(by=desk.by, need=need, organisation=other, at=LATER + timedelta(hours=1))
        assert Assignment.objects.get(need=need, ended_at__isnull=True).organisation == other
        assert Assignment.objects.filter(need=need).count() == 2

    def test_the_second_of_two_who_give_at_once_is_told(self, desk: Desk, need: Need) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, seen=0, at=LATER)
        with pytest.raises(ChangedMeanwhile):
            services.need_assign(by=desk.by, need=need, organisation=desk.street, seen=0, at=LATER)
        assert Need.objects.get(pk=need.pk).handler == desk.office

    def test_taking_it_on_begins_the_doing_and_twice_is_once(self, desk: Desk, need: Need) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        first = services.assignment_accept(by=desk.by, need=need, at=LATER)
        again = services.assignment_accept(by=desk.by, need=need, at=LATER + timedelta(days=1))
        assert first.accepted_at == again.accepted_at == LATER
        need.refresh_from_db()
        assert need.state == State.DOING
        assert kinds(need).count("need.accepted") == 1

    def test_nobody_takes_on_what_is_not_given_to_them(self, desk: Desk, need: Need) -> None:
        with pytest.raises(NobodyAssigned):
            services.assignment_accept(by=desk.by, need=need, at=LATER)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        with pytest.raises(NobodyAssigned):
            services.assignment_accept(by=Desk("别处", at=FRIDAY).by, need=need, at=LATER)

    def test_a_member_of_the_organisation_takes_on_without_working_at_the_place(self, desk: Desk, need: Need) -> None:
        there = Desk("别处", at=FRIDAY)
        services.need_assign(by=desk.by, need=need, organisation=there.office, at=LATER)
        assert services.assignment_accept(by=there.by, need=need, at=LATER).accepted_at == LATER

    def test_a_deputy_at_the_organisation_looks_on(self, desk: Desk, need: Need) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        deputy = desk.actor(desk.member("deputy", desk.office))
        with pytest.raises(NobodyAssigned):
            services.assignment_accept(by=deputy, need=need, at=LATER)


class TestSayingNo:
    def test_a_hand_back_has_a_published_reason_words_and_a_route(
        self, desk: Desk, need: Need, reason: ReturnReason
    ) -> None:
        route = OrganisationFactory(place=desk.street.place, name="城管局", kind=Organisation.Kind.DEPARTMENT)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        services.assignment_accept(by=desk.by, need=need, at=LATER)
        services.assignment_return(
            by=desk.by, need=need, reason=reason, note="路灯归城管局。", route_to=route, at=LATER
        )
        need.refresh_from_db()
        assert (need.handler, need.state) == (None, State.SORTED)
        entry = list_entries("needs.need", [str(need.pk)])[-1]
        assert entry.facts == {
            "organisation": desk.office.name,
            "reason": "不归我们管",
            "note": "路灯归城管局。",
            "route_to": "城管局",
        }
        services.need_assign(by=desk.by, need=need, organisation=route, at=LATER)
        assert Need.objects.get(pk=need.pk).handler == route

    def test_a_hand_back_without_words_is_refused(self, desk: Desk, need: Need, reason: ReturnReason) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        with pytest.raises(NoteMissing):
            services.assignment_return(by=desk.by, need=need, reason=reason, note="  ", at=LATER)
        assert Need.objects.get(pk=need.pk).handler == desk.office

    @pytest.mark.parametrize(("code", "leaves_the_base"), [("not-ours", True), ("answered", False)])
    def test_a_need_is_ended_by_a_reason_and_everybody_told(
        self, desk: Desk, need: Need, reason: ReturnReason, code: str, leaves_the_base: bool
    ) -> None:
        reason = ReturnReason.objects.get(code=code)
        services.clock_pause(by=desk.by, need=need, waiting_for="城管局", at=LATER)
        ended = services.need_return(by=desk.by, need=need, reason=reason, note="请找城管局。", at=LATER)
        assert (ended.state, ended.due_at, ended.waiting_since) == (State.RETURNED, None, None)
        assert (ended.excluded_reason is not None) is leaves_the_base
        [subject] = told(need.requests.get().person)
        assert reason.name in subject
        assert Reply.objects.get(need=need).text == "请找城管局。"

    def test_what_has_a_result_cannot_be_ended_by_a_reason(self, desk: Desk, need: Need, reason: ReturnReason) -> None:
        answered(desk, need)
        with pytest.raises(StepNotPossible):
            services.need_return(by=desk.by, need=need, reason=reason, note="不办了", at=LATER)
        assert not Notice.objects.filter(subject__contains=reason.name).exists()


class TestClock:
    @pytest.mark.parametrize(
        ("urgency", "due"),
        [("urgent", beijing(4, 28, 18)), ("soon", beijing(5, 7, 18)), ("normal", beijing(5, 13, 18))],
    )
    def test_the_deadline_counts_working_days_over_the_holiday(
        self, desk: Desk, need: Need, urgency: str, due: datetime
    ) -> None:
        held = services.need_sort(by=desk.by, need=need, urgency=urgency, at=LATER)
        assert held.due_at == due

    def test_a_category_sets_its_own_days_and_passes_them_down(self, desk: Desk, need: Need) -> None:
        top = CategoryFactory(name="安全", days_normal=3)
        below = CategoryFactory(name="燃气", parent=top, days_urgent=2)
        held = services.need_sort(by=desk.by, need=need, category=below, at=LATER)
        assert held.due_at == beijing(4, 30, 18)
        held = services.need_sort(by=desk.by, need=need, urgency="urgent", at=LATER)
        assert held.due_at == beijing(4, 29, 18)

    def test_the_clock_stands_still_and_gives_back_exactly_the_office_time(self, desk: Desk, need: Need) -> None:
        services.need_sort(by=desk.by, need=need, urgency="soon", at=FRIDAY)
        services.clock_pause(by=desk.by, need=need, waiting_for="供电公司", at=beijing(4, 29, 10))
        held = Need.objects.get(pk=need.pk)
        assert (held.due_at, held.waiting_for, held.waiting_since) == (None, "供电公司", beijing(4, 29, 10))
        held = services.clock_resume(by=desk.by, need=need, at=beijing(4, 30, 15, 30))
        # 8 hours on Monday and 6.5 on Tuesday: a day and 5.5 hours after Tuesday, 7 May
        assert held.due_at == beijing(5, 9, 14, 30)
        assert (held.waiting_for, held.waiting_since) == ("", None)

    def test_waiting_through_a_holiday_gives_nothing_back(self, desk: Desk, need: Need) -> None:
        services.clock_pause(by=desk.by, need=need, waiting_for="居民", at=beijing(4, 30, 18))
        held = services.clock_resume(by=desk.by, need=need, at=beijing(5, 6, 9))
        assert held.due_at == beijing(5, 13, 18)

    def test_two_pauses_add_up(self, desk: Desk, need: Need) -> None:
        for day in (28, 29):
            services.clock_pause(by=desk.by, need=need, waiting_for="物业", at=beijing(4, day, 9))
            held = services.clock_resume(by=desk.by, need=need, at=beijing(4, day, 12))
        assert held.due_at == beijing(5, 14, 15)

    def test_the_one_waited_for_is_named_and_the_clock_stops_once(self, desk: Desk, need: Need) -> None:
        with pytest.raises(NoteMissing):
            services.clock_pause(by=desk.by, need=need, waiting_for=" ", at=LATER)
        with pytest.raises(ClockRuns):
            services.clock_resume(by=desk.by, need=need, at=LATER)
        services.clock_pause(by=desk.by, need=need, waiting_for="物业", at=LATER)
        with pytest.raises(ClockAlreadyStopped, match="物业"):
            services.clock_pause(by=desk.by, need=need, waiting_for="城管局", at=LATER)

    def test_who_holds_it_is_reminded_once_before_and_once_after(self, desk: Desk, need: Need) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=LATER)
        Notice.objects.all().delete()
        assert services.reminders_send(at=beijing(5, 1, 9)) == 0
        near = [services.reminders_send(at=beijing(5, 12, 9)), services.reminders_send(at=beijing(5, 13, 9))]
        late = [services.reminders_send(at=beijing(5, 14, 9)), services.reminders_send(at=beijing(5, 15, 9))]
        assert (near, late) == ([1, 0], [1, 0])
        assert Notice.objects.filter(account=desk.worker).count() == 2


class TestAnswering:
    def test_every_voice_is_answered_once(self, desk: Desk, need: Need) -> None:
        twice, joined, merged = need.requests.get().person, resident(2), resident(3)
        say("还是没修", desk.estate, twice, need=need, at=FRIDAY)
        services.support_add(by=RESIDENT, need=need, person=twice, at=FRIDAY)
        services.support_add(by=RESIDENT, need=need, person=joined, at=FRIDAY)
        other = say("二单元灯也坏了", desk.estate, merged, at=FRIDAY).need
        services.needs_merge(by=desk.by, keep=need, absorb=other, at=FRIDAY)
        services.need_reply(by=desk.by, need=need, text="周五来修。", at=LATER)
        assert [len(told(person)) for person in (twice, joined, merged)] == [1, 1, 1]

    def test_who_took_the_me_too_back_hears_nothing(self, desk: Desk, need: Need) -> None:
        gone = resident(2)
        services.support_add(by=RESIDENT, need=need, person=gone, at=FRIDAY)
        services.support_withdraw(by=RESIDENT, need=need, person=gone, at=FRIDAY)
        services.need_reply(by=desk.by, need=need, text="周五来修。", at=LATER)
        assert told(gone) == []

    def test_an_interim_answer_changes_no_state(self, desk: Desk, need: Need) -> None:
        before = (need.state, need.due_at)
        services.need_reply(by=desk.by, need=need, text="已经联系物业。", at=LATER)
        need.refresh_from_db()
        assert (need.state, need.due_at) == before
        assert not SecondLook.objects.exists()

    def test_the_result_asks_for_judgement_and_stops_the_clock(self, desk: Desk, need: Need) -> None:
        services.clock_pause(by=desk.by, need=need, waiting_for="物业", at=LATER)
        need = answered(desk, need)
        assert (need.state, need.answered_at, need.due_at) == (State.JUDGING, LATER, None)
        assert need.waiting_since is None
        assert list(SecondLook.objects.order_by("days").values_list("days", "due_at")) == [
            (30, LATER + timedelta(days=30)),
            (180, LATER + timedelta(days=180)),
        ]

    def test_a_second_result_is_refused_and_tells_nobody(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        with pytest.raises(StepNotPossible):
            services.need_reply(by=desk.by, need=need, text="又修好了", final=True, at=LATER)
        assert Reply.objects.filter(need=need).count() == 1
        assert len(told(need.requests.get().person)) == 1

    def test_nothing_is_answered_with_nothing(self, desk: Desk, need: Need) -> None:
        with pytest.raises(NoteMissing):
            services.need_reply(by=desk.by, need=need, text=" \n", at=LATER)

    def test_what_was_merged_is_answered_through_the_need_that_stands(self, desk: Desk, need: Need) -> None:
        other = say("灯坏了", desk.estate, resident(2), at=FRIDAY).need
        services.needs_merge(by=desk.by, keep=need, absorb=other, at=FRIDAY)
        with pytest.raises(NeedAlreadyMerged):
            services.need_reply(by=desk.by, need=other, text="修好了", at=LATER)


class TestJudging:
    def judge(self, need: Need, person: Person, verdict: str, **more) -> Judgement:
        at = more.pop("at", LATER + timedelta(days=1))
        return services.judgement_give(by=RESIDENT, need=need, person=person, verdict=verdict, at=at, **more)

    def test_all_solved_closes_it(self, desk: Desk, need: Need) -> None:
        first, second = need.requests.get().person, resident(2)
        services.support_add(by=RESIDENT, need=need, person=second, at=FRIDAY)
        need = answered(desk, need)
        self.judge(need, first, "solved")
        assert Need.objects.get(pk=need.pk).state == State.JUDGING
        self.judge(need, second, "solved")
        need.refresh_from_db()
        assert (need.state, need.closed_at) == (State.CLOSED, LATER + timedelta(days=1))

    def test_partly_neither_closes_nor_reopens(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        self.judge(need, need.requests.get().person, "partly", word="亮了一半")
        need.refresh_from_db()
        assert (need.state, need.unsolved) == (State.JUDGING, False)

    def test_not_reopens_and_tells_who_did_it_and_one_level_up(self, desk: Desk, need: Need) -> None:
        above = desk.member("street", desk.street)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=FRIDAY)
        need = answered(desk, need)
        Notice.objects.all().delete()
        self.judge(need, need.requests.get().person, "not", word="还是黑的")
        need.refresh_from_db()
        assert (need.state, need.unsolved, need.closed_at) == (State.DOING, True, None)
        assert set(Notice.objects.values_list("account", flat=True)) == {desk.worker.pk, above.pk}
        assert kinds(need)[-1] == "need.reopened"

    def test_a_second_no_does_not_reopen_again(self, desk: Desk, need: Need) -> None:
        first, second = need.requests.get().person, resident(2)
        services.support_add(by=RESIDENT, need=need, person=second, at=FRIDAY)
        need = answered(desk, need)
        self.judge(need, first, "not")
        with pytest.raises(NotAnsweredYet):
            self.judge(need, second, "not")
        self.judge(need, first, "partly")
        assert kinds(need).count("need.reopened") == 1
        assert Judgement.objects.get(need=need).verdict == "partly"

    def test_a_new_result_takes_the_unsolved_mark_away(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        self.judge(need, need.requests.get().person, "not")
        need = answered(desk, need, at=LATER + timedelta(days=3))
        assert (need.state, need.unsolved) == (State.JUDGING, False)

    def test_a_verdict_can_be_changed_and_is_one(self, desk: Desk, need: Need) -> None:
        person, other = need.requests.get().person, resident(2)
        services.support_add(by=RESIDENT, need=need, person=other, at=FRIDAY)
        need = answered(desk, need)
        self.judge(need, person, "partly")
        self.judge(need, person, "solved")
        assert [row.verdict for row in Judgement.objects.filter(need=need)] == ["solved"]

    def test_only_those_who_asked_judge_and_only_a_result(self, desk: Desk, need: Need) -> None:
        with pytest.raises(NotAnsweredYet):
            self.judge(need, need.requests.get().person, "solved")
        need = answered(desk, need)
        with pytest.raises(NotAmongThoseWhoAsked):
            self.judge(need, resident(9), "not")
        assert Need.objects.get(pk=need.pk).state == State.JUDGING

    def test_silence_closes_without_a_verdict(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        assert services.quiet_close(at=LATER + timedelta(days=15)) == 0
        assert services.quiet_close(at=LATER + timedelta(days=16)) == 1
        assert services.quiet_close(at=LATER + timedelta(days=17)) == 0
        need.refresh_from_db()
        assert need.state == State.CLOSED
        assert not Judgement.objects.exists()
        assert list_entries("needs.need", [str(need.pk)])[-1].facts == {"by": "silence"}

    def test_after_silence_a_no_still_reopens(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        services.quiet_close(at=LATER + timedelta(days=16))
        self.judge(need, need.requests.get().person, "not", look=30, at=LATER + timedelta(days=31))
        need.refresh_from_db()
        assert (need.state, need.unsolved, need.closed_at) == (State.DOING, True, None)

    def test_second_looks_are_asked_once_each(self, desk: Desk, need: Need) -> None:
        person = need.requests.get().person
        answered(desk, need)
        Notice.objects.all().delete()
        asked = [services.looks_ask(at=LATER + timedelta(days=days)) for days in (29, 30, 31, 180, 181)]
        assert asked == [0, 1, 0, 1, 0]
        assert len(told(person)) == 2

    def test_a_reopened_need_is_not_asked_about(self, desk: Desk, need: Need) -> None:
        need = answered(desk, need)
        self.judge(need, need.requests.get().person, "not")
        assert services.looks_ask(at=LATER + timedelta(days=31)) == 0


class TestWhoMay:
    @pytest.fixture(params=["elsewhere", "deputy", "resident", "nobody"])
    def stranger(self, request: pytest.FixtureRequest, desk: Desk) -> Actor:
        if request.param == "elsewhere":
            return Desk("别处", at=FRIDAY).by
        if request.param == "deputy":
            return desk.actor(desk.member("deputy", desk.office))
        if request.param == "resident":
            return desk.actor(desk.member("resident", desk.office))
        return RESIDENT

    @pytest.mark.parametrize(
        ("act", "more"),
        [
            ("need_return", {"reason": None, "note": "不办"}),
            ("clock_pause", {"waiting_for": "物业"}),
            ("clock_resume", {}),
            ("need_reply", {"text": "好"}),
            ("need_discuss", {}),
        ],
    )
    def test_no_act_is_open_to_others(self, need: Need, stranger: Actor, act: str, more: dict) -> None:
        with pytest.raises(NotYours):
            getattr(services, act)(by=stranger, need=need, at=LATER, **more)

    def test_nobody_else_gives_or_chooses(self, desk: Desk, need: Need, stranger: Actor) -> None:
        with pytest.raises(NotYours):
            services.need_assign(by=stranger, need=need, organisation=desk.office, at=LATER)
        with pytest.raises(NotYours):
            services.needs_choose(by=stranger, needs=[need], note="凉亭", at=LATER)
        need.refresh_from_db()
        assert (need.state, need.version, need.handler) == (State.HEARD, 0, None)

    def test_the_street_office_works_in_its_communities(self, desk: Desk, need: Need) -> None:
        above = desk.actor(desk.member("street", desk.street))
        services.need_assign(by=above, need=need, organisation=desk.office, at=LATER)
        assert Need.objects.get(pk=need.pk).handler == desk.office


def test_the_way_to_a_project_and_back(desk: Desk, need: Need) -> None:
    services.needs_choose(by=desk.by, needs=[need], note="凉亭", at=LATER)
    services.needs_build(by=desk.by, needs=[need], note="凉亭", at=LATER)
    services.needs_deliver(by=desk.by, needs=[need], note="凉亭建好了", at=LATER)
    need.refresh_from_db()
    assert (need.state, need.answered_at, need.due_at) == (State.JUDGING, LATER, None)
    assert len(told(need.requests.get().person)) == 1
    services.needs_reopen(by=desk.by, needs=[need], note="漏雨", at=LATER)
    need.refresh_from_db()
    assert (need.state, need.unsolved) == (State.DOING, True)
    services.needs_release(by=desk.by, needs=[need], note="停建", at=LATER)
    assert Need.objects.get(pk=need.pk).state == State.SORTED
    assert ledger_verify().ok


def test_a_need_is_taken_to_the_pavilion_once_it_is_sorted(desk: Desk, need: Need) -> None:
    with pytest.raises(StepNotPossible):
        services.need_discuss(by=desk.by, need=need, at=LATER)
    services.need_sort(by=desk.by, need=need, at=LATER)
    assert services.need_discuss(by=desk.by, need=need, at=LATER).state == State.DISCUSSED
