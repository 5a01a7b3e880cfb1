"""What is offered, asked for, promised and delivered: the rules, who may, and what cannot be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.people import OrganisationFactory
from tests.factories.pooling import (
    AT,
    EVERYWHERE,
    TODAY,
    AskFactory,
    KindFactory,
    MatchFactory,
    OfferFactory,
    contact,
    contact_account,
    hall,
    make_ask,
    make_offer,
    make_unit,
    money,
    promise,
)
from tests.factories.projects import make_need, make_project
from yiting.alliances.amounts import amount_text, read_amount, said
from yiting.alliances.errors import (
    AmountUnfit,
    AskEnded,
    AskerMissing,
    AskMissing,
    DaysApart,
    DaysMissing,
    DaysReversed,
    DayTaken,
    DeliveredInFuture,
    DeliveredUnfit,
    KindMissing,
    KindsDiffer,
    MatchMissing,
    MatchNotPossible,
    MatchStands,
    NotSoMuchAsked,
    NotSoMuchLeft,
    OfferEnded,
    OfferMissing,
    OtherSideFirst,
    PoolingRefused,
    PoolTitleMissing,
    PromisedAlready,
    PromiseReasonMissing,
)
from yiting.alliances.models import Ask, Match, MatchDay, Offer, ResourceKind
from yiting.alliances.services import (
    ask_close,
    ask_open,
    match_claim,
    match_confirm,
    match_deliver,
    match_refuse,
    match_withdraw,
    offer_change,
    offer_make,
    offer_withdraw,
    pool_rename,
    resource_kind_add,
    resource_kind_change,
    thanks_give,
    usual_kinds_add,
)
from yiting.ledger.models import Entry
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.django_db

OFFER, ASK = Match.Side.OFFER, Match.Side.ASK
DAYS = [TODAY + timedelta(days=n) for n in range(10)]


def claim(offer: Offer, ask: Ask, side: str = OFFER, **more: Any) -> Match:
    return match_claim(by=more.pop("by", EVERYWHERE), offer=offer, ask=ask, side=side, at=AT, **more)


def stored(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- kinds
def test_the_usual_kinds_are_set_up_once_and_keep_the_office_s_names() -> None:
    assert usual_kinds_add(by=EVERYWHERE, at=AT) == ResourceKind.objects.count() == 9
    kind = ResourceKind.objects.get(code="hall")
    resource_kind_change(by=EVERYWHERE, kind=kind, name="报告厅", at=AT)
    pool_rename(by=EVERYWHERE, pool=kind.pool, name="出物", at=AT)
    assert usual_kinds_add(by=EVERYWHERE, at=AT) == 0
    kind.refresh_from_db()
    assert (kind.name, kind.pool.name) == ("报告厅", "出物")


def test_an_office_adds_a_kind_and_takes_one_out_of_use() -> None:
    usual_kinds_add(by=EVERYWHERE, at=AT)
    pool = ResourceKind.objects.get(code="hall").pool
    kind = resource_kind_add(by=EVERYWHERE, code="tent", name="帐篷", pool=pool, measure="顶", at=AT)
    assert resource_kind_add(by=EVERYWHERE, code="tent", name="别的", pool=pool, measure="顶", at=AT).name == "帐篷"
    resource_kind_change(by=EVERYWHERE, kind=kind, active=False, at=AT)
    with pytest.raises(KindMissing):
        make_offer(kind=stored(kind))
    with pytest.raises(PoolTitleMissing):
        resource_kind_add(by=EVERYWHERE, code="x", name=" ", pool=pool, measure="顶", at=AT)


def test_only_administrators_touch_kinds() -> None:
    with pytest.raises(KindMissing):
        usual_kinds_add(by=contact(make_unit()), at=AT)


# --- amounts
@pytest.mark.parametrize(("typed", "is_money", "amount"), [
    ("12", False, 12), ("１２", False, 12), (" 1,200 ", False, 1200), ("1200.5", True, 120_050), ("¥3元", True, 300),
])  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, is_money: bool, amount: int) -> None:
    assert read_amount(typed, money=is_money) == amount


@pytest.mark.parametrize("typed", ["", "0", "-3", "1.5", "十二", "9" * 30, "1e5", "١٢x", "0.00"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    for is_money in (False, True):
        if typed == "1.5" and is_money:
            continue
        with pytest.raises(AmountUnfit):
            read_amount(typed, money=is_money)


def test_an_amount_is_said_with_its_measure() -> None:
    assert amount_text(1200, measure="人时", money=False) == "1,200 人时"
    assert said(money(), 120_050) == "1,200.50 元"
    assert said(money(), 120_000) == "1,200 元"


# --- offers
def test_a_contact_offers_for_its_unit_and_for_no_other() -> None:
    unit, other = make_unit(), make_unit()
    offer = offer_make(by=contact(unit), organisation=unit, kind=KindFactory(), title=" 帮手 ", amount=4, at=AT)
    assert (offer.title, offer.place, offer.state) == ("帮手", unit.place, "open")
    entry = Entry.objects.get(kind="alliances.offer.made")
    assert (entry.object_id, entry.is_public) == (str(offer.pk), True)
    for by in (contact(other), contact(unit, "deputy"), RESIDENT):
        with pytest.raises(OfferMissing):
            offer_make(by=by, organisation=unit, kind=KindFactory(), title="帮手", amount=4, at=AT)
    assert offer_make(by=contact(unit, "worker"), organisation=unit, kind=KindFactory(), title="帮", amount=1, at=AT)


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"amount": 0}, AmountUnfit),
    ({"amount": -5}, AmountUnfit),
    ({"amount": 10**15}, AmountUnfit),
    ({"title": "  "}, PoolTitleMissing),
    ({"title": "长" * 81}, PoolTitleMissing),
    ({"since_on": date(2024, 5, 2), "until_on": date(2024, 5, 1)}, DaysReversed),
])  # fmt: skip
def test_an_offer_or_ask_that_cannot_be_is_refused(wrong: dict[str, Any], refusal: type[PoolingRefused]) -> None:
    with pytest.raises(refusal):
        make_offer(**wrong)
    with pytest.raises(refusal):
        make_ask(**wrong)
    offer, known = OfferFactory(), {"title": "帮手", "amount": 3} | wrong
    with pytest.raises(refusal):
        offer_change(by=EVERYWHERE, offer=offer, at=AT, **known)
    assert (stored(offer).title, stored(offer).amount) == (offer.title, 10)


def test_the_table_itself_refuses_to_be_overbooked() -> None:
    offer = OfferFactory(amount=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(promised=4)


# --- asks
def test_staff_ask_for_a_need_of_their_place_with_what_is_known() -> None:
    need = make_need(people=2)
    office = OrganisationFactory(place=need.place.parent)
    ask = ask_open(by=contact(office, "worker"), kind=hall(), title="办义诊的地方", amount=1, need=need, at=AT)
    assert (ask.organisation, ask.place, ask.households) == (office, need.place, need.household_count)
    stranger = contact(make_unit(), "worker")
    for by in (stranger, contact(office, "alliance"), RESIDENT):
        with pytest.raises(AskMissing):
            ask_open(by=by, kind=hall(), title="地方", amount=1, need=need, at=AT)


def test_a_merged_need_asks_as_the_one_it_went_into() -> None:
    need = make_need()
    absorbed = make_need(need.place)
    type(absorbed).objects.filter(pk=absorbed.pk).update(root=need, parent=need)
    OrganisationFactory(place=need.place)
    assert make_ask(need=stored(absorbed)).need == need


def test_a_project_asks_with_its_households() -> None:
    project = make_project()
    office = OrganisationFactory(place=project.place)
    ask = make_ask(project=project, kind=money(), amount=500_000)
    assert (ask.organisation, ask.households) == (office, 306)


def test_a_unit_asks_for_itself_only() -> None:
    unit = make_unit()
    assert make_ask(unit).place == unit.place
    with pytest.raises(AskMissing):
        ask_open(by=contact(make_unit()), organisation=unit, kind=KindFactory(), title="人", amount=1, at=AT)
    with pytest.raises(AskerMissing):
        ask_open(by=EVERYWHERE, kind=KindFactory(), title="人", amount=1, at=AT)


def test_nobody_asks_where_no_organisation_answers() -> None:
    with pytest.raises(AskerMissing):
        make_ask(need=make_need())


# --- both sides
def test_one_side_claims_the_other_confirms_and_both_are_told() -> None:
    giver, asker = make_unit("晶澳"), make_unit("天骄社区居委会")
    accounts = {OFFER: contact_account(giver), ASK: contact_account(asker)}
    giving, asking = contact(giver), contact(asker)
    offer, ask = make_offer(giver, amount=10), make_ask(asker, amount=4)
    match = claim(offer, ask, by=giving)
    assert (match.state, match.amount, match.claimed_by) == ("claimed", 4, OFFER)
    assert stored(offer).promised == 0
    told = Notice.objects.filter(account=accounts[ASK])
    assert "晶澳" in told.get().subject
    with pytest.raises(OtherSideFirst):
        match_confirm(by=giving, match=match, at=AT)
    with pytest.raises(MatchMissing):
        match_confirm(by=contact(make_unit()), match=match, at=AT)
    match_confirm(by=asking, match=match, at=AT)
    assert (stored(offer).promised, stored(ask).state, stored(match).state) == (4, "met", "confirmed")
    assert Notice.objects.filter(account=accounts[OFFER]).exists()
    assert Entry.objects.get(kind="alliances.match.promised").is_public
    with pytest.raises(MatchNotPossible):
        match_confirm(by=asking, match=match, at=AT)


def test_the_asking_side_may_begin() -> None:
    offer, ask = make_offer(), make_ask()
    match = claim(offer, ask, ASK, by=contact(ask.organisation), amount=3)
    assert match_confirm(by=contact(offer.organisation), match=match, at=AT).amount == 3


def test_nobody_claims_for_a_side_that_is_not_theirs() -> None:
    offer, ask = make_offer(), make_ask()
    with pytest.raises(AskMissing):
        claim(offer, ask, ASK, by=contact(offer.organisation))
    with pytest.raises(OfferMissing):
        claim(offer, ask, OFFER, by=contact(ask.organisation))
    assert not Match.objects.exists()


def test_what_cannot_be_promised_is_refused() -> None:
    offer, ask = make_offer(amount=3), make_ask(amount=2)
    for amount, refusal in ((-1, AmountUnfit), (0, AmountUnfit), (4, NotSoMuchLeft), (3, NotSoMuchAsked)):
        with pytest.raises(refusal):
            claim(offer, ask, amount=amount)
    with pytest.raises(KindsDiffer):
        claim(offer, make_ask(kind=money()))
    with pytest.raises(DaysApart):
        claim(make_offer(until_on=DAYS[0]), make_ask(since_on=DAYS[1]))
    claim(offer, ask, amount=1)
    with pytest.raises(MatchStands):
        claim(offer, ask, amount=1)


def test_a_claim_is_counted_again_when_it_is_confirmed() -> None:
    offer = make_offer(amount=5)
    first, second = (claim(offer, make_ask(amount=3), amount=3) for _ in range(2))
    match_confirm(by=EVERYWHERE, match=first, at=AT)
    with pytest.raises(NotSoMuchLeft):
        match_confirm(by=EVERYWHERE, match=second, at=AT)
    assert (stored(offer).promised, stored(second).state) == (3, "claimed")


def test_an_offer_given_away_is_shown_so_and_takes_no_more() -> None:
    offer = make_offer(amount=3)
    promise(offer, make_ask(amount=3))
    assert stored(offer).state == "used_up"
    with pytest.raises(NotSoMuchLeft):
        claim(offer, make_ask())


# --- a whole thing has one promise a day
def test_a_hall_is_promised_once_a_day() -> None:
    offer = make_offer(kind=hall(), amount=5, since_on=DAYS[0], until_on=DAYS[6])
    promise(offer, make_ask(kind=hall(), amount=2), days=[DAYS[1], DAYS[2]])
    waiting = make_ask(kind=hall(), amount=2)
    with pytest.raises(DayTaken):
        claim(offer, waiting, days=[DAYS[2]])
    with pytest.raises(DaysApart):
        claim(offer, waiting, days=[DAYS[7]])
    with pytest.raises(DaysMissing):
        claim(offer, waiting)
    promise(offer, waiting, days=[DAYS[3], DAYS[3], DAYS[4]])
    assert (stored(offer).promised, stored(waiting).state) == (4, "met")


def test_two_claims_for_one_day_leave_one_promise() -> None:
    offer = make_offer(kind=hall(), amount=5)
    first, second = (claim(offer, make_ask(kind=hall(), amount=1), days=[DAYS[1]]) for _ in range(2))
    match_confirm(by=EVERYWHERE, match=second, at=AT)
    with pytest.raises(DayTaken):
        match_confirm(by=EVERYWHERE, match=first, at=AT)
    match_withdraw(by=EVERYWHERE, match=second, reason="改期了", at=AT)
    assert match_confirm(by=EVERYWHERE, match=first, at=AT).state == "confirmed"


# --- refusing and giving up
def test_a_refusal_needs_no_reason_and_is_nobody_else_s_business() -> None:
    offer, ask = make_offer(), make_ask()
    match = claim(offer, ask)
    with pytest.raises(OtherSideFirst):
        match_refuse(by=contact(offer.organisation), match=match, at=AT)
    match_refuse(by=contact(ask.organisation), match=match, at=AT)
    assert (stored(match).state, stored(match).ended_by) == ("refused", ASK)
    entries = Entry.objects.filter(kind__in=("alliances.match.claimed", "alliances.match.refused"))
    assert [entry.is_public for entry in entries] == [False, False]
    with pytest.raises(MatchNotPossible):
        match_refuse(by=EVERYWHERE, match=match, at=AT)


def test_either_side_says_no_to_a_suggestion() -> None:
    for side in (OFFER, ASK):
        match = MatchFactory()
        unit = match.offer.organisation if side == OFFER else match.ask.organisation
        assert match_refuse(by=contact(unit), match=match, at=AT).ended_by == side


def test_an_offer_withdrawn_after_being_promised_leaves_the_ask_open_and_told() -> None:
    offer, ask = make_offer(amount=5), make_ask(amount=3)
    waiting = make_ask(amount=1)
    account = contact_account(ask.organisation)
    match, claimed = promise(offer, ask), claim(offer, waiting)
    suggested = MatchFactory(offer=offer)
    with pytest.raises(PromiseReasonMissing):
        offer_withdraw(by=EVERYWHERE, offer=offer, reason=" ", at=AT)
    with pytest.raises(OfferMissing):
        offer_withdraw(by=contact(ask.organisation), offer=offer, reason="车坏了", at=AT)
    offer_withdraw(by=contact(offer.organisation), offer=offer, reason="车坏了", at=AT)
    assert (stored(offer).state, stored(offer).promised) == ("withdrawn", 0)
    assert (stored(match).state, stored(match).reason, stored(match).ended_by) == ("withdrawn", "车坏了", OFFER)
    assert Entry.objects.get(kind="alliances.match.withdrawn", object_id=str(match.pk)).is_public
    assert (stored(ask).state, stored(ask).promised) == ("open", 0)
    assert stored(claimed).state == "withdrawn"
    assert not Match.objects.filter(pk=suggested.pk).exists()
    assert "车坏了" in Notice.objects.filter(account=account).latest("pk").body
    for again in (
        lambda: offer_withdraw(by=EVERYWHERE, offer=offer, reason="又", at=AT),
        lambda: offer_change(by=EVERYWHERE, offer=offer, title="帮手", amount=9, at=AT),
        lambda: claim(offer, ask),
    ):
        with pytest.raises(OfferEnded):
            again()


def test_what_was_delivered_stays_counted_when_the_offer_is_withdrawn() -> None:
    offer = make_offer(amount=5)
    match = promise(offer, make_ask(amount=3))
    match_deliver(by=EVERYWHERE, match=match, amount=3, on=TODAY, at=AT)
    offer_withdraw(by=EVERYWHERE, offer=offer, reason="下季度再说", at=AT)
    assert (stored(offer).promised, stored(match).state) == (3, "delivered")


def test_a_promise_is_given_up_with_a_reason_by_either_side() -> None:
    for side in (OFFER, ASK):
        offer, ask = make_offer(), make_ask(amount=3)
        match = promise(offer, ask)
        by = contact(offer.organisation if side == OFFER else ask.organisation)
        with pytest.raises(PromiseReasonMissing):
            match_withdraw(by=by, match=match, reason="", at=AT)
        match_withdraw(by=by, match=match, reason="天气不好", at=AT)
        assert (stored(match).ended_by, stored(offer).promised, stored(ask).state) == (side, 0, "open")
        assert claim(offer, ask).state == "claimed"


def test_only_those_who_claimed_take_a_claim_back() -> None:
    offer, ask = make_offer(), make_ask()
    match = claim(offer, ask)
    with pytest.raises(MatchNotPossible):
        match_withdraw(by=contact(ask.organisation), match=match, reason="不要", at=AT)
    assert match_withdraw(by=contact(offer.organisation), match=match, reason="弄错了", at=AT).ended_by == OFFER
    assert not Entry.objects.get(kind="alliances.match.withdrawn").is_public


def test_an_ask_is_closed_and_what_was_promised_is_to_be_had_again() -> None:
    offer, ask = make_offer(amount=3), make_ask(amount=3)
    match = promise(offer, ask)
    account = contact_account(offer.organisation)
    with pytest.raises(PromiseReasonMissing):
        ask_close(by=EVERYWHERE, ask=ask, at=AT)
    with pytest.raises(AskMissing):
        ask_close(by=contact(offer.organisation), ask=ask, reason="不要了", at=AT)
    ask_close(by=contact(ask.organisation), ask=ask, reason="已经有了", at=AT)
    assert (stored(ask).state, stored(offer).state, stored(offer).promised) == ("closed", "open", 0)
    assert (stored(match).state, stored(match).ended_by) == ("withdrawn", ASK)
    assert Notice.objects.filter(account=account).exists()
    for again in (lambda: ask_close(by=EVERYWHERE, ask=ask, at=AT), lambda: claim(offer, ask)):
        with pytest.raises(AskEnded):
            again()


# --- changing
def test_an_offer_shrinks_no_further_than_what_is_promised() -> None:
    offer = make_offer(amount=5)
    promise(offer, make_ask(amount=3))
    with pytest.raises(PromisedAlready):
        offer_change(by=EVERYWHERE, offer=offer, title="帮手", amount=2, at=AT)
    changed = offer_change(by=EVERYWHERE, offer=offer, title="两个帮手", amount=3, conditions="自带午饭", at=AT)
    assert (changed.state, changed.title, changed.conditions) == ("used_up", "两个帮手", "自带午饭")
    with pytest.raises(OfferMissing):
        offer_change(by=contact(make_unit()), offer=offer, title="x", amount=9, at=AT)


def test_promised_days_stay_in_the_days_of_the_offer() -> None:
    offer = make_offer(kind=hall(), amount=5, since_on=DAYS[0], until_on=DAYS[6])
    match = promise(offer, make_ask(kind=hall(), amount=1), days=[DAYS[5]])
    known = {"by": EVERYWHERE, "offer": offer, "title": "厅", "amount": 5, "since_on": DAYS[0], "at": AT}
    with pytest.raises(DaysApart):
        offer_change(until_on=DAYS[4], **known)
    match_withdraw(by=EVERYWHERE, match=match, reason="改期", at=AT)
    assert offer_change(until_on=DAYS[4], **known).until_on == DAYS[4]


# --- delivering and thanking
def test_what_came_is_noted_and_what_did_not_is_asked_for_again() -> None:
    offer, ask = make_offer(amount=10), make_ask(amount=4)
    match = promise(offer, ask)
    with pytest.raises(MatchMissing):
        match_deliver(by=contact(make_unit()), match=match, amount=4, on=TODAY, at=AT)
    for amount in (0, -1, 5):
        with pytest.raises(DeliveredUnfit):
            match_deliver(by=EVERYWHERE, match=match, amount=amount, on=TODAY, at=AT)
    with pytest.raises(DeliveredInFuture):
        match_deliver(by=EVERYWHERE, match=match, amount=4, on=TODAY + timedelta(days=1), at=AT)
    match_deliver(by=contact(ask.organisation), match=match, amount=3, on=TODAY, note="来了三个人", at=AT)
    assert (stored(match).state, stored(match).delivered_amount) == ("delivered", 3)
    assert (stored(offer).promised, stored(ask).promised, stored(ask).state) == (3, 3, "open")
    for again in (
        lambda: match_deliver(by=EVERYWHERE, match=match, amount=3, on=TODAY, at=AT),
        lambda: match_withdraw(by=EVERYWHERE, match=match, reason="晚了", at=AT),
        lambda: match_confirm(by=EVERYWHERE, match=match, at=AT),
    ):
        with pytest.raises(MatchNotPossible):
            again()


def test_only_what_is_promised_can_be_delivered() -> None:
    with pytest.raises(MatchNotPossible):
        match_deliver(by=EVERYWHERE, match=claim(make_offer(), make_ask()), amount=1, on=TODAY, at=AT)


def test_thanks_come_from_the_asking_side_and_after_the_delivery() -> None:
    offer, ask = make_offer(), make_ask(amount=4)
    match = promise(offer, ask)
    with pytest.raises(MatchNotPossible):
        thanks_give(by=EVERYWHERE, match=match, words="谢谢", at=AT)
    match_deliver(by=EVERYWHERE, match=match, amount=4, on=TODAY, at=AT)
    with pytest.raises(AskMissing):
        thanks_give(by=contact(offer.organisation), match=match, words="谢谢", at=AT)
    for words in ("", " ", "谢" * 201):
        with pytest.raises(PoolTitleMissing):
            thanks_give(by=EVERYWHERE, match=match, words=words, at=AT)
    thanks_give(by=contact(ask.organisation), match=match, words="谢谢", at=AT)
    assert (stored(match).thanks_public, Entry.objects.get(kind="alliances.match.thanked").is_public) == (False, False)


# --- whatever order
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("claim", "confirm", "refuse", "withdraw", "deliver", "change", "end_offer", "close_ask")),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(-1, 7),
    ),
    min_size=4,
    max_size=18,
)


@settings(max_examples=25)
@given(STEPS)
def test_whatever_order_of_services_an_offer_is_never_overbooked(steps: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        kinds = (KindFactory(), hall())
        offers = [OfferFactory(kind=kinds[n % 2], amount=2 + n) for n in range(4)]
        asks = [AskFactory(kind=kinds[n % 2], amount=2 + n) for n in range(4)]
        for what, one, other, amount in steps:
            try:
                with transaction.atomic():
                    _do(what, one, other, amount, offers, asks)
            except PoolingRefused:
                pass
            _check_books()
        transaction.set_rollback(True)


def _do(what: str, one: int, other: int, amount: int, offers: list[Offer], asks: list[Ask]) -> None:
    by: Any = {"by": EVERYWHERE, "at": AT}
    matches = list(Match.objects.order_by("pk"))
    match = matches[one % len(matches)] if matches else None
    if what == "claim":
        days = [TODAY + timedelta(days=n) for n in range(other % 3, max(amount, 0))]
        match_claim(offer=offers[one % 4], ask=asks[other % 4], side=ASK, amount=amount, days=days, **by)
    elif what == "change":
        offer_change(offer=offers[one % 4], title="改", amount=amount, **by)
    elif what == "end_offer" and one == 0:
        offer_withdraw(offer=offers[other % 4], reason="不能给了", **by)
    elif what == "close_ask" and one == 0:
        ask_close(ask=asks[other % 4], reason="不要了", **by)
    elif match is not None and what == "confirm":
        match_confirm(match=match, **by)
    elif match is not None and what == "refuse":
        match_refuse(match=match, **by)
    elif match is not None and what == "withdraw":
        match_withdraw(match=match, reason="改了", **by)
    elif match is not None and what == "deliver":
        match_deliver(match=match, amount=amount, on=TODAY, **by)


def _check_books() -> None:
    """What is promised is the sum of what stands, never more than there is; a whole thing has one promise a day."""
    for side in (Offer, Ask):
        for row in side.objects.prefetch_related("matches"):
            standing = [m for m in row.matches.all() if m.state in ("confirmed", "delivered")]
            counted = sum(m.amount if m.state == "confirmed" else m.delivered_amount or 0 for m in standing)
            assert row.promised == counted <= row.amount
    held = list(MatchDay.objects.filter(held=True).values_list("offer", "on"))
    assert len(held) == len(set(held))
    for match in Match.objects.filter(state="confirmed", offer__kind__whole=True):
        assert match.days.filter(held=True).count() == match.amount
