"""The pages of rounds: what they show to whom, what they refuse, and that long lists cost no more than short ones."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.ballots import CLOSED, EVERYWHERE, VOTING, cast, make_plan, make_resident, make_round
from tests.factories.people import AccountFactory
from tests.factories.town import Town
from yiting.ballots.models import Ballot, Candidate, Round
from yiting.ballots.services import (
    CandidatePlan,
    candidate_add,
    candidate_withdraw,
    observer_appoint,
    round_call_off,
    round_count,
    round_open,
    voter_admit,
    voting_close,
)
from yiting.people.actors import Actor
from yiting.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day_of_voting(settings: Any) -> None:
    cache.clear()
    go_to(settings, VOTING)


def go_to(settings: Any, at: datetime) -> None:
    settings.CLOCK_BEHIND = timezone.now() - at


def browser(by: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    account = Account.objects.get(pk=by.account_id)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(client: Client, url: str, status: int = 200, **sent: str) -> str:
    answer = client.post(url, sent) if sent else client.get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        text_of(client, url)
    return len(captured)


def test_pages_cost_the_same_with_three_and_with_thirty(town: Town) -> None:
    worker = town.browser("street", town.office)
    round = make_round("collecting", place=town.street, costs=(1_000_000,))
    urls = [
        (Client(), "/ballots/"),
        (Client(), f"/ballots/{round.code}/"),
        (worker, "/ballots/bench/"),
        (worker, f"/ballots/bench/{round.code}/"),
    ]

    def fill(number: int) -> None:
        for at in range(number):
            plan = CandidatePlan(title=f"第{at}项", place=town.estate, cost_fen=1_000_000, department=town.office)
            candidate_add(by=EVERYWHERE, round=round, plan=plan, at=VOTING)
            round_open(by=EVERYWHERE, plan=make_plan(town.street, title=f"第{at}轮"), at=VOTING)

    fill(3)
    before = [queries(*one) for one in urls]
    fill(27)
    assert [queries(*one) for one in urls] == before


def test_a_result_costs_the_same_with_three_and_with_ten_projects(town: Town, settings: Any) -> None:
    counts = []
    for number in (3, 10):
        go_to(settings, VOTING)
        round = make_round(place=town.street, costs=[2_000_000] * number)
        for at in range(4):
            cast(round, [1 + at % number, 1 + (at + 1) % number], make_resident(town.estate))
        voting_close(by=EVERYWHERE, round=round, reason="投票到期", at=CLOSED)
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        go_to(settings, CLOSED)
        counts.append(queries(Client(), f"/ballots/{round.code}/result/"))
    assert counts[0] == counts[1]


def test_a_ballot_over_the_budget_comes_back_as_it_was_filled_in(town: Town) -> None:
    round = make_round(place=town.street, kind="knapsack")
    client = browser(make_resident(town.estate))
    page = text_of(client, f"/ballots/{round.code}/vote/", 400, step="look", c1="on", c2="on", c3="on")
    assert "25,000 yuan too much" in page or "25000 yuan too much" in page
    assert page.count(" checked") == 3
    assert not Ballot.objects.exists()
    assert "A ballot over the budget" in text_of(Client(headers={"accept-language": "en"}), f"/ballots/{round.code}/")


def test_what_was_withdrawn_meanwhile_is_named_before_the_ballot_is_cast(town: Town) -> None:
    round = make_round(place=town.street)
    client = browser(make_resident(town.estate))
    candidate_withdraw(by=EVERYWHERE, round=round, number=2, reason="场地没谈成", at=VOTING)
    page = text_of(client, f"/ballots/{round.code}/vote/", 409, step="cast", salt="a" * 64, c1="on", c2="on")
    assert "was withdrawn: 场地没谈成" in page
    assert not Ballot.objects.exists()


def test_who_lives_elsewhere_and_who_is_not_signed_in_are_told_why_they_cannot_vote(town: Town) -> None:
    round = make_round(place=town.estate)
    url = f"/ballots/{round.code}/vote/"
    assert "Sign in to vote" in text_of(Client(headers={"accept-language": "en"}), url)
    assert "Only those who live in this place vote here" in text_of(browser(make_resident(town.there)), url)


def test_the_bench_of_a_round_is_not_there_for_others(town: Town) -> None:
    round = make_round(place=town.estate)
    for path in ("", "papers/", "counter/", "candidates/1/"):
        url = f"/ballots/bench/{round.code}/{path}"
        assert text_of(town.browser("worker", town.ours), url)
        text_of(town.browser("worker", town.theirs), url, 404)


def test_a_code_from_the_counter_opens_one_ballot_on_the_tablet(town: Town) -> None:
    round = make_round(place=town.street)
    worker = town.actor("worker", town.ours)
    code = voter_admit(by=worker, round=round, building=town.building, phone="13800000001", at=VOTING)
    tablet, url = Client(headers={"accept-language": "en"}), f"/ballots/{round.code}/tablet/"
    assert "Your ballot" in text_of(tablet, url, code=code)
    confirm = text_of(tablet, url, step="look", code=code, c1="on")
    salt = confirm.split('name="salt" value="')[1].split('"')[0]
    receipt = text_of(tablet, url, step="cast", code=code, salt=salt, c1="on")
    assert Ballot.objects.get().leaf in receipt
    assert "was used already" in text_of(tablet, url, 404, step="cast", code=code, salt="b" * 64, c1="on")
    assert Ballot.objects.count() == 1
    assert (
        receipt.split("</h1>")[1] == text_of(tablet, url, step="cast", code=code, salt=salt, c1="on").split("</h1>")[1]
    )
    text_of(tablet, url)
    for step in ("look", "cast"):
        answer = tablet.post(url, {"step": step, "code": code, "salt": salt, "c1": "on"})
        assert answer.headers["Location"] == url, "once given back, the tablet shows nobody's ballot again"


def test_a_code_that_is_not_known_is_said_before_the_ballot(town: Town) -> None:
    round = make_round(place=town.street)
    tablet = Client(headers={"accept-language": "en"})
    page = text_of(tablet, f"/ballots/{round.code}/tablet/", 404, code="ABCD-EFGH")
    assert "not known or was used already" in page
    assert 'value="ABCD-EFGH"' in page


def test_a_result_says_that_it_is_counted_again(town: Town, settings: Any) -> None:
    round = make_round(place=town.street, rule="greedy")
    cast(round, [1], make_resident(town.estate))
    voting_close(by=EVERYWHERE, round=round, reason="投票到期", at=CLOSED)
    round_count(by=EVERYWHERE, round=round, at=CLOSED)
    go_to(settings, CLOSED)
    visitor, url = Client(headers={"accept-language": "en"}), f"/ballots/{round.code}/result/"
    assert "counted again" not in text_of(visitor, url)
    candidate_withdraw(by=EVERYWHERE, round=round, number=1, reason="场地没谈成", at=CLOSED)
    page = text_of(visitor, url)
    assert "It is counted again without it" in page
    assert "场地没谈成" in page
    round_call_off(by=EVERYWHERE, round=round, reason="资金没有批下来", at=CLOSED)
    assert "Nothing of it is built" in text_of(visitor, url)


def test_a_receipt_is_found_proved_and_told_apart_from_a_forged_one(town: Town, settings: Any) -> None:
    round = make_round(place=town.street)
    receipts = [cast(round, [1 + at % 3], make_resident(town.estate)) for at in range(5)]
    anybody, url = Client(headers={"accept-language": "en"}), f"/ballots/{round.code}"
    assert "in the box" in text_of(anybody, f"{url}/check/?receipt={receipts[0].leaf}")
    text_of(anybody, f"{url}/leaves.txt", 409)
    voting_close(by=EVERYWHERE, round=round, reason="投票到期", at=CLOSED)
    go_to(settings, CLOSED)
    assert "This ballot is in the count" in text_of(anybody, f"{url}/check/?receipt={receipts[0].leaf}")
    assert "No ballot of this round has this receipt" in text_of(anybody, f"{url}/check/?receipt={'0' * 64}")
    leaves = text_of(anybody, f"{url}/leaves.txt").split()
    assert leaves == sorted(one.leaf for one in receipts)
    told = json.loads(text_of(anybody, f"{url}/proofs/{receipts[0].leaf}.json"))
    round.refresh_from_db()
    assert (climb(told), told["root"]) == (round.root, round.root)
    published = text_of(anybody, f"{url}/ballots/")
    assert f"num_votes;{len(leaves)}\n" in published
    assert not any(one.leaf in published or one.salt in published for one in receipts)


def climb(proof: dict[str, Any]) -> str:
    """Climb from a leaf to the root as RFC 9162 section 2.1.3.2 says, without the program's own code."""
    reached, fn, sn = bytes.fromhex(proof["leaf"]), proof["index"], proof["size"] - 1
    for step in map(bytes.fromhex, proof["path"]):
        if fn & 1 or fn == sn:
            reached = hashlib.sha256(b"\x01" + step + reached).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            reached = hashlib.sha256(b"\x01" + reached + step).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return reached.hex()


def test_an_observer_opens_the_box_after_closing_and_nobody_else(town: Town, settings: Any) -> None:
    round = make_round(place=town.street)
    cast(round, [1, 2], make_resident(town.estate))
    observer = AccountFactory()
    observer_appoint(by=EVERYWHERE, round=round, account=observer, at=VOTING)
    url = f"/ballots/{round.code}/openings/"
    client = Client(headers={"accept-language": "en"})
    client.force_login(observer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(url).status_code == 403
    voting_close(by=EVERYWHERE, round=round, reason="投票到期", at=CLOSED)
    go_to(settings, CLOSED)
    told = json.loads(client.post(url).content)
    for one in told["ballots"]:
        marks = json.dumps(one["marks"], separators=(",", ":"))
        entry = f"{told['domain']}\n{told['round']}\n{marks}\n{one['salt']}\n"
        assert hashlib.sha256(b"\x00" + entry.encode()).hexdigest() == one["leaf"]
    assert town.browser("street", town.office).post(url).status_code == 403


def test_a_round_is_looked_at_before_anything_stands_on_its_list() -> None:
    round = make_round("collecting", costs=())
    assert round.title in text_of(Client(), f"/ballots/{round.code}/")
    assert text_of(Client(), "/ballots/NOSUCH99/", 404)
    assert Round.objects.count() == 1
    assert not Candidate.objects.exists()
