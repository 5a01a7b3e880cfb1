"""A year's round in a real browser: residents, from the call to a project with its money; and deputies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESK, PHONE, send, sound
from tests.factories.desks import Desk
from tests.factories.people import AccountFactory, HouseholdFactory, PersonFactory
from tests.factories.places import make_building
from yiting.ballots.models import Ballot, Candidate, RollEntry, Round
from yiting.ballots.receipts import tree_root
from yiting.ballots.services import paper_hand_out, papers_print
from yiting.people.actors import system_actor
from yiting.people.models import Account
from yiting.places.clock import now
from yiting.projects.models import Project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOCS = Path(__file__).resolve().parents[2] / "docs"
LISTED = (("楼道装扶手", "30000"), ("议事亭装灯", "20000"), ("电动车充电棚", "40000"))
Opening = Callable[[Account, dict[str, int]], Page]


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    return Desk(at=now())


@pytest.fixture
def opening(browser: Browser, live_server: LiveServer, desk: Desk) -> Iterator[Opening]:
    """Open a browser in which somebody is signed in."""
    contexts: list[BrowserContext] = []

    def opened(account: Account, viewport: dict[str, int]) -> Page:
        context = browser.new_context(viewport=viewport, locale="en")
        session = desk.client(account).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def later(settings: Any) -> Callable[[int], None]:
    """Let days go by."""

    def go(days: int) -> None:
        settings.CLOCK_BEHIND = settings.CLOCK_BEHIND - timedelta(days=days)

    return go


def today() -> date:
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date()


def resident(estate: Any, number: int) -> Account:
    """Somebody whose household lives in the estate and whose telephone is proved."""
    account = AccountFactory()
    home = HouseholdFactory(place=make_building(f"{number}号楼", estate))
    PersonFactory(account=account, household=home, phone=f"138000000{number:02d}")
    return account


def act(page: Page, name: str, **filled: str) -> None:
    """Open one of the acts on a page, fill in its form by labels, and send it."""
    one = page.locator("details").filter(has=page.locator("summary", has_text=name)).first
    if one.get_attribute("open") is None:
        one.locator("summary").click()
    for label, value in filled.items():
        one.get_by_label(label.replace("_", " ")).first.fill(value)
    send(one.locator("button").last)


def open_round(page: Page, live_server: LiveServer, place: str, **chosen: str) -> Round:
    """A worker opens a round whose voting lasts from today until tomorrow, and puts three candidates on its list."""
    page.goto(f"{live_server.url}{reverse('ballots:bench_new')}")
    sound(page)
    days = {"Candidates until": 0, "Checked until": 0, "List public on": 0, "Voting from": 0}
    for label, ahead in {**days, "Voting until": 1, "Objections until": 3}.items():
        page.get_by_label(label).fill((today() + timedelta(days=ahead)).isoformat())
    page.get_by_label("Title").fill("民生实事项目")
    page.get_by_label("Place", exact=True).select_option(label=place)
    page.get_by_label("Money in yuan").fill("60000")
    for label, value in chosen.items():
        page.get_by_label(label.replace("_", " "), exact=True).select_option(value)
    send(page.get_by_role("button", name="Open the round"))
    page.wait_for_url("**/bench/*/")
    for title, cost in LISTED:
        act(page, "Put a candidate on the list", Title=title, Cost_in_yuan=cost)
        expect(page.get_by_role("link", name=title)).to_be_visible()
    return Round.objects.get()


def publish(page: Page, live_server: LiveServer, round: Round) -> None:
    """The candidates are checked, the list is public, voting opens."""
    back = f"{live_server.url}{reverse('ballots:bench_round', args=[round.code])}"
    act(page, "End the collecting", Reason="征集到期")
    for number in (1, 2, 3):
        page.goto(f"{live_server.url}{reverse('ballots:bench_candidate', args=[round.code, number])}")
        one = page.locator("details").filter(has=page.locator("summary", has_text="Say whether it can be done")).first
        one.locator("summary").click()
        one.get_by_label("Reason").fill("现场看过，能做")
        one.get_by_label("Yes").check()
        send(one.locator("button").last)
        expect(page.get_by_text("现场看过，能做").first).to_be_visible()
    page.goto(back)
    act(page, "Make the list public", Reason="名单公布")
    act(page, "Open voting", Reason="开始投票")
    expect(page.get_by_role("status").filter(has_text="Voting is open")).to_be_visible()
    sound(page)


def vote(page: Page, live_server: LiveServer, round: Round, marks: tuple[int, ...]) -> tuple[str, str]:
    """Somebody votes on their telephone; gives the receipt and the secret number."""
    page.goto(f"{live_server.url}{reverse('ballots:round', args=[round.code])}")
    sound(page)
    page.goto(f"{live_server.url}{reverse('ballots:vote', args=[round.code])}")
    sound(page)
    for number in marks:
        page.locator(f"input[name=c{number}]").first.check()
    send(page.get_by_role("button", name="Look at it once more"))
    expect(page.get_by_role("button", name="Put it into the box")).to_be_visible()
    sound(page)
    send(page.get_by_role("button", name="Put it into the box"))
    expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    sound(page)
    leaf, salt, _marks = page.locator(".leaf").all_inner_texts()
    return leaf, salt


def test_residents_choose_and_a_project_opens_with_its_money(
    opening: Opening, live_server: LiveServer, desk: Desk, later: Callable[[int], None], tmp_path: Path
) -> None:
    worker = opening(desk.worker, DESK)
    round = open_round(worker, live_server, desk.estate.name)
    publish(worker, live_server, round)
    kept = []
    for number, marks in enumerate(((1,), (1, 2), (2, 3), (3,), (2,)), start=1):
        page = opening(resident(desk.estate, number), PHONE)
        kept.append((page, *vote(page, live_server, round, marks)))
    page, leaf, _salt = kept[0]
    page.goto(f"{live_server.url}{reverse('ballots:vote', args=[round.code])}")
    expect(page.get_by_text("You have voted. Thank you.")).to_be_visible()
    paper_twice(opening, live_server, desk, round)
    assert (Ballot.objects.count(), RollEntry.objects.count()) == (6, 6)
    later(2)
    back = f"{live_server.url}{reverse('ballots:bench_round', args=[round.code])}"
    worker.goto(back)
    act(worker, "Close voting", Reason="投票到期")
    send(worker.get_by_role("button", name="Count by the published rule"))
    expect(worker.get_by_role("status").filter(has_text="Counted.")).to_be_visible()
    page.goto(f"{live_server.url}{reverse('ballots:check', args=[round.code])}?receipt={leaf}")
    expect(page.get_by_text("This ballot is in the count.")).to_be_visible()
    sound(page)
    winners = recount(page, live_server, round, tmp_path)
    page.goto(f"{live_server.url}{reverse('ballots:result', args=[round.code])}")
    sound(page)
    assert built(page) == winners
    later(4)
    worker.goto(back)
    act(worker, "Make the result final", Reason="没有异议")
    worker.goto(f"{live_server.url}{reverse('ballots:bench_candidate', args=[round.code, winners[0]])}")
    send(worker.get_by_role("button", name="Open it as a project with its money"))
    expect(worker.get_by_role("link", name="Its page among the projects")).to_be_visible()
    project, chosen = Project.objects.get(), Candidate.objects.get(number=winners[0])
    assert (project.title, project.budget_fen) == (chosen.title, chosen.cost_fen)


def built(page: Page) -> list[int]:
    """The numbers of what is built, as the page of the result says."""
    return [int(text) for text in page.locator("table").first.locator("tbody .no").all_inner_texts()]


def paper_twice(opening: Opening, live_server: LiveServer, desk: Desk, round: Round) -> None:
    """Two workers enter the same paper; it counts when both read the same."""
    (paper,) = papers_print(by=system_actor("tests"), round=round, number=1, at=now())
    building = make_building("9号楼", desk.estate)
    paper_hand_out(by=system_actor("tests"), round=round, building=building, phone="13800000099", at=now())
    for account in (desk.worker, desk.member("worker", desk.office)):
        page = opening(account, DESK)
        page.goto(f"{live_server.url}{reverse('ballots:papers', args=[round.code])}")
        sound(page)
        page.get_by_label("Number of the paper ballot").fill(paper.serial)
        send(page.get_by_role("button", name="Open the paper"))
        expect(page.get_by_role("button", name="Enter it")).to_be_visible()
        sound(page)
        page.locator("input[name=c2]").first.check()
        send(page.get_by_role("button", name="Enter it"))
        expect(page.get_by_role("heading", name="Paper ballots")).to_be_visible()
    paper.refresh_from_db()
    assert paper.state == "counted"


def recount(page: Page, live_server: LiveServer, round: Round, folder: Path) -> list[int]:
    """Count again with the published script, from the published files alone."""
    ballots = folder / "round.pb"
    ballots.write_text(page.request.get(f"{live_server.url}{reverse('ballots:ballots', args=[round.code])}").text())
    leaves = page.request.get(f"{live_server.url}{reverse('ballots:leaves', args=[round.code])}").text().split()
    round.refresh_from_db()
    assert tree_root(leaves) == round.root
    command = [sys.executable, "-I", str(DOCS / "recount_ballots.py"), str(ballots)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(number) for number in told.stdout.split()]


def test_deputies_vote_for_against_or_abstain(
    opening: Opening, live_server: LiveServer, desk: Desk, later: Callable[[int], None], tmp_path: Path
) -> None:
    worker = opening(desk.member("street", desk.street), DESK)
    round = open_round(
        worker, live_server, "天骄街道", Who_votes="deputies", How_a_ballot_is_filled_in="yes_no", Rule="majority"
    )
    deputies = [desk.member("deputy", desk.street) for _each in range(3)]
    publish(worker, live_server, round)
    for deputy, said in zip(deputies, ((1, 1, -1), (1, -1, -1), (1, 1, 0)), strict=True):
        page = opening(deputy, PHONE)
        page.goto(f"{live_server.url}{reverse('ballots:vote', args=[round.code])}")
        sound(page)
        for number, mark in enumerate(said, start=1):
            page.locator(f"input[name=c{number}][value='{mark}']").check()
        send(page.get_by_role("button", name="Look at it once more"))
        send(page.get_by_role("button", name="Put it into the box"))
        expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    later(2)
    worker.goto(f"{live_server.url}{reverse('ballots:bench_round', args=[round.code])}")
    act(worker, "Close voting", Reason="全部投完")
    send(worker.get_by_role("button", name="Count by the published rule"))
    expect(worker.get_by_role("status").filter(has_text="Counted.")).to_be_visible()
    worker.goto(f"{live_server.url}{reverse('ballots:result', args=[round.code])}")
    sound(worker)
    assert built(worker) == [1, 2]
    table = tmp_path / "round.csv"
    table.write_text(worker.request.get(f"{live_server.url}{reverse('ballots:ballots', args=[round.code])}").text())
    command = [sys.executable, "-I", str(DOCS / "recount_deputies.py"), str(table)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "2"]
