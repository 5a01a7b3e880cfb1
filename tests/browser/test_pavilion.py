"""From a question to somebody who does it, all on telephones: topic, votes, meeting, minutes, resolution, task."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import PHONE, send
from tests.factories.deliberation import SENTENCES, cast
from tests.factories.desks import Desk
from yiting.activities.codes import door_mark
from yiting.activities.models import Activity
from yiting.activities.services import kinds_set_up
from yiting.deliberation.models import Resolution, Statement, Topic
from yiting.places.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "电动车在哪里充电才安全？"
LINES = [*SENTENCES, "充电桩旁边要有灯", "先试三个月再看", "外卖车也能用", "电池不许拿上楼"]


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    kinds_set_up()
    return Desk(at=now())


@pytest.fixture
def worker(browser: Browser, live_server: LiveServer, desk: Desk) -> Iterator[Page]:
    """The telephone of a community worker."""
    context = browser.new_context(viewport=PHONE, locale="en")
    session = desk.client().cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def resident(browser: Browser) -> Iterator[Page]:
    """The telephone of somebody without an account."""
    context = browser.new_context(viewport=PHONE, locale="en")
    yield context.new_page()
    context.close()


def act(page: Page, name: str, **filled: str) -> None:
    """Open one of the acts on a page, fill in its form by labels, and send it."""
    one = page.locator("details").filter(has=page.locator("summary", has_text=name)).first
    one.locator("summary").click()
    for label, value in filled.items():
        one.get_by_label(label.replace("_", " ")).fill(value)
    send(one.locator("button").first)


def test_a_question_of_the_estate_becomes_a_resolution_with_somebody_to_do_it(
    worker: Page, resident: Page, live_server: LiveServer, desk: Desk
) -> None:
    topic = ask(worker, live_server, desk)
    vote(resident, live_server, topic)
    two_camps(topic)
    result(worker, resident, live_server, topic)
    meeting = meet(worker, resident, live_server, desk, topic)
    minutes(worker, resident, live_server, meeting)
    resolve(worker, resident, live_server, desk, topic)


def ask(worker: Page, live_server: LiveServer, desk: Desk) -> Topic:
    """The worker prepares a topic with statements, and opens it."""
    worker.goto(f"{live_server.url}{reverse('deliberation:topic_new')}")
    worker.get_by_label("Question").fill(QUESTION)
    worker.get_by_label("Background").fill("小区里有一百多辆电动车。")
    worker.get_by_label("Place", exact=True).select_option(label=desk.estate.name)
    worker.get_by_label("Who takes part").select_option(Topic.Who.ANYBODY)
    send(worker.get_by_role("button", name="Prepare it"))
    act(worker, "Write statements", Statements="\n".join(LINES))
    act(worker, "Open the topic", Reason="大家都在问")
    topic = Topic.objects.get()
    expect(worker.locator(".box").first).to_contain_text("大家都在问")
    assert (topic.state, Statement.objects.filter(topic=topic, state="shown").count()) == ("open", len(LINES))
    return topic


def vote(resident: Page, live_server: LiveServer, topic: Topic) -> None:
    """A resident finds the question on the board and votes on every statement with one thumb."""
    resident.goto(f"{live_server.url}{reverse('deliberation:board')}")
    resident.get_by_role("link", name=topic.question).click()
    for done in range(1, len(LINES)):
        resident.locator(".thumbs button").first.click()
        expect(resident.locator("#vote")).to_contain_text(f"{done} of {len(LINES)}")
    resident.locator(".thumbs button").first.click()
    expect(resident.locator("#vote")).to_contain_text("You have voted on everything")


def two_camps(topic: Topic) -> None:
    """Neighbours vote, too: all want charging points, and two camps differ about the rest."""
    for voice in range(20):
        cast(topic, {n: 1 if n < 4 or n % 2 == voice % 2 else -1 for n in range(len(LINES))}, at=now())


def result(worker: Page, resident: Page, live_server: LiveServer, topic: Topic) -> None:
    """The worker closes the topic; what all can live with stands before the groups."""
    worker.goto(f"{live_server.url}{reverse('deliberation:bench_topic', args=[topic.code])}")
    act(worker, "Close it", Reason="时间到了")
    expect(worker.locator(".box").first).to_contain_text("时间到了")
    send(worker.get_by_role("button", name="Count the results now"))
    expect(worker.get_by_role("status").first).to_be_visible()
    resident.goto(f"{live_server.url}{reverse('deliberation:result', args=[topic.code])}")
    agreed = resident.locator("h2", has_text="What everybody agrees on").locator("xpath=following-sibling::div[1]")
    expect(agreed).to_contain_text(LINES[0])
    assert resident.locator("figure.map circle").count() == 2


def meet(worker: Page, resident: Page, live_server: LiveServer, desk: Desk, topic: Topic) -> Activity:
    """The worker calls a meeting about it; the resident signs up and is counted at the door."""
    today = now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    worker.goto(f"{live_server.url}{reverse('deliberation:meeting_call')}")
    for label, value in {
        "Title": "小区议事会",
        "Where exactly": "议事亭",
        "Day": today,
        "Begins at": "00:00",
        "Ends at": "23:59",
        "Agenda": "充电桩装在哪里",
    }.items():
        worker.get_by_label(label).fill(value)
    worker.get_by_label("Place", exact=True).select_option(label=desk.estate.name)
    worker.get_by_label("Who calls it").select_option(label=desk.office.name)
    worker.get_by_label("Which topic it is about").select_option(label=topic.question)
    worker.get_by_label("Who signs up").select_option(Activity.SignUpFor.PERSONS)
    send(worker.get_by_role("button", name="Call it"))
    worker.wait_for_url("**/bench/meetings/*/")
    meeting = Activity.objects.get()
    resident.goto(f"{live_server.url}{reverse('activities:activity', args=[meeting.code])}")
    send(resident.get_by_role("button", name="I will come"))
    resident.goto(f"{live_server.url}{reverse('activities:check_in', args=[meeting.code, door_mark(meeting.uid)])}")
    send(resident.get_by_role("button", name="I signed up, tick me off"))
    expect(resident.get_by_role("status").filter(has_text="Counted: 1 person")).to_be_visible()
    return meeting


def minutes(worker: Page, resident: Page, live_server: LiveServer, meeting: Activity) -> None:
    """The worker keeps the minutes as it goes; who was there approves; they are published."""
    worker.reload()
    act(worker, "Who said what", In_which_role="居民", What_was_said="车棚东边有地方。")
    act(worker, "Decision, votes, dissent", Decision="车棚东边装六个充电桩。", Votes_for="1")
    send(worker.get_by_role("button", name="Ask those who were there"))
    page = f"{live_server.url}{reverse('deliberation:meeting', args=[meeting.code])}"
    resident.goto(page)
    expect(resident.locator(".decided")).to_contain_text("车棚东边装六个充电桩。")
    send(resident.get_by_role("button", name="They are right"))
    expect(resident.get_by_role("status").filter(has_text="Your answer is kept")).to_be_visible()
    worker.reload()
    send(worker.get_by_role("button", name="Publish the minutes"))
    expect(worker.get_by_text("Published").first).to_be_visible()
    resident.goto(page)
    expect(resident.locator(".decided")).to_contain_text("车棚东边装六个充电桩。")


def resolve(worker: Page, resident: Page, live_server: LiveServer, desk: Desk, topic: Topic) -> None:
    """The worker makes a resolution with a task of what was decided, and everybody sees how far it is."""
    worker.get_by_role("link", name="Make a resolution of").click()
    worker.get_by_label("Title").fill("车棚东边装充电桩")
    worker.get_by_label("Task 1", exact=False).first.fill("装六个充电桩")
    worker.get_by_label("Who does task 1").select_option(label=desk.office.name)
    worker.get_by_label("By when, task 1").fill((now() + timedelta(days=30)).date().isoformat())
    send(worker.get_by_role("button", name="Write it down"))
    act(worker, "How far it is", How_far_it_is="桩已经订好了。")
    resolution = Resolution.objects.get()
    resident.goto(f"{live_server.url}{reverse('deliberation:topic', args=[topic.code])}")
    expect(resident.locator(".box").first).to_contain_text("It came to the resolution “车棚东边装充电桩”.")
    expect(resident.get_by_text("装六个充电桩", exact=True).first).to_be_visible()
    resident.goto(f"{live_server.url}{reverse('deliberation:resolution', args=[resolution.code])}")
    expect(resident.locator(".tasks")).to_contain_text("桩已经订好了。")
