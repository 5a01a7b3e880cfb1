"""Calling a meeting, writing its minutes as it goes, and who approves of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.activities import AT, EVERYWHERE, make_plan
from tests.factories.meetings import (
    DURING,
    LATER,
    make_asked,
    make_final,
    make_meeting,
    minutes_of,
    points_of,
    seat,
    write,
)
from tests.factories.needs import public_need
from tests.factories.people import AccountFactory, PersonFactory
from tests.factories.town import Town
from yiting.activities.errors import NotYet
from yiting.activities.models import Activity
from yiting.activities.services import activity_cancel, check_in
from yiting.deliberation.errors import (
    AgendaUnfit,
    AnsweredThemselves,
    ChangedMeanwhile,
    MeetingCancelled,
    MeetingElsewhere,
    MeetingMissing,
    MinutesEmpty,
    MinutesNotAsked,
    MinutesNotFinal,
    MinutesNotOpen,
    NotAllowed,
    NotThere,
    NumberUnfit,
    QuorumMissed,
    TooFewThere,
    WordsMissing,
    WordsTooLong,
)
from yiting.deliberation.models import Approval, Meeting, MeetingInvitation, Minutes, Said
from yiting.deliberation.services import (
    AgendaItem,
    Kept,
    approval_give,
    meeting_call,
    meeting_rules_set,
    minutes_ask,
    minutes_correct,
    minutes_publish,
    minutes_take_back,
    point_add,
    point_keep,
    said_add,
    said_remove,
)
from yiting.ledger.models import Entry, Opening
from yiting.ledger.services import ledger_verify
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.people.queries import get_actor
from yiting.people.services import person_erase, person_export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_meeting_is_an_activity_with_an_agenda_and_stands_in_its_calendar(town: Town) -> None:
    worker, guest = town.actor("worker", town.ours), town.member("worker", town.theirs)
    deputy = town.member("deputy", town.ours)
    meeting = make_meeting(
        town.estate, by=worker, invite=[town.theirs, town.theirs], invite_roles=["deputy"], quorum=3, lead=town.ours
    )
    assert [point.title for point in points_of(meeting)] == ["电动车停放", "亭子的维护"]
    assert all(point.announced for point in points_of(meeting))
    assert minutes_of(meeting).state == "draft"
    calendar = Client().get(reverse("activities:feed_place", args=[town.estate.pk])).content.decode()
    assert "小区议事会" in calendar
    assert "2. 亭子的维护" in calendar
    assert set(Notice.objects.values_list("account", flat=True)) == {guest.pk, deputy.pk}
    assert MeetingInvitation.objects.count() == 2
    assert Entry.objects.filter(kind="deliberation.meeting.called", role=worker.role_label).exists()


def test_only_those_who_work_in_the_place_call_and_keep_a_meeting(town: Town) -> None:
    meeting = make_meeting(town.estate)
    (point, _second) = points_of(meeting)
    strangers = [
        RESIDENT,
        town.actor("worker", town.theirs),
        town.actor("deputy", town.ours),
        town.actor("alliance", town.ours),
        town.actor("resident", town.ours),
    ]
    for by in strangers:
        with pytest.raises(MeetingMissing):
            meeting_call(by=by, plan=make_plan(town.estate, kind="meeting"), agenda=[AgendaItem(title="一")], at=AT)
        with pytest.raises(MeetingMissing):
            point_add(by=by, meeting=meeting, title="二", at=AT)
        with pytest.raises(MeetingMissing):
            point_keep(by=by, point=point, kept=Kept(decision="行"), at=AT)
        with pytest.raises(MeetingMissing):
            said_add(by=by, point=point, role="居民", text="好", at=AT)
        with pytest.raises(MeetingMissing):
            meeting_rules_set(by=by, meeting=meeting, quorum=1, approvals_needed=1, at=AT)
        for act in (minutes_ask, minutes_take_back, minutes_publish):
            with pytest.raises(MeetingMissing):
                act(by=by, minutes=minutes_of(meeting), at=LATER)
        with pytest.raises(MeetingMissing):
            minutes_correct(by=by, meeting=meeting, reason="错字", at=LATER)
    for by in (town.actor("worker", town.ours), town.actor("street", town.office), town.actor("admin", town.office)):
        said_add(by=by, point=point, role="居民", text="好", at=AT)
    assert Meeting.objects.count() == 1


def test_bad_input_is_refused_and_nothing_is_kept(town: Town) -> None:
    plan = make_plan(town.estate, kind="meeting")
    for agenda in ([], [AgendaItem(title="一")] * 31):
        with pytest.raises(AgendaUnfit, match="1 to 30"):
            meeting_call(by=EVERYWHERE, plan=plan, agenda=agenda, at=AT)
    with pytest.raises(WordsMissing, match="Point of the agenda"):
        meeting_call(by=EVERYWHERE, plan=plan, agenda=[AgendaItem(title=" \x00 ")], at=AT)
    with pytest.raises(WordsTooLong, match="121 characters"):
        meeting_call(by=EVERYWHERE, plan=plan, agenda=[AgendaItem(title="长" * 121)], at=AT)
    for rules in ({"quorum": -1}, {"quorum": 5_001}, {"approvals_needed": 0}, {"approvals_needed": 501}):
        with pytest.raises(NumberUnfit):
            meeting_call(by=EVERYWHERE, plan=plan, agenda=[AgendaItem(title="一")], at=AT, **rules)
    with pytest.raises(ValueError, match="kind"):
        meeting_call(by=EVERYWHERE, plan=make_plan(town.estate), agenda=[AgendaItem(title="一")], at=AT)
    with pytest.raises(ValueError, match="not a role"):
        meeting_call(by=EVERYWHERE, plan=plan, agenda=[AgendaItem(title="一")], invite_roles=["boss"], at=AT)
    assert (Meeting.objects.count(), Activity.objects.count()) == (0, 0)
    meeting = make_meeting(town.estate)
    (point, _second) = points_of(meeting)
    for votes in (-1, 100_001):
        with pytest.raises(NumberUnfit):
            point_keep(by=EVERYWHERE, point=point, kept=Kept(votes_for=votes), at=DURING)
    with pytest.raises(WordsTooLong, match="1001 characters"):
        point_keep(by=EVERYWHERE, point=point, kept=Kept(decision="长" * 1001), at=DURING)
    for role, text in (("", "好"), ("居民", "")):
        with pytest.raises(WordsMissing):
            said_add(by=EVERYWHERE, point=point, role=role, text=text, at=DURING)


def test_a_point_about_another_place_is_refused(town: Town) -> None:
    need = public_need("水管漏水了，请来看看", town.there)
    with pytest.raises(MeetingElsewhere):
        meeting_call(
            by=EVERYWHERE,
            plan=make_plan(town.estate, kind="meeting"),
            agenda=[AgendaItem(title="一", need=need)],
            at=AT,
        )
    meeting = make_meeting(town.there)
    assert point_add(by=EVERYWHERE, meeting=meeting, title="水管", need=need, at=AT).need == need


def test_points_are_saved_one_by_one_and_nobody_overwrites_another() -> None:
    meeting = make_meeting()
    first, second = points_of(meeting)
    kept = Kept(decision="装充电桩", votes_for=5, votes_against=1)
    point_keep(by=EVERYWHERE, point=first, kept=kept, seen=0, at=DURING)
    with pytest.raises(ChangedMeanwhile):
        point_keep(by=EVERYWHERE, point=first, kept=replace(kept, decision="不装"), seen=0, at=DURING)
    point_keep(by=EVERYWHERE, point=second, kept=Kept(dissent="太贵"), seen=0, at=DURING)
    first.refresh_from_db()
    assert (first.decision, first.votes_for, first.abstained, first.version) == ("装充电桩", 5, None, 1)
    came_up = point_add(by=EVERYWHERE, meeting=meeting, title="临时：路灯", at=DURING)
    assert (came_up.position, came_up.announced) == (3, False)
    line = said_add(by=EVERYWHERE, point=first, role="楼栋长", text="同意", at=DURING)
    said_remove(by=EVERYWHERE, said=line, at=DURING)
    assert Said.objects.count() == 0


def test_numbers_that_belong_to_a_person_never_enter_the_minutes() -> None:
    meeting = make_meeting(agenda=["联系 13812345678 的事"])
    (point,) = points_of(meeting)
    said_add(by=EVERYWHERE, point=point, role="居民 13812345678", text="打我电话 13812345678", at=DURING)
    point_keep(by=EVERYWHERE, point=point, kept=Kept(decision="问 13812345678", dissent="13812345678"), at=DURING)
    (point,) = points_of(meeting)
    (line,) = point.said.all()
    stored = " ".join([point.title, point.decision, point.dissent, line.role, line.text])
    assert "138" not in stored
    assert "13812345678" not in "".join(Opening.objects.values_list("facts", flat=True))


def test_asking_needs_a_meeting_that_was_words_and_enough_people() -> None:
    meeting = make_meeting(quorum=3, approvals_needed=2)
    minutes = minutes_of(meeting)
    with pytest.raises(NotYet):
        minutes_ask(by=EVERYWHERE, minutes=minutes, at=AT)
    with pytest.raises(MinutesEmpty):
        minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER)
    point = write(meeting)
    with pytest.raises(QuorumMissed, match="0 were there, and 3"):
        minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER)
    check_in(by=EVERYWHERE, activity=meeting.activity, heads=2, at=DURING)
    seat(meeting, 1)
    with pytest.raises(TooFewThere, match="2 must approve, but only 1"):
        minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER)
    meeting_rules_set(by=EVERYWHERE, meeting=meeting, quorum=3, approvals_needed=1, at=LATER)
    assert minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER).state == "asked"
    for act in (
        lambda: point_keep(by=EVERYWHERE, point=point, kept=Kept(), at=LATER),
        lambda: said_add(by=EVERYWHERE, point=point, role="居民", text="再说一句", at=LATER),
        lambda: point_add(by=EVERYWHERE, meeting=meeting, title="三", at=LATER),
        lambda: minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER),
        lambda: meeting_rules_set(by=EVERYWHERE, meeting=meeting, quorum=0, approvals_needed=1, at=LATER),
    ):
        with pytest.raises(MinutesNotOpen):
            act()


def test_below_the_quorum_words_may_stand_without_a_decision() -> None:
    meeting = make_meeting(quorum=30)
    seat(meeting, 1)
    write(meeting, decision="")
    assert minutes_ask(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER).state == "asked"


def test_those_who_were_there_approve_until_enough_have() -> None:
    meeting, (first, second, third) = make_asked(approvals_needed=2)
    minutes = minutes_of(meeting)
    with pytest.raises(NotThere):
        approval_give(by=RESIDENT, minutes=minutes, person=PersonFactory(), agrees=True, at=LATER)
    with pytest.raises(NotThere):
        approval_give(by=EVERYWHERE, minutes=minutes, agrees=True, at=LATER)
    with pytest.raises(WordsMissing, match="Your word"):
        approval_give(by=RESIDENT, minutes=minutes, person=first, agrees=False, at=LATER)
    approval_give(by=RESIDENT, minutes=minutes, person=first, agrees=False, word="票数不对，问13812345678", at=LATER)
    approval_give(by=RESIDENT, minutes=minutes, person=second, agrees=True, at=LATER)
    approval_give(by=RESIDENT, minutes=minutes, person=second, agrees=True, at=LATER)
    assert minutes_of(meeting).state == "asked"
    approval_give(by=RESIDENT, minutes=minutes, person=third, agrees=True, at=LATER)
    final = minutes_of(meeting)
    assert (final.state, final.final_at) == ("final", LATER)
    with pytest.raises(MinutesNotAsked):
        approval_give(by=RESIDENT, minutes=minutes, person=first, agrees=True, at=LATER)
    objection = Approval.objects.get(agrees=False)
    assert "票数不对" in objection.word
    assert "138" not in objection.word
    assert Entry.objects.get(kind="deliberation.minutes.final").is_public
    assert not Entry.objects.filter(kind="deliberation.approval.given", is_public=True).exists()
    assert ledger_verify().ok


def test_what_somebody_said_themselves_is_not_overwritten_for_them(town: Town) -> None:
    meeting, (first, second, _third) = make_asked(town.estate, approvals_needed=1)
    minutes, keeper = minutes_of(meeting), town.actor("worker", town.ours)
    approval_give(by=RESIDENT, minutes=minutes, person=first, agrees=False, word="票数不对", at=LATER)
    with pytest.raises(AnsweredThemselves):
        approval_give(by=keeper, minutes=minutes, person=first, agrees=True, at=LATER)
    approval_give(by=keeper, minutes=minutes, person=second, agrees=False, word="说得太快", at=LATER)
    approval_give(by=RESIDENT, minutes=minutes, person=second, agrees=True, at=LATER)
    final = Entry.objects.get(kind="deliberation.minutes.final")
    facts = Opening.objects.get(entry=final).facts.replace(" ", "")
    assert '"approvals":1' in facts
    assert '"objections":1' in facts
    assert '"written_down":0' in facts
    roles = Entry.objects.filter(kind="deliberation.approval.given").order_by("pk").values_list("role", flat=True)
    assert [role == "resident" for role in roles] == [True, False, True]


def test_who_came_after_the_minutes_were_asked_about_approves_nothing(town: Town) -> None:
    meeting, _persons = make_asked(town.estate)
    late = PersonFactory()
    check_in(by=EVERYWHERE, activity=meeting.activity, person=late, at=LATER + timedelta(hours=1))
    with pytest.raises(NotThere):
        approval_give(by=RESIDENT, minutes=minutes_of(meeting), person=late, agrees=True, at=LATER + timedelta(hours=2))


def test_nobody_answers_for_another(town: Town) -> None:
    meeting, (person, *_others) = make_asked(town.estate)
    check_in(by=EVERYWHERE, activity=meeting.activity, organisation=town.theirs, heads=2, at=DURING)
    account = AccountFactory()
    PersonFactory(account=account)
    minutes = minutes_of(meeting)
    with pytest.raises(NotAllowed):
        approval_give(by=get_actor(account), minutes=minutes, person=person, agrees=True, at=LATER)
    with pytest.raises(NotAllowed):
        approval_give(by=RESIDENT, minutes=minutes, organisation=town.theirs, agrees=True, at=LATER)
    theirs = town.actor("worker", town.theirs)
    assert approval_give(by=theirs, minutes=minutes, organisation=town.theirs, agrees=True, at=LATER).agrees
    ours = town.actor("worker", town.ours)
    assert minutes_of(meeting).state == "final"
    with pytest.raises(MinutesNotAsked):
        approval_give(by=ours, minutes=minutes, person=person, agrees=True, at=LATER)


def test_minutes_taken_back_are_asked_about_anew() -> None:
    meeting, (person, *_others) = make_asked(approvals_needed=2)
    minutes = minutes_of(meeting)
    approval_give(by=RESIDENT, minutes=minutes, person=person, agrees=False, word="少了一票", at=LATER)
    minutes_take_back(by=EVERYWHERE, minutes=minutes, at=LATER)
    assert (minutes_of(meeting).state, Approval.objects.count()) == ("draft", 0)
    with pytest.raises(MinutesNotAsked):
        minutes_take_back(by=EVERYWHERE, minutes=minutes, at=LATER)
    with pytest.raises(MinutesNotAsked):
        approval_give(by=RESIDENT, minutes=minutes, person=person, agrees=True, at=LATER)
    point_keep(by=EVERYWHERE, point=points_of(meeting)[0], kept=Kept(decision="改过", votes_for=6), at=LATER)
    assert minutes_ask(by=EVERYWHERE, minutes=minutes, at=LATER).state == "asked"


def test_a_correction_is_a_new_version_and_the_old_stays() -> None:
    meeting = make_final()
    old = minutes_of(meeting)
    with pytest.raises(MinutesNotOpen):
        point_keep(by=EVERYWHERE, point=points_of(meeting)[0], kept=Kept(), at=LATER)
    with pytest.raises(WordsMissing):
        minutes_correct(by=EVERYWHERE, meeting=meeting, reason=" ", at=LATER)
    fresh = minutes_correct(by=EVERYWHERE, meeting=meeting, reason="票数写错了", at=LATER)
    with pytest.raises(MinutesNotFinal):
        minutes_correct(by=EVERYWHERE, meeting=meeting, reason="再改", at=LATER)
    with pytest.raises(MinutesNotFinal):
        minutes_publish(by=EVERYWHERE, minutes=fresh, at=LATER)
    (point, _second) = points_of(meeting)
    point_keep(by=EVERYWHERE, point=point, kept=Kept(decision="改过的决定", votes_for=6), at=LATER)
    before = old.points.get(position=1)
    assert (before.decision, before.votes_for) == ("车棚装充电桩，楼道不停车。", 5)
    assert [one.text for one in point.said.all()] == [one.text for one in before.said.all()]
    assert list(meeting.minutes.order_by("number").values_list("number", "state")) == [(1, "final"), (2, "draft")]
    minutes_publish(by=EVERYWHERE, minutes=old, at=LATER)
    minutes_publish(by=EVERYWHERE, minutes=old, at=LATER + timedelta(days=1))
    assert Minutes.objects.get(pk=old.pk).published_at == LATER
    assert Entry.objects.filter(kind="deliberation.minutes.published").count() == 1


def test_final_minutes_cannot_be_changed_behind_the_ledger() -> None:
    meeting = make_final()
    assert ledger_verify().ok
    points_of(meeting)[0].said.update(text="没有人说过的话")
    assert not ledger_verify().ok


def test_a_cancelled_meeting_has_no_minutes() -> None:
    meeting = make_meeting()
    activity_cancel(by=EVERYWHERE, activity=meeting.activity, reason="雨", at=AT)
    with pytest.raises(MeetingCancelled):
        write(meeting)
    with pytest.raises(MeetingCancelled):
        minutes_ask(by=EVERYWHERE, minutes=minutes_of(meeting), at=LATER)
    with pytest.raises(MeetingMissing):
        minutes_ask(by=EVERYWHERE, minutes=Minutes(pk=0), at=LATER)


def test_a_person_gets_their_answers_out_and_their_words_are_forgotten() -> None:
    meeting, (person, *_others) = make_asked(approvals_needed=2)
    minutes = minutes_of(meeting)
    approval_give(by=RESIDENT, minutes=minutes, person=person, agrees=False, word="少了一票", at=LATER)
    (copy,) = person_export(by=EVERYWHERE, person=person, at=LATER)["meetings"]
    assert (copy["agrees"], copy["word"], copy["meeting"]) == (False, "少了一票", meeting.activity.code)
    person_erase(by=EVERYWHERE, person=person, at=LATER)
    assert (Approval.objects.get().word, Approval.objects.get().agrees) == ("", False)
