"""The pages of what is pooled: what everybody reads, what the two sides can do, and bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import OrganisationFactory
from tests.factories.places import make_community, make_estate
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
from yiting.alliances.models import Alliance, Ask, Match, Membership, Offer, ResourceKind
from yiting.alliances.queries.pooling import helps_for_need, review_of
from yiting.alliances.queries.pooling.fitting import reasons
from yiting.alliances.services import (
    match_claim,
    match_deliver,
    match_refuse,
    match_withdraw,
    matches_suggest,
    offer_withdraw,
    thanks_give,
)
from yiting.people.models import Account, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OFFER, ASK = Match.Side.OFFER, Match.Side.ASK


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def browser(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def allied(*units: Organisation, slug: str = "zhisuan") -> Alliance:
    place = make_community()
    alliance = Alliance.objects.create(slug=slug, name="智算未来", place=place, place_path=place.path, created_at=AT)
    for number, unit in enumerate(units, start=1):
        Membership.objects.create(alliance=alliance, number=number, organisation=unit)
    return alliance


def where(name: str, *args: Any) -> str:
    return reverse(f"alliances:{name}", args=args)


# --- the two lists
def test_both_lists_stand_side_by_side_with_what_is_left(visitor: Client) -> None:
    offer, ask = make_offer(amount=10, title="周末帮手"), make_ask(amount=4, title="办义诊要人")
    promise(offer, ask, amount=3)
    gone, past = (
        make_offer(amount=2, title="送完了"),
        OfferFactory(title="去年的", until_on=TODAY - timedelta(days=400)),
    )
    promise(gone, make_ask(amount=2, title="满足了"))
    page = text(visitor.get(where("pool")))
    assert "周末帮手" in page
    assert "7 人时 left" in page
    assert "办义诊要人" in page
    assert "1 人时 lacking" in page
    for hidden in ("送完了", "满足了", past.title):
        assert hidden not in page


def test_a_kind_that_nobody_gives_is_pointed_out(visitor: Client) -> None:
    make_ask(kind=hall(), amount=3)
    page = text(visitor.get(where("pool")))
    assert "nobody" in page
    assert "3 场" in page


def test_the_lists_are_narrowed_by_kind_and_alliance(visitor: Client) -> None:
    member, stranger = make_unit(), make_unit()
    alliance = allied(member)
    make_offer(member, title="我们的人")
    make_offer(member, kind=hall(), title="我们的厅")
    make_offer(stranger, title="别家的人")
    nearby = make_ask(title="这里要人", place=alliance.place)
    for query, shown, hidden in (
        ("?kind=hall", ["我们的厅"], ["我们的人", "别家的人"]),
        ("?alliance=zhisuan", ["我们的人", "我们的厅", nearby.title], ["别家的人"]),
        ("?alliance=zhisuan&kind=hall", ["我们的厅"], ["我们的人"]),
        ("?alliance=gone", ["别家的人"], []),
    ):
        page = text(visitor.get(where("pool") + query))
        assert all(title in page for title in shown), query
        assert not any(title in page for title in hidden), query
    assert "别家的人" not in text(visitor.get(where("pool", "zhisuan")))
    assert visitor.get(where("pool", "gone")).status_code == 404


@pytest.mark.parametrize("query", [
    "kind=%00", "kind=' or 1=1", "offers=x", "offers=-1", "asks=" + "9" * 40, "alliance=" + "长" * 300,
    "kind=" + "k" * 99,
])  # fmt: skip
def test_spoilt_filters_are_no_error(visitor: Client, query: str) -> None:
    make_offer()
    assert visitor.get(where("pool") + "?" + query).status_code == 200


def test_every_offer_stands_once_through_the_pages(visitor: Client) -> None:
    made = {OfferFactory(title=f"第{n}件").title for n in range(45)}
    seen: list[str] = []
    address = where("pool")
    while address:
        page = visitor.get(address).content.decode()
        seen += [title for title in made if f">{title}</a>" in page]
        after = re.search(r"offers=(\d+)#given", page)
        address = f"{where('pool')}?offers={after.group(1)}" if after else ""
    assert len(seen) == len(made)
    assert set(seen) == made


def test_the_lists_take_as_many_queries_for_3_as_for_30(visitor: Client) -> None:
    alliance = allied(make_unit())

    def grow(many: int) -> None:
        for _n in range(many):
            unit = make_unit()
            Membership.objects.create(alliance=alliance, number=_n + Membership.objects.count() + 1, organisation=unit)
            OfferFactory(organisation=unit)
            AskFactory(organisation=unit, need=make_need(public=True))
            MatchFactory(state="delivered", thanks="谢谢", thanks_public=True, thanks_at=AT, offer__organisation=unit)

    grow(3)
    for address in (where("pool"), where("pool", alliance.slug)):
        few = queries_of(visitor, address)
        grow(27)
        assert queries_of(visitor, address) == few


# --- one offer, one ask
def test_an_offer_tells_what_came_of_it(visitor: Client) -> None:
    offer, ask = make_offer(amount=10, conditions="自带午饭"), make_ask(amount=4, title="办义诊要人")
    match = promise(offer, ask)
    match_deliver(by=EVERYWHERE, match=match, amount=3, on=TODAY, note="只来了三个", at=AT)
    thanks_give(by=EVERYWHERE, match=match, words="多亏你们", public=True, at=AT)
    page = text(visitor.get(where("offer", offer.pk)))
    for said in ("自带午饭", "7 人时", "办义诊要人", "3 人时 came on", "多亏你们", "offers: 志愿者, 10 人时"):
        assert said in page, said
    assert "只来了三个" not in page, "notes are for the two sides"
    assert visitor.get(where("offer", offer.pk + 1)).status_code == 404


def test_an_unpublic_need_is_not_named(visitor: Client) -> None:
    need = make_need(title="张三家漏水")
    OrganisationFactory(place=need.place)
    ask = make_ask(need=need)
    assert "张三家漏水" not in text(visitor.get(where("ask", ask.pk)))
    type(need).objects.filter(pk=need.pk).update(is_public=True)
    assert "张三家漏水" in text(visitor.get(where("ask", ask.pk)))


def test_a_withdrawn_promise_shows_its_reason_and_the_ask_is_open_again(visitor: Client) -> None:
    offer, ask = make_offer(title="中巴车"), make_ask(amount=3)
    promise(offer, ask)
    offer_withdraw(by=EVERYWHERE, offer=offer, reason="车坏了", at=AT)
    page = text(visitor.get(where("ask", ask.pk)))
    assert "车坏了" in page
    assert "3 人时 lacking" in page or "<dd>3 人时</dd>" in page
    assert ask.title in text(visitor.get(where("pool")))
    assert "车坏了" in text(visitor.get(where("offer", offer.pk)))


def test_claims_and_refusals_are_for_the_two_sides_alone(visitor: Client) -> None:
    offer, ask = make_offer(title="中巴车"), make_ask()
    match = match_claim(by=EVERYWHERE, offer=offer, ask=ask, side=OFFER, at=AT)
    match_refuse(by=contact(ask.organisation), match=match, reason="坐不下", at=AT)
    assert "坐不下" not in text(visitor.get(where("ask", ask.pk)))
    assert "坐不下" in text(browser(contact_account(offer.organisation)).get(where("ask", ask.pk)))


def test_those_who_ask_see_what_fits_with_reasons_in_words() -> None:
    here = make_estate()
    type(here).objects.filter(pk=here.pk).update(latitude="39.800000", longitude="109.900000")
    near = make_community()
    type(near).objects.filter(pk=near.pk).update(latitude="39.810000", longitude="109.900000")
    busy = make_unit("晶澳", place=type(near).objects.get(pk=near.pk))
    for _n in range(2):
        promise(make_offer(busy), make_ask(amount=1))
    offer = make_offer(busy, title="帮忙的人", amount=20)
    ask = make_ask(place=type(here).objects.get(pk=here.pk), amount=4)
    page = text(browser(contact_account(ask.organisation)).get(where("ask", ask.pk)))
    for said in (
        offer.title,
        "the same kind",
        "enough of it",
        "the days fit",
        "near by (1.1 km)",
        "already has 2 in hand",
    ):
        assert said in page, said


def test_reasons_say_what_is_short() -> None:
    said = reasons(
        {"kind": [0, 4, 0, None], "amount": [1, 2, 30, 40], "days": [1, 2, 3, 10], "near": [0, 1, 12345, None],
         "carried": [1, 1, 0, None]}
    )  # fmt: skip
    assert said == [
        "a kind that can stand in", "75 % of what is asked for", "3 of 10 days fit", "12.3 km away",
        "has nothing else in hand",
    ]  # fmt: skip
    assert reasons({"near": [5, 10, None, None]}) == []


def test_the_pages_of_one_take_as_many_queries_for_3_as_for_30() -> None:
    offer, ask = OfferFactory(amount=500), AskFactory(amount=500)
    client = browser(contact_account(ask.organisation))
    giver = browser(contact_account(offer.organisation))

    def grow(many: int) -> None:
        for _n in range(many):
            MatchFactory(offer=offer, state="confirmed", confirmed_at=AT)
            MatchFactory(ask=ask, state="confirmed", confirmed_at=AT)
            MatchFactory(offer=offer)
            OfferFactory()
            AskFactory(organisation=offer.organisation)
            AskFactory(organisation=ask.organisation)

    pages = [(client, where("ask", ask.pk)), (giver, where("offer", offer.pk)), (giver, where("pool_bench"))]
    grow(3)
    few = [queries_of(*page) for page in pages]
    grow(27)
    assert [queries_of(*page) for page in pages] == few


# --- suggestions
def test_suggestions_are_the_best_assignment_and_a_second_run_changes_nothing() -> None:
    small, large = make_offer(amount=4), make_offer(amount=9)
    little, much = make_ask(amount=4), make_ask(amount=9)
    run = matches_suggest(by=EVERYWHERE, at=AT)
    pairs = {(m.offer_id, m.ask_id, m.amount) for m in Match.objects.all()}
    covered = {ask: sum(n for _o, a, n in pairs if a == ask.pk) for ask in (little, much)}
    assert covered == {little: 4, much: 9}
    assert {o for o, _a, _n in pairs} == {small.pk, large.pk}
    before = list(Match.objects.order_by("pk").values())
    again = matches_suggest(by=EVERYWHERE, at=AT + timedelta(hours=1))
    assert (again.added, again.changed, again.dropped, again.kept) == (0, 0, 0, run.added)
    assert list(Match.objects.order_by("pk").values()) == before


def test_what_was_refused_is_not_suggested_again() -> None:
    make_offer()
    ask = make_ask()
    matches_suggest(by=EVERYWHERE, at=AT)
    match_refuse(by=contact(ask.organisation), match=Match.objects.get(), at=AT)
    assert matches_suggest(by=EVERYWHERE, at=AT).added == 0
    assert Match.objects.get().state == "refused"


def test_what_was_given_up_or_is_one_s_own_is_not_suggested() -> None:
    offer, ask = make_offer(), make_ask()
    match_withdraw(by=EVERYWHERE, match=promise(offer, ask), reason="天气", at=AT)
    make_ask(offer.organisation)
    assert matches_suggest(by=EVERYWHERE, at=AT).added == 0


def test_suggestions_follow_what_is_left_and_are_dropped_with_their_ask() -> None:
    offer, ask = make_offer(amount=5), make_ask(amount=5)
    matches_suggest(by=EVERYWHERE, at=AT)
    promise(offer, make_ask(amount=2))
    run = matches_suggest(by=EVERYWHERE, at=AT)
    assert (run.changed, Match.objects.get(state="suggested").amount) == (1, 3)
    Ask.objects.filter(pk=ask.pk).update(until_on=TODAY - timedelta(days=1))
    assert matches_suggest(by=EVERYWHERE, at=AT).dropped == 1


def test_a_claimed_part_is_not_suggested_twice() -> None:
    offer, ask = make_offer(amount=5), make_ask(amount=5)
    match_claim(by=EVERYWHERE, offer=offer, ask=make_ask(amount=4), side=OFFER, amount=4, at=AT)
    matches_suggest(by=EVERYWHERE, at=AT)
    assert Match.objects.get(state="suggested", ask=ask).amount == 1


def test_a_hall_without_a_free_day_is_not_suggested() -> None:
    day = TODAY + timedelta(days=3)
    offer = make_offer(kind=hall(), amount=5, since_on=day, until_on=day + timedelta(days=1))
    promise(offer, make_ask(kind=hall(), amount=1), days=[day])
    make_ask(kind=hall(), amount=1, since_on=day, until_on=day, title="那天")
    wider = make_ask(kind=hall(), amount=2, since_on=day, until_on=day + timedelta(days=1))
    matches_suggest(by=EVERYWHERE, at=AT)
    match = Match.objects.get(state="suggested")
    assert (match.ask, match.amount) == (wider, 1)


def test_a_place_and_an_alliance_weigh_their_own() -> None:
    member = make_unit()
    alliance = allied(member)
    make_offer(member)
    outside = make_offer(make_unit(place=make_community()))
    make_ask(title="别处")
    inside = make_ask(place=alliance.place)
    matches_suggest(by=EVERYWHERE, alliance=alliance, at=AT)
    assert Match.objects.get().ask == inside
    other = contact(make_unit(place=outside.place), "worker")
    matches_suggest(by=other, place=outside.place, at=AT)
    assert Match.objects.count() == 1


def test_only_those_who_manage_let_things_be_weighed() -> None:
    alliance = allied(make_unit())
    for given in ({"place": alliance.place}, {"alliance": alliance}, {}):
        with pytest.raises(Exception, match="Nobody asks"):
            matches_suggest(by=contact(make_unit()), at=AT, **given)
    street = contact(OrganisationFactory(place=alliance.place), "street")
    assert matches_suggest(by=street, alliance=alliance, at=AT).added == 0


# --- the whole way through the forms
def test_an_offer_meets_an_ask_both_confirm_it_comes_and_is_thanked_for(visitor: Client) -> None:
    KindFactory()
    unit = make_unit("晶澳")
    need = make_need(people=2, public=True)
    office = OrganisationFactory(name="天骄社区居委会", place=need.place)
    giver, asker = browser(contact_account(unit)), browser(contact_account(office, "worker"))
    kind = KindFactory().pk
    said = {"kind": kind, "title": "周末志愿者", "amount": "１２", "organisation": unit.pk}
    assert giver.post(where("offer_new"), said).status_code == 302
    offer = Offer.objects.get()
    assert (offer.amount, offer.organisation) == (12, unit)
    address = where("ask_new") + f"?need={need.code}"
    assert need.title in text(asker.get(address))
    assert asker.post(address, {"kind": kind, "title": "办义诊要人", "amount": "8"}).status_code == 302
    ask = Ask.objects.get()
    assert (ask.need, ask.organisation) == (need, office)
    assert asker.post(where("suggest", ask.pk)).status_code == 302
    assert "办义诊要人" in text(giver.get(where("pool_bench")))
    claim = where("claim", offer.pk, ask.pk)
    assert 'value="8"' in text(giver.get(claim))
    assert giver.post(claim, {"amount": "6"}).status_code == 302
    match = Match.objects.get()
    page = where("match", match.pk)
    assert where("match_act", match.pk, "confirm") not in text(giver.get(page))
    assert where("match_act", match.pk, "confirm") in text(asker.get(page))
    assert giver.post(where("match_act", match.pk, "confirm")).status_code == 409
    assert asker.post(where("match_act", match.pk, "confirm")).status_code == 302
    today = timezone.localdate().isoformat()
    assert giver.post(where("match_act", match.pk, "deliver"), {"amount": "6", "on": today}).status_code == 302
    thanks = {"words": "谢谢大家", "public": "on"}
    assert giver.post(where("match_act", match.pk, "thank"), thanks).status_code == 404
    assert asker.post(where("match_act", match.pk, "thank"), thanks).status_code == 302
    match.refresh_from_db()
    assert (match.state, match.delivered_amount, match.thanks_public) == ("delivered", 6, True)
    assert "谢谢大家" in text(visitor.get(where("pool")))
    helps = text(visitor.get(where("helps", need.code)))
    assert "晶澳" in helps
    assert "2 人时 lacking" in helps


def test_a_hall_is_claimed_by_ticking_days() -> None:
    offer = make_offer(kind=hall(), amount=9)
    ask = make_ask(kind=hall(), amount=2)
    client = browser(contact_account(offer.organisation))
    claim = where("claim", offer.pk, ask.pk)
    today = timezone.localdate()
    days = [(today + timedelta(days=n)).isoformat() for n in (2, 3)]
    assert f'value="{days[0]}"' in text(client.get(claim))
    assert client.post(claim, {"days": ["2020-01-01"]}).status_code == 422
    assert client.post(claim, {}).status_code == 422
    assert client.post(claim, {"days": days}).status_code == 302
    assert [day.on.isoformat() for day in Match.objects.get().days.order_by("on")] == days


def test_an_offer_is_changed_and_withdrawn_by_its_forms() -> None:
    offer = make_offer(kind=money(), amount=120_050)
    client = browser(contact_account(offer.organisation))
    edit = where("offer_edit", offer.pk)
    assert 'value="1200.50"' in text(client.get(edit))
    assert client.post(edit, {"title": "助学金", "amount": "800"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.title, offer.amount) == ("助学金", 80_000)
    end = where("offer_end", offer.pk)
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "用完了"}).status_code == 302
    assert client.post(end, {"reason": "再来"}).status_code == 409


def test_an_ask_is_closed_by_its_form() -> None:
    ask = make_ask()
    client = browser(contact_account(ask.organisation))
    assert client.post(where("ask_end", ask.pk), {"reason": "有了"}).status_code == 302
    assert "有了" in text(client.get(where("ask", ask.pk)))


def test_a_project_asks_through_the_form() -> None:
    project = make_project()
    office = OrganisationFactory(place=project.place)
    client = browser(contact_account(office, "worker"))
    said = {"kind": money().pk, "title": "修亭子", "amount": "5000"}
    assert client.post(where("ask_new") + f"?project={project.code}", said).status_code == 302
    assert (Ask.objects.get().project, Ask.objects.get().amount) == (project, 500_000)
    assert client.get(where("ask_new") + "?project=NOSUCH22").status_code == 404
    assert client.get(where("ask_new") + "?need=NOSUCH22").status_code == 404


@pytest.mark.parametrize(("name", "wrong"), [
    ("offer_new", {"amount": "-3"}),
    ("offer_new", {"amount": "十"}),
    ("offer_new", {"title": ""}),
    ("offer_new", {"title": "长" * 81}),
    ("offer_new", {"kind": "0"}),
    ("offer_new", {"organisation": "999999"}),
    ("offer_new", {"since_on": "31.02.2024"}),
    ("offer_new", {"since_on": "0001-01-01"}),
    ("offer_new", {"since_on": "2024-05-02", "until_on": "2024-05-01"}),
    ("ask_new", {"amount": "0"}),
    ("ask_new", {"organisation": ""}),
])  # fmt: skip
def test_what_does_not_fit_is_said_beside_the_form(name: str, wrong: dict[str, str]) -> None:
    unit = make_unit()
    said = {"kind": KindFactory().pk, "title": "帮手", "amount": "3", "organisation": unit.pk} | wrong
    answer = browser(contact_account(unit)).post(where(name), said)
    assert answer.status_code in (400, 422)
    assert 'class="error"' in text(answer)
    assert not Offer.objects.exists()
    assert not Ask.objects.exists()


def test_an_office_names_its_pools_and_kinds_itself() -> None:
    office = OrganisationFactory()
    client = browser(contact_account(office, "admin"))
    page = where("kinds")
    assert where("kinds_usual") in text(client.get(page))
    assert client.post(where("kinds_usual")).status_code == 302
    hall_kind = ResourceKind.objects.get(code="hall")
    assert client.post(where("kind_name", hall_kind.pk), {"name": "报告厅", "active": "on"}).status_code == 302
    assert client.post(where("pool_name", hall_kind.pool_id), {"name": "出物"}).status_code == 302
    assert client.post(where("pool_name", hall_kind.pool_id), {"name": ""}).status_code == 302
    own = {"pool": hall_kind.pool_id, "name": "帐篷", "code": "tent", "measure": "顶"}
    assert client.post(page, own | {"code": "不行"}).status_code == 422
    assert client.post(page, own).status_code == 302
    shown = text(client.get(page))
    assert all(name in shown for name in ("报告厅", "出物", "帐篷"))
    assert client.post(where("kind_name", hall_kind.pk), {"name": "报告厅"}).status_code == 302
    hall_kind.refresh_from_db()
    assert (hall_kind.name, hall_kind.active) == ("报告厅", False)
    assert "报告厅" not in text(client.get(where("offer_new")))
    assert client.post(where("kind_name", 999_999), {"name": "x"}).status_code == 404
    worker = browser(contact_account(office, "worker"))
    assert worker.get(page).status_code == 404
    assert worker.post(where("kind_name", hall_kind.pk), {"name": "厅"}).status_code == 404


# --- who gets in
def test_others_find_nothing_to_do() -> None:
    offer, ask = make_offer(), make_ask()
    match = promise(offer, ask)
    stranger = browser(contact_account(make_unit()))
    for name, args in (
        ("offer_edit", (offer.pk,)), ("offer_end", (offer.pk,)), ("ask_end", (ask.pk,)), ("claim", (offer.pk, ask.pk)),
        ("match", (match.pk,)), ("match_act", (match.pk, "deliver")),
    ):  # fmt: skip
        assert stranger.get(where(name, *args)).status_code == 404, name
        assert stranger.post(where(name, *args), {"reason": "不", "amount": "1"}).status_code in (404, 405), name
    assert stranger.post(where("suggest", ask.pk)).status_code == 404
    match.refresh_from_db()
    assert match.state == "confirmed"


def test_visitors_are_sent_to_sign_in(visitor: Client) -> None:
    offer, ask = make_offer(), make_ask()
    for name, args in (
        ("pool_bench", ()), ("offer_new", ()), ("ask_new", ()), ("offer_edit", (offer.pk,)), ("match", (1,)),
        ("claim", (offer.pk, ask.pk)), ("ask_end", (ask.pk,)),
    ):  # fmt: skip
        answer = visitor.get(where(name, *args))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_who_helps_an_unpublic_need_is_not_told(visitor: Client) -> None:
    need = make_need()
    assert visitor.get(where("helps", need.code)).status_code == 404
    worker = browser(contact_account(OrganisationFactory(place=need.place), "worker"))
    assert "Nobody has promised anything yet" in text(worker.get(where("helps", need.code)))


# --- what came of it
def test_who_helps_a_need_counts_its_project_and_what_was_merged_into_it() -> None:
    need = make_need(public=True)
    office = OrganisationFactory(place=need.place)
    absorbed = make_need(need.place)
    early = make_ask(need=absorbed)
    type(absorbed).objects.filter(pk=absorbed.pk).update(root=need, parent=need)
    project = make_project(from_needs=[need], place=need.place)
    late = make_ask(project=project)
    for ask, unit in ((early, "晶澳"), (late, "奇瑞")):
        promise(make_offer(make_unit(unit)), ask)
    make_ask(need=need, title="还缺人")
    helps = helps_for_need(type(need).objects.get(pk=need.pk))
    assert set(helps.units) == {"晶澳", "奇瑞"}
    assert [row.title for row in helps.asks] == ["还缺人"]
    assert office.name in {row.ask.unit for row in helps.matches}


def test_a_season_is_reviewed_from_the_records() -> None:
    member = make_unit()
    alliance = allied(member)
    need = make_need(public=True)
    OrganisationFactory(place=need.place)
    match = promise(make_offer(member), make_ask(need=need, amount=4))
    match_deliver(by=EVERYWHERE, match=match, amount=3, on=TODAY, at=AT)
    paid = promise(make_offer(member, kind=money(), amount=100_000), make_ask(kind=money(), amount=50_000))
    match_withdraw(by=EVERYWHERE, match=paid, reason="账户没开", at=AT)
    promise(make_offer(), make_ask())
    review = review_of(alliance, TODAY - timedelta(days=30), TODAY)
    rows = {row.what: row for row in review.rows}
    hours, fen = rows["志愿者"], rows["资金"]
    assert (hours.offers, hours.promised, hours.delivered, hours.unit) == (1, 4, 3, "人时")
    assert (fen.promised, fen.promised_text, fen.delivered) == (50_000, "500 元", 0)
    assert (review.offers, review.promises, review.deliveries) == (2, 2, 1)
    assert [one.code for one in review.needs] == [need.code]
    type(need).objects.filter(pk=need.pk).update(is_public=False)
    hidden = review_of(alliance, TODAY - timedelta(days=30), TODAY)
    assert (hidden.needs, hidden.needs_unseen) == ((), 1)
    before = review_of(alliance, TODAY - timedelta(days=60), TODAY - timedelta(days=31))
    assert (before.rows, before.needs) == ((), ())


def test_what_the_leading_units_give_counts_too() -> None:
    alliance = allied()
    alliance.lead, alliance.cooperating = make_unit(), make_unit()
    alliance.save()
    for unit in (alliance.lead, alliance.cooperating, make_unit()):
        promise(make_offer(unit, amount=8), make_ask(amount=8))
    [row] = review_of(alliance, TODAY - timedelta(days=30), TODAY).rows
    assert (row.offers, row.promised) == (2, 16)


def test_what_a_review_counted_stands_behind_its_figures(visitor: Client) -> None:
    member = make_unit()
    alliance = allied(member)
    match = promise(make_offer(member, title="周末帮手"), make_ask(amount=4, title="办义诊要人"))
    match_deliver(by=EVERYWHERE, match=match, amount=3, on=TODAY, at=AT)
    promise(make_offer(title="别家的"), make_ask(title="别处的"))
    (row,) = review_of(alliance, TODAY - timedelta(days=30), TODAY).rows
    page = text(visitor.get(row.url))
    for said in ("周末帮手 for 办义诊要人", row.delivered_text, row.promised_text):
        assert said in page
    assert "别处的" not in page
    assert "周末帮手" not in text(visitor.get(row.url.replace("kind=", "kind=x")))
    for spoilt in ("since=x", "since=2024-05-01&until=2024-04-01", "page=-1", "page=x", "until=0001-01-01", "kind=%00"):
        assert visitor.get(where("pool_record", alliance.slug) + "?" + spoilt).status_code == 200, spoilt
    assert visitor.get(where("pool_record", "gone")).status_code == 404


def test_the_records_take_as_many_queries_for_3_as_for_30(visitor: Client) -> None:
    unit = make_unit()
    alliance = allied(unit)

    def grow(many: int) -> None:
        for _n in range(many):
            offer = OfferFactory(organisation=unit)
            MatchFactory(offer=offer, state="confirmed", confirmed_at=AT)

    address = where("pool_record", alliance.slug) + f"?since={TODAY}&until={TODAY}"
    grow(3)
    few = queries_of(visitor, address)
    grow(27)
    assert queries_of(visitor, address) == few


def test_a_review_takes_as_many_queries_for_3_as_for_30() -> None:
    unit = make_unit()
    alliance = allied(unit)

    def counted() -> int:
        with CaptureQueriesContext(connection) as found:
            review_of(alliance, TODAY - timedelta(days=30), TODAY)
        return len(found)

    def grow(many: int) -> None:
        for number in range(many):
            kind = KindFactory(code=f"k{number}-{many}", name=f"种类{number}")
            offer = OfferFactory(organisation=unit, kind=kind)
            MatchFactory(
                offer=offer, ask__kind=kind, ask__need=make_need(public=True), state="delivered", confirmed_at=AT,
                delivered_on=TODAY, delivered_amount=1,
            )  # fmt: skip

    grow(3)
    few = counted()
    grow(27)
    assert counted() == few
