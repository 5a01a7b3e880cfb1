"""Plans of turns as they are stored: fair, blackouts kept, little changed; swaps, skips, standing in."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.alliances import (
    AT,
    EVERYWHERE,
    contact,
    contact_of,
    make_alliance,
    make_kinds,
    make_plan,
    make_unit,
    manager_at,
    month_slots,
    turns_of,
)
from yiting.alliances.errors import (
    AllianceMissing,
    CannotHost,
    DaysWrongWay,
    NobodyToHost,
    NothingToPlan,
    NotSkipped,
    PlanOutdated,
    PlanTooLarge,
    SlotOutside,
    SwapLapsed,
    SwapOpen,
    SwapPointless,
    TurnAhead,
    TurnSettled,
    WishesClash,
)
from yiting.alliances.models import Absence, Alliance, Membership, Proposal, Turn, TurnPlan, TurnSwap
from yiting.alliances.services import (
    Slot,
    absence_add,
    absence_remove,
    member_join,
    member_leave,
    member_weigh,
    plan_adopt,
    plan_discard,
    turn_hold,
    turn_skip,
    turn_step_in,
    turn_swap_answer,
    turn_swap_ask,
    turn_swap_withdraw,
    turns_plan,
)
from yiting.ledger.models import Entry
from yiting.methods.rotations import document_read, plan_check, rotation_plan
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.people.queries import get_actor

pytestmark = pytest.mark.django_db
YEAR = {"since_on": date(2027, 1, 1), "until_on": date(2027, 12, 31)}


def members(alliance: Alliance) -> list[Membership]:
    return list(alliance.memberships.select_related("organisation").order_by("number", "pk"))


def hosts(alliance: Alliance) -> dict[str, int]:
    return {turn.key: turn.membership.number for turn in turns_of(alliance)}


def replan(alliance: Alliance, *, at: datetime = AT) -> TurnPlan:
    return turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, at=at)


def changed(draft: TurnPlan) -> list[Proposal]:
    lines = draft.proposals.select_related("turn")
    return [line for line in lines if line.turn is None or line.turn.membership_id != line.membership_id]


def test_a_years_plan_is_fair_and_says_so() -> None:
    alliance = make_alliance(5)
    plan = make_plan(alliance, month_slots(kinds=make_kinds(alliance)))
    counts = Counter(hosts(alliance).values())
    assert sorted(counts.values()) == [2, 2, 2, 3, 3]
    assert (plan.is_optimal, plan.running) == (True, 0)
    assert Entry.objects.filter(kind="alliances.plan.adopted").count() == 1


def test_what_was_solved_can_be_solved_again_by_anybody() -> None:
    alliance = make_alliance(4)
    absence_add(by=EVERYWHERE, membership=members(alliance)[0], from_on=date(2027, 1, 1), to_on=date(2027, 4, 1), at=AT)
    plan = make_plan(alliance)
    document = document_read(plan.solved)
    again = rotation_plan(document.problem)
    assert not document.ignored
    assert plan_check(document.problem, again) == ()
    assert {pair.activity: int(pair.unit) for pair in again.assignments} == hosts(alliance)


def test_nothing_stands_before_a_draft_is_adopted() -> None:
    alliance = make_alliance(3)
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    assert not turns_of(alliance)
    again = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    assert list(TurnPlan.objects.filter(alliance=alliance)) == [again]
    with pytest.raises(PlanOutdated):
        plan_adopt(by=EVERYWHERE, plan=draft, at=AT)
    plan_adopt(by=EVERYWHERE, plan=again, at=AT)
    assert len(turns_of(alliance)) == 12
    with pytest.raises(PlanOutdated):
        plan_adopt(by=EVERYWHERE, plan=again, at=AT)


def test_a_draft_can_be_thrown_away() -> None:
    alliance = make_alliance(2)
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    plan_discard(by=EVERYWHERE, plan=draft, at=AT)
    assert not TurnPlan.objects.exists()
    with pytest.raises(PlanOutdated):
        plan_discard(by=EVERYWHERE, plan=draft, at=AT)


def test_a_draft_from_before_a_change_is_not_adopted() -> None:
    alliance = make_alliance(3)
    draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    absence_add(
        by=EVERYWHERE, membership=members(alliance)[0], from_on=date(2027, 5, 1), to_on=date(2027, 5, 31), at=AT
    )
    with pytest.raises(PlanOutdated):
        plan_adopt(by=EVERYWHERE, plan=draft, at=AT)
    late = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    with pytest.raises(PlanOutdated):
        plan_adopt(by=EVERYWHERE, plan=late, at=AT + timedelta(days=20))


def test_a_draft_may_be_adopted_in_another_language() -> None:
    alliance = make_alliance(1, places=2)
    with translation.override("en"):
        draft = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=month_slots(), at=AT)
    with translation.override("zh-hans"):
        plan_adopt(by=EVERYWHERE, plan=draft, at=AT)
    assert len(turns_of(alliance)) == 12


def test_two_occasions_on_one_day_have_names_of_their_own() -> None:
    alliance = make_alliance(2)
    day = date(2027, 3, 5)
    make_plan(alliance, [Slot(day), Slot(day)])
    make_plan(alliance, [Slot(day)])
    assert [turn.key for turn in turns_of(alliance)] == ["2027-03-05", "2027-03-05-2", "2027-03-05-3"]


def test_an_alliance_of_one_hosts_everything_and_one_of_none_nothing() -> None:
    alone, empty = make_alliance(places=1), make_alliance()
    plan = make_plan(alone)
    assert (set(hosts(alone).values()), plan.spread, plan.is_optimal) == ({1}, 0, True)
    with pytest.raises(NobodyToHost):
        make_plan(empty)


def test_bad_periods_and_days_are_refused() -> None:
    alliance = make_alliance(2)

    def plan(since: date, until: date, *days: date) -> None:
        slots = [Slot(day) for day in days]
        turns_plan(by=EVERYWHERE, alliance=alliance, since_on=since, until_on=until, slots=slots, at=AT)

    with pytest.raises(DaysWrongWay):
        plan(date(2027, 3, 1), date(2027, 2, 28))
    with pytest.raises(NothingToPlan):
        plan(date(2027, 3, 1), date(2027, 3, 1))
    for day in (date(2027, 2, 28), date(2027, 4, 1)):
        with pytest.raises(SlotOutside):
            plan(date(2027, 3, 1), date(2027, 3, 31), day)
    with pytest.raises(SlotOutside):
        plan(date(2026, 12, 1), date(2027, 3, 31), date(2027, 1, 3))
    with pytest.raises(PlanTooLarge):
        plan(date(2027, 3, 1), date(2027, 3, 31), *[date(2027, 3, 1)] * 401)


def test_everybody_away_names_the_wishes_that_clash() -> None:
    alliance = make_alliance(1, places=1)
    for member in members(alliance):
        absence_add(by=EVERYWHERE, membership=member, from_on=date(2027, 3, 1), to_on=date(2027, 3, 31), at=AT)
    absence_add(
        by=EVERYWHERE, membership=members(alliance)[0], from_on=date(2027, 6, 1), to_on=date(2027, 6, 30), at=AT
    )
    with pytest.raises(WishesClash) as refused:
        make_plan(alliance)
    said = str(refused.value)
    name = members(alliance)[0].organisation.name  # type: ignore[union-attr]
    assert "2027年3月15日" in said or "March 15, 2027" in said
    assert said.count(name) == 1, "the absence in June has no part in it"
    assert not TurnPlan.objects.exists()


def test_no_member_on_a_day_is_a_clash_too() -> None:
    alliance = make_alliance()
    member_join(by=EVERYWHERE, alliance=alliance, organisation=make_unit("晚来"), joined_on=date(2027, 6, 1), at=AT)
    with pytest.raises(WishesClash, match="晚来"):
        make_plan(alliance)


def test_ill_for_a_month_moves_that_months_turns_and_as_many_others() -> None:
    alliance = make_alliance(6)
    weeks = [Slot(date(2027, 1, 8) + timedelta(days=7 * week)) for week in range(48)]
    make_plan(alliance, weeks)
    before = hosts(alliance)
    ill, month = turns_of(alliance)[20].membership, turns_of(alliance)[20].day.replace(day=1)
    absence_add(by=EVERYWHERE, membership=ill, from_on=month, to_on=month + timedelta(days=30), at=AT)
    of_that_month = [t for t in turns_of(alliance) if t.membership == ill and t.day.month == month.month]
    draft = replan(alliance)
    assert hosts(alliance) == before, "nothing changes until it is adopted"
    assert 1 <= len(of_that_month) <= len(changed(draft)) <= 2 * len(of_that_month)
    assert draft.changes == len(changed(draft))
    plan_adopt(by=EVERYWHERE, plan=draft, at=AT)
    assert sum(before[key] != host for key, host in hosts(alliance).items()) == draft.changes
    assert not [t for t in turns_of(alliance) if t.membership == ill and t.day.month == month.month]
    assert max(Counter(hosts(alliance).values()).values()) - min(Counter(hosts(alliance).values()).values()) <= 1


def test_planning_again_without_a_cause_changes_nothing() -> None:
    alliance = make_alliance(5)
    make_plan(alliance, month_slots(kinds=make_kinds(alliance)))
    draft = replan(alliance)
    assert (draft.changes, changed(draft)) == (0, [])


def test_an_absence_that_is_taken_back_bars_nobody() -> None:
    alliance = make_alliance(1)
    away = absence_add(
        by=EVERYWHERE, membership=members(alliance)[0], from_on=date(2027, 1, 1), to_on=date(2027, 12, 31), at=AT
    )
    with pytest.raises(WishesClash):
        make_plan(alliance)
    absence_remove(by=EVERYWHERE, absence=away, at=AT)
    make_plan(alliance)
    with pytest.raises(AllianceMissing):
        absence_remove(by=EVERYWHERE, absence=away, at=AT)


def test_newcomers_start_fair_and_leavers_drop_out() -> None:
    alliance = make_alliance(3)
    make_plan(alliance)
    leaver = members(alliance)[0]
    member_leave(by=EVERYWHERE, membership=leaver, left_on=date(2027, 6, 30), at=AT)
    member_join(by=EVERYWHERE, alliance=alliance, organisation=make_unit(), joined_on=date(2027, 7, 1), at=AT)
    later = AT + timedelta(days=100)
    plan_adopt(by=EVERYWHERE, plan=replan(alliance, at=later), at=later)
    second_half = Counter(t.membership.number for t in turns_of(alliance) if t.day >= date(2027, 7, 1))
    assert leaver.number not in second_half
    assert second_half[4] == 2, "a newcomer takes its part of the half year, and makes up for nothing"


def test_one_that_came_back_hosts_with_its_new_stay() -> None:
    alliance = make_alliance()
    unit = make_unit()
    first = member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, at=AT)
    member_leave(by=EVERYWHERE, membership=first, left_on=date(2027, 4, 30), at=AT)
    back = member_join(by=EVERYWHERE, alliance=alliance, organisation=unit, joined_on=date(2027, 9, 1), at=AT)
    make_plan(alliance, month_slots(months=(2, 3, 10, 11)))
    assert [turn.membership_id for turn in turns_of(alliance)] == [first.pk, first.pk, back.pk, back.pk]


def test_twice_the_size_twice_the_turns_if_the_alliance_wants_it() -> None:
    for by_weight, expected in ((True, {1: 6, 2: 3, 3: 3}), (False, {1: 4, 2: 4, 3: 4})):
        alliance = make_alliance(3, by_weight=by_weight)
        member_weigh(by=EVERYWHERE, membership=members(alliance)[0], weight=2, at=AT)
        make_plan(alliance)
        assert Counter(hosts(alliance).values()) == expected


def test_a_debt_from_before_the_records_is_made_up() -> None:
    alliance = make_alliance(3)
    member_weigh(by=EVERYWHERE, membership=members(alliance)[1], weight=1, owed=3, at=AT)
    make_plan(alliance)
    assert Counter(hosts(alliance).values()) == {1: 3, 2: 6, 3: 3}


def test_one_turn_a_season_gives_a_quarter_to_one_host() -> None:
    alliance = make_alliance(4, turns="season")
    make_plan(alliance)
    of_quarter: dict[int, set[int]] = {}
    for turn in turns_of(alliance):
        of_quarter.setdefault((turn.day.month - 1) // 3, set()).add(turn.membership.number)
    assert all(len(found) == 1 for found in of_quarter.values())
    assert len({host for found in of_quarter.values() for host in found}) == 4


def test_a_running_quarter_stays_with_its_host_when_planned_again() -> None:
    alliance = make_alliance(4, turns="season")
    make_plan(alliance)
    before = hosts(alliance)
    middle = datetime(2027, 5, 20, 1, 0, tzinfo=UTC)
    more = turns_plan(by=EVERYWHERE, alliance=alliance, **YEAR, slots=[Slot(date(2027, 6, 1))], at=middle)
    plan_adopt(by=EVERYWHERE, plan=more, at=middle)
    after = hosts(alliance)
    assert after.pop("2027-06-01") == before["2027-05-15"]
    assert after == before


def test_the_rest_of_a_quarter_passes_on_when_its_host_falls_ill() -> None:
    alliance = make_alliance(4, turns="season")
    make_plan(alliance)
    middle = datetime(2027, 5, 20, 1, 0, tzinfo=UTC)
    host = next(turn.membership for turn in turns_of(alliance) if turn.key == "2027-06-15")
    absence_add(by=EVERYWHERE, membership=host, from_on=date(2027, 6, 1), to_on=date(2027, 6, 30), at=middle)
    plan_adopt(by=EVERYWHERE, plan=replan(alliance, at=middle), at=middle)
    after = hosts(alliance)
    assert after["2027-05-15"] == host.number != after["2027-06-15"]


def two_turns(alliance: Alliance) -> tuple[Turn, Turn]:
    """Turns of two hosts."""
    turns = turns_of(alliance)
    return turns[0], next(turn for turn in turns if turn.membership != turns[0].membership)


def test_a_swap_needs_the_consent_of_both_hosts() -> None:
    alliance = make_alliance(3)
    make_plan(alliance)
    mine, theirs = two_turns(alliance)
    asker, answerer = contact_of(mine.membership), contact_of(theirs.membership)
    manager = get_actor(manager_at(alliance.place), AT)
    for by in (answerer, manager, RESIDENT):
        with pytest.raises(AllianceMissing):
            turn_swap_ask(by=by, turn=mine, other=theirs, at=AT)
    swap = turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT)
    assert Notice.objects.filter(account=answerer.account_id).count() == 1
    for by in (asker, manager, RESIDENT):
        with pytest.raises(AllianceMissing):
            turn_swap_answer(by=by, swap=swap, agrees=True, at=AT)
    with pytest.raises(SwapOpen):
        turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT)
    before = hosts(alliance)
    turn_swap_answer(by=answerer, swap=swap, agrees=True, at=AT)
    after = hosts(alliance)
    assert (after[mine.key], after[theirs.key]) == (before[theirs.key], before[mine.key])
    moved = {line.key for line in changed(replan(alliance))}
    assert not moved & {mine.key, theirs.key}, "what was agreed stands when it is planned again"
    with pytest.raises(SwapLapsed):
        turn_swap_answer(by=answerer, swap=swap, agrees=True, at=AT)


def test_who_manages_speaks_for_units_without_a_contact() -> None:
    alliance = make_alliance(places=2)
    make_plan(alliance)
    mine, theirs = two_turns(alliance)
    manager = get_actor(manager_at(alliance.place), AT)
    swap = turn_swap_ask(by=manager, turn=mine, other=theirs, at=AT)
    assert turn_swap_answer(by=manager, swap=swap, agrees=True, at=AT).state == TurnSwap.State.AGREED


def test_a_declined_or_withdrawn_swap_changes_nothing_and_may_be_asked_again() -> None:
    alliance = make_alliance(3)
    make_plan(alliance)
    mine, theirs = two_turns(alliance)
    before = hosts(alliance)
    asker, answerer = contact_of(mine.membership), contact_of(theirs.membership)
    swap = turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT)
    turn_swap_answer(by=answerer, swap=swap, agrees=False, at=AT)
    swap = turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT)
    with pytest.raises(AllianceMissing):
        turn_swap_withdraw(by=answerer, swap=swap, at=AT)
    turn_swap_withdraw(by=asker, swap=swap, at=AT)
    with pytest.raises(SwapLapsed):
        turn_swap_answer(by=answerer, swap=swap, agrees=True, at=AT)
    assert hosts(alliance) == before


def test_swaps_that_cannot_be() -> None:
    alliance, other = make_alliance(2), make_alliance(2)
    make_plan(alliance)
    make_plan(other)
    mine, theirs = two_turns(alliance)
    asker = contact_of(mine.membership)
    same = next(turn for turn in turns_of(alliance) if turn.membership == mine.membership and turn != mine)
    for wrong in (same, mine, turns_of(other)[0]):
        with pytest.raises(SwapPointless):
            turn_swap_ask(by=asker, turn=mine, other=wrong, at=AT)
    absence_add(by=EVERYWHERE, membership=mine.membership, from_on=theirs.day, to_on=theirs.day, at=AT)
    with pytest.raises(CannotHost):
        turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT)
    with pytest.raises(TurnSettled):
        turn_swap_ask(by=asker, turn=mine, other=theirs, at=AT + timedelta(days=40))


def test_an_agreement_lapses_when_the_plan_changed_meanwhile() -> None:
    alliance = make_alliance(3)
    make_plan(alliance)
    mine, theirs = two_turns(alliance)
    third = next(m for m in members(alliance) if m not in (mine.membership, theirs.membership))
    swap = turn_swap_ask(by=contact_of(mine.membership), turn=mine, other=theirs, at=AT)
    Turn.objects.filter(pk=theirs.pk).update(membership=third)
    with pytest.raises(SwapLapsed):
        turn_swap_answer(by=contact_of(theirs.membership), swap=swap, agrees=True, at=AT)


def test_questions_about_turns_that_change_are_taken_back() -> None:
    alliance = make_alliance(places=3)
    make_plan(alliance)
    turns = turns_of(alliance)
    ask = turn_swap_ask(by=EVERYWHERE, turn=turns[0], other=turns[1], at=AT)
    third = turn_swap_ask(by=EVERYWHERE, turn=turns[2], other=_of_another(turns, turns[2]), at=AT)
    turn_skip(by=EVERYWHERE, turn=turns[1], at=AT)
    ask.refresh_from_db()
    third.refresh_from_db()
    assert (ask.state, third.state) == ("withdrawn", "asked")
    absence_add(by=EVERYWHERE, membership=turns[2].membership, from_on=turns[2].day, to_on=turns[2].day, at=AT)
    plan_adopt(by=EVERYWHERE, plan=replan(alliance), at=AT)
    third.refresh_from_db()
    assert third.state == "withdrawn"


def _of_another(turns: list[Turn], turn: Turn) -> Turn:
    return next(other for other in turns[3:] if other.membership != turn.membership)


def test_by_the_season_whole_quarters_are_swapped() -> None:
    alliance = make_alliance(places=4, turns="season")
    make_plan(alliance)
    before = hosts(alliance)
    turns = {turn.key: turn for turn in turns_of(alliance)}
    swap = turn_swap_ask(by=EVERYWHERE, turn=turns["2027-02-15"], other=turns["2027-08-15"], at=AT)
    turn_swap_answer(by=EVERYWHERE, swap=swap, agrees=True, at=AT)
    after = hosts(alliance)
    assert {after[f"2027-0{month}-15"] for month in (1, 2, 3)} == {before["2027-08-15"]}
    assert {after[f"2027-0{month}-15"] for month in (7, 8, 9)} == {before["2027-02-15"]}


def test_a_skipped_turn_is_owed_when_somebody_steps_in() -> None:
    alliance = make_alliance(4)
    make_plan(alliance, month_slots(months=(2, 3, 4, 5)))
    turn = turns_of(alliance)[0]
    skipper = turn.membership
    other = next(m for m in members(alliance) if m != skipper)
    told = Notice.objects.count()
    of_other = contact_of(other)
    turn_skip(by=contact_of(skipper), turn=turn, reason="搬迁", at=AT)
    assert Notice.objects.count() == told + 1, "the other contact is asked to step in"
    with pytest.raises(TurnSettled):
        turn_skip(by=EVERYWHERE, turn=turn, at=AT)
    with pytest.raises(AllianceMissing):
        turn_step_in(by=contact_of(skipper), turn=turn, membership=other, at=AT)
    turn_step_in(by=of_other, turn=turn, membership=other, at=AT)
    with pytest.raises(NotSkipped):
        turn_step_in(by=EVERYWHERE, turn=turn, membership=other, at=AT)
    stored = Turn.objects.get(pk=turn.pk)
    assert (stored.membership, stored.skipped_by, stored.state, stored.pinned) == (other, skipper, "planned", True)
    later = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    make_plan(alliance, month_slots(months=(7, 8, 9, 10)), at=later)
    assert Counter(hosts(alliance).values()) == {1: 2, 2: 2, 3: 2, 4: 2}


def test_a_turn_that_falls_away_is_owed_too() -> None:
    alliance = make_alliance(4)
    make_plan(alliance, month_slots(months=(2, 3, 4, 5)))
    turn = turns_of(alliance)[0]
    turn_skip(by=EVERYWHERE, turn=turn, at=AT)
    later = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    with pytest.raises(NotSkipped):
        turn_step_in(by=EVERYWHERE, turn=turn, membership=members(alliance)[0], at=later)
    make_plan(alliance, [Slot(date(2027, 7, 15))], at=later)
    assert turns_of(alliance)[-1].membership == turn.membership


def test_who_is_away_cannot_step_in() -> None:
    alliance = make_alliance(2)
    make_plan(alliance)
    turn = turns_of(alliance)[0]
    other = next(m for m in members(alliance) if m != turn.membership)
    absence_add(by=EVERYWHERE, membership=other, from_on=turn.day, to_on=turn.day, at=AT)
    turn_skip(by=EVERYWHERE, turn=turn, at=AT)
    with pytest.raises(CannotHost):
        turn_step_in(by=EVERYWHERE, turn=turn, membership=other, at=AT)


def test_a_reason_is_kept_out_of_the_ledger() -> None:
    alliance = make_alliance(2)
    make_plan(alliance)
    member = members(alliance)[0]
    absence_add(
        by=EVERYWHERE, membership=member, from_on=date(2027, 3, 1), to_on=date(2027, 3, 2), reason="住院", at=AT
    )
    turn_skip(by=EVERYWHERE, turn=turns_of(alliance)[0], reason="住院", at=AT)
    assert not Entry.objects.filter(opening__facts__contains="住院").exists()
    assert Absence.objects.get().reason == "住院"


def test_held_is_said_on_the_day_or_after() -> None:
    alliance = make_alliance(2)
    make_plan(alliance)
    turn = turns_of(alliance)[0]
    with pytest.raises(TurnAhead):
        turn_hold(by=EVERYWHERE, turn=turn, at=AT)
    # the day in the place's zone, where it begins eight hours earlier than in UTC
    morning = datetime(2027, 1, 14, 16, 30, tzinfo=UTC)
    assert turn_hold(by=contact_of(turn.membership), turn=turn, at=morning).state == Turn.State.HELD
    with pytest.raises(TurnSettled):
        turn_hold(by=EVERYWHERE, turn=turn, at=morning)


def test_a_contact_speaks_for_its_own_unit_only() -> None:
    alliance = make_alliance(2)
    make_plan(alliance)
    own, other = members(alliance)
    by = contact_of(own)
    absence_add(by=by, membership=own, from_on=date(2027, 3, 1), to_on=date(2027, 3, 2), at=AT)
    of_other = next(turn for turn in turns_of(alliance) if turn.membership == other)
    away = absence_add(by=EVERYWHERE, membership=other, from_on=date(2027, 3, 1), to_on=date(2027, 3, 2), at=AT)
    draft = replan(alliance)
    for refused in (
        lambda: absence_add(by=by, membership=other, from_on=date(2027, 3, 1), to_on=date(2027, 3, 2), at=AT),
        lambda: absence_remove(by=by, absence=away, at=AT),
        lambda: turns_plan(by=by, alliance=alliance, **YEAR, at=AT),
        lambda: plan_adopt(by=by, plan=draft, at=AT),
        lambda: plan_discard(by=by, plan=draft, at=AT),
        lambda: turn_skip(by=by, turn=of_other, at=AT),
        lambda: turn_hold(by=by, turn=of_other, at=AT + timedelta(days=300)),
    ):
        with pytest.raises(AllianceMissing):
            refused()


def test_the_contacts_of_changed_hosts_are_told_in_their_language() -> None:
    alliance = make_alliance(2)
    for member in members(alliance):
        assert member.organisation is not None
        contact(member.organisation)
    make_plan(alliance)
    assert set(Notice.objects.values_list("account__roles__organisation", flat=True)) == {
        member.organisation_id for member in members(alliance)
    }
    assert Notice.objects.count() == 2


class Laws(TestCase):
    """What holds of every stored plan, whatever the members and absences."""

    @settings(max_examples=12)
    @given(
        places=st.integers(2, 6),
        days=st.lists(st.integers(0, 360), min_size=1, max_size=14, unique=True),
        away=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 360), st.integers(0, 60)), max_size=5),
    )
    def test_blackouts_are_kept_and_a_second_plan_changes_nothing(
        self, places: int, days: list[int], away: list[tuple[int, int, int]]
    ) -> None:
        alliance = make_alliance(places=places)
        first = date(2027, 1, 5)
        for which, begin, long in away:
            member = members(alliance)[which % places]
            start = first + timedelta(days=begin)
            absence_add(by=EVERYWHERE, membership=member, from_on=start, to_on=start + timedelta(days=long), at=AT)
        slots = [Slot(first + timedelta(days=day)) for day in days]
        try:
            plan = make_plan(alliance, slots)
        except WishesClash:
            assert all(member.absences.exists() for member in members(alliance))
            return
        for turn in turns_of(alliance):
            assert not turn.membership.absences.filter(from_on__lte=turn.day, to_on__gte=turn.day).exists()
        counts = Counter(hosts(alliance).values())
        spread = max(counts.values()) - min(counts.get(number, 0) for number in range(1, places + 1))
        assert plan.spread == spread
        assert away or spread <= 1
        assert (
            turns_plan(
                by=EVERYWHERE,
                alliance=alliance,
                since_on=plan.since_on,
                until_on=plan.until_on,
                at=AT,
            ).changes
            == 0
        )
