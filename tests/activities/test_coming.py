"""Signing up, waiting, moving up, being counted, feedback; and what is held about a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.activities import AT, EVERYWHERE, STARTS, make_activity
from tests.factories.people import AccountFactory, OrganisationFactory, PersonFactory
from tests.factories.town import Town
from yiting.activities.errors import (
    ActivityMissing,
    CancelledAlready,
    CheckInClosed,
    FeedMissing,
    HeadsUnfit,
    MoreThanRoom,
    NotAllowed,
    NotYet,
    SignUpClosed,
    SignUpNotAsked,
    SignUpNotForYou,
    VerdictMissing,
)
from yiting.activities.models import Activity, CheckIn, Feedback, FeedLink, SignUp
from yiting.activities.queries.feeds import feed_of_person
from yiting.activities.queries.page import list_own_sign_ups
from yiting.activities.services import (
    activity_cancel,
    check_in,
    feed_link_renew,
    feed_link_revoke,
    feedback_give,
    sign_up,
    sign_up_withdraw,
)
from yiting.ledger.models import Opening
from yiting.ledger.services import ledger_verify
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.people.queries import get_actor
from yiting.people.services import person_erase, person_export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DURING = STARTS + timedelta(minutes=30)


def states(activity) -> list[str]:
    return list(SignUp.objects.filter(activity=activity).order_by("pk").values_list("state", flat=True))


def test_signing_up_again_is_once_and_heads_can_change() -> None:
    activity = make_activity(sign_up_for="persons", capacity=3)
    person = PersonFactory()
    first = sign_up(by=RESIDENT, activity=activity, person=person, at=AT)
    assert sign_up(by=RESIDENT, activity=activity, person=person, at=AT).pk == first.pk
    assert sign_up(by=RESIDENT, activity=activity, person=person, heads=3, at=AT).heads == 3
    assert sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT).state == "waiting"
    sign_up(by=RESIDENT, activity=activity, person=person, heads=2, at=AT)
    assert states(activity) == ["seat", "seat"]
    with pytest.raises(MoreThanRoom, match="room for 0 more"):
        sign_up(by=RESIDENT, activity=activity, person=person, heads=3, at=AT)


@pytest.mark.parametrize("heads", [0, 11, 501])
def test_the_number_of_people_has_bounds(heads: int) -> None:
    with pytest.raises(HeadsUnfit, match="at most 10"):
        sign_up(by=RESIDENT, activity=make_activity(sign_up_for="both"), person=PersonFactory(), heads=heads, at=AT)


def test_more_than_the_whole_room_is_refused_at_once() -> None:
    with pytest.raises(MoreThanRoom, match="room for 2 more"):
        sign_up(
            by=RESIDENT,
            activity=make_activity(sign_up_for="persons", capacity=2),
            person=PersonFactory(),
            heads=3,
            at=AT,
        )


def test_nobody_overtakes_on_the_waiting_list() -> None:
    activity = make_activity(sign_up_for="persons", capacity=2)
    seated = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    second = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    pair = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(phone="13800000001"), heads=2, at=AT)
    alone = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(phone="13800000002"), at=AT)
    assert [pair.state, alone.state] == ["waiting", "waiting"]
    sign_up_withdraw(by=RESIDENT, sign_up=seated, at=AT)
    assert states(activity) == ["withdrawn", "seat", "waiting", "waiting"]
    # one seat is free, but two wait before: a newcomer waits as well
    newcomer = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    assert newcomer.state == "waiting"
    (mine,) = list_own_sign_ups(activity, [newcomer.person_id], [])
    assert (mine.position, mine.has_seat) == (3, False)
    sign_up_withdraw(by=RESIDENT, sign_up=second, at=AT)
    pair.refresh_from_db()
    assert (pair.state, pair.moved_up_at) == ("seat", AT)
    assert set(Notice.objects.values_list("person", flat=True)) == {pair.person_id}


def test_who_steps_back_and_comes_again_stands_at_the_end() -> None:
    activity = make_activity(sign_up_for="persons", capacity=1)
    first = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    sign_up_withdraw(by=RESIDENT, sign_up=first, at=AT)
    assert sign_up_withdraw(by=RESIDENT, sign_up=first, at=AT).state == "withdrawn"
    again = sign_up(by=RESIDENT, activity=activity, person=first.person, at=AT + timedelta(minutes=1))
    assert (again.pk, again.state, states(activity)) == (first.pk, "waiting", ["waiting", "seat"])


def test_units_and_persons_each_where_they_are_asked(town: Town) -> None:
    for_units = make_activity(town.estate, sign_up_for="units")
    with pytest.raises(SignUpNotForYou, match="Units"):
        sign_up(by=RESIDENT, activity=for_units, person=PersonFactory(), at=AT)
    assert sign_up(by=town.actor("worker", town.theirs), activity=for_units, organisation=town.theirs, heads=40, at=AT)
    with pytest.raises(NotAllowed, match="work for this unit"):
        sign_up(by=RESIDENT, activity=for_units, organisation=OrganisationFactory(), at=AT)
    with pytest.raises(SignUpNotForYou, match="Persons"):
        sign_up(by=EVERYWHERE, activity=make_activity(sign_up_for="persons"), organisation=town.ours, at=AT)
    with pytest.raises(SignUpNotAsked):
        sign_up(by=RESIDENT, activity=make_activity(), person=PersonFactory(), at=AT)
    with pytest.raises(NotAllowed):
        sign_up(by=EVERYWHERE, activity=for_units, at=AT)


def test_an_account_speaks_for_its_own_person_and_staff_for_those_who_call(town: Town) -> None:
    activity = make_activity(town.estate, sign_up_for="persons")
    account = AccountFactory()
    PersonFactory(account=account)
    other = PersonFactory()
    with pytest.raises(NotAllowed, match="Only the person"):
        sign_up(by=get_actor(account), activity=activity, person=other, at=AT)
    assert sign_up(by=town.actor("worker", town.ours), activity=activity, person=other, at=AT)


def test_signing_up_ends_and_the_organisers_can_still_add_somebody(town: Town) -> None:
    activity = make_activity(town.estate, sign_up_for="persons", sign_up_until=STARTS - timedelta(days=1))
    with pytest.raises(SignUpClosed):
        sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=STARTS)
    assert sign_up(by=town.actor("worker", town.ours), activity=activity, person=PersonFactory(), at=STARTS)
    with pytest.raises(SignUpClosed):
        sign_up(by=EVERYWHERE, activity=activity, person=PersonFactory(), at=STARTS + timedelta(hours=3))
    activity_cancel(by=EVERYWHERE, activity=activity, reason="雨", at=AT)
    with pytest.raises(CancelledAlready):
        sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)


def test_being_there_is_counted_once_each_and_nobody_must_say_who(town: Town) -> None:
    activity = make_activity(town.estate)
    person = PersonFactory()
    for _time in range(2):
        check_in(by=RESIDENT, activity=activity, heads=4, way="qr", key="tap-1", at=DURING)
        check_in(by=RESIDENT, activity=activity, person=person, heads=9, way="qr", at=DURING)
        check_in(by=EVERYWHERE, activity=activity, organisation=town.theirs, heads=12, at=DURING)
    check_in(by=EVERYWHERE, activity=activity, organisation=town.theirs, heads=15, at=DURING)
    check_in(by=EVERYWHERE, activity=activity, heads=2, at=DURING)
    check_in(by=EVERYWHERE, activity=activity, heads=2, at=DURING)
    assert sorted(CheckIn.objects.values_list("heads", flat=True)) == [1, 2, 2, 4, 15]
    for heads in (0, 501):
        with pytest.raises(HeadsUnfit):
            check_in(by=EVERYWHERE, activity=activity, heads=heads, at=DURING)
    with pytest.raises(HeadsUnfit):
        check_in(by=RESIDENT, activity=activity, heads=11, way="qr", key="tap-2", at=DURING)
    with pytest.raises(NotAllowed):
        check_in(by=RESIDENT, activity=activity, heads=4, at=DURING)


def test_the_door_is_open_on_the_day_and_the_list_for_the_organisers_after_it(town: Town) -> None:
    activity = make_activity(town.estate)
    for at in (STARTS - timedelta(hours=4), STARTS + timedelta(days=2)):
        with pytest.raises(CheckInClosed):
            check_in(by=RESIDENT, activity=activity, heads=1, way="qr", key="k", at=at)
    assert check_in(by=town.actor("worker", town.ours), activity=activity, heads=30, at=STARTS + timedelta(days=2))
    with pytest.raises(NotAllowed):
        check_in(by=town.actor("worker", town.theirs), activity=activity, organisation=town.ours, at=DURING)
    activity_cancel(by=EVERYWHERE, activity=activity, reason="雨", at=AT)
    with pytest.raises(CancelledAlready):
        check_in(by=EVERYWHERE, activity=activity, heads=1, at=DURING)


def test_what_is_over_or_gone_moves_nobody() -> None:
    activity = make_activity(sign_up_for="persons", capacity=1)
    seated = sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    sign_up(by=RESIDENT, activity=activity, person=PersonFactory(), at=AT)
    sign_up_withdraw(by=RESIDENT, sign_up=seated, at=STARTS + timedelta(days=1))
    assert states(activity) == ["withdrawn", "waiting"]
    with pytest.raises(NotAllowed):
        check_in(by=RESIDENT, activity=activity, heads=1, way="qr", at=DURING)
    gone = Activity(pk=0)
    with pytest.raises(ActivityMissing):
        sign_up(by=RESIDENT, activity=gone, person=PersonFactory(), at=AT)
    with pytest.raises(ActivityMissing):
        activity_cancel(by=EVERYWHERE, activity=gone, reason="雨", at=AT)


def test_feedback_is_one_a_person_and_changeable() -> None:
    activity, person = make_activity(), PersonFactory()
    with pytest.raises(NotYet):
        feedback_give(by=RESIDENT, activity=activity, person=person, verdict="good", at=AT)
    feedback_give(by=RESIDENT, activity=activity, person=person, verdict="good", at=DURING)
    feedback_give(by=RESIDENT, activity=activity, person=person, verdict="poor", word="听不清" * 100, at=DURING)
    (said,) = Feedback.objects.all()
    assert (said.verdict, len(said.word)) == ("poor", 200)
    with pytest.raises(VerdictMissing):
        feedback_give(by=RESIDENT, activity=activity, person=person, verdict="great", at=DURING)
    account = AccountFactory()
    PersonFactory(account=account)
    with pytest.raises(NotAllowed):
        feedback_give(by=get_actor(account), activity=activity, person=person, verdict="good", at=DURING)
    activity_cancel(by=EVERYWHERE, activity=activity, reason="雨", at=AT)
    activity.refresh_from_db()
    with pytest.raises(CancelledAlready):
        feedback_give(by=RESIDENT, activity=activity, person=person, verdict="good", at=DURING)


def test_the_secret_link_is_kept_as_a_hash_and_can_be_renewed_and_ended() -> None:
    person = PersonFactory()
    first = feed_link_renew(by=RESIDENT, person=person, at=AT)
    assert first not in str(FeedLink.objects.values())
    second = feed_link_renew(by=RESIDENT, person=person, at=AT)
    with pytest.raises(FeedMissing):
        feed_of_person(first)
    assert feed_of_person(second).count() == 0
    feed_link_revoke(by=RESIDENT, person=person)
    with pytest.raises(FeedMissing):
        feed_of_person(second)
    account = AccountFactory()
    PersonFactory(account=account)
    with pytest.raises(NotAllowed):
        feed_link_renew(by=get_actor(account), person=person, at=AT)


def test_a_person_gets_it_all_out_and_is_forgotten_without_a_gap() -> None:
    activity = make_activity(sign_up_for="persons", capacity=1)
    person, next_one = PersonFactory(name="田大爷", phone="13800000001"), PersonFactory(phone="13800000002")
    sign_up(by=RESIDENT, activity=activity, person=person, at=AT)
    sign_up(by=RESIDENT, activity=activity, person=next_one, at=AT)
    past = make_activity()
    check_in(by=RESIDENT, activity=past, person=person, way="qr", at=DURING)
    feedback_give(by=RESIDENT, activity=past, person=person, verdict="good", word="讲得好", at=DURING)
    feed_link_renew(by=RESIDENT, person=person, at=AT)
    copy = person_export(by=EVERYWHERE, person=person, at=AT)["activities"]
    assert [one["kind"] for one in copy] == ["sign_up", "check_in", "feedback", "calendar_link"]
    assert "田大爷" not in "".join(Opening.objects.values_list("facts", flat=True))
    person_erase(by=EVERYWHERE, person=person, at=AT)
    assert states(activity) == ["withdrawn", "seat"]
    assert (CheckIn.objects.count(), Feedback.objects.get().word, FeedLink.objects.count()) == (1, "", 0)
    assert ledger_verify().ok
